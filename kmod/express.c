// SPDX-License-Identifier: GPL-2.0
/*
 * The hook of underlays, see express.h. It takes a packet only if it is a data
 * message of a session, from that tunnel's peer, whole, unprotected and intact. All
 * else goes on to the stack untouched: control, fragments, IP options, tags, other
 * ports and peers, what came through IPsec, what has a wrong sum; and is dropped and
 * counted there, if that is its fate.
 *
 * Context: BH off, RCU. Data is at the network header; the packet may be shared.
 */
#include "express.h"

#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/udp.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/xfrm.h>

#include "adit/l2tp_parse.h"
#include "ahead.h"
#include "batch.h"
#include "compat.h"
#include "count.h"
#include "endpoint.h"
#include "l2tp_rx.h"
#include "object.h"
#include "spread.h"
#include "stats.h"
#include "underlay.h"

struct packet {
	struct adit_from outer;
	__be16 to_port;
	u8 family;
	u8 hlen; /* of IP */
	u32 len; /* of all, by IP's header */
	bool has_sum;
};

static bool read4(const struct sk_buff *skb, struct packet *p)
{
	struct iphdr room;
	const struct iphdr *ip =
		skb_header_pointer(skb, 0, sizeof(room), &room);

	if (!ip || ip->version != 4 || ip->ihl != 5 ||
	    ip->protocol != IPPROTO_UDP || ip_is_fragment(ip) ||
	    ip_fast_csum(ip, 5))
		return false;
	p->len = ntohs(ip->tot_len);
	p->hlen = sizeof(*ip);
	p->family = NFPROTO_IPV4;
	p->outer.ecn = ip->tos & INET_ECN_MASK;
	ipv6_addr_set_v4mapped(ip->saddr, &p->outer.from.a);
	ipv6_addr_set_v4mapped(ip->daddr, &p->outer.to.a);
	return true;
}

static bool read6(const struct sk_buff *skb, struct packet *p)
{
	struct ipv6hdr room;
	const struct ipv6hdr *ip =
		skb_header_pointer(skb, 0, sizeof(room), &room);

	if (!ip || ip->version != 6 || ip->nexthdr != IPPROTO_UDP)
		return false;
	p->len = ntohs(ip->payload_len) + sizeof(*ip);
	p->hlen = sizeof(*ip);
	p->family = NFPROTO_IPV6;
	p->outer.ecn = ipv6_get_dsfield(ip) & INET_ECN_MASK;
	p->outer.from.a = ip->saddr;
	p->outer.to.a = ip->daddr;
	return true;
}

/* A super-packet of outer UDP is many messages: UDP takes it apart. One that repeats
 * our headers before segments of what is inside is one message.
 */
static bool is_many(const struct sk_buff *skb)
{
	unsigned int type = skb_shinfo(skb)->gso_type;

	return skb_is_gso(skb) &&
	       (type & (SKB_GSO_UDP_L4 | SKB_GSO_FRAGLIST) ||
		!(type & (SKB_GSO_UDP_TUNNEL | SKB_GSO_UDP_TUNNEL_CSUM)));
}

/* Is it UDP with a data message? Only looks. */
static bool read(const struct sk_buff *skb, struct packet *p)
{
	struct {
		struct udphdr udp;
		__be16 flags;
	} __packed room;
	const typeof(room) *h;

	if (skb->pkt_type != PACKET_HOST || skb_vlan_tag_present(skb) ||
	    skb_sec_path(skb) || is_many(skb))
		return false;
	if (skb->protocol == htons(ETH_P_IP) ? !read4(skb, p) : !read6(skb, p))
		return false;
	h = skb_header_pointer(skb, p->hlen, sizeof(room), &room);
	if (!h || p->len > skb->len || ntohs(h->udp.len) + p->hlen != p->len ||
	    (h->flags & htons(L2TP_F_T | L2TP_VERSION_MASK)) !=
		    htons(L2TP_VERSION))
		return false;
	p->outer.from_port = h->udp.source;
	p->outer.secure = false;
	p->to_port = h->udp.dest;
	p->has_sum = h->udp.check;
	return p->has_sum || p->family == NFPROTO_IPV4;
}

static struct adit_session *find(struct adit_net *an, const struct sk_buff *skb,
				 const struct packet *p, struct l2tp_data *d)
{
	unsigned int at = p->hlen + sizeof(struct udphdr), linear;
	struct adit_session *s = NULL;
	u8 room[L2TP_DATA_HLEN_MAX];
	struct adit_endpoint *ep;
	const u8 *h;

	ep = adit_endpoint_at(an, &p->outer.to, p->to_port,
			      l3mdev_master_ifindex_rcu(skb->dev));
	if (!ep || p->len < at)
		return NULL;
	linear = min_t(u32, p->len - at, sizeof(room));
	h = skb_header_pointer(skb, at, linear, room);
	if (!h || l2tp_data_parse(h, linear, p->len - at, d) ||
	    adit_l2tp_match(ep, &p->outer, d, &s))
		return NULL;
	return s;
}

/* Cut to IP's length, its sum checked. False: as it is, but for Ethernet's pad. */
static bool is_intact(struct sk_buff *skb, const struct packet *p)
{
	/* The sum's pseudo header is read in place. */
	if (!pskb_may_pull(skb, p->hlen + sizeof(struct udphdr)))
		return false;
	if (p->len < skb->len &&
	    (skb_is_gso(skb) || pskb_trim_rcsum(skb, p->len)))
		return false;
	return !p->has_sum || !nf_checksum(skb, NF_INET_PRE_ROUTING, p->hlen,
					   IPPROTO_UDP, p->family);
}

/* A message of the session's. Takes the skb. */
static void take(struct adit_underlay *u, struct adit_session *s,
		 const struct packet *p, const struct l2tp_data *d,
		 struct sk_buff *skb)
{
	const struct adit_weight w = { .packets = 1, .bytes = p->len };

	if (!is_intact(skb, p)) {
		adit_batch_return(skb);
		return;
	}
	/* Whoever vouched for the outer sum did not see the inner one. */
	__skb_decr_checksum_unnecessary(skb);
	adit_stats_rx(u->stats, &w);
	skb_set_transport_header(skb, p->hlen);
	skb_pull_rcsum(skb, p->hlen + sizeof(struct udphdr));
	adit_l2tp_deliver(s, &p->outer, d, skb);
}

static unsigned int l2tp_at(const struct sk_buff *skb)
{
	return sizeof(struct udphdr) + (skb->protocol == htons(ETH_P_IP) ?
						sizeof(struct iphdr) :
						sizeof(struct ipv6hdr));
}

static const void *ahead_ids(struct adit_net *an, struct sk_buff *skb,
			     const void *at)
{
	return adit_l2tp_ahead(an, skb, l2tp_at(skb));
}

/* Switched off since? Then it is the stack's. */
static void run(struct adit_net *an, struct sk_buff *skb)
{
	struct adit_session *s = NULL;
	struct adit_underlay *u;
	struct l2tp_data d;
	struct packet p;

	skb->dev = dev_get_by_index_rcu(an->net, adit_batch_cb(skb)->ifindex);
	if (!skb->dev) {
		adit_count_drop(an, ADIT_DROP_rx_no_session, skb);
		return;
	}
	u = adit_underlay_of(an, skb->dev);
	if (u && read(skb, &p))
		s = find(an, skb, &p, &d);
	if (s)
		take(u, s, &p, &d, skb);
	else
		adit_batch_return(skb);
}

const struct adit_batch_ops adit_express_batch = {
	.look = { ahead_ids, adit_l2tp_ahead_first, adit_l2tp_ahead_session,
		  adit_ahead_bound, adit_ahead_xmit },
	.run = run,
};

static bool is_candidate(struct adit_net *an, const struct sk_buff *skb,
			 struct packet *p)
{
	if (skb->protocol != htons(ETH_P_IP) &&
	    skb->protocol != htons(ETH_P_IPV6))
		return false;
	return read(skb, p) && !adit_batch_returned(skb) &&
	       adit_endpoint_at(an, &p->outer.to, p->to_port,
				l3mdev_master_ifindex_rcu(skb->dev));
}

unsigned int adit_express_hook(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	struct adit_underlay *u = priv;
	struct adit_session *s = NULL;
	bool spread = adit_spread_wanted(u->an);
	bool waits = adit_batch_wanted(u->an);
	struct l2tp_data d;
	struct packet p;
	u32 key;

	if (!is_candidate(u->an, skb, &p))
		return NF_ACCEPT;
	spread = spread && adit_l2tp_key(skb, l2tp_at(skb), &key);
	if (!spread && !waits) {
		s = find(u->an, skb, &p, &d);
		if (!s)
			return NF_ACCEPT;
	}
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		adit_drop(u->an, ADIT_DROP_rx_no_memory);
	else if (spread)
		adit_spread(u->an, ADIT_SPREAD_EXPRESS, 0, key, skb);
	else if (waits)
		adit_batch_add(u->an, &adit_express_batch, 0, skb);
	else
		take(u, s, &p, &d, skb);
	return NF_STOLEN;
}
