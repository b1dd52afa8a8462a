// SPDX-License-Identifier: GPL-2.0
/*
 * L2TP in (RFC 2661 3.1). Control messages go up, whatever their source; data is
 * parsed, its session looked up and its source compared with the tunnel's peer,
 * always. Each packet that goes no further is counted under one reason.
 *
 * Called by UDP as encap_rcv. Context: BH off, under RCU.
 */
#include "l2tp_rx.h"

#include <linux/udp.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ip_tunnels.h>
#include <net/ipv6.h>
#include <net/udp_tunnel.h>

#include "adit/l2tp_parse.h"
#include "compat.h"
#include "count.h"
#include "link.h"
#include "object.h"
#include "outer.h"
#include "punt.h"
#include "rx_route.h"
#include "session.h"
#include "tunnel.h"

struct outer {
	struct adit_ip from;
	struct adit_ip to;
	__be16 from_port;
	u8 ecn;
};

static void read_outer(const struct sk_buff *skb, struct outer *o)
{
	if (ip_hdr(skb)->version == 4) {
		ipv6_addr_set_v4mapped(ip_hdr(skb)->saddr, &o->from.a);
		ipv6_addr_set_v4mapped(ip_hdr(skb)->daddr, &o->to.a);
		o->ecn = ip_hdr(skb)->tos & INET_ECN_MASK;
	} else {
		o->from.a = ipv6_hdr(skb)->saddr;
		o->to.a = ipv6_hdr(skb)->daddr;
		o->ecn = ipv6_get_dsfield(ipv6_hdr(skb)) & INET_ECN_MASK;
	}
	o->from_port = udp_hdr(skb)->source;
}

static void drop(struct adit_net *an, enum adit_drop why, struct sk_buff *skb)
{
	adit_drop(an, why);
	kfree_skb(skb);
}

/* By socket, not by address: that of an endpoint may be "any". */
static bool from_peer(const struct adit_tunnel *t,
		      const struct adit_endpoint *ep, const struct outer *o)
{
	return t->endpoint == ep && READ_ONCE(t->remote_port) == o->from_port &&
	       ipv6_addr_equal(&t->remote.a, &o->from.a);
}

/* Of an established tunnel only if it comes from there: an id is soon guessed. */
static void control(struct adit_endpoint *ep, const struct outer *o,
		    struct sk_buff *skb)
{
	struct adit_tunnel *t = NULL;

	/* With Length, as it must be, the tunnel id is in bytes 4 and 5. */
	if (pskb_may_pull(skb, 6) && get_unaligned_be16(skb->data) & L2TP_F_L)
		t = adit_tunnel_find(ep->an, get_unaligned_be16(skb->data + 4));
	if (t && !from_peer(t, ep, o))
		t = NULL;
	adit_punt_l2tp(ep, &o->from, &o->to, o->from_port, t, skb);
}

/* Header and what is behind Length go; a super-packet has no Length. */
static bool trim(struct sk_buff *skb, const struct l2tp_data *d)
{
	if (d->len < skb->len &&
	    (skb_is_gso(skb) || pskb_trim_rcsum(skb, d->len)))
		return false;
	if (!pskb_may_pull(skb, d->hlen))
		return false;
	skb_pull_rcsum(skb, d->hlen);
	/* An odd pad leaves a sum whose bytes are swapped. */
	if (d->hlen & 1)
		skb_forward_csum(skb);
	return !iptunnel_pull_offloads(skb);
}

/* Only of IP that is terminated: what is switched stays closed. */
static bool hear_ecn(struct adit_session *s, u8 ecn, struct sk_buff *skb)
{
	return !rcu_access_pointer(s->link.term) || adit_outer_ecn(ecn, skb);
}

static void data(struct adit_endpoint *ep, const struct outer *o,
		 struct sk_buff *skb)
{
	unsigned int want = min_t(u32, skb->len, L2TP_DATA_HLEN_MAX);
	struct adit_net *an = ep->an;
	struct adit_session *s;
	struct l2tp_data d;
	int bad;

	if (!pskb_may_pull(skb, want)) {
		drop(an, ADIT_DROP_rx_short, skb);
		return;
	}
	bad = l2tp_data_parse(skb->data, want, skb->len, &d);
	if (bad) {
		drop(an, bad - 1, skb);
		return;
	}
	s = adit_session_find(an, d.tunnel_id, d.session_id);
	if (!s) {
		drop(an,
		     adit_tunnel_find(an, d.tunnel_id) ?
			     ADIT_DROP_rx_no_session :
			     ADIT_DROP_rx_no_tunnel,
		     skb);
		return;
	}
	if (!from_peer(s->tunnel, ep, o)) {
		adit_stats_rx_drop(s->tunnel->stats);
		drop(an, ADIT_DROP_rx_peer_mismatch, skb);
		return;
	}
	if (d.has_ns && READ_ONCE(s->seq) && !adit_session_in_order(s, d.ns))
		adit_count_rx_drop(&s->link, ADIT_DROP_rx_sequence, skb);
	else if (!trim(skb, &d))
		adit_count_rx_drop(&s->link, ADIT_DROP_rx_gso, skb);
	else if (unlikely(o->ecn) && !hear_ecn(s, o->ecn, skb))
		adit_count_rx_drop(&s->link, ADIT_DROP_rx_ecn, skb);
	else
		adit_link_rx(&s->link, skb);
}

int adit_l2tp_rcv(struct sock *sk, struct sk_buff *skb)
{
	struct adit_endpoint *ep = rcu_dereference_sk_user_data(sk);
	struct outer o;

	if (!ep) {
		kfree_skb(skb);
		return 0;
	}
	read_outer(skb, &o);
	skb_pull_rcsum(skb, sizeof(struct udphdr));
	adit_rx_route_learn(ep, skb);
	skb_dst_drop(skb);
	nf_reset_ct(skb);
	if (!pskb_may_pull(skb, 2))
		drop(ep->an, ADIT_DROP_rx_short, skb);
	else if ((get_unaligned_be16(skb->data) & L2TP_VERSION_MASK) !=
		 L2TP_VERSION)
		drop(ep->an, ADIT_DROP_rx_version, skb);
	else if (get_unaligned_be16(skb->data) & L2TP_F_T)
		control(ep, &o, skb);
	else
		data(ep, &o, skb);
	return 0;
}
