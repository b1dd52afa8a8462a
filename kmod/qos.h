/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Marks and rates of a link: what its packets carry so that tc and nftables know
 * the subscriber, a policer each way, pacing on the way out.
 */
#ifndef ADIT_QOS_H
#define ADIT_QOS_H

#include <linux/netlink.h>

#include "object.h"
#include "pace.h"
#include "police.h"

enum { ADIT_QOS_RX, ADIT_QOS_TX, ADIT_QOS_WAYS };

struct adit_qos {
	u32 mark; /* 0: left as it is; so is priority */
	u32 priority;
	struct rcu_head rcu;
	struct adit_police police[ADIT_QOS_WAYS];
	struct adit_pace pace;
};

/* What is asked for: of each, whether, and what. */
struct adit_qos_conf {
	bool has_mark, has_priority, has_police[ADIT_QOS_WAYS], has_pace;
	u32 mark, priority;
	struct adit_police_conf police[ADIT_QOS_WAYS];
	struct adit_pace_conf pace;
};

/* A frame that came in on the link, one that goes out; data at the two-byte
 * protocol. False: dropped and counted. For links with has_qos. Context: BH off,
 * RCU.
 */
bool adit_qos_rx(struct adit_link *link, struct sk_buff *skb);
bool adit_qos_tx(struct adit_link *link, struct sk_buff *skb,
		 struct adit_turn *turn);
/* One that was to go out did not. Context: BH off, RCU. */
void adit_qos_return(struct adit_link *link, const struct adit_turn *turn);
/* True: its packets are to go out one by one. Context: BH off, RCU. */
bool adit_qos_splits(struct adit_link *link, const struct sk_buff *skb);

/* All or nothing: 0 or -ENOMEM. Context: process, an->lock held. */
int adit_qos_set(struct adit_link *link, const struct adit_qos_conf *conf,
		 struct netlink_ext_ack *extack);
/* NULL: nothing is set. Context: process, an->lock held. */
struct adit_qos *adit_qos_of(struct adit_link *link);
/* With the link, after its grace period. */
void adit_qos_free(struct adit_link *link);

#endif /* ADIT_QOS_H */
