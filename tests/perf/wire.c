/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See wire.h. */
#include "perf/wire.h"

#include "base/crypt.h"
#include "base/log.h"

#include <stdio.h>
#include <string.h>

#define FLAG_T 0x8000
#define FLAG_L 0x4000
#define FLAG_S 0x0800
#define FLAG_O 0x0200
#define VERSION 0x000f
#define CONTROL (FLAG_T | FLAG_L | FLAG_S | 2)
#define HEADER 12 /* of a control message */

#define AVP_M 0x8000
#define AVP_H 0x4000
#define AVP_RESERVED 0x3c00
#define AVP_LENGTH 0x03ff
#define AVP_HEADER 6
#define VECTOR 16 /* bytes of a Random Vector of ours */

#define BIT(n) (1ull << (n))

/* Those that are sent without the M bit; RFC 2661 4.4. */
static const uint64_t optional =
	BIT(5) | BIT(6) | BIT(8) | BIT(25) | BIT(26) | BIT(27) | BIT(28) |
	BIT(29) | BIT(30) | BIT(31) | BIT(32) | BIT(33) | BIT(37) | BIT(38);

/* Those that RFC 2661 has: others are unknown. */
#define KNOWN_MAX 39

static bool known(uint16_t type)
{
	return type <= KNOWN_MAX && type != 20;
}

/* ----------------------------------------------------------------- hiding */

/* The pad of block i, RFC 2661 4.3: of the vector first, then of the block before. */
static void pad_block(uint8_t pad[MD5_LEN], uint16_t type, const char *secret,
		      const struct wire_value *vector, const uint8_t *before)
{
	uint8_t head[2] = { (uint8_t)(type >> 8), (uint8_t)type };
	struct crypt_part first[] = { { head, 2 },
				      { secret, strlen(secret) },
				      { vector->p, vector->len } };
	struct crypt_part next[] = { { secret, strlen(secret) },
				     { before, MD5_LEN } };

	if (before)
		crypt_md5(pad, next, 2);
	else
		crypt_md5(pad, first, 3);
}

/* The chain is always over what is on the wire. */
static void hide(uint8_t *out, const uint8_t *in, size_t len, uint16_t type,
		 const char *secret, const struct wire_value *vector,
		 bool unhide)
{
	const uint8_t *chain = unhide ? in : out;
	uint8_t pad[MD5_LEN];
	size_t i;

	for (i = 0; i < len; i++) {
		if (i % MD5_LEN == 0)
			pad_block(pad, type, secret, vector,
				  i ? chain + i - MD5_LEN : NULL);
		out[i] = in[i] ^ pad[i % MD5_LEN];
	}
}

static bool reveal(struct wire_msg *m, struct wire_value *v, uint16_t type,
		   const char *secret, const struct wire_value *vector)
{
	uint8_t *to = m->plain + m->plain_len;
	size_t inner;

	if (!secret || !vector->p || v->len < 2 ||
	    v->len > sizeof(m->plain) - m->plain_len)
		return false;
	hide(to, v->p, v->len, type, secret, vector, true);
	inner = (size_t)to[0] << 8 | to[1];
	if (inner > v->len - 2)
		return false;
	m->plain_len += v->len;
	*v = (struct wire_value){ to + 2, inner };
	return true;
}

/* ---------------------------------------------------------------- decoding */

static int parse_avps(struct wire_msg *m, struct rd *r, const char *secret)
{
	struct wire_value vector = { NULL, 0 };

	while (rd_left(r)) {
		uint16_t head = rd_u16(r);
		uint16_t vendor = rd_u16(r);
		uint16_t type = rd_u16(r);
		struct wire_value v = { NULL, head & AVP_LENGTH };

		if (v.len < AVP_HEADER)
			return -1;
		v.len -= AVP_HEADER;
		v.p = rd_bytes(r, v.len);
		if (r->err)
			return -1;
		if (vendor || !known(type) || (head & AVP_RESERVED)) {
			m->unknown_mandatory |= (head & AVP_M) != 0;
			continue;
		}
		if ((head & AVP_H) && !reveal(m, &v, type, secret, &vector))
			continue;
		if (type == WIRE_A_RANDOM_VECTOR)
			vector = v;
		if (!m->avp[type].p)
			m->avp[type] = v;
	}
	return 0;
}

int wire_parse(struct wire_msg *m, const void *data, size_t len,
	       const char *secret)
{
	struct rd r = rd_make(data, len);
	uint16_t flags = rd_u16(&r);
	uint16_t length = flags & FLAG_L ? rd_u16(&r) : (uint16_t)len;

	memset(m, 0, offsetof(struct wire_msg, plain));
	m->plain_len = 0;
	if ((flags & VERSION) != 2 || length > len)
		return -1;
	r.end = (const uint8_t *)data + length;
	if (r.p > r.end)
		return -1;
	m->control = flags & FLAG_T;
	m->tunnel = rd_u16(&r);
	m->session = rd_u16(&r);
	if (flags & FLAG_S) {
		m->ns = rd_u16(&r);
		m->nr = rd_u16(&r);
	}
	if (flags & FLAG_O)
		rd_bytes(&r, rd_u16(&r));
	if (r.err)
		return -1;
	if (!m->control) {
		m->payload = (struct wire_value){ r.p, rd_left(&r) };
		return 0;
	}
	if ((flags & (FLAG_L | FLAG_S | FLAG_O)) != (FLAG_L | FLAG_S))
		return -1;
	if (!rd_left(&r))
		return 0;
	if (parse_avps(m, &r, secret) ||
	    !wire_get16(m, WIRE_A_MESSAGE, &m->type))
		return -1;
	return 0;
}

bool wire_get16(const struct wire_msg *m, enum wire_avp type, uint16_t *v)
{
	struct rd r = rd_make(m->avp[type].p, m->avp[type].len);

	if (!m->avp[type].p || m->avp[type].len != 2)
		return false;
	*v = rd_u16(&r);
	return true;
}

bool wire_get32(const struct wire_msg *m, enum wire_avp type, uint32_t *v)
{
	struct rd r = rd_make(m->avp[type].p, m->avp[type].len);

	if (!m->avp[type].p || m->avp[type].len != 4)
		return false;
	*v = rd_u32(&r);
	return true;
}

const char *wire_result(const struct wire_msg *m, char *out, size_t size)
{
	const struct wire_value *v = &m->avp[WIRE_A_RESULT];
	struct rd r = rd_make(v->p, v->len);
	unsigned int result = rd_u16(&r);
	unsigned int error = rd_left(&r) >= 2 ? rd_u16(&r) : 0;
	char text[64] = "";

	if (rd_left(&r))
		log_safe(r.p, rd_left(&r), text, sizeof(text));
	snprintf(out, size, "%u/%u%s%s", result, error, text[0] ? " " : "",
		 text);
	return out;
}

const char *wire_name(uint16_t type)
{
	static const char *const names[] = {
		[WIRE_ZLB] = "ZLB",	    [WIRE_SCCRQ] = "SCCRQ",
		[WIRE_SCCRP] = "SCCRP",	    [WIRE_SCCCN] = "SCCCN",
		[WIRE_STOPCCN] = "StopCCN", [WIRE_HELLO] = "HELLO",
		[WIRE_ICRQ] = "ICRQ",	    [WIRE_ICRP] = "ICRP",
		[WIRE_ICCN] = "ICCN",	    [WIRE_CDN] = "CDN",
		[WIRE_WEN] = "WEN",	    [WIRE_SLI] = "SLI",
	};

	if (type < sizeof(names) / sizeof(names[0]) && names[type])
		return names[type];
	return "unknown";
}

/* ---------------------------------------------------------------- encoding */

static void put_head(struct wr *w, uint16_t flags, uint16_t vendor,
		     uint16_t type, size_t len)
{
	wr_u16(w, (uint16_t)(flags | (AVP_HEADER + len)));
	wr_u16(w, vendor);
	wr_u16(w, type);
}

static uint16_t must(enum wire_avp type)
{
	return optional & BIT(type) ? 0 : AVP_M;
}

void wire_begin(struct wr *w, enum wire_type type)
{
	static const uint8_t header[HEADER] = { CONTROL >> 8, CONTROL & 0xff };

	wr_bytes(w, header, sizeof(header));
	if (type)
		wire_put16(w, WIRE_A_MESSAGE, (uint16_t)type);
}

void wire_put16(struct wr *w, enum wire_avp type, uint16_t v)
{
	put_head(w, must(type), 0, (uint16_t)type, 2);
	wr_u16(w, v);
}

void wire_put32(struct wr *w, enum wire_avp type, uint32_t v)
{
	put_head(w, must(type), 0, (uint16_t)type, 4);
	wr_u32(w, v);
}

void wire_put(struct wr *w, enum wire_avp type, const void *p, size_t len)
{
	put_head(w, must(type), 0, (uint16_t)type, len);
	wr_bytes(w, p, len);
}

void wire_put_text(struct wr *w, enum wire_avp type, const char *text)
{
	wire_put(w, type, text, strlen(text));
}

void wire_put_vendor(struct wr *w, uint16_t vendor, uint16_t type,
		     const void *p, size_t len)
{
	put_head(w, 0, vendor, type, len);
	wr_bytes(w, p, len);
}

void wire_put_hidden(struct wr *w, enum wire_avp type, const char *secret,
		     const void *p, size_t len)
{
	uint8_t vector[VECTOR], clear[512], hidden[512];
	struct wire_value v = { vector, sizeof(vector) };
	struct wr sub = wr_make(clear, sizeof(clear));

	wr_u16(&sub, (uint16_t)len);
	wr_bytes(&sub, p, len);
	if (sub.err) {
		w->err = true;
		return;
	}
	crypt_random(vector, sizeof(vector));
	wire_put(w, WIRE_A_RANDOM_VECTOR, vector, sizeof(vector));
	hide(hidden, clear, wr_len(&sub), (uint16_t)type, secret, &v, false);
	put_head(w, must(type) | AVP_H, 0, (uint16_t)type, wr_len(&sub));
	wr_bytes(w, hidden, wr_len(&sub));
}

void wire_put_result(struct wr *w, uint16_t result, uint16_t error,
		     const char *text)
{
	size_t len = text ? strlen(text) : 0;

	put_head(w, AVP_M, 0, WIRE_A_RESULT, 4 + len);
	wr_u16(w, result);
	wr_u16(w, error);
	wr_bytes(w, text, len);
}

size_t wire_end(struct wr *w, uint16_t tunnel, uint16_t session)
{
	if (w->err)
		return 0;
	wr_patch_u16(w, 2, (uint16_t)wr_len(w));
	wr_patch_u16(w, 4, tunnel);
	wr_patch_u16(w, 6, session);
	return wr_len(w);
}

void wire_number(uint8_t *msg, uint16_t ns, uint16_t nr)
{
	msg[8] = (uint8_t)(ns >> 8);
	msg[9] = (uint8_t)ns;
	msg[10] = (uint8_t)(nr >> 8);
	msg[11] = (uint8_t)nr;
}

size_t wire_data(void *out, size_t size, uint16_t tunnel, uint16_t session,
		 const void *frame, size_t len)
{
	struct wr w = wr_make(out, size);

	wr_u16(&w, 2);
	wr_u16(&w, tunnel);
	wr_u16(&w, session);
	wr_u16(&w, 0xff03);
	wr_bytes(&w, frame, len);
	return w.err ? 0 : wr_len(&w);
}

void wire_answer(uint8_t out[16], enum wire_type in, const char *secret,
		 const void *challenge, size_t len)
{
	uint8_t id = (uint8_t)in;
	struct crypt_part parts[] = { { &id, 1 },
				      { secret, strlen(secret) },
				      { challenge, len } };

	crypt_md5(out, parts, 3);
}
