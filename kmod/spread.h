/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fan-out. All data of a tunnel has the same outer addresses and ports, so one CPU
 * takes all of a fat LAC. The anchor device has what the kernel offers for that, and
 * it is off by default: receive packet steering. With CPUs in its rps_cpus, and while
 * it is up, data is handed to them by session, in order each.
 */
#ifndef ADIT_SPREAD_H
#define ADIT_SPREAD_H

#include "batch.h"

/* Where a packet goes on: not by a pointer, since others may write into skb->cb. */
enum adit_spread_to { ADIT_SPREAD_L2TP, ADIT_SPREAD_EXPRESS, ADIT_N_SPREAD };

/* Context: BH off. */
bool adit_spread_wanted(const struct adit_net *an);
/* By ops->run, or a batch of them, on the CPU that key leads to; data at the outer IP
 * header. Takes the skb; counts one that has no room. Context: BH off, RCU.
 */
void adit_spread(struct adit_net *an, enum adit_spread_to to, u32 id, u32 key,
		 struct sk_buff *skb);

/* Context: process, rtnl held; dev is the namespace's anchor. */
int adit_spread_start(struct net_device *dev, struct adit_net *an);
void adit_spread_stop(struct net_device *dev);
/* What is done there. */
void adit_spread_init(enum adit_spread_to to, const struct adit_batch_ops *ops);

#endif /* ADIT_SPREAD_H */
