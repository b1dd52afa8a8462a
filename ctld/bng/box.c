/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opening and closing a box: what the configuration names is made, in the kernel
 * and here. Called by main, at start-up; nothing here waits later.
 */
#include "bng/box.h"

#include "base/log.h"
#include "kern/route.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *grow(void *array, size_t *n, size_t size)
{
	char *p = realloc(array, (*n + 1) * size);

	if (!p)
		abort();
	memset(p + *n * size, 0, size);
	++*n;
	return p;
}

static int open_endpoint(struct box *b, const struct conf_endpoint *e,
			 char err[CONF_ERROR_MAX])
{
	char text[KERN_ERROR_MAX] = "";
	uint32_t vrf = 0;
	uint32_t id;

	if (e->vrf && route_ifindex(e->vrf, &vrf)) {
		snprintf(err, CONF_ERROR_MAX,
			 "endpoint %s: there is no device %s", e->name, e->vrf);
		return -1;
	}
	if (kern_endpoint(b->kern, &e->local, vrf, &id, text)) {
		snprintf(err, CONF_ERROR_MAX, "endpoint %s: %s", e->name, text);
		return -1;
	}
	b->endpoints =
		grow(b->endpoints, &b->n_endpoints, sizeof(*b->endpoints));
	b->endpoints[b->n_endpoints - 1] =
		(struct box_endpoint){ .conf = e, .id = id };
	return 0;
}

static int open_port(struct box *b, const struct conf_port *p,
		     char err[CONF_ERROR_MAX])
{
	char text[KERN_ERROR_MAX] = "";
	uint32_t ifindex;

	if (route_ifindex(p->ifname, &ifindex)) {
		snprintf(err, CONF_ERROR_MAX, "access-port %s: no such device",
			 p->ifname);
		return -1;
	}
	if (kern_port(b->kern, ifindex, text)) {
		snprintf(err, CONF_ERROR_MAX, "access-port %s: %s", p->ifname,
			 text);
		return -1;
	}
	b->ports = grow(b->ports, &b->n_ports, sizeof(*b->ports));
	b->ports[b->n_ports - 1] =
		(struct box_port){ .conf = p, .ifindex = ifindex };
	return 0;
}

static int open_pool(struct box *b, const struct conf_pool *p,
		     char err[CONF_ERROR_MAX])
{
	struct pool *pool = pool_new(p->name, p->first, p->last);

	if (!pool) {
		snprintf(err, CONF_ERROR_MAX, "pool %s: out of memory",
			 p->name);
		return -1;
	}
	b->pools = grow(b->pools, &b->n_pools, sizeof(*b->pools));
	b->pools[b->n_pools - 1] = (struct box_pool){ .conf = p, .pool = pool };
	return 0;
}

static bool has_data_path(const struct box *b)
{
	return !strcmp(b->kern->impl->name, "module");
}

/* A profile with a pool terminates: its device, our address, the pool's route. */
static int open_profile(struct box *b, const struct conf_profile *p,
			char err[CONF_ERROR_MAX])
{
	char text[ROUTE_ERROR_MAX] = "";
	uint32_t ifindex;

	if (!p->pool)
		return 0;
	if (!has_data_path(b)) {
		ifindex = 0; /* without a data path there is no device */
	} else if (route_device(p->device, &ifindex, text) ||
		   route_address(ifindex, &p->local_address, text) ||
		   route_prefix(ifindex, &p->pool->net, p->pool->prefix_len,
				text)) {
		snprintf(err, CONF_ERROR_MAX, "ppp-profile %s: %s", p->name,
			 text);
		return -1;
	}
	pool_reserve(box_pool(b, p), addr_to_v4(&p->local_address));
	b->devices = grow(b->devices, &b->n_devices, sizeof(*b->devices));
	b->devices[b->n_devices - 1] =
		(struct box_device){ .profile = p, .ifindex = ifindex };
	return 0;
}

/* Often enough that a HELLO or an echo is not sent into traffic. */
static msec_t poll_interval(const struct conf *c)
{
	unsigned int least = 60;
	const struct conf_destination *d;
	const struct conf_remote_host *h;
	const struct conf_profile *p;
	const struct conf_tunnel *t;

	STAILQ_FOREACH(t, &c->tunnels, next)
	if (t->peer.hello && t->peer.hello < least)
		least = t->peer.hello;
	STAILQ_FOREACH(d, &c->destinations, next)
	STAILQ_FOREACH(h, &d->hosts, next)
	if (h->peer.hello && h->peer.hello < least)
		least = h->peer.hello;
	STAILQ_FOREACH(p, &c->profiles, next)
	{
		if (p->ppp.echo_interval && p->ppp.echo_interval < least)
			least = p->ppp.echo_interval;
		if (p->idle_timeout && p->idle_timeout < least)
			least = p->idle_timeout;
	}
	return least < 4 ? SECONDS(1) : SECONDS(least) / 3;
}

static int open_users(struct box *b)
{
	const struct conf_user *u;

	b->users = aaa_local_new();
	if (!b->users)
		return -1;
	STAILQ_FOREACH(u, &b->conf->users, next)
	if (aaa_local_add(b->users, u->name, u->password, &u->address))
		return -1;
	return 0;
}

/* A user's own address is lent to nobody else. */
static void reserve_addresses(struct box *b)
{
	const struct conf_user *u;
	struct pool *pool;

	STAILQ_FOREACH(u, &b->conf->users, next)
	{
		pool = u->address.family ? box_pool_of(b, &u->address) : NULL;
		if (pool)
			pool_reserve(pool, addr_to_v4(&u->address));
	}
}

static void add_peer(struct kern_prefix **list, size_t *n,
		     const struct addr *net, uint8_t len)
{
	struct kern_prefix *p;
	size_t i;

	if (!len)
		return; /* everybody is no peer */
	*list = grow(*list, n, sizeof(**list));
	p = &(*list)[*n - 1];
	*p = (struct kern_prefix){ .net = *net, .len = len };
	/* As written, a prefix may have bits behind its length. */
	for (i = len; i < addr_len(net) * 8; i++)
		p->net.b[i / 8] &= (uint8_t) ~(0x80 >> i % 8);
}

/* Who is configured, either way. Too many is no reason not to start. */
static int open_peers(struct box *b, char err[CONF_ERROR_MAX])
{
	const struct conf_destination *d;
	struct kern_prefix *list = NULL;
	const struct conf_tunnel *t;
	char text[KERN_ERROR_MAX];
	size_t n = 0;
	int rc;

	STAILQ_FOREACH(t, &b->conf->tunnels, next)
	add_peer(&list, &n, &t->remote.addr,
		 (uint8_t)(addr_len(&t->remote.addr) * 8));
	STAILQ_FOREACH(d, &b->conf->destinations, next)
	add_peer(&list, &n, &d->net, d->prefix_len);
	rc = n && b->n_endpoints ? kern_peers(b->kern, list, n, text) : 0;
	free(list);
	if (rc == -E2BIG)
		log_warn("peers: %s: the others are as strangers", text);
	else if (rc)
		snprintf(err, CONF_ERROR_MAX, "peers: %s", text);
	return rc && rc != -E2BIG ? -1 : 0;
}

static void ended_kept(struct ended_all *a, const struct ended *e)
{
	struct box *b = container_of(a, struct box, ended);

	if (b->hooks)
		b->hooks->ended(b, e);
}

static void ended_gone(struct ended_all *a, const struct ended *e)
{
	struct box *b = container_of(a, struct box, ended);

	if (b->hooks)
		b->hooks->ended_gone(b, e);
}

int box_open(struct box *b, const struct conf *conf, struct kern *kern,
	     const struct l2tp_host_ops *l2tp,
	     const struct pppoe_disc_ops *disc, char err[CONF_ERROR_MAX])
{
	const struct conf_endpoint *e;
	const struct conf_profile *f;
	const struct conf_pool *l;
	const struct conf_port *p;

	*b = (struct box){ .conf = conf, .kern = kern };
	/* Cookies of this run and of those before it differ: boot time grows. */
	b->next_id = (uint64_t)clock_now() << 16;
	hash_init(&b->by_access);
	hash_init(&b->by_to);
	hash_init(&b->by_client);
	hash_init(&b->by_address);
	idmap_init(&b->pppoe_ids);
	/* RFC 2516 4: reserved, never to be assigned. */
	idmap_take(&b->pppoe_ids, UINT16_MAX, b);
	LIST_INIT(&b->subscribers);
	LIST_INIT(&b->dead);
	LIST_INIT(&b->probes);
	b->poll_interval = poll_interval(conf);
	ended_init(&b->ended, &b->timers, conf->destruct_timeout,
		   conf->max_tunnels, conf->max_sessions);
	b->ended.kept = ended_kept;
	b->ended.gone = ended_gone;
	l2tp_host_init(&b->l2tp, l2tp, &b->timers, b);
	b->l2tp.max_tunnels = conf->max_tunnels;
	b->l2tp.max_sessions = conf->max_sessions;
	b->l2tp.max_pending = conf->max_setups;
	b->l2tp.destruct = conf->destruct_timeout;
	b->used = calloc(conf->n_limits + 1, sizeof(*b->used));
	if (!b->used)
		abort();
	pppoe_disc_init(&b->disc, disc, b);
	if (open_users(b) || radius_open(&b->radius, conf, kern, &b->timers)) {
		snprintf(err, CONF_ERROR_MAX, "users: out of memory");
		return -1;
	}
	STAILQ_FOREACH(l, &conf->pools, next)
	if (open_pool(b, l, err))
		return -1;
	reserve_addresses(b);
	if (has_data_path(b)) {
		b->local = local_open(kern->loop, err);
		if (!b->local)
			return -1;
	}
	STAILQ_FOREACH(e, &conf->endpoints, next)
	if (open_endpoint(b, e, err))
		return -1;
	STAILQ_FOREACH(p, &conf->ports, next)
	if (open_port(b, p, err))
		return -1;
	STAILQ_FOREACH(f, &conf->profiles, next)
	if (open_profile(b, f, err))
		return -1;
	if (open_peers(b, err))
		return -1;
	return kern_limits(kern, conf->max_tunnels, conf->max_sessions, err);
}

void box_close(struct box *b)
{
	l2tp_host_free(&b->l2tp);
	ended_free(&b->ended);
	local_close(b->local);
	for (size_t i = 0; i < b->n_pools; i++)
		pool_free(b->pools[i].pool);
	free(b->pools);
	free(b->endpoints);
	free(b->ports);
	free(b->devices);
	free(b->used);
	aaa_local_free(b->users);
	radius_close(&b->radius);
	hash_free(&b->by_access);
	hash_free(&b->by_to);
	hash_free(&b->by_client);
	hash_free(&b->by_address);
	idmap_free(&b->pppoe_ids);
	timers_free(&b->timers);
}

struct pool *box_pool(const struct box *b, const struct conf_profile *p)
{
	for (size_t i = 0; i < b->n_pools; i++)
		if (b->pools[i].conf == p->pool)
			return b->pools[i].pool;
	return NULL;
}

struct pool *box_pool_of(const struct box *b, const struct addr *a)
{
	for (size_t i = 0; i < b->n_pools; i++)
		if (a->family == AF_INET &&
		    pool_has(b->pools[i].pool, addr_to_v4(a)))
			return b->pools[i].pool;
	return NULL;
}

uint32_t box_device(const struct box *b, const struct conf_profile *p)
{
	for (size_t i = 0; i < b->n_devices; i++)
		if (b->devices[i].profile == p)
			return b->devices[i].ifindex;
	return 0;
}

const struct box_endpoint *box_endpoint(const struct box *b,
					const struct conf_endpoint *e)
{
	for (size_t i = 0; i < b->n_endpoints; i++)
		if (b->endpoints[i].conf == e)
			return &b->endpoints[i];
	return NULL;
}

const struct box_port *box_port(const struct box *b, uint32_t ifindex)
{
	for (size_t i = 0; i < b->n_ports; i++)
		if (b->ports[i].ifindex == ifindex)
			return &b->ports[i];
	return NULL;
}

bool box_is_ours(const struct box *b, const struct addr *a)
{
	for (size_t i = 0; i < b->n_endpoints; i++)
		if (addr_eq(&b->endpoints[i].conf->local.addr, a))
			return true;
	return b->local && local_has(b->local, a);
}

uint64_t box_new_id(struct box *b)
{
	return b->next_id++;
}

bool box_full(const struct box *b)
{
	return b->n_subscribers >= b->conf->max_sessions;
}
