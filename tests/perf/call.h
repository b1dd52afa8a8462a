/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A call in a tunnel, incoming calls of either side (RFC 2661 5.2, 7.4), and the
 * subscriber's PPP in it.
 */
#ifndef PERF_CALL_H
#define PERF_CALL_H

#include "perf/ppp.h"
#include "perf/tunnel.h"

enum call_state { CALL_WAIT_REPLY, CALL_WAIT_CONNECT, CALL_UP };

struct call {
	struct tunnel *tunnel;
	uint16_t id, peer_id;
	enum call_state state;
	bool setting_up; /* not decided: the call, its PPP */
	bool ppp_up;
	uint64_t began_us, connected_us;
	struct timer timer;
	struct ppp ppp;
};

extern const struct load_ops call_ops;

/* LAC: one more in a tunnel that is ready for it. */
void call_open(struct tunnel *t, msec_t now);

#endif /* PERF_CALL_H */
