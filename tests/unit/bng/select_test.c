// SPDX-License-Identifier: GPL-2.0-or-later
/* The choice among tunnels: levels, failover, chance and load, and what is left when
 * nothing is reachable.
 */
#include "l2tp/unit.h"

#include "bng/select.h"

#include <stdlib.h>
#include <string.h>

#define DRAWS 6000

static const struct select_rules between, within = { .within_level = true };

/* As things are; select_next does not change them. */
static struct select_one one[SELECT_MAX];
static size_t n;
static msec_t now;

static void fresh(size_t count)
{
	memset(one, 0, sizeof(one));
	n = count;
	now = SECONDS(1000);
}

/* It could not be reached. */
static void fail_it(int i)
{
	one[i].locked = true;
	one[i].failed_at = ++now;
}

static int next(const struct select_rules *rules, struct select_call *call)
{
	return select_next(rules, call, one, n, (uint64_t)rand());
}

enum { A, B, C, D };

/* A and B at level 0, C and D at level 1; only these answer: bits. */
static void four(void)
{
	fresh(4);
	one[C].preference = one[D].preference = 1;
}

/* Failover within a level: B fails, so A; A fails, so C; C fails, so D. */
static void worked_example(void **state)
{
	struct select_call call = { 0 };

	(void)state;
	four();
	assert_int_equal(select_next(&within, &call, one, n, 1), B);
	fail_it(B);
	assert_int_equal(next(&within, &call), A);
	fail_it(A);
	assert_int_equal(select_next(&within, &call, one, n, 0), C);
	fail_it(C);
	assert_int_equal(next(&within, &call), D);
	fail_it(D);
	/* B failed first, and this call has tried it. */
	assert_int_equal(next(&within, &call), -1);

	/* A has answered since; B is out for five minutes. */
	one[A].locked = false;
	for (int i = 0; i < 50; i++) {
		call = (struct select_call){ 0 };
		assert_int_equal(next(&within, &call), A);
	}
}

/* Otherwise the next level comes after each failure, and what is left of the better
 * ones behind the last.
 */
static void between_levels(void **state)
{
	struct select_call call = { 0 };
	int first, second, third, fourth;

	(void)state;
	four();
	first = next(&between, &call);
	assert_in_range(first, A, B);
	fail_it(first);
	second = next(&between, &call);
	assert_in_range(second, C, D);
	fail_it(second);
	third = next(&between, &call);
	assert_int_equal(third, first == A ? B : A);
	fail_it(third);
	fourth = next(&between, &call);
	assert_int_equal(fourth, second == C ? D : C);
	fail_it(fourth);
	assert_int_equal(next(&between, &call), -1);
}

/* A failure of one that stays reachable, by CDN: it is not tried twice either. */
static void tried_once(void **state)
{
	struct select_call call = { 0 };
	unsigned int seen = 0;

	(void)state;
	four();
	for (int i = 0; i < 4; i++)
		seen |= 1u << next(&within, &call);
	assert_int_equal(seen, 15);
	assert_int_equal(next(&within, &call), -1);
}

/* All unreachable: that which failed first, and no other. */
static void all_unreachable(void **state)
{
	struct select_call call = { 0 };

	(void)state;
	four();
	fail_it(C);
	fail_it(A);
	fail_it(D);
	fail_it(B);
	assert_int_equal(next(&between, &call), C);
	fail_it(C);
	assert_int_equal(next(&between, &call), -1);
	/* The next call has another that failed first. */
	call = (struct select_call){ 0 };
	assert_int_equal(next(&between, &call), A);
	/* One that is closed is none of them. */
	call = (struct select_call){ 0 };
	one[A].closed = true;
	assert_int_equal(next(&between, &call), D);
	/* Only one is there, and it fails: it is not tried again at once. */
	call = (struct select_call){ 0 };
	fresh(1);
	assert_int_equal(next(&between, &call), A);
	fail_it(A);
	assert_int_equal(next(&between, &call), -1);
	/* None at all. */
	call = (struct select_call){ 0 };
	n = 0;
	assert_int_equal(next(&between, &call), -1);
}

/* Reachable ones of a worse level come before unreachable ones of a better. */
static void closed_and_levels(void **state)
{
	struct select_call call = { 0 };

	(void)state;
	fresh(3);
	one[A].closed = true;
	fail_it(B);
	one[C].preference = 200; /* as 7 */
	assert_int_equal(next(&between, &call), C);
	/* B failed before, and this call has not tried it. */
	fail_it(C);
	assert_int_equal(next(&between, &call), B);
	assert_int_equal(next(&between, &call), -1);

	/* 31 in one level. */
	fresh(SELECT_MAX);
	call = (struct select_call){ 0 };
	for (size_t i = 0; i < n; i++)
		assert_in_range(next(&between, &call), 0, SELECT_MAX - 1);
	assert_int_equal(call.tried, 0x7fffffff);
	assert_int_equal(next(&between, &call), -1);
}

/* The best level that has one, whatever the order they are written in. */
static void levels(void **state)
{
	(void)state;
	for (uint8_t level = 0; level < SELECT_LEVELS; level++) {
		struct select_call call = { 0 };

		fresh(SELECT_LEVELS);
		for (size_t i = 0; i < n; i++)
			one[i].preference = (uint8_t)(SELECT_LEVELS - 1 - i);
		for (uint8_t i = 0; i < level; i++)
			fail_it(SELECT_LEVELS - 1 - i);
		assert_int_equal(next(&between, &call),
				 SELECT_LEVELS - 1 - level);
	}
}

static void draw(const struct select_rules *rules, unsigned int count[])
{
	memset(count, 0, SELECT_MAX * sizeof(*count));
	for (int k = 0; k < DRAWS; k++) {
		struct select_call call = { 0 };

		count[next(rules, &call)]++;
	}
}

static void balances(void **state)
{
	struct select_rules rules = { .balance = SELECT_RANDOM };
	unsigned int count[SELECT_MAX];

	(void)state;
	srand(7);
	fresh(3);
	one[A].limit = 100;
	one[B].limit = 200;
	one[C].limit = 300;
	draw(&rules, count);
	for (int i = A; i <= C; i++)
		assert_in_range(count[i], DRAWS / 3 - 200, DRAWS / 3 + 200);

	rules.balance = SELECT_WEIGHTED;
	draw(&rules, count);
	assert_in_range(count[A], DRAWS / 6 - 150, DRAWS / 6 + 150);
	assert_in_range(count[B], DRAWS / 3 - 200, DRAWS / 3 + 200);
	assert_in_range(count[C], DRAWS / 2 - 250, DRAWS / 2 + 250);
	one[A].limit = 0; /* as the largest */
	draw(&rules, count);
	assert_in_range(count[A], DRAWS * 3 / 8 - 200, DRAWS * 3 / 8 + 200);

	rules.balance = SELECT_FILL;
	draw(&rules, count);
	assert_int_equal(count[A], DRAWS);
	one[A].closed = true; /* full */
	draw(&rules, count);
	assert_int_equal(count[C], DRAWS);

	rules.balance = SELECT_LEAST;
	fresh(3);
	one[A].of_destination = 5;
	one[B].of_destination = one[C].of_destination = 4;
	one[B].of_tunnel = 2;
	one[C].of_tunnel = 1;
	draw(&rules, count);
	assert_int_equal(count[C], DRAWS);
	one[B].of_tunnel = 1;
	draw(&rules, count);
	assert_in_range(count[B], DRAWS / 2 - 250, DRAWS / 2 + 250);
	assert_int_equal(count[A], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(worked_example),
		cmocka_unit_test(between_levels),
		cmocka_unit_test(tried_once),
		cmocka_unit_test(all_unreachable),
		cmocka_unit_test(closed_and_levels),
		cmocka_unit_test(levels),
		cmocka_unit_test(balances),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
