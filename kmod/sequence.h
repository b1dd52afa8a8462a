/* SPDX-License-Identifier: GPL-2.0 */
/* Sequence numbers of a session's data (RFC 2661 5.4), and its queue of packets
 * that came too early.
 */
#ifndef ADIT_SEQUENCE_H
#define ADIT_SEQUENCE_H

#include <linux/netlink.h>

#include "object.h"

#define ADIT_REORDER_PACKETS 32 /* default of a session's bound */

/* What SESSION_GET shows of a queue. */
struct adit_reorder_sum {
	u32 ms;
	u32 packets;
	u64 reordered; /* put before one that had come earlier */
	u64 lost; /* numbers that were given up */
};

/* A PPP frame that came with this Ns: to its link in order, or dropped as old.
 * Takes the skb. Context: BH off, RCU.
 */
void adit_sequence_rx(struct adit_session *s, u16 ns, struct sk_buff *skb);

/* Context of these: process, an->lock held. */

/* To wait so long for what is missing, for so many packets; ms 0: not to wait. */
int adit_reorder_set(struct adit_session *s, u32 ms, u32 packets,
		     struct netlink_ext_ack *extack);
/* The session goes away: what waits is dropped. */
void adit_reorder_end(struct adit_session *s);
/* False: it does not wait. */
bool adit_reorder_sum(struct adit_session *s, struct adit_reorder_sum *sum);

#endif /* ADIT_SEQUENCE_H */
