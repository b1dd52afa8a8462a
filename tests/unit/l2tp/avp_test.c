// SPDX-License-Identifier: GPL-2.0-or-later
/* AVPs: reading at the edges, hiding against known answers. */
#include "l2tp/avp.h"

#include "l2tp/unit.h"

#include <stdlib.h>
#include <string.h>

static const uint8_t rv[16] = { 0, 1, 2,  3,  4,  5,  6,  7,
				8, 9, 10, 11, 12, 13, 14, 15 };
static const char secret[] = "sesame";
static const char password[] = "a password of more than one block";

/* Made with another implementation of RFC 2661 4.3; padded with 5 zeros. */
static const uint8_t hidden_password[] = {
	0xd5, 0x8f, 0xd9, 0x36, 0x12, 0xe2, 0xa6, 0x46, 0xa9, 0x9c,
	0xa8, 0xbd, 0x47, 0x65, 0x1d, 0x7b, 0xe9, 0x01, 0xc6, 0x9d,
	0xcf, 0x80, 0x5d, 0xaf, 0xd6, 0x28, 0x8f, 0xf5, 0x7a, 0x77,
	0xf3, 0x6d, 0x92, 0x89, 0x52, 0x9c, 0x23, 0x38, 0x47, 0xc6
};
static const uint8_t hidden_id[] = { 0xe1, 0x3b, 0xf5, 0xa3 };

static struct avp hidden(uint16_t type, const void *value, size_t len)
{
	return (struct avp){ .hidden = true,
			     .type = type,
			     .len = (uint16_t)len,
			     .value = value };
}

static void edges(void **state)
{
	static const uint8_t five[] = { 0x80, 5, 0, 0, 0, 1, 0, 0 };
	static const uint8_t past[] = { 0x80, 9, 0, 0, 0, 1, 0, 0 };
	static const uint8_t odd[] = { 0xfc, 7, 1, 2, 3, 4, 5, 0x80, 6, 0, 0 };
	struct rd r = rd_make(five, sizeof(five));
	struct avp a;

	(void)state;
	assert_false(avp_next(&r, &a));
	assert_true(r.err);
	r = rd_make(past, sizeof(past));
	assert_false(avp_next(&r, &a));
	assert_true(r.err);
	r = rd_make(odd, sizeof(odd));
	assert_true(avp_next(&r, &a));
	assert_true(a.m && a.hidden && a.reserved);
	assert_int_equal(a.vendor, 0x102);
	assert_int_equal(a.type, 0x304);
	assert_int_equal(a.len, 1);
	assert_int_equal(a.value[0], 5);
	assert_false(avp_next(&r, &a));
	assert_true(r.err);
	r = rd_make(odd, 0);
	assert_false(avp_next(&r, &a));
	assert_false(r.err);
}

static void known_answers(void **state)
{
	struct avp a = hidden(33, hidden_password, sizeof(hidden_password));
	uint8_t out[64];

	(void)state;
	assert_true(avp_reveal(&a, secret, rv, sizeof(rv), out));
	assert_int_equal(a.len, sizeof(password) - 1);
	assert_memory_equal(a.value, password, a.len);
	a = hidden(9, hidden_id, sizeof(hidden_id));
	assert_true(avp_reveal(&a, secret, rv, sizeof(rv), out));
	assert_int_equal(a.len, 2);
	assert_memory_equal(a.value, "\x12\x34", 2);
	/* Another type is another key. */
	a = hidden(14, hidden_id, sizeof(hidden_id));
	assert_false(avp_reveal(&a, secret, rv, sizeof(rv), out));
	a = hidden(9, hidden_id, 1);
	assert_false(avp_reveal(&a, secret, rv, sizeof(rv), out));
	a = hidden(9, hidden_id, 0);
	assert_false(avp_reveal(&a, secret, rv, sizeof(rv), out));
}

static void every_length(void **state)
{
	uint8_t value[AVP_VALUE_MAX], buf[AVP_MAX], out[AVP_MAX];

	(void)state;
	memset(value, 0x5a, sizeof(value));
	for (size_t len = 0; len <= AVP_VALUE_MAX; len++) {
		struct wr w = wr_make(buf, sizeof(buf));
		struct avp put = { .type = 33, .len = (uint16_t)len };
		struct rd r;
		struct avp a;

		put.value = value;
		avp_put(&w, &put);
		assert_false(w.err);
		r = rd_make(buf, wr_len(&w));
		assert_true(avp_next(&r, &a));
		assert_int_equal(a.len, len);
		w = wr_make(buf, sizeof(buf));
		avp_put_hidden(&w, &put, secret, rv, sizeof(rv));
		assert_int_equal(w.err, len + 2 > AVP_VALUE_MAX);
		if (w.err)
			continue;
		r = rd_make(buf, wr_len(&w));
		assert_true(avp_next(&r, &a));
		assert_true(a.hidden && !rd_left(&r));
		assert_true(a.len % 16 == 0 || a.len == AVP_VALUE_MAX);
		assert_true(avp_reveal(&a, secret, rv, sizeof(rv), out));
		assert_int_equal(a.len, len);
		assert_memory_equal(a.value, value, len);
	}
}

static void no_room(void **state)
{
	uint8_t value[AVP_VALUE_MAX + 1] = { 0 }, buf[2048];
	struct wr w = wr_make(buf, sizeof(buf));
	struct avp a = { .type = 8, .len = sizeof(value), .value = value };

	(void)state;
	avp_put(&w, &a);
	assert_true(w.err);
	w = wr_make(buf, AVP_HLEN + 3);
	a.len = 4;
	avp_put(&w, &a);
	assert_true(w.err);
}

/* Any bytes: it ends, and stays inside (the sanitizer looks). */
static void garbage(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		size_t len = seeded(&seed) % 200;
		uint8_t *b = malloc(len + 1), *out = malloc(len + 1);
		struct rd r = rd_make(b, len);
		struct avp a;

		assert_true(b && out);
		for (size_t i = 0; i < len; i++)
			b[i] = (uint8_t)seeded(&seed);
		for (size_t i = 0; i + 1 < len; i += 7)
			b[i] &= 0xfc;
		while (avp_next(&r, &a)) {
			assert_true(a.value + a.len <= b + len);
			if (a.hidden &&
			    avp_reveal(&a, secret, rv, sizeof(rv), out))
				assert_true(a.value + a.len <= out + len);
		}
		free(b);
		free(out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(edges),	cmocka_unit_test(known_answers),
		cmocka_unit_test(every_length), cmocka_unit_test(no_room),
		cmocka_unit_test(garbage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
