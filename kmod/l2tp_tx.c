// SPDX-License-Identifier: GPL-2.0
/*
 * L2TP out (RFC 2661 3.1, 8.1). A frame gets FF 03, the shortest data header,
 * UDP and an outer IP header of our own, and goes to the local output path: the
 * firewall and IPsec see it. Never L, O or P; S only where it was negotiated.
 * GSO super-packets stay whole: UDP-tunnel GSO repeats the header for each segment.
 *
 * Called by the link layer (adit_link_xmit) and for control messages. Context: BH
 * off, under RCU; no lock but with sequence numbers, no reference but the route's.
 */
#include "l2tp_tx.h"

#include <linux/udp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/ip6_tunnel.h>
#include <net/ip_tunnels.h>
#include <net/route.h>
#include <net/udp.h>
#include <net/udp_tunnel.h>

#include "adit/wire.h"
#include "compat.h"
#include "count.h"
#include "outer.h"
#include "segment.h"

#define L2TP_HEAD (6 + 2 + 2) /* FF 03 and protocol; Ns and Nr are 4 more */

/*
 * IPv4 identifications. Choosing one by destination costs more than the rest of
 * the header; unique among all that we send within 65,536 packets is as good.
 * Each CPU takes them in blocks.
 */
#define ID_BLOCK 256

struct id_block {
	u32 next;
	u32 left;
};

static DEFINE_PER_CPU(struct id_block, ids);
static atomic_t ids_taken;

static u16 take_ids(u32 n)
{
	struct id_block *b = this_cpu_ptr(&ids);
	u16 id;

	if (b->left < n) {
		b->left = max_t(u32, n, ID_BLOCK);
		b->next = atomic_fetch_add(b->left, &ids_taken);
	}
	id = b->next;
	b->next += n;
	b->left -= n;
	return id;
}

/* A route out of one of our own devices leads back here; so does one to the
 * endpoint's own address and port. Asked once for a route: a loop is not kept.
 */
static bool is_loop(const struct adit_endpoint *ep, const struct dst_entry *dst,
		    bool local, const struct adit_ip *to, __be16 port)
{
	const struct in6_addr *us = &ep->local.a;

	if (dst->dev->rtnl_link_ops &&
	    !strcmp(dst->dev->rtnl_link_ops->kind, ADIT_RTNL_KIND))
		return true;
	if (!local || port != ep->port)
		return false;
	return ipv6_addr_equal(us, &to->a) || ipv6_addr_any(us) ||
	       (ipv6_addr_v4mapped(us) && !us->s6_addr32[3]);
}

static int send4(struct adit_endpoint *ep, struct dst_entry *dst, __be32 src,
		 const struct adit_ip *to, const struct adit_outer *o,
		 struct sk_buff *skb)
{
	struct net *net = ep->an->net;
	struct iphdr *iph;

	skb_scrub_packet(skb, false);
	skb_clear_hash_if_not_l4(skb);
	skb_dst_set(skb, dst);
	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	skb_push(skb, sizeof(*iph));
	skb_reset_network_header(skb);
	iph = ip_hdr(skb);
	iph->version = 4;
	iph->ihl = 5;
	iph->tos = o->tos;
	iph->frag_off = o->df ? htons(IP_DF) : 0;
	iph->ttl = ip4_dst_hoplimit(dst);
	iph->protocol = IPPROTO_UDP;
	iph->saddr = src;
	iph->daddr = to->a.s6_addr32[3];
	iph->id = htons(take_ids(adit_segments(skb)));
	return ip_local_out(net, NULL, skb);
}

static int send6(struct adit_endpoint *ep, struct dst_entry *dst,
		 const struct in6_addr *src, const struct adit_ip *to,
		 const struct adit_outer *o, struct sk_buff *skb)
{
	struct ipv6hdr *h;

	skb_scrub_packet(skb, false);
	/* As IPv4 without DF: whoever sends may cut it. */
	skb->ignore_df = !o->df;
	skb_clear_hash_if_not_l4(skb);
	skb_dst_set(skb, dst);
	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	skb_push(skb, sizeof(*h));
	skb_reset_network_header(skb);
	h = ipv6_hdr(skb);
	ip6_flow_hdr(h, o->tos, 0);
	h->payload_len = htons(skb->len - sizeof(*h));
	h->nexthdr = IPPROTO_UDP;
	h->hop_limit = ip6_dst_hoplimit(dst);
	h->saddr = *src;
	h->daddr = to->a;
	skb->protocol = htons(ETH_P_IPV6);
	return ip6_local_out(ep->an->net, NULL, skb);
}

/* Ports in every look-up: IPsec selectors on 1701 must match. */
static struct rtable *route4(struct adit_endpoint *ep, const struct adit_ip *to,
			     __be16 port, struct dst_cache *cache, __be32 *src)
{
	struct rtable *rt = NULL;
	struct flowi4 fl4;

	if (cache)
		rt = dst_cache_get_ip4(cache, src);
	if (rt)
		return rt;
	memset(&fl4, 0, sizeof(fl4));
	fl4.flowi4_oif = ep->ifindex;
	fl4.flowi4_proto = IPPROTO_UDP;
	fl4.saddr = ep->local.a.s6_addr32[3];
	fl4.daddr = to->a.s6_addr32[3];
	fl4.fl4_sport = ep->port;
	fl4.fl4_dport = port;
	rt = ip_route_output_flow(ep->an->net, &fl4, NULL);
	if (IS_ERR(rt))
		return rt;
	if (is_loop(ep, &rt->dst, rt->rt_type == RTN_LOCAL, to, port)) {
		ip_rt_put(rt);
		return ERR_PTR(-ELOOP);
	}
	*src = fl4.saddr;
	if (cache)
		dst_cache_set_ip4(cache, &rt->dst, fl4.saddr);
	return rt;
}

static struct dst_entry *route6(struct adit_endpoint *ep,
				const struct adit_ip *to, __be16 port,
				struct dst_cache *cache, struct in6_addr *src)
{
	struct dst_entry *dst = NULL;
	struct flowi6 fl6;

	if (cache)
		dst = dst_cache_get_ip6(cache, src);
	if (dst)
		return dst;
	memset(&fl6, 0, sizeof(fl6));
	fl6.flowi6_oif = ep->ifindex;
	fl6.flowi6_proto = IPPROTO_UDP;
	fl6.saddr = ep->local.a;
	fl6.daddr = to->a;
	fl6.fl6_sport = ep->port;
	fl6.fl6_dport = port;
	dst = ip6_dst_lookup_flow(ep->an->net, ep->sock->sk, &fl6, NULL);
	if (IS_ERR(dst))
		return dst;
	if (is_loop(ep, dst, ((struct rt6_info *)dst)->rt6i_flags & RTF_LOCAL,
		    to, port)) {
		dst_release(dst);
		return ERR_PTR(-ELOOP);
	}
	*src = fl6.saddr;
	if (cache)
		dst_cache_set_ip6(cache, dst, &fl6.saddr);
	return dst;
}

/* A reference to the way to a peer, and the source address on it. */
static struct dst_entry *route(struct adit_endpoint *ep,
			       const struct adit_ip *to, __be16 port,
			       struct dst_cache *cache, struct adit_ip *src)
{
	struct rtable *rt;

	if (ep->family == AF_INET6)
		return route6(ep, to, port, cache, &src->a);
	rt = route4(ep, to, port, cache, &src->a.s6_addr32[3]);
	return IS_ERR(rt) ? ERR_CAST(rt) : &rt->dst;
}

static void push_udp(struct adit_endpoint *ep, __be16 port, struct sk_buff *skb)
{
	struct udphdr *uh;

	__skb_push(skb, sizeof(*uh));
	skb_reset_transport_header(skb);
	uh = udp_hdr(skb);
	uh->source = ep->port;
	uh->dest = port;
	uh->len = htons(skb->len);
	uh->check = 0;
}

/* May it leave by this route? 0, or 1 + why not. */
static int check(const struct dst_entry *dst, const struct adit_outer *o,
		 struct sk_buff *skb)
{
	if (unlikely(o->ipsec) && !dst_xfrm(dst))
		return 1 + ADIT_DROP_tx_ipsec;
	/* The lengths in the headers have 16 bits. */
	if (skb->len + sizeof(struct udphdr) + sizeof(struct ipv6hdr) > 65535)
		return 1 + ADIT_DROP_tx_mtu;
	if (skb_cow_head(skb, LL_RESERVED_SPACE(dst->dev) +
				      (dst->ops->family == AF_INET6 ?
					       sizeof(struct ipv6hdr) :
					       sizeof(struct iphdr)) +
				      sizeof(struct udphdr)))
		return 1 + ADIT_DROP_tx_headroom;
	return 0;
}

/* The datagram, data at the L2TP header. 0, or -errno: dropped and counted. */
static int xmit(struct adit_endpoint *ep, const struct adit_ip *to, __be16 port,
		struct dst_cache *cache, const struct adit_outer *o,
		struct sk_buff *skb)
{
	struct dst_entry *dst;
	struct adit_ip src;
	__be32 src4, to4;
	int err;

	dst = route(ep, to, port, cache, &src);
	if (IS_ERR(dst)) {
		adit_drop(ep->an, PTR_ERR(dst) == -ELOOP ? ADIT_DROP_tx_loop :
							   ADIT_DROP_tx_route);
		kfree_skb(skb);
		return PTR_ERR(dst);
	}
	err = check(dst, o, skb);
	if (err) {
		adit_drop(ep->an, err - 1);
		dst_release(dst);
		kfree_skb(skb);
		return -ENOBUFS;
	}
	push_udp(ep, port, skb);
	if (ep->family == AF_INET6) {
		udp6_set_csum(!o->csum, skb, &src.a, &to->a, skb->len);
		err = send6(ep, dst, &src.a, to, o, skb);
	} else {
		src4 = src.a.s6_addr32[3];
		to4 = to->a.s6_addr32[3];
		udp_set_csum(!o->csum, skb, src4, to4, skb->len);
		err = send4(ep, dst, src4, to, o, skb);
	}
	err = net_xmit_eval(err);
	if (!err)
		return 0;
	adit_drop(ep->an, ADIT_DROP_tx_output);
	return err < 0 ? err : -ENOBUFS;
}

static void push_header(struct adit_session *s, bool seq, struct sk_buff *skb)
{
	u8 *p = __skb_push(skb, seq ? 12 : 8);

	put_unaligned_be16(seq ? L2TP_F_S | L2TP_VERSION : L2TP_VERSION, p);
	put_unaligned_be16(READ_ONCE(s->tunnel->peer_id), p + 2);
	put_unaligned_be16(READ_ONCE(s->peer_id), p + 4);
	p += 6;
	if (seq) {
		spin_lock(&s->seq_lock);
		put_unaligned_be16(s->ns++, p);
		spin_unlock(&s->seq_lock);
		put_unaligned_be16(0, p + 2);
		p += 4;
	}
	put_unaligned_be16(PPP_ADDRESS_CONTROL, p);
}

/* The inner packet's headers, as UDP-tunnel GSO wants them: the link header of
 * the inner packet is empty and ends where its IP begins.
 */
static void set_inner(struct sk_buff *skb)
{
	u16 proto = get_unaligned_be16(skb->data);

	skb->protocol = proto == PPP_PROTO_IPV6 ? htons(ETH_P_IPV6) :
						  htons(ETH_P_IP);
	skb_set_network_header(skb, 2);
	skb->mac_header = skb->network_header;
	if (skb_is_gso(skb) && skb->ip_summed == CHECKSUM_PARTIAL)
		skb_set_transport_header(skb, skb_checksum_start_offset(skb));
}

u32 adit_session_path_mtu(struct adit_session *s)
{
	struct adit_tunnel *t = s->tunnel;
	u32 mtu, len = sizeof(struct udphdr) + L2TP_HEAD;
	struct dst_entry *dst;
	struct adit_ip src;

	dst = route(t->endpoint, &t->remote, READ_ONCE(t->remote_port),
		    &t->dst_cache, &src);
	if (IS_ERR(dst))
		return U16_MAX;
	mtu = dst_mtu(dst);
	dst_release(dst);
	len += t->family == AF_INET6 ? sizeof(struct ipv6hdr) :
				       sizeof(struct iphdr);
	if (READ_ONCE(s->seq))
		len += 4;
	return mtu > len ? mtu - len : 0;
}

static bool fits(const struct sk_buff *skb, u32 mtu)
{
	return skb_is_gso(skb) ? skb_gso_validate_network_len(skb, mtu) :
				 skb->len - 2 <= mtu;
}

/* Does it get there in one piece? IPv6 counts on 1,280 bytes (RFC 8200 5): so
 * much passes in any case, cut if need be.
 */
static bool fits_path(struct adit_session *s, struct sk_buff *skb,
		      struct adit_outer *o)
{
	o->df = fits(skb, adit_session_path_mtu(s));
	return o->df || fits(skb, IPV6_MIN_MTU);
}

void adit_session_xmit(struct adit_session *s, struct sk_buff *skb)
{
	u32 len = adit_octets(skb), n = adit_segments(skb);
	struct adit_tunnel *t = s->tunnel;
	bool seq = READ_ONCE(s->seq);
	struct adit_outer o;

	if (unlikely(!READ_ONCE(s->peer_id))) {
		adit_count_tx_drop(&s->link, ADIT_DROP_tx_unbound, skb);
		return;
	}
	/* Whole when the caller looked, and sequenced since. */
	if (unlikely(seq && skb_is_gso(skb))) {
		adit_count_tx_drop(&s->link, ADIT_DROP_tx_gso, skb);
		return;
	}
	if (skb_cow_head(skb, ADIT_L2TP_HEADROOM)) {
		adit_count_tx_drop(&s->link, ADIT_DROP_tx_headroom, skb);
		return;
	}
	set_inner(skb);
	adit_outer_of(t, skb, &o);
	if (unlikely(o.df) && !fits_path(s, skb, &o)) {
		adit_count_tx_drop(&s->link, ADIT_DROP_tx_mtu, skb);
		return;
	}
	if (udp_tunnel_handle_offloads(skb, o.csum)) {
		adit_count_tx_drop(&s->link, ADIT_DROP_tx_gso, skb);
		return;
	}
	skb_set_inner_protocol(skb, skb->protocol);
	push_header(s, seq, skb);
	if (xmit(t->endpoint, &t->remote, READ_ONCE(t->remote_port),
		 &t->dst_cache, &o, skb))
		adit_count_tx_lost(&s->link);
	else
		adit_count_tx(&s->link, n, len);
}

int adit_endpoint_xmit(struct adit_endpoint *ep, const struct adit_ip *to,
		       __be16 port, struct sk_buff *skb)
{
	static const struct adit_outer o = { .tos = ADIT_TOS_CONTROL,
					     .csum = true };

	skb->ip_summed = CHECKSUM_NONE;
	return xmit(ep, to, port, NULL, &o, skb);
}
