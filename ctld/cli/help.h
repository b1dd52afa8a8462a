/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the command table says to a reader, and to a shell that completes. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/cmd.h"

#include <stdio.h>

/* Everything (object NULL) or one object's commands. */
void help_print(const struct cmd_table *t, const struct object *o, FILE *f);
/* Candidates for the last word, one a line. Its words follow "adit". */
void help_complete(const struct cmd_table *t, int argc, char **argv, FILE *f);

#endif /* CLI_HELP_H */
