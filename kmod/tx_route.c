// SPDX-License-Identifier: GPL-2.0
/*
 * See tx_route.h. A tunnel's route is written without a lock by whoever sends when
 * it is no longer good, or for another port; read under RCU; freed after a grace
 * period, and the kernel's route, whose last reference it may have, after another.
 * Called by l2tp_tx and the tunnel.
 */
#include "tx_route.h"

#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/route.h>

struct adit_tx_route {
	struct dst_entry *dst;
	struct adit_ip src;
	u32 cookie;
	__be16 port; /* of the peer: IPsec selectors look at it */
	struct rcu_head rcu;
};

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

/* Ports in every look-up: IPsec selectors on 1701 must match. */
static struct dst_entry *look4(struct adit_endpoint *ep,
			       const struct adit_ip *to, __be16 port,
			       struct adit_ip *src, bool *local)
{
	struct flowi4 fl4 = {
		.flowi4_oif = ep->ifindex,
		.flowi4_proto = IPPROTO_UDP,
		.saddr = ep->local.a.s6_addr32[3],
		.daddr = to->a.s6_addr32[3],
		.fl4_sport = ep->port,
		.fl4_dport = port,
	};
	struct rtable *rt = ip_route_output_flow(ep->an->net, &fl4, NULL);

	if (IS_ERR(rt))
		return ERR_CAST(rt);
	*local = rt->rt_type == RTN_LOCAL;
	ipv6_addr_set_v4mapped(fl4.saddr, &src->a);
	return &rt->dst;
}

static struct dst_entry *look6(struct adit_endpoint *ep,
			       const struct adit_ip *to, __be16 port,
			       struct adit_ip *src, bool *local)
{
	struct flowi6 fl6 = {
		.flowi6_oif = ep->ifindex,
		.flowi6_proto = IPPROTO_UDP,
		.saddr = ep->local.a,
		.daddr = to->a,
		.fl6_sport = ep->port,
		.fl6_dport = port,
	};
	struct dst_entry *dst;

	dst = ip6_dst_lookup_flow(ep->an->net, ep->sock->sk, &fl6, NULL);
	if (IS_ERR(dst))
		return dst;
	*local = ((struct rt6_info *)dst)->rt6i_flags & RTF_LOCAL;
	src->a = fl6.saddr;
	return dst;
}

int adit_way_to(struct adit_endpoint *ep, const struct adit_ip *to, __be16 port,
		struct adit_way *way)
{
	bool local;

	way->held = true;
	way->dst = ep->family == AF_INET6 ?
			   look6(ep, to, port, &way->src, &local) :
			   look4(ep, to, port, &way->src, &local);
	if (IS_ERR(way->dst))
		return PTR_ERR(way->dst);
	if (is_loop(ep, way->dst, local, to, port)) {
		dst_release(way->dst);
		return -ELOOP;
	}
	return 0;
}

static void route_free(struct rcu_head *head)
{
	struct adit_tx_route *r = container_of(head, struct adit_tx_route, rcu);

	dst_release(r->dst);
	kfree(r);
}

/* The reference goes over to what is remembered. Without memory it stays. */
static void remember(struct adit_tunnel *t, struct adit_tx_route *old,
		     __be16 port, struct adit_way *way)
{
	struct adit_tx_route *r =
		kmalloc(sizeof(*r), GFP_ATOMIC | __GFP_NOWARN);

	if (!r)
		return;
	r->dst = way->dst;
	r->src = way->src;
	r->cookie = t->family == AF_INET6 ?
			    rt6_get_cookie((struct rt6_info *)way->dst) :
			    0;
	r->port = port;
	/* Whoever else was here at the same moment has won. */
	if (cmpxchg((struct adit_tx_route **)&t->tx_route, old, r) != old) {
		kfree(r);
		return;
	}
	way->held = false;
	if (old)
		call_rcu(&old->rcu, route_free);
}

int adit_way_of(struct adit_tunnel *t, struct adit_way *way)
{
	struct adit_tx_route *r = rcu_dereference(t->tx_route);
	__be16 port = READ_ONCE(t->remote_port);
	int err;

	if (likely(r && r->port == port &&
		   (!r->dst->obsolete || dst_check(r->dst, r->cookie)))) {
		way->dst = r->dst;
		way->src = r->src;
		way->held = false;
		return 0;
	}
	err = adit_way_to(t->endpoint, &t->remote, port, way);
	if (!err)
		remember(t, r, port, way);
	return err;
}

void adit_way_set(const struct adit_way *way, struct sk_buff *skb)
{
	if (way->held)
		skb_dst_set(skb, way->dst);
	else
		skb_dst_set_noref(skb, way->dst);
}

void adit_way_put(const struct adit_way *way)
{
	if (way->held)
		dst_release(way->dst);
}

void adit_tx_route_free(struct adit_tunnel *t)
{
	struct adit_tx_route *r = rcu_dereference_protected(t->tx_route, true);

	if (r)
		route_free(&r->rcu);
}
