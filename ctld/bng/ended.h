/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tunnels and sessions that have ended stay readable for the destruct time: who
 * they were, why they ended, what they carried. They are records of their own, so
 * ids and memory of the living are free at once; of each kind there are at most
 * ENDED_MAX, and no more than may live, of which the oldest goes first. (Destinations: l2tp/destination.)
 *
 * Of tunnels, those that were established or ours: strangers could make any number.
 */
#ifndef BNG_ENDED_H
#define BNG_ENDED_H

#include "base/hash.h"
#include "base/timer.h"
#include "kern/kern.h"
#include "l2tp/host.h"

#include <stdbool.h>
#include <sys/queue.h>

#define ENDED_MAX 1024
#define ENDED_NAME_MAX 130 /* "PROFILE/HOST" and the end */
#define ENDED_USER_MAX 64

struct ended {
	TAILQ_ENTRY(ended) next;
	struct hash_node by_cookie;
	uint64_t cookie; /* of its kernel object */
	bool session;
	bool lac; /* we were its LAC */
	uint16_t tunnel_id, peer_tunnel_id;
	uint16_t session_id, peer_session_id; /* a session's */
	msec_t since, at; /* begin, end */
	struct l2tp_result why;
	struct kern_stats stats;
	char destination[L2TP_DESTINATION_STRLEN];
	char name[ENDED_NAME_MAX]; /* of the peer's definition */
	char peer_name[L2TP_NAME_MAX + 1];
	char user[ENDED_USER_MAX]; /* a session's */
	/* Of a tunnel: what its destination had counted by then, for a restart. */
	struct l2tp_level of_destination;
};

struct ended_list {
	TAILQ_HEAD(ended_head, ended) head; /* the oldest first */
	unsigned int n, max;
};

/* All that have ended, of a box. */
struct ended_all {
	struct ended_list tunnels, sessions;
	struct hash by_cookie;
	struct timers *timers;
	struct timer timer; /* the oldest's time is over */
	unsigned int destruct; /* seconds */
	/* For the restart memory: it is new or has changed; it is given up. */
	void (*kept)(struct ended_all *a, const struct ended *e);
	void (*gone)(struct ended_all *a, const struct ended *e);
};

void ended_init(struct ended_all *a, struct timers *timers,
		unsigned int destruct, unsigned int max_tunnels,
		unsigned int max_sessions);
void ended_free(struct ended_all *a);
void ended_tunnel(struct ended_all *a, msec_t now, const struct l2tp_tunnel *t,
		  uint64_t cookie);
/* Why, whose, since when and with what counters its owner knows. */
void ended_session(struct ended_all *a, msec_t now,
		   const struct l2tp_session *s, const struct ended *known);
/* The kernel's last word of an object that has ended, perhaps. */
void ended_stats(struct ended_all *a, uint64_t cookie,
		 const struct kern_stats *last);
/* Restart: a copy of it, in its place. */
void ended_restore(struct ended_all *a, const struct ended *e);

#endif /* BNG_ENDED_H */
