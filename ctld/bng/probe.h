/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A probe: a tunnel definition tried without a subscriber. Its tunnel is set up,
 * ended soon after it is established, and never shared: it has a peer of its own.
 * It has nothing in the kernel, and nothing of it outlives the daemon.
 */
#ifndef BNG_PROBE_H
#define BNG_PROBE_H

#include "bng/box.h"

#define PROBES_MAX 32 /* at once, with those whose tunnels are closing */

enum probe_step {
	PROBE_SENT, /* SCCRQ */
	PROBE_ANSWERED, /* SCCRP came */
	PROBE_AUTHENTICATED, /* and its challenge response is right */
	PROBE_ESTABLISHED, /* SCCCN was acknowledged */
	PROBE_FAILED,
	PROBE_STOPPED, /* our StopCCN was acknowledged */
};

struct probe;

/* Whoever waits. Neither may end the probe; after `end` nothing comes. */
struct probe_ops {
	void (*step)(void *user, enum probe_step step, const char *text);
	void (*end)(void *user, msec_t at, int err,
		    const char *text); /* 0 or -errno */
};

/* NULL: *why says so. PROBE_SENT is told before this returns. */
struct probe *probe_start(struct box *b, msec_t now,
			  const struct conf_tunnel *ct,
			  const struct probe_ops *ops, void *user,
			  const char **why);
/* Nobody waits any more; the tunnel is ended. */
void probe_abandon(struct probe *p, msec_t now);

/* For bng/bng: what became of a tunnel, which may be a probe's; true: it is, and
 * wants nothing of the kernel.
 */
bool probe_tunnel_new(const struct l2tp_tunnel *t);
bool probe_tunnel_up(const struct l2tp_tunnel *t, msec_t now);
bool probe_tunnel_down(const struct l2tp_tunnel *t, msec_t now);
bool probe_tunnel_free(const struct l2tp_tunnel *t);

#endif /* BNG_PROBE_H */
