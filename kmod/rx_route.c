// SPDX-License-Identifier: GPL-2.0
/*
 * Routes of what comes in, remembered at the endpoint, ADIT_RX_ROUTES devices each.
 * A place is written when it is empty or its route is no longer good, so devices
 * cannot push each other out packet by packet. Written without a lock by whoever
 * receives; read under RCU. Called by l2tp_rx, early and the endpoint.
 */
#include "rx_route.h"

#include <net/dst.h>
#include <net/ip6_fib.h>

struct adit_rx_route {
	struct dst_entry *dst;
	int ifindex;
	u32 cookie;
	struct rcu_head rcu;
};

static struct adit_rx_route __rcu **place(struct adit_endpoint *ep, int ifindex)
{
	return &ep->rx_routes[ifindex % ADIT_RX_ROUTES];
}

static bool is_good(const struct adit_rx_route *r)
{
	return !r->dst->obsolete || dst_check(r->dst, r->cookie);
}

struct dst_entry *adit_rx_route_get(struct adit_endpoint *ep, int ifindex)
{
	struct adit_rx_route *r = rcu_dereference(*place(ep, ifindex));

	return r && r->ifindex == ifindex && is_good(r) ? r->dst : NULL;
}

static void route_free(struct rcu_head *head)
{
	struct adit_rx_route *r = container_of(head, struct adit_rx_route, rcu);

	dst_release(r->dst);
	kfree(r);
}

static u32 cookie_of(const struct dst_entry *dst)
{
	if (dst->ops->family != AF_INET6)
		return 0;
	return rt6_get_cookie((const struct rt6_info *)dst);
}

static void replace(struct adit_rx_route __rcu **at, struct adit_rx_route *old,
		    struct dst_entry *dst, int ifindex)
{
	struct adit_rx_route *r;

	if (!dst_hold_safe(dst))
		return;
	r = kmalloc(sizeof(*r), GFP_ATOMIC);
	if (!r) {
		dst_release(dst);
		return;
	}
	r->dst = dst;
	r->ifindex = ifindex;
	r->cookie = cookie_of(dst);
	/* Whoever else was here at the same moment has won. */
	if (cmpxchg((struct adit_rx_route **)at, old, r) != old)
		route_free(&r->rcu);
	else if (old)
		call_rcu(&old->rcu, route_free);
}

void adit_rx_route_learn(struct adit_endpoint *ep, const struct sk_buff *skb)
{
	struct dst_entry *dst = skb_dst(skb);
	int ifindex = skb->dev->ifindex;
	struct adit_rx_route __rcu **at = place(ep, ifindex);
	struct adit_rx_route *r = rcu_dereference(*at);

	/* Given by early.c, and found good there. */
	if (r && r->dst == dst)
		return;
	if (!dst || (r && is_good(r)))
		return;
	replace(at, r, dst, ifindex);
}

void adit_rx_routes_free(struct adit_endpoint *ep)
{
	int i;

	for (i = 0; i < ADIT_RX_ROUTES; i++) {
		struct adit_rx_route *r =
			rcu_dereference_protected(ep->rx_routes[i], true);

		if (r)
			route_free(&r->rcu);
	}
}
