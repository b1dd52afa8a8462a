/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a peer that the configuration knows gets no tunnel: what the operator has to
 * put right, said once. It is said again when the reason is another, and when it
 * comes back after a tunnel was established. Whoever forges addresses can have any
 * number of them: of more than ten in ten seconds the log hears how many there were.
 */
#ifndef L2TP_COMPLAINT_H
#define L2TP_COMPLAINT_H

#include "l2tp/ops.h"
#include "l2tp/tunnel.h"

/* `peer` is NULL if none of that address has the name; `reason` is a literal. */
void l2tp_complain(struct l2tp_host *h, msec_t now,
		   const struct l2tp_path *path, const struct l2tp_peer *peer,
		   const char *host_name, const char *reason);
/* The host's timer. */
void l2tp_complaint_timer(struct timer *timer, msec_t now);
/* All is well now. */
void l2tp_complaint_end(struct l2tp_host *h, const struct l2tp_path *path,
			const struct l2tp_peer *peer);

#endif /* L2TP_COMPLAINT_H */
