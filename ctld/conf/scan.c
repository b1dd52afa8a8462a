/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scanner: comments, strings, words, braces. It refuses what libconfuse
 * would take in a surprising way: strings over several lines, "${...}", calls,
 * "+=". See scan.h.
 */
#include "conf/scan.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 8

struct brace {
	unsigned int line;
	char last; /* what stood before: '=' for a list */
};

struct scanner {
	struct scan *out;
	struct conf_errors *e;
	const char *p;
	const char *end;
	unsigned int line;
	char last; /* token: 'w' word or string, or itself */
	struct brace open[DEPTH_MAX];
	size_t depth;
};

static bool at(const struct scanner *s, const char *what)
{
	size_t n = strlen(what);

	return (size_t)(s->end - s->p) >= n && !memcmp(s->p, what, n);
}

static int skip_line(struct scanner *s)
{
	while (s->p < s->end && *s->p != '\n')
		s->p++;
	return 0;
}

static int skip_comment(struct scanner *s)
{
	unsigned int from = s->line;

	for (s->p += 2; s->p < s->end && !at(s, "*/"); s->p++)
		s->line += *s->p == '\n';
	if (s->p == s->end) {
		conf_error(s->e, from,
			   "this comment is not closed: expected */");
		return -EINVAL;
	}
	s->p += 2;
	return 0;
}

/* In '...' only \\ and \' are escapes. */
static int skip_string(struct scanner *s)
{
	char quote = *s->p++;

	for (; s->p < s->end && *s->p != '\n' && *s->p != quote; s->p++) {
		if (quote == '"' && at(s, "${")) {
			conf_error(s->e, s->line,
				   "'${' would be a variable: expected '...' around this string");
			return -EINVAL;
		}
		if (*s->p == '\\' && s->p + 1 < s->end &&
		    (quote == '"' || s->p[1] == '\\' || s->p[1] == '\'') &&
		    s->p[1] != '\n')
			s->p++;
	}
	if (s->p == s->end || *s->p == '\n') {
		conf_error(s->e, s->line,
			   "this string is not closed: expected %c", quote);
		return -EINVAL;
	}
	s->p++;
	s->last = 'w';
	return 0;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("-._:/@%*", c));
}

static int skip_word(struct scanner *s)
{
	for (; s->p < s->end && is_word(*s->p); s->p++)
		if (at(s, "//") || at(s, "/*")) {
			conf_error(s->e, s->line,
				   "a comment inside a word: expected quotes or a blank");
			return -EINVAL;
		}
	s->last = 'w';
	return 0;
}

static int open_brace(struct scanner *s)
{
	if (s->depth && s->open[s->depth - 1].last == '=') {
		conf_error(s->e, s->line,
			   "a block inside the list of line %u: expected }",
			   s->open[s->depth - 1].line);
		return -EINVAL;
	}
	if (s->depth == DEPTH_MAX) {
		conf_error(s->e, s->line, "blocks are nested too deeply");
		return -EINVAL;
	}
	s->open[s->depth++] = (struct brace){ s->line, s->last };
	s->last = *s->p++;
	return 0;
}

static int close_brace(struct scanner *s)
{
	struct scan *out = s->out;
	struct brace b;

	if (!s->depth) {
		conf_error(s->e, s->line, "} closes nothing: no block is open");
		return -EINVAL;
	}
	b = s->open[--s->depth];
	s->last = *s->p++;
	if (b.last == '=')
		return 0;
	if (!(out->n_sections & (out->n_sections + 1))) {
		size_t size = (out->n_sections + 1) * 2 * sizeof(*out->section);

		out->section = realloc(out->section, size);
		if (!out->section)
			abort();
	}
	out->section[out->n_sections++] = b.line;
	return 0;
}

static int unexpected(struct scanner *s)
{
	unsigned char c = (unsigned char)*s->p;

	if (c > ' ' && c < 0x7f)
		conf_error(s->e, s->line,
			   "'%c' outside a string: expected quotes around it",
			   c);
	else
		conf_error(s->e, s->line,
			   "byte 0x%02x outside a string: expected plain text",
			   c);
	return -EINVAL;
}

static int step(struct scanner *s)
{
	char c = *s->p;

	if (c == '#' || at(s, "//"))
		return skip_line(s);
	if (at(s, "/*"))
		return skip_comment(s);
	if (c == '"' || c == '\'')
		return skip_string(s);
	if (c == '{')
		return open_brace(s);
	if (c == '}')
		return close_brace(s);
	if (is_word(c))
		return skip_word(s);
	if (c == '=' || c == ',')
		s->last = c;
	else if (c == '\n')
		s->line++;
	else if (c != ' ' && c != '\t' && c != '\r')
		return unexpected(s);
	s->p++;
	return 0;
}

int scan_text(struct scan *out, const char *text, size_t len,
	      struct conf_errors *e)
{
	struct scanner s = {
		.out = out, .e = e, .p = text, .end = text + len, .line = 1
	};

	*out = (struct scan){ 0 };
	if (memchr(text, 0, len)) {
		conf_error(e, 0, "it has a NUL byte: expected text");
		return -EINVAL;
	}
	while (s.p < s.end)
		if (step(&s))
			return -EINVAL;
	if (!s.depth)
		return 0;
	conf_error(e, s.open[s.depth - 1].line,
		   "the %s that opens here is not closed: is the file cut off?",
		   s.open[s.depth - 1].last == '=' ? "list" : "block");
	return -EINVAL;
}

void scan_free(struct scan *s)
{
	free(s->section);
	*s = (struct scan){ 0 };
}
