// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The phases of a PPP link (RFC 1661 3.2), which protocol may speak in which, its
 * one timer, keepalive, and what of it survives a restart. It joins LCP, PAP,
 * CHAP and IPCP, which do not know of each other; bng calls it.
 *
 * Every call from outside goes through enter and leave: only the outermost leave
 * arms the timer and tells the owner of the end, as its last act, so that an
 * owner may call back from within any callback, and free the link in ops->down.
 */
#include "ppp/link.h"

#include "adit/wire.h"
#include "base/crypt.h"
#include "ppp/chap.h"
#include "ppp/pap.h"

#include <errno.h>
#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))

/* In the order of their enums. */
static const char *const phase_name[PPP_NPHASES] = {
	"dead", "establish", "auth", "network", "up", "released", "terminate",
};

static const char *const end_name[] = {
	"peer terminated",
	"closed",
	"timeout",
	"peer is silent",
	"authentication failed",
	"no agreement",
	"line is looped",
};

/* By enum cp_why. */
static const enum ppp_end end_of_cp[] = { PPP_END_LOCAL, PPP_END_TIMEOUT,
					  PPP_END_PEER, PPP_END_NEGOTIATION };
static const struct authen_method *const methods[] = { &chap_method,
						       &pap_method };

const char *ppp_phase_name(enum ppp_phase p)
{
	return p < PPP_NPHASES ? phase_name[p] : "?";
}

const char *ppp_end_name(enum ppp_end e)
{
	return e < ARRAY_SIZE(end_name) ? end_name[e] : "?";
}

/* ---------------------------------------------------- in, out, phase and end */

static void enter(struct ppp_link *l)
{
	l->depth++;
}

static msec_t deadline(const struct ppp_link *l)
{
	msec_t at = MSEC_NEVER;

	if (l->phase == PPP_RELEASED || l->phase == PPP_DEAD)
		return at;
	at = msec_min(at, l->lcp.cp.restart_at);
	at = msec_min(at, l->ipcp.cp.restart_at);
	at = msec_min(at, l->authen.at);
	at = msec_min(at, l->give_up_at);
	return l->phase == PPP_UP ? msec_min(at, l->lcp.echo_at) : at;
}

static void leave(struct ppp_link *l, msec_t now)
{
	msec_t at;

	if (--l->depth)
		return;
	if (l->ended) {
		l->phase = PPP_DEAD;
		l->ended = false;
		timer_stop(l->timers, &l->timer);
		l->ops->down(l, now, l->why);
		return;
	}
	at = deadline(l);
	if (!l->timer.slot || l->timer.at != at)
		timer_set(l->timers, &l->timer, at);
}

bool ppp_phase_lasts(enum ppp_phase p)
{
	return p == PPP_UP || p == PPP_RELEASED;
}

static void set_phase(struct ppp_link *l, enum ppp_phase p)
{
	bool tell = ppp_phase_lasts(l->phase) || ppp_phase_lasts(p);

	if (l->phase == p)
		return;
	l->phase = p;
	if (tell && l->ops->changed)
		l->ops->changed(l);
}

static void set_limit(struct ppp_link *l, msec_t now)
{
	l->give_up_at = l->conf->auth_timeout ?
				now + SECONDS(l->conf->auth_timeout) :
				MSEC_NEVER;
}

static void end(struct ppp_link *l, enum ppp_end why)
{
	if (l->ended)
		return;
	l->ended = true;
	l->why = why;
}

/* Terminate-Request, and wait for its Ack. */
static void terminate(struct ppp_link *l, msec_t now, enum ppp_end why)
{
	if (l->ended || l->phase == PPP_TERMINATE)
		return;
	l->why = why;
	l->give_up_at = MSEC_NEVER;
	l->authen.at = MSEC_NEVER;
	set_phase(l, PPP_TERMINATE);
	cp_event(&l->lcp.cp, now, CP_CLOSE);
	if (l->lcp.cp.state <= CP_STOPPED)
		end(l, why);
}

/* Terminate-Request to a peer from which no Ack is expected. */
static void abandon(struct ppp_link *l, msec_t now, enum ppp_end why)
{
	terminate(l, now, why);
	end(l, why);
}

static void send_frame(struct ppp_link *l, const void *frame, size_t len)
{
	if (l->phase != PPP_RELEASED)
		l->ops->send(l, frame, len);
}

/* ----------------------------------------------------------- authentication */

static struct ppp_link *of_authen(struct authen *a)
{
	return container_of(a, struct ppp_link, authen);
}

static void authen_send(struct authen *a, const void *frame, size_t len)
{
	send_frame(of_authen(a), frame, len);
}

static void authen_ask(struct authen *a, msec_t now)
{
	of_authen(a)->ops->auth(of_authen(a), now);
}

static void authen_gave_up(struct authen *a, msec_t now)
{
	abandon(of_authen(a), now, PPP_END_TIMEOUT);
}

static const struct authen_owner authen_owner = {
	.send = authen_send,
	.ask = authen_ask,
	.gave_up = authen_gave_up,
};

static void authen_init(struct ppp_link *l, uint16_t proto, uint8_t id)
{
	l->authen = (struct authen){
		.owner = &authen_owner,
		.record = &l->record.auth,
		.name = l->conf->name ? l->conf->name : "",
		.id = id,
		.at = MSEC_NEVER,
	};
	for (size_t i = 0; i < ARRAY_SIZE(methods); i++) {
		if (methods[i]->proto == proto)
			l->authen.method = methods[i];
	}
}

/* record.auth is there already. */
static void authen_begin_asked(struct ppp_link *l, msec_t now)
{
	authen_init(l, l->record.auth.proto, l->record.auth.id);
	l->authen.state = AUTHEN_ASKED;
	l->ops->auth(l, now);
}

static void authen_begin(struct ppp_link *l, msec_t now, uint8_t id)
{
	l->record.auth = (struct ppp_auth){ 0 };
	if (!l->auth_proto) {
		authen_begin_asked(l, now);
		return;
	}
	authen_init(l, l->auth_proto, id);
	l->authen.method->start(&l->authen, now);
}

static void authen_decide(struct ppp_link *l, enum authen_state state,
			  const char *message)
{
	struct authen *a = &l->authen;

	a->state = state;
	if (state == AUTHEN_ACCEPTED)
		l->count->auth_ok++;
	else
		l->count->auth_failed++;
	explicit_bzero(a->record->response, sizeof(a->record->response));
	a->record->response_len = 0;
	if (a->method)
		a->method->answer(a, a->id, message ? message : "");
}

/* --------------------------------------------------------------------- IPCP */

static struct ppp_link *of_ipcp(struct cp *c)
{
	return container_of(c, struct ppp_link, ipcp.cp);
}

static void ipcp_send(struct cp *c, const void *frame, size_t len)
{
	send_frame(of_ipcp(c), frame, len);
}

static void ipcp_up(struct cp *c, msec_t now)
{
	struct ppp_link *l = of_ipcp(c);

	l->give_up_at = MSEC_NEVER;
	lcp_keepalive_start(&l->lcp, now, l->conf->echo_interval,
			    l->conf->echo_failures);
	set_phase(l, PPP_UP);
	l->ops->up(l, now);
}

static void ipcp_down(struct cp *c, msec_t now)
{
	struct ppp_link *l = of_ipcp(c);

	if (l->phase != PPP_UP)
		return;
	set_phase(l, PPP_NETWORK);
	set_limit(l, now);
}

static void ipcp_finished(struct cp *c, msec_t now)
{
	terminate(of_ipcp(c), now, end_of_cp[c->why]);
}

static void ipcp_hopeless(struct cp *c, msec_t now)
{
	terminate(of_ipcp(c), now, PPP_END_NEGOTIATION);
}

static const struct cp_owner ipcp_owner = {
	.send = ipcp_send,
	.up = ipcp_up,
	.down = ipcp_down,
	.finished = ipcp_finished,
	.hopeless = ipcp_hopeless,
};

static void setup_ipcp(struct ppp_link *l)
{
	struct ipcp_conf conf = { .local = addr_to_v4(&l->ip.local),
				  .peer = addr_to_v4(&l->ip.peer) };

	for (size_t i = 0; i < IPCP_DNS_MAX; i++)
		conf.dns[i] = addr_to_v4(&l->ip.dns[i]);
	ipcp_init(&l->ipcp, &conf, &ipcp_owner);
	l->ipcp.cp.mtu = l->lcp.cp.mtu;
}

static void begin_network(struct ppp_link *l, msec_t now)
{
	set_phase(l, PPP_NETWORK);
	set_limit(l, now);
	setup_ipcp(l);
	cp_event(&l->ipcp.cp, now, CP_OPEN);
	cp_event(&l->ipcp.cp, now, CP_UP);
}

/* ---------------------------------------------------------------------- LCP */

static struct ppp_link *of_lcp(struct cp *c)
{
	return container_of(c, struct ppp_link, lcp.cp);
}

static void lcp_send(struct cp *c, const void *frame, size_t len)
{
	send_frame(of_lcp(c), frame, len);
}

static uint16_t peer_mru_max(const struct ppp_conf *conf)
{
	return conf->peer_mru_max ? conf->peer_mru_max : PPPOE_MRU_MAX;
}

static void set_mtu(struct ppp_link *l)
{
	l->lcp.cp.mtu = l->peer_mru < CP_PACKET_MAX ? l->peer_mru :
						      CP_PACKET_MAX;
}

static void take_lcp(struct ppp_link *l, uint16_t mru_max)
{
	l->auth_proto = l->lcp.ours.auth;
	l->our_mru = l->lcp.ours.mru;
	l->magic = l->lcp.ours.magic;
	l->peer_magic = l->lcp.peer.magic;
	l->peer_mru = l->lcp.peer.mru < mru_max ? l->lcp.peer.mru : mru_max;
	set_mtu(l);
	set_phase(l, PPP_AUTHENTICATE);
}

static void lcp_up(struct cp *c, msec_t now)
{
	struct ppp_link *l = of_lcp(c);

	take_lcp(l, peer_mru_max(l->conf));
	authen_begin(l, now, (uint8_t)crypt_random_u16());
}

static void lcp_down(struct cp *c, msec_t now)
{
	struct ppp_link *l = of_lcp(c);

	l->authen.at = MSEC_NEVER;
	if (l->phase != PPP_TERMINATE) {
		l->authen.state = AUTHEN_IDLE;
		set_phase(l, PPP_ESTABLISH);
		/* One that was up has its time again, no other. */
		if (l->give_up_at == MSEC_NEVER)
			set_limit(l, now);
	}
	cp_event(&l->ipcp.cp, now, CP_DOWN);
}

static void lcp_finished(struct cp *c, msec_t now)
{
	struct ppp_link *l = of_lcp(c);

	(void)now;
	end(l, l->phase == PPP_TERMINATE ? l->why : end_of_cp[c->why]);
}

static void lcp_hopeless(struct cp *c, msec_t now)
{
	terminate(of_lcp(c), now, PPP_END_NEGOTIATION);
}

static void note_confreq(struct ppp_confreq *to, const void *b, size_t len)
{
	if (len)
		memcpy(to->b, b, len);
	to->len = (uint16_t)len;
}

static void lcp_exchanged(struct cp *c, bool sent, const void *b, size_t len)
{
	struct ppp_record *rec = &of_lcp(c)->record;

	if (sent) {
		note_confreq(&rec->last_tx, b, len);
		return;
	}
	if (!rec->first_rx.len || c->state == CP_OPENED)
		note_confreq(&rec->first_rx, b, len);
	note_confreq(&rec->last_rx, b, len);
}

static void lcp_protocol_rejected(struct lcp *lcp, msec_t now, uint16_t proto)
{
	struct ppp_link *l = container_of(lcp, struct ppp_link, lcp);

	if (proto == PPP_PROTO_IPCP)
		cp_event(&l->ipcp.cp, now, CP_RXJ_MINUS);
	else if (proto == l->auth_proto && l->phase == PPP_AUTHENTICATE)
		terminate(l, now, PPP_END_NEGOTIATION);
}

static void lcp_looped(struct lcp *lcp, msec_t now)
{
	abandon(container_of(lcp, struct ppp_link, lcp), now, PPP_END_LOOP);
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
};

static void setup_lcp(struct ppp_link *l)
{
	struct lcp_conf conf = { .mru = l->conf->mru,
				 .peer_mru_max = peer_mru_max(l->conf) };

	memcpy(conf.auth, l->conf->auth, sizeof(conf.auth));
	lcp_init(&l->lcp, &conf, &lcp_owner);
}

/* -------------------------------------------------------------------- timer */

static void on_timer(struct timer *t, msec_t now)
{
	struct ppp_link *l = container_of(t, struct ppp_link, timer);

	enter(l);
	cp_tick(&l->lcp.cp, now);
	if (!l->ended)
		cp_tick(&l->ipcp.cp, now);
	if (!l->ended)
		authen_tick(&l->authen, now);
	if (!l->ended && now >= l->give_up_at)
		abandon(l, now, PPP_END_TIMEOUT);
	if (!l->ended && l->phase == PPP_UP && !lcp_keepalive(&l->lcp, now))
		abandon(l, now, PPP_END_ECHO);
	leave(l, now);
}

/* -------------------------------------------------------------------- input */

static enum ppp_rx rx_lcp(struct ppp_link *l, msec_t now, const void *b,
			  size_t len)
{
	enum ppp_rx rx = lcp_input(&l->lcp, now, b, len);

	/* Its Ack has left. What follows is the carrier's end, not a wait. */
	if (l->lcp.cp.state == CP_STOPPING && l->lcp.cp.why == CP_WHY_PEER)
		end(l, PPP_END_PEER);
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
	enter(l);
	ppp_link_heard(l, now);
	fn = receiver(l, proto);
	if (fn) {
		rx = fn(l, now, r.p, rd_left(&r));
		l->count->rx_malformed += rx == PPP_RX_MALFORMED;
		l->count->rx_unexpected += rx == PPP_RX_STRAY;
	} else {
		unreceived(l, proto, frame, len);
	}
	leave(l, now);
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
	setup_lcp(l);
	setup_ipcp(l);
	authen_init(l, 0, 0);
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
	setup_lcp(l);
	setup_ipcp(l);
	authen_init(l, 0, 0);
}

void ppp_link_start(struct ppp_link *l, msec_t now)
{
	enter(l);
	begin(l);
	set_phase(l, PPP_ESTABLISH);
	set_limit(l, now);
	cp_event(&l->lcp.cp, now, CP_OPEN);
	cp_event(&l->lcp.cp, now, CP_UP);
	leave(l, now);
}

static const char *check_proxy(struct ppp_link *l, const struct ppp_record *rec)
{
	const struct ppp_auth *a = &rec->auth;
	struct lcp_proxy p = {
		.sent = rec->last_tx.b,
		.sent_len = rec->last_tx.len,
		.received = rec->last_rx.b,
		.received_len = rec->last_rx.len,
		.mru_max = l->conf->lenient_mru ? UINT16_MAX :
			   l->conf->mru		? l->conf->mru :
						  LCP_MRU_DEFAULT,
	};
	const char *text;

	text = lcp_adopt(&l->lcp, &p);
	if (text)
		return text;
	if (a->proto && a->proto != l->lcp.ours.auth)
		return "proxy authentication: not the protocol of proxy LCP";
	if (a->challenge_len > PPP_CHALLENGE_MAX ||
	    !memchr(a->name, '\0', sizeof(a->name)))
		return "proxy authentication: malformed";
	return NULL;
}

static bool has_response(const struct ppp_auth *a)
{
	if (a->proto == PPP_PROTO_CHAP)
		return a->challenge_len && a->response_len == MD5_LEN;
	return a->proto == PPP_PROTO_PAP && a->response_len;
}

int ppp_link_start_proxy(struct ppp_link *l, msec_t now,
			 const struct ppp_record *rec, const char **text)
{
	uint16_t mru = l->conf->mru ? l->conf->mru : LCP_MRU_DEFAULT;

	begin(l);
	*text = check_proxy(l, rec);
	if (*text) {
		setup_lcp(l);
		return -EINVAL;
	}
	enter(l);
	l->record = *rec;
	take_lcp(l, mru);
	set_limit(l, now);
	if (!l->auth_proto || has_response(&rec->auth))
		authen_begin_asked(l, now);
	else
		authen_begin(l, now, rec->auth.id);
	leave(l, now);
	return 0;
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
	enter(l);
	l->ip = *ip;
	authen_decide(l, AUTHEN_ACCEPTED, message);
	begin_network(l, now);
	leave(l, now);
}

void ppp_link_reject(struct ppp_link *l, msec_t now, const char *message)
{
	if (!undecided(l))
		return;
	enter(l);
	authen_decide(l, AUTHEN_REJECTED, message);
	terminate(l, now, PPP_END_AUTH);
	leave(l, now);
}

void ppp_link_release(struct ppp_link *l)
{
	if (l->ended || l->phase == PPP_DEAD)
		return;
	set_phase(l, PPP_RELEASED);
	timer_stop(l->timers, &l->timer);
}

void ppp_link_close(struct ppp_link *l, msec_t now)
{
	enter(l);
	if (l->phase == PPP_RELEASED || l->phase == PPP_DEAD)
		end(l, PPP_END_LOCAL);
	else
		terminate(l, now, PPP_END_LOCAL);
	leave(l, now);
}

void ppp_link_resume(struct ppp_link *l, msec_t now, enum ppp_phase phase)
{
	uint8_t lcp_id = l->lcp.cp.id, ipcp_id = l->ipcp.cp.id;

	l->phase = phase;
	setup_lcp(l);
	l->lcp.ours = (struct lcp_side){ .mru = l->our_mru,
					 .auth = l->auth_proto,
					 .magic = l->magic };
	l->lcp.peer =
		(struct lcp_side){ .mru = l->peer_mru, .magic = l->peer_magic };
	cp_set_opened(&l->lcp.cp, lcp_id);
	set_mtu(l);
	setup_ipcp(l);
	cp_set_opened(&l->ipcp.cp, ipcp_id);
	authen_init(l, l->auth_proto, l->authen.id);
	l->authen.state = AUTHEN_ACCEPTED;
	l->give_up_at = MSEC_NEVER;
	lcp_keepalive_start(&l->lcp, now, l->conf->echo_interval,
			    l->conf->echo_failures);
	lcp_keepalive_spread(&l->lcp, now);
	timer_set(l->timers, &l->timer, deadline(l));
}
