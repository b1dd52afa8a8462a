// SPDX-License-Identifier: GPL-2.0
/* See count.h. Called by the packet path. */
#include "count.h"

void adit_count_rx_drop(struct adit_link *link, enum adit_drop why,
			struct sk_buff *skb)
{
	struct adit_stats __percpu *tunnel = adit_tunnel_stats(link);

	adit_drop(adit_link_net(link), why);
	adit_stats_rx_drop(link->stats);
	if (tunnel)
		adit_stats_rx_drop(tunnel);
	kfree_skb(skb);
}

void adit_count_tx_lost(struct adit_link *link)
{
	struct adit_stats __percpu *tunnel = adit_tunnel_stats(link);

	adit_stats_tx_drop(link->stats);
	if (tunnel)
		adit_stats_tx_drop(tunnel);
}

void adit_count_tx_drop(struct adit_link *link, enum adit_drop why,
			struct sk_buff *skb)
{
	adit_drop(adit_link_net(link), why);
	adit_count_tx_lost(link);
	kfree_skb(skb);
}
