// SPDX-License-Identifier: GPL-2.0-or-later
/* Address pools: exhaustion, order of reuse, restart, reservation. */
#include "pool/pool.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
/* after what it needs */
#include <cmocka.h>

#define BASE 0x64400002u /* 100.64.0.2 */

static void goes_out_in_turn(void **state)
{
	struct pool *p = pool_new("home", BASE, BASE + 9);

	(void)state;
	for (uint32_t i = 0; i < 10; i++)
		assert_int_equal(pool_alloc(p), BASE + i);
	assert_int_equal(pool_alloc(p), 0);
	pool_release(p, BASE + 7);
	pool_release(p, BASE + 2);
	assert_int_equal(pool_used(p), 8);
	assert_int_equal(pool_alloc(p), BASE + 2);
	assert_int_equal(pool_alloc(p), BASE + 7);
	assert_int_equal(pool_alloc(p), 0);
	pool_free(p);
}

static void a_released_address_rests(void **state)
{
	struct pool *p = pool_new("home", BASE, BASE + 9999);
	uint32_t a = pool_alloc(p);

	(void)state;
	pool_release(p, a);
	for (int i = 0; i < 9999; i++) {
		uint32_t b = pool_alloc(p);

		assert_int_not_equal(b, a);
		pool_release(p, b);
	}
	assert_int_equal(pool_alloc(p), a);
	pool_free(p);
}

static void takes_and_reserves(void **state)
{
	struct pool *p = pool_new("home", BASE, BASE + 3);

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
	pool_release(p, BASE + 1); /* reserved: stays */
	pool_release(p, BASE + 2); /* never lent */
	pool_release(p, BASE + 99);
	assert_int_equal(pool_used(p), 1);
	assert_int_equal(pool_alloc(p), BASE + 2);
	assert_int_equal(pool_alloc(p), BASE + 3);
	assert_int_equal(pool_alloc(p), 0);
	assert_int_equal(pool_used(p), pool_size(p));
	pool_free(p);
}

static void ranges_and_prefixes(void **state)
{
	struct pool *p;

	(void)state;
	assert_null(pool_new("x", 5, 4));
	assert_null(pool_new("x", 0, 4));
	assert_null(pool_new("x", 1, UINT32_MAX));
	assert_null(pool_new_prefix("x", BASE, 0));
	assert_null(pool_new_prefix("x", BASE, 33));
	p = pool_new_prefix("x", 0x0a000007, 29);
	assert_int_equal(pool_size(p), 6);
	assert_int_equal(pool_alloc(p), 0x0a000001);
	assert_string_equal(pool_name(p), "x");
	pool_free(p);
	p = pool_new_prefix("x", 0x0a000007, 32);
	assert_int_equal(pool_alloc(p), 0x0a000007);
	assert_int_equal(pool_alloc(p), 0);
	pool_free(p);
	p = pool_new("x", UINT32_MAX, UINT32_MAX);
	assert_int_equal(pool_alloc(p), UINT32_MAX);
	assert_int_equal(pool_alloc(p), 0);
	pool_free(p);
	pool_free(NULL);
}

/* Against a plain array, across words and blocks. */
static void random_walk(void **state)
{
	enum { N = 9000 };
	static unsigned char lent[N];
	struct pool *p = pool_new("x", BASE, BASE + N - 1);
	size_t n = 0;

	(void)state;
	srand(1);
	for (int i = 0; i < 200000; i++) {
		uint32_t k = (uint32_t)rand() % N;

		if (rand() % 3) {
			uint32_t a = pool_alloc(p);

			assert_int_equal(!a, n == N);
			if (a) {
				assert_false(lent[a - BASE]++);
				n++;
			}
		} else if (lent[k]) {
			pool_release(p, BASE + k);
			lent[k] = 0;
			n--;
		}
		assert_int_equal(pool_used(p), n);
	}
	pool_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_out_in_turn),
		cmocka_unit_test(a_released_address_rests),
		cmocka_unit_test(takes_and_reserves),
		cmocka_unit_test(ranges_and_prefixes),
		cmocka_unit_test(random_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
