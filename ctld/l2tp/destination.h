/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A destination: a remote L2TP system, which is a routing domain and an address.
 * The first tunnel to or from it makes it. When the last has gone it rests: it
 * stays readable for the host's destruct time, unless room is needed, and for good
 * if the operator has drained it or shut it down. One that never had a tunnel that
 * came up or was ours is gone at once: strangers could make any number.
 */
#ifndef L2TP_DESTINATION_H
#define L2TP_DESTINATION_H

#include "base/addr.h"
#include "base/clock.h"
#include "base/hash.h"
#include "l2tp/level.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

struct l2tp_host;
struct l2tp_tunnel;
struct timer;

#define L2TP_VRF_MAX 16 /* a device's name and its end */
#define L2TP_RESTING_MAX 1024 /* destinations without a tunnel */

struct l2tp_destination {
	struct l2tp_level level;
	struct l2tp_host *host;
	char vrf[L2TP_VRF_MAX]; /* "": none */
	struct addr remote;
	LIST_HEAD(, l2tp_tunnel) tunnels; /* all, closing ones too */
	bool up; /* since its first tunnel: one has been established */
	bool known; /* one came up or was ours: worth remembering */
	msec_t open_at; /* before, no tunnel of ours is begun */
	bool resting; /* in host->resting */
	msec_t since; /* its first tunnel of now began; resting: the last went */
	LIST_ENTRY(l2tp_destination) all;
	TAILQ_ENTRY(l2tp_destination) of_resting;
	struct hash_node by_name;
};

/* NULL: there is none. */
struct l2tp_destination *l2tp_destination_find(const struct l2tp_host *h,
					       const char *vrf,
					       const struct addr *remote);
/* Finds it or makes it. NULL: no memory. */
struct l2tp_destination *l2tp_destination_get(struct l2tp_host *h, msec_t now,
					      const char *vrf,
					      const struct addr *remote);
/* It has no tunnel: it rests or goes. */
void l2tp_destination_put(struct l2tp_destination *d, msec_t now);
/* A tunnel is about to join d->tunnels, or has left; known: it was ours. */
void l2tp_destination_join(struct l2tp_destination *d, msec_t now);
void l2tp_destination_left(struct l2tp_destination *d, bool known, msec_t now);
/* A tunnel of it is established. */
void l2tp_destination_up(struct l2tp_destination *d);
/* The host's timer: those that have rested long enough go. */
void l2tp_destination_timer(struct timer *timer, msec_t now);
/* Restart: one whose last tunnel ended then, if it has none now. The oldest come
 * first. was: what it had counted by then.
 */
void l2tp_destination_recall(struct l2tp_host *h, const char *vrf,
			     const struct addr *remote, msec_t ended,
			     const struct l2tp_level *was);
void l2tp_destination_free_all(struct l2tp_host *h);

#define L2TP_DESTINATION_STRLEN (L2TP_VRF_MAX + ADDR_STRLEN)
/* "192.0.2.9", "red/192.0.2.9" */
const char *l2tp_destination_str(const struct l2tp_destination *d,
				 char out[L2TP_DESTINATION_STRLEN]);

#endif /* L2TP_DESTINATION_H */
