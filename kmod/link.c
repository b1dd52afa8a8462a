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
#include "count.h"
#include "hold.h"
#include "l2tp_tx.h"
#include "mss.h"
#include "pppoe_tx.h"
#include "punt.h"
#include "qos.h"
#include "segment.h"
#include "tap.h"
#include "term.h"

#define LCP_ECHO_REQUEST 9
#define LCP_ECHO_REPLY 10
#define HEADROOM (2 + ADIT_L2TP_HEADROOM) /* of a segment */
#define MAX_DEPTH 4 /* links that one packet may pass */

static DEFINE_PER_CPU(int, depth);

static bool send(struct adit_link *link, struct sk_buff *skb)
{
	return link->type == ADIT_LINK_SESSION ?
		       adit_session_xmit(adit_session_of(link), skb) :
		       adit_pppoe_xmit(adit_pppoe_of(link), skb);
}

/* Apart, so that who has none of it needs no stack for it. */
static noinline void xmit_with_qos(struct adit_link *link, struct sk_buff *skb)
{
	struct adit_turn turn;

	if (adit_qos_tx(link, skb, &turn) && !send(link, skb))
		adit_qos_return(link, &turn);
}

static void xmit(struct adit_link *link, struct sk_buff *skb)
{
	if (READ_ONCE(link->has_qos))
		xmit_with_qos(link, skb);
	else
		send(link, skb);
}

/* Segments have no header before their IP; each gets the protocol again. */
static void xmit_segments(struct adit_link *link, struct sk_buff *skb)
{
	u16 proto = get_unaligned_be16(skb->data);
	struct sk_buff *segs, *seg, *next;

	segs = adit_segment(skb);
	if (!segs) {
		adit_count_tx_drop(link, ADIT_DROP_tx_gso, skb);
		return;
	}
	skb_list_walk_safe(segs, seg, next) {
		skb_mark_not_on_list(seg);
		if (skb_cow_head(seg, HEADROOM)) {
			adit_count_tx_drop(link, ADIT_DROP_tx_headroom, seg);
			continue;
		}
		put_unaligned_be16(proto, __skb_push(seg, 2));
		xmit(link, seg);
	}
}

/* Whole behind L2TP; but Ns and PPPoE's length are of one packet, and a slow line's
 * time is.
 */
static bool takes_whole(struct adit_link *link, const struct sk_buff *skb)
{
	return link->type == ADIT_LINK_SESSION &&
	       !READ_ONCE(adit_session_of(link)->seq) &&
	       !(READ_ONCE(link->has_qos) && adit_qos_splits(link, skb));
}

static void clamp_mss(struct adit_link *link, struct sk_buff *skb)
{
	u16 mss = READ_ONCE(link->mss);

	if (mss && adit_mss_clamp(skb, mss))
		atomic_long_inc(&adit_link_net(link)->mss_clamped);
}

void adit_link_xmit(struct adit_link *link, struct sk_buff *skb)
{
	if (this_cpu_read(depth) >= MAX_DEPTH) {
		adit_count_tx_drop(link, ADIT_DROP_tx_recursion, skb);
		return;
	}
	this_cpu_inc(depth);
	/* It waited, and its device may be gone; GSO asks one what it can do. */
	if (skb_is_gso(skb) && !skb->dev)
		skb->dev = adit_link_net(link)->net->loopback_dev;
	clamp_mss(link, skb);
	adit_tap(link, skb, ADIT_DIR_OUT);
	if (skb_is_gso(skb) && !takes_whole(link, skb))
		xmit_segments(link, skb);
	else
		xmit(link, skb);
	this_cpu_dec(depth);
}

bool adit_link_nested(void)
{
	return this_cpu_read(depth);
}

/* Strips FF 03 and makes the protocol two bytes. NULL: dropped. */
static struct sk_buff *normalize(struct adit_link *link, struct sk_buff *skb)
{
	if (!pskb_may_pull(skb, 1))
		goto no_frame;
	if (skb->data[0] == 0xff) {
		if (!pskb_may_pull(skb, 3) || skb->data[1] != 0x03)
			goto no_frame;
		skb_pull_rcsum(skb, 2);
	}
	if (skb->data[0] & 1) {
		/* RFC 1661 6.6: no protocol is 00 FF. */
		if (skb->data[0] == 0xff)
			goto no_frame;
		if (skb_cow_head(skb, 1)) {
			adit_count_rx_drop(link, ADIT_DROP_tx_headroom, skb);
			return NULL;
		}
		*(u8 *)__skb_push(skb, 1) = 0;
		/* One byte further, the others' sum has its bytes swapped. */
		if (skb->ip_summed == CHECKSUM_COMPLETE)
			skb->csum = csum_block_add(0, skb->csum, 1);
	}
	if (pskb_may_pull(skb, 2))
		return skb;
no_frame:
	adit_count_rx_drop(link, ADIT_DROP_rx_ppp, skb);
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

/* What came in goes out: no socket of its way in, and when it came is not when it
 * is to go, as a pacing queue would read it.
 */
static void turn_round(struct sk_buff *skb)
{
	skb_orphan(skb);
	skb_clear_tstamp(skb);
}

/* RFC 1661 5.8: the reply is the request with our magic number. */
static void answer_echo(struct adit_term *term, struct adit_link *link,
			struct sk_buff *skb)
{
	if (skb_is_gso(skb) || skb_ensure_writable(skb, 10)) {
		adit_count_rx_drop(link, ADIT_DROP_tx_headroom, skb);
		return;
	}
	skb->data[2] = LCP_ECHO_REPLY;
	put_unaligned_be32(term->magic, skb->data + 6);
	skb->ip_summed = CHECKSUM_NONE;
	turn_round(skb);
	adit_link_xmit(link, skb);
}

static void terminate(struct adit_term *term, struct adit_link *link,
		      struct sk_buff *skb)
{
	u16 proto = get_unaligned_be16(skb->data);

	if ((proto == PPP_PROTO_IPV4 || proto == PPP_PROTO_IPV6) &&
	    adit_term_rx(term, link, proto, skb))
		return;
	adit_count_rx(link, skb);
	if (is_echo(term, proto, skb))
		answer_echo(term, link, skb);
	else
		adit_punt_ppp(link, skb);
}

static void unbound(struct adit_link *link, struct sk_buff *skb)
{
	struct adit_link *to;

	if (adit_hold_rx(link, skb, &to))
		return;
	if (!to) {
		adit_punt_ppp(link, skb);
		return;
	}
	turn_round(skb);
	adit_link_xmit(to, skb);
}

/* A frame is counted as received, or under a reason why not. */
void adit_link_rx(struct adit_link *link, struct sk_buff *skb)
{
	struct adit_term *term;
	struct adit_link *to;

	skb = normalize(link, skb);
	if (!skb)
		return;
	adit_tap(link, skb, ADIT_DIR_IN);
	if (READ_ONCE(link->has_qos) && !adit_qos_rx(link, skb))
		return;
	clamp_mss(link, skb);
	to = rcu_dereference(link->to);
	term = to ? NULL : rcu_dereference(link->term);
	if (term) {
		terminate(term, link, skb);
		return;
	}
	adit_count_rx(link, skb);
	if (to) {
		turn_round(skb);
		adit_link_xmit(to, skb);
	} else {
		unbound(link, skb);
	}
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
	struct adit_dev *d = netdev_priv(term->dev);

	BUILD_BUG_ON(sizeof(*term) > SMP_CACHE_BYTES);
	list_del(&term->of_dev);
	if (list_empty(&d->terms))
		RCU_INIT_POINTER(d->only, NULL);
	adit_addr_flush(adit_link_net(link), term);
	kfree_rcu(term, rcu);
}

/* The clamp was the binding's. */
static void let_go(struct adit_link *partner)
{
	RCU_INIT_POINTER(partner->to, NULL);
	WRITE_ONCE(partner->mss, 0);
}

static void leave_partner(struct adit_link *link)
{
	struct adit_link *to = adit_link_to(link);

	if (!to)
		return;
	let_go(to);
	RCU_INIT_POINTER(link->to, NULL);
}

static void leave_term(struct adit_link *link)
{
	struct adit_term *term = adit_link_term(link);

	RCU_INIT_POINTER(link->term, NULL);
	if (term)
		release_term(link, term);
}

void adit_link_unbind(struct adit_link *link)
{
	WRITE_ONCE(link->mss, 0);
	adit_hold_leave(link);
	leave_partner(link);
	leave_term(link);
}

/* What waited for this binding goes first. */
static void send_held(struct adit_hold *h)
{
	struct adit_link *to;
	struct sk_buff *skb;

	local_bh_disable();
	rcu_read_lock();
	while ((skb = adit_hold_next(h, &to))) {
		turn_round(skb);
		adit_link_xmit(to, skb);
	}
	rcu_read_unlock();
	local_bh_enable();
}

/* In one step: a frame goes by the old binding or by the new one, never up. What
 * is new is in place before what is old lets go.
 */
int adit_link_bind_link(struct adit_link *a, struct adit_link *b,
			struct netlink_ext_ack *extack)
{
	struct adit_link *old_a = adit_link_to(a), *old_b = adit_link_to(b);
	struct adit_hold *h;

	if (a == b) {
		NL_SET_ERR_MSG(extack, "a link cannot be bound to itself");
		return -EINVAL;
	}
	if (old_a == b)
		return 0;
	h = adit_hold_between(a, b);
	if (h) {
		send_held(h);
	} else {
		adit_hold_leave(a);
		adit_hold_leave(b);
	}
	rcu_assign_pointer(a->to, b);
	rcu_assign_pointer(b->to, a);
	if (h)
		adit_hold_end(h);
	if (old_a)
		let_go(old_a);
	if (old_b)
		let_go(old_b);
	leave_term(a);
	leave_term(b);
	return 0;
}

void adit_link_bind_term(struct adit_link *link, struct adit_term *term)
{
	struct adit_term *old = adit_link_term(link);

	adit_hold_leave(link);
	rcu_assign_pointer(link->term, term);
	leave_partner(link);
	if (old)
		release_term(link, old);
}

void adit_link_unbind_device(struct adit_net *an, struct list_head *terms,
			     void (*told)(struct adit_link *link))
{
	struct adit_term *term, *next;

	lockdep_assert_held(&an->lock);
	list_for_each_entry_safe(term, next, terms, of_dev) {
		struct adit_link *link = term->link;

		adit_link_unbind(link);
		told(link);
		cond_resched();
	}
}
