// SPDX-License-Identifier: GPL-2.0
/*
 * See route.h. Called by rx_route and tx_route.
 */
#include "route.h"

#include <linux/slab.h>
#include <net/ip6_fib.h>

void adit_route_drop(struct adit_route *r)
{
	if (!r)
		return;
	dst_release(r->dst);
	kfree(r);
}

static void free_later(struct rcu_head *head)
{
	adit_route_drop(container_of(head, struct adit_route, rcu));
}

bool adit_route_replace(struct adit_route __rcu **at, struct adit_route *old,
			struct adit_route *r, struct dst_entry *dst)
{
	r->dst = dst;
	r->cookie = dst->ops->family == AF_INET6 ?
			    rt6_get_cookie((const struct rt6_info *)dst) :
			    0;
	if (cmpxchg((struct adit_route **)at, old, r) != old)
		return false;
	if (old)
		call_rcu(&old->rcu, free_later);
	return true;
}
