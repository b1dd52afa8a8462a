/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Subscribers: made by the access side (bng/access) or by a call (bng/lns), ended
 * by anybody, freed by the loop. See subscriber.h.
 */
#include "bng/subscriber.h"

#include "base/log.h"
#include "bng/limit.h"
#include "l2tp/msg.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char nobody[] = "";

const char *subscriber_state_name(enum subscriber_state s)
{
	static const char *const name[] = {
		[SUBSCRIBER_NEGOTIATING] = "negotiating",
		[SUBSCRIBER_TUNNELLING] = "tunnelling",
		[SUBSCRIBER_TUNNELLED] = "tunnelled",
		[SUBSCRIBER_UP] = "up",
		[SUBSCRIBER_DEAD] = "dead",
	};

	return name[s];
}

/* A port's, or a VLAN's of it, if the subscriber comes in by one. */
static const struct ppp_conf *ppp_of(const struct box *b,
				     const struct kern_link *access,
				     const struct conf_profile *profile)
{
	const struct box_port *port = access->kind == KERN_PPPOE ?
					      box_port(b, access->ifindex) :
					      NULL;

	return port ? conf_port_ppp(port->conf, access->vlan_outer,
				    access->vlan_inner) :
		      &profile->ppp;
}

struct subscriber *subscriber_new(struct box *b, const struct kern_link *access,
				  const struct conf_profile *profile,
				  const struct ppp_link_ops *ops, msec_t now)
{
	struct subscriber *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->box = b;
	s->id = box_new_id(b);
	s->access = *access;
	s->access_is_ours = true;
	s->profile = profile;
	s->user = nobody;
	s->since = now;
	STAILQ_INIT(&s->early);
	ppp_link_init(&s->ppp, ops, ppp_of(b, access, profile), &b->timers,
		      &b->ppp_count, s);
	hash_add(&b->by_access, &s->by_access, kern_link_key(access));
	LIST_INSERT_HEAD(&b->subscribers, s, all);
	b->n_subscribers++;
	b->count.subscribers_started++;
	return s;
}

struct subscriber *subscriber_find(const struct box *b,
				   const struct kern_link *l)
{
	uint64_t key = kern_link_key(l);
	struct hash_node *node;
	struct subscriber *s;

	for (node = hash_find(&b->by_access, key); node;
	     node = hash_next(node)) {
		s = container_of(node, struct subscriber, by_access);
		if (kern_link_eq(&s->access, l))
			return s;
	}
	for (node = hash_find(&b->by_to, key); node; node = hash_next(node)) {
		s = container_of(node, struct subscriber, by_to);
		if (kern_link_eq(&s->to, l))
			return s;
	}
	return NULL;
}

static void free_user(struct subscriber *s)
{
	if (s->user != nobody)
		free((char *)s->user);
}

bool subscriber_set_user(struct subscriber *s, const char *name)
{
	char *copy = strdup(name);

	if (!copy)
		return false;
	free_user(s);
	s->user = copy;
	return true;
}

void subscriber_set_host(struct subscriber *s,
			 const struct conf_remote_host *host)
{
	s->host = host;
	limit_take(s->box, host);
}

void subscriber_set_to(struct subscriber *s, const struct kern_link *to)
{
	s->to = *to;
	s->to_is_ours = true;
	hash_add(&s->box->by_to, &s->by_to, kern_link_key(to));
}

int subscriber_set_grant(struct subscriber *s, const struct aaa_grant *g)
{
	uint8_t buf[AAA_GRANT_RECORD_MAX];
	struct wr w = wr_make(buf, sizeof(buf));
	struct subscriber_grant *grant = NULL;

	aaa_grant_write(g, &w);
	if (wr_len(&w)) {
		grant = malloc(sizeof(*grant) + wr_len(&w));
		if (!grant)
			return -ENOMEM;
		grant->len = (uint16_t)wr_len(&w);
		memcpy(grant->b, buf, grant->len);
	}
	free(s->grant);
	s->grant = grant;
	return 0;
}

void subscriber_grant(const struct subscriber *s, struct aaa_grant *g)
{
	struct rd r = rd_make(NULL, 0);

	if (s->grant)
		r = rd_make(s->grant->b, s->grant->len);
	aaa_grant_read(g, &r);
}

size_t subscriber_told_name(const struct subscriber *s,
			    char out[AAA_TEXT_MAX + 1])
{
	struct aaa_grant g = { 0 };

	if (s->grant)
		subscriber_grant(s, &g);
	return (size_t)snprintf(out, AAA_TEXT_MAX + 1, "%s",
				g.user[0] ? g.user : s->user);
}

void subscriber_store(struct subscriber *s)
{
	if (s->state != SUBSCRIBER_DEAD && s->box->hooks)
		s->box->hooks->subscriber(s->box, s);
}

/* As the kernel tells it from PPP's own. */
static bool is_data(const uint8_t *frame)
{
	return !(frame[0] & 0x80);
}

void subscriber_input(struct subscriber *s, msec_t now, const void *frame,
		      size_t len)
{
	s->own_rx.now += len && is_data(frame);
	ppp_link_input(&s->ppp, now, frame, len);
}

void subscriber_send(struct subscriber *s, const void *frame, size_t len)
{
	if (s->state == SUBSCRIBER_DEAD)
		return;
	s->own_tx.now += is_data(frame);
	kern_send_ppp(s->box->kern, &s->access, frame, len);
}

static void add_stats(struct kern_stats *to, const struct kern_stats *s)
{
	to->rx_packets += s->rx_packets;
	to->rx_bytes += s->rx_bytes;
	to->tx_packets += s->tx_packets;
	to->tx_bytes += s->tx_bytes;
}

/* More than ours has passed: advertisements, DHCPv6 and the like keep nobody up. A frame
 * may be counted here a look earlier than there, but no later than that.
 */
static bool carried(struct subscriber_own *own, uint64_t old, uint64_t new)
{
	uint64_t n = new >= old ? new - old : new;
	uint32_t ours = own->now + own->before;
	uint32_t left = n < ours ? ours - (uint32_t)n : 0;

	own->before = left < own->now ? left : own->now;
	own->now = 0;
	return n > ours;
}

/* PPP's own frames are not what makes a link busy. */
void subscriber_polled(struct subscriber *s, msec_t now,
		       const struct kern_stats *stats)
{
	bool came = kern_rx_frames(&s->stats) != kern_rx_frames(stats);
	bool rx = carried(&s->own_rx, s->stats.rx_packets, stats->rx_packets);
	bool tx = carried(&s->own_tx, s->stats.tx_packets, stats->tx_packets);

	if (stats->rx_packets < s->stats.rx_packets)
		add_stats(&s->account.base, &s->stats);
	s->stats = *stats;
	if (s->state != SUBSCRIBER_UP)
		return;
	if (came)
		ppp_link_heard(&s->ppp, now);
	ppp_link_traffic(&s->ppp, now, rx || tx);
}

/* It may hold a password. */
static void free_frame(struct subscriber_frame *f)
{
	explicit_bzero(f->b, f->len);
	free(f);
}

static void drop_early(struct subscriber *s)
{
	struct subscriber_frame *f;

	while ((f = STAILQ_FIRST(&s->early))) {
		STAILQ_REMOVE_HEAD(&s->early, next);
		free_frame(f);
	}
	s->n_early = 0;
}

static uint64_t address_key(const struct vrf *vrf, const struct addr *a)
{
	return hash_bytes(a->b, addr_len(a)) + (vrf ? vrf->ifindex : 0);
}

struct subscriber *subscriber_of_address(const struct box *b,
					 const struct vrf *vrf,
					 const struct addr *a)
{
	struct hash_node *node = hash_find(&b->by_address, address_key(vrf, a));

	for (; node; node = hash_next(node)) {
		struct subscriber *s =
			container_of(node, struct subscriber, by_address);

		if (s->vrf == vrf && addr_eq(&s->address, a))
			return s;
	}
	return NULL;
}

void subscriber_set_address(struct subscriber *s, const struct vrf *vrf,
			    const struct addr *a, struct pool *pool)
{
	s->vrf = vrf;
	s->address = *a;
	s->pool = pool;
	hash_add(&s->box->by_address, &s->by_address, address_key(vrf, a));
}

/* A pool that neither lets it rest nor knows users has nothing to remember. */
static void give_back(const struct subscriber *s, msec_t now)
{
	const struct network_pool *np =
		network_pool_of(&s->box->network, s->vrf, &s->address);
	struct returned_entry e = { .what = addr_to_v4(&s->address),
				    .user = pool_tag(s->user),
				    .at = returned_time(now) };

	pool_release(s->pool, e.what, e.user, now);
	if (!np || !(np->conf->sticky || np->conf->quarantine))
		return;
	e.pool = np->tag;
	returned_add(&s->box->returned, &e);
}

void subscriber_release_address(struct subscriber *s, msec_t now)
{
	struct network *n = &s->box->network;

	fib_drop(&n->fib, &s->routes, true);
	if (s->own_device)
		network_own_drop(n, s->own_device, now);
	s->own_device = 0;
	if (!s->address.family)
		return;
	hash_del(&s->box->by_address, &s->by_address);
	if (s->pool)
		give_back(s, now);
	s->pool = NULL;
	s->vrf = NULL;
	s->address = (struct addr){ 0 };
}

/* The client of a PPPoE access hears PADT; its SESSION_ID rests. */
static void end_access(struct subscriber *s)
{
	struct box *b = s->box;

	if (s->access_is_ours)
		kern_link_del(b->kern, &s->access);
	if (s->access.kind != KERN_PPPOE)
		return;
	hash_del(&b->by_client, &s->by_client);
	tally_give(&b->tally, &s->client);
	pppoe_disc_end(&b->disc, &s->client, s->access.session_id);
	idmap_del(&b->pppoe_ids, s->access.session_id);
}

void subscriber_call_ended(const struct subscriber *s, msec_t now,
			   const struct l2tp_session *call,
			   const struct l2tp_result *why)
{
	struct ended e = { .cookie = s->id, .since = s->since, .why = *why };

	log_safe(s->user, strlen(s->user), e.user, sizeof(e.user));
	/* Those of a LAC's access link look the other way. */
	if (s->access.kind == KERN_SESSION)
		e.stats = s->stats;
	ended_session(&s->box->ended, now, call, &e);
}

static void end_call(struct subscriber *s, msec_t now, uint16_t cdn_result,
		     const char *text)
{
	static const struct l2tp_causes admin = {
		.n = 1, .cause = { { .code = L2TP_CAUSE_ADMIN } }
	};
	struct l2tp_session *call = s->session;
	struct l2tp_result why;

	if (s->to.kind) {
		if (s->to_is_ours)
			kern_link_del(s->box->kern, &s->to);
		hash_del(&s->box->by_to, &s->by_to);
	}
	s->session = NULL;
	if (!call)
		return;
	if (s->box->hooks)
		s->box->hooks->session_gone(s->box, call);
	l2tp_result_set(&why, cdn_result, 0, text);
	subscriber_call_ended(s, now, call, &why);
	call->user = NULL;
	l2tp_session_close_ppp(call, now, cdn_result, text,
			       s->causes		    ? s->causes :
			       cdn_result == L2TP_CDN_ADMIN ? &admin :
							      NULL);
}

/* For the log, and for who asks later. */
static void remember(struct subscriber *s, msec_t now, const char *why)
{
	struct past p = { .id = s->id,
			  .since = s->since,
			  .at = now,
			  .state = (uint8_t)s->state,
			  .address = s->address };

	if (s->access.kind == KERN_PPPOE)
		memcpy(p.mac, s->client.mac, sizeof(p.mac));
	kern_link_str(&s->access, p.access);
	log_safe(s->user, strlen(s->user), p.user, sizeof(p.user));
	snprintf(p.why, sizeof(p.why), "%s", why);
	log_info("%s user %s: %s -> ended (%s)", p.access,
		 p.user[0] ? p.user : "-", subscriber_state_name(s->state),
		 why);
	past_add(&s->box->past, &p);
}

void subscriber_end(struct subscriber *s, msec_t now, uint16_t cdn_result,
		    const char *text)
{
	struct box *b = s->box;

	if (s->state == SUBSCRIBER_DEAD)
		return;
	remember(s, now, text);
	s->why = text;
	if (b->ends)
		b->ends(s, now, cdn_result);
	if (b->hooks)
		b->hooks->event(b, "down", s);
	if (s->state == SUBSCRIBER_TUNNELLING)
		b->count.tunnel_failed++;
	s->state = SUBSCRIBER_DEAD;
	question_drop(&s->question, now);
	lns_ask_drop(&s->lns_ask);
	hash_del(&b->by_access, &s->by_access);
	LIST_REMOVE(s, all);
	LIST_INSERT_HEAD(&b->dead, s, all);
	b->n_subscribers--;
	if (s->host)
		limit_give(b, s->host);
	b->count.subscribers_ended++;
	end_call(s, now, cdn_result, text);
	end_access(s);
	subscriber_release_address(s, now);
	ipv6_free(s->ipv6, now);
	s->ipv6 = NULL;
	/* What came back is written by now. */
	if (b->hooks)
		b->hooks->subscriber_gone(b, s);
	names_clear(&b->names, &s->names);
	name_set(&b->let_in, &s->let_in, NULL, 0);
	drop_early(s);
	s->why = NULL;
}

void subscriber_reap(struct box *b, msec_t now)
{
	struct subscriber *s;

	while ((s = LIST_FIRST(&b->dead))) {
		LIST_REMOVE(s, all);
		ppp_link_fini(&s->ppp);
		timer_stop(&b->timers, &s->settle);
		route_free(s->route);
		timer_stop(&b->timers, &s->account.interim);
		free_user(s);
		free(s->names.rare);
		free(s->grant);
		ipv6_free(s->ipv6, now);
		free(s->calling);
		free(s->called);
		free(s->line);
		free(s);
	}
	definitions_reap(&b->definitions);
}

void subscriber_keep(struct subscriber *s, const void *frame, size_t len)
{
	struct subscriber_frame *f;

	f = s->n_early < SUBSCRIBER_EARLY_MAX ? malloc(sizeof(*f) + len) : NULL;
	if (!f) {
		s->box->count.rx_early_dropped++;
		return;
	}
	f->len = len;
	memcpy(f->b, frame, len);
	STAILQ_INSERT_TAIL(&s->early, f, next);
	s->n_early++;
}

void subscriber_replay(struct subscriber *s, msec_t now)
{
	struct subscriber_frame *f;

	while ((f = STAILQ_FIRST(&s->early)) && s->state != SUBSCRIBER_DEAD) {
		STAILQ_REMOVE_HEAD(&s->early, next);
		s->n_early--;
		subscriber_input(s, now, f->b, f->len);
		free_frame(f);
	}
}
