/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls and messages; see call.h. Called by l2tp/call_machine. */
#include "l2tp/call.h"

#include "base/log.h"
#include "l2tp/dict.h"

#include <stddef.h>
#include <string.h>

/* Where an AVP lies in a message and in a call. */
struct field {
	enum avp_type avp;
	uint16_t msg;
	uint16_t call;
};

#define IN(avp, m, c)                                    \
	{                                                \
		AVP_##avp, offsetof(struct l2tp_msg, m), \
			offsetof(struct l2tp_call, c)    \
	}

static const struct field numbers[] = {
	IN(SERIAL, serial, serial),
	IN(MIN_BPS, min_bps, min_bps),
	IN(MAX_BPS, max_bps, max_bps),
	IN(BEARER_TYPE, bearer_type, bearer_type),
	IN(FRAMING_TYPE, framing_type, framing_type),
	IN(TX_SPEED, tx_speed, tx_speed),
};

static const struct field texts[] = {
	IN(CALLED, called, called),
	IN(CALLING, calling, calling),
	IN(SUB_ADDRESS, sub_address, sub_address),
	IN(GROUP_ID, group_id, group),
};

static const struct field octets[] = {
	IN(FIRST_RX_CONFREQ, first_rx_confreq, proxy.first_rx_confreq),
	IN(LAST_TX_CONFREQ, last_tx_confreq, proxy.last_tx_confreq),
	IN(LAST_RX_CONFREQ, last_rx_confreq, proxy.last_rx_confreq),
	IN(AUTHEN_NAME, authen_name, proxy.authen_name),
	IN(AUTHEN_CHALLENGE, authen_challenge, proxy.authen_challenge),
	IN(AUTHEN_RESPONSE, authen_response, proxy.authen_response),
};

#define EACH(f, array)                      \
	for (const struct field *f = array; \
	     f < array + sizeof(array) / sizeof(*(array)); f++)

static void *at(void *object, uint16_t place)
{
	return (char *)object + place;
}

static const void *of(const void *object, uint16_t place)
{
	return (const char *)object + place;
}

/* One table each, in the same order: the bits of the one are the other's. */
_Static_assert(AVP_LINE + LINE_REMOTE_ID == AVP_LINE_REMOTE_ID &&
		       AVP_LINE + LINE_RATE == AVP_LINE_RATE &&
		       AVP_LINE + LINE_DELAY == AVP_LINE_DELAY &&
		       AVP_LINE + LINE_ENCAPSULATION ==
			       AVP_LINE_ENCAPSULATION &&
		       AVP_LINE + LINE_IWF == AVP_LINE_IWF &&
		       L2TP_VENDOR_LINE == LINE_VENDOR,
	       "line");

static void write_line(const struct line *l, struct l2tp_line *m)
{
	m->has |= l->has;
	m->circuit_id = (struct l2tp_bytes){ l->circuit.b, l->circuit.len };
	m->remote_id = (struct l2tp_bytes){ l->remote.b, l->remote.len };
	memcpy(m->rate, l->rate, sizeof(m->rate));
	memcpy(m->delay, l->delay, sizeof(m->delay));
	m->encapsulation = (struct l2tp_bytes){ l->encapsulation,
						sizeof(l->encapsulation) };
	m->type = l->type;
	m->iwf = l->iwf;
}

/* Lengths are those that the dictionary lets pass. */
static void read_line(struct line *l, const struct l2tp_line *m)
{
	const struct l2tp_bytes *b[] = { &m->circuit_id, &m->remote_id,
					 &m->encapsulation };
	static const enum line_field f[] = { LINE_CIRCUIT_ID, LINE_REMOTE_ID,
					     LINE_ENCAPSULATION };

	if (!m->has)
		return;
	memcpy(l->rate, m->rate, sizeof(l->rate));
	memcpy(l->delay, m->delay, sizeof(l->delay));
	l->type = m->type;
	l->iwf = m->iwf;
	l->has = m->has;
	for (size_t i = 0; i < sizeof(f) / sizeof(f[0]); i++)
		if (line_has(l, f[i]))
			(void)line_set_bytes(l, f[i], b[i]->p, b[i]->len);
}

/* Of a proxy, what the type calls for. */
static void write_authen(const struct l2tp_proxy *p, struct l2tp_msg *m)
{
	m->authen_type = p->authen_type;
	m->authen_id = p->authen_id;
	if (p->authen_type != L2TP_AUTHEN_ABSENT)
		l2tp_msg_set(m, AVP_AUTHEN_TYPE);
	if (p->authen_type == L2TP_AUTHEN_CHAP ||
	    p->authen_type == L2TP_AUTHEN_PAP ||
	    p->authen_type == L2TP_AUTHEN_MSCHAP)
		l2tp_msg_set(m, AVP_AUTHEN_ID);
}

void l2tp_call_write(const struct l2tp_call *c, struct l2tp_msg *m)
{
	EACH(f, numbers)
	{
		*(uint32_t *)at(m, f->msg) = *(const uint32_t *)of(c, f->call);
		l2tp_msg_set(m, f->avp);
	}
	EACH(f, texts)
	{
		const char *text = of(c, f->call);

		if (!*text && !(l2tp_msg_must(m->type) & L2TP_BIT(f->avp)))
			continue;
		*(struct l2tp_bytes *)at(m, f->msg) = (struct l2tp_bytes){
			(const uint8_t *)text,
			(uint16_t)strnlen(text, L2TP_NUMBER_MAX)
		};
		l2tp_msg_set(m, f->avp);
	}
	EACH(f, octets)
	{
		const struct l2tp_octets *o = of(c, f->call);

		if (!o->present)
			continue;
		*(struct l2tp_bytes *)at(m, f->msg) =
			(struct l2tp_bytes){ o->b, o->len };
		l2tp_msg_set(m, f->avp);
	}
	write_authen(&c->proxy, m);
	write_line(&c->line, &m->line);
	m->nas_port = (struct l2tp_bytes){ c->nas_port, sizeof(c->nas_port) };
	if (c->has_nas_port)
		l2tp_msg_set(m, AVP_NAS_PORT);
	m->rx_speed = c->rx_speed;
	if (c->rx_speed && c->rx_speed != c->tx_speed)
		l2tp_msg_set(m, AVP_RX_SPEED);
}

/* What does not fit PPP's own limits is as good as absent. */
static void read_octets(struct l2tp_octets *o, const struct l2tp_bytes *b)
{
	o->present = b->len <= sizeof(o->b);
	o->len = o->present ? b->len : 0;
	if (o->len)
		memcpy(o->b, b->p, o->len);
}

/* What a type of proxy authentication calls for (RFC 2661 4.4.5). */
static const uint64_t authen_must[] = {
#define BIT(avp) L2TP_BIT(AVP_AUTHEN_##avp)
	[L2TP_AUTHEN_TEXT] = BIT(NAME) | BIT(RESPONSE),
	[L2TP_AUTHEN_CHAP] = BIT(NAME) | BIT(CHALLENGE) | BIT(ID) |
			     BIT(RESPONSE),
	[L2TP_AUTHEN_PAP] = BIT(NAME) | BIT(ID) | BIT(RESPONSE),
	[L2TP_AUTHEN_NONE] = 0,
	[L2TP_AUTHEN_MSCHAP] = BIT(NAME) | BIT(CHALLENGE) | BIT(ID) |
			       BIT(RESPONSE),
#undef BIT
};

/* One that lacks a part, or whose name is cut, is as good as absent. */
static void read_authen(struct l2tp_proxy *p, const struct l2tp_msg *m)
{
	uint16_t type = m->authen_type;

	if (!l2tp_msg_has(m, AVP_AUTHEN_TYPE))
		return;
	if (m->authen_name.len > L2TP_CONFREQ_MAX ||
	    (type < sizeof(authen_must) / sizeof(*authen_must) &&
	     (m->has & authen_must[type]) != authen_must[type]))
		type = L2TP_AUTHEN_ABSENT;
	p->authen_type = type;
	if (l2tp_msg_has(m, AVP_AUTHEN_ID))
		p->authen_id = m->authen_id;
}

void l2tp_call_read(struct l2tp_call *c, const struct l2tp_msg *m)
{
	EACH(f, numbers)
	if (l2tp_msg_has(m, f->avp))
		*(uint32_t *)at(c, f->call) = *(const uint32_t *)of(m, f->msg);
	EACH(f, texts)
	{
		const struct l2tp_bytes *b = of(m, f->msg);

		if (l2tp_msg_has(m, f->avp))
			log_safe(b->p, b->len, at(c, f->call),
				 L2TP_NUMBER_MAX + 1);
	}
	EACH(f, octets)
	if (l2tp_msg_has(m, f->avp))
		read_octets(at(c, f->call), of(m, f->msg));
	read_line(&c->line, &m->line);
	if (l2tp_msg_has(m, AVP_NAS_PORT) &&
	    m->nas_port.len == sizeof(c->nas_port)) {
		memcpy(c->nas_port, m->nas_port.p, sizeof(c->nas_port));
		c->has_nas_port = true;
	}
	read_authen(&c->proxy, m);
	if (l2tp_msg_has(m, AVP_TX_SPEED))
		c->rx_speed = l2tp_msg_has(m, AVP_RX_SPEED) ? m->rx_speed :
							      m->tx_speed;
}
