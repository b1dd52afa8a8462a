// SPDX-License-Identifier: GPL-2.0
/*
 * PPPoE out (RFC 2516 4). A super-packet is segmented here, before it gets its
 * header: no NIC can write the PPPoE length into its segments.
 *
 * Called by the link layer and for discovery. Context: BH off, under RCU.
 */
#include "pppoe_tx.h"

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>

#include "adit/wire.h"
#include "compat.h"

static void drop(struct adit_pppoe *p, enum adit_drop why, struct sk_buff *skb)
{
	adit_drop(p->port->an, why);
	adit_stats_tx_drop(p->link.stats);
	kfree_skb(skb);
}

void adit_port_xmit(struct adit_port *port, const struct adit_eth *to,
		    __be16 ethertype, struct sk_buff *skb)
{
	struct net_device *dev = port->dev;
	__be16 proto = ethertype;

	skb_reset_network_header(skb);
	if (to->vlan_inner) {
		struct vlan_hdr *v = __skb_push(skb, VLAN_HLEN);

		v->h_vlan_TCI = htons(to->vlan_inner);
		v->h_vlan_encapsulated_proto = proto;
		proto = htons(ETH_P_8021Q);
		skb_reset_network_header(skb);
	}
	skb->dev = dev;
	skb->protocol = proto;
	skb->priority = TC_PRIO_CONTROL * (ethertype == htons(ETH_P_PPP_DISC));
	__vlan_hwaccel_clear_tag(skb);
	if (to->vlan_outer)
		__vlan_hwaccel_put_tag(skb,
				       to->vlan_inner ? htons(ETH_P_8021AD) :
							htons(ETH_P_8021Q),
				       to->vlan_outer);
	if (dev_hard_header(skb, dev, ntohs(proto), to->mac, dev->dev_addr,
			    skb->len) < 0) {
		adit_drop(port->an, ADIT_DROP_tx_headroom);
		kfree_skb(skb);
		return;
	}
	dev_queue_xmit(skb);
}

/* One frame that fits, data at the protocol field. */
static void xmit_one(struct adit_pppoe *p, struct sk_buff *skb)
{
	struct adit_eth to = { .vlan_outer = p->vlan_outer,
			       .vlan_inner = p->vlan_inner };
	u32 len = skb->len;
	u8 *h;

	if (skb_cow_head(skb, PPPOE_HLEN + VLAN_HLEN +
				      LL_RESERVED_SPACE(p->port->dev))) {
		drop(p, ADIT_DROP_tx_headroom, skb);
		return;
	}
	h = __skb_push(skb, PPPOE_HLEN);
	h[0] = PPPOE_VERTYPE;
	h[1] = PPPOE_CODE_SESSION;
	put_unaligned_be16(p->sid, h + 2);
	put_unaligned_be16(len, h + 4);
	ether_addr_copy(to.mac, p->mac);
	adit_stats_tx(p->link.stats, 1, len);
	adit_port_xmit(p->port, &to, htons(ETH_P_PPP_SES), skb);
}

/* Segments have no header before their IP; each gets the protocol again. */
static void xmit_segments(struct adit_pppoe *p, struct sk_buff *skb)
{
	u16 proto = get_unaligned_be16(skb->data);
	struct sk_buff *segs, *seg, *next;

	__skb_pull(skb, 2);
	skb_reset_network_header(skb);
	skb_reset_mac_header(skb);
	skb_reset_mac_len(skb);
	skb->protocol = proto == PPP_PROTO_IPV6 ? htons(ETH_P_IPV6) :
						  htons(ETH_P_IP);
	segs = skb_gso_segment(skb, NETIF_F_SG | NETIF_F_HW_CSUM);
	if (IS_ERR_OR_NULL(segs)) {
		drop(p, ADIT_DROP_tx_gso, skb);
		return;
	}
	consume_skb(skb);
	skb_list_walk_safe(segs, seg, next) {
		skb_mark_not_on_list(seg);
		if (skb_cow_head(seg, 2)) {
			drop(p, ADIT_DROP_tx_headroom, seg);
			continue;
		}
		put_unaligned_be16(proto, __skb_push(seg, 2));
		xmit_one(p, seg);
	}
}

void adit_pppoe_xmit(struct adit_pppoe *p, struct sk_buff *skb)
{
	skb_scrub_packet(skb, false);
	skb->pkt_type = PACKET_OUTGOING;
	if (skb_is_gso(skb))
		xmit_segments(p, skb);
	else
		xmit_one(p, skb);
}
