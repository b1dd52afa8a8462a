// SPDX-License-Identifier: GPL-2.0-or-later
/* See terminate6.h. */
#include "bng/terminate6.h"

#include "base/log.h"

/* IPv6CP may be down, and about to come back. */
static void router_send(struct router *r, const void *frame, size_t len)
{
	struct subscriber *s = r->user;

	if (ppp_link_has(&s->ppp, PPP_IPV6))
		subscriber_send(s, frame, len);
}

static void router_changed(struct router *r)
{
	subscriber_store(r->user);
}

static const struct router_ops router_ops = { .send = router_send,
					      .changed = router_changed };

static bool make(struct subscriber *s)
{
	if (!s->ipv6)
		s->ipv6 = ipv6_new(s->box, s->profile, &router_ops, s);
	return s->ipv6;
}

/* Of a profile that cannot terminate IPv4 that is left out. */
static uint8_t networks(const struct conf_profile *f)
{
	return f->pool ? f->ppp.network : f->ppp.network & PPP_IPV6;
}

const char *terminate6_provide(struct subscriber *s, msec_t now,
			       const struct aaa_grant *g, struct ppp_ip *ip)
{
	const char *why;

	ip->network = networks(s->profile);
	if (!(ip->network & PPP_IPV6)) {
		ipv6_free(s->ipv6, now);
		s->ipv6 = NULL;
		return NULL;
	}
	if (!make(s))
		return "out of memory";
	/* Its domain may have led it to another profile since. */
	s->ipv6->router.conf = &s->profile->router;
	router_down(&s->ipv6->router);
	ip->peer_id = g->interface_id;
	why = ipv6_provide(s->ipv6, now, s->profile, g, s->vrf, s->user);
	if (!why || ip->network == PPP_IPV6)
		return why;
	ip->network = PPP_IPV4;
	return NULL;
}

static void inform(struct subscriber *s, const struct aaa_grant *g)
{
	uint16_t mtu = s->ppp.our_mru < s->ppp.peer_mru ? s->ppp.our_mru :
							  s->ppp.peer_mru;

	ipv6_inform(s->ipv6, s->profile, g, mtu);
}

void terminate6_up(struct subscriber *s, msec_t now, const struct aaa_grant *g)
{
	struct addr self = ip6_link_local(s->ppp.ip.local_id);
	struct router *r;

	if (!s->ipv6)
		return;
	r = &s->ipv6->router;
	inform(s, g);
	if (!ppp_link_has(&s->ppp, PPP_IPV6))
		router_down(r);
	else if (!addr_eq(&r->self, &self))
		router_up(r, now, s->ppp.ip.local_id);
}

bool terminate6_load(struct subscriber *s, struct rd *r)
{
	const char *name = s->profile->vrf;
	const struct vrf *vrf = NULL;
	struct aaa_grant g;

	subscriber_grant(s, &g);
	if (g.vrf[0])
		name = g.vrf;
	/* One that is gone is bng/lease's to refuse. */
	if (name)
		network_named_vrf(&s->box->network, name, &vrf);
	return make(s) && ipv6_load(s->ipv6, s->profile, &g, vrf, s->user, r);
}

void terminate6_resume(struct subscriber *s, msec_t now,
		       const struct aaa_grant *g)
{
	if (!s->ipv6)
		return;
	inform(s, g);
	if (ppp_link_has(&s->ppp, PPP_IPV6))
		router_resume(&s->ipv6->router, now, s->ppp.ip.local_id);
}

void terminate6_input(struct ppp_link *l, msec_t now, const void *packet,
		      size_t len)
{
	struct subscriber *s = l->user;

	if (s->ipv6)
		router_input(&s->ipv6->router, now, packet, len);
}

void terminate6_leaving(struct ppp_link *l, msec_t now)
{
	struct subscriber *s = l->user;

	(void)now;
	if (s->ipv6)
		router_leave(&s->ipv6->router);
}
