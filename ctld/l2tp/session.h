/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A session: one call in a tunnel, of either side, incoming or outgoing (RFC 2661
 * 7.4, 7.5). An incoming call the LAC asks for (ICRQ, ICRP, ICCN), an outgoing one
 * the LNS (OCRQ, OCRP), and the LAC says when it is there (OCCN).
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
	uint32_t serial;
	struct l2tp_call *call; /* until established, then freed: NULL */
	struct l2tp_result why; /* of its end */
	const struct l2tp_causes *causes; /* in session_down, of CDN; or NULL */
	bool gone; /* unlinked, freed soon */
	bool timed; /* in tunnel->calls */
	msec_t setup_at; /* when setting up has taken too long */
	LIST_ENTRY(l2tp_session) of_tunnel;
	TAILQ_ENTRY(l2tp_session) of_calls;
	struct hash_node by_peer_id;
	void *user;
};

const char *l2tp_session_state_name(enum l2tp_session_state s);

/* LAC: a new call; ICRQ leaves at once or when the tunnel is established. The
 * call is copied. NULL: no id, limit, tunnel closing.
 */
struct l2tp_session *l2tp_session_call(struct l2tp_tunnel *t, msec_t now,
				       const struct l2tp_call *call,
				       void *user);
/* LNS: the same with OCRQ: the peer is to call somebody. */
struct l2tp_session *l2tp_session_dial(struct l2tp_tunnel *t, msec_t now,
				       const struct l2tp_call *call,
				       void *user);
/* LAC: who was to be called has answered; s->call is what OCCN says. */
void l2tp_session_connect(struct l2tp_session *s, msec_t now);
/* Restart: the kernel has a call that nobody remembers, because it was being set
 * up. Its peer is told to forget it (CDN).
 */
void l2tp_session_disown(struct l2tp_tunnel *t, msec_t now, uint16_t id,
			 uint16_t peer_id, uint16_t result, const char *text);
/* Sends CDN (if the peer knows of it) and forgets the session. ops->session_down
 * is not called: the caller knows.
 */
void l2tp_session_close(struct l2tp_session *s, msec_t now, uint16_t result,
			uint16_t error, const char *text);
/* LNS: the same, and why PPP ended, if the peer's definition wants that told. */
void l2tp_session_close_ppp(struct l2tp_session *s, msec_t now, uint16_t result,
			    const char *text, const struct l2tp_causes *causes);

/* ------------------------------------------- for the files of l2tp above */

struct l2tp_session *l2tp_session_new(struct l2tp_tunnel *t, uint16_t id);
void l2tp_session_set_peer_id(struct l2tp_session *s, uint16_t peer_id);
void l2tp_session_set_established(struct l2tp_session *s);
/* A message that concerns sessions came in an established tunnel. */
void l2tp_session_input(struct l2tp_tunnel *t, msec_t now,
			const struct l2tp_msg *m);
void l2tp_session_tunnel_up(struct l2tp_tunnel *t, msec_t now);
void l2tp_session_tunnel_down(struct l2tp_tunnel *t, msec_t now);
/* The deadline of the oldest call that is being set up has come. */
void l2tp_session_expired(struct l2tp_tunnel *t, msec_t now);

#endif /* L2TP_SESSION_H */
