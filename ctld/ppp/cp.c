// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Control protocols (RFC 1661 4): the automaton's table, its restart timer, and
 * the packets that it sends. cp_rx.c and link.c supply the events, lcp.c and
 * ipcp.c our options. It owns no clock and no buffer that outlives a call, but a
 * copy of our last request.
 */
#include "ppp/cp.h"

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
		.failures = CP_MAX_FAILURE,
		.answered = true,
	};
}

void cp_set_opened(struct cp *c, uint8_t id)
{
	c->state = CP_OPENED;
	c->id = id;
	c->restart_at = MSEC_NEVER;
	c->failures = CP_MAX_FAILURE;
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

bool cp_negotiating(enum cp_state s)
{
	return s == CP_REQ_SENT || s == CP_ACK_RCVD || s == CP_ACK_SENT;
}

/* A repeated request keeps its id, so that an answer to any copy is one; what was
 * answered is not repeated (RFC 1661 5.1).
 */
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

	cp_send(c, CP_CODE_REJECT, ++c->notice_id, p->data - CP_HLEN,
		len < max ? len : max);
}

/* ---------------------------------------------------------------- automaton */

static void act_send(struct cp *c, uint16_t a, const struct cp_step *s)
{
	const struct cp_packet *out = s->out;

	if (a & SCR)
		send_request(c, s->event == CP_TO_PLUS && !c->answered);
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
	if ((a & SCR) && !cp_negotiating(from)) {
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
	if (e == CP_TO_MINUS && cp_negotiating(c->state))
		c->why = CP_WHY_TIMEOUT;
	else if (e == CP_RTR && c->state == CP_OPENED)
		c->why = CP_WHY_PEER;
	else if (e == CP_RXJ_MINUS)
		c->why = CP_WHY_REFUSED;
}

/* The new state counts before the actions, so that an owner may act on this
 * protocol from within them; tlu and tlf come last for the same reason.
 */
void cp_step(struct cp *c, msec_t now, const struct cp_step *s)
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
	cp_step(c, now, &(struct cp_step){ .event = e });
}

void cp_packet_event(struct cp *c, msec_t now, enum cp_event e,
		     const struct cp_packet *p)
{
	cp_step(c, now, &(struct cp_step){ .event = e, .in = p });
}

void cp_tick(struct cp *c, msec_t now)
{
	if (now >= c->restart_at)
		cp_event(c, now, c->restarts ? CP_TO_PLUS : CP_TO_MINUS);
}
