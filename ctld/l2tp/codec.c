/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages and bytes; see codec.h. RFC 2661 3.1 (header), 4.1 (errors), 4.3. */
#include "l2tp/codec.h"

#include "adit/wire.h"
#include "base/crypt.h"
#include "l2tp/avp.h"

#include <stdio.h>
#include <string.h>

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

	memset(m, 0, offsetof(struct l2tp_msg, item));
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
		if (avp_find(a.vendor, a.type) == (int)avp && !a.hidden &&
		    !a.reserved)
			return (struct l2tp_bytes){ a.value, a.len };
	}
	return (struct l2tp_bytes){ 0 };
}

/* The first fault counts. */
static void set_fault(struct l2tp_msg *m, enum l2tp_error error,
		      uint16_t vendor, uint16_t type, const char *what)
{
	int avp = avp_find(vendor, type);

	if (m->fault.result)
		return;
	m->fault.result = L2TP_STOP_ERROR;
	m->fault.error = error;
	snprintf(m->fault.text, sizeof(m->fault.text), "AVP %u/%u%s%s: %s",
		 vendor, type, avp < 0 ? "" : " ",
		 avp < 0 ? "" : avp_info((unsigned int)avp)->name, what);
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

/* The numbers of a value, as the layout says. */
static void read_layout(struct rd *r, const char *layout, uint32_t *to)
{
	for (; *layout; layout++) {
		if (*layout == 'l')
			*to++ = rd_u32(r);
		else if (*layout == 's')
			*to++ = rd_u16(r);
		else
			(void)rd_u16(r);
	}
}

void l2tp_fields_read(unsigned int avp, const struct l2tp_bytes *value,
		      uint32_t *numbers)
{
	struct rd r = rd_make(value->p, value->len);

	read_layout(&r, avp_info(avp)->layout, numbers);
}

/* Puts the value in its field. NULL, or what is wrong. */
static const char *store(struct l2tp_msg *m, unsigned int avp,
			 const struct avp_info *info, const struct avp *a)
{
	void *to = (char *)m + info->place;
	struct rd r = rd_make(a->value, a->len);

	switch (info->kind) {
	case AVP_U16:
		*(uint16_t *)to = rd_u16(&r);
		if (!*(uint16_t *)to && info->flags & AVP_F_NONZERO)
			return "value 0";
		break;
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
	case AVP_FIELDS:
		read_layout(&r, info->layout, to);
		break;
	case AVP_ITEM:
		if (m->n_items == L2TP_ITEMS_MAX)
			return "too many";
		m->item[m->n_items++] =
			(struct l2tp_item){ (uint8_t)avp,
					    { a->value, a->len } };
		break;
	case AVP_EMPTY:
		break;
	}
	return NULL;
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

static void take(struct l2tp_msg *m, struct avp *a, const char *secret,
		 struct l2tp_bytes *rv)
{
	int row = avp_find(a->vendor, a->type);
	unsigned int avp = (unsigned int)row;
	const struct avp_info *info = row < 0 ? NULL : avp_info(avp);
	const char *wrong;

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
	if (avp == AVP_RANDOM_VECTOR)
		*rv = (struct l2tp_bytes){ a->value, a->len };
	/* What has no place here does no harm; of two the first counts. */
	if (!l2tp_msg_takes(m->type, avp) ||
	    (l2tp_msg_has(m, avp) && info->kind != AVP_ITEM))
		return;
	wrong = store(m, avp, info, a);
	if (wrong)
		reject(m, a, L2TP_ERR_VALUE, wrong);
	else
		l2tp_msg_set(m, avp);
}

void l2tp_msg_body(struct l2tp_msg *m, const char *secret)
{
	struct l2tp_bytes rv = { 0 };
	struct avp a = { 0 };
	uint64_t missing;

	if (!l2tp_msg_must(m->type)) {
		if (m->type == L2TP_ZLB || !m->mandatory)
			return;
		m->fault.result = L2TP_STOP_ERROR;
		m->fault.error = L2TP_ERR_UNKNOWN_AVP;
		snprintf(m->fault.text, sizeof(m->fault.text),
			 "AVP 0/0 Message Type: %u not recognised", m->type);
		return;
	}
	while (avp_next(&m->body, &a))
		take(m, &a, secret, &rv);
	if (m->body.err) {
		m->bad_avps++;
		set_fault(m, L2TP_ERR_LENGTH, 0, a.type, "length");
	}
	missing = l2tp_msg_must(m->type) & ~m->has;
	for (unsigned int avp = 0; missing && avp < AVP_LINE; avp++) {
		if (missing & L2TP_BIT(avp)) {
			set_fault(m, L2TP_ERR_VENDOR, 0, avp_info(avp)->type,
				  "missing");
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

/*
 * A clear password is not for everyone on the way. Of the rest, calls are what can
 * be worth hiding; and a peer may not know whose secret it needs for SCCRQ, SCCRP
 * or StopCCN (xl2tpd does not).
 */
static bool to_hide(const struct encoder *e, const struct l2tp_msg *m,
		    unsigned int avp)
{
	if (!e->secret || !(avp_info(avp)->flags & AVP_F_HIDE))
		return false;
	if (avp == AVP_AUTHEN_RESPONSE &&
	    (m->authen_type == 1 || m->authen_type == 3))
		return true;
	return m->hide && l2tp_msg_of_session(m->type);
}

static void put_random_vector(struct encoder *e)
{
	struct avp a = { .m = true,
			 .type = AVP_RANDOM_VECTOR,
			 .len = sizeof(e->rv),
			 .value = e->rv };

	if (e->rv_sent)
		return;
	crypt_random(e->rv, sizeof(e->rv));
	avp_put(&e->w, &a);
	e->rv_sent = true;
}

static void put(struct encoder *e, const struct l2tp_msg *m, unsigned int avp,
		const void *value, size_t len)
{
	const struct avp_info *info = avp_info(avp);
	struct avp a = { .m = info->flags & AVP_F_M,
			 .vendor = info->vendor,
			 .type = info->type,
			 .len = (uint16_t)len,
			 .value = value };

	if (avp == AVP_MESSAGE_TYPE)
		a.m = !l2tp_msg_optional(m->type);
	if (!to_hide(e, m, avp)) {
		avp_put(&e->w, &a);
		return;
	}
	put_random_vector(e);
	avp_put_hidden(&e->w, &a, e->secret, e->rv, sizeof(e->rv));
}

static void put_items(struct encoder *e, const struct l2tp_msg *m,
		      unsigned int avp)
{
	for (unsigned int i = 0; i < m->n_items; i++) {
		const struct l2tp_item *item = &m->item[i];

		if (item->avp == avp)
			put(e, m, avp, item->value.p, item->value.len);
	}
}

static void write_layout(struct wr *w, const char *layout, const uint32_t *from)
{
	for (; *layout; layout++) {
		if (*layout == 'l')
			wr_u32(w, *from++);
		else
			wr_u16(w, *layout == 's' ? (uint16_t)*from++ : 0);
	}
}

static void put_field(struct encoder *e, const struct l2tp_msg *m,
		      unsigned int avp)
{
	const struct avp_info *info = avp_info(avp);
	const void *from = (const char *)m + info->place;
	const struct l2tp_bytes *bytes = from;
	uint8_t b[4 + L2TP_TEXT_MAX];
	struct wr v = wr_make(b, sizeof(b));

	switch (info->kind) {
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
		put(e, m, avp, bytes->p, bytes->len);
		return;
	case AVP_RESULT:
		wr_u16(&v, m->result.result);
		wr_u16(&v, m->result.error);
		wr_bytes(&v, m->result.text,
			 strnlen(m->result.text, L2TP_TEXT_MAX));
		break;
	case AVP_FIELDS:
		write_layout(&v, info->layout, from);
		break;
	case AVP_ITEM:
		put_items(e, m, avp);
		return;
	case AVP_EMPTY:
		break;
	}
	put(e, m, avp, b, wr_len(&v));
}

size_t l2tp_msg_encode(const struct l2tp_msg *m, const char *secret, void *buf,
		       size_t size)
{
	struct encoder e = { .w = wr_make(buf, size), .secret = secret };

	wr_u16(&e.w, L2TP_CONTROL);
	wr_u16(&e.w, 0);
	wr_u16(&e.w, m->tunnel_id);
	wr_u16(&e.w, m->session_id);
	wr_u16(&e.w, m->ns);
	wr_u16(&e.w, m->nr);
	if (m->type != L2TP_ZLB)
		put_field(&e, m, AVP_MESSAGE_TYPE);
	for (unsigned int avp = 1; avp < AVP_TYPES; avp++) {
		if (l2tp_msg_has(m, avp) && l2tp_msg_takes(m->type, avp))
			put_field(&e, m, avp);
	}
	wr_patch_u16(&e.w, 2, (uint16_t)wr_len(&e.w));
	return e.w.err || wr_len(&e.w) > L2TP_MSG_MAX ? 0 : wr_len(&e.w);
}
