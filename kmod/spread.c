// SPDX-License-Identifier: GPL-2.0
/*
 * Fan-out, see spread.h: the packet is received a second time, by the anchor, whose
 * handler gives it back to whoever spread it. Called by l2tp_rx and express.
 */
#include "spread.h"

#include <linux/jhash.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "compat.h"
#include "count.h"

static const struct adit_batch_ops *ops_of[ADIT_N_SPREAD] __read_mostly;

/* In skb->cb, until the anchor has it. */
struct cell {
	u32 to;
	u32 id;
	int ifindex; /* where it came in */
	unsigned int at; /* of its data, from the network header */
};

static struct cell *cell(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct cell) > sizeof(skb->cb));
	return (struct cell *)skb->cb;
}

bool adit_spread_wanted(const struct adit_net *an)
{
	return adit_rps_on(an->anchor) && netif_running(an->anchor);
}

void adit_spread(struct adit_net *an, enum adit_spread_to to, u32 id, u32 key,
		 struct sk_buff *skb)
{
	unsigned int at = -skb_network_offset(skb);
	u32 packets = adit_segments(skb);

	*cell(skb) = (struct cell){ to, id, skb->dev->ifindex, at };
	skb_push_rcsum(skb, at);
	skb->dev = an->anchor;
	/* The queue of its NIC is none of the anchor's. */
	skb_set_queue_mapping(skb, 0);
	__skb_set_sw_hash(skb, jhash_1word(key, (u32)an->key.key[0]), true);
	if (netif_rx(skb) == NET_RX_DROP)
		adit_drop_packets(an, ADIT_DROP_queue_full, packets);
}

static void go_on(struct adit_net *an, struct sk_buff *skb)
{
	struct cell c = *cell(skb);

	skb->dev = dev_get_by_index_rcu(an->net, c.ifindex);
	if (!skb->dev || c.to >= ADIT_N_SPREAD || c.at > skb_headlen(skb)) {
		adit_count_drop(an, ADIT_DROP_rx_no_session, skb);
		return;
	}
	skb_pull_rcsum(skb, c.at);
	if (adit_batch_wanted(an))
		adit_batch_add(an, ops_of[c.to], c.id, skb);
	else
		adit_batch_one(an, ops_of[c.to], c.id, skb);
}

/* Context: BH off, RCU. */
static rx_handler_result_t handle(struct sk_buff **pskb)
{
	struct adit_net *an = rcu_dereference((*pskb)->dev->rx_handler_data);
	struct sk_buff *skb = skb_share_check(*pskb, GFP_ATOMIC);

	if (skb)
		go_on(an, skb);
	else
		adit_drop(an, ADIT_DROP_rx_no_memory);
	return RX_HANDLER_CONSUMED;
}

int adit_spread_start(struct net_device *dev, struct adit_net *an)
{
	return netdev_rx_handler_register(dev, handle, an);
}

void adit_spread_stop(struct net_device *dev)
{
	netdev_rx_handler_unregister(dev);
}

void adit_spread_init(enum adit_spread_to to, const struct adit_batch_ops *ops)
{
	ops_of[to] = ops;
}
