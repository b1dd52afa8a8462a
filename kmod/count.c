// SPDX-License-Identifier: GPL-2.0
/* See count.h. Called by the packet path. */
#include "count.h"

static void drop(struct adit_link *link, enum adit_drop why, u32 packets)
{
	struct adit_net *an = adit_link_net(link);
	struct adit_pppoe *p;
	u32 key;

	adit_drops_count(an->drops, why, packets);
	if (!trace_adit_drop_enabled())
		return;
	if (link->type == ADIT_LINK_SESSION) {
		key = adit_session_of(link)->key;
		trace_adit_drop(an->net->ns.inum, why, key >> 16, 0, key);
	} else {
		p = adit_pppoe_of(link);
		trace_adit_drop(an->net->ns.inum, why, 0, p->port->dev->ifindex,
				p->sid);
	}
}

void adit_count_rx_gone(struct adit_link *link, enum adit_drop why, u32 packets)
{
	struct adit_stats __percpu *tunnel = adit_tunnel_stats(link);

	drop(link, why, packets);
	adit_stats_rx_drop(link->stats, packets);
	if (tunnel)
		adit_stats_rx_drop(tunnel, packets);
}

void adit_count_rx_drop(struct adit_link *link, enum adit_drop why,
			struct sk_buff *skb)
{
	adit_count_rx_gone(link, why, adit_segments(skb));
	kfree_skb(skb);
}

void adit_count_tx_lost(struct adit_link *link, u32 packets)
{
	struct adit_stats __percpu *tunnel = adit_tunnel_stats(link);

	adit_stats_tx_drop(link->stats, packets);
	if (tunnel)
		adit_stats_tx_drop(tunnel, packets);
}

void adit_count_tx_drop(struct adit_link *link, enum adit_drop why,
			struct sk_buff *skb)
{
	u32 packets = adit_segments(skb);

	drop(link, why, packets);
	adit_count_tx_lost(link, packets);
	kfree_skb(skb);
}
