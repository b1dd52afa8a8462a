// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A link as its owner calls it: frames in, the timer, start, answers, close,
 * resume. Each call is one event; what a phase does with it is in the phase's
 * file.
 */
#include "ppp/link.h"

#include "adit/wire.h"
#include "ppp/link_auth.h"
#include "ppp/link_lcp.h"
#include "ppp/link_ncp.h"
#include "ppp/link_proxy.h"
#include "ppp/phase.h"

#include <errno.h>

/* -------------------------------------------------------------------- timer */

static void on_timer(struct timer *t, msec_t now)
{
	struct ppp_link *l = container_of(t, struct ppp_link, timer);

	phase_enter(l);
	cp_tick(&l->lcp.cp, now);
	if (!l->ended)
		cp_tick(&l->ipcp.cp, now);
	if (!l->ended)
		authen_tick(&l->authen, now);
	if (!l->ended && now >= l->give_up_at)
		phase_abandon(l, now, PPP_END_TIMEOUT);
	if (!l->ended && l->phase == PPP_UP && !lcp_keepalive(&l->lcp, now))
		phase_abandon(l, now, PPP_END_ECHO);
	phase_leave(l, now);
}

/* -------------------------------------------------------------------- input */

static enum ppp_rx rx_lcp(struct ppp_link *l, msec_t now, const void *b,
			  size_t len)
{
	enum ppp_rx rx = lcp_input(&l->lcp, now, b, len);

	/* Its Ack has left. What follows is the carrier's end, not a wait. */
	if (l->lcp.cp.state == CP_STOPPING && l->lcp.cp.why == CP_WHY_PEER)
		phase_end(l, PPP_END_PEER);
	return rx;
}

static enum ppp_rx rx_ipcp(struct ppp_link *l, msec_t now, const void *b,
			   size_t len)
{
	return cp_input(&l->ipcp.cp, now, b, len);
}

static enum ppp_rx rx_auth(struct ppp_link *l, msec_t now, const void *b,
			   size_t len)
{
	struct cp_packet p;

	if (!cp_parse(&p, b, len))
		return PPP_RX_MALFORMED;
	return l->authen.method->input(&l->authen, now, &p);
}

typedef enum ppp_rx rx_fn(struct ppp_link *l, msec_t now, const void *b,
			  size_t len);

/* Who may speak now; NULL: to be dropped. RFC 1661 3.4 to 3.7. */
static rx_fn *receiver(struct ppp_link *l, uint16_t proto)
{
	bool network = l->phase == PPP_NETWORK || l->phase == PPP_UP;

	switch (proto) {
	case PPP_PROTO_LCP:
		return rx_lcp;
	case PPP_PROTO_PAP:
	case PPP_PROTO_CHAP:
		if (l->authen.state == AUTHEN_IDLE || !l->authen.method)
			return NULL;
		return l->authen.method->proto == proto ? rx_auth : NULL;
	case PPP_PROTO_IPCP:
		return network ? rx_ipcp : NULL;
	}
	return NULL;
}

static void unreceived(struct ppp_link *l, uint16_t proto, const void *frame,
		       size_t len)
{
	bool known = proto == PPP_PROTO_PAP || proto == PPP_PROTO_CHAP ||
		     proto == PPP_PROTO_IPCP || proto == PPP_PROTO_IPV4;

	if (known || (l->phase != PPP_NETWORK && l->phase != PPP_UP)) {
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
	enum ppp_rx rx;
	rx_fn *fn;

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
	fn = receiver(l, proto);
	if (fn) {
		rx = fn(l, now, r.p, rd_left(&r));
		l->count->rx_malformed += rx == PPP_RX_MALFORMED;
		l->count->rx_unexpected += rx == PPP_RX_STRAY;
	} else {
		unreceived(l, proto, frame, len);
	}
	phase_leave(l, now);
}

void ppp_link_heard(struct ppp_link *l, msec_t at)
{
	if (at > l->lcp.last_rx)
		l->lcp.last_rx = at;
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
	link_ncp_init(l);
	link_auth_init(l, 0, 0);
}

void ppp_link_fini(struct ppp_link *l)
{
	timer_stop(l->timers, &l->timer);
	l->phase = PPP_DEAD;
	l->ended = false;
}

static void begin(struct ppp_link *l)
{
	l->ended = false;
	l->record = (struct ppp_record){ 0 };
	link_lcp_init(l);
	link_ncp_init(l);
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

static bool undecided(const struct ppp_link *l)
{
	return l->phase == PPP_AUTHENTICATE && !l->ended &&
	       l->authen.state == AUTHEN_ASKED;
}

void ppp_link_accept(struct ppp_link *l, msec_t now, const struct ppp_ip *ip,
		     const char *message)
{
	if (!undecided(l))
		return;
	phase_enter(l);
	l->ip = *ip;
	link_auth_decide(l, AUTHEN_ACCEPTED, message);
	link_ncp_begin(l, now);
	phase_leave(l, now);
}

void ppp_link_reject(struct ppp_link *l, msec_t now, const char *message)
{
	if (!undecided(l))
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

void ppp_link_close(struct ppp_link *l, msec_t now)
{
	phase_enter(l);
	if (l->phase == PPP_RELEASED || l->phase == PPP_DEAD)
		phase_end(l, PPP_END_LOCAL);
	else
		phase_terminate(l, now, PPP_END_LOCAL);
	phase_leave(l, now);
}

void ppp_link_resume(struct ppp_link *l, msec_t now, enum ppp_phase phase)
{
	uint8_t lcp_id = l->lcp.cp.id, ipcp_id = l->ipcp.cp.id;

	l->phase = phase;
	link_lcp_init(l);
	l->lcp.ours = (struct lcp_side){ .mru = l->our_mru,
					 .auth = l->auth_proto,
					 .magic = l->magic };
	l->lcp.peer =
		(struct lcp_side){ .mru = l->peer_mru, .magic = l->peer_magic };
	cp_set_opened(&l->lcp.cp, lcp_id);
	link_lcp_set_mtu(l);
	link_ncp_init(l);
	cp_set_opened(&l->ipcp.cp, ipcp_id);
	link_auth_init(l, l->auth_proto, l->authen.id);
	l->authen.state = AUTHEN_ACCEPTED;
	l->give_up_at = MSEC_NEVER;
	lcp_keepalive_start(&l->lcp, now, l->conf->echo_interval,
			    l->conf->echo_failures);
	lcp_keepalive_spread(&l->lcp, now);
	timer_set(l->timers, &l->timer, phase_deadline(l));
}
