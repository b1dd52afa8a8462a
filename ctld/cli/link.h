/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What objects share: how links, bindings, ports and counters are printed, and
 * how a link is bound.
 */
#ifndef CLI_LINK_H
#define CLI_LINK_H

#include "cli/cli.h"

/* The words of "session bind" and "pppoe bind" after the link's own. */
#define LINK_BIND_ARGS                                                     \
	{ .word = "session", .type = ARG_SESSION },                        \
		{ .word = "pppoe", .type = ARG_PPPOE },                    \
		{ .word = "dev", .type = ARG_DEV },                        \
		{ .word = "none", .type = ARG_FLAG },                      \
		{ .word = "addr", .type = ARG_PREFIX, .flags = ARG_MANY }, \
		{ .word = "mtu", .type = ARG_U16 },                        \
		{ .word = "mru", .type = ARG_U16 },                        \
		{ .word = "mss", .type = ARG_U16 },                        \
	{                                                                  \
		.word = "magic", .type = ARG_U32                           \
	}

int link_bind(struct cli *c, const struct args *args,
	      const struct link_name *from);
bool link_eq(const struct link_name *a, const struct link_name *b);
struct link_name link_of(const struct nlattr *const *tb, bool pppoe);

/* "dev": DEV; a name that is gone is "ifN". */
void link_dev(struct out *o, const char *label, uint32_t ifindex);
/* Names may have changed. */
void link_forget_names(void);
/* "17/4242" or "eth1.100.7/3" */
void link_print(struct out *o, const char *label, const struct link_name *l);
void link_bound(struct cli *c, const struct nlattr *const *tb);
/* "label ADDRESS:PORT": keys KEY and KEY_port. */
void link_addr_port(struct out *o, const char *key, const char *key_port,
		    const char *label, const struct nlattr *addr,
		    const struct nlattr *port);
/* If it is there and not empty. */
void link_text(struct out *o, const char *key, const char *label,
	       const struct nlattr *a);
/* The same; it need not end with a NUL. */
void link_label(struct out *o, const char *key, const char *label,
		const struct nlattr *a);
void link_cookie(struct out *o, const struct nlattr *a);
/* With -s. */
void link_stats(struct cli *c, const struct nlattr *a);

/* 0 where the attribute is missing. */
uint32_t link_u32(const struct nlattr *a);
uint16_t link_u16(const struct nlattr *a);

/* How many, as an object of its own. */
void link_count(struct out *o, const char *key, unsigned int n);
/* Is the label exactly this text? */
bool link_label_is(const struct nlattr *a, const char *text);

#endif /* CLI_LINK_H */
