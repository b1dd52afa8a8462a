/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sessions; see session.h. The machine of incoming calls, both columns, as a
 * table. Called by l2tp/control with messages, by the host's owner with calls.
 * RFC 2661 5.2 (set-up), 5.6 (end), 7.4 (the table).
 */
#include "l2tp/session.h"

#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAMING_SYNC 1

static const char *const state_name[L2TP_SESSION_NSTATES] = {
	[L2TP_SESSION_IDLE] = "idle",
	[L2TP_SESSION_WAIT_TUNNEL] = "wait-tunnel",
	[L2TP_SESSION_WAIT_REPLY] = "wait-reply",
	[L2TP_SESSION_WAIT_CONNECT] = "wait-connect",
	[L2TP_SESSION_ESTABLISHED] = "established",
};

const char *l2tp_session_state_name(enum l2tp_session_state s)
{
	return state_name[s];
}

/* -------------------------------------------------------------- the object */

static void set_state(struct l2tp_session *s, enum l2tp_session_state state)
{
	log_debug("session %u/%u: %s -> %s", s->tunnel->id, s->id,
		  state_name[s->state], state_name[state]);
	s->state = state;
}

static uint64_t peer_key(const struct l2tp_tunnel *t, uint16_t peer_id)
{
	return (uint64_t)t->id << 16 | peer_id;
}

void l2tp_session_set_peer_id(struct l2tp_session *s, uint16_t peer_id)
{
	if (s->peer_id || !peer_id)
		return;
	s->peer_id = peer_id;
	hash_add(&s->tunnel->host->calls_by_peer_id, &s->by_peer_id,
		 peer_key(s->tunnel, peer_id));
}

static struct l2tp_session *by_peer_id(const struct l2tp_tunnel *t,
				       uint16_t peer_id)
{
	struct hash_node *n =
		hash_find(&t->host->calls_by_peer_id, peer_key(t, peer_id));

	return n ? container_of(n, struct l2tp_session, by_peer_id) : NULL;
}

static struct l2tp_session *by_id(const struct l2tp_tunnel *t, uint16_t id)
{
	struct l2tp_session *s = idmap_get(&t->host->sessions, id);

	return s && s->tunnel == t ? s : NULL;
}

struct l2tp_session *l2tp_session_new(struct l2tp_tunnel *t, uint16_t id)
{
	struct l2tp_host *h = t->host;
	struct l2tp_session *s;

	if (!id && idmap_count(&h->sessions) >= h->max_sessions) {
		h->count.refused_limit++;
		return NULL;
	}
	s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	if (!id)
		s->id = idmap_new(&h->sessions, s);
	else if (!idmap_take(&h->sessions, id, s))
		s->id = id;
	if (!s->id) {
		free(s);
		return NULL;
	}
	s->tunnel = t;
	LIST_INSERT_HEAD(&t->sessions, s, of_tunnel);
	t->n_sessions++;
	return s;
}

/* The oldest call that is being set up gives the tunnel a deadline. */
static void set_deadline(struct l2tp_tunnel *t)
{
	const struct l2tp_session *s = TAILQ_FIRST(&t->calls);

	t->call_at = s ? s->setup_at : MSEC_NEVER;
	l2tp_tunnel_due(t);
}

static bool start_call(struct l2tp_session *s, msec_t now)
{
	s->call = calloc(1, sizeof(*s->call));
	s->timed = true;
	s->setup_at = now + L2TP_SETUP_TIME;
	TAILQ_INSERT_TAIL(&s->tunnel->calls, s, of_calls);
	set_deadline(s->tunnel);
	return s->call;
}

/* It may hold a password. An op may still look at it: freed later. */
static void end_call(struct l2tp_session *s)
{
	if (s->timed) {
		TAILQ_REMOVE(&s->tunnel->calls, s, of_calls);
		set_deadline(s->tunnel);
	}
	s->timed = false;
	if (!s->call)
		return;
	explicit_bzero(&s->call->proxy, sizeof(s->call->proxy));
	l2tp_bury(s->tunnel->host, s->call);
	s->call = NULL;
}

/* Unlinks it; it is freed when nobody can be looking at it. */
static void forget(struct l2tp_session *s)
{
	struct l2tp_host *h = s->tunnel->host;

	if (s->gone)
		return;
	s->gone = true;
	if (s->state != L2TP_SESSION_ESTABLISHED)
		h->count.calls_failed++;
	end_call(s);
	LIST_REMOVE(s, of_tunnel);
	s->tunnel->n_sessions--;
	if (s->peer_id)
		hash_del(&h->calls_by_peer_id, &s->by_peer_id);
	idmap_del(&h->sessions, s->id);
	l2tp_bury(h, s);
}

/* ------------------------------------------------------------ the messages */

static void send_cdn(struct l2tp_tunnel *t, uint16_t to, uint16_t id,
		     const struct l2tp_result *why)
{
	struct l2tp_msg m = { .type = L2TP_CDN,
			      .session_id = to,
			      .has = l2tp_msg_must(L2TP_CDN),
			      .assigned_session = id,
			      .result = *why };

	if (t->state == L2TP_TUNNEL_ESTABLISHED)
		l2tp_tunnel_send(t, &m);
}

/* To a call that we have no session of; an id that is not 0 must be named. */
static void refuse(struct l2tp_tunnel *t, uint16_t to, uint16_t result,
		   uint16_t error, const char *text)
{
	uint16_t id = idmap_new(&t->host->sessions, t);
	struct l2tp_result why;

	idmap_del(&t->host->sessions, id);
	l2tp_result_set(&why, result, error, text);
	t->host->count.calls_failed++;
	send_cdn(t, to, id ? id : 1, &why);
}

static void end(struct l2tp_session *s, const struct l2tp_result *why)
{
	s->why = *why;
	if (s->state != L2TP_SESSION_WAIT_TUNNEL)
		send_cdn(s->tunnel, s->peer_id, s->id, why);
	forget(s);
}

/* We end it and the owner has to be told. */
static void end_and_tell(struct l2tp_session *s, msec_t now,
			 const struct l2tp_result *why)
{
	end(s, why);
	s->tunnel->host->ops->session_down(s, now);
}

static struct l2tp_bytes bytes_of(const struct l2tp_octets *o)
{
	return (struct l2tp_bytes){ o->b, o->len };
}

static struct l2tp_bytes bytes_of_text(const char *text)
{
	return (struct l2tp_bytes){ (const uint8_t *)text,
				    (uint16_t)strnlen(text, L2TP_NUMBER_MAX) };
}

/* What does not fit PPP's own limits is as good as absent. */
static void to_octets(struct l2tp_octets *o, struct l2tp_bytes b)
{
	o->len = b.len <= sizeof(o->b) ? b.len : 0;
	if (o->len)
		memcpy(o->b, b.p, o->len);
}

static void send_icrq(struct l2tp_session *s)
{
	const struct l2tp_call *c = s->call;
	struct l2tp_msg m = { .type = L2TP_ICRQ,
			      .has = l2tp_msg_must(L2TP_ICRQ),
			      .assigned_session = s->id,
			      .serial = s->serial,
			      .bearer_type = c->bearer_type,
			      .called = bytes_of_text(c->called),
			      .calling = bytes_of_text(c->calling) };

	m.has |= L2TP_BIT(AVP_BEARER_TYPE);
	if (m.called.len)
		m.has |= L2TP_BIT(AVP_CALLED);
	if (m.calling.len)
		m.has |= L2TP_BIT(AVP_CALLING);
	l2tp_tunnel_send(s->tunnel, &m);
	set_state(s, L2TP_SESSION_WAIT_REPLY);
}

static void send_icrp(struct l2tp_session *s)
{
	struct l2tp_msg m = { .type = L2TP_ICRP,
			      .session_id = s->peer_id,
			      .has = l2tp_msg_must(L2TP_ICRP),
			      .assigned_session = s->id };

	l2tp_tunnel_send(s->tunnel, &m);
	set_state(s, L2TP_SESSION_WAIT_CONNECT);
}

/* The AVPs of proxy LCP and authentication that there are. */
static void put_proxy(struct l2tp_msg *m, const struct l2tp_proxy *p)
{
	const struct {
		const struct l2tp_octets *from;
		struct l2tp_bytes *to;
		enum avp_type avp;
	} fields[] = {
		{ &p->first_rx_confreq, &m->first_rx_confreq,
		  AVP_FIRST_RX_CONFREQ },
		{ &p->last_tx_confreq, &m->last_tx_confreq,
		  AVP_LAST_TX_CONFREQ },
		{ &p->last_rx_confreq, &m->last_rx_confreq,
		  AVP_LAST_RX_CONFREQ },
		{ &p->authen_name, &m->authen_name, AVP_AUTHEN_NAME },
		{ &p->authen_challenge, &m->authen_challenge,
		  AVP_AUTHEN_CHALLENGE },
		{ &p->authen_response, &m->authen_response,
		  AVP_AUTHEN_RESPONSE },
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		*fields[i].to = bytes_of(fields[i].from);
		if (fields[i].from->len)
			m->has |= L2TP_BIT(fields[i].avp);
	}
	m->authen_type = p->authen_type;
	m->authen_id = p->authen_id;
	if (p->authen_type != L2TP_AUTHEN_ABSENT)
		m->has |= L2TP_BIT(AVP_AUTHEN_TYPE);
	if (p->authen_type == L2TP_AUTHEN_CHAP ||
	    p->authen_type == L2TP_AUTHEN_PAP ||
	    p->authen_type == L2TP_AUTHEN_MSCHAP)
		m->has |= L2TP_BIT(AVP_AUTHEN_ID);
}

static void send_iccn(struct l2tp_session *s)
{
	const struct l2tp_call *c = s->call;
	struct l2tp_msg m = { .type = L2TP_ICCN,
			      .session_id = s->peer_id,
			      .has = l2tp_msg_must(L2TP_ICCN),
			      .tx_speed = c->tx_speed,
			      .rx_speed = c->rx_speed,
			      .framing_type = c->framing_type ?
						      c->framing_type :
						      FRAMING_SYNC };

	put_proxy(&m, &c->proxy);
	if (c->rx_speed && c->rx_speed != c->tx_speed)
		m.has |= L2TP_BIT(AVP_RX_SPEED);
	l2tp_tunnel_send(s->tunnel, &m);
}

static void take_proxy(struct l2tp_proxy *p, const struct l2tp_msg *m)
{
	to_octets(&p->first_rx_confreq, m->first_rx_confreq);
	to_octets(&p->last_tx_confreq, m->last_tx_confreq);
	to_octets(&p->last_rx_confreq, m->last_rx_confreq);
	p->authen_type = m->authen_type;
	to_octets(&p->authen_name, m->authen_name);
	to_octets(&p->authen_challenge, m->authen_challenge);
	p->authen_id = m->authen_id;
	to_octets(&p->authen_response, m->authen_response);
}

/* ------------------------------------------------------------- the machine */

/* s is NULL in idle. */
typedef void action(struct l2tp_tunnel *t, struct l2tp_session *s, msec_t now,
		    const struct l2tp_msg *m);

static void established(struct l2tp_session *s, msec_t now)
{
	struct l2tp_host *h = s->tunnel->host;

	set_state(s, L2TP_SESSION_ESTABLISHED);
	h->count.calls++;
	h->ops->call_up(s, now);
	if (!s->gone)
		end_call(s);
}

static void offer_call(struct l2tp_session *s, msec_t now,
		       const struct l2tp_msg *m)
{
	struct l2tp_result why = { .result = L2TP_CDN_BUSY_NOW };
	int err;

	s->serial = s->call->serial = m->serial;
	s->call->bearer_type = m->bearer_type;
	log_safe(m->called.p, m->called.len, s->call->called,
		 sizeof(s->call->called));
	log_safe(m->calling.p, m->calling.len, s->call->calling,
		 sizeof(s->call->calling));
	err = s->tunnel->host->ops->call_in(s, now, &why);
	if (s->gone)
		return;
	if (err)
		end(s, &why);
	else
		send_icrp(s);
}

/* ICRQ: a new call. RFC 2661 7.4.2. */
static void on_icrq(struct l2tp_tunnel *t, struct l2tp_session *s, msec_t now,
		    const struct l2tp_msg *m)
{
	static const struct l2tp_result again = { .result = L2TP_CDN_ERROR,
						  .error = L2TP_ERR_SESSION_ID,
						  .text = "id is in use" };
	uint16_t peer_id = m->assigned_session;
	struct l2tp_session *old = by_peer_id(t, peer_id);

	if (m->fault.result) {
		refuse(t, peer_id, m->fault.result, m->fault.error,
		       m->fault.text);
		return;
	}
	/* The peer has forgotten it: one CDN ends both. */
	if (old) {
		end_and_tell(old, now, &again);
		return;
	}
	if (!t->peer->accept_calls) {
		refuse(t, peer_id, L2TP_CDN_ADMIN, 0, "no calls this way");
		return;
	}
	s = l2tp_session_new(t, 0);
	if (!s) {
		refuse(t, peer_id, L2TP_CDN_BUSY_NOW, L2TP_ERR_RESOURCES,
		       "session limit reached");
		return;
	}
	l2tp_session_set_peer_id(s, peer_id);
	if (start_call(s, now))
		offer_call(s, now, m);
	else
		end(s, &(struct l2tp_result){ .result = L2TP_CDN_BUSY_NOW });
}

/* ICRP: the LNS takes our call. RFC 2661 7.4.1. */
static void on_icrp(struct l2tp_tunnel *t, struct l2tp_session *s, msec_t now,
		    const struct l2tp_msg *m)
{
	struct l2tp_result why = { .result = L2TP_CDN_BUSY_NOW };
	int err;

	l2tp_session_set_peer_id(s, m->assigned_session);
	err = t->host->ops->call_answered(s, now, &why);
	if (s->gone)
		return;
	if (err) {
		end(s, &why);
		return;
	}
	send_iccn(s);
	established(s, now);
}

/* ICCN: the call is there. RFC 2661 7.4.2. */
static void on_iccn(struct l2tp_tunnel *t, struct l2tp_session *s, msec_t now,
		    const struct l2tp_msg *m)
{
	struct l2tp_call *c = s->call;

	(void)t;
	c->tx_speed = m->tx_speed;
	c->rx_speed = l2tp_msg_has(m, AVP_RX_SPEED) ? m->rx_speed : m->tx_speed;
	c->framing_type = m->framing_type;
	take_proxy(&c->proxy, m);
	s->sequencing = l2tp_msg_has(m, AVP_SEQUENCING);
	established(s, now);
}

static void on_cdn(struct l2tp_tunnel *t, struct l2tp_session *s, msec_t now,
		   const struct l2tp_msg *m)
{
	s->why = m->result;
	forget(s);
	t->host->ops->session_down(s, now);
}

/* A message that has no place in this state. */
static void wrong(struct l2tp_tunnel *t, struct l2tp_session *s, msec_t now,
		  const struct l2tp_msg *m)
{
	struct l2tp_result why = { .result = L2TP_CDN_ERROR,
				   .error = L2TP_ERR_VENDOR };

	(void)t;
	snprintf(why.text, sizeof(why.text), "%s in %s", l2tp_msg_name(m->type),
		 state_name[s->state]);
	end_and_tell(s, now, &why);
}

/* ICRP, ICCN to a session that is gone: the peer should know. */
static void unknown(struct l2tp_tunnel *t, struct l2tp_session *s, msec_t now,
		    const struct l2tp_msg *m)
{
	struct l2tp_result why;

	(void)s;
	(void)now;
	t->host->count.rx_no_session++;
	if (!m->session_id)
		return;
	l2tp_result_set(&why, L2TP_CDN_ERROR, L2TP_ERR_SESSION_ID,
			"no such session");
	send_cdn(t, m->assigned_session, m->session_id, &why);
}

/* We place no outgoing calls. */
static void on_ocrq(struct l2tp_tunnel *t, struct l2tp_session *s, msec_t now,
		    const struct l2tp_msg *m)
{
	(void)s;
	(void)now;
	refuse(t, m->assigned_session, L2TP_CDN_NEVER, 0, "no outgoing calls");
}

static void nobody(struct l2tp_tunnel *t, struct l2tp_session *s, msec_t now,
		   const struct l2tp_msg *m)
{
	(void)s;
	(void)now;
	(void)m;
	t->host->count.rx_no_session++;
}

static void ignore(struct l2tp_tunnel *t, struct l2tp_session *s, msec_t now,
		   const struct l2tp_msg *m)
{
	(void)s;
	(void)now;
	(void)m;
	t->host->count.rx_ignored++;
}

enum event { ICRQ, ICRP, ICCN, CDN, OCRQ, OUTGOING, NOTE, NEVENTS };

/* A message never reaches a session in wait-tunnel: the peer has no id of it. */
static action *const machine[L2TP_SESSION_NSTATES][NEVENTS] = {
	[L2TP_SESSION_IDLE] = { on_icrq, unknown, unknown, nobody, on_ocrq,
				nobody, ignore }, /* 7.4.2 */
	[L2TP_SESSION_WAIT_TUNNEL] = { ignore, ignore, ignore, on_cdn, ignore,
				       ignore, ignore }, /* 7.4.1 */
	[L2TP_SESSION_WAIT_REPLY] = { wrong, on_icrp, wrong, on_cdn, wrong,
				      wrong, ignore }, /* 7.4.1 */
	[L2TP_SESSION_WAIT_CONNECT] = { wrong, wrong, on_iccn, on_cdn, wrong,
					wrong, ignore }, /* 7.4.2 */
	[L2TP_SESSION_ESTABLISHED] = { wrong, wrong, wrong, on_cdn, wrong,
				       wrong, ignore }, /* 7.4.1, 7.4.2 */
};

static enum event event_of(uint16_t type)
{
	static const enum event of[L2TP_MSG_TYPES] = {
		[L2TP_ICRQ] = ICRQ,	[L2TP_ICRP] = ICRP,
		[L2TP_ICCN] = ICCN,	[L2TP_CDN] = CDN,
		[L2TP_OCRQ] = OCRQ,	[L2TP_OCRP] = OUTGOING,
		[L2TP_OCCN] = OUTGOING, [L2TP_WEN] = NOTE,
		[L2TP_SLI] = NOTE,
	};

	return of[type];
}

void l2tp_session_input(struct l2tp_tunnel *t, msec_t now,
			const struct l2tp_msg *m)
{
	struct l2tp_session *s = by_id(t, m->session_id);
	enum event event = event_of(m->type);

	/* CDN may come before the peer knows our id. RFC 2661 5.6. */
	if (event == CDN && !m->session_id)
		s = by_peer_id(t, m->assigned_session);
	if (s && m->fault.result && event != CDN && event != NOTE)
		end_and_tell(s, now, &m->fault);
	else
		machine[s ? s->state : L2TP_SESSION_IDLE][event](t, s, now, m);
}

/* -------------------------------------------- what comes from the tunnel */

void l2tp_session_tunnel_up(struct l2tp_tunnel *t, msec_t now)
{
	struct l2tp_session *s;

	TAILQ_FOREACH(s, &t->calls, of_calls)
	{
		if (s->state != L2TP_SESSION_WAIT_TUNNEL)
			continue;
		s->setup_at = now + L2TP_SETUP_TIME;
		send_icrq(s);
	}
	set_deadline(t);
}

void l2tp_session_tunnel_down(struct l2tp_tunnel *t, msec_t now)
{
	struct l2tp_session *s;

	while ((s = LIST_FIRST(&t->sessions))) {
		s->why = t->why;
		forget(s);
		t->host->ops->session_down(s, now);
	}
}

void l2tp_session_expired(struct l2tp_tunnel *t, msec_t now)
{
	static const struct l2tp_result late = { .result = L2TP_CDN_TIMEOUT,
						 .text = "takes too long" };
	struct l2tp_session *s;

	while ((s = TAILQ_FIRST(&t->calls)) && now >= s->setup_at)
		end_and_tell(s, now, &late);
}

/* ---------------------------------------------------- what the owner calls */

struct l2tp_session *l2tp_session_call(struct l2tp_tunnel *t, msec_t now,
				       const struct l2tp_call *call, void *user)
{
	struct l2tp_host *h = t->host;
	struct l2tp_session *s;

	if (t->state == L2TP_TUNNEL_CLOSING)
		return NULL;
	s = l2tp_session_new(t, 0);
	if (!s)
		return NULL;
	l2tp_enter(h);
	s->lac = true;
	s->user = user;
	set_state(s, L2TP_SESSION_WAIT_TUNNEL);
	if (start_call(s, now)) {
		s->serial = ++h->serial;
		*s->call = *call;
		s->call->serial = s->serial;
		if (t->state == L2TP_TUNNEL_ESTABLISHED)
			send_icrq(s);
	} else {
		forget(s);
		s = NULL;
	}
	l2tp_leave(h, now);
	return s;
}

void l2tp_session_close(struct l2tp_session *s, msec_t now, uint16_t result,
			uint16_t error, const char *text)
{
	struct l2tp_host *h = s->tunnel->host;
	struct l2tp_result why;

	if (s->gone)
		return;
	l2tp_enter(h);
	l2tp_result_set(&why, result, error, text);
	end(s, &why);
	l2tp_leave(h, now);
}

void l2tp_session_disown(struct l2tp_tunnel *t, msec_t now, uint16_t id,
			 uint16_t peer_id, uint16_t result, const char *text)
{
	struct l2tp_result why;

	l2tp_enter(t->host);
	l2tp_result_set(&why, result, 0, text);
	send_cdn(t, peer_id, id, &why);
	l2tp_leave(t->host, now);
}
