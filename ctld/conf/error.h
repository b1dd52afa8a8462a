/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is wrong with a configuration file: lines "FILE:LINE: text", as many as
 * fit, then how many more there are. Never a secret.
 */
#ifndef CONF_ERROR_H
#define CONF_ERROR_H

#include <stddef.h>

struct conf_errors {
	const char *file;
	char *text; /* of CONF_ERROR_MAX bytes */
	size_t len;
	unsigned int n;
	unsigned int dropped;
};

/* Line 0: the file as a whole. */
void conf_error(struct conf_errors *e, unsigned int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Names from which the nearest to a misspelt one is chosen. */
struct conf_near {
	const char *wanted;
	const char *best;
	unsigned int distance;
};

void conf_near(struct conf_near *n, const char *candidate);
/* ": did you mean 'max-sessions'?", or nothing. */
const char *conf_near_text(const struct conf_near *n, char *out, size_t size);

#endif /* CONF_ERROR_H */
