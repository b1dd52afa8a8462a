// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The load generator's PPPoE codec: against what RFC 2516 says byte by byte, and
 * against noise.
 */
#include "perf/ether.h"

#include "l2tp/unit.h"

#include <stdlib.h>
#include <string.h>

static const uint8_t to[] = { 255, 255, 255, 255, 255, 255 };
static const uint8_t from[] = { 2, 0, 0, 0, 0, 7 };
static uint8_t buf[ETHER_MAX];
static struct ether_frame got;

static size_t padi(void)
{
	struct wr w = wr_make(buf, sizeof(buf));

	ether_begin(&w, to, from, ETHER_PADI, 0);
	ether_put(&w, ETHER_SERVICE, NULL, 0);
	ether_put(&w, ETHER_HOST_UNIQ, "abc", 3);
	return ether_end(&w);
}

static void discovery_is_as_it_should_be(void **state)
{
	static const uint8_t want[] = {
		255,  255,  255, 255, 255, 255,	 2,
		0,    0,    0,	 0,   7,   0x88, 0x63, /* RFC 2516 4 */
		0x11, 0x09, 0,	 0,   0,   11, /* PADI, 11 bytes of tags */
		1,    1,    0,	 0, /* Service-Name: any */
		1,    3,    0,	 3,   'a', 'b',	 'c' /* Host-Uniq */
	};
	size_t len;

	(void)state;
	assert_int_equal(padi(), sizeof(want));
	assert_memory_equal(buf, want, sizeof(want));
	assert_int_equal(ether_parse(&got, buf, sizeof(want)), 0);
	assert_int_equal(got.code, ETHER_PADI);
	assert_memory_equal(got.from, from, sizeof(from));
	assert_non_null(ether_find(&got, ETHER_SERVICE, &len));
	assert_int_equal(len, 0);
	assert_memory_equal(ether_find(&got, ETHER_HOST_UNIQ, &len), "abc", 3);
	assert_int_equal(len, 3);
	assert_null(ether_find(&got, ETHER_COOKIE, &len));
}

static void a_session_frame_loses_its_padding(void **state)
{
	struct wr w = wr_make(buf, sizeof(buf));

	(void)state;
	ether_begin(&w, to, from, ETHER_SESSION, 0x1234);
	wr_bytes(&w, "\xc0\x21", 2);
	assert_int_equal(ether_end(&w), 22);
	assert_int_equal(buf[13], 0x64);
	memset(buf + 22, 0, 38);
	assert_int_equal(ether_parse(&got, buf, 60), 0);
	assert_int_equal(got.code, ETHER_SESSION);
	assert_int_equal(got.session, 0x1234);
	assert_int_equal(got.len, 2);
}

static void what_is_cut_or_strange_is_refused(void **state)
{
	size_t len = padi(), tag;

	(void)state;
	for (size_t n = 0; n < len; n++)
		assert_int_equal(ether_parse(&got, buf, n), -1);
	buf[14] = 0x21;
	assert_int_equal(ether_parse(&got, buf, len), -1);
	padi();
	buf[13] = 0x64; /* a session's, with a code */
	assert_int_equal(ether_parse(&got, buf, len), -1);
	padi();
	buf[27] = 200; /* Host-Uniq goes beyond the end */
	assert_int_equal(ether_parse(&got, buf, len), 0);
	assert_null(ether_find(&got, ETHER_HOST_UNIQ, &tag));
}

static void noise_does_no_harm(void **state)
{
	size_t len;

	(void)state;
	srandom(1);
	for (int i = 0; i < 100000; i++) {
		size_t n = padi();

		for (int k = 0; k < 4; k++)
			buf[12 + random() % (n - 12)] = (uint8_t)random();
		if (!ether_parse(&got, buf, n))
			ether_find(&got, ETHER_COOKIE, &len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(discovery_is_as_it_should_be),
		cmocka_unit_test(a_session_frame_loses_its_padding),
		cmocka_unit_test(what_is_cut_or_strange_is_refused),
		cmocka_unit_test(noise_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
