/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of a batch file into words, and through a function. */
#include "cli/batch.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* One word from *p on, written over itself; false: its quote is open. */
static bool take_word(char **p)
{
	char *to = *p, *from = *p;
	char quote = 0;

	for (; *from && (quote || !blank(*from)); from++) {
		if (quote && *from == quote)
			quote = 0;
		else if (!quote && (*from == '"' || *from == '\''))
			quote = *from;
		else
			*to++ = *from;
	}
	*p = *from ? from + 1 : from;
	*to = 0;
	return !quote;
}

int batch_split(char *line, char *words[BATCH_WORDS_MAX])
{
	int n = 0;

	for (;;) {
		while (blank(*line))
			line++;
		if (!*line || *line == '#')
			break;
		if (n == BATCH_WORDS_MAX - 1)
			return -1;
		words[n++] = line;
		if (!take_word(&line))
			return -1;
	}
	words[n] = NULL;
	return n;
}

int batch_run(FILE *f, int force, unsigned int *line_number,
	      int (*run)(void *user, int argc, char **argv), void *user)
{
	char *words[BATCH_WORDS_MAX];
	char *line = NULL;
	size_t size = 0;
	int status = 0, rc, n;

	*line_number = 0;
	while ((!status || force) && getline(&line, &size, f) >= 0) {
		++*line_number;
		n = batch_split(line, words);
		if (!n)
			continue;
		rc = run(user, n, words);
		if (rc)
			status = rc;
	}
	free(line);
	return status;
}
