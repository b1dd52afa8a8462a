// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The load generator's codec: against itself, against what RFC 2661 says byte by
 * byte, against the daemon's codec, and against noise.
 */
#include "perf/wire.h"

#include "base/log.h"
#include "l2tp/codec.h"
#include "l2tp/unit.h"

#include <string.h>

static uint8_t buf[WIRE_MAX];
static struct wire_msg got;

static struct wr start(enum wire_type type)
{
	struct wr w = wr_make(buf, sizeof(buf));

	wire_begin(&w, type);
	return w;
}

static void header_is_as_it_should_be(void **state)
{
	static const uint8_t want[] = {
		0xc8, 2, 0, 28, 0, 17, 0, 66, 0, 5, 0, 9, /* RFC 2661 3.1 */
		0x80, 8, 0, 0,	0, 0,  0, 14, /* CDN */
		0x80, 8, 0, 0,	0, 14, 1, 2, /* Assigned Session ID */
	};
	struct wr w = start(WIRE_CDN);

	(void)state;
	wire_put16(&w, WIRE_A_SESSION, 0x0102);
	assert_int_equal(wire_end(&w, 17, 66), sizeof(want));
	wire_number(buf, 5, 9);
	assert_memory_equal(buf, want, sizeof(want));
	assert_int_equal(wire_parse(&got, buf, sizeof(want), NULL), 0);
	assert_true(got.control);
	assert_int_equal(got.type, WIRE_CDN);
	assert_int_equal(got.tunnel, 17);
	assert_int_equal(got.session, 66);
	assert_int_equal(got.ns, 5);
	assert_int_equal(got.nr, 9);
}

static void zlb_has_no_avp(void **state)
{
	struct wr w = start(WIRE_ZLB);

	(void)state;
	assert_int_equal(wire_end(&w, 1, 0), 12);
	assert_int_equal(wire_parse(&got, buf, 12, NULL), 0);
	assert_int_equal(got.type, WIRE_ZLB);
}

static void data_may_have_every_field(void **state)
{
	static const uint8_t plain[] = { 0, 2, 0, 1, 0, 2, 0xff, 3 };
	static const uint8_t all[] = { 0x4a, 2, 0, 18, 0, 1, 0,	   2, 0, 3,
				       0,    4, 0, 2,  9, 9, 0xff, 3, 7, 7 };

	(void)state;
	assert_int_equal(wire_parse(&got, plain, sizeof(plain), NULL), 0);
	assert_false(got.control);
	assert_int_equal(got.payload.len, 2);
	/* Offset pad; what is behind Length is not the message's. */
	assert_int_equal(wire_parse(&got, all, sizeof(all), NULL), 0);
	assert_int_equal(got.payload.len, 2);
	assert_int_equal(got.payload.p[0], 0xff);
}

static void what_is_malformed_is_refused(void **state)
{
	struct wr w = start(WIRE_SCCRQ);
	size_t len;

	(void)state;
	wire_put_text(&w, WIRE_A_HOST_NAME, "lac");
	len = wire_end(&w, 0, 0);
	for (size_t n = 0; n < len; n++)
		assert_int_equal(wire_parse(&got, buf, n, NULL), -1);
	assert_int_equal(wire_parse(&got, buf, len, NULL), 0);
	buf[1] = 3; /* L2TPv3 */
	assert_int_equal(wire_parse(&got, buf, len, NULL), -1);
	buf[1] = 2;
	buf[0] = 0xc0; /* no Ns, Nr */
	assert_int_equal(wire_parse(&got, buf, len, NULL), -1);
	buf[0] = 0xc8;
	buf[13] = 5; /* an AVP of 5 bytes */
	assert_int_equal(wire_parse(&got, buf, len, NULL), -1);
}

static void hidden_values_come_back(void **state)
{
	struct wr w;
	size_t len;
	char text[200];

	(void)state;
	memset(text, 'x', sizeof(text));
	for (size_t n = 0; n <= sizeof(text); n++) {
		w = start(WIRE_ICCN);
		wire_put_hidden(&w, WIRE_A_AUTH_NAME, "secret", text, n);
		len = wire_end(&w, 1, 2);
		assert_int_equal(wire_parse(&got, buf, len, "secret"), 0);
		assert_int_equal(got.avp[WIRE_A_AUTH_NAME].len, n);
		if (n)
			assert_memory_equal(got.avp[WIRE_A_AUTH_NAME].p, text,
					    n);
		/* Without the secret it is not there. */
		assert_int_equal(wire_parse(&got, buf, len, NULL), 0);
		assert_null(got.avp[WIRE_A_AUTH_NAME].p);
	}
}

/* Two codecs that share nothing understand each other. */
static void the_daemon_reads_it(void **state)
{
	static const uint8_t challenge[] = "challenge of the LAC";
	static struct l2tp_msg m;
	struct wr w = start(WIRE_SCCRQ);
	size_t len;

	(void)state;
	wire_put16(&w, WIRE_A_VERSION, 0x0100);
	wire_put32(&w, WIRE_A_FRAMING_CAPS, 3);
	wire_put_text(&w, WIRE_A_HOST_NAME, "lac1");
	wire_put16(&w, WIRE_A_TUNNEL, 4711);
	wire_put16(&w, WIRE_A_WINDOW, 9);
	wire_put_hidden(&w, WIRE_A_CHALLENGE, "s", challenge,
			sizeof(challenge));
	len = wire_end(&w, 0, 0);
	assert_true(l2tp_msg_head(&m, buf, len));
	l2tp_msg_body(&m, "s");
	assert_int_equal(m.fault.result, 0);
	assert_int_equal(m.bad_avps, 0);
	assert_int_equal(m.type, L2TP_SCCRQ);
	assert_int_equal(m.assigned_tunnel, 4711);
	assert_int_equal(m.window, 9);
	assert_int_equal(m.challenge.len, sizeof(challenge));
	assert_memory_equal(m.challenge.p, challenge, sizeof(challenge));
	assert_int_equal(m.host_name.len, 4);
}

static void unknown_mandatory_avps_are_seen(void **state)
{
	static const uint8_t msg[] = {
		0xc8, 2, 0, 28, 0, 1, 0, 0, 0, 0, 0, 0, /* header */
		0x80, 8, 0, 0,	0, 0, 0, 6, /* HELLO */
		0x80, 8, 0, 9,	0, 7, 0, 0, /* of a vendor */
	};

	(void)state;
	assert_int_equal(wire_parse(&got, msg, sizeof(msg), NULL), 0);
	assert_true(got.unknown_mandatory);
	assert_null(got.avp[WIRE_A_HOST_NAME].p);
}

static void results_are_spelled(void **state)
{
	struct wr w = start(WIRE_STOPCCN);
	char text[64];

	(void)state;
	wire_put_result(&w, 2, 6, "no\nway");
	wire_put_vendor(&w, 9, 1, "x", 1); /* not mandatory, and passed over */
	assert_int_equal(wire_parse(&got, buf, wire_end(&w, 1, 0), NULL), 0);
	assert_false(got.unknown_mandatory);
	assert_string_equal(wire_result(&got, text, sizeof(text)),
			    "2/6 no?way");
	assert_string_equal(wire_name(got.type), "StopCCN");
	assert_string_equal(wire_name(999), "unknown");
}

static void noise_is_survived(void **state)
{
	uint64_t seed = 42;
	unsigned int good = 0;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		size_t len = seeded(&seed) % 64;

		for (size_t n = 0; n < len; n++)
			buf[n] = (uint8_t)seeded(&seed);
		if (len > 12 && i % 2) {
			struct wr w = wr_make(buf, sizeof(buf));

			wire_begin(&w, WIRE_ZLB);
			wr_patch_u16(&w, 2, (uint16_t)len);
			buf[12] &= 0xc0;
			buf[13] = 8;
		}
		good += !wire_parse(&got, buf, len, "secret");
	}
	assert_true(good > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header_is_as_it_should_be),
		cmocka_unit_test(zlb_has_no_avp),
		cmocka_unit_test(data_may_have_every_field),
		cmocka_unit_test(what_is_malformed_is_refused),
		cmocka_unit_test(hidden_values_come_back),
		cmocka_unit_test(the_daemon_reads_it),
		cmocka_unit_test(unknown_mandatory_avps_are_seen),
		cmocka_unit_test(results_are_spelled),
		cmocka_unit_test(noise_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
