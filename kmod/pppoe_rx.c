// SPDX-License-Identifier: GPL-2.0
/*
 * PPPoE in (RFC 2516 4, 5). The hook sits before VLAN devices, so a session is
 * found by port and tags without a device for each VLAN. Discovery goes up;
 * frames of our sessions are taken; what is not ours goes on to the stack, where
 * the kernel's own PPPoE may want it, and is counted as rx_no_session.
 *
 * Context: BH off, under RCU. The first tag is in the skb, the second one still
 * in the packet.
 */
#include "pppoe_rx.h"

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/prefetch.h>

#include "adit/wire.h"
#include "ahead.h"
#include "batch.h"
#include "compat.h"
#include "count.h"
#include "link.h"
#include "object.h"
#include "pppoe.h"
#include "pppoe_tx.h"
#include "punt.h"

struct frame {
	struct adit_eth from;
	u8 to[ETH_ALEN];
	__be16 proto;
	unsigned int at; /* of the PPPoE header */
};

/* False: neither PPPoE, nor for us. Only looks: the packet may be shared, and it is
 * the stack's if it is not ours.
 */
static bool look(const struct sk_buff *skb, struct frame *f)
{
	const struct ethhdr *eth = eth_hdr(skb);
	const struct vlan_hdr *v;
	struct vlan_hdr room;

	*f = (struct frame){ .proto = skb->protocol };
	if (skb_vlan_tag_present(skb)) {
		f->from.vlan_outer = skb_vlan_tag_get_id(skb);
		f->from.vlan_proto = skb->vlan_proto;
	}
	if (eth_type_vlan(f->proto)) {
		v = skb_header_pointer(skb, 0, VLAN_HLEN, &room);
		if (!v)
			return false;
		f->proto = v->h_vlan_encapsulated_proto;
		f->from.vlan_inner = ntohs(v->h_vlan_TCI) & VLAN_VID_MASK;
		f->at = VLAN_HLEN;
	}
	if (f->proto != htons(ETH_P_PPP_SES) &&
	    f->proto != htons(ETH_P_PPP_DISC))
		return false;
	ether_addr_copy(f->from.mac, eth->h_source);
	ether_addr_copy(f->to, eth->h_dest);
	return skb->pkt_type == PACKET_HOST ||
	       skb->pkt_type == PACKET_BROADCAST;
}

static void drop(struct adit_port *port, enum adit_drop why,
		 struct sk_buff *skb)
{
	adit_count_drop(port->an, why, skb);
}

/* The pppoe that its PPPoE header names; `at` is where that is. */
static struct adit_pppoe *find(struct adit_port *port, const struct frame *f,
			       const struct sk_buff *skb, unsigned int at)
{
	__be16 room;
	const __be16 *sid = skb_header_pointer(skb, at + 2, 2, &room);

	if (!sid)
		return NULL;
	return adit_pppoe_find(port, f->from.vlan_outer, f->from.vlan_inner,
			       get_unaligned_be16(sid));
}

static void discovery(struct adit_port *port, const struct frame *f,
		      struct sk_buff *skb)
{
	struct adit_pppoe *p = NULL;
	unsigned int len;

	if (!pskb_may_pull(skb, PPPOE_HLEN)) {
		drop(port, ADIT_DROP_rx_short, skb);
		return;
	}
	len = PPPOE_HLEN + get_unaligned_be16(skb->data + 4);
	if (len > skb->len || pskb_trim_rcsum(skb, len)) {
		drop(port, ADIT_DROP_rx_pppoe_length, skb);
		return;
	}
	/* A client's PADT does not queue behind others' PADI. */
	if (skb->data[1] == PPPOE_CODE_PADT)
		p = find(port, f, skb, 0);
	if (p && !ether_addr_equal(p->eth.mac, f->from.mac))
		p = NULL;
	adit_punt_pppoe(port, &f->from, f->to, p, skb);
}

/* RFC 2516 4: neither FF 03 nor a protocol of one byte, which an odd first byte
 * would be.
 */
static bool is_plain(struct sk_buff *skb)
{
	return pskb_may_pull(skb, 1) && !(skb->data[0] & 1);
}

static void session(struct adit_pppoe *p, struct sk_buff *skb)
{
	unsigned int len;

	if (!pskb_may_pull(skb, PPPOE_HLEN)) {
		drop(p->port, ADIT_DROP_rx_short, skb);
		return;
	}
	len = get_unaligned_be16(skb->data + 4);
	if (skb->data[0] != PPPOE_VERTYPE ||
	    skb->data[1] != PPPOE_CODE_SESSION) {
		drop(p->port, ADIT_DROP_rx_pppoe_header, skb);
		return;
	}
	skb_pull_rcsum(skb, PPPOE_HLEN);
	if (len > skb->len || (len < skb->len && (skb_is_gso(skb) ||
						  pskb_trim_rcsum(skb, len)))) {
		drop(p->port, ADIT_DROP_rx_pppoe_length, skb);
		return;
	}
	if (len && !is_plain(skb)) {
		adit_count_rx_drop(&p->link, ADIT_DROP_rx_pppoe_framing, skb);
		return;
	}
	skb->encapsulation = 0;
	adit_link_rx(&p->link, skb);
}

/* A packet of our own, data at the PPPoE header. NULL: there was no memory. */
static struct sk_buff *take(struct adit_port *port, const struct frame *f,
			    struct sk_buff *skb)
{
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb) {
		adit_drop(port->an, ADIT_DROP_rx_no_memory);
		return NULL;
	}
	if (!pskb_may_pull(skb, f->at)) {
		drop(port, ADIT_DROP_rx_short, skb);
		return NULL;
	}
	__vlan_hwaccel_clear_tag(skb);
	skb_pull_rcsum(skb, f->at);
	return skb;
}

/* A frame of a session. False: it is not ours. */
static bool frame(struct adit_port *port, const struct frame *f,
		  struct sk_buff *skb)
{
	struct adit_pppoe *p = find(port, f, skb, f->at);

	if (!p) {
		adit_drop(port->an, ADIT_DROP_rx_no_session);
		return false;
	}
	skb = take(port, f, skb);
	if (!skb)
		return true;
	if (ether_addr_equal(p->eth.mac, f->from.mac))
		session(p, skb);
	else
		drop(port, ADIT_DROP_rx_peer_mismatch, skb);
	return true;
}

static const void *ahead_bucket(struct adit_net *an, struct sk_buff *skb,
				const void *at)
{
	struct hlist_head *bucket;
	const __be16 *sid;
	struct frame f;
	__be16 room;

	if (!look(skb, &f))
		return NULL;
	sid = skb_header_pointer(skb, f.at + 2, 2, &room);
	if (!sid)
		return NULL;
	bucket = adit_pppoe_bucket(an, adit_batch_cb(skb)->ifindex,
				   f.from.vlan_outer, f.from.vlan_inner,
				   get_unaligned_be16(sid));
	adit_batch_cb(skb)->key = get_unaligned_be16(sid);
	prefetch(bucket);
	return bucket;
}

static const void *ahead_first(struct adit_net *an, struct sk_buff *skb,
			       const void *at)
{
	struct hlist_head *bucket = (struct hlist_head *)at;
	struct hlist_node *first = rcu_dereference(hlist_first_rcu(bucket));
	struct adit_pppoe *p;

	if (!first)
		return NULL;
	p = hlist_entry(first, struct adit_pppoe, hash);
	prefetch(p);
	prefetch(&p->sid);
	return first;
}

/* Another port's or VLAN's of that number costs no more than a look in vain. */
static const void *ahead_session(struct adit_net *an, struct sk_buff *skb,
				 const void *at)
{
	struct hlist_node *n = (struct hlist_node *)at;

	for (; n; n = rcu_dereference(hlist_next_rcu(n))) {
		struct adit_pppoe *p = hlist_entry(n, struct adit_pppoe, hash);

		if (p->sid == adit_batch_cb(skb)->key)
			return adit_ahead_link(an, skb, &p->link);
	}
	return NULL;
}

static void run(struct adit_net *an, struct sk_buff *skb)
{
	struct net_device *dev =
		dev_get_by_index_rcu(an->net, adit_batch_cb(skb)->ifindex);
	struct adit_port *port = dev ? adit_port_of(an, dev) : NULL;
	struct frame f;

	if (!port) {
		adit_count_drop(an, ADIT_DROP_rx_no_session, skb);
		return;
	}
	skb->dev = dev;
	if (!look(skb, &f) || !frame(port, &f, skb))
		adit_batch_return(skb);
}

static const struct adit_batch_ops batch = {
	.look = { ahead_bucket, ahead_first, ahead_session, adit_ahead_bound,
		  adit_ahead_xmit },
	.run = run,
};

static void wait(struct adit_port *port, struct sk_buff *skb)
{
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (skb)
		adit_batch_add(port->an, &batch, 0, skb);
	else
		adit_drop(port->an, ADIT_DROP_rx_no_memory);
}

unsigned int adit_pppoe_hook(void *priv, struct sk_buff *skb,
			     const struct nf_hook_state *state)
{
	struct adit_port *port = priv;
	struct frame f;

	if (!look(skb, &f) || adit_batch_returned(skb))
		return NF_ACCEPT;
	if (f.proto == htons(ETH_P_PPP_SES)) {
		if (!adit_batch_wanted(port->an))
			return frame(port, &f, skb) ? NF_STOLEN : NF_ACCEPT;
		wait(port, skb);
		return NF_STOLEN;
	}
	skb = take(port, &f, skb);
	if (skb)
		discovery(port, &f, skb);
	return NF_STOLEN;
}
