/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of a batch file into words. */
#ifndef CLI_BATCH_H
#define CLI_BATCH_H

#include <stdio.h>

#define BATCH_WORDS_MAX 64

/* Splits in place at blanks; "..." and '...' hold words together, # begins a
 * comment. How many words, or -1: a quote is open or there are too many.
 */
int batch_split(char *line, char *words[BATCH_WORDS_MAX]);
/* Runs each line that has words; ends at the first that fails unless `force`.
 * The status of the last failure, 0: none.
 */
int batch_run(FILE *f, int force, unsigned int *line_number,
	      int (*run)(void *user, int argc, char **argv), void *user);

#endif /* CLI_BATCH_H */
