// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Packets of control protocols (RFC 1661 5): what came as an event of the
 * automaton (ppp/cp), options judged one by one as the protocol's table says.
 * Called by link.c, lcp.c, ipcp.c. It owns nothing.
 */
#include "ppp/cp_rx.h"

#include <string.h>

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
	struct cp_step s = { .event = CP_RCR_MINUS, .in = p, .out = &out };
	struct answer a;

	if (p->len > CP_OPTIONS_MAX || !well_formed(p))
		return PPP_RX_MALFORMED;
	if (c->owner->exchanged)
		c->owner->exchanged(c, false, p->data, p->len);
	judge_all(c, &a, p);
	if (a.hopeless && cp_negotiating(c->state)) {
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
	cp_step(c, now, &s);
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
	if (cp_negotiating(c->state) && !take_refusals(c, p))
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
