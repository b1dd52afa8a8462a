// SPDX-License-Identifier: GPL-2.0-or-later
/* The network-layer protocol phase of a link (RFC 1661 3.6); see link_ncp.h. */
#include "ppp/link_ncp.h"

#include "adit/wire.h"
#include "ppp/link_limit.h"
#include "ppp/phase.h"

#include <stddef.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))

static const struct ncp {
	uint8_t bit;
	uint16_t number; /* of the protocol */
	uint16_t data; /* of what it opens the link for */
	size_t at; /* its struct cp */
} ncps[] = {
	{ PPP_IPV4, PPP_PROTO_IPCP, PPP_PROTO_IPV4,
	  offsetof(struct ppp_link, ipcp.cp) },
	{ PPP_IPV6, PPP_PROTO_IPV6CP, PPP_PROTO_IPV6,
	  offsetof(struct ppp_link, ipv6cp.cp) },
};

static struct cp *cp_of(struct ppp_link *l, const struct ncp *n)
{
	return (struct cp *)((char *)l + n->at);
}

static const struct ncp *row(uint16_t number)
{
	return number == PPP_PROTO_IPCP ? &ncps[0] : &ncps[1];
}

static struct ppp_link *link_of(struct cp *c)
{
	return (struct ppp_link *)((char *)c - row(c->proto->number)->at);
}

static bool speaks(const struct ppp_link *l, const struct ncp *n)
{
	return l->conf->network & n->bit;
}

uint8_t link_ncp_open(const struct ppp_link *l)
{
	return (uint8_t)((l->ipcp.cp.state == CP_OPENED ? PPP_IPV4 : 0) |
			 (l->ipv6cp.cp.state == CP_OPENED ? PPP_IPV6 : 0));
}

static bool at_it(const struct cp *c)
{
	return c->state >= CP_CLOSING && c->state != CP_OPENED;
}

static bool busy(const struct ppp_link *l)
{
	return at_it(&l->ipcp.cp) || at_it(&l->ipv6cp.cp);
}

struct cp *link_ncp_find(struct ppp_link *l, uint16_t proto)
{
	for (size_t i = 0; i < ARRAY_SIZE(ncps); i++) {
		if (ncps[i].number == proto && speaks(l, &ncps[i]))
			return cp_of(l, &ncps[i]);
	}
	return NULL;
}

bool link_ncp_carries(const struct ppp_link *l, uint16_t proto)
{
	for (size_t i = 0; i < ARRAY_SIZE(ncps); i++) {
		if (ncps[i].data == proto)
			return speaks(l, &ncps[i]);
	}
	return false;
}

static void ncp_send(struct cp *c, const void *frame, size_t len)
{
	phase_send(link_of(c), frame, len);
}

/* What the others do has no more time than that it began with. */
static void ncp_up(struct cp *c, msec_t now)
{
	struct ppp_link *l = link_of(c);

	if (!busy(l))
		l->give_up_at = MSEC_NEVER;
	if (c == &l->ipv6cp.cp) {
		l->ip.local_id = l->ipv6cp.ours;
		l->ip.peer_id = l->ipv6cp.peer;
	}
	if (l->phase == PPP_UP) {
		phase_changed(l);
	} else {
		lcp_keepalive_start(&l->lcp, now, l->conf->echo_interval,
				    l->conf->echo_failures);
		link_limit_begin(l, now);
		phase_set(l, PPP_UP);
	}
	l->ops->up(l, now);
}

static void ncp_down(struct cp *c, msec_t now)
{
	struct ppp_link *l = link_of(c);

	if (l->phase != PPP_UP)
		return;
	phase_limit(l, now);
	if (link_ncp_open(l)) {
		phase_changed(l);
		l->ops->up(l, now);
	} else {
		phase_set(l, PPP_NETWORK);
	}
}

static enum ppp_end end_of(enum cp_why why)
{
	switch (why) {
	case CP_WHY_TIMEOUT:
		return PPP_END_NCP_TIMEOUT;
	case CP_WHY_PEER:
		return PPP_END_PEER;
	default:
		return PPP_END_NO_NCP;
	}
}

/* It came to nothing; the link goes on with the other, if there is one. */
static void ncp_finished(struct cp *c, msec_t now)
{
	struct ppp_link *l = link_of(c);

	if (l->phase != PPP_NETWORK && l->phase != PPP_UP)
		return;
	l->ncp_failed = c->proto->number;
	if (busy(l))
		return;
	if (link_ncp_open(l))
		l->give_up_at = MSEC_NEVER;
	else
		phase_terminate(l, now, end_of(c->why));
}

/* Alone, it takes the link with it. */
static void ncp_hopeless(struct cp *c, msec_t now)
{
	struct ppp_link *l = link_of(c);
	bool v4 = c == &l->ipcp.cp;
	const struct cp *other = v4 ? &l->ipv6cp.cp : &l->ipcp.cp;

	l->ncp_failed = c->proto->number;
	if (other->state >= CP_CLOSING)
		cp_event(c, now, CP_CLOSE);
	else
		phase_terminate(l, now,
				v4 && l->ipcp.other_addr ? PPP_END_ADDRESS :
							   PPP_END_NO_NCP);
}

static const struct cp_owner ncp_owner = {
	.send = ncp_send,
	.up = ncp_up,
	.down = ncp_down,
	.finished = ncp_finished,
	.hopeless = ncp_hopeless,
};

void link_ncp_init(struct ppp_link *l)
{
	struct ipcp_conf v4 = { .local = addr_to_v4(&l->ip.local),
				.peer = addr_to_v4(&l->ip.peer) };
	struct ipv6cp_conf v6 = { .local = l->ip.local_id,
				  .peer = l->ip.peer_id };

	for (size_t i = 0; i < IPCP_DNS_MAX; i++) {
		v4.dns[i] = addr_to_v4(&l->ip.dns[i]);
		v4.nbns[i] = addr_to_v4(&l->ip.nbns[i]);
	}
	ipcp_init(&l->ipcp, &v4, &ncp_owner);
	ipv6cp_init(&l->ipv6cp, &v6, &ncp_owner);
	l->ipcp.cp.mtu = l->ipv6cp.cp.mtu = l->lcp.cp.mtu;
}

void link_ncp_begin(struct ppp_link *l, msec_t now)
{
	phase_set(l, PPP_NETWORK);
	phase_limit(l, now);
	link_ncp_init(l);
	for (size_t i = 0; i < ARRAY_SIZE(ncps); i++) {
		if (!speaks(l, &ncps[i]))
			continue;
		cp_event(cp_of(l, &ncps[i]), now, CP_OPEN);
		cp_event(cp_of(l, &ncps[i]), now, CP_UP);
	}
}

void link_ncp_resume(struct ppp_link *l, uint8_t open)
{
	uint8_t id[] = { l->ipcp.cp.id, l->ipv6cp.cp.id };

	link_ncp_init(l);
	for (size_t i = 0; i < ARRAY_SIZE(ncps); i++) {
		if (open & ncps[i].bit)
			cp_set_opened(cp_of(l, &ncps[i]), id[i]);
		else
			cp_set_stopped(cp_of(l, &ncps[i]), id[i]);
	}
	l->ipv6cp.ours = l->ip.local_id;
	l->ipv6cp.peer = l->ip.peer_id;
}

void link_ncp_down(struct ppp_link *l, msec_t now)
{
	for (size_t i = 0; i < ARRAY_SIZE(ncps); i++)
		cp_event(cp_of(l, &ncps[i]), now, CP_DOWN);
}

void link_ncp_expire(struct ppp_link *l, msec_t now)
{
	l->give_up_at = MSEC_NEVER;
	for (size_t i = 0; i < ARRAY_SIZE(ncps); i++) {
		if (at_it(cp_of(l, &ncps[i])))
			cp_event(cp_of(l, &ncps[i]), now, CP_CLOSE);
	}
}

void link_ncp_tick(struct ppp_link *l, msec_t now)
{
	for (size_t i = 0; i < ARRAY_SIZE(ncps) && !l->ended; i++)
		cp_tick(cp_of(l, &ncps[i]), now);
}

void link_ncp_rejected(struct ppp_link *l, msec_t now, uint16_t proto)
{
	struct cp *c = link_ncp_find(l, proto);

	if (c)
		cp_event(c, now, CP_RXJ_MINUS);
}
