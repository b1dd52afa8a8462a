// SPDX-License-Identifier: GPL-2.0
/*
 * Routes of what comes in, remembered at the endpoint, ADIT_RX_ROUTES devices each.
 * A place is written when it is empty or its route is no longer good, so devices
 * cannot push each other out packet by packet. Called by l2tp_rx, early and the
 * endpoint.
 */
#include "rx_route.h"

#include "route.h"

struct adit_rx_route {
	struct adit_route route;
	int ifindex;
};

static struct adit_route __rcu **place(struct adit_endpoint *ep, int ifindex)
{
	return &ep->rx_routes[ifindex % ADIT_RX_ROUTES];
}

struct dst_entry *adit_rx_route_get(struct adit_endpoint *ep, int ifindex)
{
	struct adit_route *r = rcu_dereference(*place(ep, ifindex));

	return r &&
			       container_of(r, struct adit_rx_route, route)
					       ->ifindex == ifindex &&
			       adit_route_is_good(r) ?
		       r->dst :
		       NULL;
}

static void replace(struct adit_route __rcu **at, struct adit_route *old,
		    struct dst_entry *dst, int ifindex)
{
	struct adit_rx_route *r;

	if (!dst_hold_safe(dst))
		return;
	r = kmalloc(sizeof(*r), GFP_ATOMIC | __GFP_NOWARN);
	if (!r) {
		dst_release(dst);
		return;
	}
	r->ifindex = ifindex;
	if (!adit_route_replace(at, old, &r->route, dst))
		adit_route_drop(&r->route);
}

void adit_rx_route_learn(struct adit_endpoint *ep, const struct sk_buff *skb)
{
	struct dst_entry *dst = skb_dst(skb);
	int ifindex = skb->dev->ifindex;
	struct adit_route __rcu **at = place(ep, ifindex);
	struct adit_route *r = rcu_dereference(*at);

	/* Given by early.c, and found good there. */
	if (r && r->dst == dst)
		return;
	if (!dst || (r && adit_route_is_good(r)))
		return;
	replace(at, r, dst, ifindex);
}

void adit_rx_routes_free(struct adit_endpoint *ep)
{
	struct adit_route *r;
	int i;

	for (i = 0; i < ADIT_RX_ROUTES; i++) {
		r = rcu_dereference_protected(ep->rx_routes[i], true);
		adit_route_drop(r);
	}
}
