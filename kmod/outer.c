// SPDX-License-Identifier: GPL-2.0
/*
 * Outer and inner IP header: what a tunnel's data inherits on its way out (DSCP,
 * ECN, DF), and what the outer ECN does to an inner packet on its way in (RFC 6040,
 * for L2TP RFC 9601). Tunnels that ask for nothing, and datagrams without ECN,
 * do not come here. Called by l2tp_tx and l2tp_rx.
 */
#include "outer.h"

#include <net/inet_ecn.h>
#include <net/ip.h>

#include "adit/wire.h"
#include "compat.h"

/* An IPv6 packet is not cut by whoever forwards it. */
static bool df_of(const struct sk_buff *skb, u16 proto)
{
	__be16 room;
	const __be16 *frag;

	if (proto != PPP_PROTO_IPV4)
		return proto == PPP_PROTO_IPV6;
	frag = skb_header_pointer(skb, 2 + offsetof(struct iphdr, frag_off),
				  sizeof(room), &room);
	return frag && *frag & htons(IP_DF);
}

/* Frames that are not IP are PPP's control. */
void adit_outer_inherit(u8 flags, const struct sk_buff *skb,
			struct adit_outer *o)
{
	u8 tos = ADIT_TOS_CONTROL, room[4];
	const u8 *p = skb_header_pointer(skb, 0, sizeof(room), room);
	u16 proto;

	o->df = flags & ADIT_OUTER_DF;
	if (!p)
		return;
	proto = get_unaligned_be16(p);
	if (proto == PPP_PROTO_IPV4)
		tos = p[3];
	else if (proto == PPP_PROTO_IPV6)
		tos = get_unaligned_be16(p + 2) >> 4;
	if (flags & ADIT_OUTER_DSCP)
		o->tos = tos & ~INET_ECN_MASK;
	if (flags & ADIT_OUTER_ECN)
		o->tos |= tos & INET_ECN_MASK;
	if (flags & ADIT_OUTER_DF_INHERIT)
		o->df = df_of(skb, proto);
}

/* Where the IP of a frame begins, FF 03 or not, its protocol in one byte or two.
 * 0: it has none.
 */
static int ip_offset(const struct sk_buff *skb, u16 *proto)
{
	const u8 *p;
	u8 room[4];
	int at = 0;

	p = skb_header_pointer(skb, 0, sizeof(room), room);
	if (!p)
		return 0;
	if (get_unaligned_be16(p) == PPP_ADDRESS_CONTROL)
		at = 2;
	*proto = p[at] & 1 ? p[at] : get_unaligned_be16(p + at);
	at += p[at] & 1 ? 1 : 2;
	return *proto == PPP_PROTO_IPV4 || *proto == PPP_PROTO_IPV6 ? at : 0;
}

static bool mark4(u8 ecn, struct iphdr *h)
{
	bool ce = false;
	int odd = __INET_ECN_decapsulate(ecn, h->tos, &ce);

	if (odd)
		return odd < 2;
	if (ce)
		IP_ECN_set_ce(h);
	else if (ecn == INET_ECN_ECT_1)
		IP_ECN_set_ect1(h);
	return true;
}

static bool mark6(u8 ecn, struct sk_buff *skb, struct ipv6hdr *h)
{
	bool ce = false;
	int odd = __INET_ECN_decapsulate(ecn, ipv6_get_dsfield(h), &ce);

	if (odd)
		return odd < 2;
	if (ce)
		IP6_ECN_set_ce(skb, h);
	else if (ecn == INET_ECN_ECT_1)
		IP6_ECN_set_ect1(skb, h);
	return true;
}

/* A header that is not whole is for whoever looks at it next. */
bool adit_outer_ecn(u8 ecn, struct sk_buff *skb)
{
	bool v6;
	u16 proto;
	int at = ip_offset(skb, &proto);

	v6 = at && proto == PPP_PROTO_IPV6;
	if (!at || skb_ensure_writable(skb, at + (v6 ? sizeof(struct ipv6hdr) :
						       sizeof(struct iphdr))))
		return true;
	/* What is at an odd place has its bytes swapped in the sum. */
	if (at & 1 && skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;
	if (v6)
		return mark6(ecn, skb, (struct ipv6hdr *)(skb->data + at));
	return mark4(ecn, (struct iphdr *)(skb->data + at));
}
