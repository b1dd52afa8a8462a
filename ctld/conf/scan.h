/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A look at a configuration file before libconfuse gets it, which takes a file
 * that is cut off inside a block, expands environment variables, and does not say
 * where a section begins. What passes here is balanced and means the same to
 * both.
 */
#ifndef CONF_SCAN_H
#define CONF_SCAN_H

#include "conf/error.h"

#include <stddef.h>

struct scan {
	unsigned int *section; /* line of its '{', in the order of the '}' */
	size_t n_sections;
};

/* 0, or -EINVAL after a message. */
int scan_text(struct scan *s, const char *text, size_t len,
	      struct conf_errors *e);
void scan_free(struct scan *s);

#endif /* CONF_SCAN_H */
