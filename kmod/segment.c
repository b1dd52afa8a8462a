// SPDX-License-Identifier: GPL-2.0
/*
 * Segmentation. A PPPoE header has a length and a sequenced L2TP header a number:
 * neither NIC nor UDP-tunnel GSO can write them for each segment, so these come
 * after the super-packet was taken apart. Called by the link layer.
 */
#include "segment.h"

#include <linux/netdevice.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/dst.h>
#include <net/ip.h>

#include "adit/wire.h"
#include "compat.h"

/* Where a super-packet's transport header is, behind data. */
static unsigned int transport_at(const struct sk_buff *skb)
{
	struct iphdr room;
	const struct iphdr *h;

	if (skb->ip_summed == CHECKSUM_PARTIAL)
		return skb_checksum_start_offset(skb);
	h = skb_header_pointer(skb, 2, sizeof(room), &room);
	if (!h)
		return 2;
	return 2 + (h->version == 4 ? h->ihl * 4 : sizeof(struct ipv6hdr));
}

/* What each packet of a super-packet has before its payload. */
static unsigned int headers(const struct sk_buff *skb)
{
	unsigned int at = transport_at(skb);
	const struct tcphdr *h;
	struct tcphdr room;

	if (skb_shinfo(skb)->gso_type & SKB_GSO_UDP_L4)
		return at + sizeof(struct udphdr);
	if (!(skb_shinfo(skb)->gso_type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6)))
		return at;
	h = skb_header_pointer(skb, at, sizeof(room), &room);
	return at + (h ? h->doff * 4 : sizeof(room));
}

u32 adit_gso_octets(const struct sk_buff *skb)
{
	return skb->len + (adit_segments(skb) - 1) * headers(skb);
}

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
