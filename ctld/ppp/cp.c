// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Control protocols (RFC 1661 4 and 5): the automaton's table, its restart timer,
 * and the engine that exchanges options by a protocol's option table. lcp.c and
 * ipcp.c supply the tables, link.c the events. It owns no clock and no buffer
 * that outlives a call, but a copy of our last request.
 */
#include "ppp/cp.h"

#include <string.h>

enum cp_action {
	TLU = 1 << 0, /* this layer up */
	TLD = 1 << 1, /* this layer down */
	TLS = 1 << 2, /* this layer started */
	TLF = 1 << 3, /* this layer finished */
	IRC = 1 << 4, /* initialize restart count */
	ZRC = 1 << 5, /* zero restart count */
	SCR = 1 << 6, /* send Configure-Request */
	SCA = 1 << 7, /* send Configure-Ack */
	SCN = 1 << 8, /* send Configure-Nak or -Reject */
	STR = 1 << 9, /* send Terminate-Request */
	STA = 1 << 10, /* send Terminate-Ack */
	SCJ = 1 << 11, /* send Code-Reject */
	SER = 1 << 12, /* send Echo-Reply */
};

struct cell {
	uint16_t actions;
	uint8_t next; /* CP_NSTATES: cannot happen, ignored */
};

/* RFC 1661 4.1. Columns: Initial Starting Closed Stopped Closing Stopping
 * Req-Sent Ack-Rcvd Ack-Sent Opened.
 */
#define NO                    \
	{                     \
		0, CP_NSTATES \
	}
static const struct cell table[CP_NEVENTS][CP_NSTATES] = {
	/* clang-format off */
[CP_UP] = {
	{ 0, 2 }, { IRC | SCR, 6 }, NO, NO, NO, NO,
	NO, NO, NO, NO },
[CP_DOWN] = {
	NO, NO, { 0, 0 }, { TLS, 1 }, { 0, 0 }, { 0, 1 },
	{ 0, 1 }, { 0, 1 }, { 0, 1 }, { TLD, 1 } },
[CP_OPEN] = {
	{ TLS, 1 }, { 0, 1 }, { IRC | SCR, 6 }, { 0, 3 }, { 0, 5 }, { 0, 5 },
	{ 0, 6 }, { 0, 7 }, { 0, 8 }, { 0, 9 } },
[CP_CLOSE] = {
	{ 0, 0 }, { TLF, 0 }, { 0, 2 }, { 0, 2 }, { 0, 4 }, { 0, 4 },
	{ IRC | STR, 4 }, { IRC | STR, 4 }, { IRC | STR, 4 },
	{ TLD | IRC | STR, 4 } },
[CP_TO_PLUS] = {
	NO, NO, NO, NO, { STR, 4 }, { STR, 5 },
	{ SCR, 6 }, { SCR, 6 }, { SCR, 8 }, NO },
[CP_TO_MINUS] = {
	NO, NO, NO, NO, { TLF, 2 }, { TLF, 3 },
	{ TLF, 3 }, { TLF, 3 }, { TLF, 3 }, NO },
[CP_RCR_PLUS] = {
	NO, NO, { STA, 2 }, { IRC | SCR | SCA, 8 }, { 0, 4 }, { 0, 5 },
	{ SCA, 8 }, { SCA | TLU, 9 }, { SCA, 8 }, { TLD | SCR | SCA, 8 } },
[CP_RCR_MINUS] = {
	NO, NO, { STA, 2 }, { IRC | SCR | SCN, 6 }, { 0, 4 }, { 0, 5 },
	{ SCN, 6 }, { SCN, 7 }, { SCN, 6 }, { TLD | SCR | SCN, 6 } },
[CP_RCA] = {
	NO, NO, { STA, 2 }, { STA, 3 }, { 0, 4 }, { 0, 5 },
	{ IRC, 7 }, { SCR, 6 }, { IRC | TLU, 9 }, { TLD | SCR, 6 } },
[CP_RCN] = {
	NO, NO, { STA, 2 }, { STA, 3 }, { 0, 4 }, { 0, 5 },
	{ IRC | SCR, 6 }, { SCR, 6 }, { IRC | SCR, 8 }, { TLD | SCR, 6 } },
[CP_RTR] = {
	NO, NO, { STA, 2 }, { STA, 3 }, { STA, 4 }, { STA, 5 },
	{ STA, 6 }, { STA, 6 }, { STA, 6 }, { TLD | ZRC | STA, 5 } },
[CP_RTA] = {
	NO, NO, { 0, 2 }, { 0, 3 }, { TLF, 2 }, { TLF, 3 },
	{ 0, 6 }, { 0, 6 }, { 0, 8 }, { TLD | SCR, 6 } },
[CP_RUC] = {
	NO, NO, { SCJ, 2 }, { SCJ, 3 }, { SCJ, 4 }, { SCJ, 5 },
	{ SCJ, 6 }, { SCJ, 7 }, { SCJ, 8 }, { SCJ, 9 } },
[CP_RXJ_PLUS] = {
	NO, NO, { 0, 2 }, { 0, 3 }, { 0, 4 }, { 0, 5 },
	{ 0, 6 }, { 0, 6 }, { 0, 8 }, { 0, 9 } },
[CP_RXJ_MINUS] = {
	NO, NO, { TLF, 2 }, { TLF, 3 }, { TLF, 2 }, { TLF, 3 },
	{ TLF, 3 }, { TLF, 3 }, { TLF, 3 }, { TLD | IRC | STR, 5 } },
[CP_RXR] = {
	NO, NO, { 0, 2 }, { 0, 3 }, { 0, 4 }, { 0, 5 },
	{ 0, 6 }, { 0, 7 }, { 0, 8 }, { SER, 9 } },
	/* clang-format on */
};

static const char *const state_name[CP_NSTATES] = {
	"initial",  "starting", "closed",   "stopped",	"closing",
	"stopping", "req-sent", "ack-rcvd", "ack-sent", "opened",
};

const char *cp_state_name(enum cp_state s)
{
	return s < CP_NSTATES ? state_name[s] : "?";
}

void cp_init(struct cp *c, const struct cp_proto *proto,
	     const struct cp_owner *owner)
{
	*c = (struct cp){
		.proto = proto,
		.owner = owner,
		.state = CP_INITIAL,
		.restart_at = MSEC_NEVER,
		.mtu = CP_PACKET_MAX,
		.answered = true,
	};
}

void cp_set_opened(struct cp *c, uint8_t id)
{
	c->state = CP_OPENED;
	c->id = id;
	c->restart_at = MSEC_NEVER;
	c->answered = true;
}

void cp_set_stopped(struct cp *c, uint8_t id)
{
	cp_set_opened(c, id);
	c->state = CP_STOPPED;
}

/* -------------------------------------------------------------- packets out */

void cp_send(struct cp *c, uint8_t code, uint8_t id, const void *data,
	     size_t len)
{
	uint8_t frame[2 + CP_PACKET_MAX];
	struct wr w = wr_make(frame, sizeof(frame));
	size_t max = CP_PACKET_MAX - CP_HLEN;

	if (len > max)
		len = max;
	wr_u16(&w, c->proto->number);
	wr_u8(&w, code);
	wr_u8(&w, id);
	wr_u16(&w, (uint16_t)(CP_HLEN + len));
	wr_bytes(&w, data, len);
	c->owner->send(c, frame, wr_len(&w));
}

static bool negotiating(enum cp_state s)
{
	return s == CP_REQ_SENT || s == CP_ACK_RCVD || s == CP_ACK_SENT;
}

/* A repeated request keeps its id, so that an answer to any copy is one. */
static void send_request(struct cp *c, bool again)
{
	struct wr w = wr_make(c->request, sizeof(c->request));
	const struct cp_option *o = c->proto->options;

	if (!again) {
		for (size_t i = 0; i < c->proto->n_options; i++, o++) {
			uint8_t *at = w.p;

			if (!o->ask)
				continue;
			wr_u16(&w, (uint16_t)(o->number << 8));
			if (w.err || !o->ask(c, o, &w))
				w.p = at;
			else
				at[1] = (uint8_t)(w.p - at);
		}
		c->request_len = (uint8_t)wr_len(&w);
		c->id++;
	}
	c->answered = false;
	c->restarts -= c->restarts > 0;
	if (c->owner->exchanged)
		c->owner->exchanged(c, true, c->request, c->request_len);
	cp_send(c, CP_CONFIGURE_REQUEST, c->id, c->request, c->request_len);
}

static void send_terminate(struct cp *c)
{
	c->answered = true;
	c->restarts -= c->restarts > 0;
	cp_send(c, CP_TERMINATE_REQUEST, ++c->id, NULL, 0);
}

static void send_code_reject(struct cp *c, const struct cp_packet *p)
{
	size_t len = CP_HLEN + p->len;
	size_t max = c->mtu - CP_HLEN;

	cp_send(c, CP_CODE_REJECT, ++c->id, p->data - CP_HLEN,
		len < max ? len : max);
}

/* ---------------------------------------------------------------- automaton */

/* An event with all that its actions may need. */
struct step {
	enum cp_event event;
	const struct cp_packet *in;
	const struct cp_packet *out; /* the answer to a Configure-Request */
};

static void act_send(struct cp *c, uint16_t a, const struct step *s)
{
	const struct cp_packet *out = s->out;

	if (a & SCR)
		send_request(c, s->event == CP_TO_PLUS);
	if ((a & SCN) && out && out->code == CP_CONFIGURE_NAK)
		c->failures -= c->failures > 0;
	if ((a & (SCA | SCN)) && out)
		cp_send(c, out->code, s->in->id, out->data, out->len);
	if (a & STR)
		send_terminate(c);
	if (a & STA)
		cp_send(c, CP_TERMINATE_ACK, s->in ? s->in->id : c->id, NULL,
			0);
	if ((a & SCJ) && s->in)
		send_code_reject(c, s->in);
	if ((a & SER) && s->in)
		c->proto->reply(c, s->in);
}

static void act_timer(struct cp *c, msec_t now, uint16_t a)
{
	if (c->state < CP_CLOSING || c->state == CP_OPENED)
		c->restart_at = MSEC_NEVER;
	else if ((a & (SCR | STR | ZRC)) || c->restart_at == MSEC_NEVER)
		c->restart_at = now + CP_RESTART;
}

static void act_begin(struct cp *c, enum cp_state from, uint16_t a)
{
	if ((a & SCR) && !negotiating(from)) {
		c->refusals = 0;
		c->failures = CP_MAX_FAILURE;
		c->why = CP_WHY_LOCAL;
		c->restarts = CP_MAX_CONFIGURE;
		c->proto->reset(c);
	}
	if (a & IRC)
		c->restarts = a & STR ? CP_MAX_TERMINATE : CP_MAX_CONFIGURE;
	if (a & ZRC)
		c->restarts = 0;
	if (a & SCA) {
		c->failures = CP_MAX_FAILURE;
		c->proto->take(c);
	}
}

static void note_why(struct cp *c, enum cp_event e)
{
	if (e == CP_TO_MINUS && negotiating(c->state))
		c->why = CP_WHY_TIMEOUT;
	else if (e == CP_RTR && c->state == CP_OPENED)
		c->why = CP_WHY_PEER;
	else if (e == CP_RXJ_MINUS)
		c->why = CP_WHY_REFUSED;
}

/* The new state counts before the actions, so that an owner may act on this
 * protocol from within them; tlu and tlf come last for the same reason.
 */
static void step(struct cp *c, msec_t now, const struct step *s)
{
	enum cp_state from = c->state;
	const struct cell *cell = &table[s->event][from];
	uint16_t a = cell->actions;

	if (cell->next == CP_NSTATES)
		return;
	note_why(c, s->event);
	c->state = cell->next;
	if (a & TLD) {
		c->owner->down(c, now);
		if (c->state != cell->next)
			return;
	}
	act_begin(c, from, a);
	act_timer(c, now, a);
	if ((a & TLU) && c->proto->up_first) {
		c->owner->up(c, now);
		if (c->state != CP_OPENED)
			return;
		a &= ~TLU;
	}
	act_send(c, a, s);
	if (a & TLU)
		c->owner->up(c, now);
	if ((a & TLS) && c->owner->started)
		c->owner->started(c, now);
	if (a & TLF)
		c->owner->finished(c, now);
}

void cp_event(struct cp *c, msec_t now, enum cp_event e)
{
	step(c, now, &(struct step){ .event = e });
}

void cp_packet_event(struct cp *c, msec_t now, enum cp_event e,
		     const struct cp_packet *p)
{
	step(c, now, &(struct step){ .event = e, .in = p });
}

void cp_tick(struct cp *c, msec_t now)
{
	if (now >= c->restart_at)
		cp_event(c, now, c->restarts ? CP_TO_PLUS : CP_TO_MINUS);
}

/* --------------------------------------------------------------- packets in */

bool cp_parse(struct cp_packet *p, const void *packet, size_t len)
{
	struct rd r = rd_make(packet, len);
	size_t n;

	p->code = rd_u8(&r);
	p->id = rd_u8(&r);
	n = rd_u16(&r);
	if (n < CP_HLEN)
		return false;
	p->len = n - CP_HLEN;
	p->data = rd_bytes(&r, p->len);
	return !r.err;
}

bool cp_next_option(struct rd *r, uint8_t *number, struct rd *value)
{
	uint8_t len;

	if (!rd_left(r))
		return false;
	*number = rd_u8(r);
	len = rd_u8(r);
	if (len < 2)
		r->err = true;
	*value = rd_sub(r, len - 2u);
	return !r->err;
}

static bool well_formed(const struct cp_packet *p)
{
	struct rd r = rd_make(p->data, p->len);
	struct rd value;
	uint8_t number;

	while (cp_next_option(&r, &number, &value))
		;
	return !r.err;
}

static const struct cp_option *find_option(const struct cp *c, uint8_t number)
{
	for (size_t i = 0; i < c->proto->n_options; i++) {
		if (c->proto->options[i].number == number)
			return &c->proto->options[i];
	}
	return NULL;
}

/* Our own request had this option, with this value if `exact`. */
static bool asked_for(const struct cp *c, uint8_t number,
		      const struct rd *exact)
{
	struct rd r = rd_make(c->request, c->request_len);
	struct rd value;
	uint8_t n;

	while (cp_next_option(&r, &n, &value)) {
		if (n != number)
			continue;
		return !exact || (rd_left(exact) == rd_left(&value) &&
				  !memcmp(exact->p, value.p, rd_left(exact)));
	}
	return false;
}

static void put_option(struct wr *w, uint8_t number, const struct wr *value)
{
	wr_u8(w, number);
	wr_u8(w, (uint8_t)(2 + wr_len(value)));
	wr_bytes(w, value->start, wr_len(value));
}

/* Naks and Rejects, as they are collected. */
struct answer {
	struct wr nak, reject;
	uint8_t nak_buf[CP_OPTIONS_MAX], reject_buf[CP_OPTIONS_MAX];
	bool nak_only;
	bool hopeless;
};

/* o is NULL for what is unknown, and for what is there twice. */
static void judge(struct cp *c, struct answer *a, const struct cp_option *o,
		  uint8_t number, struct rd value)
{
	uint8_t buf[16];
	struct wr better = wr_make(buf, sizeof(buf));
	struct wr same = { .start = (uint8_t *)value.p,
			   .p = (uint8_t *)value.end };
	enum cp_verdict v = CP_REJECT;

	if (o && o->check) {
		size_t len = rd_left(&value);

		if (len < o->len_min || len > o->len_max)
			value = (struct rd){ .err = true };
		v = o->check(c, o, &value, &better);
	}
	if (v == CP_NAK && !c->failures) {
		v = CP_REJECT;
		a->hopeless |= o->wrong_ends;
	}
	if (v == CP_NAK_ONLY) {
		a->nak = wr_make(a->nak_buf, sizeof(a->nak_buf));
		a->nak_only = true;
	}
	if (v == CP_REJECT)
		put_option(&a->reject, number, &same);
	else if (v == CP_NAK_ONLY || (v == CP_NAK && !a->nak_only))
		put_option(&a->nak, number, &better);
}

static void judge_absent(struct cp *c, struct answer *a, uint32_t seen)
{
	const struct cp_option *o = c->proto->options;

	for (size_t i = 0; i < c->proto->n_options; i++, o++) {
		uint8_t buf[16];
		struct wr better = wr_make(buf, sizeof(buf));

		if (seen & 1u << i || !o->absent || a->nak_only)
			continue;
		if (!c->failures)
			a->hopeless |= o->absent_ends;
		else if (o->absent(c, o, &better))
			put_option(&a->nak, o->number, &better);
	}
}

static void judge_all(struct cp *c, struct answer *a, const struct cp_packet *p)
{
	struct rd r = rd_make(p->data, p->len);
	struct rd value;
	uint32_t seen = 0;
	uint8_t number;

	a->nak_only = a->hopeless = false;
	a->nak = wr_make(a->nak_buf, sizeof(a->nak_buf));
	a->reject = wr_make(a->reject_buf, sizeof(a->reject_buf));
	c->proto->begin(c);
	while (cp_next_option(&r, &number, &value)) {
		const struct cp_option *o = find_option(c, number);
		uint32_t bit = o ? 1u << (o - c->proto->options) : 0;

		judge(c, a, seen & bit ? NULL : o, number, value);
		seen |= bit;
	}
	judge_absent(c, a, seen);
}

static enum ppp_rx rx_request(struct cp *c, msec_t now,
			      const struct cp_packet *p)
{
	struct cp_packet out = *p;
	struct step s = { .event = CP_RCR_MINUS, .in = p, .out = &out };
	struct answer a;

	if (p->len > CP_OPTIONS_MAX || !well_formed(p))
		return PPP_RX_MALFORMED;
	if (c->owner->exchanged)
		c->owner->exchanged(c, false, p->data, p->len);
	judge_all(c, &a, p);
	if (a.hopeless && negotiating(c->state)) {
		c->owner->hopeless(c, now);
		return PPP_RX_OK;
	}
	if (wr_len(&a.reject) && !a.nak_only) {
		out.code = CP_CONFIGURE_REJECT;
		out.data = a.reject_buf;
		out.len = wr_len(&a.reject);
	} else if (wr_len(&a.nak)) {
		out.code = CP_CONFIGURE_NAK;
		out.data = a.nak_buf;
		out.len = wr_len(&a.nak);
	} else {
		out.code = CP_CONFIGURE_ACK;
		s.event = CP_RCR_PLUS;
	}
	step(c, now, &s);
	return PPP_RX_OK;
}

static enum ppp_rx rx_ack(struct cp *c, msec_t now, const struct cp_packet *p)
{
	if (p->id != c->id || c->answered || p->len != c->request_len ||
	    memcmp(p->data, c->request, p->len))
		return PPP_RX_STRAY;
	c->answered = true;
	c->refusals = 0;
	cp_packet_event(c, now, CP_RCA, p);
	return PPP_RX_OK;
}

/* Takes the peer's counter-proposals; false: no agreement is possible. */
static bool take_refusals(struct cp *c, const struct cp_packet *p)
{
	struct rd r = rd_make(p->data, p->len);
	struct rd value;
	bool nak = p->code == CP_CONFIGURE_NAK;
	uint8_t number;

	if (++c->refusals > CP_MAX_REFUSALS)
		return false;
	while (cp_next_option(&r, &number, &value)) {
		const struct cp_option *o = find_option(c, number);
		size_t len = rd_left(&value);

		if (!o || !o->refused || !asked_for(c, number, NULL))
			continue;
		if (nak && (len < o->len_min || len > o->len_max))
			continue;
		if (!o->refused(c, o, nak ? &value : NULL))
			return false;
	}
	return true;
}

static enum ppp_rx rx_refusal(struct cp *c, msec_t now,
			      const struct cp_packet *p)
{
	struct rd r = rd_make(p->data, p->len);
	struct rd value;
	uint8_t number;

	if (p->id != c->id || c->answered)
		return PPP_RX_STRAY;
	while (cp_next_option(&r, &number, &value)) {
		if (p->code == CP_CONFIGURE_REJECT &&
		    !asked_for(c, number, &value))
			return PPP_RX_STRAY;
	}
	if (r.err)
		return PPP_RX_MALFORMED;
	c->answered = true;
	if (negotiating(c->state) && !take_refusals(c, p))
		c->owner->hopeless(c, now);
	else
		cp_packet_event(c, now, CP_RCN, p);
	return PPP_RX_OK;
}

static enum ppp_rx rx_terminate(struct cp *c, msec_t now,
				const struct cp_packet *p)
{
	cp_packet_event(c, now,
			p->code == CP_TERMINATE_REQUEST ? CP_RTR : CP_RTA, p);
	return PPP_RX_OK;
}

static enum ppp_rx rx_code_reject(struct cp *c, msec_t now,
				  const struct cp_packet *p)
{
	if (!p->len)
		return PPP_RX_MALFORMED;
	cp_packet_event(c, now,
			p->data[0] <= CP_CODE_REJECT ? CP_RXJ_MINUS :
						       CP_RXJ_PLUS,
			p);
	return PPP_RX_OK;
}

static enum ppp_rx (*const by_code[])(struct cp *c, msec_t now,
				      const struct cp_packet *p) = {
	[CP_CONFIGURE_REQUEST] = rx_request,
	[CP_CONFIGURE_ACK] = rx_ack,
	[CP_CONFIGURE_NAK] = rx_refusal,
	[CP_CONFIGURE_REJECT] = rx_refusal,
	[CP_TERMINATE_REQUEST] = rx_terminate,
	[CP_TERMINATE_ACK] = rx_terminate,
	[CP_CODE_REJECT] = rx_code_reject,
};

enum ppp_rx cp_input(struct cp *c, msec_t now, const void *packet, size_t len)
{
	struct cp_packet p;

	if (!cp_parse(&p, packet, len))
		return PPP_RX_MALFORMED;
	if (c->state < CP_CLOSED)
		return PPP_RX_STRAY;
	if (p.code < sizeof(by_code) / sizeof(*by_code) && by_code[p.code])
		return by_code[p.code](c, now, &p);
	if (!c->proto->other || !c->proto->other(c, now, &p))
		cp_packet_event(c, now, CP_RUC, &p);
	return PPP_RX_OK;
}
