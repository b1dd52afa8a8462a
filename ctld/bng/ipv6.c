// SPDX-License-Identifier: GPL-2.0-or-later
/* See ipv6.h. */
#include "bng/ipv6.h"

#include "base/log.h"

#include <stdlib.h>
#include <string.h>

struct ipv6 *ipv6_new(struct box *b, const struct conf_profile *f,
		      const struct router_ops *ops, void *user)
{
	struct ipv6 *v = calloc(1, sizeof(*v));

	if (!v)
		return NULL;
	v->box = b;
	router_init(&v->router, ops, &f->router, &b->duid, &b->timers,
		    &b->router_count, user);
	return v;
}

/* One pool may lend a user more than one kind. */
static uint32_t tag_of(uint32_t user, enum ipv6_kind kind)
{
	return user ^ (uint32_t)kind << 30;
}

static void give_back(struct ipv6 *v, msec_t now, enum ipv6_kind kind)
{
	if (v->have[kind].net.family && v->pool[kind])
		pool6_release(&v->box->pools6, &v->box->returned, v->pool[kind],
			      &v->have[kind].net, tag_of(v->user, kind), now);
	if (v->fixed[kind])
		pool6_unfix(&v->box->pools6, &v->own, v->fixed[kind]);
	v->pool[kind] = NULL;
	v->fixed[kind] = NULL;
	v->have[kind] = (struct kern_prefix){ 0 };
}

void ipv6_free(struct ipv6 *v, msec_t now)
{
	if (!v)
		return;
	router_fini(&v->router);
	for (int i = 0; i < IPV6_NKINDS; i++)
		give_back(v, now, i);
	free(v);
}

/* What one kind is to be: fixed, or of a pool, or neither. pool is made for a fixed one
 * too: it may be of it.
 */
struct source {
	struct kern_prefix fixed;
	struct prefix_pool *pool;
	bool barred; /* from that pool: it overlaps another */
};

static struct source source_of(const struct ipv6 *v,
			       const struct conf_profile *f,
			       const struct aaa_prefix *fixed, const char *name,
			       const struct conf_pool6 *conf)
{
	struct source s = { .fixed = { fixed->net, fixed->len } };

	if (name[0])
		conf = pool6_named(&v->box->pools6, name);
	if (conf)
		s.pool = pool6_use(&v->box->pools6, conf, f, v->vrf);
	if (conf)
		s.barred = !s.pool;
	else if (name[0])
		log_warn("a grant names a pool6 that there is none of: %.64s",
			 name);
	return s;
}

static void find_sources(const struct ipv6 *v, const struct conf_profile *f,
			 const struct aaa_grant *g, struct source *s)
{
	struct aaa_prefix address = { g->address6, 128 };

	s[IPV6_PREFIX] = source_of(v, f, &g->prefix6, g->pool6, f->pool6);
	s[IPV6_ADDRESS] =
		source_of(v, f, &address, g->pool_address6, f->pool_address6);
	s[IPV6_DELEGATED] = source_of(v, f, &g->delegated, g->pool_delegated,
				      f->pool_delegated);
}

/* RADIUS may name any prefix: one that we are in is no subscriber's. */
static bool is_ours(const struct box *b, const struct kern_prefix *p)
{
	const struct conf_profile *f;

	STAILQ_FOREACH(f, &b->conf->profiles, next)
	if (addr_in(&f->local_address6, &p->net, p->len))
		return true;
	return p->len == 128 && box_is_ours(b, &p->net);
}

static bool fix(struct ipv6 *v, enum ipv6_kind kind,
		const struct kern_prefix *prefix)
{
	if (!is_ours(v->box, prefix))
		v->fixed[kind] =
			pool6_fix(&v->box->pools6, &v->own, v->vrf, prefix);
	if (!v->fixed[kind])
		return false;
	v->have[kind] = *prefix;
	return true;
}

static const char *take_fixed(struct ipv6 *v, msec_t now, enum ipv6_kind kind,
			      const struct kern_prefix *prefix)
{
	const struct kern_prefix *have = &v->have[kind];
	char text[ADDR_STRLEN];

	if (v->fixed[kind] && have->len == prefix->len &&
	    addr_eq(&have->net, &prefix->net))
		return NULL;
	give_back(v, now, kind);
	if (fix(v, kind, prefix))
		return NULL;
	v->box->count.no_prefix++;
	log_warn("a grant's prefix %s/%u is in use, or ours",
		 addr_str(&prefix->net, text), prefix->len);
	return "prefix in use";
}

/* For that user: what is given back was v->user's. NULL, or why not. */
static const char *take(struct ipv6 *v, msec_t now, enum ipv6_kind kind,
			const struct source *s, uint32_t user)
{
	struct kern_prefix *have = &v->have[kind];

	if (s->fixed.net.family)
		return take_fixed(v, now, kind, &s->fixed);
	if (have->net.family && s->pool && v->pool[kind] == s->pool)
		return NULL;
	give_back(v, now, kind);
	if (s->barred)
		v->box->count.no_pool++;
	if (!s->pool)
		return s->barred ? "pool overlaps another" : NULL;
	if (!prefix_pool_alloc(s->pool, tag_of(user, kind), now, &have->net)) {
		v->box->count.no_prefix++;
		if (prefix_pool_ran_dry(s->pool))
			log_warn("pool6 %s: no prefix is left",
				 prefix_pool_name(s->pool));
		return "no prefix";
	}
	have->len = prefix_pool_length(s->pool);
	v->pool[kind] = s->pool;
	return NULL;
}

const char *ipv6_provide(struct ipv6 *v, msec_t now,
			 const struct conf_profile *f,
			 const struct aaa_grant *g, const struct vrf *vrf,
			 const char *user)
{
	struct source s[IPV6_NKINDS];
	uint32_t tag = pool_tag(user);
	const char *why = NULL;
	bool any = false;

	for (int i = 0; v->vrf != vrf && i < IPV6_NKINDS; i++)
		give_back(v, now, i);
	v->vrf = vrf;
	find_sources(v, f, g, s);
	for (int i = 0; i < IPV6_NKINDS; i++) {
		const char *lacks = take(v, now, i, &s[i], tag);

		any |= v->have[i].net.family != 0;
		if (lacks)
			why = lacks;
	}
	v->user = tag;
	return any ? NULL : why;
}

void ipv6_inform(struct ipv6 *v, const struct conf_profile *f,
		 const struct aaa_grant *g, uint32_t mtu)
{
	const struct kern_prefix *have = v->have;
	struct router_values values = {
		.prefix = { .net = have[IPV6_PREFIX].net,
			    .len = have[IPV6_PREFIX].len,
			    .autonomous = have[IPV6_PREFIX].len == 64 },
		.lent = { [DHCP6_NA] = { have[IPV6_ADDRESS].net, 128 },
			  [DHCP6_PD] = { have[IPV6_DELEGATED].net,
					 have[IPV6_DELEGATED].len } },
		.mtu = mtu,
	};

	_Static_assert(AAA_TOLD_ROUTES_MAX == ND_ROUTE_MAX, "one for each");
	for (size_t i = 0; i < AAA_TOLD_ROUTES_MAX; i++)
		values.route[i] = (struct nd_route){ g->told_routes[i].net,
						     g->told_routes[i].len };
	memcpy(values.dns, g->dns6[0].family ? g->dns6 : f->dns6,
	       sizeof(values.dns));
	router_set(&v->router, &values);
}

size_t ipv6_prefixes(const struct ipv6 *v, struct kern_prefix to[IPV6_NKINDS])
{
	size_t n = 0;

	for (int i = 0; v && i < IPV6_NKINDS; i++)
		if (v->have[i].net.family)
			to[n++] = v->have[i];
	return n;
}

/* -------------------------------------------------------------------- restart */

void ipv6_save(const struct ipv6 *v, struct wr *w)
{
	const struct dhcp6_lease *l = &v->router.lease;

	for (int i = 0; i < IPV6_NKINDS; i++) {
		wr_u8(w, v->have[i].net.family != 0);
		wr_u8(w, v->pool[i] != NULL);
		wr_u8(w, v->have[i].len);
		wr_bytes(w, v->have[i].net.b, 16);
	}
	wr_u8(w, l->client.len);
	wr_bytes(w, l->client.b, l->client.len);
	for (int i = 0; i < DHCP6_NKINDS; i++) {
		wr_u8(w, l->bound[i]);
		wr_u32(w, l->iaid[i]);
	}
	wr_u8(w, l->declined);
}

/* As its grant fixes it, or out of the pool that it is of. */
static bool load_kind(struct ipv6 *v, enum ipv6_kind kind,
		      const struct kern_prefix *fixed, struct rd *r)
{
	struct kern_prefix *have = &v->have[kind];
	bool there = rd_u8(r);

	rd_u8(r); /* of a pool, or not: its grant says it */
	have->len = rd_u8(r);
	rd_copy(r, have->net.b, 16);
	if (r->err || have->len > 128)
		return false;
	if (!there) {
		*have = (struct kern_prefix){ 0 };
		return true;
	}
	have->net.family = AF_INET6;
	if (fixed->net.family)
		return have->len == fixed->len &&
		       addr_eq(&have->net, &fixed->net) && fix(v, kind, fixed);
	v->pool[kind] =
		pool6_having(&v->box->pools6, v->vrf, &have->net, have->len);
	if (v->pool[kind] && !prefix_pool_take(v->pool[kind], &have->net))
		return true;
	v->pool[kind] = NULL;
	*have = (struct kern_prefix){ 0 };
	return false;
}

bool ipv6_load(struct ipv6 *v, const struct conf_profile *f,
	       const struct aaa_grant *g, const struct vrf *vrf,
	       const char *user, struct rd *r)
{
	struct dhcp6_lease *l = &v->router.lease;
	struct source s[IPV6_NKINDS];

	v->vrf = vrf;
	v->user = pool_tag(user);
	find_sources(v, f, g, s); /* a grant may have made its pools */
	for (int i = 0; i < IPV6_NKINDS; i++)
		if (!load_kind(v, i, &s[i].fixed, r))
			return false;
	l->client.len = rd_u8(r);
	if (l->client.len > DHCP6_DUID_MAX)
		return false;
	rd_copy(r, l->client.b, l->client.len);
	for (int i = 0; i < DHCP6_NKINDS; i++) {
		l->bound[i] = rd_u8(r);
		l->iaid[i] = rd_u32(r);
	}
	l->declined = rd_u8(r);
	return !r->err;
}
