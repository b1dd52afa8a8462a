// SPDX-License-Identifier: GPL-2.0
/* See count.h. Called by the packet path. */
#include "count.h"

static void drop(struct adit_link *link, enum adit_drop why)
{
	struct adit_net *an = adit_link_net(link);
	struct adit_pppoe *p;
	u32 key;

	adit_drops_count(an->drops, why);
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

void adit_count_rx_drop(struct adit_link *link, enum adit_drop why,
			struct sk_buff *skb)
{
	struct adit_stats __percpu *tunnel = adit_tunnel_stats(link);

	drop(link, why);
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
	drop(link, why);
	adit_count_tx_lost(link);
	kfree_skb(skb);
}
