/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See route.h. Called by bng/dial and bng/access, freed by bng/subscriber too. */
#include "bng/route.h"

#include "base/log.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(SELECT_MAX == CONF_GROUP_MAX, "all of a group");
_Static_assert(SELECT_MAX == AAA_TUNNELS_MAX, "all of an answer");
_Static_assert(SELECT_MAX <= SELECT_LEVELS,
	       "each may be preferred to the next");

struct route *route_new(struct definitions *ds)
{
	struct route *r = calloc(1, sizeof(*r));

	if (r)
		r->definitions = ds;
	return r;
}

void route_free(struct route *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->n; i++) {
		definition_put(r->definitions, r->way[i].tunnel);
		free(r->way[i].group);
	}
	free(r);
}

void route_add(struct route *r, const struct conf_tunnel *ct,
	       unsigned int preference, const char *group)
{
	if (r->n == SELECT_MAX)
		return;
	definition_hold(r->definitions, ct);
	r->way[r->n++] = (struct route_way){
		.tunnel = ct,
		.preference = preference,
		.group = group ? strdup(group) : NULL,
	};
}

void route_add_group(struct route *r, const struct conf_tunnel_group *g)
{
	for (size_t i = 0; g->tunnels[i]; i++)
		route_add(r, g->tunnels[i], g->tunnels[i]->preference, NULL);
}

/* NULL, or why not. */
static const char *add_one(struct route *r, const struct aaa_tunnel *t)
{
	const struct conf_tunnel *ct;
	const char *why;

	ct = definition_get(r->definitions, t, &why);
	if (ct)
		route_add(r, ct, t->preference, t->group);
	return why;
}

/* One of them will do: the endpoints may be of one family. */
static const char *add_named(struct route *r, const struct lns_name *name,
			     const struct aaa_tunnel *t)
{
	const char *why = "its LNS has no address", *bad;
	struct aaa_tunnel at = *t;
	char text[ADDR_STRLEN];
	bool any = false;

	for (size_t i = 0; i < name->found.n; i++) {
		at.server = addr_str(&name->found.addr[i], text);
		bad = add_one(r, &at);
		any |= !bad;
		if (bad)
			why = bad;
	}
	return any ? NULL : why;
}

void route_add_described(struct route *r, const struct lns_names *names,
			 const struct aaa_reply *reply, const char *who)
{
	const char *why;

	for (size_t i = 0; i < reply->n_tunnels; i++) {
		const struct aaa_tunnel *t = &reply->tunnels[i];
		const struct lns_name *name = lns_name_find(names, t->server);

		why = name ? add_named(r, name, t) : add_one(r, t);
		if (why)
			log_warn("%s: tunnel %u of RADIUS's answer: %s", who,
				 t->tag, why);
	}
}

/* How many different preferences are better. */
static uint8_t level_of(const struct route *r, unsigned int preference)
{
	unsigned int level = 0, at = 0;
	bool more = true;

	while (more) {
		unsigned int next = preference;

		more = false;
		for (size_t i = 0; i < r->n; i++) {
			unsigned int p = r->way[i].preference;

			if (p < next && p >= at) {
				next = p;
				more = true;
			}
		}
		level += more;
		at = next + 1;
	}
	return (uint8_t)level;
}

void route_levels(const struct route *r, uint8_t level[SELECT_MAX])
{
	for (size_t i = 0; i < r->n; i++)
		level[i] = level_of(r, r->way[i].preference);
}

static bool same_place(const struct conf_tunnel *a, const struct conf_tunnel *b)
{
	return a->endpoint == b->endpoint &&
	       addr_eq(&a->remote.addr, &b->remote.addr) &&
	       a->remote.port == b->remote.port;
}

bool route_shares(const struct conf_tunnel *a, const struct conf_tunnel *b)
{
	if (a == b)
		return true;
	return a->assignment && b->assignment &&
	       !strcmp(a->assignment, b->assignment) && same_place(a, b) &&
	       a->peer.require_ipsec == b->peer.require_ipsec &&
	       a->peer.dscp == b->peer.dscp;
}

bool route_has(const struct route *r, const struct conf_tunnel *ct)
{
	for (size_t i = 0; i < r->n; i++)
		if (route_shares(r->way[i].tunnel, ct))
			return true;
	return false;
}
