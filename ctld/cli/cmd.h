/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command table: objects, their commands, their arguments, and the options
 * before them. Dispatch, argument parsing, help (cli/help) and completion all
 * read this one table, whose rows lie with the objects.
 *
 * A word may be cut short while it is unambiguous; where `exact` is set (batch
 * files) it may not, so that a new word never changes what a script means.
 */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include "cli/arg.h"

struct cli;
struct command;

typedef int command_fn(struct cli *c, const struct command *cmd,
		       const struct args *args);

struct command {
	const char *verb;
	const char *alias; /* other whole words for it, or NULL: "list sh" */
	const char *help; /* one line */
	const struct arg *args;
	size_t n_args;
	command_fn *run; /* returns the exit status */
	bool shows; /* prints objects: a JSON array in any case */
	uint32_t value; /* for run: which command of netlink, ... */
};

struct object {
	const char *name;
	const char *help; /* one line */
	const struct command *commands; /* the first is the default */
	size_t n_commands;
};

struct cmd_option {
	char id;
	const char *name; /* "-j" */
	const char *full; /* "-json" */
	const char *arg; /* name of its value, or NULL */
	const char *help;
};

struct cmd_table {
	const struct object *const *objects;
	size_t n_objects;
	const struct cmd_option *options;
	size_t n_options;
};

/* What a line of words means. */
struct cmd_line {
	const struct object *object; /* NULL: help of everything */
	const struct command *command; /* NULL: help of the object */
	struct args args;
};

#define ROWS(a) (a), sizeof(a) / sizeof((a)[0])
#define CMD_WORDS_MAX 64

/* 0, or -1 with a line in err. */
int cmd_parse(const struct cmd_table *t, int argc, char **argv, bool exact,
	      struct cmd_line *line, char err[ARG_ERROR_MAX]);
/* An option's row; *value is what follows "=" or NULL. NULL: a line is in err. */
const struct cmd_option *cmd_option(const struct cmd_table *t, const char *word,
				    const char **value,
				    char err[ARG_ERROR_MAX]);
/* The name that `word` means among n names (NULL: passed over), as an index, or
 * -1 with a line in err. `kind` is what the names are.
 */
int cmd_choose(const char *word, const char *const *names, size_t n, bool exact,
	       const char *kind, char err[ARG_ERROR_MAX]);

#endif /* CLI_CMD_H */
