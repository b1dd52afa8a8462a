// SPDX-License-Identifier: GPL-2.0
/*
 * Fragments of one datagram in the order of their offsets, checked against each
 * other as they come (RFC 791 3.2, RFC 8200 4.5, RFC 5722: no overlap), and joined
 * to one packet when none is missing. There are few of them, so a list will do.
 *
 * The packet goes on as the fragment that came last, for netfilter knows no other:
 * that skb takes over the contents of the first, its own go into another one.
 *
 * Called by the queue and by reassembly, which see to it that nobody else does.
 */
#include "datagram.h"

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <net/dsfield.h>
#include <net/inet_frag.h>
#include <net/ip.h>

/* In skb->cb, behind what IP has there and wants back. */
struct frag_cb {
	union {
		struct inet_skb_parm h4;
		struct inet6_skb_parm h6;
	};
	u32 from;
	u32 to;
};

static struct frag_cb *cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct frag_cb) > sizeof(skb->cb));
	return (struct frag_cb *)skb->cb;
}

/* Against itself and against what is known of the end. Only the first may not be tiny:
 * a router cuts what another has cut, and what is left over of that has any size.
 */
static int check(const struct adit_datagram *dg, const struct adit_frag *f)
{
	u32 to = f->offset + f->len;

	if (!f->len || to > 65535 - (f->family == AF_INET ? f->hlen : 0))
		return 1 + ADIT_DROP_frag_length;
	if (!f->more) {
		if (dg->total ? dg->total != to : dg->end >= to)
			return 1 + ADIT_DROP_frag_length;
	} else if (f->len % 8 || (dg->total && to >= dg->total)) {
		return 1 + ADIT_DROP_frag_length;
	} else if (!f->offset && f->len < ADIT_FRAG_MIN) {
		return 1 + ADIT_DROP_frag_tiny;
	}
	return dg->n < ADIT_FRAG_MAX ? 0 : 1 + ADIT_DROP_frag_too_many;
}

int adit_datagram_add(struct adit_datagram *dg, const struct adit_frag *f,
		      struct sk_buff *skb)
{
	struct sk_buff **at = &dg->first;
	u32 to = f->offset + f->len;
	int bad = check(dg, f);

	if (bad)
		return bad;
	while (*at && cb(*at)->to <= f->offset)
		at = &(*at)->next;
	if (*at && cb(*at)->from == f->offset && cb(*at)->to == to)
		return 1 + ADIT_DROP_frag_duplicate;
	if (*at && cb(*at)->from < to)
		return 1 + ADIT_DROP_frag_overlap;
	cb(skb)->from = f->offset;
	cb(skb)->to = to;
	skb->next = *at;
	*at = skb;
	if (f->more)
		dg->end = max(dg->end, to);
	else
		dg->total = to;
	dg->have += f->len;
	dg->bytes += skb->truesize;
	dg->biggest = max_t(u32, dg->biggest, f->hlen + f->len);
	dg->ecn |= 1 << f->ecn;
	dg->n++;
	return 0;
}

u32 adit_datagram_purge(struct adit_datagram *dg)
{
	u32 n = dg->n;

	kfree_skb_list(dg->first);
	dg->first = NULL;
	dg->n = 0;
	return n;
}

/* skb becomes the first. False: no memory. */
static bool lead(struct adit_datagram *dg, struct sk_buff *skb)
{
	struct sk_buff *head = dg->first;
	struct sk_buff **at = &head->next;
	struct sk_buff *twin;

	if (skb_unclone(head, GFP_ATOMIC))
		return false;
	if (head == skb)
		return true;
	twin = skb_clone(skb, GFP_ATOMIC);
	if (!twin)
		return false;
	while (*at != skb)
		at = &(*at)->next;
	twin->next = skb->next;
	*at = twin;
	skb_morph(skb, head);
	skb->next = head->next;
	skb_mark_not_on_list(head);
	consume_skb(head);
	dg->first = skb;
	return true;
}

/* The sums that devices made add up; one without, and UDP makes its own. Offsets
 * are even, so no sum needs its bytes swapped.
 */
static void add_sum(struct sk_buff *skb, const struct sk_buff *next)
{
	if (skb->ip_summed == CHECKSUM_COMPLETE &&
	    next->ip_summed == CHECKSUM_COMPLETE)
		skb->csum = csum_add(skb->csum, next->csum);
	else
		skb->ip_summed = CHECKSUM_NONE;
}

static void append(struct sk_buff *skb)
{
	struct sk_buff *rest = skb->next, *next;
	struct sk_buff **tail = NULL;
	bool stolen;
	int delta;

	skb_mark_not_on_list(skb);
	if (skb->ip_summed != CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;
	for (; rest; rest = next) {
		next = rest->next;
		skb_mark_not_on_list(rest);
		add_sum(skb, rest);
		if (!tail && skb_try_coalesce(skb, rest, &stolen, &delta)) {
			kfree_skb_partial(rest, stolen);
			continue;
		}
		if (!tail)
			tail = &skb_shinfo(skb)->frag_list;
		*tail = rest;
		tail = &rest->next;
		skb->len += rest->len;
		skb->data_len += rest->len;
		skb->truesize += rest->truesize;
	}
}

static void restore4(struct sk_buff *skb, u32 total, u8 ecn, u16 biggest)
{
	struct iphdr *ip = skb_push(skb, sizeof(*ip));

	ip->tot_len = htons(sizeof(*ip) + total);
	ip->frag_off = 0;
	ip->tos |= ecn;
	ip_send_check(ip);
	IPCB(skb)->frag_max_size = biggest;
}

/* The fragment header goes: what is before it moves up. */
static void restore6(struct sk_buff *skb, u32 total, u8 ecn, u16 biggest)
{
	const int cut = sizeof(struct frag_hdr);
	bool has_mac = skb_mac_header_was_set(skb);
	u8 *from = has_mac ? skb_mac_header(skb) : skb_network_header(skb);
	struct ipv6hdr *ip;

	memmove(from + cut, from, skb->data - cut - from);
	if (has_mac)
		skb->mac_header += cut;
	skb->network_header += cut;
	skb_reset_transport_header(skb);
	ip = skb_push(skb, sizeof(*ip));
	ip->nexthdr = IPPROTO_UDP;
	ip->payload_len = htons(total);
	ipv6_change_dsfield(ip, 0xff, ecn);
	skb_postpush_rcsum(skb, ip, sizeof(*ip));
	IP6CB(skb)->nhoff = offsetof(struct ipv6hdr, nexthdr);
	IP6CB(skb)->frag_max_size = biggest;
}

int adit_datagram_join(struct adit_datagram *dg, u8 family, struct sk_buff *skb)
{
	const struct udphdr *udp = (const void *)dg->first->data;
	u8 ecn = ip_frag_ecn_table[dg->ecn];

	if (ntohs(udp->len) != dg->total)
		return 1 + ADIT_DROP_frag_udp_length;
	if (ecn == 0xff)
		return 1 + ADIT_DROP_frag_ecn;
	if (!lead(dg, skb))
		return 1 + ADIT_DROP_frag_no_memory;
	dg->first = NULL;
	append(skb);
	if (family == AF_INET)
		restore4(skb, dg->total, ecn, dg->biggest);
	else
		restore6(skb, dg->total, ecn, dg->biggest);
	skb_clear_hash(skb);
	skb->ignore_df = 1;
	return 0;
}
