// SPDX-License-Identifier: GPL-2.0-or-later
/* The Broadband Forum's tag: each item, and items that make no sense. */
#include "pppoe/vendor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
/* after what it needs */
#include <cmocka.h>

static uint8_t b[600];
static struct wr w;
static struct line line;

static void begin(void)
{
	memset(&line, 0, sizeof(line));
	w = wr_make(b, sizeof(b));
	wr_u32(&w, 3561);
}

static void item(uint8_t type, const void *v, size_t len)
{
	wr_u8(&w, type);
	wr_u8(&w, (uint8_t)len);
	wr_bytes(&w, v, len);
}

static void number(uint8_t type, uint32_t v)
{
	wr_u8(&w, type);
	wr_u8(&w, 4);
	wr_u32(&w, v);
}

static struct pppoe_tag tag(void)
{
	return (struct pppoe_tag){ b, (uint16_t)wr_len(&w) };
}

static unsigned int read_it(void)
{
	struct pppoe_tag t = tag();

	return pppoe_vendor_read(&line, &t);
}

static bool id_is(const struct line_id *id, const char *want)
{
	return id->len == strlen(want) && !memcmp(id->b, want, id->len);
}

static void all_of_it(void **state)
{
	struct line again;
	uint8_t record[LINE_RECORD_MAX];
	struct wr rec = wr_make(record, sizeof(record));
	struct rd r;

	(void)state;
	begin();
	item(1, "dslam-7 eth 1/1/5:100", 21);
	item(2, "4711", 4);
	for (uint8_t i = 0; i < 10; i++)
		number(129 + i, 1000u + i);
	for (uint8_t i = 0; i < 4; i++)
		number(139 + i, 16u + i);
	item(144, "\1\2\0", 3);
	number(145, 5);
	item(254, "", 0);
	assert_int_equal(read_it(), 0);
	assert_int_equal(line.has, (1u << LINE_FIELDS) - 1);
	assert_true(id_is(&line.circuit, "dslam-7 eth 1/1/5:100"));
	assert_true(id_is(&line.remote, "4711"));
	for (uint32_t i = 0; i < 10; i++)
		assert_int_equal(line.rate[i], (1000u + i) * 1000);
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(line.delay[i], 16 + i);
	assert_memory_equal(line.encapsulation, "\1\2\0", 3);
	assert_int_equal(line.type, 5);
	assert_int_equal(line.iwf, 1);
	line_save(&line, &rec);
	assert_false(rec.err);
	r = rd_make(record, wr_len(&rec));
	assert_true(line_load(&again, &r));
	assert_int_equal(rd_left(&r), 0);
	assert_memory_equal(&again, &line, sizeof(line));
	for (size_t n = 0; n < wr_len(&rec); n++) {
		r = rd_make(record, n);
		assert_false(line_load(&again, &r));
	}
}

/* More than 4 Gbit/s does not wrap. */
static void a_fast_line(void **state)
{
	(void)state;
	begin();
	number(130, 10000000);
	assert_int_equal(read_it(), 0);
	assert_true(line.rate[1] == UINT64_C(10000000000));
}

static void other_vendors(void **state)
{
	struct pppoe_tag t;

	(void)state;
	begin();
	t = tag();
	assert_true(pppoe_tag_is_line(&t));
	b[3]++;
	assert_false(pppoe_tag_is_line(&t));
	b[3]--;
	t.len = 3;
	assert_false(pppoe_tag_is_line(&t));
	t = (struct pppoe_tag){ 0 };
	assert_false(pppoe_tag_is_line(&t));
}

static void nonsense_is_left_out(void **state)
{
	static const uint8_t long_id[64] = "x";

	(void)state;
	begin();
	item(1, long_id, 64);
	item(2, "", 0);
	item(129, "\1\2\3", 3);
	item(144, "\1\2", 2);
	item(77, "who knows", 9); /* unknown: no fault */
	number(130, 7);
	number(130, 8); /* of two the first */
	assert_int_equal(read_it(), 4);
	assert_int_equal(line.has, 1u << LINE_RATE_DOWN);
	assert_int_equal(line.rate[1], 7000);
	wr_u8(&w, 1);
	wr_u8(&w, 200); /* longer than the tag: what was before stays */
	wr_u8(&w, 'x');
	memset(&line, 0, sizeof(line));
	assert_int_equal(read_it(), 5);
	assert_int_equal(line.has, 1u << LINE_RATE_DOWN);
	wr_u8(&w, 1);
	(void)read_it();
}

static void numbers_are_found(void **state)
{
	(void)state;
	for (enum line_field f = 0; f < LINE_FIELDS; f++)
		assert_int_equal(line_find(line_info(f)->number), f);
	assert_int_equal(line_find(143), LINE_FIELDS);
	assert_int_equal(line_find(0), LINE_FIELDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_it),
		cmocka_unit_test(a_fast_line),
		cmocka_unit_test(other_vendors),
		cmocka_unit_test(nonsense_is_left_out),
		cmocka_unit_test(numbers_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
