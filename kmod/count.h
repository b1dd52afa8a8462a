/* SPDX-License-Identifier: GPL-2.0 */
/* What links and their tunnels count: the same packets, in the same unit. */
#ifndef ADIT_COUNT_H
#define ADIT_COUNT_H

#include "object.h"

/* NULL of a pppoe. */
static inline struct adit_stats __percpu *
adit_tunnel_stats(struct adit_link *link)
{
	return link->type == ADIT_LINK_SESSION ?
		       adit_session_of(link)->tunnel->stats :
		       NULL;
}

/* Context of all: BH off, RCU. Bytes are of the PPP frame, from its protocol. */
static inline void adit_count_rx(struct adit_link *link, u32 packets, u32 bytes)
{
	struct adit_stats __percpu *tunnel = adit_tunnel_stats(link);

	adit_stats_rx(link->stats, packets, bytes);
	if (tunnel)
		adit_stats_rx(tunnel, packets, bytes);
}

static inline void adit_count_tx(struct adit_link *link, u32 packets, u32 bytes)
{
	struct adit_stats __percpu *tunnel = adit_tunnel_stats(link);

	adit_stats_tx(link->stats, packets, bytes);
	if (tunnel)
		adit_stats_tx(tunnel, packets, bytes);
}

/* Under this reason; frees the skb. */
void adit_count_rx_drop(struct adit_link *link, enum adit_drop why,
			struct sk_buff *skb);
void adit_count_tx_drop(struct adit_link *link, enum adit_drop why,
			struct sk_buff *skb);
/* The reason is counted, the skb is gone. */
void adit_count_tx_lost(struct adit_link *link);

#endif /* ADIT_COUNT_H */
