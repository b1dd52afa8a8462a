// SPDX-License-Identifier: GPL-2.0
/*
 * From a subscriber into the IP stack. The source address must be the link's own,
 * by the same table that finds the link for a packet downstream. Link-local and
 * multicast IPv6 never enters a multipoint device: many subscribers share it.
 *
 * Called by the link layer. Context: BH off, under RCU.
 */
#include "term.h"

#include <linux/if_tunnel.h>
#include <linux/netdevice.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "adit/wire.h"
#include "addr.h"
#include "compat.h"
#include "count.h"
#include "segment.h"

static bool is_v4(struct sk_buff *skb)
{
	return pskb_may_pull(skb, 2 + sizeof(struct iphdr)) &&
	       (skb->data[2] >> 4) == 4;
}

static bool is_v6(struct sk_buff *skb)
{
	return pskb_may_pull(skb, 2 + sizeof(struct ipv6hdr)) &&
	       (skb->data[2] >> 4) == 6;
}

static bool is_own(struct adit_term *term, struct adit_link *link, u8 family,
		   const void *src)
{
	return adit_addr_find(adit_link_net(link), term->dev->ifindex, family,
			      src) == link;
}

/* RFC 4291 2.5.2, 2.5.6: sources that a host has before it has an address. */
static bool is_initial(const struct in6_addr *src)
{
	return ipv6_addr_any(src) || ipv6_addr_type(src) & IPV6_ADDR_LINKLOCAL;
}

/* Of this wire only, which many share. */
static bool is_local(const struct ipv6hdr *h)
{
	return is_initial(&h->saddr) ||
	       ipv6_addr_type(&h->daddr) &
		       (IPV6_ADDR_LINKLOCAL | IPV6_ADDR_MULTICAST);
}

static bool may_send(struct adit_term *term, struct adit_link *link,
		     struct sk_buff *skb, bool v6)
{
	const u8 *src = skb->data + 2 + (v6 ? 8 : 12);

	if (term->any_source)
		return true;
	/* No prefix is longer. */
	if (!v6 && term->host4 && get_unaligned((__be32 *)src) == term->host4)
		return true;
	if (v6 && term->p2p && is_initial((const struct in6_addr *)src))
		return true;
	return is_own(term, link, v6 ? AF_INET6 : AF_INET, src);
}

/* A super-packet was made of packets that came one by one. */
static bool too_big(const struct adit_term *term, const struct sk_buff *skb)
{
	return term->mru && skb->len - 2 > term->mru && !skb_is_gso(skb);
}

static void enter(struct adit_term *term, struct adit_link *link,
		  __be16 protocol, struct sk_buff *skb)
{
	struct adit_weight w = adit_weigh(skb);
	struct net_device *dev = term->dev;
	u32 len = skb->len - 2;

	skb_pull_rcsum(skb, 2);
	skb->protocol = protocol;
	skb->dev = dev;
	skb->pkt_type = PACKET_HOST;
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	skb_reset_mac_len(skb);
	/* The queue of its NIC, and the hash of its tunnel, are not its own. */
	skb_set_queue_mapping(skb, 0);
	skb_clear_hash(skb);
	skb_scrub_packet(skb, false);
	if (unlikely(netif_rx(skb) == NET_RX_DROP)) {
		adit_count_rx_gone(link, ADIT_DROP_rx_device, w.packets);
		return;
	}
	adit_count_rx_weighed(link, &w);
	dev_sw_netstats_rx_add(dev, len);
}

bool adit_term_rx(struct adit_term *term, struct adit_link *link, u16 proto,
		  struct sk_buff *skb)
{
	bool v6 = proto == PPP_PROTO_IPV6;

	if (v6 ? !is_v6(skb) : !is_v4(skb)) {
		adit_count_rx_drop(link, ADIT_DROP_rx_malformed_ip, skb);
		return true;
	}
	if (too_big(term, skb)) {
		adit_count_rx_drop(link, ADIT_DROP_rx_mru, skb);
		return true;
	}
	if (v6 && !term->p2p && is_local((const void *)(skb->data + 2)))
		return false;
	if (!may_send(term, link, skb, v6)) {
		adit_count_rx_drop(link, ADIT_DROP_rx_spoof, skb);
		return true;
	}
	enter(term, link, v6 ? htons(ETH_P_IPV6) : htons(ETH_P_IP), skb);
	return true;
}
