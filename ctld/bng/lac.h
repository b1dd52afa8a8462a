/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The LAC's call: a subscriber that was negotiated here goes on to an LNS, with
 * what was negotiated as proxy AVPs. The LAC never answers its authentication.
 */
#ifndef BNG_LAC_H
#define BNG_LAC_H

#include "bng/subscriber.h"

/* Calls the tunnel's LNS for a subscriber whose ppp.record is complete. 0, or -1:
 * the limit is reached.
 */
int lac_call(struct subscriber *s, struct l2tp_tunnel *t, msec_t now);
/* ICRP came: the session is made in the kernel before ICCN leaves. -1: the subscriber
 * is on its way out, and has ended.
 */
int lac_answered(struct subscriber *s, msec_t now);
/* ICCN is on its way: the link is switched, PPP here falls silent. */
void lac_connected(struct subscriber *s, msec_t now);
/* A frame that was still on its way up when the link was switched. */
void lac_forward(struct subscriber *s, const struct kern_link *from,
		 const void *frame, size_t len);

#endif /* BNG_LAC_H */
