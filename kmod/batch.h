/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets that are looked up together. With many sessions nearly all of a packet's
 * time is waiting for memory: bucket, session, tunnel, counters, route. So packets
 * queue up on their CPU while a NIC's burst comes in; then, for up to ADIT_BATCH of
 * them at once, each next thing to be read is asked for before the first one of them
 * is needed. That changes when a packet is handled, never how: in the end each one
 * goes through the very function that it would have gone through alone.
 *
 * A queued packet holds ids, no pointers to our objects or to its device: a grace
 * period may end before its turn.
 */
#ifndef ADIT_BATCH_H
#define ADIT_BATCH_H

#include <linux/skbuff.h>

#include "net.h"

#define ADIT_BATCH 32
#define ADIT_BATCH_LOOKS 8 /* a step each: bucket, object, ... */

struct adit_batch_ops {
	/* Looks at what the last step asked for, asks for the next. NULL: nothing
	 * to ask.
	 */
	const void *(*look[ADIT_BATCH_LOOKS])(struct adit_net *an,
					      struct sk_buff *skb,
					      const void *at);
	/* Takes the skb. Context: BH off, RCU. */
	void (*run)(struct adit_net *an, struct sk_buff *skb);
};

/* In skb->cb while it waits. */
struct adit_batch_cb {
	const struct adit_batch_ops *ops;
	int ifindex; /* of skb->dev, which is NULL */
	u32 id; /* the rest is the ops' */
	u32 key;
};

static inline struct adit_batch_cb *adit_batch_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct adit_batch_cb) > sizeof(skb->cb));
	return (struct adit_batch_cb *)skb->cb;
}

/* Of all CPUs: batches of two packets or more, and the packets of these. */
struct adit_batch_sum {
	unsigned long batches;
	unsigned long packets;
};

/* Context: process, while the namespace has its anchor. */
void adit_batch_sum(struct adit_net *an, struct adit_batch_sum *sum);

/* Is it better to wait, or necessary, since others do? Context: BH off. */
bool adit_batch_wanted(struct adit_net *an);
/* Do others wait? Context: BH off. */
bool adit_batch_waits(struct adit_net *an);
/* Takes the skb; counts one that has no room. Context: BH off, RCU. */
void adit_batch_add(struct adit_net *an, const struct adit_batch_ops *ops,
		    u32 id, struct sk_buff *skb);
/* The same without waiting. Takes the skb. Context: BH off, RCU. */
void adit_batch_one(struct adit_net *an, const struct adit_batch_ops *ops,
		    u32 id, struct sk_buff *skb);

/* Back to the stack, at the hook of its device's ingress that took it; unchanged, it
 * came in by that device. The hook asks whether it came this way. Context: BH off.
 */
void adit_batch_return(struct sk_buff *skb);
bool adit_batch_returned(const struct sk_buff *skb);

/* Context: process, lock and rtnl held. */
int adit_batch_start(struct adit_net *an);
/* Hooks, sockets and devices are closed already, the anchor too, which may have held
 * packets for another CPU. Context: process, rtnl held.
 */
void adit_batch_stop(struct adit_net *an);

#endif /* ADIT_BATCH_H */
