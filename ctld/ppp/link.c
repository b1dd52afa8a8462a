// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A link as its owner calls it: frames in, the timer, start, answers, close,
 * resume. Each call is one event; what a phase does with it is in the phase's
 * file.
 */
#include "ppp/link.h"

#include "adit/wire.h"
#include "ppp/cp_rx.h"
#include "ppp/link_auth.h"
#include "ppp/link_lcp.h"
#include "ppp/link_limit.h"
#include "ppp/link_ncp.h"
#include "ppp/link_proxy.h"
#include "ppp/phase.h"
#include "ppp/record.h"

#include <errno.h>

/* -------------------------------------------------------------------- timer */

/* The time of a phase is over. */
static void too_late(struct ppp_link *l, msec_t now)
{
	switch (l->phase) {
	case PPP_AUTHENTICATE:
		phase_abandon(l, now,
			      l->authen.state == AUTHEN_ASKED ?
				      PPP_END_UNDECIDED :
				      PPP_END_AUTH_TIMEOUT);
		break;
	case PPP_NETWORK:
		phase_abandon(l, now, PPP_END_NCP_TIMEOUT);
		break;
	case PPP_UP:
		link_ncp_expire(l, now);
		break;
	default:
		phase_abandon(l, now,
			      l->lcp_heard ? PPP_END_TIMEOUT : PPP_END_NO_LCP);
	}
}

static void on_timer(struct timer *t, msec_t now)
{
	struct ppp_link *l = container_of(t, struct ppp_link, timer);

	phase_enter(l);
	cp_tick(&l->lcp.cp, now);
	link_ncp_tick(l, now);
	if (!l->ended)
		authen_tick(&l->authen, now);
	if (!l->ended && now >= l->give_up_at)
		too_late(l, now);
	if (!l->ended)
		link_limit_tick(l, now);
	if (!l->ended && l->phase == PPP_UP && !lcp_keepalive(&l->lcp, now))
		phase_abandon(l, now, PPP_END_ECHO);
	phase_leave(l, now);
}

/* -------------------------------------------------------------------- input */

static enum ppp_rx rx_lcp(struct ppp_link *l, msec_t now, const void *b,
			  size_t len)
{
	enum ppp_rx rx = lcp_input(&l->lcp, now, b, len);

	l->lcp_heard |= rx != PPP_RX_MALFORMED;
	/* Its Ack has left. What follows is the carrier's end, not a wait. */
	if (l->lcp.cp.state == CP_STOPPING && l->lcp.cp.why == CP_WHY_PEER)
		phase_end(l, PPP_END_PEER);
	return rx;
}

static enum ppp_rx rx_auth(struct ppp_link *l, msec_t now, const void *b,
			   size_t len)
{
	struct cp_packet p;

	if (!cp_parse(&p, b, len))
		return PPP_RX_MALFORMED;
	return l->authen.method->input(&l->authen, now, &p);
}

static bool in_network(const struct ppp_link *l)
{
	return l->phase == PPP_NETWORK || l->phase == PPP_UP;
}

/* Of one that is being closed, who it is is no longer asked, but it may be told again. */
static bool authenticates(const struct ppp_link *l, uint16_t proto)
{
	if (l->phase == PPP_TERMINATE && l->authen.state == AUTHEN_WAIT)
		return false;
	return l->authen.state != AUTHEN_IDLE && l->authen.method &&
	       (uint16_t)l->authen.method->kind == proto;
}

static bool ipv6_input(struct ppp_link *l, msec_t now, const struct rd *r)
{
	if (l->phase != PPP_UP || !l->ops->ipv6 ||
	    !(link_ncp_open(l) & PPP_IPV6))
		return false;
	l->ops->ipv6(l, now, r->p, rd_left(r));
	return true;
}

/* By who may speak now; false: nobody of that protocol. RFC 1661 3.4 to 3.7. */
static bool receive(struct ppp_link *l, msec_t now, uint16_t proto,
		    const struct rd *r)
{
	struct cp *ncp = in_network(l) ? link_ncp_find(l, proto) : NULL;
	enum ppp_rx rx;

	if (proto == PPP_PROTO_LCP)
		rx = rx_lcp(l, now, r->p, rd_left(r));
	else if (authenticates(l, proto))
		rx = rx_auth(l, now, r->p, rd_left(r));
	else if (ncp)
		rx = cp_input(ncp, now, r->p, rd_left(r));
	else if (proto == PPP_PROTO_IPV6)
		return ipv6_input(l, now, r);
	else
		return false;
	l->count->rx_malformed += rx == PPP_RX_MALFORMED;
	l->count->rx_unexpected += rx == PPP_RX_STRAY;
	return true;
}

static void unreceived(struct ppp_link *l, uint16_t proto, const void *frame,
		       size_t len)
{
	bool known = proto == PPP_PROTO_PAP || proto == PPP_PROTO_CHAP ||
		     link_ncp_speaks(l, proto);

	if (known || !in_network(l)) {
		l->count->rx_wrong_phase++;
		return;
	}
	l->count->rx_unknown_protocol++;
	lcp_protocol_reject(&l->lcp, frame, len);
}

/* The protocol field may be compressed (RFC 1661 6.5), though we did not ask. */
static uint16_t read_protocol(struct rd *r)
{
	uint16_t proto = rd_u8(r);

	return proto & 1 ? proto : (uint16_t)(proto << 8 | rd_u8(r));
}

void ppp_link_input(struct ppp_link *l, msec_t now, const void *frame,
		    size_t len)
{
	struct rd r = rd_make(frame, len);
	uint16_t proto = read_protocol(&r);

	if (l->phase == PPP_RELEASED || l->phase == PPP_DEAD) {
		l->count->rx_wrong_phase++;
		return;
	}
	if (r.err) {
		l->count->rx_malformed++;
		return;
	}
	phase_enter(l);
	ppp_link_heard(l, now);
	if (!receive(l, now, proto, &r))
		unreceived(l, proto, frame, len);
	phase_leave(l, now);
}

void ppp_link_heard(struct ppp_link *l, msec_t at)
{
	if (at > l->lcp.last_rx)
		l->lcp.last_rx = at;
}

void ppp_link_traffic(struct ppp_link *l, msec_t now, bool passed)
{
	phase_enter(l);
	link_limit_traffic(l, now, passed);
	phase_leave(l, now);
}

/* ------------------------------------------------------------ owner's calls */

void ppp_link_init(struct ppp_link *l, const struct ppp_link_ops *ops,
		   const struct ppp_conf *conf, struct timers *timers,
		   struct ppp_counters *count, void *user)
{
	*l = (struct ppp_link){
		.ops = ops,
		.conf = conf,
		.timers = timers,
		.timer.fn = on_timer,
		.count = count,
		.phase = PPP_DEAD,
		.peer_mru = LCP_MRU_DEFAULT,
		.our_mru = LCP_MRU_DEFAULT,
		.give_up_at = MSEC_NEVER,
		.user = user,
	};
	link_lcp_init(l);
	link_auth_init(l, 0, 0);
	link_limit_init(l);
}

void ppp_link_set_carrier(struct ppp_link *l, uint16_t mru)
{
	l->carrier_mru = mru;
	link_lcp_init(l);
}

void ppp_link_fini(struct ppp_link *l)
{
	timer_stop(l->timers, &l->timer);
	l->phase = PPP_DEAD;
	l->ended = false;
	if (!l->depth)
		phase_clear(l);
}

static void begin(struct ppp_link *l)
{
	l->ended = false;
	l->lcp_heard = false;
	l->ncp_failed = 0;
	phase_clear(l);
	link_lcp_init(l);
	link_auth_init(l, 0, 0);
}

void ppp_link_start(struct ppp_link *l, msec_t now)
{
	phase_enter(l);
	begin(l);
	phase_set(l, PPP_ESTABLISH);
	phase_limit(l, now);
	cp_event(&l->lcp.cp, now, CP_OPEN);
	cp_event(&l->lcp.cp, now, CP_UP);
	phase_leave(l, now);
}

int ppp_link_start_proxy(struct ppp_link *l, msec_t now,
			 const struct ppp_record *rec, const char **text)
{
	phase_enter(l);
	begin(l);
	*text = link_proxy_take(l, now, rec);
	phase_leave(l, now);
	return *text ? -EINVAL : 0;
}

void ppp_link_no_proxy(struct ppp_link *l, msec_t now)
{
	phase_enter(l);
	phase_end(l, PPP_END_NO_PROXY);
	phase_leave(l, now);
}

/* In its phase, or once more on a link that is up. */
bool ppp_link_asked(const struct ppp_link *l)
{
	return (l->phase == PPP_AUTHENTICATE || in_network(l)) && !l->ended &&
	       l->authen.state == AUTHEN_ASKED;
}

void ppp_link_accept(struct ppp_link *l, msec_t now, const struct ppp_ip *ip,
		     const char *message)
{
	if (!ppp_link_asked(l))
		return;
	phase_enter(l);
	link_auth_decide(l, AUTHEN_ACCEPTED, message);
	if (l->phase == PPP_AUTHENTICATE) {
		if (ip->session_timeout != l->ip.session_timeout)
			link_limit_init(l);
		l->ip = *ip;
		link_ncp_begin(l, now);
	}
	phase_leave(l, now);
}

void ppp_link_reject(struct ppp_link *l, msec_t now, const char *message)
{
	if (!ppp_link_asked(l))
		return;
	phase_enter(l);
	link_auth_decide(l, AUTHEN_REJECTED, message);
	phase_terminate(l, now, PPP_END_AUTH);
	phase_leave(l, now);
}

void ppp_link_release(struct ppp_link *l)
{
	if (l->ended || l->phase == PPP_DEAD)
		return;
	phase_set(l, PPP_RELEASED);
	timer_stop(l->timers, &l->timer);
}

void ppp_link_forget(struct ppp_link *l)
{
	record_drop(l);
}

bool ppp_link_has(const struct ppp_link *l, uint8_t network)
{
	return link_ncp_open(l) & network;
}

void ppp_link_limits(struct ppp_link *l, msec_t now, msec_t since,
		     unsigned int session, unsigned int idle)
{
	phase_enter(l);
	l->ip.idle_timeout = idle;
	if (l->ip.session_timeout != session) {
		l->ip.session_timeout = session;
		link_limit_change(l, now, since);
	}
	phase_leave(l, now);
}

void ppp_link_close(struct ppp_link *l, msec_t now)
{
	phase_enter(l);
	if (l->phase == PPP_RELEASED || l->phase == PPP_DEAD)
		phase_end(l, PPP_END_LOCAL);
	else
		phase_terminate(l, now, PPP_END_LOCAL);
	phase_leave(l, now);
}

bool ppp_link_resume(struct ppp_link *l, msec_t now, enum ppp_phase phase,
		     uint8_t open, const uint8_t ncp_id[PPP_NCPS])
{
	uint8_t lcp_id = l->lcp.cp.id;

	l->phase = phase;
	link_lcp_init(l);
	l->lcp.ours = (struct lcp_side){ .mru = l->our_mru,
					 .auth = l->auth_proto,
					 .magic = l->magic };
	l->lcp.peer =
		(struct lcp_side){ .mru = l->peer_mru, .magic = l->peer_magic };
	cp_set_opened(&l->lcp.cp, lcp_id);
	link_lcp_set_mtu(l);
	if (phase == PPP_UP && !link_ncp_resume(l, open, ncp_id))
		return false;
	link_auth_init(l, l->auth_proto, l->authen.id);
	l->authen.state = AUTHEN_ACCEPTED;
	l->give_up_at = MSEC_NEVER;
	lcp_keepalive_start(&l->lcp, now, l->conf->echo_interval,
			    l->conf->echo_failures);
	lcp_keepalive_spread(&l->lcp, now);
	link_limit_resume(l, now);
	timer_set(l->timers, &l->timer, phase_deadline(l));
	return true;
}
