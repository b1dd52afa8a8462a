/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The session object; see session.h. Its ids, its place in its tunnel, the call
 * that is being set up. Called by l2tp/call_machine, l2tp/session_end, l2tp/save.
 */
#include "l2tp/session.h"

#include "base/log.h"
#include "l2tp/destination.h"

#include <stdlib.h>
#include <string.h>

static const char *const state_name[L2TP_SESSION_NSTATES] = {
	[L2TP_SESSION_IDLE] = "idle",
	[L2TP_SESSION_WAIT_TUNNEL] = "wait-tunnel",
	[L2TP_SESSION_WAIT_REPLY] = "wait-reply",
	[L2TP_SESSION_WAIT_CONNECT] = "wait-connect",
	[L2TP_SESSION_WAIT_ANSWER] = "wait-answer",
	[L2TP_SESSION_ESTABLISHED] = "established",
};

const char *l2tp_session_state_name(enum l2tp_session_state s)
{
	return state_name[s];
}

void l2tp_session_set_state(struct l2tp_session *s,
			    enum l2tp_session_state state)
{
	log_debug("session %u/%u: %s -> %s", s->tunnel->id, s->id,
		  state_name[s->state], state_name[state]);
	s->state = state;
}

void l2tp_session_set_established(struct l2tp_session *s)
{
	l2tp_session_set_state(s, L2TP_SESSION_ESTABLISHED);
	l2tp_level_count(&s->tunnel->level, L2TP_SESSIONS, L2TP_UP);
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

struct l2tp_session *l2tp_session_named(const struct l2tp_tunnel *t,
					uint16_t peer_id)
{
	struct hash_node *n =
		hash_find(&t->host->calls_by_peer_id, peer_key(t, peer_id));

	return n ? container_of(n, struct l2tp_session, by_peer_id) : NULL;
}

struct l2tp_session *l2tp_session_find(const struct l2tp_tunnel *t, uint16_t id)
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
	t->used = true;
	l2tp_level_count(&t->level, L2TP_SESSIONS, L2TP_BEGUN);
	return s;
}

void l2tp_session_set_deadline(struct l2tp_tunnel *t)
{
	const struct l2tp_session *s = TAILQ_FIRST(&t->calls);

	t->call_at = s ? s->setup_at : MSEC_NEVER;
	l2tp_tunnel_due(t);
}

bool l2tp_session_call_new(struct l2tp_session *s, msec_t now)
{
	s->call = calloc(1, sizeof(*s->call));
	s->timed = true;
	s->setup_at = now + L2TP_SETUP_TIME;
	TAILQ_INSERT_TAIL(&s->tunnel->calls, s, of_calls);
	l2tp_session_set_deadline(s->tunnel);
	return s->call;
}

/* It may hold a password. An op may still look at it: freed later. */
void l2tp_session_call_drop(struct l2tp_session *s)
{
	if (s->timed) {
		TAILQ_REMOVE(&s->tunnel->calls, s, of_calls);
		l2tp_session_set_deadline(s->tunnel);
	}
	s->timed = false;
	if (!s->call)
		return;
	explicit_bzero(&s->call->proxy, sizeof(s->call->proxy));
	l2tp_bury(s->tunnel->host, s->call);
	s->call = NULL;
}

void l2tp_session_forget(struct l2tp_session *s)
{
	struct l2tp_host *h = s->tunnel->host;

	if (s->gone)
		return;
	s->gone = true;
	l2tp_level_count(&s->tunnel->level, L2TP_SESSIONS,
			 s->state == L2TP_SESSION_ESTABLISHED ? L2TP_ENDED :
								L2TP_FAILED);
	if (s->state != L2TP_SESSION_ESTABLISHED)
		h->count.calls_failed++;
	l2tp_session_call_drop(s);
	LIST_REMOVE(s, of_tunnel);
	s->tunnel->n_sessions--;
	if (s->peer_id)
		hash_del(&h->calls_by_peer_id, &s->by_peer_id);
	idmap_del(&h->sessions, s->id);
	l2tp_bury(h, s);
}
