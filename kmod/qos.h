/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Marks and rates of a link: what its packets carry so that tc and nftables know
 * the subscriber.
 */
#ifndef ADIT_QOS_H
#define ADIT_QOS_H

#include <linux/netlink.h>

#include "object.h"

struct adit_qos {
	u32 mark; /* 0: left as it is; so is priority */
	u32 priority;
	struct rcu_head rcu;
};

/* What is asked for: of each, whether, and what. */
struct adit_qos_conf {
	bool has_mark, has_priority;
	u32 mark, priority;
};

/* A frame that came in on the link, one that goes out; data at the two-byte
 * protocol. For links with has_qos. Context: BH off, RCU.
 */
void adit_qos_rx(struct adit_link *link, struct sk_buff *skb);
void adit_qos_tx(struct adit_link *link, struct sk_buff *skb);

/* All or nothing: 0 or -ENOMEM. Context: process, an->lock held. */
int adit_qos_set(struct adit_link *link, const struct adit_qos_conf *conf,
		 struct netlink_ext_ack *extack);
/* NULL: nothing is set. Context: process, an->lock held. */
struct adit_qos *adit_qos_of(struct adit_link *link);
/* With the link, after its grace period. */
void adit_qos_free(struct adit_link *link);

#endif /* ADIT_QOS_H */
