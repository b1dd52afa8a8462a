// SPDX-License-Identifier: GPL-2.0-or-later
/* Address pools: exhaustion, order of reuse, rest, users' last ones, restart, memory. */
#include "pool/pool.h"

#include "pool/resting.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
/* after what it needs */
#include <cmocka.h>

#define BASE 0x64400002u /* 100.64.0.2 */
#define NOBODY 0

static struct pool *make(uint32_t n, msec_t quarantine, bool sticky)
{
	struct pool_range range = { BASE, BASE + n - 1 };
	struct pool_conf c = { .name = "home",
			       .ranges = &range,
			       .n_ranges = 1,
			       .quarantine = quarantine,
			       .sticky = sticky };

	return pool_new(&c);
}

static void goes_out_in_turn(void **state)
{
	struct pool *p = make(10, 0, false);

	(void)state;
	for (uint32_t i = 0; i < 10; i++)
		assert_int_equal(pool_alloc(p, NOBODY, 0), BASE + i);
	assert_int_equal(pool_alloc(p, NOBODY, 0), 0);
	pool_release(p, BASE + 7, NOBODY, 0);
	pool_release(p, BASE + 2, NOBODY, 0);
	assert_int_equal(pool_used(p), 8);
	assert_int_equal(pool_alloc(p, NOBODY, 0), BASE + 2);
	assert_int_equal(pool_alloc(p, NOBODY, 0), BASE + 7);
	assert_int_equal(pool_alloc(p, NOBODY, 0), 0);
	pool_free(p);
}

static void a_released_address_is_the_last(void **state)
{
	struct pool *p = make(10000, 0, false);
	uint32_t a = pool_alloc(p, NOBODY, 0);

	(void)state;
	pool_release(p, a, NOBODY, 0);
	for (int i = 0; i < 9999; i++) {
		uint32_t b = pool_alloc(p, NOBODY, 0);

		assert_int_not_equal(b, a);
		pool_release(p, b, NOBODY, 0);
	}
	assert_int_equal(pool_alloc(p, NOBODY, 0), a);
	pool_free(p);
}

static void takes_and_reserves(void **state)
{
	struct pool *p = make(4, 0, false);

	(void)state;
	assert_int_equal(pool_take(p, BASE - 1), -ERANGE);
	assert_int_equal(pool_take(p, BASE + 4), -ERANGE);
	assert_int_equal(pool_take(p, BASE), 0);
	assert_int_equal(pool_take(p, BASE), -EEXIST);
	assert_int_equal(pool_reserve(p, BASE), -EEXIST);
	assert_int_equal(pool_reserve(p, BASE + 1), 0);
	assert_int_equal(pool_reserve(p, BASE + 1), 0);
	assert_int_equal(pool_reserve(p, BASE + 99), 0);
	assert_int_equal(pool_take(p, BASE + 1), -EEXIST);
	assert_int_equal(pool_size(p), 3);
	assert_int_equal(pool_used(p), 1);
	pool_release(p, BASE + 1, NOBODY, 0); /* reserved: stays */
	pool_release(p, BASE + 2, NOBODY, 0); /* never lent */
	pool_release(p, BASE + 99, NOBODY, 0);
	assert_int_equal(pool_used(p), 1);
	assert_int_equal(pool_alloc(p, NOBODY, 0), BASE + 2);
	assert_int_equal(pool_alloc(p, NOBODY, 0), BASE + 3);
	assert_int_equal(pool_alloc(p, NOBODY, 0), 0);
	assert_int_equal(pool_used(p), pool_size(p));
	pool_free(p);
}

static struct pool *with(const struct pool_range *ranges, size_t n)
{
	struct pool_conf c = { .name = "x", .ranges = ranges, .n_ranges = n };

	return pool_new(&c);
}

static void ranges(void **state)
{
	static const struct pool_range many[POOL_RANGES_MAX + 1];
	static const struct pool_range bad[] = { { 5, 4 },
						 { 0, 4 },
						 { 1, UINT32_MAX } };
	static const struct pool_range too_much[] = {
		{ 1, POOL_SIZE_MAX / 2 },
		{ POOL_SIZE_MAX, POOL_SIZE_MAX + POOL_SIZE_MAX / 2 }
	};
	static const struct pool_range three[] = {
		{ 100, 101 }, { 7, 7 }, { UINT32_MAX - 1, UINT32_MAX }
	};
	static const uint32_t all[] = { 100, 101, 7, UINT32_MAX - 1,
					UINT32_MAX };
	struct pool *p;

	(void)state;
	for (size_t i = 0; i < 3; i++)
		assert_null(with(&bad[i], 1));
	assert_null(with(NULL, 0));
	assert_null(with(many, POOL_RANGES_MAX + 1));
	assert_null(with(too_much, 2));
	p = with(three, 3);
	assert_string_equal(pool_name(p), "x");
	assert_int_equal(pool_size(p), 5);
	for (size_t i = 0; i < 5; i++) {
		assert_true(pool_has(p, all[i]));
		assert_int_equal(pool_alloc(p, NOBODY, 0), all[i]);
	}
	assert_int_equal(pool_alloc(p, NOBODY, 0), 0);
	assert_false(pool_has(p, 102));
	assert_false(pool_has(p, 6));
	pool_release(p, 7, NOBODY, 0);
	assert_int_equal(pool_take(p, 7), 0);
	pool_free(p);
	pool_free(NULL);
}

static void rests(void **state)
{
	struct pool *p = make(2, SECONDS(60), false);
	struct pool_stats stats;

	(void)state;
	assert_int_equal(pool_alloc(p, NOBODY, SECONDS(1000)), BASE);
	assert_int_equal(pool_alloc(p, NOBODY, SECONDS(1000)), BASE + 1);
	pool_release(p, BASE, NOBODY, SECONDS(1000));
	assert_int_equal(pool_used(p), 1);
	assert_int_equal(pool_alloc(p, NOBODY, SECONDS(1060) - 1), 0);
	pool_stats(p, SECONDS(1060) - 1, &stats);
	assert_int_equal(stats.resting, 1);
	assert_int_equal(pool_alloc(p, NOBODY, SECONDS(1060)), BASE);
	pool_stats(p, SECONDS(1060), &stats);
	assert_int_equal(stats.resting, 0);
	/* Whoever has a claim to it does not wait. */
	pool_release(p, BASE, NOBODY, SECONDS(2000));
	assert_int_equal(pool_take(p, BASE), 0);
	pool_release(p, BASE, NOBODY, SECONDS(2050));
	/* The first rest's end is not that of the second. */
	assert_int_equal(pool_alloc(p, NOBODY, SECONDS(2109)), 0);
	assert_int_equal(pool_alloc(p, NOBODY, SECONDS(2110)), BASE);
	pool_free(p);
}

static void comes_again(void **state)
{
	struct pool *p = make(100, SECONDS(60), true);
	uint32_t bob = pool_tag("bob"), eve = pool_tag("eve");
	struct pool_stats stats;
	uint32_t a;

	(void)state;
	assert_int_equal(pool_alloc(p, eve, 0), BASE);
	a = pool_alloc(p, bob, 0);
	assert_int_equal(a, BASE + 1);
	pool_release(p, a, bob, SECONDS(1));
	/* While it rests, and after that; not while another has it. */
	assert_int_equal(pool_alloc(p, bob, SECONDS(2)), a);
	pool_release(p, a, bob, SECONDS(3));
	assert_int_equal(pool_alloc(p, bob, SECONDS(500)), a);
	/* His second session is not his first. */
	assert_int_equal(pool_alloc(p, bob, SECONDS(500)), BASE + 2);
	pool_release(p, a, bob, SECONDS(501));
	assert_int_equal(pool_take(p, a), 0);
	assert_int_not_equal(pool_alloc(p, bob, SECONDS(502)), a);
	pool_stats(p, SECONDS(600), &stats);
	assert_int_equal(stats.returned, 2);
	pool_free(p);
}

/* One user comes and goes more often than an address is counted. */
static void flaps(void **state)
{
	struct pool *p = make(4, SECONDS(60), true);
	uint32_t bob = pool_tag("bob");
	struct pool_stats stats;

	(void)state;
	for (msec_t now = 0; now < SECONDS(120); now += 10) {
		uint32_t a = pool_alloc(p, bob, now);

		if (a)
			pool_release(p, a, bob, now);
	}
	pool_stats(p, SECONDS(120), &stats);
	assert_int_equal(stats.used, 0);
	pool_stats(p, SECONDS(181), &stats);
	assert_int_equal(stats.resting, 0);
	for (uint32_t i = 0; i < 4; i++)
		assert_int_not_equal(pool_alloc(p, NOBODY, SECONDS(181)), 0);
	pool_free(p);
}

/* However often: he gets it each time, and nobody else's rest is cut short. */
static void flaps_beside_another(void **state)
{
	struct pool *p = make(2, SECONDS(60), true);
	uint32_t ann = pool_tag("ann"), bob = pool_tag("bob");
	struct pool_stats stats;

	(void)state;
	assert_int_equal(pool_alloc(p, ann, 0), BASE);
	pool_release(p, BASE, ann, 0);
	for (msec_t now = 10; now < SECONDS(50); now += 10) {
		assert_int_equal(pool_alloc(p, bob, now), BASE + 1);
		pool_release(p, BASE + 1, bob, now);
	}
	pool_stats(p, SECONDS(50), &stats);
	assert_int_equal(stats.hurried, 0);
	assert_int_equal(stats.resting, 2);
	assert_int_equal(pool_alloc(p, NOBODY, SECONDS(60) - 1), 0);
	assert_int_equal(pool_alloc(p, NOBODY, SECONDS(60)), BASE);
	assert_int_equal(pool_alloc(p, NOBODY, SECONDS(110) - 11), 0);
	assert_int_equal(pool_alloc(p, NOBODY, SECONDS(110)), BASE + 1);
	pool_free(p);
}

static void runs_dry_once(void **state)
{
	struct pool *p = make(100, 0, false);
	struct pool_stats stats;

	(void)state;
	for (int i = 0; i < 100; i++)
		pool_alloc(p, NOBODY, 0);
	assert_false(pool_ran_dry(p));
	assert_int_equal(pool_alloc(p, NOBODY, 0), 0);
	assert_true(pool_ran_dry(p));
	assert_int_equal(pool_alloc(p, NOBODY, 0), 0);
	assert_false(pool_ran_dry(p));
	/* One comes back, one goes: it is still the same drought. */
	pool_release(p, BASE, NOBODY, 0);
	assert_int_equal(pool_alloc(p, NOBODY, 0), BASE);
	assert_int_equal(pool_alloc(p, NOBODY, 0), 0);
	assert_false(pool_ran_dry(p));
	for (uint32_t i = 0; i < 5; i++)
		pool_release(p, BASE + i, NOBODY, 0);
	for (uint32_t i = 0; i < 6; i++)
		pool_alloc(p, NOBODY, 0);
	assert_true(pool_ran_dry(p));
	pool_stats(p, 0, &stats);
	assert_int_equal(stats.exhausted, 2);
	assert_int_equal(stats.refused, 4);
	pool_free(p);
}

/* What was given back before a restart rests for the rest of its time. */
static void recalls(void **state)
{
	struct pool *p = make(4, SECONDS(60), true);
	uint32_t bob = pool_tag("bob"), eve = pool_tag("eve");

	(void)state;
	assert_int_equal(pool_take(p, BASE + 3), 0);
	pool_recall(p, BASE + 3, eve, SECONDS(900), SECONDS(1000));
	pool_recall(p, BASE + 2, eve, SECONDS(910), SECONDS(1000));
	pool_recall(p, BASE, bob, SECONDS(950), SECONDS(1000));
	pool_recall(p, BASE + 99, bob, SECONDS(960), SECONDS(1000));
	assert_int_equal(pool_alloc(p, NOBODY, SECONDS(1000)), BASE + 1);
	assert_int_equal(pool_alloc(p, eve, SECONDS(1000)), BASE + 2);
	assert_int_equal(pool_alloc(p, NOBODY, SECONDS(1000)), 0);
	assert_int_equal(pool_alloc(p, bob, SECONDS(1001)), BASE);
	pool_free(p);
}

/* One that came back twice rests from the second time on; then it is free. */
static void recalls_twice(void **state)
{
	struct pool *p = make(2, SECONDS(60), false);
	struct pool_stats stats;

	(void)state;
	pool_recall(p, BASE, NOBODY, SECONDS(950), SECONDS(1000));
	pool_recall(p, BASE + 1, NOBODY, SECONDS(960), SECONDS(1000));
	pool_recall(p, BASE, NOBODY, SECONDS(990), SECONDS(1000));
	pool_stats(p, SECONDS(1000), &stats);
	assert_int_equal(stats.resting, 2);
	pool_stats(p, SECONDS(1011), &stats);
	assert_int_equal(stats.resting, 2);
	assert_int_equal(pool_alloc(p, NOBODY, SECONDS(1021)), BASE + 1);
	assert_int_equal(pool_alloc(p, NOBODY, SECONDS(1049)), 0);
	assert_int_equal(pool_alloc(p, NOBODY, SECONDS(1050)), BASE);
	pool_free(p);
}

/* Of the sanitizer that each unit test is built with. */
size_t __sanitizer_get_current_allocated_bytes(void);

/* A million addresses, all of them lent and given back: a few MB. */
static void a_million(void **state)
{
	enum { N = 1000000 };
	size_t before = __sanitizer_get_current_allocated_bytes();
	struct pool *p = make(N, SECONDS(60), true);
	struct pool_stats stats;

	(void)state;
	for (uint32_t i = 1; i <= N; i++)
		assert_int_not_equal(pool_alloc(p, i, 0), 0);
	for (uint32_t i = 0; i < N; i++)
		pool_release(p, BASE + i, i + 1, 0);
	pool_stats(p, 0, &stats);
	assert_int_equal(stats.resting, RESTING_MAX);
	assert_int_equal(stats.hurried, N - RESTING_MAX);
	assert_in_range(__sanitizer_get_current_allocated_bytes() - before, 1,
			6 << 20);
	pool_stats(p, SECONDS(60), &stats);
	assert_int_equal(stats.resting, 0);
	for (uint32_t i = 1; i <= N; i++)
		assert_int_not_equal(pool_alloc(p, i, SECONDS(60)), 0);
	assert_int_equal(pool_used(p), N);
	pool_free(p);
}

/* Against a plain array, across words and blocks. */
static void walk(msec_t quarantine, bool sticky)
{
	enum { N = 9000 };
	static unsigned char lent[N];
	static msec_t until[N];
	struct pool *p = make(N, quarantine, sticky);
	size_t n = 0;

	srand(1);
	for (int i = 0; i < N; i++)
		lent[i] = 0, until[i] = 0;
	for (msec_t now = 100; now < 30000000; now += 100) {
		uint32_t k = (uint32_t)rand() % N;
		uint32_t tag = (uint32_t)rand() % 5000;

		if (rand() % 3) {
			uint32_t a = pool_alloc(p, tag, now);

			assert_true(a || n || quarantine);
			if (!a)
				continue;
			assert_false(lent[a - BASE]++);
			if (!sticky)
				assert_true(until[a - BASE] <= now);
			n++;
		} else if (lent[k]) {
			pool_release(p, BASE + k, tag, now);
			until[k] = now + quarantine;
			lent[k] = 0;
			n--;
		}
		assert_int_equal(pool_used(p), n);
	}
	pool_free(p);
}

static void random_walk(void **state)
{
	(void)state;
	walk(0, false);
	walk(SECONDS(60), false);
	walk(SECONDS(60), true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_out_in_turn),
		cmocka_unit_test(a_released_address_is_the_last),
		cmocka_unit_test(takes_and_reserves),
		cmocka_unit_test(ranges),
		cmocka_unit_test(rests),
		cmocka_unit_test(comes_again),
		cmocka_unit_test(flaps),
		cmocka_unit_test(flaps_beside_another),
		cmocka_unit_test(runs_dry_once),
		cmocka_unit_test(recalls),
		cmocka_unit_test(recalls_twice),
		cmocka_unit_test(a_million),
		cmocka_unit_test(random_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
