/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See network.h. Called by bng/box at start-up, by bng/lease and bng/reach. */
#include "bng/network.h"

#include "base/array.h"
#include "base/log.h"
#include "kern/route.h"
#include "kern/route_found.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Indices of devices that are made at run time, above all that the kernel gives. */
#define OWN_FIRST 0x01000000u
#define OWN_MAX 65535u
#define SHARED_FIRST 0x02000000u
/* Between looks for a VRF that nobody knows: it may be asked for again and again. */
#define VRFS_INTERVAL SECONDS(1)

/* --------------------------------------------------------------------- VRFs */

static struct vrf *find_vrf(const struct network *n, const char *name)
{
	struct vrf *v;

	SLIST_FOREACH(v, &n->vrfs, next)
	if (!strcmp(v->name, name))
		return v;
	return NULL;
}

/* What was left of one that went is another's place by now. */
static void add_vrf(void *ctx, const char *name, uint32_t ifindex,
		    uint32_t table)
{
	struct network *n = ctx;
	struct vrf *v;

	v = find_vrf(n, name);
	if (v && !v->gone)
		return;
	if (!v) {
		v = calloc(1, sizeof(*v));
		if (!v)
			abort();
		snprintf(v->name, sizeof(v->name), "%s", name);
		SLIST_INSERT_HEAD(&n->vrfs, v, next);
	}
	v->ifindex = ifindex;
	v->table = table;
	v->gone = false;
}

const struct vrf *network_vrf(const struct network *n, const char *name)
{
	const struct vrf *v = find_vrf(n, name);

	return v && !v->gone ? v : NULL;
}

/* One that is gone, even if there is another of that name by now, whose devices would
 * be others.
 */
static bool is_gone(const struct network *n, const struct vrf *v)
{
	uint32_t ifindex;

	return n->has_data_path &&
	       (route_ifindex(v->name, &ifindex) || ifindex != v->ifindex);
}

bool network_named_vrf(const struct network *n, const char *name,
		       const struct vrf **vrf)
{
	*vrf = network_vrf(n, name);
	if (!*vrf)
		return !strcmp(name, CONF_NO_VRF);
	if (is_gone(n, *vrf))
		*vrf = NULL;
	return *vrf;
}

void network_look_for_vrf(struct network *n, const char *name, msec_t now)
{
	char err[ROUTE_ERROR_MAX] = "";

	if (!n->has_data_path || network_vrf(n, name) ||
	    now - n->vrfs_at < VRFS_INTERVAL)
		return;
	n->vrfs_at = now;
	if (route_vrfs(add_vrf, n, err))
		log_warn("%s", err);
}

const struct vrf *network_vrf_gone(struct network *n)
{
	struct vrf *v;

	SLIST_FOREACH(v, &n->vrfs, next)
	if (!v->gone && n->has_data_path && route_index_is_free(v->ifindex)) {
		v->gone = true;
		return v;
	}
	return NULL;
}

/* Without a data path a VRF is but a name. */
static int find_vrfs(struct network *n, char err[CONF_ERROR_MAX])
{
	const struct conf_profile *f;
	uint32_t i = 0;

	if (n->has_data_path)
		return route_vrfs(add_vrf, n, err);
	STAILQ_FOREACH(f, &n->conf->profiles, next)
	if (f->vrf && !network_vrf(n, f->vrf)) {
		i++;
		add_vrf(n, f->vrf, i, i);
	}
	return 0;
}

/* ------------------------------------------------------------------ devices */

/* In a VRF "DEVICE.VRF", or what of it fits. */
static void name_device(struct network_device *d)
{
	char name[2 * IFNAMSIZ];

	snprintf(name, sizeof(name), "%.15s%s%.15s", d->of, d->vrf ? "." : "",
		 d->vrf ? d->vrf->name : "");
	if (strlen(name) >= sizeof(d->name))
		snprintf(name, sizeof(name), "%.4s.%u", d->of, d->vrf->ifindex);
	memcpy(d->name, name, strlen(name) + 1);
}

static int open_addresses(uint32_t ifindex, const struct conf_profile *f,
			  char text[ROUTE_ERROR_MAX])
{
	int rc = f->pool ? route_address(ifindex, &f->local_address, text) : 0;

	if (!rc && f->ppp.network & PPP_IPV6 && f->local_address6.family)
		rc = route_address(ifindex, &f->local_address6, text);
	return rc;
}

/* In its VRF, with our addresses, whatever was there before. */
static int open_device(struct network_device *d, const struct conf_profile *f,
		       char text[ROUTE_ERROR_MAX])
{
	int rc = route_device(d->name, d->vrf ? d->vrf->ifindex : 0,
			      &d->ifindex, text);

	return rc ? rc : open_addresses(d->ifindex, f, text);
}

/* At run time: one of before, which may be in another VRF by now or in none, or a new
 * one that is asked for and not waited for. What is not to be had has an index that
 * there is no device of: nobody gets in by it.
 */
static void make_device(struct network *n, struct network_device *d,
			const struct conf_profile *f)
{
	char text[ROUTE_ERROR_MAX] = "";
	struct kern_device k = { .name = d->name,
				 .master = d->vrf ? d->vrf->ifindex : 0,
				 .local = f->local_address,
				 .local6 = f->local_address6 };

	if (n->has_data_path && !route_ifindex(d->name, &d->ifindex)) {
		if (!open_device(d, f, text))
			return;
		log_warn("ppp-profile %s: %s", f->name, text);
	}
	/* Some may be of before. */
	k.ifindex = SHARED_FIRST + (uint32_t)n->n_devices;
	while (n->has_data_path && !route_index_is_free(k.ifindex))
		k.ifindex++;
	d->ifindex = k.ifindex;
	kern_device_new(n->kern, &k);
}

static struct network_device *find_device(const struct network *n,
					  const struct conf_profile *f,
					  const struct vrf *vrf)
{
	for (size_t i = 0; i < n->n_devices; i++)
		if (n->devices[i].vrf == vrf &&
		    !strcmp(n->devices[i].of, f->device))
			return &n->devices[i];
	return NULL;
}

static struct network_device *new_device(struct network *n,
					 const struct conf_profile *f,
					 const struct vrf *vrf)
{
	struct network_device *d;

	n->devices = array_grow(n->devices, &n->n_devices, sizeof(*n->devices));
	d = &n->devices[n->n_devices - 1];
	d->of = f->device;
	d->vrf = vrf;
	name_device(d);
	return d;
}

const struct network_device *network_device(struct network *n,
					    const struct conf_profile *f,
					    const struct vrf *vrf)
{
	struct network_device *d = find_device(n, f, vrf);

	if (d)
		return d;
	d = new_device(n, f, vrf);
	make_device(n, d, f);
	return d;
}

/* Outside of it they would lead by the main table. */
static void drop_devices(struct network *n, const struct vrf *vrf)
{
	size_t i = 0;

	while (i < n->n_devices) {
		if (n->devices[i].vrf != vrf) {
			i++;
			continue;
		}
		kern_device_del(n->kern, n->devices[i].ifindex);
		n->devices[i] = n->devices[--n->n_devices];
	}
}

/* -------------------------------------------------------------------- pools */

/* Ours, and those of users of the configuration, are lent to nobody else. */
static void reserve(const struct network *n, struct pool *pool)
{
	const struct conf_profile *f;
	const struct conf_user *u;

	STAILQ_FOREACH(f, &n->conf->profiles, next)
	if (f->local_address.family)
		pool_reserve(pool, addr_to_v4(&f->local_address));
	STAILQ_FOREACH(u, &n->conf->users, next)
	if (u->address.family)
		pool_reserve(pool, addr_to_v4(&u->address));
}

static struct pool *fill_pool(const struct conf_pool *p)
{
	struct pool_range ranges[POOL_RANGES_MAX];
	struct pool_conf pc = { .name = p->name,
				.ranges = ranges,
				.n_ranges = p->n_ranges,
				.quarantine = SECONDS(p->quarantine),
				.sticky = p->sticky };

	for (size_t i = 0; i < p->n_ranges; i++)
		ranges[i] = p->ranges[i].range;
	return pool_new(&pc);
}

static bool share(const struct conf_pool *p, const struct conf_pool *q)
{
	for (size_t i = 0; i < p->n_ranges; i++)
		for (size_t k = 0; k < q->n_ranges; k++) {
			const struct pool_range *a = &p->ranges[i].range;
			const struct pool_range *b = &q->ranges[k].range;

			if (a->first <= b->last && b->first <= a->last)
				return true;
		}
	return false;
}

/* A grant has led it to where another one lends some of the same addresses. */
static bool meets_another(const struct network *n, const struct conf_pool *p,
			  const struct vrf *vrf)
{
	for (size_t i = 0; i < n->n_pools; i++)
		if (n->pools[i].vrf == vrf && share(n->pools[i].conf, p)) {
			log_warn("pool %s%s%s: not there: it overlaps pool %s",
				 p->name, vrf ? " vrf " : "",
				 vrf ? vrf->name : "", n->pools[i].conf->name);
			return true;
		}
	return false;
}

static struct network_pool *
add_pool(struct network *n, const struct conf_pool *p, const struct vrf *vrf)
{
	struct fib_list *routes;
	struct network_pool *np;
	struct pool *pool;

	if (meets_another(n, p, vrf))
		return NULL;
	pool = fill_pool(p);
	routes = calloc(1, sizeof(*routes));
	if (!pool || !routes) {
		free(routes);
		pool_free(pool);
		return NULL;
	}
	n->pools = array_grow(n->pools, &n->n_pools, sizeof(*n->pools));
	np = &n->pools[n->n_pools - 1];
	np->conf = p;
	np->vrf = vrf;
	np->pool = pool;
	np->routes = routes;
	np->tag = returned_pool(AF_INET, p->name, vrf ? vrf->name : NULL);
	reserve(n, pool);
	return np;
}

static struct network_pool *find_pool(const struct network *n,
				      const struct conf_pool *p,
				      const struct vrf *vrf)
{
	for (size_t i = 0; i < n->n_pools; i++)
		if (n->pools[i].conf == p && n->pools[i].vrf == vrf)
			return &n->pools[i];
	return NULL;
}

/* To the first device that lends of it. */
static void route_pool(struct network *n, struct network_pool *np,
		       const struct conf_profile *f)
{
	struct kern_route route[POOL_RANGES_MAX];
	const struct network_device *d;

	if (np->routed || f->routes != CONF_ROUTES_AGGREGATE)
		return;
	d = network_device(n, f, np->vrf);
	np->ifindex = d->ifindex;
	np->routed = true;
	for (size_t i = 0; i < np->conf->n_ranges; i++)
		route[i] = (struct kern_route){
			.to = { .net = np->conf->ranges[i].net,
				.len = np->conf->ranges[i].prefix_len },
			.ifindex = d->ifindex,
			.table = network_table(np->vrf)
		};
	fib_set(&n->fib, np->routes, route, np->conf->n_ranges);
}

struct pool *network_pool_there(struct network *n, const struct conf_pool *p,
				const struct vrf *vrf)
{
	struct network_pool *np = find_pool(n, p, vrf);

	if (!np)
		np = add_pool(n, p, vrf);
	return np ? np->pool : NULL;
}

struct pool *network_pool(struct network *n, const struct conf_pool *p,
			  const struct conf_profile *f, const struct vrf *vrf)
{
	struct network_pool *np = find_pool(n, p, vrf);

	if (!np)
		np = add_pool(n, p, vrf);
	if (!np)
		return NULL;
	route_pool(n, np, f);
	return np->pool;
}

void network_leave(struct network *n, const struct vrf *vrf)
{
	drop_devices(n, vrf);
	for (size_t i = 0; i < n->n_pools; i++) {
		if (n->pools[i].vrf != vrf)
			continue;
		fib_drop(&n->fib, n->pools[i].routes, true);
		n->pools[i].routed = false;
	}
}

struct network_pool *network_pool_of(const struct network *n,
				     const struct vrf *vrf,
				     const struct addr *a)
{
	for (size_t i = 0; a->family == AF_INET && i < n->n_pools; i++)
		if (n->pools[i].vrf == vrf &&
		    pool_has(n->pools[i].pool, addr_to_v4(a)))
			return &n->pools[i];
	return NULL;
}

/* ----------------------------------------------------------- own devices */

uint32_t network_own(struct network *n)
{
	return pool_alloc(n->own, 0, 0);
}

uint32_t network_own_index(uint32_t number)
{
	return OWN_FIRST + number;
}

uint32_t network_own_take(struct network *n, uint32_t ifindex)
{
	uint32_t number = ifindex - OWN_FIRST;

	return ifindex > OWN_FIRST && number <= OWN_MAX &&
			       !pool_take(n->own, number) ?
		       number :
		       0;
}

void network_own_drop(struct network *n, uint32_t number, msec_t now)
{
	pool_release(n->own, number, 0, now);
	kern_device_del(n->kern, network_own_index(number));
}

static void sweep_device(void *ctx, const char *name, uint32_t ifindex)
{
	struct network *n = ctx;
	uint32_t number = network_own_take(n, ifindex);

	if (!number)
		return;
	log_info("restart: removed device %s of nobody", name);
	network_own_drop(n, number, 0);
}

void network_sweep(struct network *n)
{
	char err[ROUTE_ERROR_MAX] = "";

	if (!n->has_data_path)
		return;
	fib_sweep(&n->fib);
	if (route_devices(sweep_device, n, err))
		log_warn("restart: devices of before stay: %s", err);
}

/* ----------------------------------------------------------- open and close */

void network_init(struct network *n, const struct conf *conf, struct kern *k)
{
	static const struct pool_range numbers = { 1, OWN_MAX };
	static const struct pool_conf own = { .name = "devices",
					      .ranges = &numbers,
					      .n_ranges = 1 };

	*n = (struct network){ .conf = conf, .kern = k };
	n->has_data_path = !strcmp(k->impl->name, "module");
	n->own = pool_new(&own);
	if (!n->own)
		abort();
	fib_init(&n->fib, k);
}

/* One that terminates: its device, our addresses, the pool's routes. */
static int open_profile(struct network *n, const struct conf_profile *f,
			char err[CONF_ERROR_MAX])
{
	const struct vrf *vrf = f->vrf ? network_vrf(n, f->vrf) : NULL;
	char text[ROUTE_ERROR_MAX] = "";
	struct network_device *d;

	if (!conf_terminates(f))
		return 0;
	if (f->vrf && !vrf) {
		snprintf(err, CONF_ERROR_MAX,
			 "ppp-profile %s: there is no VRF device %s", f->name,
			 f->vrf);
		return -1;
	}
	d = find_device(n, f, vrf);
	if (!d)
		d = new_device(n, f, vrf);
	if (n->has_data_path && open_device(d, f, text)) {
		snprintf(err, CONF_ERROR_MAX, "ppp-profile %s: %s", f->name,
			 text);
		return -1;
	}
	if (!f->pool || network_pool(n, f->pool, f, vrf))
		return 0;
	snprintf(err, CONF_ERROR_MAX, "pool %s: out of memory", f->pool->name);
	return -1;
}

int network_open(struct network *n, char err[CONF_ERROR_MAX])
{
	const struct conf_profile *f;

	if (find_vrfs(n, err))
		return -1;
	if (n->has_data_path)
		fib_open(&n->fib);
	STAILQ_FOREACH(f, &n->conf->profiles, next)
	if (open_profile(n, f, err))
		return -1;
	return 0;
}

void network_close(struct network *n)
{
	struct vrf *v;

	for (size_t i = 0; i < n->n_pools; i++) {
		fib_drop(&n->fib, n->pools[i].routes, false);
		free(n->pools[i].routes);
		pool_free(n->pools[i].pool);
	}
	free(n->pools);
	free(n->devices);
	pool_free(n->own);
	while ((v = SLIST_FIRST(&n->vrfs))) {
		SLIST_REMOVE_HEAD(&n->vrfs, next);
		free(v);
	}
	fib_free(&n->fib);
}
