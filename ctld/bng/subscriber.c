/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Subscribers: made by the access side (bng/access) or by a call (bng/lns), ended
 * by anybody, freed by the loop. See subscriber.h.
 */
#include "bng/subscriber.h"

#include "base/log.h"
#include "bng/limit.h"

#include <stdlib.h>
#include <string.h>

#define CDN_ADMINISTRATIVE 3

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

	return port ? conf_port_ppp(port->conf, access->vlan_outer) :
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

void subscriber_store(struct subscriber *s)
{
	if (s->state != SUBSCRIBER_DEAD && s->box->hooks)
		s->box->hooks->subscriber(s->box, s);
}

void subscriber_send(struct subscriber *s, const void *frame, size_t len)
{
	if (s->state == SUBSCRIBER_DEAD)
		return;
	s->control++;
	kern_send_ppp(s->box->kern, &s->access, frame, len);
}

/* The kernel counts PPP's own frames too: they are not what makes a link busy. */
void subscriber_polled(struct subscriber *s, msec_t now,
		       const struct kern_stats *stats)
{
	bool came = s->stats.rx_packets != stats->rx_packets;
	uint64_t all = stats->rx_packets + stats->tx_packets;
	uint64_t data = all > s->control ? all - s->control : 0;
	bool passed = data > s->data;

	s->stats = *stats;
	if (passed)
		s->data = data;
	if (s->state != SUBSCRIBER_UP)
		return;
	if (came)
		ppp_link_heard(&s->ppp, now);
	ppp_link_traffic(&s->ppp, now, passed);
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

static uint64_t address_key(const struct addr *a)
{
	return hash_bytes(a->b, addr_len(a));
}

struct subscriber *subscriber_of_address(const struct box *b,
					 const struct addr *a)
{
	struct hash_node *node = hash_find(&b->by_address, address_key(a));

	for (; node; node = hash_next(node)) {
		struct subscriber *s =
			container_of(node, struct subscriber, by_address);

		if (addr_eq(&s->address, a))
			return s;
	}
	return NULL;
}

void subscriber_set_address(struct subscriber *s, const struct addr *a,
			    struct pool *pool)
{
	s->address = *a;
	s->pool = pool;
	hash_add(&s->box->by_address, &s->by_address, address_key(a));
}

void subscriber_release_address(struct subscriber *s)
{
	if (!s->address.family)
		return;
	hash_del(&s->box->by_address, &s->by_address);
	if (s->pool)
		pool_release(s->pool, addr_to_v4(&s->address));
	s->pool = NULL;
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
			       cdn_result == CDN_ADMINISTRATIVE &&
					       !s->causes.n ?
				       &admin :
				       &s->causes);
}

void subscriber_end(struct subscriber *s, msec_t now, uint16_t cdn_result,
		    const char *text)
{
	struct box *b = s->box;
	char link[KERN_LINK_STRLEN];
	char user[64];

	if (s->state == SUBSCRIBER_DEAD)
		return;
	log_info("%s user %s: %s -> ended (%s)",
		 kern_link_str(&s->access, link),
		 s->user[0] ? log_safe(s->user, strlen(s->user), user,
				       sizeof(user)) :
			      "-",
		 subscriber_state_name(s->state), text);
	if (b->hooks) {
		b->hooks->event(b, "down", s);
		b->hooks->subscriber_gone(b, s);
	}
	if (s->state == SUBSCRIBER_TUNNELLING)
		b->count.tunnel_failed++;
	s->state = SUBSCRIBER_DEAD;
	question_drop(&s->question, now);
	hash_del(&b->by_access, &s->by_access);
	LIST_REMOVE(s, all);
	LIST_INSERT_HEAD(&b->dead, s, all);
	b->n_subscribers--;
	if (s->host)
		limit_give(b, s->host);
	b->count.subscribers_ended++;
	end_call(s, now, cdn_result, text);
	end_access(s);
	subscriber_release_address(s);
	drop_early(s);
}

void subscriber_reap(struct box *b)
{
	struct subscriber *s;

	while ((s = LIST_FIRST(&b->dead))) {
		LIST_REMOVE(s, all);
		ppp_link_fini(&s->ppp);
		timer_stop(&b->timers, &s->settle);
		explicit_bzero(&s->ppp.record.auth, sizeof(s->ppp.record.auth));
		free(s);
	}
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
		ppp_link_input(&s->ppp, now, f->b, f->len);
		free_frame(f);
	}
}
