// SPDX-License-Identifier: GPL-2.0
/* See ahead.h. Called in batches, by way of the steps of l2tp_rx and others. */
#include "ahead.h"

#include <linux/prefetch.h>

static struct adit_tunnel *tunnel_of(struct adit_link *link)
{
	return link->type == ADIT_LINK_SESSION ? adit_session_of(link)->tunnel :
						 NULL;
}

/* What its other end is: a tunnel, or the client behind a pppoe's first line. */
static void ahead_far_end(struct adit_link *link)
{
	if (link->type == ADIT_LINK_SESSION)
		prefetch(adit_session_of(link)->tunnel);
	else
		prefetch(&adit_pppoe_of(link)->sid);
}

const void *adit_ahead_link(struct adit_net *an, struct sk_buff *skb,
			    const void *at)
{
	struct adit_link *link = (struct adit_link *)at;
	const void *to = rcu_dereference(link->to);

	if (!to)
		to = rcu_dereference(link->term);
	if (to)
		prefetch(to);
	ahead_far_end(link);
	prefetchw(this_cpu_ptr(link->stats));
	return link;
}

const void *adit_ahead_bound(struct adit_net *an, struct sk_buff *skb,
			     const void *at)
{
	struct adit_link *link = (struct adit_link *)at;
	struct adit_tunnel *t = tunnel_of(link);
	struct adit_link *to = rcu_dereference(link->to);

	if (t)
		prefetchw(this_cpu_ptr(t->stats));
	if (!to)
		return NULL;
	ahead_far_end(to);
	prefetchw(this_cpu_ptr(to->stats));
	return to;
}

const void *adit_ahead_xmit(struct adit_net *an, struct sk_buff *skb,
			    const void *at)
{
	struct adit_tunnel *t = tunnel_of((struct adit_link *)at);

	if (!t)
		return NULL;
	prefetchw(this_cpu_ptr(t->stats));
	prefetch(rcu_dereference(t->tx_route));
	return NULL;
}
