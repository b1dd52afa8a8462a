/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the grammar share: how a table is written, how an object comes
 * into its list, and the kinds of sections that each file defines.
 */
#ifndef CONF_KIND_H
#define CONF_KIND_H

#include "conf/memory.h"
#include "conf/value.h"

struct conf_kind {
	const char *name;
	const struct conf_option *title; /* NULL: it has none */
	const struct conf_option *options; /* ended by one without a name */
	const struct conf_kind *const *inner; /* NULL-ended */
	/* The object, in its list; parent is that of the section around. */
	void *(*make)(struct conf *c, void *parent, unsigned int line);
};

#define CONF_MRU_MIN 576
#define CONF_MRU_MAX 1500 /* of PPPoE by RFC 4638 only */
#define CONF_ID_MAX 65535 /* tunnel and session ids are 16 bits wide */

#define AT(type, member) .offset = offsetof(struct type, member)
#define END       \
	{         \
		0 \
	}

/* An object of the list `head` of its parent, a struct `in`. */
#define MAKER(kind, in, head)                                      \
	static void *make_##kind(struct conf *c, void *parent,     \
				 unsigned int line)                \
	{                                                          \
		struct conf_##kind *o = conf_alloc(c, sizeof(*o)); \
		struct in *p = parent;                             \
                                                                   \
		o->line = line;                                    \
		STAILQ_INSERT_TAIL(&p->head, o, next);             \
		return o;                                          \
	}

/* A kind of section without others in it, for conf/option. */
#define KIND(id, word)                                                        \
	const struct conf_kind id##_kind = { word, &id##_title, id##_options, \
					     no_inner, make_##id }

extern const struct conf_kind *const no_inner[];

/* conf/option_ppp */
extern const struct conf_kind pool_kind, pool6_kind, policy_kind, profile_kind,
	user_kind;
/* conf/option_access */
extern const struct conf_kind port_kind;
/* conf/option_l2tp */
extern const struct conf_kind endpoint_kind, tunnel_kind, tunnel_group_kind,
	tunnel_defaults_kind, destination_kind, group_kind;
/* conf/option_rule */
extern const struct conf_kind rule_kind, domain_kind;
/* conf/option_radius */
extern const struct conf_kind radius_server_kind, radius_group_kind, dae_kind;

#endif /* CONF_KIND_H */
