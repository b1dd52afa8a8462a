/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Help and completion from the command table. */
#include "cli/help.h"

#include <net/if.h>
#include <string.h>

#define WIDTH 76

/* -------------------------------------------------------------------- help */

static void arg_text(const struct arg *a, char *out, size_t size)
{
	const char *what = arg_what(a);
	bool needed = a->flags & ARG_NEEDED;
	bool bare = a->flags & ARG_BARE;

	snprintf(out, size, "%s%s%s%s%s%s%s%s", needed ? "" : "[ ",
		 bare ? "[ " : "", a->word, bare ? " ]" : "", *what ? " " : "",
		 what, needed ? "" : " ]", a->flags & ARG_MANY ? "..." : "");
}

static void command_help(const struct object *o, const struct command *cmd,
			 const char *lead, FILE *f)
{
	char text[128];
	size_t col, i;

	snprintf(text, sizeof(text), "%sadit %s %s", lead, o->name, cmd->verb);
	fputs(text, f);
	col = strlen(text);
	for (i = 0; i < cmd->n_args; i++) {
		arg_text(&cmd->args[i], text, sizeof(text));
		if (col + 1 + strlen(text) > WIDTH) {
			fputs("\n               ", f);
			col = 15;
		}
		fprintf(f, " %s", text);
		col += 1 + strlen(text);
	}
	fprintf(f, "\n           %s\n", cmd->help);
}

static bool names_sessions(const struct command *cmd)
{
	for (size_t i = 0; i < cmd->n_args; i++)
		if (cmd->args[i].type == ARG_SESSION)
			return true;
	return false;
}

static void object_help(const struct object *o, FILE *f)
{
	bool sessions = false;
	size_t i;

	for (i = 0; i < o->n_commands; i++) {
		command_help(o, &o->commands[i], i ? "       " : "Usage: ", f);
		sessions |= names_sessions(&o->commands[i]);
	}
	if (sessions)
		fputs("\nWhere: T/S := TUNNEL/SESSION, our ids, as in 17/4242\n",
		      f);
}

void help_print(const struct cmd_table *t, const struct object *o, FILE *f)
{
	size_t i, j;

	if (o) {
		object_help(o, f);
		return;
	}
	fputs("Usage: adit [ OPTIONS ] OBJECT { COMMAND | help }\n"
	      "       adit [ OPTIONS ] -batch FILE\n\nObjects:\n",
	      f);
	for (i = 0; i < t->n_objects; i++) {
		o = t->objects[i];
		fprintf(f, "  %-12s", o->name);
		for (j = 0; j < o->n_commands; j++)
			fprintf(f, "%s%s", j ? " | " : "{ ",
				o->commands[j].verb);
		fprintf(f, " }\n               %s\n", o->help);
	}
	fputs("\nOptions:\n", f);
	for (i = 0; i < t->n_options; i++) {
		const struct cmd_option *p = &t->options[i];
		char names[48];

		bool one = !strcmp(p->name, p->full);

		snprintf(names, sizeof(names), "%s%s%s%s%s", p->name,
			 one ? "" : ", ", one ? "" : p->full, p->arg ? " " : "",
			 p->arg ? p->arg : "");
		fprintf(f, "  %-22s %s\n", names, p->help);
	}
	fputs("\nA word may be cut short while it is unambiguous.\n", f);
}

/* -------------------------------------------------------------- completion */

static void offer(const char *name, const char *start, FILE *f)
{
	if (!strncmp(name, start, strlen(start)))
		fprintf(f, "%s\n", name);
}

static void offer_devices(const char *start, const char *after, FILE *f)
{
	struct if_nameindex *all = if_nameindex(), *i;
	char name[IFNAMSIZ + 2];

	for (i = all; i && i->if_index; i++) {
		snprintf(name, sizeof(name), "%s%s", i->if_name, after);
		offer(name, start, f);
	}
	if (all)
		if_freenameindex(all);
}

static void offer_words(const char *words, const char *start, FILE *f)
{
	char word[32];
	size_t n;

	for (; *words; words += n + (words[n] == '|')) {
		n = strcspn(words, "|");
		snprintf(word, sizeof(word), "%.*s", (int)n, words);
		offer(word, start, f);
	}
}

static void offer_values(const struct arg *a, const char *start, FILE *f)
{
	if (a->type == ARG_DEV)
		offer_devices(start, "", f);
	if (a->type == ARG_PPPOE)
		offer_devices(start, "/", f);
	if (a->type == ARG_ON_OFF || a->type == ARG_WORDS)
		offer_words(arg_what(a), start, f);
	if (a->type == ARG_DSCP)
		offer("inherit", start, f);
}

/* The row whose value the last word is; marks which rows were used. */
static const struct arg *walk(const struct command *cmd, int argc, char **argv,
			      bool *used)
{
	const struct arg *open = NULL;
	size_t j;
	int i;

	for (i = 0; i < argc; i++) {
		if (open) {
			open = NULL;
			continue;
		}
		for (j = 0; j < cmd->n_args; j++) {
			if (strcmp(cmd->args[j].word, argv[i]))
				continue;
			used[j] = !(cmd->args[j].flags & ARG_MANY);
			if (cmd->args[j].type != ARG_FLAG)
				open = &cmd->args[j];
		}
	}
	return open;
}

static void complete_args(const struct command *cmd, int argc, char **argv,
			  FILE *f)
{
	bool used[CMD_WORDS_MAX] = { false };
	const char *start = argv[argc - 1];
	const struct arg *open = walk(cmd, argc - 1, argv, used);
	size_t j;

	if (open) {
		offer_values(open, start, f);
		return;
	}
	for (j = 0; j < cmd->n_args; j++) {
		if (used[j])
			continue;
		offer(cmd->args[j].word, start, f);
		if (cmd->args[j].flags & ARG_BARE)
			offer_values(&cmd->args[j], start, f);
	}
}

/* Passes over options; how many words they are, -1: the last is an option's
 * value.
 */
static int skip_options(const struct cmd_table *t, int argc, char **argv)
{
	char err[ARG_ERROR_MAX];
	int i = 0;

	while (i < argc - 1 && argv[i][0] == '-') {
		const struct cmd_option *o;
		const char *value;

		o = cmd_option(t, argv[i], &value, err);
		i++;
		if (o && o->arg && o->arg[0] != '[' && !value && ++i >= argc)
			return -1;
	}
	return i;
}

void help_complete(const struct cmd_table *t, int argc, char **argv, FILE *f)
{
	int skip = argc > 0 ? skip_options(t, argc, argv) : -1;
	struct cmd_line line;
	char err[ARG_ERROR_MAX];
	const char *start;
	size_t i;

	if (skip < 0)
		return;
	argc -= skip;
	argv += skip;
	start = argv[argc - 1];
	if (argc == 1) {
		for (i = 0; i < t->n_objects; i++)
			offer(t->objects[i]->name, start, f);
		for (i = 0; start[0] == '-' && i < t->n_options; i++)
			offer(t->options[i].full, start, f);
		offer("help", start, f);
		return;
	}
	/* The object, and the command, without their arguments. */
	cmd_parse(t, argc > 2 ? 2 : 1, argv, false, &line, err);
	if (!line.object)
		return;
	if (argc > 2) {
		if (line.command)
			complete_args(line.command, argc - 2, argv + 2, f);
		return;
	}
	for (i = 0; i < line.object->n_commands; i++)
		offer(line.object->commands[i].verb, start, f);
	offer("help", start, f);
}
