/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accounting: what happens to subscribers, tunnels and calls, as events for the
 * servers of their group (aaa/spool). Who has no group is not accounted.
 */
#ifndef BNG_ACCOUNT_H
#define BNG_ACCOUNT_H

#include "bng/subscriber.h"

/* After box_open: from now on subscribers that end are told, and events kept. */
void account_open(struct box *b);

/* It is up, terminated here or tunnelled: it is stored, and its Start told. */
void account_start(struct subscriber *s, msec_t now);
/* It ends: Stop, if it was started. RFC 2866's cause is s->account.cause, or, if that
 * is 0, what the L2TP result says.
 */
void account_stop(struct subscriber *s, msec_t now, uint16_t cdn_result);
/* What it is granted has changed while it is up. A shorter interval of interims counts
 * at once, a longer one after the next: orders that come often put none off.
 */
void account_changed(struct subscriber *s, msec_t now);
/* The kernel's last word of a link of that kind, or a tunnel (KERN_NO_LINK). Both
 * links of a LAC's subscriber have its cookie: only its access link's is taken.
 */
void account_last(struct box *b, msec_t now, uint64_t cookie,
		  enum kern_link_kind kind, const struct kern_stats *last);
/* Octets of PPP's information field. */
struct acct_counts account_counts(const struct kern_stats *s);

/* Where tunnels with that peer, and their calls, are accounted; NULL: nowhere. */
const struct conf_radius_group *account_group_of(const struct l2tp_peer *peer);
/* RFC 2867. down: it was up, or was not to be had. */
void account_tunnel_up(struct l2tp_tunnel *t, msec_t now);
/* id: its own, or a new one if it has not got as far as to have one. */
void account_tunnel_down(struct l2tp_tunnel *t, msec_t now, uint64_t id);

/* A tunnel or a call that came in and is refused before it is anything. */
struct account_refused {
	const struct l2tp_peer *peer;
	const struct l2tp_path *path;
	uint16_t peer_id; /* of the tunnel */
	uint16_t call_id; /* the peer's; 0: it is the tunnel */
	uint32_t serial; /* of the call */
	enum acct_status status;
	unsigned int cause; /* enum acct_terminate */
};

/* It is told, once while it is asked for again and again; of many at a time some:
 * who floods us does not flood the servers.
 */
void account_refused(struct box *b, msec_t now,
		     const struct account_refused *r);

/* All sessions that the servers know of us are over. */
void account_on(struct box *b, msec_t now);
void account_off(struct box *b, msec_t now);

/* Restart. Of what has this cookie the end has been told, and is not delivered: the
 * daemon was killed before it forgot the rest. It must not go on.
 */
bool account_ended(const struct box *b, uint64_t cookie);
/* Restart: NULL: there is none of that name now. */
struct conf_radius_group *account_group(const struct box *b, const char *name);
/* Restart: where it was accounted; by its profile, if there is no such group now. */
void account_recall(struct subscriber *s, const char *group);
/* Its record has been read, it goes on. */
void account_resume(struct subscriber *s, msec_t now);
/* What was not delivered: one event; false: forget it. And after the last one. */
bool account_load(struct box *b, msec_t now, uint64_t key, const void *data,
		  size_t len);
void account_loaded(struct box *b, msec_t now);

#endif /* BNG_ACCOUNT_H */
