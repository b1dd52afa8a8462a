/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A session: one call in a tunnel, of either side, incoming or outgoing (RFC 2661
 * 7.4, 7.5). What it does, l2tp/call_machine decides; how it ends is
 * l2tp/session_end; who keeps it over a restart is l2tp/save.
 */
#ifndef L2TP_SESSION_H
#define L2TP_SESSION_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "l2tp/call.h"
#include "l2tp/ops.h"
#include "l2tp/tunnel.h"

enum l2tp_session_state {
	L2TP_SESSION_IDLE,
	L2TP_SESSION_WAIT_TUNNEL, /* ours: tunnel not established yet */
	L2TP_SESSION_WAIT_REPLY, /* ICRQ or OCRQ sent */
	L2TP_SESSION_WAIT_CONNECT, /* LNS: ICRP sent, or OCRP came */
	L2TP_SESSION_WAIT_ANSWER, /* LAC: OCRP sent; wait-cs-answer */
	L2TP_SESSION_ESTABLISHED,
	L2TP_SESSION_NSTATES
};

struct l2tp_session {
	struct l2tp_tunnel *tunnel;
	uint16_t id; /* ours; unique in the whole host */
	uint16_t peer_id;
	enum l2tp_session_state state;
	bool lac; /* we are the LAC of this call */
	bool outgoing; /* the LNS asked for it */
	bool sequencing; /* data carries Ns, Nr */
	bool gone; /* unlinked, freed soon */
	bool timed; /* in tunnel->calls */
	uint32_t serial;
	struct l2tp_call *call; /* until established, then freed: NULL */
	/* In session_down: of its end, and what else CDN said; else NULL. */
	const struct l2tp_result *why;
	const struct l2tp_causes *causes;
	msec_t setup_at; /* when setting up has taken too long */
	LIST_ENTRY(l2tp_session) of_tunnel;
	TAILQ_ENTRY(l2tp_session) of_calls;
	struct hash_node by_peer_id;
	void *user;
};

const char *l2tp_session_state_name(enum l2tp_session_state s);

/* ------------------------------------------- for the files of l2tp above */

/* With this id; 0: any. NULL: no id, or the limit is reached. */
struct l2tp_session *l2tp_session_new(struct l2tp_tunnel *t, uint16_t id);
/* Unlinks it; it is freed when nobody can be looking at it. */
void l2tp_session_forget(struct l2tp_session *s);
/* That of our id, of the peer's; or NULL. */
struct l2tp_session *l2tp_session_find(const struct l2tp_tunnel *t,
				       uint16_t id);
struct l2tp_session *l2tp_session_named(const struct l2tp_tunnel *t,
					uint16_t peer_id);
void l2tp_session_set_peer_id(struct l2tp_session *s, uint16_t peer_id);
void l2tp_session_set_state(struct l2tp_session *s,
			    enum l2tp_session_state state);
void l2tp_session_set_established(struct l2tp_session *s);
/* Gives it a call, empty, and a time to be set up in. False: no memory. */
bool l2tp_session_call_new(struct l2tp_session *s, msec_t now);
/* It is set up, or ends. */
void l2tp_session_call_drop(struct l2tp_session *s);
/* The oldest call that is being set up gives the tunnel a deadline. */
void l2tp_session_set_deadline(struct l2tp_tunnel *t);

#endif /* L2TP_SESSION_H */
