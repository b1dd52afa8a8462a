// SPDX-License-Identifier: GPL-2.0-or-later
/* See pool6.h. Called by bng/box, bng/ipv6, bng/reach and state/restore. */
#include "bng/pool6.h"

#include "base/log.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

static void reserve(const struct conf *conf, struct prefix_pool *pool)
{
	const struct conf_profile *f;

	STAILQ_FOREACH(f, &conf->profiles, next)
	prefix_pool_reserve(pool, &f->local_address6);
}

struct holding {
	const struct pool6 *one;
	int err;
};

static void hold_one(const void *node, VISIT visit, void *ctx)
{
	const struct pool6_fixed *f = *(struct pool6_fixed *const *)node;
	struct holding *h = ctx;

	if ((visit == postorder || visit == leaf) && !h->err &&
	    f->vrf == h->one->vrf)
		h->err = prefix_pool_hold(h->one->pool, &f->prefix.net,
					  f->prefix.len);
}

/* Of a new one: ours are reserved, what is fixed by now is held. 0 or -ENOMEM. */
static int leave_out(const struct pool6_all *p, const struct pool6 *one)
{
	struct holding h = { .one = one };

	reserve(p->network->conf, one->pool);
	twalk_r(p->fixed, hold_one, &h);
	return h.err;
}

/* A grant has led it to where another one lends some of the same prefixes. */
static bool meets_another(const struct pool6_all *p, const struct conf_pool6 *c,
			  const struct vrf *vrf)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct conf_pool6 *d = p->all[i].conf;

		if (p->all[i].vrf != vrf ||
		    !(addr_in(&c->net, &d->net, d->prefix_len) ||
		      addr_in(&d->net, &c->net, c->prefix_len)))
			continue;
		log_warn("pool6 %s%s%s: not there: it overlaps pool6 %s",
			 c->name, vrf ? " vrf " : "", vrf ? vrf->name : "",
			 d->name);
		return true;
	}
	return false;
}

static struct pool6 *add(struct pool6_all *p, const struct conf_pool6 *c,
			 const struct vrf *vrf)
{
	struct pool6 *all, *one;

	if (meets_another(p, c, vrf))
		return NULL;
	all = realloc(p->all, (p->n + 1) * sizeof(*all));
	if (!all)
		return NULL;
	p->all = all;
	one = &all[p->n];
	*one = (struct pool6){ .conf = c, .vrf = vrf };
	one->tag = returned_pool(AF_INET6, c->name, vrf ? vrf->name : NULL);
	one->pool = prefix_pool_new(c->name, &c->net, c->prefix_len,
				    (uint8_t)c->length, SECONDS(c->quarantine),
				    c->sticky);
	one->routes = calloc(1, sizeof(*one->routes));
	if (!one->pool || !one->routes || leave_out(p, one)) {
		prefix_pool_free(one->pool);
		free(one->routes);
		return NULL;
	}
	p->n++;
	return one;
}

static struct pool6 *find(const struct pool6_all *p, const struct conf_pool6 *c,
			  const struct vrf *vrf)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->all[i].conf == c && p->all[i].vrf == vrf)
			return &p->all[i];
	return NULL;
}

/* To the first device that lends of it. */
static void route_it(struct pool6_all *p, struct pool6 *one,
		     const struct conf_profile *f)
{
	struct kern_route route = { .to = { .net = one->conf->net,
					    .len = one->conf->prefix_len },
				    .table = network_table(one->vrf) };

	if (one->routed || f->routes != CONF_ROUTES_AGGREGATE)
		return;
	one->routed = true;
	route.ifindex = network_device(p->network, f, one->vrf)->ifindex;
	fib_set(&p->network->fib, one->routes, &route, 1);
}

struct prefix_pool *pool6_there(struct pool6_all *p, const struct conf_pool6 *c,
				const struct vrf *vrf)
{
	struct pool6 *one = find(p, c, vrf);

	if (!one)
		one = add(p, c, vrf);
	return one ? one->pool : NULL;
}

struct prefix_pool *pool6_use(struct pool6_all *p, const struct conf_pool6 *c,
			      const struct conf_profile *f,
			      const struct vrf *vrf)
{
	struct pool6 *one = find(p, c, vrf);

	if (!one)
		one = add(p, c, vrf);
	if (!one)
		return NULL;
	route_it(p, one, f);
	return one->pool;
}

static int open_profile(struct pool6_all *p, const struct conf_profile *f)
{
	const struct conf_pool6 *c[] = { f->pool6, f->pool_address6,
					 f->pool_delegated };
	const struct vrf *vrf = f->vrf ? network_vrf(p->network, f->vrf) : NULL;

	if (!conf_terminates(f) || !(f->ppp.network & PPP_IPV6))
		return 0;
	for (size_t i = 0; i < sizeof(c) / sizeof(c[0]); i++)
		if (c[i] && !pool6_use(p, c[i], f, vrf))
			return -ENOMEM;
	return 0;
}

int pool6_open(struct pool6_all *p, struct network *n)
{
	const struct conf_profile *f;

	*p = (struct pool6_all){ .network = n };
	STAILQ_FOREACH(f, &n->conf->profiles, next)
	if (open_profile(p, f))
		return -ENOMEM;
	return 0;
}

void pool6_leave(struct pool6_all *p, const struct vrf *vrf)
{
	for (size_t i = 0; i < p->n; i++) {
		if (p->all[i].vrf != vrf)
			continue;
		fib_drop(&p->network->fib, p->all[i].routes, true);
		p->all[i].routed = false;
	}
}

/* They are their subscribers'. */
static void leave(void *fixed)
{
	(void)fixed;
}

void pool6_close(struct pool6_all *p)
{
	for (size_t i = 0; i < p->n; i++) {
		fib_drop(&p->network->fib, p->all[i].routes, false);
		free(p->all[i].routes);
		prefix_pool_free(p->all[i].pool);
	}
	free(p->all);
	tdestroy(p->fixed, leave);
	*p = (struct pool6_all){ 0 };
}

const struct conf_pool6 *pool6_named(const struct pool6_all *p,
				     const char *name)
{
	const struct conf_pool6 *c;

	STAILQ_FOREACH(c, &p->network->conf->pools6, next)
	if (!strcmp(c->name, name))
		break;
	return c;
}

/* -------------------------------------------------------------------- fixed */

static bool lies_in(const struct pool6_fixed *f, const struct pool6_fixed *g)
{
	return f->prefix.len >= g->prefix.len &&
	       addr_in(&f->prefix.net, &g->prefix.net, g->prefix.len);
}

/* Of those that are held no two meet, so this is an order, in which what meets one of
 * them is equal to it.
 */
static int compare(const void *a, const void *b)
{
	const struct pool6_fixed *f = a, *g = b;

	if (f->vrf != g->vrf)
		return (uintptr_t)f->vrf < (uintptr_t)g->vrf ? -1 : 1;
	if (lies_in(f, g) || lies_in(g, f))
		return 0;
	return memcmp(f->prefix.net.b, g->prefix.net.b,
		      sizeof(f->prefix.net.b));
}

static void let_go(const struct pool6_all *p, size_t n,
		   const struct pool6_fixed *f)
{
	for (size_t i = 0; i < n; i++)
		if (p->all[i].vrf == f->vrf)
			prefix_pool_let_go(p->all[i].pool, &f->prefix.net,
					   f->prefix.len);
}

static bool hold_in_pools(const struct pool6_all *p,
			  const struct pool6_fixed *f)
{
	for (size_t i = 0; i < p->n; i++) {
		if (p->all[i].vrf != f->vrf ||
		    !prefix_pool_hold(p->all[i].pool, &f->prefix.net,
				      f->prefix.len))
			continue;
		let_go(p, i, f);
		return false;
	}
	return true;
}

static bool hold(struct pool6_all *p, struct pool6_fixed *f)
{
	struct pool6_fixed **at = tsearch(f, &p->fixed, compare);

	if (!at || *at != f)
		return false;
	f->held = hold_in_pools(p, f);
	if (!f->held)
		tdelete(f, &p->fixed, compare);
	return f->held;
}

static void release(struct pool6_all *p, struct pool6_fixed *f)
{
	tdelete(f, &p->fixed, compare);
	let_go(p, p->n, f);
	f->held = false;
}

/* Of two that are the same the later one lies in the other. */
static bool lies_in_another(const struct pool6_own *own,
			    const struct pool6_fixed *f)
{
	const struct pool6_fixed *g;
	bool before = true;

	SLIST_FOREACH(g, own, next)
	if (g == f)
		before = false;
	else if (lies_in(f, g) && (before || !lies_in(g, f)))
		return true;
	return false;
}

/* The outermost of a subscriber's are held, and with them what lies in them. */
static bool settle(struct pool6_all *p, const struct pool6_own *own)
{
	struct pool6_fixed *f;

	SLIST_FOREACH(f, own, next)
	if (f->held && lies_in_another(own, f))
		release(p, f);
	SLIST_FOREACH(f, own, next)
	if (!f->held && !lies_in_another(own, f) && !hold(p, f))
		return false;
	return true;
}

struct pool6_fixed *pool6_fix(struct pool6_all *p, struct pool6_own *own,
			      const struct vrf *vrf,
			      const struct kern_prefix *prefix)
{
	struct pool6_fixed *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->vrf = vrf;
	f->prefix = *prefix;
	SLIST_INSERT_HEAD(own, f, next);
	if (settle(p, own))
		return f;
	pool6_unfix(p, own, f);
	return NULL;
}

void pool6_unfix(struct pool6_all *p, struct pool6_own *own,
		 struct pool6_fixed *f)
{
	if (f->held)
		release(p, f);
	SLIST_REMOVE(own, f, pool6_fixed, next);
	free(f);
	settle(p, own);
}

struct prefix_pool *pool6_having(const struct pool6_all *p,
				 const struct vrf *vrf, const struct addr *net,
				 uint8_t len)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->all[i].vrf == vrf &&
		    prefix_pool_length(p->all[i].pool) == len &&
		    prefix_pool_has(p->all[i].pool, net))
			return p->all[i].pool;
	return NULL;
}

bool pool6_covers(const struct pool6_all *p, const struct vrf *vrf,
		  const struct kern_route *r)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->all[i].vrf == vrf && fib_covers(p->all[i].routes, r))
			return true;
	return false;
}

/* A pool that neither lets it rest nor knows users has nothing to remember. */
void pool6_release(const struct pool6_all *p, struct returned *r,
		   struct prefix_pool *pool, const struct addr *a,
		   uint32_t user, msec_t now)
{
	struct returned_entry e = { .what = prefix_pool_number(pool, a),
				    .user = user,
				    .at = returned_time(now) };
	size_t i = 0;

	prefix_pool_release(pool, a, user, now);
	while (p->all[i].pool != pool)
		i++;
	e.pool = p->all[i].tag;
	if (p->all[i].conf->sticky || p->all[i].conf->quarantine)
		returned_add(r, &e);
}
