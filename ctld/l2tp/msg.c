/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Control messages; see msg.h. RFC 2661 3.1 (header), 4.1 (errors), 6. */
#include "l2tp/msg.h"

#include "adit/wire.h"
#include "base/crypt.h"

#include <stdio.h>
#include <string.h>

/* One row a message. Message Type and Random Vector go without saying. */
static const struct row {
	const char *name;
	bool session;
	uint64_t must;
	uint64_t may;
} rows[L2TP_MSG_TYPES] = {
#define A(avp) L2TP_BIT(AVP_##avp)
	[L2TP_SCCRQ] = { "SCCRQ", false,
			 A(PROTOCOL_VERSION) | A(HOST_NAME) | A(FRAMING_CAPS) |
				 A(TUNNEL_ID),
			 A(BEARER_CAPS) | A(WINDOW) | A(CHALLENGE) |
				 A(TIE_BREAKER) | A(FIRMWARE) |
				 A(VENDOR_NAME) }, /* 6.1 */
	[L2TP_SCCRP] = { "SCCRP", false,
			 A(PROTOCOL_VERSION) | A(HOST_NAME) | A(FRAMING_CAPS) |
				 A(TUNNEL_ID),
			 A(BEARER_CAPS) | A(WINDOW) | A(CHALLENGE) |
				 A(RESPONSE) | A(FIRMWARE) |
				 A(VENDOR_NAME) }, /* 6.2 */
	[L2TP_SCCCN] = { "SCCCN", false, 0, A(RESPONSE) }, /* 6.3 */
	[L2TP_STOPCCN] = { "StopCCN", false, A(TUNNEL_ID) | A(RESULT_CODE),
			   0 }, /* 6.4 */
	[L2TP_HELLO] = { "HELLO", false, 0, 0 }, /* 6.5 */
	[L2TP_ICRQ] = { "ICRQ", true, A(SESSION_ID) | A(SERIAL),
			A(BEARER_TYPE) | A(CHANNEL_ID) | A(CALLING) |
				A(CALLED) | A(SUB_ADDRESS) }, /* 6.6 */
	[L2TP_ICRP] = { "ICRP", true, A(SESSION_ID), 0 }, /* 6.7 */
	[L2TP_ICCN] = { "ICCN", true, A(TX_SPEED) | A(FRAMING_TYPE),
			A(FIRST_RX_CONFREQ) | A(LAST_TX_CONFREQ) |
				A(LAST_RX_CONFREQ) | A(AUTHEN_TYPE) |
				A(AUTHEN_NAME) | A(AUTHEN_CHALLENGE) |
				A(AUTHEN_ID) | A(AUTHEN_RESPONSE) |
				A(GROUP_ID) | A(RX_SPEED) |
				A(SEQUENCING) }, /* 6.8 */
	[L2TP_OCRQ] = { "OCRQ", true,
			A(SESSION_ID) | A(SERIAL) | A(MIN_BPS) | A(MAX_BPS) |
				A(BEARER_TYPE) | A(FRAMING_TYPE) | A(CALLED),
			A(SUB_ADDRESS) }, /* 6.9 */
	[L2TP_OCRP] = { "OCRP", true, A(SESSION_ID), A(CHANNEL_ID) }, /* 6.10 */
	[L2TP_OCCN] = { "OCCN", true, A(TX_SPEED) | A(FRAMING_TYPE),
			A(RX_SPEED) | A(SEQUENCING) }, /* 6.11 */
	[L2TP_CDN] = { "CDN", true, A(RESULT_CODE) | A(SESSION_ID),
		       A(Q931) }, /* 6.12 */
	[L2TP_WEN] = { "WEN", true, A(CALL_ERRORS), 0 }, /* 6.13 */
	[L2TP_SLI] = { "SLI", true, A(ACCM), 0 }, /* 6.14 */
#undef A
};

/* Where the value of an AVP lies in struct l2tp_msg. */
static const uint16_t place[AVP_TYPES] = {
#define AT(avp, field) [AVP_##avp] = offsetof(struct l2tp_msg, field)
	AT(PROTOCOL_VERSION, version),
	AT(FRAMING_CAPS, framing_caps),
	AT(BEARER_CAPS, bearer_caps),
	AT(TIE_BREAKER, tie_breaker),
	AT(FIRMWARE, firmware),
	AT(HOST_NAME, host_name),
	AT(VENDOR_NAME, vendor_name),
	AT(TUNNEL_ID, assigned_tunnel),
	AT(WINDOW, window),
	AT(CHALLENGE, challenge),
	AT(Q931, q931),
	AT(RESPONSE, response),
	AT(SESSION_ID, assigned_session),
	AT(SERIAL, serial),
	AT(MIN_BPS, min_bps),
	AT(MAX_BPS, max_bps),
	AT(BEARER_TYPE, bearer_type),
	AT(FRAMING_TYPE, framing_type),
	AT(CALLED, called),
	AT(CALLING, calling),
	AT(SUB_ADDRESS, sub_address),
	AT(TX_SPEED, tx_speed),
	AT(CHANNEL_ID, channel_id),
	AT(FIRST_RX_CONFREQ, first_rx_confreq),
	AT(LAST_TX_CONFREQ, last_tx_confreq),
	AT(LAST_RX_CONFREQ, last_rx_confreq),
	AT(AUTHEN_TYPE, authen_type),
	AT(AUTHEN_NAME, authen_name),
	AT(AUTHEN_CHALLENGE, authen_challenge),
	AT(AUTHEN_ID, authen_id),
	AT(AUTHEN_RESPONSE, authen_response),
	AT(CALL_ERRORS, call_errors),
	AT(ACCM, accm),
	AT(GROUP_ID, group_id),
	AT(RX_SPEED, rx_speed),
#undef AT
};

static const struct row *row_of(uint16_t type)
{
	return type < L2TP_MSG_TYPES && rows[type].name ? &rows[type] : NULL;
}

const char *l2tp_msg_name(uint16_t type)
{
	const struct row *row = row_of(type);

	return row ? row->name : type == L2TP_ZLB ? "ZLB" : "message";
}

uint64_t l2tp_msg_must(uint16_t type)
{
	const struct row *row = row_of(type);

	return row ? row->must | L2TP_BIT(AVP_MESSAGE_TYPE) : 0;
}

uint64_t l2tp_msg_may(uint16_t type)
{
	const struct row *row = row_of(type);

	return row ? row->may : 0;
}

bool l2tp_msg_of_session(uint16_t type)
{
	const struct row *row = row_of(type);

	return row && row->session;
}

/* ---------------------------------------------------------------- decoding */

/* The Message Type is the first AVP, or it is no message. */
static bool read_type(struct l2tp_msg *m)
{
	struct avp a;

	if (!avp_next(&m->body, &a) || a.vendor || a.type != AVP_MESSAGE_TYPE ||
	    a.len != 2 || a.hidden || a.reserved)
		return false;
	m->type = (uint16_t)(a.value[0] << 8 | a.value[1]);
	m->mandatory = a.m;
	m->has = L2TP_BIT(AVP_MESSAGE_TYPE);
	return m->type != L2TP_ZLB;
}

bool l2tp_msg_head(struct l2tp_msg *m, const void *data, size_t len)
{
	const unsigned int care = L2TP_F_T | L2TP_F_L | L2TP_F_S | L2TP_F_O |
				  L2TP_F_P | L2TP_VERSION_MASK;
	struct rd r = rd_make(data, len);
	size_t length;

	memset(m, 0, offsetof(struct l2tp_msg, room));
	if ((rd_u16(&r) & care) != L2TP_CONTROL)
		return false;
	length = rd_u16(&r);
	m->tunnel_id = rd_u16(&r);
	m->session_id = rd_u16(&r);
	m->ns = rd_u16(&r);
	m->nr = rd_u16(&r);
	if (r.err || length < L2TP_CONTROL_HLEN || length > len ||
	    length > L2TP_MSG_MAX)
		return false;
	m->body = rd_sub(&r, length - L2TP_CONTROL_HLEN);
	return !rd_left(&m->body) || read_type(m);
}

struct l2tp_bytes l2tp_msg_find(const struct l2tp_msg *m, enum avp_type avp)
{
	struct rd r = m->body;
	struct avp a;

	while (avp_next(&r, &a)) {
		if (!a.vendor && a.type == avp && !a.hidden && !a.reserved)
			return (struct l2tp_bytes){ a.value, a.len };
	}
	return (struct l2tp_bytes){ 0 };
}

/* The first fault counts. */
static void set_fault(struct l2tp_msg *m, enum l2tp_error error,
		      uint16_t vendor, uint16_t type, const char *what)
{
	const struct avp_info *info = vendor ? NULL : avp_info(type);

	if (m->fault.result)
		return;
	m->fault.result = L2TP_STOP_ERROR;
	m->fault.error = error;
	snprintf(m->fault.text, sizeof(m->fault.text), "AVP %u/%u %s: %s",
		 vendor, type, info ? info->name : "", what);
}

/* An AVP that cannot be used; whether that is a fault, M decides. */
static void reject(struct l2tp_msg *m, const struct avp *a,
		   enum l2tp_error error, const char *what)
{
	m->bad_avps++;
	if (a->m)
		set_fault(m, error, a->vendor, a->type, what);
}

static void read_result(struct l2tp_msg *m, struct rd *r)
{
	size_t n;

	m->result.result = rd_u16(r);
	if (rd_left(r) < 2)
		return;
	m->result.error = rd_u16(r);
	n = rd_left(r);
	if (n > sizeof(m->result.text) - 1)
		n = sizeof(m->result.text) - 1;
	rd_copy(r, m->result.text, n);
	m->result.text[n] = 0;
}

/* Puts the value in its field. False: it is 0 and must not be. */
static bool store(struct l2tp_msg *m, const struct avp_info *info,
		  const struct avp *a)
{
	void *to = (char *)m + place[a->type];
	struct rd r = rd_make(a->value, a->len);

	switch (info->kind) {
	case AVP_U16:
		*(uint16_t *)to = rd_u16(&r);
		return *(uint16_t *)to || !(info->flags & AVP_F_NONZERO);
	case AVP_U32:
		*(uint32_t *)to = rd_u32(&r);
		break;
	case AVP_U64:
		*(uint64_t *)to = rd_u64(&r);
		break;
	case AVP_BYTES:
		*(struct l2tp_bytes *)to =
			(struct l2tp_bytes){ a->value, a->len };
		break;
	case AVP_RESULT:
		read_result(m, &r);
		break;
	case AVP_EMPTY:
		break;
	}
	return true;
}

/* Decrypts a hidden AVP, if that is possible. */
static bool reveal(struct l2tp_msg *m, struct avp *a,
		   const struct avp_info *info, const char *secret,
		   const struct l2tp_bytes *rv)
{
	uint8_t *out = m->room + m->revealed;

	if (!(info->flags & AVP_F_HIDE)) {
		reject(m, a, L2TP_ERR_VALUE, "must not be hidden");
		return false;
	}
	if (!secret || !rv->p) {
		reject(m, a, L2TP_ERR_UNKNOWN_AVP, "hidden, and no key");
		return false;
	}
	m->revealed += a->len;
	if (!avp_reveal(a, secret, rv->p, rv->len, out)) {
		reject(m, a, L2TP_ERR_LENGTH, "hidden length");
		return false;
	}
	return true;
}

static void take(struct l2tp_msg *m, struct avp *a, const struct row *row,
		 const char *secret, struct l2tp_bytes *rv)
{
	const struct avp_info *info = a->vendor ? NULL : avp_info(a->type);

	if (!info || a->reserved) {
		reject(m, a, L2TP_ERR_UNKNOWN_AVP, "not recognised");
		return;
	}
	if (a->hidden && !reveal(m, a, info, secret, rv))
		return;
	if (a->len < info->min || a->len > info->max) {
		reject(m, a, L2TP_ERR_LENGTH, "length");
		return;
	}
	if (a->type == AVP_RANDOM_VECTOR)
		*rv = (struct l2tp_bytes){ a->value, a->len };
	/* What has no place here does no harm; of two the first counts. */
	if (!((row->must | row->may) & ~m->has & L2TP_BIT(a->type)))
		return;
	if (!store(m, info, a)) {
		reject(m, a, L2TP_ERR_VALUE, "value 0");
		return;
	}
	m->has |= L2TP_BIT(a->type);
}

void l2tp_msg_body(struct l2tp_msg *m, const char *secret)
{
	const struct row *row = row_of(m->type);
	struct l2tp_bytes rv = { 0 };
	struct avp a = { 0 };
	uint64_t missing;

	if (!row) {
		if (m->type == L2TP_ZLB || !m->mandatory)
			return;
		m->fault.result = L2TP_STOP_ERROR;
		m->fault.error = L2TP_ERR_UNKNOWN_AVP;
		snprintf(m->fault.text, sizeof(m->fault.text),
			 "AVP 0/0 Message Type: %u not recognised", m->type);
		return;
	}
	while (avp_next(&m->body, &a))
		take(m, &a, row, secret, &rv);
	if (m->body.err) {
		m->bad_avps++;
		set_fault(m, L2TP_ERR_LENGTH, 0, a.type, "length");
	}
	missing = row->must & ~m->has;
	for (uint16_t type = 0; missing && type < AVP_TYPES; type++) {
		if (missing & L2TP_BIT(type)) {
			set_fault(m, L2TP_ERR_VENDOR, 0, type, "missing");
			break;
		}
	}
}

/* ---------------------------------------------------------------- encoding */

struct encoder {
	struct wr w;
	const char *secret;
	uint8_t rv[16];
	bool rv_sent;
};

/* A clear password is not for everyone on the way. */
static bool to_hide(const struct l2tp_msg *m, uint16_t type)
{
	return type == AVP_AUTHEN_RESPONSE &&
	       (m->authen_type == 1 || m->authen_type == 3);
}

static void put(struct encoder *e, const struct l2tp_msg *m, uint16_t type,
		const void *value, size_t len)
{
	if (!e->secret || !to_hide(m, type)) {
		avp_put(&e->w, type, value, len);
		return;
	}
	if (!e->rv_sent) {
		crypt_random(e->rv, sizeof(e->rv));
		avp_put(&e->w, AVP_RANDOM_VECTOR, e->rv, sizeof(e->rv));
		e->rv_sent = true;
	}
	avp_put_hidden(&e->w, type, value, len, e->secret, e->rv,
		       sizeof(e->rv));
}

static void put_field(struct encoder *e, const struct l2tp_msg *m,
		      uint16_t type)
{
	const void *from = (const char *)m + place[type];
	const struct l2tp_bytes *bytes = from;
	uint8_t b[4 + L2TP_TEXT_MAX];
	struct wr v = wr_make(b, sizeof(b));

	switch (avp_info(type)->kind) {
	case AVP_U16:
		wr_u16(&v, *(const uint16_t *)from);
		break;
	case AVP_U32:
		wr_u32(&v, *(const uint32_t *)from);
		break;
	case AVP_U64:
		wr_u64(&v, *(const uint64_t *)from);
		break;
	case AVP_BYTES:
		put(e, m, type, bytes->p, bytes->len);
		return;
	case AVP_RESULT:
		wr_u16(&v, m->result.result);
		wr_u16(&v, m->result.error);
		wr_bytes(&v, m->result.text,
			 strnlen(m->result.text, L2TP_TEXT_MAX));
		break;
	case AVP_EMPTY:
		break;
	}
	put(e, m, type, b, wr_len(&v));
}

size_t l2tp_msg_encode(const struct l2tp_msg *m, const char *secret, void *buf,
		       size_t size)
{
	struct encoder e = { .w = wr_make(buf, size), .secret = secret };
	const struct row *row = row_of(m->type);
	uint64_t avps = row ? (row->must | row->may) & m->has : 0;
	uint8_t number[2] = { (uint8_t)(m->type >> 8), (uint8_t)m->type };

	wr_u16(&e.w, L2TP_CONTROL);
	wr_u16(&e.w, 0);
	wr_u16(&e.w, m->tunnel_id);
	wr_u16(&e.w, m->session_id);
	wr_u16(&e.w, m->ns);
	wr_u16(&e.w, m->nr);
	if (m->type != L2TP_ZLB)
		avp_put(&e.w, AVP_MESSAGE_TYPE, number, sizeof(number));
	for (uint16_t type = 1; type < AVP_TYPES; type++) {
		if (avps & L2TP_BIT(type))
			put_field(&e, m, type);
	}
	wr_patch_u16(&e.w, 2, (uint16_t)wr_len(&e.w));
	return e.w.err || wr_len(&e.w) > L2TP_MSG_MAX ? 0 : wr_len(&e.w);
}
