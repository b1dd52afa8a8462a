/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of sessions; see session_end.h. Called by l2tp/call_machine and
 * l2tp/control, and by the host's owner. RFC 2661 5.6; RFC 3145 (causes).
 */
#include "l2tp/session_end.h"

#include "l2tp/dict.h"
#include "l2tp/turn.h"

/* As an LNS that says why we always do; nothing known is a cause as well. */
static void put_causes(struct l2tp_msg *m, const struct l2tp_tunnel *t,
		       const struct l2tp_causes *causes, uint8_t *room)
{
	static const struct l2tp_causes none = { .n = 1 };

	if (t->peer->disconnect_cause)
		l2tp_causes_write(causes && causes->n ? causes : &none, m,
				  room);
}

void l2tp_session_send_cdn(struct l2tp_tunnel *t, uint16_t to, uint16_t id,
			   const struct l2tp_result *why,
			   const struct l2tp_causes *causes)
{
	uint8_t room[L2TP_CAUSES_MAX * L2TP_CAUSE_LEN];
	struct l2tp_msg m = { .type = L2TP_CDN,
			      .session_id = to,
			      .has = l2tp_msg_must(L2TP_CDN),
			      .assigned_session = id,
			      .result = *why };

	put_causes(&m, t, causes, room);
	if (t->state == L2TP_TUNNEL_ESTABLISHED)
		l2tp_tunnel_send(t, &m);
}

static void tell_refused(struct l2tp_tunnel *t, msec_t now, uint16_t peer_id,
			 uint32_t serial, const struct l2tp_result *why)
{
	if (t->host->ops->call_refused)
		t->host->ops->call_refused(t, now, peer_id, serial, why);
}

/* An id that is not 0 must be named. */
void l2tp_session_refuse(struct l2tp_tunnel *t, msec_t now,
			 const struct l2tp_msg *m,
			 const struct l2tp_result *why)
{
	uint16_t id = idmap_new(&t->host->sessions, t);

	idmap_del(&t->host->sessions, id);
	t->host->count.calls_failed++;
	l2tp_level_count(&t->level, L2TP_SESSIONS, L2TP_REFUSED);
	l2tp_session_send_cdn(t, m->assigned_session, id ? id : 1, why, NULL);
	tell_refused(t, now, m->assigned_session, m->serial, why);
}

void l2tp_session_refuse_new(struct l2tp_session *s, msec_t now,
			     const struct l2tp_result *why)
{
	l2tp_session_end(s, why);
	tell_refused(s->tunnel, now, s->peer_id, s->serial, why);
}

void l2tp_session_end(struct l2tp_session *s, const struct l2tp_result *why)
{
	if (s->state != L2TP_SESSION_WAIT_TUNNEL)
		l2tp_session_send_cdn(s->tunnel, s->peer_id, s->id, why,
				      s->causes);
	l2tp_session_forget(s);
}

void l2tp_session_tell_down(struct l2tp_session *s, msec_t now,
			    const struct l2tp_result *why)
{
	s->why = why;
	s->tunnel->host->ops->session_down(s, now);
	s->why = NULL;
}

void l2tp_session_end_and_tell(struct l2tp_session *s, msec_t now,
			       const struct l2tp_result *why)
{
	l2tp_session_end(s, why);
	l2tp_session_tell_down(s, now, why);
}

void l2tp_session_tunnel_down(struct l2tp_tunnel *t, msec_t now)
{
	struct l2tp_session *s;

	while ((s = LIST_FIRST(&t->sessions))) {
		l2tp_session_forget(s);
		l2tp_session_tell_down(s, now, &t->why);
	}
}

void l2tp_session_expired(struct l2tp_tunnel *t, msec_t now)
{
	static const struct l2tp_result late = { .result = L2TP_CDN_TIMEOUT,
						 .text = "takes too long" };
	struct l2tp_session *s;

	while ((s = TAILQ_FIRST(&t->calls)) && now >= s->setup_at)
		l2tp_session_end_and_tell(s, now, &late);
}

/* ---------------------------------------------------- what the owner calls */

static void close_call(struct l2tp_session *s, msec_t now,
		       const struct l2tp_result *why,
		       const struct l2tp_causes *causes)
{
	struct l2tp_host *h = s->tunnel->host;

	if (s->gone)
		return;
	l2tp_enter(h);
	s->causes = causes;
	l2tp_session_end(s, why);
	s->causes = NULL;
	l2tp_leave(h, now);
}

void l2tp_session_close(struct l2tp_session *s, msec_t now, uint16_t result,
			uint16_t error, const char *text)
{
	struct l2tp_result why;

	l2tp_result_set(&why, result, error, text);
	close_call(s, now, &why, NULL);
}

void l2tp_session_close_ppp(struct l2tp_session *s, msec_t now, uint16_t result,
			    const char *text, const struct l2tp_causes *causes)
{
	struct l2tp_result why;

	l2tp_result_set(&why, result, 0, text);
	close_call(s, now, &why, s->lac ? NULL : causes);
}

void l2tp_session_disown(struct l2tp_tunnel *t, msec_t now, uint16_t id,
			 uint16_t peer_id, uint16_t result, const char *text)
{
	struct l2tp_result why;

	l2tp_enter(t->host);
	l2tp_result_set(&why, result, 0, text);
	l2tp_session_send_cdn(t, peer_id, id, &why, NULL);
	l2tp_leave(t->host, now);
}
