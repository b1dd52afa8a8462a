// SPDX-License-Identifier: GPL-2.0
/*
 * Fragmentation (RFC 791 3.2). The device's MTU is of all its subscribers, one's
 * own may be smaller; a packet without DF is cut to it, as a router would do on
 * an interface of its own. Called by the device.
 */
#include "fragment.h"

#include <linux/ip.h>
#include <linux/netdevice.h>
#include <net/dst_metadata.h>
#include <net/ip.h>

#include "compat.h"

/* The fragments take over the route, so there must be one. With less than every
 * link has to carry (RFC 791 3.2) there may be no room for data behind the header, and
 * then cutting has no end.
 */
bool adit_fragment_may(const struct sk_buff *skb, u32 mtu)
{
	return skb->protocol == htons(ETH_P_IP) && mtu >= IPV4_MIN_MTU &&
	       !(ip_hdr(skb)->frag_off & htons(IP_DF)) && skb_valid_dst(skb);
}

static void cut(struct adit_net *an, struct sk_buff *skb, u32 mtu,
		adit_fragment_out *out)
{
	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	if (skb->len <= mtu) {
		out(an->net, skb->sk, skb);
		return;
	}
	IPCB(skb)->frag_max_size = mtu;
	if (ip_do_fragment(an->net, skb->sk, skb, out))
		adit_drop(an, ADIT_DROP_tx_headroom);
}

int adit_fragment(struct adit_net *an, struct sk_buff *skb, u32 mtu,
		  adit_fragment_out *out)
{
	struct sk_buff *segs, *seg, *next;

	if (!skb_is_gso(skb)) {
		cut(an, skb, mtu, out);
		return 0;
	}
	segs = skb_gso_segment(skb, NETIF_F_SG);
	if (IS_ERR_OR_NULL(segs))
		return 1 + ADIT_DROP_tx_gso;
	consume_skb(skb);
	skb_list_walk_safe(segs, seg, next) {
		skb_mark_not_on_list(seg);
		cut(an, seg, mtu, out);
	}
	return 0;
}
