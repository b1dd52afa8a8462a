/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration's grammar as tables: kinds of sections, their options, each
 * with its type, default, limits and where it goes. Used by conf/tree (what may
 * be written) and conf/load (what becomes of it).
 */
#ifndef CONF_OPTION_H
#define CONF_OPTION_H

#include "conf/value.h"

struct conf_kind {
	const char *name;
	const struct conf_option *title; /* NULL: it has none */
	const struct conf_option *options; /* ended by one without a name */
	const struct conf_kind *const *inner; /* NULL-ended */
	/* The object, in its list; parent is that of the section around. */
	void *(*make)(struct conf *c, void *parent, unsigned int line);
};

/* The first is "system", of which there is one. NULL-ended. */
extern const struct conf_kind *const conf_kinds[];

#endif /* CONF_OPTION_H */
