// SPDX-License-Identifier: GPL-2.0
/*
 * See tx_route.h. A tunnel's route is replaced by whoever sends when it is no longer
 * good, or for another port. Called by l2tp_tx and the tunnel.
 */
#include "tx_route.h"

#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/route.h>

#include "route.h"

struct adit_tx_route {
	struct adit_route route;
	struct adit_ip src;
	__be16 port; /* of the peer: IPsec selectors look at it */
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

static struct adit_tx_route *of(struct adit_route *r)
{
	return container_of(r, struct adit_tx_route, route);
}

/* The reference goes over to what is remembered. Without memory it stays. */
static void remember(struct adit_tunnel *t, struct adit_route *old, __be16 port,
		     struct adit_way *way)
{
	struct adit_tx_route *r =
		kmalloc(sizeof(*r), GFP_ATOMIC | __GFP_NOWARN);

	if (!r)
		return;
	r->src = way->src;
	r->port = port;
	if (adit_route_replace(&t->tx_route, old, &r->route, way->dst))
		way->held = false;
	else
		kfree(r);
}

int adit_way_of(struct adit_tunnel *t, struct adit_way *way)
{
	struct adit_route *r = rcu_dereference(t->tx_route);
	__be16 port = READ_ONCE(t->remote_port);
	int err;

	if (likely(r && of(r)->port == port && adit_route_is_good(r))) {
		way->dst = r->dst;
		way->src = of(r)->src;
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
	adit_route_drop(rcu_dereference_protected(t->tx_route, true));
}
