// SPDX-License-Identifier: GPL-2.0
/*
 * L2TP in (RFC 2661 3.1). Control messages go up, whatever their source; data is
 * parsed, its session looked up and its source compared with the tunnel's peer,
 * always. Each packet that goes no further is counted under one reason.
 *
 * Called by UDP as encap_rcv. Context: BH off, under RCU.
 */
#include "l2tp_rx.h"

#include <linux/prefetch.h>
#include <linux/udp.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ip_tunnels.h>
#include <net/ipv6.h>
#include <net/udp_tunnel.h>

#include "adit/l2tp_parse.h"
#include "ahead.h"
#include "batch.h"
#include "compat.h"
#include "count.h"
#include "endpoint.h"
#include "link.h"
#include "object.h"
#include "outer.h"
#include "punt.h"
#include "rx_route.h"
#include "sequence.h"
#include "session.h"
#include "spread.h"
#include "tunnel.h"

static void read_outer(const struct sk_buff *skb, struct adit_from *o)
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
	o->secure = skb_sec_path(skb);
}

/* By socket, not by address: that of an endpoint may be "any". */
static bool from_peer(const struct adit_tunnel *t,
		      const struct adit_endpoint *ep, const struct adit_from *o)
{
	if (unlikely(READ_ONCE(t->outer) & ADIT_OUTER_MOVED))
		return t->endpoint == ep && t->from_port == o->from_port &&
		       ipv6_addr_equal(&t->from.a, &o->from.a);
	return t->endpoint == ep && READ_ONCE(t->remote_port) == o->from_port &&
	       ipv6_addr_equal(&t->remote.a, &o->from.a);
}

static bool in_clear(const struct adit_tunnel *t, const struct adit_from *o)
{
	return unlikely(READ_ONCE(t->outer) & ADIT_OUTER_IPSEC) && !o->secure;
}

/* Of an established tunnel only if it comes from there: an id is soon guessed. */
static void control(struct adit_endpoint *ep, struct sk_buff *skb)
{
	struct adit_tunnel *t = NULL;
	struct adit_from o;

	read_outer(skb, &o);
	/* With Length, as it must be, the tunnel id is in bytes 4 and 5. */
	if (pskb_may_pull(skb, 6) && get_unaligned_be16(skb->data) & L2TP_F_L)
		t = adit_tunnel_find(ep->an, get_unaligned_be16(skb->data + 4));
	if (t && !from_peer(t, ep, &o))
		t = NULL;
	if (t && in_clear(t, &o)) {
		adit_stats_rx_drop(t->stats, 1);
		adit_count_drop(ep->an, ADIT_DROP_rx_ipsec, skb);
		return;
	}
	adit_punt_l2tp(ep, &o.from, &o.to, o.from_port, t, skb);
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

int adit_l2tp_match(struct adit_endpoint *ep, const struct adit_from *o,
		    const struct l2tp_data *d, struct adit_session **s)
{
	*s = adit_session_find(ep->an, d->tunnel_id, d->session_id);
	if (!*s)
		return 1 + (adit_tunnel_find(ep->an, d->tunnel_id) ?
				    ADIT_DROP_rx_no_session :
				    ADIT_DROP_rx_no_tunnel);
	if (!from_peer((*s)->tunnel, ep, o))
		return 1 + ADIT_DROP_rx_peer_mismatch;
	if (in_clear((*s)->tunnel, o))
		return 1 + ADIT_DROP_rx_ipsec;
	return 0;
}

void adit_l2tp_deliver(struct adit_session *s, const struct adit_from *o,
		       const struct l2tp_data *d, struct sk_buff *skb)
{
	if (!trim(skb, d))
		adit_count_rx_drop(&s->link, ADIT_DROP_rx_gso, skb);
	else if (unlikely(o->ecn) && !hear_ecn(s, o->ecn, skb))
		adit_count_rx_drop(&s->link, ADIT_DROP_rx_ecn, skb);
	else if (d->has_ns && READ_ONCE(s->seq))
		adit_sequence_rx(s, d->ns, skb);
	else
		adit_link_rx(&s->link, skb);
}

static void data(struct adit_endpoint *ep, struct sk_buff *skb)
{
	unsigned int want = min_t(u32, skb->len, L2TP_DATA_HLEN_MAX);
	struct adit_session *s = NULL;
	struct adit_from o;
	struct l2tp_data d;
	int bad;

	if (!pskb_may_pull(skb, want)) {
		adit_count_drop(ep->an, ADIT_DROP_rx_short, skb);
		return;
	}
	read_outer(skb, &o);
	bad = l2tp_data_parse(skb->data, want, skb->len, &d) ?:
		      adit_l2tp_match(ep, &o, &d, &s);
	if (!bad) {
		adit_l2tp_deliver(s, &o, &d, skb);
		return;
	}
	if (s)
		adit_stats_rx_drop(s->tunnel->stats, adit_segments(skb));
	adit_count_drop(ep->an, bad - 1, skb);
}

bool adit_l2tp_key(const struct sk_buff *skb, unsigned int at, u32 *key)
{
	u8 room[8];
	const u8 *p = skb_header_pointer(skb, at, sizeof(room), room);

	if (!p)
		return false;
	*key = get_unaligned_be32(p + (p[0] & (L2TP_F_L >> 8) ? 4 : 2));
	return true;
}

const void *adit_l2tp_ahead(struct adit_net *an, struct sk_buff *skb,
			    unsigned int at)
{
	struct adit_batch_cb *cb = adit_batch_cb(skb);

	if (!adit_l2tp_key(skb, at, &cb->key))
		return NULL;
	prefetch(adit_session_bucket(an, cb->key));
	return cb;
}

const void *adit_l2tp_ahead_first(struct adit_net *an, struct sk_buff *skb,
				  const void *at)
{
	u32 key = adit_batch_cb(skb)->key;
	struct hlist_head *bucket = adit_session_bucket(an, key);
	struct hlist_node *first = rcu_dereference(hlist_first_rcu(bucket));

	if (first)
		prefetch(hlist_entry(first, struct adit_session, hash));
	return first;
}

const void *adit_l2tp_ahead_session(struct adit_net *an, struct sk_buff *skb,
				    const void *at)
{
	u32 key = adit_batch_cb(skb)->key;
	struct adit_session *s = adit_session_find(an, key >> 16, key & 0xffff);

	return s ? adit_ahead_link(an, skb, &s->link) : NULL;
}

static const void *ahead_ids(struct adit_net *an, struct sk_buff *skb,
			     const void *at)
{
	return adit_l2tp_ahead(an, skb, 0);
}

static void run(struct adit_net *an, struct sk_buff *skb)
{
	struct adit_batch_cb *cb = adit_batch_cb(skb);
	struct adit_endpoint *ep = adit_endpoint_find(an, cb->id);

	skb->dev = dev_get_by_index_rcu(an->net, cb->ifindex);
	if (ep && skb->dev)
		data(ep, skb);
	else
		adit_count_drop(an, ADIT_DROP_rx_no_tunnel, skb);
}

const struct adit_batch_ops adit_l2tp_batch = {
	.look = { ahead_ids, adit_l2tp_ahead_first, adit_l2tp_ahead_session,
		  adit_ahead_bound, adit_ahead_xmit },
	.run = run,
};

/* To another CPU, if it names a session. */
static void spread(struct adit_endpoint *ep, struct sk_buff *skb)
{
	u32 key;

	if (adit_l2tp_key(skb, 0, &key))
		adit_spread(ep->an, ADIT_SPREAD_L2TP, ep->id, key, skb);
	else
		data(ep, skb);
}

int adit_l2tp_rcv(struct sock *sk, struct sk_buff *skb)
{
	struct adit_endpoint *ep = rcu_dereference_sk_user_data(sk);

	/* Removed while this was on its way. */
	if (!ep) {
		adit_count_drop(adit_net(sock_net(sk)), ADIT_DROP_rx_no_tunnel,
				skb);
		return 0;
	}
	skb_pull_rcsum(skb, sizeof(struct udphdr));
	adit_rx_route_learn(ep, skb);
	skb_dst_drop(skb);
	nf_reset_ct(skb);
	if (!pskb_may_pull(skb, 2))
		adit_count_drop(ep->an, ADIT_DROP_rx_short, skb);
	else if ((get_unaligned_be16(skb->data) & L2TP_VERSION_MASK) !=
		 L2TP_VERSION)
		adit_count_drop(ep->an, ADIT_DROP_rx_version, skb);
	else if (get_unaligned_be16(skb->data) & L2TP_F_T)
		control(ep, skb);
	else if (adit_spread_wanted(ep->an))
		spread(ep, skb);
	else if (adit_batch_wanted(ep->an))
		adit_batch_add(ep->an, &adit_l2tp_batch, ep->id, skb);
	else
		data(ep, skb);
	return 0;
}
