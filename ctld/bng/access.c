/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PPPoE clients (RFC 2516) and the decision of where they go. Called by PPPoE
 * discovery and by the subscribers' PPP links.
 */
#include "bng/access.h"

#include "base/log.h"
#include "bng/lac.h"
#include "bng/terminate.h"

#include <string.h>

#define CDN_CARRIER_LOST 1
#define SETTLE SECONDS(1) /* for the client to speak first */
#define CLIENT_PENDING_MAX 4 /* sessions of a client that are not up yet */

static struct box *box_of(struct pppoe_disc *d)
{
	return d->user;
}

static bool same_client(const struct pppoe_client *a,
			const struct pppoe_client *b)
{
	return a->ifindex == b->ifindex && a->vlan_outer == b->vlan_outer &&
	       a->vlan_inner == b->vlan_inner && !memcmp(a->mac, b->mac, 6);
}

static struct kern_link link_of(const struct pppoe_client *c, uint16_t sid)
{
	return (struct kern_link){ .kind = KERN_PPPOE,
				   .session_id = sid,
				   .ifindex = c->ifindex,
				   .vlan_outer = c->vlan_outer,
				   .vlan_inner = c->vlan_inner };
}

static const struct pppoe_conf *disc_port(struct pppoe_disc *d,
					  const struct pppoe_client *from)
{
	const struct box_port *p = box_port(box_of(d), from->ifindex);

	return p ? &p->conf->pppoe : NULL;
}

static void disc_send(struct pppoe_disc *d, const struct pppoe_client *to,
		      const void *frame, size_t len)
{
	struct kern_eth eth = { .ifindex = to->ifindex,
				.vlan_outer = to->vlan_outer,
				.vlan_inner = to->vlan_inner,
				.vlan_proto = to->vlan_proto };

	memcpy(eth.mac, to->mac, 6);
	kern_send_pppoe(box_of(d)->kern, &eth, frame, len);
}

static uint64_t client_key(const struct pppoe_client *c)
{
	uint64_t part[2] = { c->ifindex,
			     (uint64_t)c->vlan_outer << 16 | c->vlan_inner };
	uint8_t b[sizeof(part) + 6];

	memcpy(b, part, sizeof(part));
	memcpy(b + sizeof(part), c->mac, 6);
	return hash_bytes(b, sizeof(b));
}

/* A PADR that was sent again, because PADS was slow or lost. */
static struct subscriber *same_request(struct box *b,
				       const struct pppoe_client *c)
{
	struct hash_node *node = hash_find(&b->by_client, client_key(c));

	for (; node; node = hash_next(node)) {
		struct subscriber *s =
			container_of(node, struct subscriber, by_client);

		if (!s->heard && same_client(&s->client, c))
			return s;
	}
	return NULL;
}

/* Whoever cannot say who he is needs no more than a few tries at once. */
static bool too_many(struct box *b, const struct pppoe_client *c)
{
	struct hash_node *node = hash_find(&b->by_client, client_key(c));
	unsigned int n = 0;

	for (; node; node = hash_next(node)) {
		const struct subscriber *s =
			container_of(node, struct subscriber, by_client);

		n += same_client(&s->client, c) &&
		     (s->state == SUBSCRIBER_NEGOTIATING ||
		      s->state == SUBSCRIBER_TUNNELLING);
	}
	return n >= CLIENT_PENDING_MAX;
}

static void tunnel_it(struct subscriber *s, msec_t now,
		      const struct conf_tunnel *to)
{
	const char *text;

	if (lac_call(s, to, now, &text))
		subscriber_end(s, now, 0, text);
}

/* It negotiates anew under a name that leads elsewhere: its call, or its address,
 * belongs to the old one.
 */
static bool moved(const struct subscriber *s, const struct conf_tunnel *to)
{
	if (s->session)
		return !to || s->session->tunnel->peer != &to->peer;
	return to && s->address.family;
}

/* RADIUS names a tunnel. */
static void tunnel_named(struct subscriber *s, msec_t now, const char *name)
{
	const struct conf_tunnel *to = conf_tunnel(s->box->conf, name);
	char link[KERN_LINK_STRLEN], safe[64];

	if (!to) {
		log_warn("%s: RADIUS names a tunnel that there is none of: %s",
			 kern_link_str(&s->access, link),
			 log_safe(name, strlen(name), safe, sizeof(safe)));
		subscriber_end(s, now, 0, "no such tunnel");
	} else if (moved(s, to)) {
		subscriber_end(s, now, CDN_CARRIER_LOST, "changed its tunnel");
	} else {
		tunnel_it(s, now, to);
	}
}

void access_adopt(struct subscriber *s, const struct pppoe_client *c)
{
	s->client = *c;
	s->tunnel = tunnel_named;
	hash_add(&s->box->by_client, &s->by_client, client_key(c));
}

static uint16_t disc_session(struct pppoe_disc *d, const struct pppoe_client *c,
			     const char *service, msec_t now)
{
	struct box *b = box_of(d);
	const struct box_port *port = box_port(b, c->ifindex);
	struct subscriber *s = same_request(b, c);
	struct kern_pppoe k = { 0 };
	struct kern_link link;
	uint16_t sid;

	(void)service;
	if (s)
		return s->access.session_id;
	if (box_full(b)) {
		b->count.refused_limit++;
		return 0;
	}
	if (too_many(b, c)) {
		b->count.refused_client++;
		return 0;
	}
	sid = idmap_new(&b->pppoe_ids, b);
	if (!sid)
		return 0;
	link = link_of(c, sid);
	s = subscriber_new(b, &link, port->conf->profile, &access_ppp_ops, now);
	if (!s) {
		idmap_del(&b->pppoe_ids, sid);
		return 0;
	}
	access_adopt(s, c);
	k.link = link;
	k.vlan_proto = c->vlan_proto;
	memcpy(k.mac, c->mac, 6);
	k.label = "";
	k.cookie = s->id;
	kern_pppoe_new(b->kern, &k);
	return sid;
}

static void begin(struct subscriber *s, msec_t now)
{
	timer_stop(&s->box->timers, &s->settle);
	ppp_link_start(&s->ppp, now);
}

static void settled(struct timer *t, msec_t now)
{
	begin(container_of(t, struct subscriber, settle), now);
}

/* The client's end of the session is made after PADS, and what comes before is
 * lost: it would cost LCP's retry timer. So the client speaks first; one that
 * does not hears us after SETTLE.
 */
static void disc_started(struct pppoe_disc *d, const struct pppoe_client *c,
			 uint16_t sid, msec_t now)
{
	struct box *b = box_of(d);
	struct kern_link link = link_of(c, sid);
	struct subscriber *s = subscriber_find(b, &link);

	if (!s || s->ppp.phase != PPP_DEAD)
		return;
	s->settle.fn = settled;
	timer_set(&b->timers, &s->settle, now + SETTLE);
}

void access_heard(struct subscriber *s, msec_t now)
{
	if (s->settle.slot)
		begin(s, now);
}

static void disc_ended(struct pppoe_disc *d, const struct pppoe_client *c,
		       uint16_t sid, msec_t now)
{
	struct kern_link link = link_of(c, sid);
	struct subscriber *s = subscriber_find(box_of(d), &link);

	if (s && same_client(&s->client, c))
		subscriber_end(s, now, CDN_CARRIER_LOST, "client sent PADT");
}

const struct pppoe_disc_ops access_disc_ops = {
	.port = disc_port,
	.send = disc_send,
	.session = disc_session,
	.started = disc_started,
	.ended = disc_ended,
};

void access_input(struct box *b, msec_t now, const struct kern_eth *from,
		  bool to_us, const void *frame, size_t len)
{
	struct pppoe_client c = { .ifindex = from->ifindex,
				  .vlan_outer = from->vlan_outer,
				  .vlan_inner = from->vlan_inner,
				  .vlan_proto = from->vlan_proto };

	memcpy(c.mac, from->mac, 6);
	pppoe_disc_input(&b->disc, now, &c, to_us, frame, len);
}

static void ppp_send(struct ppp_link *l, const void *frame, size_t len)
{
	subscriber_send(l->user, frame, len);
}

static void name_it(struct subscriber *s)
{
	struct kern_pppoe k = { .link = s->access,
				.label = s->user,
				.cookie = s->id };

	memcpy(s->user, s->ppp.record.auth.name, sizeof(s->user));
	kern_pppoe_set(s->box->kern, &k);
}

/* Of termination: the domain's, or the port's. */
static void set_profile(struct subscriber *s, const struct conf_domain *d)
{
	const struct box_port *port = box_port(s->box, s->access.ifindex);

	if (d && d->profile)
		s->profile = d->profile;
	else if (port)
		s->profile = port->conf->profile;
}

/* The subscriber has said who it is: its domain decides. */
static void ppp_auth(struct ppp_link *l, msec_t now)
{
	struct subscriber *s = l->user;
	const struct conf_domain *d;

	if (s->state == SUBSCRIBER_DEAD)
		return;
	/* The answer to what it said before is not for what it says now. */
	question_drop(&s->question, now);
	name_it(s);
	d = conf_domain_of(s->box->conf, s->user);
	/* A call that RADIUS has asked for is none of the domain's: it ends too. */
	if (moved(s, d ? d->tunnel : NULL)) {
		subscriber_end(s, now, CDN_CARRIER_LOST, "changed its domain");
	} else if (d && d->tunnel) {
		tunnel_it(s, now, d->tunnel);
	} else {
		set_profile(s, d);
		terminate_auth(s, now);
	}
}

static void ppp_up(struct ppp_link *l, msec_t now)
{
	terminate_up(l->user, now);
}

static void ppp_changed(struct ppp_link *l)
{
	subscriber_store(l->user);
}

static void ppp_down(struct ppp_link *l, msec_t now, enum ppp_end why)
{
	subscriber_end(l->user, now, CDN_CARRIER_LOST, ppp_end_name(why));
}

const struct ppp_link_ops access_ppp_ops = {
	.send = ppp_send,
	.auth = ppp_auth,
	.up = ppp_up,
	.changed = ppp_changed,
	.down = ppp_down,
};
