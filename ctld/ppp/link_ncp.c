// SPDX-License-Identifier: GPL-2.0-or-later
/* The network-layer protocol phase of a link (RFC 1661 3.6); see link_ncp.h. */
#include "ppp/link_ncp.h"

#include "ppp/phase.h"

static struct ppp_link *of_ipcp(struct cp *c)
{
	return container_of(c, struct ppp_link, ipcp.cp);
}

static void ipcp_send(struct cp *c, const void *frame, size_t len)
{
	phase_send(of_ipcp(c), frame, len);
}

static void ipcp_up(struct cp *c, msec_t now)
{
	struct ppp_link *l = of_ipcp(c);

	l->give_up_at = MSEC_NEVER;
	lcp_keepalive_start(&l->lcp, now, l->conf->echo_interval,
			    l->conf->echo_failures);
	phase_set(l, PPP_UP);
	l->ops->up(l, now);
}

static void ipcp_down(struct cp *c, msec_t now)
{
	struct ppp_link *l = of_ipcp(c);

	if (l->phase != PPP_UP)
		return;
	phase_set(l, PPP_NETWORK);
	phase_limit(l, now);
}

static void ipcp_finished(struct cp *c, msec_t now)
{
	phase_terminate(of_ipcp(c), now, phase_end_of(c->why));
}

static void ipcp_hopeless(struct cp *c, msec_t now)
{
	phase_terminate(of_ipcp(c), now, PPP_END_NEGOTIATION);
}

static const struct cp_owner ipcp_owner = {
	.send = ipcp_send,
	.up = ipcp_up,
	.down = ipcp_down,
	.finished = ipcp_finished,
	.hopeless = ipcp_hopeless,
};

void link_ncp_init(struct ppp_link *l)
{
	struct ipcp_conf conf = { .local = addr_to_v4(&l->ip.local),
				  .peer = addr_to_v4(&l->ip.peer) };

	for (size_t i = 0; i < IPCP_DNS_MAX; i++)
		conf.dns[i] = addr_to_v4(&l->ip.dns[i]);
	ipcp_init(&l->ipcp, &conf, &ipcp_owner);
	l->ipcp.cp.mtu = l->lcp.cp.mtu;
}

void link_ncp_begin(struct ppp_link *l, msec_t now)
{
	phase_set(l, PPP_NETWORK);
	phase_limit(l, now);
	link_ncp_init(l);
	cp_event(&l->ipcp.cp, now, CP_OPEN);
	cp_event(&l->ipcp.cp, now, CP_UP);
}
