/* SPDX-License-Identifier: GPL-2.0 */
/* Inner addresses and whose they are: the longest prefix that matches. */
#ifndef ADIT_ADDR_H
#define ADIT_ADDR_H

#include <linux/netlink.h>

#include "object.h"

/* An address, or its prefix, as numbers; of IPv4 hi is 0. */
struct adit_addr_key {
	u64 hi, lo;
};

/* One cache line: most that a packet for a subscriber finds is not in any cache. */
struct adit_addr {
	struct hlist_node hash;
	struct adit_link *link;
	struct adit_addr_key key;
	int ifindex; /* of the term's device, which outlives it */
	u8 family;
	u8 len; /* prefix length, bits */
	union {
		struct list_head of_term; /* until it is unpublished */
		struct rcu_head rcu;
	};
};

/* Of the device with that index, for this destination. Context: RCU. */
struct adit_link *adit_addr_find(struct adit_net *an, int ifindex, u8 family,
				 const void *a);
/* Steps of a batch (batch.h): where a host's look-up starts, and its first entry. */
const void *adit_addr_ahead(struct adit_net *an, int ifindex, u8 family,
			    const void *a);
const void *adit_addr_ahead_first(struct adit_net *an, struct sk_buff *skb,
				  const void *at);
/* Adds to the term. Bits behind the prefix must be 0. -EEXIST: it is another
 * link's. Context: process, lock held.
 */
int adit_addr_add(struct adit_net *an, struct adit_term *term, u8 family,
		  const void *a, u8 len, struct netlink_ext_ack *extack);
/* All of the term's. Context: process, lock held. */
void adit_addr_flush(struct adit_net *an, struct adit_term *term);

#endif /* ADIT_ADDR_H */
