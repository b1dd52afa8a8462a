// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages: each one there and back, the rules of RFC 2661 4.1 for what is wrong,
 * and hostile bytes.
 */
#include "l2tp/codec.h"

#include "adit/wire.h"
#include "l2tp/avp.h"
#include "l2tp/full.h"
#include "l2tp/same.h"
#include "l2tp/unit.h"

#include <stdlib.h>
#include <string.h>

static size_t make(uint16_t type, const char *secret, uint8_t *b)
{
	struct l2tp_msg m;
	size_t len;

	full_msg(&m, type);
	len = l2tp_msg_encode(&m, secret, b, L2TP_MSG_MAX);
	assert_true(len >= L2TP_CONTROL_HLEN);
	return len;
}

static bool decode(struct l2tp_msg *m, const void *b, size_t len,
		   const char *secret)
{
	if (!l2tp_msg_head(m, b, len))
		return false;
	l2tp_msg_body(m, secret);
	return true;
}

/* Clear, with a secret, and with all hidden that may be. */
static void there_and_back(void **state)
{
	static const char *const secrets[] = { NULL, "sesame", "sesame" };

	(void)state;
	for (size_t i = 0; i < N_OF(full_types) * 3; i++) {
		const char *secret = secrets[i % 3];
		uint8_t buf[L2TP_MSG_MAX];
		struct l2tp_msg a, b;
		size_t len;

		full_msg(&a, full_types[i / 3]);
		a.hide = i % 3 == 2;
		len = l2tp_msg_encode(&a, secret, buf, sizeof(buf));
		assert_true(len);
		assert_true(decode(&b, buf, len, secret));
		assert_int_equal(b.fault.result, 0);
		assert_int_equal(b.bad_avps, 0);
		assert_int_equal(b.mandatory, !l2tp_msg_optional(a.type));
		assert_true(same_msg(&a, &b));
	}
}

/* AVP by AVP: what may be hidden is, and can be read with the secret only. */
static void hidden(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(full_types); i++) {
		uint8_t buf[L2TP_MSG_MAX];
		struct l2tp_msg m;
		struct avp a;
		bool vector = false;
		struct rd r;
		size_t len;

		full_msg(&m, full_types[i]);
		m.hide = true;
		len = l2tp_msg_encode(&m, "sesame", buf, sizeof(buf));
		r = rd_make(buf + L2TP_CONTROL_HLEN, len - L2TP_CONTROL_HLEN);
		while (avp_next(&r, &a)) {
			int avp = avp_find(a.vendor, a.type);
			unsigned int flags = avp_info((unsigned int)avp)->flags;

			vector |= avp == AVP_RANDOM_VECTOR;
			assert_int_equal(a.hidden,
					 flags & AVP_F_HIDE &&
						 l2tp_msg_of_session(m.type));
			assert_true(vector || !a.hidden);
		}
		/* Without a secret nothing is. */
		len = l2tp_msg_encode(&m, NULL, buf, sizeof(buf));
		r = rd_make(buf + L2TP_CONTROL_HLEN, len - L2TP_CONTROL_HLEN);
		while (avp_next(&r, &a))
			assert_false(a.hidden);
	}
}

static bool contains(const uint8_t *b, size_t len, const char *what)
{
	return memmem(b, len, what, strlen(what));
}

static void password_is_hidden(void **state)
{
	uint8_t b[L2TP_MSG_MAX];
	struct l2tp_msg m;
	size_t len = make(L2TP_ICCN, "sesame", b);

	(void)state;
	assert_false(contains(b, len, "password"));
	/* With another secret, or none, it is not there, which is no fault. */
	assert_true(decode(&m, b, len, "Sesame"));
	assert_int_equal(m.fault.result, 0);
	assert_true(decode(&m, b, len, NULL));
	assert_int_equal(m.fault.result, 0);
	assert_false(l2tp_msg_has(&m, AVP_AUTHEN_RESPONSE));
	assert_int_equal(m.bad_avps, 1);
	len = make(L2TP_ICCN, NULL, b);
	assert_true(contains(b, len, "password"));
	/* What is no password is for every peer to read. */
	full_msg(&m, L2TP_ICCN);
	m.authen_type = 2;
	len = l2tp_msg_encode(&m, "sesame", b, sizeof(b));
	assert_true(contains(b, len, "password"));
}

/* ------------------------------------------------------ what can be wrong */

struct raw {
	uint8_t b[L2TP_MSG_MAX];
	struct wr w;
};

static void raw_start(struct raw *r, uint16_t type)
{
	r->w = wr_make(r->b, sizeof(r->b));
	wr_u16(&r->w, L2TP_CONTROL);
	wr_u16(&r->w, 0);
	wr_u64(&r->w, 0);
	wr_u16(&r->w, 0x8008);
	wr_u32(&r->w, 0);
	wr_u16(&r->w, type);
}

static void raw_avp(struct raw *r, uint16_t bits, uint16_t vendor,
		    uint16_t type, const void *value, size_t len)
{
	wr_u16(&r->w, (uint16_t)(bits | (AVP_HLEN + len)));
	wr_u16(&r->w, vendor);
	wr_u16(&r->w, type);
	wr_bytes(&r->w, value, len);
}

static void raw_decode(struct raw *r, struct l2tp_msg *m)
{
	wr_patch_u16(&r->w, 2, (uint16_t)wr_len(&r->w));
	assert_true(decode(m, r->b, wr_len(&r->w), "sesame"));
}

/* One AVP behind a good ICRP: what becomes of the message. */
static void one(uint16_t bits, uint16_t vendor, uint16_t type,
		const char *value, size_t len, uint16_t error)
{
	struct l2tp_msg m;
	struct raw r;

	raw_start(&r, L2TP_ICRP);
	raw_avp(&r, 0x8000, 0, AVP_SESSION_ID, "\1\2", 2);
	raw_avp(&r, bits, vendor, type, value, len);
	raw_decode(&r, &m);
	assert_int_equal(m.fault.result, error ? 2 : 0);
	assert_int_equal(m.fault.error, error);
	assert_int_equal(m.assigned_session, 0x102);
}

static void faults(void **state)
{
	(void)state;
	one(0x8000, 0, 4000, "x", 1, 8); /* unrecognised, M */
	one(0x0000, 0, 4000, "x", 1, 0);
	one(0x8000, 9, 14, "\0\1", 2, 8); /* another vendor's */
	one(0x0000, 9, 14, "\0\1", 2, 0);
	one(0x8400, 0, 3, "\0\0\0\1", 4, 8); /* a reserved bit */
	one(0x0400, 0, 3, "\0\0\0\1", 4, 0);
	one(0x8000, 0, 3, "\0\1", 2, 2); /* length */
	one(0x0000, 0, 3, "\0\1", 2, 0);
	one(0xc000, 0, 7, "name", 4, 3); /* must not be hidden */
	one(0xc000, 0, 3, "\0\0\0\1", 4, 8); /* no Random Vector */
	one(0x4000, 0, 3, "\0\0\0\1", 4, 0);
	one(0x8000, 0, 24, "\0\0\0\1", 4, 0); /* not in ICRP: no harm */
	one(0x8000, 0, 20, "", 0, 8); /* a hole in the table */
	one(0x8000, 0, 14, "\0\3", 2, 0); /* twice: the first counts */
	one(0x0000, 3561, 1, "x", 1, 0); /* of ICRQ */
	one(0x8000, 3561, 129, "\0\0\0\1", 4, 2);
	one(0x8000, 3561, 143, "", 0, 8);
	one(0x8000, 0, 36, "", 0, 2); /* a Random Vector of nothing */
	one(0x8000, 0, 46, "\0\1\0\0", 4, 2);
}

/* The text names the AVP, and all of it fits. */
static void fault_text(void **state)
{
	static const struct {
		uint16_t vendor, type;
		const char *text;
	} cases[] = {
		{ 0, 4000, "AVP 0/4000: not recognised" },
		{ 9, 1, "AVP 9/1: not recognised" },
		{ 0, 3, "AVP 0/3 Framing Capabilities: length" },
		{ 3561, 138,
		  "AVP 3561/138 Minimum-Data-Rate-Downstream-Low-Power: "
		  "length" },
	};

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		struct l2tp_msg m;
		struct raw r;

		raw_start(&r, L2TP_HELLO);
		raw_avp(&r, 0x8000, cases[i].vendor, cases[i].type, "x", 1);
		raw_decode(&r, &m);
		assert_string_equal(m.fault.text, cases[i].text);
		assert_int_equal(m.bad_avps, 1);
	}
}

/* One after the other, all that fit; each with either vendor's number. */
static void several(void **state)
{
	struct l2tp_msg m;
	struct raw r;
	unsigned int n = 0;

	(void)state;
	raw_start(&r, L2TP_CDN);
	raw_avp(&r, 0x8000, 0, AVP_SESSION_ID, "\1\2", 2);
	raw_avp(&r, 0x8000, 0, AVP_RESULT_CODE, "\0\3", 2);
	for (; wr_len(&r.w) + AVP_HLEN + 5 <= L2TP_MSG_MAX; n++) {
		uint8_t cause[] = { (uint8_t)(n >> 8), (uint8_t)n, 0x80, 0x21,
				    0 };

		raw_avp(&r, 0x8000, n % 2 ? 43 : 0, 46, cause, sizeof(cause));
	}
	raw_decode(&r, &m);
	assert_int_equal(n, 369);
	assert_int_equal(m.fault.result, 0);
	assert_int_equal(m.bad_avps, 0);
	assert_int_equal(m.n_items, n);
	for (unsigned int i = 0; i < n; i++)
		assert_int_equal(m.item[i].value.p[0] << 8 |
					 m.item[i].value.p[1],
				 i);
}

/* A LAC says the speeds of as many sessions as a message has room for. RFC 5515 5.1. */
static void many_speeds(void **state)
{
	struct l2tp_msg m;
	struct raw r;
	unsigned int n = 0;

	(void)state;
	raw_start(&r, L2TP_CSUN);
	for (; wr_len(&r.w) + AVP_HLEN + 12 <= L2TP_MSG_MAX; n++) {
		uint8_t update[12] = { 0, 0, (uint8_t)(n >> 8), (uint8_t)n };

		raw_avp(&r, 0x8000, 0, 97, update, sizeof(update));
	}
	raw_decode(&r, &m);
	assert_int_equal(n, 226);
	assert_int_equal(m.fault.result, 0);
	assert_int_equal(m.n_items, n);
	assert_int_equal(m.item[n - 1].value.p[3], n - 1);
}

static void fields(void **state)
{
	uint32_t number[3];
	struct l2tp_msg m;

	(void)state;
	full_msg(&m, L2TP_CSUN);
	l2tp_fields_read(AVP_SPEED_UPDATE, &m.item[0].value, number);
	assert_int_equal(number[0], 0x102);
	assert_int_equal(number[1], 0x10000);
	assert_int_equal(number[2], 0x8000);
}

static void must(void **state)
{
	struct l2tp_msg m;
	struct raw r;

	(void)state;
	raw_start(&r, L2TP_ICRP);
	raw_decode(&r, &m);
	assert_int_equal(m.fault.result, 2);
	assert_non_null(strstr(m.fault.text, "Assigned Session ID"));
	/* 0 is no id. */
	raw_start(&r, L2TP_ICRP);
	raw_avp(&r, 0x8000, 0, AVP_SESSION_ID, "\0\0", 2);
	raw_decode(&r, &m);
	assert_int_equal(m.fault.error, 3);
	/* An impossible length ends the message. */
	raw_start(&r, L2TP_ICRP);
	raw_avp(&r, 0x8000, 0, AVP_SESSION_ID, "\1\2", 2);
	wr_u16(&r.w, 0x0002);
	raw_decode(&r, &m);
	assert_int_equal(m.fault.error, 2);
}

static void unknown_messages(void **state)
{
	struct l2tp_msg m;
	struct raw r;

	(void)state;
	raw_start(&r, 42);
	raw_decode(&r, &m);
	assert_int_equal(m.fault.result, 2);
	assert_int_equal(m.fault.error, 8);
	assert_string_equal(l2tp_msg_name(42), "message");
	raw_start(&r, 42);
	r.b[L2TP_CONTROL_HLEN] = 0; /* M */
	raw_decode(&r, &m);
	assert_int_equal(m.fault.result, 0);
	assert_int_equal(m.type, 42);
}

static void result_codes(void **state)
{
	struct l2tp_msg m;
	struct raw r;
	char text[200];

	(void)state;
	raw_start(&r, L2TP_CDN);
	raw_avp(&r, 0x8000, 0, AVP_SESSION_ID, "\1\2", 2);
	raw_avp(&r, 0x8000, 0, AVP_RESULT_CODE, "\0\4", 2);
	raw_decode(&r, &m);
	assert_int_equal(m.result.result, 4);
	assert_int_equal(m.result.error, 0);
	raw_start(&r, L2TP_CDN);
	memset(text, 'x', sizeof(text));
	memcpy(text, "\0\2\0\6", 4);
	raw_avp(&r, 0x8000, 0, AVP_RESULT_CODE, text, sizeof(text));
	raw_decode(&r, &m);
	assert_int_equal(m.result.error, 6);
	assert_int_equal(strlen(m.result.text), L2TP_TEXT_MAX - 1);
}

static void headers(void **state)
{
	static const uint8_t zlb[] = { 0xc8, 2, 0, 12, 0, 1, 0, 0, 0, 2, 0, 3 };
	/* Byte, value, and whether it is a control message still. */
	static const struct {
		uint8_t at, value;
		bool good;
	} change[] = {
		{ 0, 0x48, false }, /* data */
		{ 0, 0x88, false }, /* no Length */
		{ 0, 0xc0, false }, /* no Ns */
		{ 0, 0xca, false }, /* Offset */
		{ 0, 0xc9, false }, /* Priority */
		{ 0, 0xfc, true }, /* reserved bits */
		{ 1, 0x01, false }, /* L2F */
		{ 1, 0x03, false }, /* L2TPv3 */
		{ 1, 0xf2, true }, /* reserved bits */
		{ 3, 11, false }, /* shorter than the header */
		{ 3, 13, false }, /* longer than the datagram */
	};
	uint8_t b[sizeof(zlb)];
	struct l2tp_msg m;

	(void)state;
	assert_true(l2tp_msg_head(&m, zlb, sizeof(zlb)));
	assert_int_equal(m.type, L2TP_ZLB);
	assert_int_equal(m.nr, 3);
	for (size_t len = 0; len < sizeof(zlb); len++)
		assert_false(l2tp_msg_head(&m, zlb, len));
	for (size_t i = 0; i < N_OF(change); i++) {
		memcpy(b, zlb, sizeof(b));
		b[change[i].at] = change[i].value;
		assert_int_equal(l2tp_msg_head(&m, b, sizeof(b)),
				 change[i].good);
	}
}

static void too_long(void **state)
{
	uint8_t big[5000] = { 0 }, b[L2TP_MSG_MAX];
	struct l2tp_msg m;

	(void)state;
	memcpy(big, "\xc8\2", 2);
	big[2] = 5000 >> 8;
	big[3] = 5000 & 255;
	assert_false(l2tp_msg_head(&m, big, sizeof(big)));
	full_msg(&m, L2TP_ICCN);
	for (size_t size = 0; size < 300; size++)
		(void)l2tp_msg_encode(&m, "sesame", b, size);
	assert_int_equal(l2tp_msg_encode(&m, NULL, b, 100), 0);
	m.authen_name.p = big;
	m.authen_name.len = AVP_VALUE_MAX + 1;
	assert_int_equal(l2tp_msg_encode(&m, NULL, b, sizeof(b)), 0);
}

/* Decodes a copy that ends where it ends, so that the sanitizer sees. */
static void hostile(const uint8_t *b, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);
	struct l2tp_msg m;

	assert_non_null(copy);
	memcpy(copy, b, len);
	(void)decode(&m, copy, len, "sesame");
	(void)decode(&m, copy, len, NULL);
	if (l2tp_msg_head(&m, copy, len))
		(void)l2tp_msg_find(&m, AVP_HOST_NAME);
	free(copy);
}

static void truncated(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(full_types); i++) {
		uint8_t b[L2TP_MSG_MAX];
		size_t len = make(full_types[i], "sesame", b);

		for (size_t cut = 0; cut < len; cut++) {
			hostile(b, cut);
			b[2] = (uint8_t)(cut >> 8);
			b[3] = (uint8_t)cut;
			hostile(b, cut);
		}
	}
}

static void mutated(void **state)
{
	uint64_t seed = 2661;

	(void)state;
	for (int round = 0; round < 30000; round++) {
		uint8_t b[L2TP_MSG_MAX];
		size_t len = make(full_types[seeded(&seed) % N_OF(full_types)],
				  seeded(&seed) % 2 ? "sesame" : NULL, b);

		for (uint32_t n = seeded(&seed) % 4 + 1; n; n--) {
			size_t at = seeded(&seed) % len;

			b[at] ^= (uint8_t)(1 << seeded(&seed) % 8);
		}
		hostile(b, len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(hidden),
		cmocka_unit_test(password_is_hidden),
		cmocka_unit_test(faults),
		cmocka_unit_test(fault_text),
		cmocka_unit_test(several),
		cmocka_unit_test(many_speeds),
		cmocka_unit_test(fields),
		cmocka_unit_test(must),
		cmocka_unit_test(unknown_messages),
		cmocka_unit_test(result_codes),
		cmocka_unit_test(headers),
		cmocka_unit_test(too_long),
		cmocka_unit_test(truncated),
		cmocka_unit_test(mutated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
