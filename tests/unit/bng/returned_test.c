// SPDX-License-Identifier: GPL-2.0-or-later
/* The ring of what came back: order over a restart, bound, what makes no sense. */
#include "bng/returned.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
/* after what it needs */
#include <cmocka.h>

#define MAX_SESSIONS 100
#define RECORDS RETURNED_RECORDS(MAX_SESSIONS)
#define ENTRIES (RECORDS * RETURNED_OF_RECORD)
#define RECORDS_MAX RETURNED_RECORDS(2 * MAX_SESSIONS)

static struct {
	size_t len;
	uint8_t b[RETURNED_RECORD_MAX];
} kept[RECORDS_MAX];
static unsigned int writes;

static void keep(struct returned *r, uint64_t key, const void *data, size_t len)
{
	assert_true(key < r->max && len <= RETURNED_RECORD_MAX);
	kept[key].len = len;
	memcpy(kept[key].b, data, len);
	writes++;
}

static void start(struct returned *r, unsigned int max_sessions)
{
	returned_init(r, max_sessions);
	r->keep = keep;
}

static void add(struct returned *r, uint32_t n)
{
	struct returned_entry e = { 1, n, n + 1, n / 10 };

	returned_add(r, &e);
}

/* What is read is one after the other, up to *last. */
static uint32_t last, total;

static void in_order(void *ctx, const struct returned_entry *e)
{
	(void)ctx;
	assert_int_equal(e->pool, 1);
	assert_int_equal(e->user, e->what + 1);
	assert_int_equal(e->at, e->what / 10);
	if (total++)
		assert_int_equal(e->what, last + 1);
	last = e->what;
}

/* Read from the highest key down. */
static void restart(struct returned *r)
{
	returned_free(r);
	start(r, MAX_SESSIONS);
	for (size_t i = RECORDS; i--;)
		if (kept[i].len)
			assert_true(
				returned_load(r, i, kept[i].b, kept[i].len));
	total = 0;
	returned_each(r, in_order, NULL);
}

static void over_restarts(void **state)
{
	struct returned r;
	uint32_t n = 0;

	(void)state;
	memset(kept, 0, sizeof(kept));
	writes = 0;
	start(&r, MAX_SESSIONS);
	restart(&r);
	assert_int_equal(total, 0);
	for (int round = 0; round < 50; round++) {
		for (int i = 0; i < 17; i++)
			add(&r, n++);
		restart(&r);
		assert_int_equal(last, n - 1);
		if (n <= ENTRIES - RETURNED_OF_RECORD)
			assert_int_equal(total, n);
		else
			assert_in_range(total, ENTRIES - RETURNED_OF_RECORD + 1,
					ENTRIES);
	}
	assert_true(n > 2 * ENTRIES);
	assert_int_equal(writes, n);
	returned_free(&r);
}

/* With a ring of another length; whether each was where it belongs. */
static bool restart_with(unsigned int max_sessions)
{
	struct returned r;
	bool all = true;

	start(&r, max_sessions);
	for (size_t i = 0; i < RECORDS_MAX; i++)
		if (kept[i].len &&
		    !returned_load(&r, i, kept[i].b, kept[i].len)) {
			kept[i].len = 0;
			all = false;
		}
	total = 0;
	returned_each(&r, in_order, NULL);
	returned_free(&r);
	return all;
}

/* What fits a ring of another length is kept there. */
static void other_limits(void **state)
{
	uint32_t newest, n;

	(void)state;
	assert_true(restart_with(MAX_SESSIONS));
	newest = last;
	n = total;
	assert_false(restart_with(2 * MAX_SESSIONS));
	assert_true(restart_with(2 * MAX_SESSIONS));
	assert_int_equal(last, newest);
	assert_int_equal(total, n);
	/* All are read of one that is longer than the ring is now. */
	assert_false(restart_with(MAX_SESSIONS / 2));
	assert_int_equal(total, n);
	assert_true(restart_with(MAX_SESSIONS / 2));
	assert_int_equal(last, newest);
	n = RETURNED_RECORDS(MAX_SESSIONS / 2) * RETURNED_OF_RECORD;
	assert_in_range(total, n - RETURNED_OF_RECORD + 1, n);
}

static void bad_records(void **state)
{
	uint8_t b[RETURNED_RECORD_MAX + 16] = { 0, 0, 0, 0, 0, 0, 0, 1 };
	struct returned r;

	(void)state;
	start(&r, MAX_SESSIONS);
	assert_false(returned_load(&r, 1, b, 7));
	assert_false(returned_load(&r, 1, b, 8 + 15));
	assert_false(returned_load(&r, 1, b, sizeof(b)));
	assert_true(returned_load(&r, 1, b, 8 + 16));
	b[7] = 0;
	assert_false(returned_load(&r, 0, b, 8 + 16));
	returned_free(&r);
}

static void names(void **state)
{
	(void)state;
	assert_int_equal(returned_pool(AF_INET, "a", NULL),
			 returned_pool(AF_INET, "a", ""));
	assert_int_not_equal(returned_pool(AF_INET, "a", NULL),
			     returned_pool(AF_INET6, "a", NULL));
	assert_int_not_equal(returned_pool(AF_INET, "a", "red"),
			     returned_pool(AF_INET, "a", "blue"));
	assert_int_equal(returned_time(1001), 2);
	assert_int_equal(returned_time(1000), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(over_restarts),
		cmocka_unit_test(other_limits),
		cmocka_unit_test(bad_records),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
