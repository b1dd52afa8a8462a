/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The LAC's call (RFC 2661 5.2, 5.3; proxy AVPs 4.4.5). Called by bng/access when
 * the domain says so, and by bng/bng as the call gets on.
 */
#include "bng/lac.h"

#include "adit/wire.h"
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LAC_SPEED 1000000000 /* bit/s; nothing better is known yet */

static void copy_octets(struct l2tp_octets *to, const void *from, size_t len)
{
	if (len > sizeof(to->b))
		len = 0; /* absent is better than cut */
	to->len = (uint16_t)len;
	memcpy(to->b, from, len);
}

/* Authentication as AVPs 29 to 33 (RFC 2661 4.4.5). */
static void copy_auth(struct l2tp_proxy *to, const struct ppp_auth *a)
{
	switch (a->proto) {
	case PPP_PROTO_CHAP:
		to->authen_type = L2TP_AUTHEN_CHAP;
		copy_octets(&to->authen_challenge, a->challenge,
			    a->challenge_len);
		break;
	case PPP_PROTO_PAP:
		to->authen_type = L2TP_AUTHEN_PAP;
		break;
	case PPP_AUTH_MSCHAPV2: /* there is no type for it: the LNS asks anew */
		to->authen_type = L2TP_AUTHEN_ABSENT;
		return;
	default:
		to->authen_type = L2TP_AUTHEN_NONE;
		return;
	}
	to->authen_id = a->id;
	copy_octets(&to->authen_name, a->name, strlen(a->name));
	copy_octets(&to->authen_response, a->response, a->response_len);
}

static void fill_call(struct l2tp_call *c, const struct subscriber *s)
{
	const struct ppp_record *r = &s->ppp.record;

	memset(c, 0, sizeof(*c));
	c->bearer_type = L2TP_BEARER_DIGITAL;
	c->framing_type = L2TP_FRAMING_SYNC;
	c->tx_speed = LAC_SPEED;
	mac_str(s->client.mac, c->calling);
	copy_octets(&c->proxy.first_rx_confreq, r->first_rx.b, r->first_rx.len);
	copy_octets(&c->proxy.last_tx_confreq, r->last_tx.b, r->last_tx.len);
	copy_octets(&c->proxy.last_rx_confreq, r->last_rx.b, r->last_rx.len);
	copy_auth(&c->proxy, &r->auth);
}

/* A tunnel there that takes a call. One of before a restart may lead elsewhere than
 * the definition now.
 */
static struct l2tp_tunnel *find_tunnel(const struct box *b,
				       const struct conf_tunnel *ct,
				       const struct l2tp_path *path)
{
	const char *vrf = ct->endpoint->vrf ? ct->endpoint->vrf : "";
	const struct l2tp_destination *d =
		l2tp_destination_find(&b->l2tp, vrf, &ct->remote.addr);
	struct l2tp_tunnel *t;

	if (!d)
		return NULL;
	LIST_FOREACH(t, &d->tunnels, of_destination)
	if (t->peer == &ct->peer && t->state != L2TP_TUNNEL_CLOSING &&
	    t->path.endpoint == path->endpoint &&
	    t->level.admin == L2TP_ENABLED &&
	    !(t->peer->single_shot && t->used))
		return t;
	return NULL;
}

static struct l2tp_tunnel *tunnel_for(struct box *b,
				      const struct conf_tunnel *ct, msec_t now,
				      const char **text)
{
	const struct box_endpoint *e = box_endpoint(b, ct->endpoint);
	struct l2tp_path path = { .endpoint = e->id,
				  .local = e->conf->local,
				  .remote = ct->remote };
	struct l2tp_tunnel *t;

	if (box_is_ours(b, &ct->remote.addr)) {
		b->count.refused_ourselves++;
		*text = "no tunnel: the LNS would be ourselves";
		return NULL;
	}
	if (l2tp_admin_towards(&b->l2tp, &path, &ct->peer) != L2TP_ENABLED) {
		b->l2tp.count.refused_admin++;
		*text = "no tunnel: drained or shut down by the operator";
		return NULL;
	}
	t = find_tunnel(b, ct, &path);
	if (!t)
		t = l2tp_tunnel_open(&b->l2tp, now, &path, &ct->peer, NULL);
	if (!t)
		*text = "no tunnel: the limit is reached";
	return t;
}

int lac_call(struct subscriber *s, const struct conf_tunnel *ct, msec_t now,
	     const char **text)
{
	struct l2tp_tunnel *t;
	struct l2tp_call call;

	if (s->session)
		return 0; /* it negotiated anew: lac_answered takes the last */
	s->state = SUBSCRIBER_TUNNELLING;
	t = tunnel_for(s->box, ct, now, text);
	if (!t)
		return -1;
	fill_call(&call, s);
	s->session = l2tp_session_call(t, now, &call, s);
	explicit_bzero(&call, sizeof(call));
	if (!s->session) {
		*text = "no call: the limit is reached";
		return -1;
	}
	return 0;
}

int lac_answered(struct subscriber *s, msec_t now)
{
	struct kern_session k = { 0 };
	struct kern_link link = { .kind = KERN_SESSION };

	(void)now;
	fill_call(s->session->call, s);
	s->session->call->serial = s->session->serial;
	k.tunnel_id = link.tunnel_id = s->session->tunnel->id;
	k.id = link.session_id = s->session->id;
	k.peer_id = s->session->peer_id;
	k.seq = s->session->sequencing;
	k.label = s->user;
	k.cookie = s->id;
	subscriber_set_to(s, &link);
	kern_session_new(s->box->kern, &k);
	return 0;
}

void lac_connected(struct subscriber *s, msec_t now)
{
	(void)now;
	s->state = SUBSCRIBER_TUNNELLED;
	ppp_link_release(&s->ppp);
	explicit_bzero(&s->ppp.record.auth, sizeof(s->ppp.record.auth));
	kern_bind_link(s->box->kern, &s->access, s->id, &s->to);
	subscriber_store(s);
	s->box->count.subscribers_up++;
	if (s->box->hooks)
		s->box->hooks->event(s->box, "up", s);
}

void lac_forward(struct subscriber *s, const struct kern_link *from,
		 const void *frame, size_t len)
{
	kern_send_ppp(s->box->kern,
		      kern_link_eq(from, &s->to) ? &s->access : &s->to, frame,
		      len);
}
