/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opening and closing a box: what the configuration names is made, in the kernel
 * and here. Called by main, at start-up; nothing here waits later.
 */
#include "bng/box.h"

#include "base/array.h"
#include "base/log.h"
#include "bng/duid.h"
#include "bng/radius_host.h"
#include "kern/route.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Serial numbers of calls go on from the wall clock, so that those after a restart are
 * others than those before; where there are more calls, for days, they may meet.
 */
#define CALLS_A_SECOND 16

/* The kernel forwards IPv6 only if it is told to; that is the operator's. */
static void check_forwarding(const struct box *b)
{
	const struct conf_profile *f;

	STAILQ_FOREACH(f, &b->conf->profiles, next)
	if (conf_terminates(f) && f->ppp.network & PPP_IPV6 &&
	    !route_forwards6()) {
		log_warn("ppp-profile %s: the kernel does not forward IPv6: net.ipv6.conf.all.forwarding is 0",
			 f->name);
		return;
	}
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
	STAILQ_FOREACH(t, &c->tunnel_defaults, next)
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

static void add_peer(struct kern_prefix **list, size_t *n,
		     const struct addr *net, uint8_t len)
{
	struct kern_prefix *p;
	size_t i;

	if (!len)
		return; /* everybody is no peer */
	*list = array_grow(*list, n, sizeof(**list));
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
	rc = n && b->devices.n_endpoints ? kern_peers(b->kern, list, n, text) :
					   0;
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

static void past_kept(struct past_list *l, const struct past *p)
{
	struct box *b = container_of(l, struct box, past);

	if (b->hooks)
		b->hooks->past(b, p);
}

static void past_gone(struct past_list *l, const struct past *p)
{
	struct box *b = container_of(l, struct box, past);

	if (b->hooks)
		b->hooks->past_gone(b, p);
}

static void definition_kept(struct definitions *ds, const struct definition *d)
{
	struct box *b = container_of(ds, struct box, definitions);

	if (b->hooks)
		b->hooks->definition(b, d);
}

static void definition_gone(struct definitions *ds, const struct definition *d)
{
	struct box *b = container_of(ds, struct box, definitions);

	if (b->hooks)
		b->hooks->definition_gone(b, d);
}

static void lockout_kept(struct lockouts *ls, const struct lockout *l)
{
	struct box *b = container_of(ls, struct box, lockouts);

	if (b->hooks)
		b->hooks->lockout(b, l);
}

static void lockout_gone(struct lockouts *ls, const struct lockout *l)
{
	struct box *b = container_of(ls, struct box, lockouts);
	char name[L2TP_DESTINATION_STRLEN];

	log_info("destination %s: available again", lockout_str(l, name));
	if (b->hooks)
		b->hooks->lockout_gone(b, l);
}

static void returned_kept(struct returned *r, uint64_t key, const void *data,
			  size_t len)
{
	struct box *b = container_of(r, struct box, returned);

	if (b->hooks)
		b->hooks->returned(b, key, data, len);
}

static void servers_changed(struct radius_client *c)
{
	struct radius *r = c->user;
	struct box *b = container_of(r, struct box, radius);

	if (b->hooks)
		b->hooks->servers(b, c);
}

static void ended_gone(struct ended_all *a, const struct ended *e)
{
	struct box *b = container_of(a, struct box, ended);

	if (b->hooks)
		b->hooks->ended_gone(b, e);
}

static void devices_changed(struct devices *d, bool port, uint32_t id,
			    bool open)
{
	struct box *b = container_of(d, struct box, devices);

	if (b->hooks)
		b->hooks->opened(b, port, id, open);
}

int box_open(struct box *b, const struct conf *conf, struct kern *kern,
	     const struct l2tp_host_ops *l2tp,
	     const struct pppoe_disc_ops *disc, char err[CONF_ERROR_MAX])
{
	*b = (struct box){ .conf = conf, .kern = kern };
	b->next_id = box_first_id(clock_wall(), clock_now());
	hash_init(&b->by_access);
	hash_init(&b->by_to);
	hash_init(&b->by_client);
	hash_init(&b->by_address);
	names_init(&b->names);
	hash_init(&b->let_in);
	tally_init(&b->tally);
	network_init(&b->network, conf, kern);
	returned_init(&b->returned, conf->max_sessions);
	b->returned.keep = returned_kept;
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
	past_init(&b->past);
	b->past.kept = past_kept;
	b->past.gone = past_gone;
	lockouts_init(&b->lockouts, conf->lockout_timeout, conf->lockout_test);
	b->lockouts.kept = lockout_kept;
	b->lockouts.gone = lockout_gone;
	definitions_init(&b->definitions, conf, conf->max_tunnels);
	b->definitions.kept = definition_kept;
	b->definitions.gone = definition_gone;
	l2tp_host_init(&b->l2tp, l2tp, &b->timers, b);
	b->l2tp.serial = clock_wall() * CALLS_A_SECOND;
	b->l2tp.max_tunnels = conf->max_tunnels;
	b->l2tp.max_sessions = conf->max_sessions;
	b->l2tp.max_pending = conf->max_setups;
	b->l2tp.destruct = conf->destruct_timeout;
	b->used = calloc(conf->n_limits + 1, sizeof(*b->used));
	if (!b->used)
		abort();
	pppoe_disc_init(&b->disc, disc, &b->timers, b);
	if (open_users(b) || radius_open(&b->radius, conf, kern, &b->timers) ||
	    radius_host_open(&b->radius, conf)) {
		snprintf(err, CONF_ERROR_MAX, "users: out of memory");
		return -1;
	}
	/* Ids of look-ups: radius_host's are before. */
	lns_names_init(&b->lns_names, kern, conf->n_radius_servers);
	b->radius.client.changed = b->radius.acct.changed = servers_changed;
	if (dae_open(&b->dae, conf, kern, err))
		return -1;
	duid_make(&b->duid, conf->hostname);
	if (b->network.has_data_path) {
		b->local = local_open(kern->loop, err);
		if (!b->local)
			return -1;
	}
	if (devices_open(&b->devices, conf, kern, &b->timers, err))
		return -1;
	b->devices.changed = devices_changed;
	if (network_open(&b->network, err))
		return -1;
	if (pool6_open(&b->pools6, &b->network)) {
		snprintf(err, CONF_ERROR_MAX, "pools of IPv6: out of memory");
		return -1;
	}
	if (b->network.has_data_path)
		check_forwarding(b);
	if (open_peers(b, err))
		return -1;
	return kern_limit(kern,
			  &(struct kern_limits){ conf->max_tunnels,
						 conf->max_sessions,
						 conf->orphan_timeout },
			  err);
}

void box_close(struct box *b)
{
	l2tp_host_free(&b->l2tp);
	ended_free(&b->ended);
	past_free(&b->past);
	definitions_free(&b->definitions);
	lockouts_free(&b->lockouts);
	local_close(b->local);
	pool6_close(&b->pools6);
	network_close(&b->network);
	returned_free(&b->returned);
	devices_close(&b->devices);
	free(b->used);
	aaa_local_free(b->users);
	lns_names_free(&b->lns_names);
	radius_host_close(&b->radius);
	radius_close(&b->radius);
	dae_close(&b->dae);
	hash_free(&b->by_access);
	hash_free(&b->by_to);
	hash_free(&b->by_client);
	hash_free(&b->by_address);
	names_free(&b->names);
	hash_free(&b->let_in);
	tally_free(&b->tally);
	pppoe_disc_free(&b->disc);
	idmap_free(&b->pppoe_ids);
	timers_free(&b->timers);
}

const struct box_endpoint *box_endpoint(const struct box *b,
					const struct conf_endpoint *e)
{
	return devices_endpoint(&b->devices, e);
}

const struct box_port *box_port(const struct box *b, uint32_t ifindex)
{
	return devices_port(&b->devices, ifindex);
}

bool box_is_ours(const struct box *b, const struct addr *a)
{
	for (size_t i = 0; i < b->devices.n_endpoints; i++)
		if (addr_eq(&b->devices.endpoints[i].conf->local.addr, a))
			return true;
	return b->local && local_has(b->local, a);
}

uint64_t box_first_id(uint32_t wall, msec_t now)
{
	return (uint64_t)wall << 32 | (uint32_t)(now << 8);
}

uint64_t box_new_id(struct box *b)
{
	return b->next_id++;
}

bool box_full(const struct box *b)
{
	return b->n_subscribers >= b->conf->max_sessions;
}
