// SPDX-License-Identifier: GPL-2.0-or-later
/* See recall.h. Each pool may be in each VRF, so each entry is one look-up by tag. */
#include "bng/recall.h"

#include <stdbool.h>
#include <stdlib.h>

/* A pool of the configuration, of either family, as it may be in a VRF. */
struct place {
	uint32_t tag; /* returned_pool */
	const struct conf_pool *conf;
	const struct conf_pool6 *conf6; /* if it is one of these */
	const struct vrf *vrf;
	struct pool *pool; /* NULL: nothing of it has been found yet */
	struct prefix_pool *pool6;
	bool asked; /* for the pool: once, though it is not to be had */
};

struct places {
	struct network *network;
	struct pool6_all *pools6;
	msec_t now;
	struct place *all; /* by tag */
	size_t n;
};

static void add(struct places *p, const struct place *one)
{
	int family = one->conf ? AF_INET : AF_INET6;
	const char *name = one->conf ? one->conf->name : one->conf6->name;
	struct place *to = &p->all[p->n++];

	*to = *one;
	to->tag = returned_pool(family, name, to->vrf ? to->vrf->name : NULL);
}

static void add_all_in(struct places *p, const struct vrf *vrf)
{
	struct place one = { .vrf = vrf };

	STAILQ_FOREACH(one.conf, &p->network->conf->pools, next)
	add(p, &one);
	STAILQ_FOREACH(one.conf6, &p->network->conf->pools6, next)
	add(p, &one);
}

static int by_tag(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return x->tag < y->tag ? -1 : x->tag > y->tag;
}

static size_t n_places(const struct network *n)
{
	size_t pools = 0, vrfs = 1; /* and none */
	const struct conf_pool6 *c6;
	const struct conf_pool *c;
	const struct vrf *v;

	STAILQ_FOREACH(c, &n->conf->pools, next)
	pools++;
	STAILQ_FOREACH(c6, &n->conf->pools6, next)
	pools++;
	SLIST_FOREACH(v, &n->vrfs, next)
	vrfs++;
	return pools * vrfs;
}

static void places_init(struct places *p)
{
	const struct vrf *v;

	p->all = calloc(n_places(p->network) + 1, sizeof(*p->all));
	if (!p->all)
		abort();
	add_all_in(p, NULL);
	SLIST_FOREACH(v, &p->network->vrfs, next)
	add_all_in(p, v);
	qsort(p->all, p->n, sizeof(*p->all), by_tag);
}

static void recall_one(void *ctx, const struct returned_entry *e)
{
	struct places *p = ctx;
	const struct place key = { .tag = e->pool };
	struct place *to = bsearch(&key, p->all, p->n, sizeof(*p->all), by_tag);

	if (!to)
		return;
	if (!to->asked && to->conf)
		to->pool = network_pool_there(p->network, to->conf, to->vrf);
	if (!to->asked && to->conf6)
		to->pool6 = pool6_there(p->pools6, to->conf6, to->vrf);
	to->asked = true;
	if (to->pool)
		pool_recall(to->pool, e->what, e->user, SECONDS(e->at), p->now);
	else if (to->pool6)
		prefix_pool_recall(to->pool6, e->what, e->user, SECONDS(e->at),
				   p->now);
}

void recall(struct returned *r, struct network *n, struct pool6_all *p,
	    msec_t now)
{
	struct places all = { .network = n, .pools6 = p, .now = now };

	places_init(&all);
	returned_each(r, recall_one, &all);
	free(all.all);
}
