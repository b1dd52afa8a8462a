/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * StopCCNs to whom we have no tunnel with, or none any more: one each, never sent
 * again, and so many a second. Peers that the configuration knows have a budget for
 * each address, so that one, or who forges its address, does not use up another's;
 * strangers have one together. Called by l2tp/host,
 * l2tp/half_open, and, for those that a restart loses, by l2tp/save and state.
 */
#ifndef L2TP_REFUSE_H
#define L2TP_REFUSE_H

#include "l2tp/ops.h"
#include "l2tp/tunnel.h"

/* A tunnel of the peer's that we have not got: one StopCCN, never sent again. */
struct l2tp_stray {
	struct l2tp_path path;
	uint16_t id; /* ours; 0: any will do */
	uint16_t peer_id;
	uint16_t ns, nr;
};

/* Whatever was sent before. */
void l2tp_stray_stop(struct l2tp_host *h, const struct l2tp_stray *t,
		     const struct l2tp_result *why);
/* Within their budgets. */
void l2tp_refuse_stranger(struct l2tp_host *h, msec_t now,
			  const struct l2tp_stray *to,
			  const struct l2tp_result *why);
void l2tp_refuse_peer(struct l2tp_host *h, msec_t now,
		      const struct l2tp_stray *to,
		      const struct l2tp_result *why);

#endif /* L2TP_REFUSE_H */
