// SPDX-License-Identifier: GPL-2.0
/*
 * Segmentation. A PPPoE header has a length and a sequenced L2TP header a number:
 * neither NIC nor UDP-tunnel GSO can write them for each segment, so these come
 * after the super-packet was taken apart. Called by the link layer.
 */
#include "segment.h"

#include <linux/netdevice.h>
#include <net/dst.h>

#include "adit/wire.h"
#include "compat.h"

struct sk_buff *adit_segment(struct sk_buff *skb)
{
	u16 proto = get_unaligned_be16(skb->data);
	struct sk_buff *segs;

	/* Each segment would hold a reference of its own. */
	skb_dst_drop(skb);
	__skb_pull(skb, 2);
	skb_reset_network_header(skb);
	skb_reset_mac_header(skb);
	skb_reset_mac_len(skb);
	skb->protocol = proto == PPP_PROTO_IPV6 ? htons(ETH_P_IPV6) :
						  htons(ETH_P_IP);
	segs = skb_gso_segment(skb, NETIF_F_SG | NETIF_F_HW_CSUM);
	if (IS_ERR_OR_NULL(segs))
		return NULL;
	consume_skb(skb);
	return segs;
}
