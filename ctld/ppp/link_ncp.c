// SPDX-License-Identifier: GPL-2.0-or-later
/* The network-layer protocol phase of a link (RFC 1661 3.6); see link_ncp.h. */
#include "ppp/link_ncp.h"

#include "adit/wire.h"
#include "base/timer.h"
#include "ppp/link_limit.h"
#include "ppp/phase.h"

#include <stdlib.h>

static const struct row {
	uint8_t bit;
	uint16_t number; /* of the protocol */
	uint16_t data; /* of what it opens the link for */
} rows[PPP_NCPS] = {
	[PPP_IPCP] = { PPP_IPV4, PPP_PROTO_IPCP, PPP_PROTO_IPV4 },
	[PPP_IPV6CP] = { PPP_IPV6, PPP_PROTO_IPV6CP, PPP_PROTO_IPV6 },
};

/* NULL: it does not speak it, or not yet. */
static struct cp *cp_of(const struct ppp_link *l, int i)
{
	return l->ncp[i] ? &l->ncp[i]->cp : NULL;
}

static struct ppp_link *link_of(struct cp *c)
{
	return container_of(c, struct ppp_ncp, cp)->link;
}

static bool speaks(const struct ppp_link *l, int i)
{
	return (l->ip.network ? l->ip.network : l->conf->network) & rows[i].bit;
}

uint8_t link_ncp_open(const struct ppp_link *l)
{
	uint8_t open = 0;

	for (int i = 0; i < PPP_NCPS; i++) {
		const struct cp *c = cp_of(l, i);

		if (c && c->state == CP_OPENED)
			open |= rows[i].bit;
	}
	return open;
}

static bool at_it(const struct cp *c)
{
	return c && c->state >= CP_CLOSING && c->state != CP_OPENED;
}

static bool busy(const struct ppp_link *l)
{
	for (int i = 0; i < PPP_NCPS; i++) {
		if (at_it(cp_of(l, i)))
			return true;
	}
	return false;
}

struct cp *link_ncp_find(struct ppp_link *l, uint16_t proto)
{
	for (int i = 0; i < PPP_NCPS; i++) {
		if (rows[i].number == proto && speaks(l, i))
			return cp_of(l, i);
	}
	return NULL;
}

bool link_ncp_speaks(const struct ppp_link *l, uint16_t proto)
{
	for (int i = 0; i < PPP_NCPS; i++) {
		if (rows[i].number == proto || rows[i].data == proto)
			return speaks(l, i);
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
	if (c == cp_of(l, PPP_IPV6CP)) {
		l->ip.local_id = l->ncp[PPP_IPV6CP]->ipv6cp.ours;
		l->ip.peer_id = l->ncp[PPP_IPV6CP]->ipv6cp.peer;
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
	bool v4 = c == cp_of(l, PPP_IPCP);
	const struct cp *other = cp_of(l, v4 ? PPP_IPV6CP : PPP_IPCP);

	l->ncp_failed = c->proto->number;
	if (other && other->state >= CP_CLOSING)
		cp_event(c, now, CP_CLOSE);
	else
		phase_terminate(l, now,
				v4 && l->ncp[PPP_IPCP]->ipcp.other_addr ?
					PPP_END_ADDRESS :
					PPP_END_NO_NCP);
}

static const struct cp_owner ncp_owner = {
	.send = ncp_send,
	.up = ncp_up,
	.down = ncp_down,
	.finished = ncp_finished,
	.hopeless = ncp_hopeless,
};

static void init_ipcp(struct ppp_link *l)
{
	ipcp_init(&l->ncp[PPP_IPCP]->ipcp, &l->ip.v4, &ncp_owner);
}

static void init_ipv6cp(struct ppp_link *l)
{
	const struct ipv6cp_conf v6 = { .local = l->ip.local_id,
					.peer = l->ip.peer_id };

	ipv6cp_init(&l->ncp[PPP_IPV6CP]->ipv6cp, &v6, &ncp_owner);
}

/* Those that it speaks, or has spoken, with l->ip; no packet. False: no memory. */
static bool init(struct ppp_link *l, uint8_t spoken)
{
	static void (*const init_one[PPP_NCPS])(struct ppp_link *) = {
		[PPP_IPCP] = init_ipcp,
		[PPP_IPV6CP] = init_ipv6cp,
	};

	for (int i = 0; i < PPP_NCPS; i++) {
		struct ppp_ncp *n = l->ncp[i];

		if (!n && !speaks(l, i) && !(spoken & rows[i].bit))
			continue;
		if (!n)
			n = l->ncp[i] = malloc(sizeof(*n));
		if (!n)
			return false;
		n->link = l;
		init_one[i](l);
		n->cp.mtu = l->lcp.cp.mtu;
	}
	return true;
}

void link_ncp_begin(struct ppp_link *l, msec_t now)
{
	phase_set(l, PPP_NETWORK);
	phase_limit(l, now);
	if (!init(l, 0)) {
		l->count->no_memory++;
		phase_end(l, PPP_END_NO_MEMORY);
		return;
	}
	for (int i = 0; i < PPP_NCPS; i++) {
		if (!speaks(l, i))
			continue;
		cp_event(cp_of(l, i), now, CP_OPEN);
		cp_event(cp_of(l, i), now, CP_UP);
	}
}

bool link_ncp_resume(struct ppp_link *l, uint8_t open,
		     const uint8_t id[PPP_NCPS])
{
	if (!init(l, open))
		return false;
	for (int i = 0; i < PPP_NCPS; i++) {
		if (!l->ncp[i])
			continue;
		if (open & rows[i].bit)
			cp_set_opened(cp_of(l, i), id[i]);
		else
			cp_set_stopped(cp_of(l, i), id[i]);
	}
	if (l->ncp[PPP_IPV6CP]) {
		l->ncp[PPP_IPV6CP]->ipv6cp.ours = l->ip.local_id;
		l->ncp[PPP_IPV6CP]->ipv6cp.peer = l->ip.peer_id;
	}
	return true;
}

void link_ncp_down(struct ppp_link *l, msec_t now)
{
	for (int i = 0; i < PPP_NCPS; i++) {
		if (l->ncp[i])
			cp_event(cp_of(l, i), now, CP_DOWN);
	}
}

void link_ncp_expire(struct ppp_link *l, msec_t now)
{
	l->give_up_at = MSEC_NEVER;
	for (int i = 0; i < PPP_NCPS; i++) {
		if (at_it(cp_of(l, i)))
			cp_event(cp_of(l, i), now, CP_CLOSE);
	}
}

void link_ncp_tick(struct ppp_link *l, msec_t now)
{
	for (int i = 0; i < PPP_NCPS && !l->ended; i++) {
		if (l->ncp[i])
			cp_tick(cp_of(l, i), now);
	}
}

void link_ncp_rejected(struct ppp_link *l, msec_t now, uint16_t proto)
{
	struct cp *c = link_ncp_find(l, proto);

	if (c)
		cp_event(c, now, CP_RXJ_MINUS);
}
