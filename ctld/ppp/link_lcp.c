// SPDX-License-Identifier: GPL-2.0-or-later
/* The establishment phase of a link (RFC 1661 3.4); see link_lcp.h. */
#include "ppp/link_lcp.h"

#include "adit/wire.h"
#include "base/crypt.h"
#include "ppp/link_auth.h"
#include "ppp/link_ncp.h"
#include "ppp/phase.h"
#include "ppp/record.h"

#include <string.h>

static struct ppp_link *of_lcp(struct cp *c)
{
	return container_of(c, struct ppp_link, lcp.cp);
}

static void lcp_send(struct cp *c, const void *frame, size_t len)
{
	phase_send(of_lcp(c), frame, len);
}

/* What a client may ask for. */
static uint16_t peer_mru_max(const struct ppp_link *l)
{
	return l->carrier_mru ? l->carrier_mru : PPPOE_MRU_MAX;
}

/* What goes to it: as much as fits into the carrier, or through the tunnel as
 * configured.
 */
static uint16_t send_max(const struct ppp_link *l)
{
	if (l->carrier_mru)
		return l->carrier_mru;
	return l->conf->mru ? l->conf->mru : LCP_MRU_DEFAULT;
}

static uint16_t our_mru(const struct ppp_link *l)
{
	return l->carrier_mru && l->conf->mru > l->carrier_mru ?
		       l->carrier_mru :
		       l->conf->mru;
}

void link_lcp_set_mtu(struct ppp_link *l)
{
	l->lcp.cp.mtu = l->peer_mru < CP_PACKET_MAX ? l->peer_mru :
						      CP_PACKET_MAX;
}

void link_lcp_take(struct ppp_link *l)
{
	uint16_t mru_max = send_max(l);

	l->auth_proto = l->lcp.ours.auth;
	l->our_mru = l->lcp.ours.mru;
	l->magic = l->lcp.ours.magic;
	l->peer_magic = l->lcp.peer.magic;
	l->peer_mru = l->lcp.peer.mru < mru_max ? l->lcp.peer.mru : mru_max;
	link_lcp_set_mtu(l);
	phase_set(l, PPP_AUTHENTICATE);
}

/* More than plain Ethernet carries is sent once it is known to arrive (RFC 4638): some
 * switch on the way may know no longer frames, and drops them without a word.
 */
static void probe(struct ppp_link *l)
{
	uint16_t most = l->peer_mru;

	l->lcp.probe_len = 0;
	if (!l->carrier_mru || most <= PPPOE_MRU_MAX)
		return;
	l->peer_mru = PPPOE_MRU_MAX;
	link_lcp_set_mtu(l);
	lcp_probe(&l->lcp, most);
}

static void lcp_probed(struct lcp *lcp, msec_t now)
{
	struct ppp_link *l = container_of(lcp, struct ppp_link, lcp);
	uint16_t most = send_max(l);

	l->peer_mru = lcp->peer.mru < most ? lcp->peer.mru : most;
	link_lcp_set_mtu(l);
	if (l->phase != PPP_UP)
		return;
	phase_changed(l);
	l->ops->up(l, now);
}

static void lcp_up(struct cp *c, msec_t now)
{
	struct ppp_link *l = of_lcp(c);

	link_lcp_take(l);
	probe(l);
	link_auth_begin(l, now, (uint8_t)crypt_random_u16());
}

static void lcp_down(struct cp *c, msec_t now)
{
	struct ppp_link *l = of_lcp(c);

	l->authen.at = MSEC_NEVER;
	if (l->phase != PPP_TERMINATE) {
		l->authen.state = AUTHEN_IDLE;
		phase_set(l, PPP_ESTABLISH);
		/* One that was up has its time again, no other. */
		if (l->give_up_at == MSEC_NEVER)
			phase_limit(l, now);
	}
	link_ncp_down(l, now);
}

static enum ppp_end end_of(const struct ppp_link *l, enum cp_why why)
{
	switch (why) {
	case CP_WHY_TIMEOUT:
		return l->lcp_heard ? PPP_END_TIMEOUT : PPP_END_NO_LCP;
	case CP_WHY_PEER:
		return PPP_END_PEER;
	case CP_WHY_REFUSED:
		return PPP_END_NEGOTIATION;
	default:
		return PPP_END_LOCAL;
	}
}

static void lcp_finished(struct cp *c, msec_t now)
{
	struct ppp_link *l = of_lcp(c);

	(void)now;
	phase_end(l, l->phase == PPP_TERMINATE ? l->why : end_of(l, c->why));
}

static void lcp_hopeless(struct cp *c, msec_t now)
{
	struct ppp_link *l = of_lcp(c);

	phase_terminate(l, now,
			l->lcp.no_auth ? PPP_END_AUTH_REFUSED :
					 PPP_END_NEGOTIATION);
}

static void note_confreq(struct ppp_confreq *to, const void *b, size_t len)
{
	if (len)
		memcpy(to->b, b, len);
	to->len = (uint16_t)len;
	to->present = true;
}

static void lcp_exchanged(struct cp *c, bool sent, const void *b, size_t len)
{
	struct ppp_record *rec = record_of(of_lcp(c));

	if (sent) {
		note_confreq(&rec->last_tx, b, len);
		return;
	}
	if (!rec->first_rx.present || c->state == CP_OPENED)
		note_confreq(&rec->first_rx, b, len);
	note_confreq(&rec->last_rx, b, len);
}

static void lcp_protocol_rejected(struct lcp *lcp, msec_t now, uint16_t proto)
{
	struct ppp_link *l = container_of(lcp, struct ppp_link, lcp);

	if (proto == (uint16_t)l->auth_proto && l->phase == PPP_AUTHENTICATE)
		phase_terminate(l, now, PPP_END_AUTH_REFUSED);
	else
		link_ncp_rejected(l, now, proto);
}

static void lcp_looped(struct lcp *lcp, msec_t now)
{
	phase_abandon(container_of(lcp, struct ppp_link, lcp), now,
		      PPP_END_LOOP);
}

static const struct lcp_owner lcp_owner = {
	.cp = { .send = lcp_send,
		.up = lcp_up,
		.down = lcp_down,
		.finished = lcp_finished,
		.hopeless = lcp_hopeless,
		.exchanged = lcp_exchanged },
	.protocol_rejected = lcp_protocol_rejected,
	.looped = lcp_looped,
	.probed = lcp_probed,
};

void link_lcp_init(struct ppp_link *l)
{
	struct lcp_conf conf = { .mru = our_mru(l),
				 .peer_mru_max = peer_mru_max(l) };

	memcpy(conf.auth, l->conf->auth, sizeof(conf.auth));
	lcp_init(&l->lcp, &conf, &lcp_owner);
}
