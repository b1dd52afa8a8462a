/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A session: one call in a tunnel, incoming calls of both sides (RFC 2661 7.4):
 * as LAC we send ICRQ and ICCN, as LNS we answer them.
 */
#ifndef L2TP_SESSION_H
#define L2TP_SESSION_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "l2tp/ops.h"
#include "l2tp/tunnel.h"

#define L2TP_CONFREQ_MAX 256
#define L2TP_AUTH_MAX 256
#define L2TP_NUMBER_MAX 64

/* RFC 2661 4.4.5, AVP 29. */
enum l2tp_proxy_authen {
	L2TP_AUTHEN_ABSENT = 0,
	L2TP_AUTHEN_TEXT = 1,
	L2TP_AUTHEN_CHAP = 2,
	L2TP_AUTHEN_PAP = 3,
	L2TP_AUTHEN_NONE = 4,
	L2TP_AUTHEN_MSCHAP = 5,
};

struct l2tp_octets {
	uint16_t len; /* 0: absent */
	uint8_t b[L2TP_CONFREQ_MAX];
};

/* What the LAC found out before it tunnelled: AVPs 26-33. */
struct l2tp_proxy {
	struct l2tp_octets first_rx_confreq; /* 26 */
	struct l2tp_octets last_tx_confreq; /* 27 */
	struct l2tp_octets last_rx_confreq; /* 28 */
	uint16_t authen_type; /* 29, enum l2tp_proxy_authen */
	struct l2tp_octets authen_name; /* 30 */
	struct l2tp_octets authen_challenge; /* 31 */
	uint16_t authen_id; /* 32 */
	struct l2tp_octets authen_response; /* 33 */
};

/* The parameters of a call, sent by the LAC, seen by the LNS. */
struct l2tp_call {
	uint32_t serial; /* 15 */
	uint32_t bearer_type; /* 18 */
	uint32_t framing_type; /* 19 */
	uint32_t tx_speed; /* 24, bit/s */
	uint32_t rx_speed; /* 38, bit/s; 0: as tx */
	char called[L2TP_NUMBER_MAX + 1]; /* 21 */
	char calling[L2TP_NUMBER_MAX + 1]; /* 22 */
	struct l2tp_proxy proxy;
};

enum l2tp_session_state {
	L2TP_SESSION_IDLE,
	L2TP_SESSION_WAIT_TUNNEL, /* LAC: tunnel not established yet */
	L2TP_SESSION_WAIT_REPLY, /* LAC: ICRQ sent */
	L2TP_SESSION_WAIT_CONNECT, /* LNS: ICRP sent */
	L2TP_SESSION_ESTABLISHED,
	L2TP_SESSION_NSTATES
};

struct l2tp_session {
	struct l2tp_tunnel *tunnel;
	uint16_t id; /* ours; unique in the whole host */
	uint16_t peer_id;
	enum l2tp_session_state state;
	bool lac; /* we are the LAC of this call */
	bool sequencing; /* data carries Ns, Nr */
	uint32_t serial;
	struct l2tp_call *call; /* until established, then freed: NULL */
	struct l2tp_result why; /* of its end */
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

/* ------------------------------------------- for the files of l2tp above */

struct l2tp_session *l2tp_session_new(struct l2tp_tunnel *t, uint16_t id);
void l2tp_session_set_peer_id(struct l2tp_session *s, uint16_t peer_id);
/* A message that concerns sessions came in an established tunnel. */
void l2tp_session_input(struct l2tp_tunnel *t, msec_t now,
			const struct l2tp_msg *m);
void l2tp_session_tunnel_up(struct l2tp_tunnel *t, msec_t now);
void l2tp_session_tunnel_down(struct l2tp_tunnel *t, msec_t now);
/* The deadline of the oldest call that is being set up has come. */
void l2tp_session_expired(struct l2tp_tunnel *t, msec_t now);

#endif /* L2TP_SESSION_H */
