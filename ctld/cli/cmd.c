/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From words to a row of the command table and its arguments. */
#include "cli/cmd.h"

#include "base/log.h"

#include <stdio.h>
#include <string.h>

#define WORD_MAX 32 /* longer words are near to nothing */
#define QUOTE_MAX 64

/* ------------------------------------------------------------------- words */

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int m = a < b ? a : b;

	return m < c ? m : c;
}

/* Edits from a to b; two letters swapped are one (Damerau, restricted). */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int d[WORD_MAX + 1][WORD_MAX + 1];
	size_t n = strlen(a), m = strlen(b), i, j;

	if (n > WORD_MAX || m > WORD_MAX)
		return WORD_MAX;
	for (i = 0; i <= n; i++)
		d[i][0] = (unsigned int)i;
	for (j = 0; j <= m; j++)
		d[0][j] = (unsigned int)j;
	for (i = 1; i <= n; i++) {
		for (j = 1; j <= m; j++) {
			unsigned int change = a[i - 1] != b[j - 1];

			d[i][j] = min3(d[i - 1][j] + 1, d[i][j - 1] + 1,
				       d[i - 1][j - 1] + change);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && d[i - 2][j - 2] < d[i][j])
				d[i][j] = d[i - 2][j - 2] + 1;
		}
	}
	return d[n][m];
}

static const char *nearest(const char *word, const char *const *names, size_t n)
{
	unsigned int best = strlen(word) > 4 ? 3 : 2, d;
	const char *found = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		/* A long word cut in the middle is not a slip. */
		d = names[i] ? distance(word, names[i]) : WORD_MAX;
		if (d < best && d < strlen(word)) {
			best = d;
			found = names[i];
		}
	}
	return found;
}

static void add_text(char *to, const char *text)
{
	size_t at = strlen(to);

	snprintf(to + at, ARG_ERROR_MAX - at, "%s", text);
}

static void say_ambiguous(const char *quote, const char *word,
			  const char *const *names, size_t n, char *err)
{
	const char *comma = ": ";
	size_t i;

	snprintf(err, ARG_ERROR_MAX, "\"%s\" is ambiguous", quote);
	for (i = 0; i < n; i++) {
		if (!names[i] || strncmp(names[i], word, strlen(word)))
			continue;
		add_text(err, comma);
		add_text(err, names[i]);
		comma = ", ";
	}
}

int cmd_choose(const char *word, const char *const *names, size_t n, bool exact,
	       const char *kind, char err[ARG_ERROR_MAX])
{
	char quote[QUOTE_MAX];
	const char *near;
	size_t len = strlen(word), i;
	int found = -1;
	bool several = false;

	for (i = 0; i < n; i++) {
		if (!names[i] || strncmp(names[i], word, len))
			continue;
		if (!names[i][len])
			return (int)i;
		several |= found >= 0;
		found = (int)i;
	}
	if (found >= 0 && len && !exact && !several)
		return found;
	log_safe(word, len, quote, sizeof(quote));
	if (several && len && !exact) {
		say_ambiguous(quote, word, names, n, err);
		return -1;
	}
	near = found >= 0 && !several ? names[found] : nearest(word, names, n);
	snprintf(err, ARG_ERROR_MAX, "unknown %s \"%s\"", kind, quote);
	if (near) {
		add_text(err, ", did you mean \"");
		add_text(err, near);
		add_text(err, "\"?");
	}
	return -1;
}

/* ----------------------------------------------------------------- options */

const struct cmd_option *cmd_option(const struct cmd_table *t, const char *word,
				    const char **value, char err[ARG_ERROR_MAX])
{
	const char *names[CMD_WORDS_MAX];
	char plain[WORD_MAX];
	const char *equal;
	size_t i;
	int found;

	/* "--json" is "-json". */
	if (word[0] == '-' && word[1] == '-' && word[2])
		word++;
	equal = strchr(word, '=');
	snprintf(plain, sizeof(plain), "%.*s",
		 equal ? (int)(equal - word) : (int)strlen(word), word);
	*value = equal ? equal + 1 : NULL;
	for (i = 0; i < t->n_options; i++) {
		if (!strcmp(plain, t->options[i].name))
			return &t->options[i];
		names[i] = t->options[i].full;
	}
	found = cmd_choose(plain, names, t->n_options, false, "option", err);
	if (found < 0) {
		add_text(err, " (try \"adit -h\")");
		return NULL;
	}
	return &t->options[found];
}

/* ------------------------------------------------------------------- lines */

static const struct object *find_object(const struct cmd_table *t,
					const char *word, bool exact, char *err)
{
	const char *names[CMD_WORDS_MAX];
	size_t i;
	int found;

	for (i = 0; i < t->n_objects; i++)
		names[i] = t->objects[i]->name;
	found = cmd_choose(word, names, i, exact, "object", err);
	return found < 0 ? NULL : t->objects[found];
}

/* Is it one of the words, parted by blanks? NULL: there are none. */
static bool is_among(const char *words, const char *word)
{
	size_t len = strlen(word);

	while (words && *words) {
		size_t n = strcspn(words, " ");

		if (n == len && !memcmp(words, word, n))
			return true;
		words += n + strspn(words + n, " ");
	}
	return false;
}

/* 0, with NULL for "help", or -1 with a line in err. */
static int find_command(const struct object *o, const char *word, bool exact,
			const struct command **to, char *err)
{
	const char *names[CMD_WORDS_MAX];
	size_t n = o->n_commands, i;
	int found;

	for (i = 0; i < n; i++) {
		*to = &o->commands[i];
		if (is_among(o->commands[i].alias, word))
			return 0;
		names[i] = o->commands[i].verb;
	}
	names[n] = "help";
	found = cmd_choose(word, names, n + 1, exact, "command", err);
	*to = found < 0 || (size_t)found == n ? NULL : &o->commands[found];
	return found < 0 ? -1 : 0;
}

/* The row that a word means; NULL with a line in err. *bare: the word is itself
 * the value.
 */
static const struct arg *find_arg(const struct command *cmd,
				  const struct args *have, const char *word,
				  bool exact, bool *bare, char *err)
{
	const char *names[CMD_WORDS_MAX];
	const struct arg *loose = NULL;
	char ignore[ARG_ERROR_MAX];
	struct arg_value v;
	size_t i;
	int found;

	*bare = false;
	for (i = 0; i < cmd->n_args; i++) {
		const struct arg *a = &cmd->args[i];

		names[i] = a->word;
		if (!strcmp(word, a->word))
			return a;
		if ((a->flags & ARG_BARE) && !arg_get(have, a->word))
			loose = a;
	}
	if (loose && !arg_parse(loose, word, &v, ignore)) {
		*bare = true;
		return loose;
	}
	found = cmd_choose(word, names, cmd->n_args, exact, "argument", err);
	if (found >= 0)
		return &cmd->args[found];
	/* What looks like a value is refused as one. */
	if (loose && (strpbrk(word, "0123456789/") || loose->type == ARG_DEV))
		arg_parse(loose, word, &v, err);
	return NULL;
}

static int parse_args(const struct command *cmd, int argc, char **argv,
		      bool exact, struct args *args, char *err)
{
	int i;

	for (i = 0; i < argc; i++) {
		const struct arg *a;
		bool bare;

		a = find_arg(cmd, args, argv[i], exact, &bare, err);
		if (!a)
			return -1;
		if (!(a->flags & ARG_MANY) && arg_get(args, a->word)) {
			snprintf(err, ARG_ERROR_MAX, "\"%s\" is given twice",
				 a->word);
			return -1;
		}
		if (args->n == ARGS_MAX) {
			snprintf(err, ARG_ERROR_MAX,
				 "\"%s\" is given too often", a->word);
			return -1;
		}
		if (a->type != ARG_FLAG && !bare && ++i == argc) {
			snprintf(err, ARG_ERROR_MAX, "\"%s\" wants a value",
				 a->word);
			return -1;
		}
		if (arg_parse(a, argv[i], &args->v[args->n], err))
			return -1;
		args->n++;
	}
	return 0;
}

static int check_needed(const struct object *o, const struct command *cmd,
			const struct args *args, char *err)
{
	size_t i;

	for (i = 0; i < cmd->n_args; i++) {
		const struct arg *a = &cmd->args[i];

		if (!(a->flags & ARG_NEEDED) || arg_get(args, a->word))
			continue;
		snprintf(err, ARG_ERROR_MAX, "%s %s: \"%s %s\" is needed",
			 o->name, cmd->verb, a->word, arg_what(a));
		return -1;
	}
	return 0;
}

int cmd_parse(const struct cmd_table *t, int argc, char **argv, bool exact,
	      struct cmd_line *line, char err[ARG_ERROR_MAX])
{
	memset(line, 0, sizeof(*line));
	if (!argc || !strcmp(argv[0], "help"))
		return 0;
	line->object = find_object(t, argv[0], exact, err);
	if (!line->object)
		return -1;
	line->command = line->object->commands;
	if (argc > 1 &&
	    find_command(line->object, argv[1], exact, &line->command, err))
		return -1;
	if (!line->command)
		return 0;
	if (argc > 2 && !strcmp(argv[argc - 1], "help")) {
		line->command = NULL;
		return 0;
	}
	if (parse_args(line->command, argc > 2 ? argc - 2 : 0, argv + 2, exact,
		       &line->args, err))
		return -1;
	return check_needed(line->object, line->command, &line->args, err);
}
