/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A tunnel: one control connection with one peer (RFC 2661 5.1, 7.2), its
 * reliable delivery (l2tp/xport) and its sessions. It belongs to a host
 * (l2tp/ops). What it does, l2tp/control decides; how it ends is
 * l2tp/tunnel_end; who keeps it over a restart is l2tp/save.
 */
#ifndef L2TP_TUNNEL_H
#define L2TP_TUNNEL_H

#include "base/addr.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/timer.h"
#include "l2tp/dict.h"
#include "l2tp/level.h"
#include "l2tp/xport.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

struct l2tp_destination;
struct l2tp_host;
struct l2tp_session;

#define L2TP_NAME_MAX 64 /* bytes of a host name that are kept */
/* Of one source: set up by it, or to end. More than who forges a peer's address gets
 * through, by the module's ration of a peer, in the time that the peer takes to answer;
 * and a LAC that comes with many tunnels at once does not chase itself out.
 */
#define L2TP_HALF_OPEN_MAX 128
#define L2TP_SETUP_TIME SECONDS(60) /* of a tunnel, of a call */
#define L2TP_CLOSE_TIME SECONDS(31) /* a peer's full cycle of retransmission */

/* Where control messages come from and go to. */
struct l2tp_path {
	uint32_t endpoint; /* the kernel port's id of our socket */
	struct addr_port local;
	struct addr_port remote;
	uint16_t tunnel; /* of what goes: ours, if it is of one */
	bool secure; /* of what came: by IPsec; of what goes: so or not at all */
};

/* What if SCCRP comes from another address, or port, than SCCRQ went to? Of two that
 * differ the later one here counts. RFC 2661 8.1.
 */
enum l2tp_move {
	L2TP_MOVE_ACCEPT, /* the peer is there from now on */
	L2TP_MOVE_IGNORE, /* it sends from there, and is sent to where it was */
	L2TP_MOVE_REJECT, /* the tunnel ends */
};

/* How to deal with a peer; belongs to the configuration and outlives tunnels
 * (a reload gives them a new one of the same name).
 */
struct l2tp_peer {
	const char *name; /* of the definition, for logs */
	const char *local_name; /* our Host Name AVP */
	const char *remote_name; /* the Host Name it must send; NULL: any */
	const char *secret; /* NULL: no tunnel authentication */
	bool accept_calls; /* we are its LNS */
	bool disconnect_cause; /* as its LNS we say why PPP ended: RFC 3145 */
	bool hide_avps; /* of calls, all that may be hidden is */
	bool sequencing; /* as its LAC we want data with Ns, Nr: AVP 39 */
	bool tie_breaker; /* of two tunnels at once, one each way, one stays */
	uint16_t window; /* our receive window, 4..128 */
	unsigned int hello; /* seconds of silence; 0: never */
	unsigned int retries; /* retransmissions, 2..7 */
	unsigned int setup_retries; /* the same, until it is established */
	unsigned int retransmit_cap; /* seconds that a wait may grow to, 8..60 */
	unsigned int short_drain; /* seconds until one of ours comes again */
	unsigned int idle; /* seconds without a session; 0: persistent */
	bool require_ipsec; /* nothing of it may go or come in clear */
	uint8_t dscp; /* of data to it, outside; as in struct kern_tunnel */
	bool single_shot; /* its tunnel ends with the first session */
	uint16_t full_result; /* of a CDN for want of room: 2, 4 or 5 */
	enum l2tp_move address_change, port_change;
	void *user; /* the configuration's object */
};

enum l2tp_tunnel_state {
	L2TP_TUNNEL_IDLE,
	L2TP_TUNNEL_WAIT_REPLY, /* wait-ctl-reply */
	L2TP_TUNNEL_WAIT_CONN, /* wait-ctl-conn */
	L2TP_TUNNEL_ESTABLISHED,
	L2TP_TUNNEL_CLOSING, /* StopCCN sent or received; answers its retransmissions */
	L2TP_TUNNEL_NSTATES
};

struct l2tp_tunnel {
	struct l2tp_level level; /* up: its destination's */
	struct l2tp_host *host;
	struct l2tp_destination *destination;
	const struct l2tp_peer *peer;
	struct l2tp_path path; /* ours to it */
	struct addr_port from; /* what it sends comes from there */
	struct addr_port called; /* where SCCRQ went to */
	uint16_t id; /* ours */
	uint16_t peer_id;
	enum l2tp_tunnel_state state;
	bool initiator; /* we sent SCCRQ */
	char peer_name[L2TP_NAME_MAX + 1];
	uint8_t challenge[16]; /* ours, sent in SCCRQ or SCCRP */
	uint8_t response[16]; /* ours, to the peer's, while setting up */
	bool respond; /* the peer sent a challenge */
	uint32_t peer_framing; /* its capabilities */
	uint32_t peer_bearer;
	bool tie; /* its SCCRQ has a tie breaker */
	uint64_t tie_breaker;
	struct xport xport;
	uint64_t retransmits; /* of this run */
	msec_t last_rx; /* control or, told by the host's owner, data */
	msec_t hello_at; /* MSEC_NEVER: not established, or off */
	msec_t start_at; /* IDLE and ours: when SCCRQ leaves */
	msec_t setup_at; /* when setting up has taken too long */
	msec_t call_at; /* when setting up the oldest call has */
	msec_t idle_at; /* when it has had no session for too long */
	msec_t dead_at; /* CLOSING: when it is forgotten */
	msec_t opened_at;
	struct timer timer;
	struct l2tp_result why; /* of its end */
	bool stopping; /* CLOSING: we sent StopCCN */
	bool dirty; /* a restart would need what changed */
	bool stuck; /* the queue is full: it ends */
	bool was_up; /* it has been established */
	bool used; /* it has had a session */
	bool due; /* in host->due */
	bool is_half_open; /* in host->half_open */
	bool is_opening; /* in host->opening */
	LIST_HEAD(, l2tp_session) sessions;
	TAILQ_HEAD(l2tp_calls, l2tp_session) calls; /* being set up */
	unsigned int n_sessions;
	LIST_ENTRY(l2tp_tunnel) all;
	LIST_ENTRY(l2tp_tunnel) of_opening;
	TAILQ_ENTRY(l2tp_tunnel) of_half_open;
	LIST_ENTRY(l2tp_tunnel) of_destination;
	STAILQ_ENTRY(l2tp_tunnel) of_due;
	struct hash_node by_peer_id;
	struct hash_node half_open;
	void *user; /* whoever owns the host */
	uint64_t cookie; /* the owner's: its kernel object's */
	uint64_t rx_frames; /* the owner's: as last read from the kernel */
};

const char *l2tp_tunnel_state_name(enum l2tp_tunnel_state s);

/* Data came in at that time: no HELLO is needed yet. */
void l2tp_tunnel_heard(struct l2tp_tunnel *t, msec_t at);

/* ------------------------------------- for the files of l2tp above */

/* t is settled at the end of the turn (l2tp/turn): sends, acknowledges, sets its
 * timer.
 */
void l2tp_tunnel_due(struct l2tp_tunnel *t);
/* Frees p at the end of the turn. */
void l2tp_bury(struct l2tp_host *h, void *p);

/* NULL: no id, or the limit is reached. */
struct l2tp_tunnel *l2tp_tunnel_new(struct l2tp_host *h, msec_t now,
				    const struct l2tp_path *path,
				    const struct l2tp_peer *peer, uint16_t id);
/* Unlinks and frees it; no op is called. */
void l2tp_tunnel_drop(struct l2tp_tunnel *t, msec_t now);
void l2tp_tunnel_set_peer_id(struct l2tp_tunnel *t, uint16_t peer_id);
/* The one being set up, or young, whose SCCRQ was this. */
struct l2tp_tunnel *l2tp_tunnel_of_sccrq(struct l2tp_host *h, msec_t now,
					 const struct l2tp_path *path,
					 uint16_t peer_id);
/* Of where it comes from: endpoint and address. */
uint64_t l2tp_path_source(const struct l2tp_path *path);
/* How many tunnels its peer began from there and did not finish, and the oldest. */
unsigned int l2tp_half_open(const struct l2tp_host *h,
			    const struct l2tp_path *path,
			    struct l2tp_tunnel **oldest);
/* t is not counted among these any more. */
void l2tp_half_open_forget(struct l2tp_tunnel *t);
/* Any but one that is not closing. */
struct l2tp_tunnel *l2tp_tunnel_find(struct l2tp_host *h,
				     const struct l2tp_path *path,
				     uint16_t peer_id,
				     const struct l2tp_tunnel * not );
/* The same, closing or not. */
struct l2tp_tunnel *l2tp_tunnel_named(struct l2tp_host *h,
				      const struct l2tp_path *path,
				      uint16_t peer_id);
bool l2tp_tunnel_path_ok(const struct l2tp_tunnel *t,
			 const struct l2tp_path *path, uint16_t type);
/*
 * SCCRP came from there: that is taken for the peer's place, once, as its definition
 * says. False: it must not be. Before the peer's id is known.
 */
bool l2tp_tunnel_move(struct l2tp_tunnel *t, const struct l2tp_path *to);
/* Queues m, whose tunnel id is set here. */
void l2tp_tunnel_send(struct l2tp_tunnel *t, struct l2tp_msg *m);
void l2tp_tunnel_set_state(struct l2tp_tunnel *t, enum l2tp_tunnel_state state);
void l2tp_result_set(struct l2tp_result *r, uint16_t result, uint16_t error,
		     const char *text);
/* Of a CDN to this peer, for want of room: as its definition says. */
struct l2tp_result l2tp_result_full(const struct l2tp_peer *peer,
				    const char *text);
/* Too many calls are being set up for one more in t. */
bool l2tp_tunnel_busy(const struct l2tp_tunnel *t);

#endif /* L2TP_TUNNEL_H */
