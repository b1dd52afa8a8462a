// SPDX-License-Identifier: GPL-2.0
/*
 * L2TP out (RFC 2661 3.1, 8.1). A frame gets FF 03, the shortest data header,
 * UDP and an outer IP header of our own, and goes to the local output path: the
 * firewall and IPsec see it. Never L, O or P; S only where it was negotiated.
 * GSO super-packets stay whole: UDP-tunnel GSO repeats the header for each segment.
 *
 * Called by the link layer (adit_link_xmit) and for control messages. Context: BH
 * off, under RCU; no lock but with sequence numbers, and no reference.
 */
#include "l2tp_tx.h"

#include <linux/udp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ip6_tunnel.h>
#include <net/ip_tunnels.h>
#include <net/udp.h>
#include <net/udp_tunnel.h>

#include "adit/wire.h"
#include "compat.h"
#include "count.h"
#include "outer.h"
#include "segment.h"
#include "tx_route.h"

#define L2TP_HEAD (6 + 2 + 2) /* FF 03 and protocol; Ns and Nr are 4 more */

/*
 * IPv4 identifications. Choosing one by destination costs more than the rest of
 * the header; one that was not given out since 32,768 others were is as good. Each
 * CPU takes them in blocks, and throws away what is left of one that is so old: on
 * another CPU their numbers may come round.
 */
#define ID_BLOCK 256
#define ID_OLD 32768
#define IPV4_LEAST_MTU 576

struct id_block {
	u32 next;
	u32 left;
};

static DEFINE_PER_CPU(struct id_block, ids);
static atomic_t ids_taken ____cacheline_aligned_in_smp;

static u16 take_ids(u32 n)
{
	struct id_block *b = this_cpu_ptr(&ids);
	u16 id;

	if (b->left < n || atomic_read(&ids_taken) - b->next > ID_OLD) {
		b->left = max_t(u32, n, ID_BLOCK);
		b->next = atomic_fetch_add(b->left, &ids_taken);
	}
	id = b->next;
	b->next += n;
	b->left -= n;
	return id;
}

/* What will be cut here has the destination's next ones, so that its pieces do not
 * meet others' of that number while the peer still waits for those.
 */
static void set_id(struct net *net, struct iphdr *iph,
		   const struct dst_entry *dst, const struct sk_buff *skb)
{
	u32 n = adit_segments(skb);

	if (unlikely(skb->len > IPV4_LEAST_MTU &&
		     !adit_fits(skb, skb->len, dst_mtu(dst))))
		__ip_select_ident(net, iph, n);
	else
		iph->id = htons(take_ids(n));
}

static int send4(struct adit_endpoint *ep, const struct adit_way *way,
		 const struct adit_ip *to, const struct adit_outer *o,
		 struct sk_buff *skb)
{
	struct net *net = ep->an->net;
	struct iphdr *iph;

	skb_scrub_packet(skb, false);
	skb_clear_hash_if_not_l4(skb);
	adit_way_set(way, skb);
	*IPCB(skb) = (struct inet_skb_parm){};
	skb_push(skb, sizeof(*iph));
	skb_reset_network_header(skb);
	iph = ip_hdr(skb);
	iph->version = 4;
	iph->ihl = 5;
	iph->tos = o->tos;
	iph->frag_off = o->df ? htons(IP_DF) : 0;
	iph->ttl = ip4_dst_hoplimit(way->dst);
	iph->protocol = IPPROTO_UDP;
	iph->saddr = way->src.a.s6_addr32[3];
	iph->daddr = to->a.s6_addr32[3];
	set_id(net, iph, way->dst, skb);
	return ip_local_out(net, NULL, skb);
}

static int send6(struct adit_endpoint *ep, const struct adit_way *way,
		 const struct adit_ip *to, const struct adit_outer *o,
		 struct sk_buff *skb)
{
	struct ipv6hdr *h;

	skb_scrub_packet(skb, false);
	/* As IPv4 without DF: whoever sends may cut it. */
	skb->ignore_df = !o->df;
	skb_clear_hash_if_not_l4(skb);
	adit_way_set(way, skb);
	*IP6CB(skb) = (struct inet6_skb_parm){};
	skb_push(skb, sizeof(*h));
	skb_reset_network_header(skb);
	h = ipv6_hdr(skb);
	ip6_flow_hdr(h, o->tos, 0);
	h->payload_len = htons(skb->len - sizeof(*h));
	h->nexthdr = IPPROTO_UDP;
	h->hop_limit = ip6_dst_hoplimit(way->dst);
	h->saddr = way->src.a;
	h->daddr = to->a;
	skb->protocol = htons(ETH_P_IPV6);
	return ip6_local_out(ep->an->net, NULL, skb);
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

/* The datagram, data at the L2TP header, by a way that was looked for with this err.
 * 0, or -errno: dropped and counted.
 */
static int xmit(struct adit_endpoint *ep, const struct adit_ip *to, __be16 port,
		int err, const struct adit_way *way, const struct adit_outer *o,
		struct sk_buff *skb)
{
	u32 packets = adit_segments(skb);

	if (unlikely(err)) {
		adit_count_drop(ep->an,
				err == -ELOOP ? ADIT_DROP_tx_loop :
						ADIT_DROP_tx_route,
				skb);
		return err;
	}
	err = check(way->dst, o, skb);
	if (err) {
		adit_count_drop(ep->an, err - 1, skb);
		adit_way_put(way);
		return -ENOBUFS;
	}
	push_udp(ep, port, skb);
	if (ep->family == AF_INET6) {
		udp6_set_csum(!o->csum, skb, &way->src.a, &to->a, skb->len);
		err = send6(ep, way, to, o, skb);
	} else {
		udp_set_csum(!o->csum, skb, way->src.a.s6_addr32[3],
			     to->a.s6_addr32[3], skb->len);
		err = send4(ep, way, to, o, skb);
	}
	return adit_count_output(ep->an, packets, err);
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
	struct adit_way way;

	if (adit_way_of(t, &way))
		return U16_MAX;
	mtu = dst_mtu(way.dst);
	adit_way_put(&way);
	len += t->family == AF_INET6 ? sizeof(struct ipv6hdr) :
				       sizeof(struct iphdr);
	if (READ_ONCE(s->seq))
		len += 4;
	return mtu > len ? mtu - len : 0;
}

/* Does it get there in one piece? IPv6 counts on 1,280 bytes (RFC 8200 5): so
 * much passes in any case, cut if need be.
 */
static bool fits_path(struct adit_session *s, struct sk_buff *skb,
		      struct adit_outer *o)
{
	u32 len = skb->len - 2;

	o->df = adit_fits(skb, len, adit_session_path_mtu(s));
	return o->df || adit_fits(skb, len, IPV6_MIN_MTU);
}

bool adit_session_xmit(struct adit_session *s, struct sk_buff *skb)
{
	struct adit_weight w = adit_weigh(skb);
	struct adit_tunnel *t = s->tunnel;
	bool seq = READ_ONCE(s->seq);
	struct adit_outer o;
	struct adit_way way;
	int err;

	if (unlikely(!READ_ONCE(s->peer_id))) {
		adit_count_tx_drop(&s->link, ADIT_DROP_tx_unbound, skb);
		return false;
	}
	/* Whole when the caller looked, and sequenced since. */
	if (unlikely(seq && skb_is_gso(skb))) {
		adit_count_tx_drop(&s->link, ADIT_DROP_tx_gso, skb);
		return false;
	}
	if (skb_cow_head(skb, ADIT_L2TP_HEADROOM)) {
		adit_count_tx_drop(&s->link, ADIT_DROP_tx_headroom, skb);
		return false;
	}
	set_inner(skb);
	adit_outer_of(t, skb, w.control, &o);
	if (unlikely(o.df) && !fits_path(s, skb, &o)) {
		adit_count_tx_drop(&s->link, ADIT_DROP_tx_mtu, skb);
		return false;
	}
	if (udp_tunnel_handle_offloads(skb, o.csum)) {
		adit_count_tx_drop(&s->link, ADIT_DROP_tx_gso, skb);
		return false;
	}
	skb_set_inner_protocol(skb, skb->protocol);
	push_header(s, seq, skb);
	err = adit_way_of(t, &way);
	if (xmit(t->endpoint, &t->remote, READ_ONCE(t->remote_port), err, &way,
		 &o, skb)) {
		adit_count_tx_lost(&s->link, w.packets);
		return false;
	}
	adit_count_tx(&s->link, &w);
	return true;
}

int adit_endpoint_xmit(struct adit_endpoint *ep, const struct adit_ip *to,
		       __be16 port, bool ipsec, struct sk_buff *skb)
{
	const struct adit_outer o = { .tos = ADIT_TOS_CONTROL,
				      .csum = true,
				      .ipsec = ipsec };
	struct adit_way way;
	int err = adit_way_to(ep, to, port, &way);

	skb->ip_summed = CHECKSUM_NONE;
	return xmit(ep, to, port, err, &way, &o, skb);
}
