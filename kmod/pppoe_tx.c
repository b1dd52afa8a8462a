// SPDX-License-Identifier: GPL-2.0
/*
 * PPPoE out (RFC 2516 4). No super-packet comes here: no NIC can write the PPPoE
 * length into its segments.
 *
 * Called by the link layer and for discovery. Context: BH off, under RCU.
 */
#include "pppoe_tx.h"

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>

#include "adit/wire.h"
#include "compat.h"
#include "count.h"

int adit_port_xmit(struct adit_port *port, const struct adit_eth *to,
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
	if (ethertype == htons(ETH_P_PPP_DISC))
		skb->priority = TC_PRIO_CONTROL;
	__vlan_hwaccel_clear_tag(skb);
	if (to->vlan_outer)
		__vlan_hwaccel_put_tag(skb, to->vlan_proto, to->vlan_outer);
	if (dev_hard_header(skb, dev, ntohs(proto), to->mac, dev->dev_addr,
			    skb->len) < 0) {
		adit_drop(port->an, ADIT_DROP_tx_headroom);
		kfree_skb(skb);
		return -ENOMEM;
	}
	return adit_count_output(port->an, 1, dev_queue_xmit(skb));
}

u32 adit_pppoe_mtu(const struct adit_pppoe *p)
{
	u32 mtu = READ_ONCE(p->port->dev->mtu), len = PPPOE_HLEN + 2;

	return mtu > len ? mtu - len : 0;
}

bool adit_pppoe_xmit(struct adit_pppoe *p, struct sk_buff *skb)
{
	struct adit_weight w = adit_weigh(skb);
	u32 len = skb->len;
	u8 *h;

	if (len - 2 > adit_pppoe_mtu(p)) {
		adit_count_tx_drop(&p->link, ADIT_DROP_tx_mtu, skb);
		return false;
	}
	if (skb_cow_head(skb, PPPOE_HLEN + VLAN_HLEN +
				      LL_RESERVED_SPACE(p->port->dev))) {
		adit_count_tx_drop(&p->link, ADIT_DROP_tx_headroom, skb);
		return false;
	}
	skb_scrub_packet(skb, false);
	skb_forward_csum(skb);
	skb->pkt_type = PACKET_OUTGOING;
	h = __skb_push(skb, PPPOE_HLEN);
	h[0] = PPPOE_VERTYPE;
	h[1] = PPPOE_CODE_SESSION;
	put_unaligned_be16(p->sid, h + 2);
	put_unaligned_be16(len, h + 4);
	if (adit_port_xmit(p->port, &p->eth, htons(ETH_P_PPP_SES), skb)) {
		adit_count_tx_lost(&p->link, w.packets);
		return false;
	}
	adit_count_tx(&p->link, &w);
	return true;
}
