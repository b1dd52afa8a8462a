// SPDX-License-Identifier: GPL-2.0
/*
 * Links: where a frame goes, and the bindings that say so. See link.h, and
 * object.h for lifetimes. Called by l2tp_rx and pppoe_rx with frames, by the
 * device with packets for subscribers, by netlink with bindings.
 */
#include "link.h"

#include <linux/netdevice.h>

#include "adit/wire.h"
#include "addr.h"
#include "compat.h"
#include "l2tp_tx.h"
#include "pppoe_tx.h"
#include "punt.h"
#include "term.h"

#define LCP_ECHO_REQUEST 9
#define LCP_ECHO_REPLY 10
#define MAX_DEPTH 4 /* links that one packet may pass */

static DEFINE_PER_CPU(int, depth);

static void drop(struct adit_link *link, enum adit_drop why,
		 struct sk_buff *skb)
{
	adit_drop(adit_link_net(link), why);
	adit_stats_rx_drop(link->stats);
	kfree_skb(skb);
}

void adit_link_xmit(struct adit_link *link, struct sk_buff *skb)
{
	if (this_cpu_read(depth) >= MAX_DEPTH) {
		adit_drop(adit_link_net(link), ADIT_DROP_tx_recursion);
		adit_stats_tx_drop(link->stats);
		kfree_skb(skb);
		return;
	}
	this_cpu_inc(depth);
	if (link->type == ADIT_LINK_SESSION)
		adit_session_xmit(adit_session_of(link), skb);
	else
		adit_pppoe_xmit(adit_pppoe_of(link), skb);
	this_cpu_dec(depth);
}

/* Strips FF 03 and makes the protocol two bytes. NULL: dropped. */
static struct sk_buff *normalize(struct adit_link *link, struct sk_buff *skb)
{
	if (!pskb_may_pull(skb, 1))
		goto short_frame;
	if (skb->data[0] == 0xff && pskb_may_pull(skb, 3) &&
	    skb->data[1] == 0x03)
		skb_pull_rcsum(skb, 2);
	if (skb->data[0] & 1) {
		if (skb_cow_head(skb, 1)) {
			drop(link, ADIT_DROP_tx_headroom, skb);
			return NULL;
		}
		*(u8 *)__skb_push(skb, 1) = 0;
	}
	if (pskb_may_pull(skb, 2))
		return skb;
short_frame:
	drop(link, ADIT_DROP_rx_ppp, skb);
	return NULL;
}

/* An LCP Echo-Request with another magic number than ours. */
static bool is_echo(struct adit_term *term, u16 proto, struct sk_buff *skb)
{
	if (proto != PPP_PROTO_LCP || !term->magic || !pskb_may_pull(skb, 10))
		return false;
	return skb->data[2] == LCP_ECHO_REQUEST &&
	       get_unaligned_be16(skb->data + 4) + 2 <= skb->len &&
	       get_unaligned_be16(skb->data + 4) >= 8 &&
	       get_unaligned_be32(skb->data + 6) != term->magic;
}

/* RFC 1661 5.8: the reply is the request with our magic number. */
static void answer_echo(struct adit_term *term, struct adit_link *link,
			struct sk_buff *skb)
{
	if (skb_is_gso(skb) || skb_ensure_writable(skb, 10)) {
		drop(link, ADIT_DROP_tx_headroom, skb);
		return;
	}
	skb->data[2] = LCP_ECHO_REPLY;
	put_unaligned_be32(term->magic, skb->data + 6);
	skb->ip_summed = CHECKSUM_NONE;
	adit_link_xmit(link, skb);
}

static void terminate(struct adit_term *term, struct adit_link *link,
		      struct sk_buff *skb)
{
	u16 proto = get_unaligned_be16(skb->data);

	if ((proto == PPP_PROTO_IPV4 || proto == PPP_PROTO_IPV6) &&
	    adit_term_rx(term, link, proto, skb))
		return;
	if (is_echo(term, proto, skb))
		answer_echo(term, link, skb);
	else
		adit_punt_ppp(link, skb);
}

void adit_link_rx(struct adit_link *link, struct sk_buff *skb)
{
	struct adit_term *term;
	struct adit_link *to;

	skb = normalize(link, skb);
	if (!skb)
		return;
	adit_stats_rx(link->stats,
		      skb_is_gso(skb) ?
			      max_t(u32, skb_shinfo(skb)->gso_segs, 1) :
			      1,
		      skb->len);
	to = rcu_dereference(link->to);
	if (to) {
		adit_link_xmit(to, skb);
		return;
	}
	term = rcu_dereference(link->term);
	if (term)
		terminate(term, link, skb);
	else
		adit_punt_ppp(link, skb);
}

#define held(link) lockdep_is_held(&adit_link_net(link)->lock)

struct adit_link *adit_link_to(struct adit_link *link)
{
	return rcu_dereference_protected(link->to, held(link));
}

struct adit_term *adit_link_term(struct adit_link *link)
{
	return rcu_dereference_protected(link->term, held(link));
}

static void release_term(struct adit_link *link, struct adit_term *term)
{
	list_del(&term->of_dev);
	adit_addr_flush(adit_link_net(link), term);
	kfree_rcu(term, rcu);
}

static void leave_partner(struct adit_link *link)
{
	struct adit_link *to = adit_link_to(link);

	if (!to)
		return;
	RCU_INIT_POINTER(to->to, NULL);
	RCU_INIT_POINTER(link->to, NULL);
}

void adit_link_unbind(struct adit_link *link)
{
	struct adit_term *term = adit_link_term(link);

	leave_partner(link);
	RCU_INIT_POINTER(link->term, NULL);
	if (term)
		release_term(link, term);
}

int adit_link_bind_link(struct adit_link *a, struct adit_link *b,
			struct netlink_ext_ack *extack)
{
	if (a == b) {
		NL_SET_ERR_MSG(extack, "a link cannot be bound to itself");
		return -EINVAL;
	}
	if (adit_link_to(a) == b)
		return 0;
	adit_link_unbind(a);
	adit_link_unbind(b);
	rcu_assign_pointer(a->to, b);
	rcu_assign_pointer(b->to, a);
	return 0;
}

void adit_link_bind_term(struct adit_link *link, struct adit_term *term)
{
	struct adit_term *old = adit_link_term(link);

	leave_partner(link);
	rcu_assign_pointer(link->term, term);
	if (old)
		release_term(link, old);
}

void adit_link_unbind_device(struct adit_net *an, struct list_head *terms)
{
	struct adit_term *term, *next;

	lockdep_assert_held(&an->lock);
	list_for_each_entry_safe(term, next, terms, of_dev)
		adit_link_unbind(term->link);
}
