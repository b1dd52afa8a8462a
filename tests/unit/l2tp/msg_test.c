// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages: each one there and back, the rules of RFC 2661 4.1 for what is wrong,
 * and hostile bytes.
 */
#include "l2tp/msg.h"

#include "adit/wire.h"
#include "l2tp/unit.h"

#include <stdlib.h>
#include <string.h>

static const uint16_t types[] = { L2TP_SCCRQ,	L2TP_SCCRP, L2TP_SCCCN,
				  L2TP_STOPCCN, L2TP_HELLO, L2TP_OCRQ,
				  L2TP_OCRP,	L2TP_OCCN,  L2TP_ICRQ,
				  L2TP_ICRP,	L2TP_ICCN,  L2TP_CDN,
				  L2TP_WEN,	L2TP_SLI };

#define BYTES(s)                                    \
	{                                           \
		(const uint8_t *)(s), sizeof(s) - 1 \
	}

/* A message with all it may have. */
static void fill(struct l2tp_msg *m, uint16_t type)
{
	*m = (struct l2tp_msg){
		.tunnel_id = 0x1234,
		.session_id = 0x5678,
		.ns = 0xfffe,
		.nr = 3,
		.type = type,
		.has = l2tp_msg_must(type) | l2tp_msg_may(type),
		.result = { 2, 6, "a text" },
		.version = 0x100,
		.framing_caps = 3,
		.bearer_caps = 2,
		.tie_breaker = UINT64_C(0x0102030405060708),
		.firmware = 0x690,
		.host_name = BYTES("lac.example"),
		.vendor_name = BYTES("vendor"),
		.assigned_tunnel = 4711,
		.window = 8,
		.challenge = BYTES("0123456789abcdef0"),
		.q931 = BYTES("\0\x10\0text"),
		.response = BYTES("fedcba9876543210"),
		.assigned_session = 815,
		.serial = 99,
		.min_bps = 1000,
		.max_bps = 2000,
		.bearer_type = 2,
		.framing_type = 1,
		.called = BYTES("100"),
		.calling = BYTES("200"),
		.sub_address = BYTES("sub"),
		.tx_speed = 100000000,
		.channel_id = 7,
		.first_rx_confreq = BYTES("\1\4\5\xd4"),
		.last_tx_confreq = BYTES("\1\4\5\xa2\3\4\xc0\x23"),
		.last_rx_confreq = BYTES("\5\6\1\2\3\4"),
		.authen_type = 3,
		.authen_name = BYTES("user@realm"),
		.authen_challenge = BYTES("challenge"),
		.authen_id = 200,
		.authen_response = BYTES("password"),
		.call_errors = BYTES("\0\0aaaabbbbccccddddeeeeffff"),
		.accm = BYTES("\0\0\xff\xff\xff\xff\0\0\0\0"),
		.group_id = BYTES("group"),
		.rx_speed = 20000000,
	};
}

static size_t make(uint16_t type, const char *secret, uint8_t *b)
{
	struct l2tp_msg m;
	size_t len;

	fill(&m, type);
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

static void same_bytes(struct l2tp_bytes a, struct l2tp_bytes b)
{
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.p, b.p, a.len);
}

#define SAME(field) assert_true(!memcmp(&a.field, &b.field, sizeof(a.field)))
#define IF(avp, check)                     \
	do {                               \
		if (b.has & L2TP_BIT(avp)) \
			check;             \
	} while (0)

static void there_and_back(void **state)
{
	static const char *const secrets[] = { NULL, "sesame" };

	(void)state;
	for (size_t i = 0; i < N_OF(types) * 2; i++) {
		const char *secret = secrets[i % 2];
		uint8_t buf[L2TP_MSG_MAX];
		size_t len = make(types[i / 2], secret, buf);
		struct l2tp_msg a, b;

		fill(&a, types[i / 2]);
		assert_true(decode(&b, buf, len, secret));
		assert_int_equal(b.fault.result, 0);
		assert_int_equal(b.bad_avps, 0);
		assert_true(b.mandatory);
		assert_int_equal(a.type, b.type);
		SAME(has);
		SAME(tunnel_id);
		SAME(session_id);
		SAME(ns);
		SAME(nr);
		IF(1, SAME(result.result));
		IF(1, SAME(result.error));
		IF(1, assert_string_equal(a.result.text, b.result.text));
		IF(2, SAME(version));
		IF(3, SAME(framing_caps));
		IF(4, SAME(bearer_caps));
		IF(5, SAME(tie_breaker));
		IF(6, SAME(firmware));
		IF(7, same_bytes(a.host_name, b.host_name));
		IF(8, same_bytes(a.vendor_name, b.vendor_name));
		IF(9, SAME(assigned_tunnel));
		IF(10, SAME(window));
		IF(11, same_bytes(a.challenge, b.challenge));
		IF(12, same_bytes(a.q931, b.q931));
		IF(13, same_bytes(a.response, b.response));
		IF(14, SAME(assigned_session));
		IF(15, SAME(serial));
		IF(16, SAME(min_bps));
		IF(17, SAME(max_bps));
		IF(18, SAME(bearer_type));
		IF(19, SAME(framing_type));
		IF(21, same_bytes(a.called, b.called));
		IF(22, same_bytes(a.calling, b.calling));
		IF(23, same_bytes(a.sub_address, b.sub_address));
		IF(24, SAME(tx_speed));
		IF(25, SAME(channel_id));
		IF(26, same_bytes(a.first_rx_confreq, b.first_rx_confreq));
		IF(27, same_bytes(a.last_tx_confreq, b.last_tx_confreq));
		IF(28, same_bytes(a.last_rx_confreq, b.last_rx_confreq));
		IF(29, SAME(authen_type));
		IF(30, same_bytes(a.authen_name, b.authen_name));
		IF(31, same_bytes(a.authen_challenge, b.authen_challenge));
		IF(32, SAME(authen_id));
		IF(33, same_bytes(a.authen_response, b.authen_response));
		IF(34, same_bytes(a.call_errors, b.call_errors));
		IF(35, same_bytes(a.accm, b.accm));
		IF(37, same_bytes(a.group_id, b.group_id));
		IF(38, SAME(rx_speed));
	}
}

/* RFC 2661 6, by number. */
static void rows(void **state)
{
	(void)state;
#define N(n) L2TP_BIT(n)
	assert_int_equal(l2tp_msg_must(1), N(0) | N(2) | N(3) | N(7) | N(9));
	assert_int_equal(l2tp_msg_must(2), N(0) | N(2) | N(3) | N(7) | N(9));
	assert_int_equal(l2tp_msg_must(3), N(0));
	assert_int_equal(l2tp_msg_may(3), N(13));
	assert_int_equal(l2tp_msg_must(4), N(0) | N(1) | N(9));
	assert_int_equal(l2tp_msg_must(6), N(0));
	assert_int_equal(l2tp_msg_must(10), N(0) | N(14) | N(15));
	assert_int_equal(l2tp_msg_must(11), N(0) | N(14));
	assert_int_equal(l2tp_msg_must(12), N(0) | N(19) | N(24));
	assert_int_equal(l2tp_msg_must(14), N(0) | N(1) | N(14));
	assert_int_equal(l2tp_msg_must(5), 0);
	assert_int_equal(l2tp_msg_must(13), 0);
	assert_int_equal(l2tp_msg_must(17), 0);
	assert_int_equal(l2tp_msg_must(65535), 0);
#undef N
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
	fill(&m, L2TP_ICCN);
	m.authen_type = 2;
	len = l2tp_msg_encode(&m, "sesame", b, sizeof(b));
	assert_true(contains(b, len, "password"));
}

/* ------------------------------------------------------ what can be wrong */

struct raw {
	uint8_t b[512];
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
	fill(&m, L2TP_ICCN);
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
	for (size_t i = 0; i < N_OF(types); i++) {
		uint8_t b[L2TP_MSG_MAX];
		size_t len = make(types[i], "sesame", b);

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
		size_t len = make(types[seeded(&seed) % N_OF(types)],
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
		cmocka_unit_test(rows),
		cmocka_unit_test(password_is_hidden),
		cmocka_unit_test(faults),
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
