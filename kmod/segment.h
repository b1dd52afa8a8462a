/* SPDX-License-Identifier: GPL-2.0 */
/* Super-packets taken apart before a header that cannot be repeated. */
#ifndef ADIT_SEGMENT_H
#define ADIT_SEGMENT_H

#include <linux/skbuff.h>

#include "compat.h"

/* How many packets it is. */
static inline u32 adit_segments(const struct sk_buff *skb)
{
	return skb_is_gso(skb) ? max_t(u32, skb_shinfo(skb)->gso_segs, 1) : 1;
}

/* Has none of its packets more than that? Without segmentation it has len bytes. */
static inline bool adit_fits(const struct sk_buff *skb, u32 len, u32 mtu)
{
	return skb_is_gso(skb) ? skb_gso_validate_network_len(skb, mtu) :
				 len <= mtu;
}

/* The octets of all its packets, each from the PPP protocol on; data there. */
u32 adit_gso_octets(const struct sk_buff *skb);

static inline u32 adit_octets(const struct sk_buff *skb)
{
	return skb_is_gso(skb) ? adit_gso_octets(skb) : skb->len;
}

/* A super-packet of IP, data at the two-byte PPP protocol, becomes a list of
 * packets, data at their IP. NULL: it cannot be; it is the caller's still.
 * Context: BH off.
 */
struct sk_buff *adit_segment(struct sk_buff *skb);

#endif /* ADIT_SEGMENT_H */
