/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ways of a subscriber's call: the tunnel definitions that it may go through, and
 * what has come of it so far. It holds the definitions; bng/dial tries them.
 */
#ifndef BNG_ROUTE_H
#define BNG_ROUTE_H

#include "bng/definition.h"
#include "bng/lns_name.h"
#include "bng/select.h"

struct route_way {
	const struct conf_tunnel *tunnel;
	unsigned int preference; /* as it was said; only the order counts */
	char *group; /* private group, for the LNS; NULL: none */
};

struct route {
	struct definitions *definitions;
	size_t n;
	struct route_way way[SELECT_MAX];
	struct select_call call;
	size_t now; /* the way that is tried */
};

/* NULL: no memory. */
struct route *route_new(struct definitions *ds);
void route_free(struct route *r);
/* group NULL: none. One too many is left out. */
void route_add(struct route *r, const struct conf_tunnel *ct,
	       unsigned int preference, const char *group);
void route_add_group(struct route *r, const struct conf_tunnel_group *g);
/* Of those the answer describes; by the name of an LNS, one for each of its addresses, as
 * far as they are known. Which are no good, and why, is logged for `who`.
 */
void route_add_described(struct route *r, const struct lns_names *names,
			 const struct aaa_reply *reply, const char *who);
/* Levels of preference by their order: the best is 0. All have been added. */
void route_levels(const struct route *r, uint8_t level[SELECT_MAX]);
/* A tunnel of a's definition may carry a call of b's. */
bool route_shares(const struct conf_tunnel *a, const struct conf_tunnel *b);
/* One of its ways leads through a tunnel of that definition. */
bool route_has(const struct route *r, const struct conf_tunnel *ct);

#endif /* BNG_ROUTE_H */
