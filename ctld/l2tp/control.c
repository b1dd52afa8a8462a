/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control connection's machine; see control.h. RFC 2661 5.1 (set-up), 5.5
 * (HELLO), 7.2 (the table).
 */
#include "l2tp/control.h"

#include "base/crypt.h"
#include "base/log.h"
#include "l2tp/call_machine.h"
#include "l2tp/codec.h"
#include "l2tp/complaint.h"
#include "l2tp/destination.h"
#include "l2tp/ops.h"
#include "l2tp/session_end.h"
#include "l2tp/setup.h"
#include "l2tp/tunnel_end.h"
#include "l2tp/turn.h"

#include <stdio.h>
#include <string.h>

#define SPEED_FIELDS 3 /* session, to the subscriber, from it */

/* -------------------------------------------------------------- the machine */

static void stop_auth(struct l2tp_tunnel *t, msec_t now, const char *text)
{
	t->host->count.auth_errors++;
	l2tp_level_count(t->level.up, L2TP_TUNNELS, L2TP_AUTH_ERROR);
	l2tp_complain(t->host, now, &t->path, t->peer, t->peer_name, text);
	l2tp_tunnel_stop(t, now, L2TP_STOP_NOT_AUTHORISED, 0, text);
}

static void take_start(struct l2tp_tunnel *t, const struct l2tp_msg *m)
{
	l2tp_tunnel_set_peer_id(t, m->assigned_tunnel);
	xport_set_window(&t->xport,
			 l2tp_msg_has(m, AVP_WINDOW) ? m->window : 0);
	t->peer_framing = m->framing_caps;
	t->peer_bearer = l2tp_msg_has(m, AVP_BEARER_CAPS) ? m->bearer_caps : 0;
	log_safe(m->host_name.p, m->host_name.len, t->peer_name,
		 sizeof(t->peer_name));
}

/* Tells the owner. False: the tunnel has ended. */
static bool tell_new(struct l2tp_tunnel *t, msec_t now)
{
	if (t->host->ops->tunnel_new(t))
		l2tp_tunnel_stop(t, now, L2TP_STOP_ERROR, L2TP_ERR_RESOURCES,
				 "no resources");
	return t->state != L2TP_TUNNEL_CLOSING;
}

static void established(struct l2tp_tunnel *t, msec_t now)
{
	t->setup_at = MSEC_NEVER;
	t->xport.max_tries = t->peer->retries;
	t->host->count.tunnels_opened++;
	l2tp_complaint_end(t->host, &t->path, t->peer);
	l2tp_tunnel_set_state(t, L2TP_TUNNEL_ESTABLISHED);
	t->host->ops->tunnel_up(t, now);
	if (t->state == L2TP_TUNNEL_ESTABLISHED)
		l2tp_session_tunnel_up(t, now);
}

typedef void action(struct l2tp_tunnel *t, msec_t now,
		    const struct l2tp_msg *m);

/* SCCRQ in idle; whether the peer may, l2tp/host has looked. */
static void on_sccrq(struct l2tp_tunnel *t, msec_t now,
		     const struct l2tp_msg *m)
{
	const char *fault;

	take_start(t, m);
	t->tie = l2tp_msg_has(m, AVP_TIE_BREAKER);
	t->tie_breaker = m->tie_breaker;
	fault = l2tp_setup_take_challenge(t, m, L2TP_SCCRP);
	if (fault) {
		stop_auth(t, now, fault);
		return;
	}
	l2tp_tunnel_set_state(t, L2TP_TUNNEL_WAIT_CONN);
	t->setup_at = now + L2TP_SETUP_TIME;
	if (tell_new(t, now))
		l2tp_setup_send(t, L2TP_SCCRP);
}

static void on_sccrp(struct l2tp_tunnel *t, msec_t now,
		     const struct l2tp_msg *m)
{
	const char *fault;

	take_start(t, m);
	if (m->version >> 8 != L2TP_PROTOCOL_VERSION >> 8) {
		l2tp_tunnel_stop(t, now, L2TP_STOP_VERSION,
				 L2TP_PROTOCOL_VERSION, "version");
		return;
	}
	if (t->peer->remote_name &&
	    strcmp(t->peer->remote_name, t->peer_name)) {
		t->host->count.refused_names++;
		l2tp_level_count(t->level.up, L2TP_TUNNELS, L2TP_AUTH_ERROR);
		l2tp_complain(t->host, now, &t->path, t->peer, t->peer_name,
			      "unknown host name");
		l2tp_tunnel_stop(t, now, L2TP_STOP_NOT_AUTHORISED, 0,
				 "unknown host name");
		return;
	}
	fault = l2tp_setup_check_response(t, m);
	if (!fault)
		fault = l2tp_setup_take_challenge(t, m, L2TP_SCCCN);
	if (fault) {
		stop_auth(t, now, fault);
		return;
	}
	if (!tell_new(t, now))
		return;
	l2tp_setup_send_scccn(t);
	established(t, now);
}

/* A set-up of ours to the peer that an SCCRQ under this name comes from. */
static bool crosses(const struct l2tp_tunnel *ours,
		    const struct l2tp_path *path, const char *peer_name)
{
	const char *name = ours->peer->remote_name;

	return ours->is_opening && ours->path.endpoint == path->endpoint &&
	       addr_eq(&ours->path.remote.addr, &path->remote.addr) &&
	       (!name || !strcmp(name, peer_name));
}

static void lose(struct l2tp_tunnel *t, msec_t now)
{
	static const struct l2tp_result tie = { .result = L2TP_STOP_EXISTS,
						.text = "tie lost" };

	t->host->count.ties_lost++;
	l2tp_tunnel_end(t, now, &tie, false, now);
}

/*
 * Tie breakers (RFC 2661 4.4.3): of two SCCRQs that cross the lower wins, any wins
 * against none, equal ones lose both; who loses says nothing. The peer's wins only
 * when it has proved who it is: see yield.
 */
bool l2tp_control_tie(struct l2tp_host *h, msec_t now,
		      const struct l2tp_path *path, const char *peer_name,
		      const struct l2tp_msg *m)
{
	struct l2tp_tunnel *t, *next;
	bool theirs = l2tp_msg_has(m, AVP_TIE_BREAKER), discard = false;

	for (t = LIST_FIRST(&h->opening); t; t = next) {
		next = LIST_NEXT(t, of_opening);
		if (!t->tie || !crosses(t, path, peer_name) ||
		    (theirs && m->tie_breaker < t->tie_breaker))
			continue;
		discard = true;
		if (theirs && m->tie_breaker == t->tie_breaker)
			lose(t, now);
	}
	return discard;
}

/* The peer of t has won against what we were setting up. */
static void yield(struct l2tp_tunnel *t, msec_t now)
{
	struct l2tp_tunnel *other, *next;

	for (other = LIST_FIRST(&t->host->opening); other; other = next) {
		next = LIST_NEXT(other, of_opening);
		if (crosses(other, &t->path, t->peer_name) &&
		    (!other->tie || other->tie_breaker > t->tie_breaker))
			lose(other, now);
	}
}

static void on_scccn(struct l2tp_tunnel *t, msec_t now,
		     const struct l2tp_msg *m)
{
	static const struct l2tp_result anew = { .result = L2TP_STOP_CLEAR,
						 .text = "peer started anew" };
	const char *fault = l2tp_setup_check_response(t, m);
	struct l2tp_tunnel *old;

	if (fault) {
		stop_auth(t, now, fault);
		return;
	}
	while ((old = l2tp_tunnel_find(t->host, &t->path, t->peer_id, t)))
		l2tp_tunnel_end(old, now, &anew, false, now);
	if (t->tie)
		yield(t, now);
	if (t->state == L2TP_TUNNEL_WAIT_CONN)
		established(t, now);
}

static void on_stopccn(struct l2tp_tunnel *t, msec_t now,
		       const struct l2tp_msg *m)
{
	l2tp_tunnel_set_peer_id(t, m->assigned_tunnel);
	l2tp_tunnel_end(t, now, &m->result, false, now + L2TP_CLOSE_TIME);
}

/* Both said StopCCN: the peer needs no more of ours than the acknowledgement. */
static void on_crossed(struct l2tp_tunnel *t, msec_t now,
		       const struct l2tp_msg *m)
{
	(void)m;
	xport_drop_all(&t->xport);
	t->stopping = false;
	t->dead_at = now + L2TP_CLOSE_TIME;
}

static void on_session(struct l2tp_tunnel *t, msec_t now,
		       const struct l2tp_msg *m)
{
	l2tp_session_input(t, now, m);
}

static void ignore(struct l2tp_tunnel *t, msec_t now, const struct l2tp_msg *m)
{
	(void)now;
	if (m->type != L2TP_HELLO)
		t->host->count.rx_ignored++;
}

/* RFC 5515 5.1: of several sessions, of which some may be gone by now. */
static void on_speeds(struct l2tp_tunnel *t, msec_t now,
		      const struct l2tp_msg *m)
{
	const struct l2tp_host_ops *ops = t->host->ops;
	uint32_t number[SPEED_FIELDS];

	t->host->count.rx_csun++;
	for (unsigned int i = 0; i < m->n_items; i++) {
		struct l2tp_session *s;

		if (m->item[i].avp != AVP_SPEED_UPDATE)
			continue;
		l2tp_fields_read(AVP_SPEED_UPDATE, &m->item[i].value, number);
		s = number[0] ?
			    idmap_get(&t->host->sessions, (uint16_t)number[0]) :
			    NULL;
		if (!s || s->tunnel != t || s->lac ||
		    s->state != L2TP_SESSION_ESTABLISHED)
			t->host->count.rx_no_session++;
		else if (ops->call_speed)
			ops->call_speed(s, now, number[1], number[2]);
	}
}

static void on_notice(struct l2tp_tunnel *t, msec_t now,
		      const struct l2tp_msg *m)
{
	if (m->type == L2TP_CSUN && !m->fault.result)
		on_speeds(t, now, m);
	else
		ignore(t, now, m);
}

/* A message that has no place in this state. */
static void wrong(struct l2tp_tunnel *t, msec_t now, const struct l2tp_msg *m)
{
	char text[L2TP_TEXT_MAX];

	snprintf(text, sizeof(text), "%s in %s", l2tp_msg_name(m->type),
		 l2tp_tunnel_state_name(t->state));
	l2tp_tunnel_stop(t, now, L2TP_STOP_FSM, 0, text);
}

/* NOTICE: of extensions; they are optional. */
enum event { SCCRQ, SCCRP, SCCCN, STOPCCN, HELLO, SESSION, NOTICE, NEVENTS };

static action *const machine[L2TP_TUNNEL_NSTATES][NEVENTS] = {
	[L2TP_TUNNEL_IDLE] = { on_sccrq, ignore, ignore, ignore, ignore, ignore,
			       ignore }, /* 7.2.1 */
	[L2TP_TUNNEL_WAIT_REPLY] = { wrong, on_sccrp, wrong, on_stopccn, ignore,
				     wrong, ignore }, /* 7.2.1 */
	[L2TP_TUNNEL_WAIT_CONN] = { wrong, wrong, on_scccn, on_stopccn, ignore,
				    wrong, ignore }, /* 7.2.1 */
	[L2TP_TUNNEL_ESTABLISHED] = { wrong, wrong, wrong, on_stopccn, ignore,
				      on_session, on_notice }, /* 7.2.1 */
	[L2TP_TUNNEL_CLOSING] = { ignore, ignore, ignore, on_crossed, ignore,
				  ignore, ignore }, /* 5.7 */
};

static enum event event_of(uint16_t type)
{
	switch (type) {
	case L2TP_SCCRQ:
		return SCCRQ;
	case L2TP_SCCRP:
		return SCCRP;
	case L2TP_SCCCN:
		return SCCCN;
	case L2TP_STOPCCN:
		return STOPCCN;
	case L2TP_HELLO:
		return HELLO;
	default:
		return l2tp_msg_of_session(type) ? SESSION : NOTICE;
	}
}

/* A decoded message, in its turn. A faulty one ends what it concerns, and one
 * that ends something does so however faulty.
 */
static void run(struct l2tp_tunnel *t, msec_t now, const struct l2tp_msg *m)
{
	enum event event = event_of(m->type);

	t->host->count.rx_bad_avp += m->bad_avps;
	if (!l2tp_msg_must(m->type)) {
		t->host->count.rx_unknown_message++;
		if (!m->fault.result)
			return;
	}
	if (m->fault.result && event != STOPCCN && event != SESSION)
		l2tp_tunnel_end(t, now, &m->fault, true,
				now + l2tp_tunnel_close_time(t));
	else
		machine[t->state][event](t, now, m);
}

void l2tp_control_accept(struct l2tp_host *h, msec_t now,
			 const struct l2tp_path *path,
			 const struct l2tp_peer *peer, const struct l2tp_msg *m)
{
	struct l2tp_tunnel *t = l2tp_tunnel_new(h, now, path, peer, 0);

	if (!t)
		return;
	t->timer.fn = l2tp_control_timer;
	t->opened_at = t->last_rx = now;
	xport_receive(&t->xport, now, m->ns, NULL, 0);
	run(t, now, m);
	l2tp_tunnel_due(t);
}

/* The peer is told where it was called. */
static void refuse_move(struct l2tp_tunnel *t, msec_t now,
			const struct l2tp_path *path, const struct l2tp_msg *m)
{
	char at[ADDR_STRLEN], text[L2TP_TEXT_MAX];

	if (l2tp_msg_has(m, AVP_TUNNEL_ID))
		l2tp_tunnel_set_peer_id(t, m->assigned_tunnel);
	snprintf(text, sizeof(text), "SCCRP from %s",
		 addr_port_str(&path->remote, at));
	l2tp_complain(t->host, now, &t->path, t->peer, t->peer_name,
		      "SCCRP from elsewhere");
	l2tp_tunnel_stop(t, now, L2TP_STOP_NOT_AUTHORISED, 0, text);
}

void l2tp_control_input(struct l2tp_tunnel *t, msec_t now, struct l2tp_msg *m,
			const struct l2tp_path *path, const void *data,
			size_t len)
{
	struct l2tp_counters *count = &t->host->count;
	struct xport_msg *early;

	t->last_rx = now > t->last_rx ? now : t->last_rx;
	l2tp_tunnel_due(t);
	xport_acked(&t->xport, now, m->nr);
	if (m->type == L2TP_ZLB) {
		count->rx_zlb++;
		return;
	}
	switch (xport_receive(&t->xport, now, m->ns, data, len)) {
	case XPORT_DUPLICATE:
		count->rx_duplicates++;
		return;
	case XPORT_EARLY:
		count->rx_early++;
		return;
	case XPORT_BEYOND:
		count->rx_overruns++;
		return;
	case XPORT_NEW:
		break;
	}
	t->dirty = true;
	if (m->type == L2TP_HELLO) /* nothing will come to carry the answer */
		xport_ack_now(&t->xport, now);
	l2tp_msg_body(m, t->peer->secret);
	if (t->state != L2TP_TUNNEL_WAIT_REPLY || m->type != L2TP_SCCRP ||
	    l2tp_tunnel_move(t, path))
		run(t, now, m);
	else
		refuse_move(t, now, path, m);
	while ((early = xport_early(&t->xport, now))) {
		if (l2tp_msg_head(m, early->b, early->len)) {
			l2tp_msg_body(m, t->peer->secret);
			run(t, now, m);
		}
		xport_msg_free(early);
	}
}

/*
 * Ours begins. One that comes soon after another to the same peer was disconnected
 * has waited: the peer may have to do with that one's end.
 */
static void start(struct l2tp_tunnel *t)
{
	t->start_at = MSEC_NEVER;
	l2tp_tunnel_set_state(t, L2TP_TUNNEL_WAIT_REPLY);
	l2tp_setup_send(t, L2TP_SCCRQ);
}

static void send_hello(struct l2tp_tunnel *t)
{
	struct l2tp_msg m = { .type = L2TP_HELLO };

	l2tp_tunnel_send(t, &m);
}

void l2tp_control_timer(struct timer *timer, msec_t now)
{
	struct l2tp_tunnel *t = container_of(timer, struct l2tp_tunnel, timer);
	static const struct l2tp_result silent = { .result = L2TP_STOP_CLEAR,
						   .text = L2TP_SILENT };
	static const struct l2tp_result full = { .result = L2TP_STOP_ERROR,
						 .error = L2TP_ERR_RESOURCES,
						 .text = "queue is full" };

	l2tp_enter(t->host);
	l2tp_tunnel_due(t);
	if (!xport_expired(&t->xport, now)) {
		t->dead_at = now;
		l2tp_tunnel_end(t, now, &silent, false, now);
	}
	if (t->stuck)
		l2tp_tunnel_end(t, now, &full, false, now);
	if (now >= t->start_at)
		start(t);
	if (now >= t->setup_at)
		l2tp_tunnel_stop(t, now, L2TP_STOP_CLEAR, 0, L2TP_SLOW);
	if (now >= t->call_at)
		l2tp_session_expired(t, now);
	if (now >= t->idle_at && !t->n_sessions)
		l2tp_tunnel_stop(t, now, L2TP_STOP_CLEAR, 0, "no session");
	if (now >= l2tp_tunnel_hello_time(t))
		send_hello(t);
	l2tp_leave(t->host, now);
}

/* --------------------------------------------------------- what owners call */

struct l2tp_tunnel *l2tp_tunnel_open(struct l2tp_host *h, msec_t now,
				     const struct l2tp_path *path,
				     const struct l2tp_peer *peer, void *user)
{
	struct l2tp_tunnel *t = l2tp_tunnel_new(h, now, path, peer, 0);

	if (!t)
		return NULL;
	l2tp_enter(h);
	t->user = user;
	t->initiator = true;
	t->tie = peer->tie_breaker;
	t->tie_breaker = crypt_random_u64();
	t->timer.fn = l2tp_control_timer;
	t->opened_at = t->last_rx = now;
	t->start_at = t->destination->open_at;
	t->setup_at = msec_max(now, t->start_at) + L2TP_SETUP_TIME;
	if (now >= t->start_at)
		start(t);
	l2tp_tunnel_due(t);
	l2tp_leave(h, now);
	return t;
}
