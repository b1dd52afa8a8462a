/* SPDX-License-Identifier: GPL-2.0 */
/* What links and their tunnels count: the same packets, in the same unit. Of a
 * super-packet each packet counts, dropped as well as sent.
 */
#ifndef ADIT_COUNT_H
#define ADIT_COUNT_H

#include "object.h"
#include "segment.h"

/* NULL of a pppoe. */
static inline struct adit_stats __percpu *
adit_tunnel_stats(struct adit_link *link)
{
	return link->type == ADIT_LINK_SESSION ?
		       adit_session_of(link)->tunnel->stats :
		       NULL;
}

/* Data at the two-byte PPP protocol: from 8000 on it is one of PPP's own. */
static inline struct adit_weight adit_weigh(const struct sk_buff *skb)
{
	return (struct adit_weight){ .packets = adit_segments(skb),
				     .bytes = adit_octets(skb),
				     .control = skb->data[0] & 0x80 };
}

/* Context of all: BH off, RCU. Of what may be gone: it was weighed before. */
static inline void adit_count_rx_weighed(struct adit_link *link,
					 const struct adit_weight *w)
{
	struct adit_stats __percpu *tunnel = adit_tunnel_stats(link);

	adit_stats_rx(link->stats, w);
	if (tunnel)
		adit_stats_rx(tunnel, w);
}

static inline void adit_count_rx(struct adit_link *link,
				 const struct sk_buff *skb)
{
	struct adit_weight w = adit_weigh(skb);

	adit_count_rx_weighed(link, &w);
}

/* It has been sent, and was weighed before. */
static inline void adit_count_tx(struct adit_link *link,
				 const struct adit_weight *w)
{
	struct adit_stats __percpu *tunnel = adit_tunnel_stats(link);

	adit_stats_tx(link->stats, w);
	if (tunnel)
		adit_stats_tx(tunnel, w);
}

/* Of no link that is known; frees the skb. */
static inline void adit_count_drop(struct adit_net *an, enum adit_drop why,
				   struct sk_buff *skb)
{
	adit_drop_packets(an, why, adit_segments(skb));
	kfree_skb(skb);
}

/* Under this reason; frees the skb. */
void adit_count_rx_drop(struct adit_link *link, enum adit_drop why,
			struct sk_buff *skb);
void adit_count_tx_drop(struct adit_link *link, enum adit_drop why,
			struct sk_buff *skb);
/* The same of packets that are gone. */
void adit_count_rx_gone(struct adit_link *link, enum adit_drop why,
			u32 packets);
/* The stack took so many packets of ours, and answers. NET_XMIT_CN is a drop: a device without
 * carrier says so, and a queue that drops another packet of the flow for this one. 0
 * or -errno, which is counted.
 */
static inline int adit_count_output(struct adit_net *an, u32 packets, int err)
{
	if (likely(!err))
		return 0;
	adit_drop_packets(an, ADIT_DROP_tx_output, packets);
	return err < 0 ? err : -ENOBUFS;
}

/* The reason is counted, the skb is gone. */
void adit_count_tx_lost(struct adit_link *link, u32 packets);

#endif /* ADIT_COUNT_H */
