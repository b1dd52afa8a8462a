/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One run: what its tunnels and calls share. */
#ifndef PERF_LOAD_H
#define PERF_LOAD_H

#include "base/hash.h"
#include "base/timer.h"
#include "perf/net.h"
#include "perf/options.h"
#include "perf/stats.h"

#include <sys/queue.h>

struct call;
struct client;
struct tunnel;
struct wire_msg;

/* What a tunnel tells whoever puts calls into it. */
struct load_ops {
	void (*up)(struct tunnel *t, msec_t now);
	/* A control message of a call, in its turn. */
	void (*message)(struct tunnel *t, msec_t now, const struct wire_msg *m);
	void (*data)(struct tunnel *t, msec_t now, const struct wire_msg *m);
	/* It has ended, however far it had got; by_us: as we wished. */
	void (*down)(struct tunnel *t, msec_t now, bool by_us);
	/* Misbehave: end that call, with CDN or without. */
	void (*drop)(struct call *c, msec_t now);
};

struct load {
	struct options options;
	struct stats stats;
	struct timers timers;
	struct hash rad_sessions; /* radius: that accounting told of */
	struct net net;
	const struct load_ops *ops;
	struct tunnel *tunnel[65536]; /* by our id */
	struct hash by_peer; /* of an LNS: by address and the peer's id */
	uint16_t last_id;
	unsigned int n_made, n_alive, n_setting_up, n_stopping; /* tunnels */
	unsigned int calls_setting_up;
	struct client **client; /* by their number, from the first on */
	unsigned int n_clients,
		n_ended; /* the second: asked to end, of the first */
	unsigned int n_subscribers; /* that were numbered */
	uint32_t serial; /* of the last call */
	TAILQ_HEAD(, tunnel) due; /* acknowledgements */
	TAILQ_HEAD(, tunnel) ready; /* to take a call more */
};

#endif /* PERF_LOAD_H */
