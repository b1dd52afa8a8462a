/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a host is, and what it asks of whoever owns it. All of l2tp above works on
 * it; l2tp/host is the way in.
 *
 * Order that the ops may rely on: whatever is acknowledged by a message that
 * goes through ops->send has been told by the other ops before; tunnel_changed
 * comes before each send that carries state which a restart would need.
 *
 * Any op but send, tunnel_changed, orders_changed, counted, event and tunnel_free may
 * call back in: open and close tunnels, call, close sessions. Nothing leaves, and no object is freed,
 * before the outermost function of l2tp returns (l2tp_enter, l2tp_leave).
 */
#ifndef L2TP_OPS_H
#define L2TP_OPS_H

#include "base/clock.h"
#include "base/hash.h"
#include "base/idmap.h"
#include "base/timer.h"
#include "l2tp/cause.h"
#include "l2tp/level.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct l2tp_destination;
struct l2tp_host;
struct l2tp_order;
struct l2tp_path;
struct l2tp_peer;
struct l2tp_result;
struct l2tp_session;
struct l2tp_tunnel;

enum l2tp_refusal {
	L2TP_REFUSE_STRANGER, /* no such peer: one StopCCN, no state */
	L2TP_REFUSE_SILENTLY,
	L2TP_REFUSE_NAME, /* a known peer with an unknown host name */
};

/* What an operator may want to watch: a destination or a tunnel is "up" or "down", a
 * level is ordered (l2tp_admin_name). Of the last four one is set, or none: the system.
 */
struct l2tp_event {
	const char *what;
	const struct l2tp_destination *destination;
	const struct l2tp_tunnel *tunnel;
	const struct l2tp_session *session;
	const char *name; /* tunnels of that definition */
};

struct l2tp_host_ops {
	/* Whose SCCRQ is it? NULL: refused, as *why says. */
	const struct l2tp_peer *(*peer)(struct l2tp_host *h,
					const struct l2tp_path *path,
					const char *host_name,
					enum l2tp_refusal *why);
	/* The routing domain of an endpoint, "" if it is in none. */
	const char *(*vrf)(const struct l2tp_host *h, uint32_t endpoint);
	/* One control message to the peer. */
	void (*send)(struct l2tp_host *h, const struct l2tp_path *path,
		     const void *msg, size_t len);

	/* Both ids are known, nothing that lets the peer use the tunnel has
	 * left. 0, or -errno: the tunnel ends with StopCCN 2/4.
	 */
	int (*tunnel_new)(struct l2tp_tunnel *t);
	void (*tunnel_up)(struct l2tp_tunnel *t, msec_t now);
	/* SCCRQ of a peer came, and no tunnel is made of it; NULL: not asked for. */
	void (*tunnel_refused)(struct l2tp_host *h, msec_t now,
			       const struct l2tp_path *path,
			       const struct l2tp_peer *peer, uint16_t peer_id,
			       const struct l2tp_result *why);
	/* Store it: something is about to be sent. */
	void (*tunnel_changed)(struct l2tp_tunnel *t);
	/* Store the orders (l2tp/admin): they have changed. */
	void (*orders_changed)(struct l2tp_host *h);
	/* Store what the system has counted (h->level): once a turn. */
	void (*counted)(struct l2tp_host *h);
	void (*event)(struct l2tp_host *h, const struct l2tp_event *e);
	/* It has ended (t->why), whoever ended it and however far it had got;
	 * its sessions have been told before. It may still answer
	 * retransmissions: tunnel_free follows.
	 */
	void (*tunnel_down)(struct l2tp_tunnel *t, msec_t now);
	void (*tunnel_free)(struct l2tp_tunnel *t);

	/* LNS: ICRQ came (s->call), ICRP has not left. LAC, if the host has
	 * bearer_caps: OCRQ came (s->outgoing); when the subscriber answers,
	 * call l2tp_session_connect, not from here. 0 takes the call; otherwise
	 * *why is sent with CDN and s is forgotten, without session_down.
	 */
	int (*call_in)(struct l2tp_session *s, msec_t now,
		       struct l2tp_result *why);
	/* ICRQ or OCRQ of t came, and is refused: by call_in, or without asking it;
	 * NULL: not asked for.
	 */
	void (*call_refused)(struct l2tp_tunnel *t, msec_t now,
			     uint16_t peer_id, uint32_t serial,
			     const struct l2tp_result *why);
	/* LAC: ICRP came, s->peer_id is known; the op may change s->call.
	 * ICCN leaves when it returns 0; otherwise CDN with *why, and s is
	 * forgotten, without session_down. LNS: the same of OCRP, and OCCN is
	 * to come.
	 */
	int (*call_answered)(struct l2tp_session *s, msec_t now,
			     struct l2tp_result *why);
	/* LNS: ICCN or OCCN came, s->call has everything, until this returns.
	 * LAC: ICCN or OCCN has been handed to reliable delivery.
	 */
	void (*call_up)(struct l2tp_session *s, msec_t now);
	/* LNS: the LAC says that the line's speeds are these now (bit/s; RFC 5515);
	 * NULL: not asked for.
	 */
	void (*call_speed)(struct l2tp_session *s, msec_t now, uint32_t tx,
			   uint32_t rx);
	/* CDN, or the tunnel's end: s->why, and what else CDN said, s->causes. s is
	 * freed after it.
	 */
	void (*session_down)(struct l2tp_session *s, msec_t now);
};

/* Counters; each drop or refusal has one. */
/* clang-format off */
#define L2TP_COUNTERS(X) \
	X(rx_messages) X(rx_zlb) X(rx_duplicates) X(rx_early) X(rx_overruns) \
	X(rx_malformed) X(rx_no_tunnel) X(rx_wrong_peer) X(rx_unprotected) \
	X(rx_unknown_message) X(rx_bad_avp) X(rx_no_session) \
	X(rx_ignored) X(rx_wen) X(rx_sli) X(rx_csun) \
	X(tx_messages) X(tx_retransmits) \
	X(refused_strangers) X(refused_names) X(refused_limit) \
	X(refused_half_open) X(refused_busy) X(refused_admin) \
	X(refused_unsaid) \
	X(moves) X(refused_moves) \
	X(auth_errors) X(complaints) X(complaints_unsaid) X(ties_won) X(ties_lost) \
	X(tunnels_opened) X(tunnels_failed) X(calls) X(calls_failed)
/* clang-format on */

struct l2tp_counters {
#define X(name) uint64_t name;
	L2TP_COUNTERS(X)
#undef X
};

#define L2TP_REFUSED_PEERS 128 /* addresses that have a budget of refusals */

/* How many refusals left in this second, or complaints in this while. */
struct l2tp_budget {
	msec_t window;
	unsigned int n;
};

#define L2TP_COMPLAINTS 128 /* that are remembered; see l2tp/complaint */

struct l2tp_complaint {
	uint64_t key; /* of a peer */
	const char *reason; /* NULL: a free place */
};

struct l2tp_host {
	const struct l2tp_host_ops *ops;
	struct l2tp_level level; /* the system's */
	uint64_t stored; /* level.changes, as last told by ops->counted */
	struct timers *timers;
	struct idmap tunnels; /* struct l2tp_tunnel by our id */
	struct idmap sessions; /* struct l2tp_session by our id */
	struct hash by_peer_id; /* struct l2tp_tunnel by path and peer's id */
	struct hash half_open; /* l2tp_tunnel by endpoint, remote address */
	TAILQ_HEAD(, l2tp_tunnel) half_opens; /* the same, the oldest first */
	struct hash calls_by_peer_id; /* l2tp_session by tunnel, peer's id */
	LIST_HEAD(, l2tp_tunnel) all;
	LIST_HEAD(, l2tp_tunnel) opening; /* in wait-reply */
	struct hash by_name; /* struct l2tp_destination by VRF and address */
	LIST_HEAD(, l2tp_destination) destinations;
	LIST_HEAD(, l2tp_order) orders; /* l2tp/admin */
	TAILQ_HEAD(, l2tp_destination) resting; /* the longest first */
	unsigned int n_resting;
	unsigned int destruct; /* seconds that they do, 10..3600 */
	struct timer rest_timer;
	unsigned int max_tunnels;
	unsigned int max_sessions;
	unsigned int max_pending; /* calls in set-up; of tunnels half */
	uint32_t bearer_caps; /* of outgoing calls; 0: we place none */
	uint32_t serial; /* of the last call */
	struct l2tp_counters count;
	struct l2tp_cause_counters rx_causes;
	struct l2tp_budget refuse_strangers;
	struct l2tp_budget refuse_peers[L2TP_REFUSED_PEERS]; /* by source */
	struct l2tp_complaint complaint[L2TP_COMPLAINTS];
	unsigned int next_complaint;
	struct l2tp_budget complaints; /* that were logged */
	unsigned int
		unsaid; /* and that were not, until the timer tells of them */
	struct timer complaint_timer;

	unsigned int depth; /* functions of l2tp that are running */
	STAILQ_HEAD(, l2tp_tunnel) due; /* to be settled at the end */
	void **grave; /* to be freed at the end */
	size_t n_grave;
	size_t grave_size;
	void *user;
};

#endif /* L2TP_OPS_H */
