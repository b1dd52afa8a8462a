/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machines of calls; see call_machine.h. Incoming and outgoing ones, both
 * sides of each, as tables. Called by l2tp/control with messages, by the host's
 * owner with calls. RFC 2661 5.2, 5.3 (set-up), 7.4, 7.5 (the tables).
 */
#include "l2tp/call_machine.h"

#include "l2tp/destination.h"
#include "l2tp/dict.h"
#include "l2tp/session_end.h"
#include "l2tp/turn.h"

#include <stdio.h>

/* A message of this call, with what there is to say of it. */
static void send_call(struct l2tp_session *s, uint16_t type)
{
	struct l2tp_msg m = { .type = type, .session_id = s->peer_id };

	l2tp_call_write(s->call, &m);
	m.has |= l2tp_msg_must(type);
	m.assigned_session = s->id;
	if (s->sequencing)
		l2tp_msg_set(&m, AVP_SEQUENCING);
	l2tp_tunnel_send(s->tunnel, &m);
}

/*
 * PPP over PPPoE is neither synchronous nor asynchronous: what is said is wanted,
 * unless the peer has not offered it (RFC 2661 4.4.3, 4.4.4).
 */
static uint32_t framing_for(const struct l2tp_tunnel *t, uint32_t want)
{
	uint32_t offered = t->peer_framing & L2TP_FRAMING_CAPS;

	if (!want)
		want = L2TP_FRAMING_SYNC;
	if (!offered || want & offered)
		return offered ? want & offered : want;
	return offered & L2TP_FRAMING_SYNC ? L2TP_FRAMING_SYNC :
					     L2TP_FRAMING_ASYNC;
}

/* ------------------------------------------------------------- the machine */

/* s is NULL in idle. */
typedef void action(struct l2tp_tunnel *t, struct l2tp_session *s, msec_t now,
		    const struct l2tp_msg *m);

static void established(struct l2tp_session *s, msec_t now)
{
	struct l2tp_host *h = s->tunnel->host;

	l2tp_session_set_established(s);
	h->count.calls++;
	h->ops->call_up(s, now);
	if (!s->gone)
		l2tp_session_call_drop(s);
}

/* The peer asks for a call: what it wants must be what we have offered. */
static const char *not_offered(const struct l2tp_tunnel *t,
			       const struct l2tp_msg *m)
{
	if (l2tp_msg_has(m, AVP_FRAMING_TYPE) &&
	    m->framing_type & ~(uint32_t)L2TP_FRAMING_CAPS)
		return "framing type not offered";
	if (m->type == L2TP_OCRQ && m->bearer_type & ~t->host->bearer_caps)
		return "bearer type not offered";
	return NULL;
}

/* Too much for now, or the operator does not want it. "Temporarily no facilities"
 * makes a LAC try its next LNS.
 */
static void judge_room(const struct l2tp_tunnel *t, struct l2tp_result *why)
{
	if (l2tp_level_effective(&t->level) != L2TP_ENABLED) {
		t->host->count.refused_admin++;
		l2tp_result_set(why, L2TP_CDN_BUSY_NOW, 0, "drained");
	} else if (t->peer->single_shot && t->used) {
		t->host->count.refused_limit++;
		l2tp_result_set(why, L2TP_CDN_BUSY_NOW, 0,
				"one session a tunnel");
	} else if (l2tp_tunnel_busy(t)) {
		t->host->count.refused_busy++;
		*why = l2tp_result_full(t->peer, "busy: too many set-ups");
	}
}

/* Why a new call is refused before there is a session; result 0: it is not. */
static void judge(const struct l2tp_tunnel *t, const struct l2tp_msg *m,
		  struct l2tp_result *why)
{
	const char *text = not_offered(t, m);

	if (m->fault.result)
		*why = m->fault;
	else if (m->type == L2TP_ICRQ && !t->peer->accept_calls)
		l2tp_result_set(why, L2TP_CDN_ADMIN, 0, "no calls this way");
	else if (m->type == L2TP_OCRQ && !t->host->bearer_caps)
		l2tp_result_set(why, L2TP_CDN_NEVER, 0, "no outgoing calls");
	else if (text)
		l2tp_result_set(why, L2TP_CDN_ERROR, L2TP_ERR_VALUE, text);
	else
		judge_room(t, why);
}

/* The owner decides; then the answer leaves. */
static void offer_call(struct l2tp_session *s, msec_t now, uint16_t answer,
		       enum l2tp_session_state next)
{
	struct l2tp_result why = l2tp_result_full(s->tunnel->peer, "");

	if (s->tunnel->host->ops->call_in(s, now, &why)) {
		if (!s->gone)
			l2tp_session_refuse_new(s, now, &why);
		return;
	}
	if (s->gone)
		return;
	send_call(s, answer);
	l2tp_session_set_state(s, next);
}

/* ICRQ, OCRQ: a new call. NULL: it is refused. RFC 2661 7.4.2, 7.5.1. */
static struct l2tp_session *new_call(struct l2tp_tunnel *t, msec_t now,
				     const struct l2tp_msg *m)
{
	static const struct l2tp_result again = { .result = L2TP_CDN_ERROR,
						  .error = L2TP_ERR_SESSION_ID,
						  .text = "id is in use" };
	struct l2tp_session *old = l2tp_session_named(t, m->assigned_session);
	struct l2tp_result refusal = { 0 };
	struct l2tp_session *s;

	/* The peer has forgotten it: one CDN ends both. */
	if (old && !m->fault.result) {
		l2tp_session_end_and_tell(old, now, &again);
		return NULL;
	}
	judge(t, m, &refusal);
	if (refusal.result) {
		l2tp_session_refuse(t, now, m, &refusal);
		return NULL;
	}
	s = l2tp_session_new(t, 0);
	if (!s) {
		refusal = l2tp_result_full(t->peer, "session limit reached");
		l2tp_session_refuse(t, now, m, &refusal);
		return NULL;
	}
	l2tp_session_set_peer_id(s, m->assigned_session);
	s->serial = m->serial;
	if (!l2tp_session_call_new(s, now)) {
		refusal = l2tp_result_full(t->peer, "out of memory");
		l2tp_session_refuse_new(s, now, &refusal);
		return NULL;
	}
	l2tp_call_read(s->call, m);
	return s;
}

static void on_icrq(struct l2tp_tunnel *t, struct l2tp_session *s, msec_t now,
		    const struct l2tp_msg *m)
{
	s = new_call(t, now, m);
	if (s)
		offer_call(s, now, L2TP_ICRP, L2TP_SESSION_WAIT_CONNECT);
}

static void on_ocrq(struct l2tp_tunnel *t, struct l2tp_session *s, msec_t now,
		    const struct l2tp_msg *m)
{
	s = new_call(t, now, m);
	if (!s)
		return;
	s->lac = s->outgoing = true;
	s->sequencing = t->peer->sequencing;
	offer_call(s, now, L2TP_OCRP, L2TP_SESSION_WAIT_ANSWER);
}

/* ICRP, OCRP: the peer takes our call. False: it has ended. */
static bool answered(struct l2tp_session *s, msec_t now,
		     const struct l2tp_msg *m)
{
	struct l2tp_result why = { .result = L2TP_CDN_BUSY_NOW };

	l2tp_session_set_peer_id(s, m->assigned_session);
	if (s->tunnel->host->ops->call_answered(s, now, &why) && !s->gone)
		l2tp_session_end(s, &why);
	return !s->gone;
}

/* RFC 2661 7.4.1. */
static void on_icrp(struct l2tp_tunnel *t, struct l2tp_session *s, msec_t now,
		    const struct l2tp_msg *m)
{
	s->sequencing = t->peer->sequencing;
	if (!answered(s, now, m))
		return;
	s->call->framing_type = framing_for(t, s->call->framing_type);
	send_call(s, L2TP_ICCN);
	established(s, now);
}

/* RFC 2661 7.5.2. */
static void on_ocrp(struct l2tp_tunnel *t, struct l2tp_session *s, msec_t now,
		    const struct l2tp_msg *m)
{
	(void)t;
	if (answered(s, now, m))
		l2tp_session_set_state(s, L2TP_SESSION_WAIT_CONNECT);
}

/* ICCN, OCCN: the call is there. RFC 2661 7.4.2, 7.5.2. */
static void on_connected(struct l2tp_tunnel *t, struct l2tp_session *s,
			 msec_t now, const struct l2tp_msg *m)
{
	struct l2tp_result why;
	const char *text = not_offered(t, m);

	if (text) {
		l2tp_result_set(&why, L2TP_CDN_ERROR, L2TP_ERR_VALUE, text);
		l2tp_session_end_and_tell(s, now, &why);
		return;
	}
	l2tp_call_read(s->call, m);
	s->sequencing = l2tp_msg_has(m, AVP_SEQUENCING);
	established(s, now);
}

static void on_cdn(struct l2tp_tunnel *t, struct l2tp_session *s, msec_t now,
		   const struct l2tp_msg *m)
{
	struct l2tp_causes causes;

	l2tp_causes_read(&causes, m);
	l2tp_causes_count(&t->host->rx_causes, &causes);
	s->causes = &causes;
	l2tp_session_forget(s);
	l2tp_session_tell_down(s, now, &m->result);
	s->causes = NULL;
}

/* A message that has no place in this state. */
static void wrong(struct l2tp_tunnel *t, struct l2tp_session *s, msec_t now,
		  const struct l2tp_msg *m)
{
	struct l2tp_result why = { .result = L2TP_CDN_ERROR,
				   .error = L2TP_ERR_VENDOR };

	(void)t;
	snprintf(why.text, sizeof(why.text), "%s in %s", l2tp_msg_name(m->type),
		 l2tp_session_state_name(s->state));
	l2tp_session_end_and_tell(s, now, &why);
}

/*
 * A session that is gone: the peer should know. So it should after ICCN and OCCN,
 * where RFC 2661 7.4.2 just cleans up: a call that was being set up when we were
 * restarted is up at the peer alone.
 */
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
	l2tp_session_send_cdn(t, m->assigned_session, m->session_id, &why,
			      NULL);
}

/* What ended here is being told, or has been. */
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

/* Errors of a line that is not ours: for the operator to count. */
static void on_wen(struct l2tp_tunnel *t, struct l2tp_session *s, msec_t now,
		   const struct l2tp_msg *m)
{
	(void)s;
	(void)now;
	(void)m;
	t->host->count.rx_wen++;
}

/* An ACCM is for asynchronous lines, which we have not got. */
static void on_sli(struct l2tp_tunnel *t, struct l2tp_session *s, msec_t now,
		   const struct l2tp_msg *m)
{
	(void)s;
	(void)now;
	(void)m;
	t->host->count.rx_sli++;
}

enum event { ICRQ, ICRP, ICCN, OCRQ, OCRP, OCCN, CDN, WEN, SLI, NEVENTS };

/* No session: 7.4.1 to 7.5.2, idle. */
static action *const idle[NEVENTS] = { on_icrq, unknown, unknown,
				       on_ocrq, unknown, unknown,
				       nobody,	nobody,	 nobody };

/* 2 if outgoing, 1 if we are the LAC. */
enum role { LNS_IN, LAC_IN, LNS_OUT, LAC_OUT, NROLES };

/* clang-format off */
static action *const machine[NROLES][L2TP_SESSION_NSTATES][NEVENTS] = {
#define WAIT_TUNNEL [L2TP_SESSION_WAIT_TUNNEL]
#define WAIT_REPLY [L2TP_SESSION_WAIT_REPLY]
#define WAIT_CONNECT [L2TP_SESSION_WAIT_CONNECT]
#define WAIT_ANSWER [L2TP_SESSION_WAIT_ANSWER]
#define UP [L2TP_SESSION_ESTABLISHED]
/* The peer has no id of a session in wait-tunnel: nothing of it can be meant. */
#define NOT_YET { ignore, ignore, ignore, ignore, ignore, ignore, ignore, \
		  ignore, ignore }
#define EXPECT(icrp, iccn, ocrp, occn, wen, sli) \
	{ wrong, icrp, iccn, wrong, ocrp, occn, on_cdn, wen, sli }
	[LNS_IN] = { /* 7.4.2 */
		WAIT_CONNECT = EXPECT(wrong, on_connected, wrong, wrong,
				      on_wen, ignore),
		UP = EXPECT(wrong, wrong, wrong, wrong, on_wen, ignore),
	},
	[LAC_IN] = { /* 7.4.1 */
		WAIT_TUNNEL = NOT_YET,
		WAIT_REPLY = EXPECT(on_icrp, wrong, wrong, wrong,
				    ignore, on_sli),
		UP = EXPECT(wrong, wrong, wrong, wrong, ignore, on_sli),
	},
	[LNS_OUT] = { /* 7.5.2 */
		WAIT_TUNNEL = NOT_YET,
		WAIT_REPLY = EXPECT(wrong, wrong, on_ocrp, wrong,
				    on_wen, ignore),
		WAIT_CONNECT = EXPECT(wrong, wrong, wrong, on_connected,
				      on_wen, ignore),
		UP = EXPECT(wrong, wrong, wrong, wrong, on_wen, ignore),
	},
	[LAC_OUT] = { /* 7.5.1 */
		WAIT_ANSWER = EXPECT(wrong, wrong, wrong, wrong,
				     ignore, on_sli),
		UP = EXPECT(wrong, wrong, wrong, wrong, ignore, on_sli),
	},
};
/* clang-format on */

static enum event event_of(uint16_t type)
{
	static const enum event of[L2TP_MSG_TYPES] = {
		[L2TP_ICRQ] = ICRQ, [L2TP_ICRP] = ICRP, [L2TP_ICCN] = ICCN,
		[L2TP_OCRQ] = OCRQ, [L2TP_OCRP] = OCRP, [L2TP_OCCN] = OCCN,
		[L2TP_CDN] = CDN,   [L2TP_WEN] = WEN,	[L2TP_SLI] = SLI,
	};

	return of[type];
}

static action *action_of(const struct l2tp_session *s, enum event event)
{
	if (!s)
		return idle[event];
	return machine[s->outgoing << 1 | s->lac][s->state][event];
}

void l2tp_session_input(struct l2tp_tunnel *t, msec_t now,
			const struct l2tp_msg *m)
{
	struct l2tp_session *s = l2tp_session_find(t, m->session_id);
	enum event event = event_of(m->type);

	/* CDN may come before the peer knows our id. RFC 2661 5.6. */
	if (event == CDN && !m->session_id)
		s = l2tp_session_named(t, m->assigned_session);
	if (s && m->fault.result && event < CDN)
		l2tp_session_end_and_tell(s, now, &m->fault);
	else
		action_of(s, event)(t, s, now, m);
}

/* -------------------------------------------- what comes from the tunnel */

/* ICRQ or OCRQ, when the tunnel is there; its offers are known by now. */
static void ask(struct l2tp_session *s, msec_t now)
{
	static const struct l2tp_result never = {
		.result = L2TP_CDN_NEVER,
		.text = "the peer offers no such bearer"
	};
	struct l2tp_call *c = s->call;

	if (s->outgoing && c->bearer_type & ~s->tunnel->peer_bearer) {
		l2tp_session_end_and_tell(s, now, &never);
		return;
	}
	if (s->outgoing)
		c->framing_type = framing_for(s->tunnel, c->framing_type);
	send_call(s, s->outgoing ? L2TP_OCRQ : L2TP_ICRQ);
	l2tp_session_set_state(s, L2TP_SESSION_WAIT_REPLY);
}

void l2tp_session_tunnel_up(struct l2tp_tunnel *t, msec_t now)
{
	struct l2tp_session *s;

	TAILQ_FOREACH(s, &t->calls, of_calls)
	{
		if (s->gone || s->state != L2TP_SESSION_WAIT_TUNNEL)
			continue;
		s->setup_at = now + L2TP_SETUP_TIME;
		ask(s, now);
	}
	l2tp_session_set_deadline(t);
}

/* ---------------------------------------------------- what the owner calls */

static struct l2tp_session *start(struct l2tp_tunnel *t, msec_t now,
				  const struct l2tp_call *call, void *user,
				  bool outgoing)
{
	struct l2tp_host *h = t->host;
	struct l2tp_session *s;

	if (t->state == L2TP_TUNNEL_CLOSING ||
	    l2tp_level_effective(&t->level) != L2TP_ENABLED)
		return NULL;
	if (outgoing && t->state == L2TP_TUNNEL_ESTABLISHED &&
	    call->bearer_type & ~t->peer_bearer)
		return NULL;
	s = l2tp_session_new(t, 0);
	if (!s)
		return NULL;
	l2tp_enter(h);
	s->lac = !outgoing;
	s->outgoing = outgoing;
	s->user = user;
	l2tp_session_set_state(s, L2TP_SESSION_WAIT_TUNNEL);
	if (l2tp_session_call_new(s, now)) {
		s->serial = ++h->serial;
		*s->call = *call;
		s->call->serial = s->serial;
		if (t->state == L2TP_TUNNEL_ESTABLISHED)
			ask(s, now);
	} else {
		l2tp_session_forget(s);
		s = NULL;
	}
	l2tp_leave(h, now);
	return s;
}

struct l2tp_session *l2tp_session_call(struct l2tp_tunnel *t, msec_t now,
				       const struct l2tp_call *call, void *user)
{
	return start(t, now, call, user, false);
}

struct l2tp_session *l2tp_session_dial(struct l2tp_tunnel *t, msec_t now,
				       const struct l2tp_call *call, void *user)
{
	return start(t, now, call, user, true);
}

void l2tp_session_connect(struct l2tp_session *s, msec_t now)
{
	struct l2tp_host *h = s->tunnel->host;

	if (s->gone || s->state != L2TP_SESSION_WAIT_ANSWER)
		return;
	l2tp_enter(h);
	s->call->framing_type = framing_for(s->tunnel, s->call->framing_type);
	send_call(s, L2TP_OCCN);
	established(s, now);
	l2tp_leave(h, now);
}
