// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ids of tunnels and sessions: each once, not to be foretold, and found as fast in a
 * map that is nearly full as in an empty one.
 */
#include "base/idmap.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
/* after what it needs */
#include <cmocka.h>

#define FULL 65535 /* ids that there are */
#define MANY 60000

static struct idmap map;
static int object;

static void fill(unsigned int n)
{
	idmap_init(&map);
	for (unsigned int i = 0; i < n; i++)
		assert_int_not_equal(idmap_new(&map, &object), 0);
	assert_int_equal(idmap_count(&map), n);
}

static void each_once(void **state)
{
	static bool seen[FULL + 1];

	(void)state;
	idmap_init(&map);
	for (unsigned int i = 0; i < FULL; i++) {
		uint16_t id = idmap_new(&map, &object);

		assert_true(id && !seen[id]);
		seen[id] = true;
	}
	assert_int_equal(idmap_new(&map, &object), 0);
	idmap_del(&map, 4242);
	assert_int_equal(idmap_take(&map, 4243, &object), -EEXIST);
	assert_int_equal(idmap_new(&map, &object), 4242);
	idmap_free(&map);
}

/* With so many taken, whoever sees one id, or frees one, cannot tell the next: no
 * neighbour, not the one that was freed, none more often than others.
 */
static void not_foretold(void **state)
{
	static unsigned int drawn[FULL + 1];
	unsigned int rounds = 200000, neighbours = 0, most = 0, kinds = 0;
	uint16_t last = 0;

	(void)state;
	fill(MANY);
	for (unsigned int i = 0; i < rounds; i++) {
		uint16_t id = idmap_new(&map, &object);

		assert_int_not_equal(id, 0);
		assert_int_not_equal(id, last); /* it rests */
		neighbours += id == (uint16_t)(last + 1);
		if (++drawn[id] > most)
			most = drawn[id];
		kinds += drawn[id] == 1;
		idmap_del(&map, id);
		last = id;
	}
	/* 5,535 are free: 36 turns each on average. */
	assert_int_equal(kinds, FULL - MANY);
	assert_true(most < 120);
	assert_true(neighbours < rounds / 1000);
	idmap_free(&map);
}

/* Another process begins elsewhere. */
static void another_order(void **state)
{
	uint16_t first[64];
	unsigned int same = 0;

	(void)state;
	idmap_init(&map);
	for (int i = 0; i < 64; i++)
		first[i] = idmap_new(&map, &object);
	idmap_free(&map);
	idmap_init(&map);
	for (int i = 0; i < 64; i++)
		same += idmap_new(&map, &object) == first[i];
	assert_true(same < 4);
	idmap_free(&map);
}

/* CPU seconds of as many turns with so many taken. */
static double cost(unsigned int taken)
{
	double best = 1e9;

	fill(taken);
	for (int turn = 0; turn < 5; turn++) {
		clock_t start = clock();
		double took;

		for (int i = 0; i < 20000; i++) {
			uint16_t id = idmap_new(&map, &object);

			assert_ptr_equal(idmap_get(&map, id), &object);
			idmap_del(&map, id);
		}
		took = (double)(clock() - start);
		best = took < best ? took : best;
	}
	idmap_free(&map);
	return best;
}

/* A search for a free one would cost more than ten times at 60,000, and thousands
 * of times at the last one.
 */
static void constant_time(void **state)
{
	double few = cost(100);

	(void)state;
	assert_true(cost(MANY) < 4 * few);
	assert_true(cost(FULL - 1) < 4 * few);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_once),
		cmocka_unit_test(not_foretold),
		cmocka_unit_test(another_order),
		cmocka_unit_test(constant_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
