/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See reach.h. Called by bng/terminate. */
#include "bng/reach.h"

#include "base/log.h"
#include "bng/ipv6.h"

#include <stdio.h>
#include <string.h>

#define MTU_MIN 576 /* a Framed-MTU of less is none */
#define V4_BITS 32

/* Its address, a network around it, what it has of IPv6, what its grant routes. */
#define REACH_MAX (2 + IPV6_NKINDS + AAA_ROUTES_MAX)

struct reach {
	struct kern_prefix also[REACH_MAX]; /* beside the address */
	size_t n_also;
	struct kern_route routes[REACH_MAX];
	size_t n_routes;
};

/* ------------------------------------------------------------------- device */

static uint32_t device_of(const struct subscriber *s)
{
	if (s->own_device)
		return network_own_index(s->own_device);
	return network_device(&s->box->network, s->profile, s->vrf)->ifindex;
}

static void name_own(uint32_t number, char out[IFNAMSIZ])
{
	snprintf(out, IFNAMSIZ, "adit%u", number);
}

const char *reach_device(const struct subscriber *s, char out[IFNAMSIZ])
{
	if (s->own_device)
		name_own(s->own_device, out);
	else
		snprintf(out, IFNAMSIZ, "%s",
			 network_device(&s->box->network, s->profile, s->vrf)
				 ->name);
	return out;
}

/* A device of its own has our address, and the subscriber's at its other end. */
static void make_own(struct subscriber *s, uint16_t mtu)
{
	char name[IFNAMSIZ];
	struct kern_device d = { .name = name,
				 .master = s->vrf ? s->vrf->ifindex : 0,
				 .mtu = mtu,
				 .p2p = true,
				 .local = s->profile->local_address,
				 .peer = s->address,
				 .local6 = s->profile->local_address6 };

	if (s->own_device || !s->profile->own_device)
		return;
	s->own_device = (uint16_t)network_own(&s->box->network);
	if (!s->own_device)
		return; /* then that of many */
	name_own(s->own_device, name);
	d.ifindex = network_own_index(s->own_device);
	kern_device_new(s->box->kern, &d);
}

/* ----------------------------------------------------------------- prefixes */

static void add_route(const struct subscriber *s, struct reach *r,
		      const struct kern_prefix *to, uint32_t metric)
{
	r->routes[r->n_routes++] =
		(struct kern_route){ .to = *to,
				     .ifindex = device_of(s),
				     .table = network_table(s->vrf),
				     .metric = metric };
}

static void add_prefix(const struct subscriber *s, struct reach *r,
		       const struct kern_prefix *to, uint32_t metric)
{
	r->also[r->n_also++] = *to;
	add_route(s, r, to, metric);
}

/* Does what leads to its pool not lead to it as well? */
static bool needs_host_route(const struct subscriber *s)
{
	const struct network_pool *np;

	switch (s->profile->routes) {
	case CONF_ROUTES_HOST:
		return true;
	case CONF_ROUTES_NONE:
		return false;
	case CONF_ROUTES_AGGREGATE:
		break;
	}
	if (s->own_device)
		return false; /* its address is that of the device's other end */
	np = network_pool_of(&s->box->network, s->vrf, &s->address);
	return !np || !np->routed || np->ifindex != device_of(s);
}

/* Pools are routed as a whole: a network of one in them would be others' too. */
static bool meets_pool(const struct subscriber *s,
		       const struct kern_prefix *net)
{
	uint32_t first = addr_to_v4(&net->net);
	uint32_t last = first | UINT32_MAX >> net->len;
	const struct network *n = &s->box->network;

	for (size_t i = 0; i < n->n_pools; i++)
		for (size_t k = 0; k < n->pools[i].conf->n_ranges; k++) {
			const struct pool_range *r =
				&n->pools[i].conf->ranges[k].range;

			if (n->pools[i].vrf == s->vrf && r->first <= last &&
			    first <= r->last)
				return true;
		}
	return false;
}

/* Framed-IP-Netmask, RFC 2865 5.9: the user is a router to a network. */
static void gather_network(const struct subscriber *s,
			   const struct aaa_grant *g, struct reach *r)
{
	struct kern_prefix net = { .net = s->address,
				   .len = (uint8_t)g->netmask_len };

	if (!g->netmask_len || g->netmask_len >= V4_BITS || !g->address.family)
		return;
	addr_mask(&net.net, net.len);
	if (!meets_pool(s, &net))
		add_prefix(s, r, &net, 0);
}

/* The module leads them to it before it can use them. */
static void gather6(const struct subscriber *s, struct reach *r)
{
	struct kern_prefix have[IPV6_NKINDS];
	size_t n_have = ipv6_prefixes(s->ipv6, have);

	for (size_t i = 0; i < n_have; i++) {
		struct kern_route to = { .to = have[i],
					 .ifindex = device_of(s),
					 .table = network_table(s->vrf) };

		r->also[r->n_also++] = have[i];
		if (!ppp_link_has(&s->ppp, PPP_IPV6) ||
		    s->profile->routes == CONF_ROUTES_NONE)
			continue;
		if (s->profile->routes == CONF_ROUTES_HOST ||
		    !pool6_covers(&s->box->pools6, s->vrf, &to))
			add_route(s, r, &have[i], 0);
	}
}

static void gather(const struct subscriber *s, const struct aaa_grant *g,
		   struct reach *r)
{
	bool open[2] = { ppp_link_has(&s->ppp, PPP_IPV4),
			 ppp_link_has(&s->ppp, PPP_IPV6) };
	struct kern_prefix host = { .net = s->address, .len = V4_BITS };

	memset(r, 0, sizeof(*r));
	if (open[0] && needs_host_route(s))
		add_route(s, r, &host, 0);
	if (open[0])
		gather_network(s, g, r);
	gather6(s, r);
	for (int i = 0; i < AAA_ROUTES_MAX && g->routes[i].to.net.family; i++) {
		const struct aaa_route *a = &g->routes[i];
		struct kern_prefix to = { .net = a->to.net, .len = a->to.len };

		/* A default route to a subscriber is nobody's wish. */
		if (to.len && open[a->to.net.family != AF_INET])
			add_prefix(s, r, &to, a->metric);
	}
}

/* ---------------------------------------------------------------------- all */

/* Of an MRU and what is said, if anything. */
static uint16_t least(uint16_t a, uint32_t b)
{
	return (uint16_t)(b >= MTU_MIN && b < a ? b : a);
}

static void bind_to(struct subscriber *s, const struct aaa_grant *g,
		    const struct reach *r)
{
	struct kern_ip ip = {
		.peer = s->address,
		.also = r->also,
		.n_also = r->n_also,
		.mtu = least(least(s->ppp.peer_mru, s->profile->mtu), g->mtu),
		.mss = s->profile->mss,
		.magic = s->ppp.magic
	};

	make_own(s, ip.mtu);
	ip.ifindex = device_of(s);
	kern_bind_ip(s->box->kern, &s->access, s->id, &ip);
}

void reach_bind(struct subscriber *s, const struct aaa_grant *g)
{
	struct reach r;

	gather(s, g, &r);
	bind_to(s, g, &r);
}

/* Prefixes that are another subscriber's stay that one's. */
static uint8_t leave_taken(struct subscriber *s, struct reach *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_also; i++)
		if (!fib_taken(&s->box->network.fib, &s->routes,
			       network_table(s->vrf), &r->also[i]))
			r->also[n++] = r->also[i];
	n = r->n_also - n;
	r->n_also -= n;
	return (uint8_t)n;
}

/* How many of them are another's. */
static uint8_t lead(struct subscriber *s, const struct aaa_grant *g,
		    struct reach *r)
{
	uint8_t taken = leave_taken(s, r);

	bind_to(s, g, r);
	fib_set(&s->box->network.fib, &s->routes, r->routes, r->n_routes);
	return taken;
}

void reach_apply(struct subscriber *s, const struct aaa_grant *g)
{
	char link[KERN_LINK_STRLEN];
	struct reach r;

	gather(s, g, &r);
	s->routes_taken = lead(s, g, &r);
	if (!s->routes_taken)
		return;
	s->box->routes_wait = true;
	s->box->count.route_in_use += s->routes_taken;
	log_warn("%s: %u of its routes are another subscriber's",
		 kern_link_str(&s->access, link), s->routes_taken);
}

/* Nothing is asked of the kernel before there is something to be had. */
static void apply_again(struct subscriber *s)
{
	char link[KERN_LINK_STRLEN];
	struct aaa_grant g;
	struct reach r;
	uint8_t taken;

	subscriber_grant(s, &g);
	gather(s, &g, &r);
	taken = leave_taken(s, &r);
	if (taken >= s->routes_taken)
		return;
	gather(s, &g, &r);
	log_info("%s: %u of its routes are another subscriber's no more",
		 kern_link_str(&s->access, link), s->routes_taken - taken);
	s->routes_taken = lead(s, &g, &r);
}

void reach_again(struct box *b)
{
	struct subscriber *s;

	if (!b->routes_wait)
		return;
	b->routes_wait = false;
	LIST_FOREACH(s, &b->subscribers, all)
	{
		if (s->routes_taken && s->ppp.phase == PPP_UP)
			apply_again(s);
		b->routes_wait |= s->routes_taken;
	}
}
