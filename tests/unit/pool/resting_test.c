// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers that rest: against a plain array, however often they come and go; when full. */
#include "pool/resting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
/* after what it needs */
#include <cmocka.h>

/* Of the sanitizer that each unit test is built with. */
size_t __sanitizer_get_current_allocated_bytes(void);

enum what { NONE, RESTS, HELD };

enum { N = 700, STEP = 100, TIME = 300 * STEP };

static struct model {
	enum what what[N];
	msec_t until[N];
	uint32_t n;
} m;

static void one_step(struct resting *r, uint32_t i, msec_t now)
{
	switch (rand() % 5) {
	case 0:
	case 1:
		assert_true(resting_lay(r, i, now + TIME));
		m.until[i] = now + TIME;
		m.what[i] = RESTS;
		break;
	case 2:
		assert_int_equal(resting_wake(r, i), m.what[i] == RESTS);
		if (m.what[i] == RESTS)
			m.what[i] = NONE;
		break;
	case 3:
		assert_int_equal(resting_hold(r, i), m.what[i] == RESTS);
		if (m.what[i] == RESTS)
			m.what[i] = HELD;
		break;
	default:
		assert_int_equal(resting_again(r, i), m.what[i] != NONE);
		if (m.what[i] != NONE)
			m.what[i] = RESTS;
	}
}

/* Those that are over, each once, the oldest first. */
static void come_out(struct resting *r, msec_t now)
{
	msec_t last = 0;
	uint32_t i;

	while (resting_over(r, now, &i)) {
		assert_int_equal(m.what[i], RESTS);
		assert_in_range(m.until[i], last, now);
		last = m.until[i];
		m.what[i] = NONE;
	}
	m.n = 0;
	for (i = 0; i < N; i++) {
		if (m.what[i] != NONE && m.until[i] <= now) {
			assert_int_equal(m.what[i], HELD);
			m.what[i] = NONE;
		}
		assert_int_equal(resting_has(r, i), m.what[i] == RESTS);
		m.n += m.what[i] == RESTS;
	}
	assert_int_equal(r->n, m.n);
}

static void as_an_array(void **state)
{
	struct resting r = { 0 };
	msec_t now = 0;

	(void)state;
	srand(1);
	for (int i = 0; i < 30000; i++, now += STEP) {
		/* At times few come and go often, at times many. */
		uint32_t of = i / 3000 % 2 ? 5 : N;

		for (int k = 0; k < 5; k++)
			one_step(&r, (uint32_t)rand() % of, now);
		come_out(&r, now);
	}
	assert_int_equal(r.hurried, 0);
	now += TIME;
	come_out(&r, now);
	assert_int_equal(r.n, 0);
	assert_int_equal(r.n_known, 0);
	resting_free(&r);
}

/* As many as can be; one of them comes and goes, then there is one more. */
static void full(void **state)
{
	size_t before = __sanitizer_get_current_allocated_bytes();
	struct resting r = { 0 };
	uint32_t i;

	(void)state;
	assert_false(resting_make_room(&r, &i));
	for (i = 0; i < RESTING_MAX; i++)
		assert_true(resting_lay(&r, 3 * i, 1000));
	assert_true(resting_hold(&r, 3));
	for (int k = 0; k < 2000000; k++) {
		assert_true(resting_wake(&r, 12));
		assert_true(resting_lay(&r, 12, 1000));
	}
	assert_int_equal(r.n, RESTING_MAX - 1);
	assert_in_range(__sanitizer_get_current_allocated_bytes() - before, 1,
			6 << 20);
	assert_false(resting_lay(&r, 5, 1000));
	assert_true(resting_make_room(&r, &i));
	assert_int_equal(i, 0);
	assert_false(resting_make_room(&r, &i));
	assert_true(resting_lay(&r, 5, 1000));
	/* One that is held goes first, and nobody notices. */
	assert_false(resting_make_room(&r, &i));
	assert_false(resting_again(&r, 3));
	assert_true(resting_lay(&r, 7, 1000));
	assert_true(resting_make_room(&r, &i));
	assert_int_equal(i, 6);
	assert_int_equal(r.hurried, 2);
	for (i = 9; resting_over(&r, 1000, &i);)
		assert_true(i == 5 || i == 7 || i % 3 == 0);
	assert_int_equal(r.n, 0);
	resting_free(&r);
	assert_int_equal(__sanitizer_get_current_allocated_bytes(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_an_array),
		cmocka_unit_test(full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
