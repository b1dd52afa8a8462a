/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A configuration file as libconfuse's tree, made from the tables of
 * conf/option: each value is the text that was written and its line. The line of
 * a section is that of its opening brace.
 */
#ifndef CONF_TREE_H
#define CONF_TREE_H

#include "conf/error.h"
#include "conf/option.h"

#include <confuse.h>
#include <stddef.h>

struct tree_text {
	unsigned int line;
	char text[];
};

struct tree {
	cfg_t *root;
	cfg_opt_t *opts;
};

/* text ends with a NUL. 0, or -EINVAL after a message. */
int tree_parse(struct tree *t, const char *text, size_t len,
	       const struct conf_kind *const *kinds, struct conf_errors *e);
void tree_free(struct tree *t);

/* How many of these there are in a section, and the i-th. */
size_t tree_size(cfg_t *section, const char *name);
const struct tree_text *tree_text(cfg_t *section, const char *name, size_t i);
cfg_t *tree_section(cfg_t *section, const char *name, size_t i);

#endif /* CONF_TREE_H */
