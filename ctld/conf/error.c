/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages and spelling help. See error.h. */
#include "conf/error.h"

#include "conf/conf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MORE_LEN 32 /* room for "\n... and 4294967295 more" */
#define WORD_MAX 64

void conf_error(struct conf_errors *e, unsigned int line, const char *fmt, ...)
{
	char text[CONF_ERROR_MAX];
	char where[32] = "";
	size_t room = CONF_ERROR_MAX - MORE_LEN;
	char one[CONF_ERROR_MAX];
	va_list ap;
	size_t len;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (line)
		snprintf(where, sizeof(where), ":%u", line);
	len = (size_t)snprintf(one, sizeof(one), "%s%s%s: %s", e->n ? "\n" : "",
			       e->file, where, text);
	if (len >= sizeof(one))
		len = sizeof(one) - 1;
	if (!e->n++ && len >= room)
		len = room - 1;
	if (e->dropped || e->len + len >= room) {
		snprintf(e->text + e->len, MORE_LEN, "\n... and %u more",
			 ++e->dropped);
		return;
	}
	memcpy(e->text + e->len, one, len);
	e->len += len;
	e->text[e->len] = 0;
}

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* Levenshtein's, with a row of memory. */
static unsigned int distance(const char *a, const char *b)
{
	size_t n = strlen(b);
	unsigned int row[WORD_MAX + 1];

	if (n > WORD_MAX || strlen(a) > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= n; j++)
		row[j] = (unsigned int)j;
	for (size_t i = 1; a[i - 1]; i++) {
		unsigned int diagonal = row[0];

		row[0] = (unsigned int)i;
		for (size_t j = 1; j <= n; j++) {
			unsigned int change = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			row[j] = least(change, least(row[j], row[j - 1]) + 1);
		}
	}
	return row[n];
}

void conf_near(struct conf_near *n, const char *candidate)
{
	unsigned int d = distance(n->wanted, candidate);

	if (d > 1 + strlen(n->wanted) / 4 || (n->best && d >= n->distance))
		return;
	n->best = candidate;
	n->distance = d;
}

const char *conf_near_text(const struct conf_near *n, char *out, size_t size)
{
	out[0] = 0;
	if (n->best)
		snprintf(out, size, ": did you mean '%s'?", n->best);
	return out;
}
