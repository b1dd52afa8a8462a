// SPDX-License-Identifier: GPL-2.0-or-later
/* Lockout of destinations, at its real times: every state and what leads out of it. */
#include "l2tp/unit.h"

#include "bng/lockout.h"

#include <stdio.h>
#include <string.h>

static struct lockouts ls;
static unsigned int kept, gone;
static uint64_t gone_id;
static const msec_t start = SECONDS(5000);

static void on_kept(struct lockouts *s, const struct lockout *l)
{
	assert_ptr_equal(s, &ls);
	assert_non_null(l);
	kept++;
}

static void on_gone(struct lockouts *s, const struct lockout *l)
{
	assert_ptr_equal(s, &ls);
	gone_id = l->id;
	gone++;
}

static void begin(unsigned int time, bool test)
{
	lockouts_init(&ls, time, test);
	ls.kept = on_kept;
	ls.gone = on_gone;
	kept = gone = 0;
}

static struct addr at(unsigned int i)
{
	return addr_v4(0xc6336400 + i);
}

static struct lockout *fail_at(msec_t now, unsigned int i)
{
	struct addr a = at(i);

	return lockout_fail(&ls, now, i, "", &a);
}

static struct lockout *find(unsigned int i)
{
	struct addr a = at(i);

	return lockout_find(&ls, "", &a);
}

/* 300 seconds to the millisecond. */
static void time_over(void **state)
{
	struct lockout *l;
	struct addr a = at(1);

	(void)state;
	begin(300, false);
	assert_int_equal(lockouts_next(&ls), MSEC_NEVER);
	l = fail_at(start, 1);
	assert_non_null(l);
	assert_int_equal(l->state, LOCKOUT_LOCKED);
	assert_int_equal(kept, 1);
	assert_ptr_equal(find(1), l);
	assert_null(find(2));
	assert_null(lockout_find(&ls, "red", &a));
	assert_int_equal(lockouts_next(&ls), start + SECONDS(300));
	assert_null(lockouts_run(&ls, start + SECONDS(300) - 1));
	assert_non_null(find(1));
	assert_null(lockouts_run(&ls, start + SECONDS(300)));
	assert_null(find(1));
	assert_int_equal(gone, 1);
	assert_int_equal(lockouts_next(&ls), MSEC_NEVER);
	lockouts_free(&ls);
}

/* Another failure begins its time anew, and it is the last to have failed. */
static void again(void **state)
{
	(void)state;
	begin(60, false);
	fail_at(start, 1);
	fail_at(start + 10, 2);
	fail_at(start + 20, 1);
	assert_int_equal(ls.n, 2);
	assert_int_equal(TAILQ_FIRST(&ls.head)->id, 2);
	assert_int_equal(lockouts_next(&ls), start + 10 + SECONDS(60));
	lockouts_run(&ls, start + 10 + SECONDS(60));
	assert_null(find(2));
	assert_non_null(find(1));
	lockouts_free(&ls);
}

/* Its time over it waits for a test, however long; a test that fails locks it anew, one
 * that succeeds ends it.
 */
static void tested(void **state)
{
	msec_t now = start + SECONDS(300);
	struct lockout *l;

	(void)state;
	begin(300, true);
	fail_at(start, 1);
	fail_at(start + SECONDS(1), 2);
	l = lockouts_run(&ls, now);
	assert_ptr_equal(l, find(1));
	assert_int_equal(l->state, LOCKOUT_WAITING);
	assert_null(lockouts_run(&ls, now));
	assert_int_equal(lockouts_next(&ls), now + SECONDS(1));
	now += SECONDS(86400);
	assert_ptr_equal(lockouts_run(&ls, now), find(2));
	lockout_test_began(&ls, l);
	assert_int_equal(l->state, LOCKOUT_TESTING);
	assert_int_equal(lockouts_next(&ls), MSEC_NEVER);
	assert_ptr_equal(fail_at(now, 1), l);
	assert_int_equal(l->state, LOCKOUT_LOCKED);
	assert_int_equal(l->until, now + SECONDS(300));
	assert_ptr_equal(lockouts_run(&ls, l->until), l);
	kept = 0;
	lockout_test_now(&ls, l); /* it waits already */
	assert_int_equal(kept, 0);
	lockout_test_began(&ls, l);
	lockout_end(&ls, l);
	assert_int_equal(gone_id, 1);
	assert_null(find(1));
	/* The operator need not wait for the time. */
	fail_at(now, 2);
	lockout_test_now(&ls, find(2));
	assert_int_equal(find(2)->state, LOCKOUT_WAITING);
	lockouts_free(&ls);
}

static void bounded(void **state)
{
	(void)state;
	begin(300, false);
	for (unsigned int i = 1; i <= LOCKOUTS_MAX + 5; i++)
		fail_at(start + i, i);
	assert_int_equal(ls.n, LOCKOUTS_MAX);
	assert_int_equal(gone, 5);
	assert_null(find(5));
	assert_non_null(find(6));
	lockouts_free(&ls);

	begin(0, false); /* switched off */
	assert_null(fail_at(start, 1));
	assert_int_equal(ls.n, 0);
	lockouts_free(&ls);
}

/* In any order, with another time than before, in the middle of a test. */
static void restored(void **state)
{
	struct lockout rec = { .remote = at(1),
			       .id = 1,
			       .state = LOCKOUT_TESTING,
			       .failed_at = start,
			       .until = start + SECONDS(300) };

	(void)state;
	begin(60, true);
	lockout_restore(&ls, &rec);
	lockout_restore(&ls, &rec);
	assert_int_equal(ls.n, 1);
	rec.remote = at(2);
	rec.state = LOCKOUT_LOCKED;
	rec.failed_at = start - 1;
	lockout_restore(&ls, &rec);
	assert_int_equal(find(1)->state, LOCKOUT_WAITING);
	assert_ptr_equal(TAILQ_FIRST(&ls.head), find(2));
	assert_int_equal(lockouts_next(&ls), start - 1 + SECONDS(60));
	assert_int_equal(kept + gone, 0);
	lockouts_free(&ls);
}

static void names(void **state)
{
	(void)state;
	assert_string_equal(lockout_state_name(LOCKOUT_LOCKED), "locked");
	assert_string_equal(lockout_state_name(LOCKOUT_WAITING),
			    "awaiting-test");
	assert_string_equal(lockout_state_name(LOCKOUT_TESTING), "testing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_over), cmocka_unit_test(again),
		cmocka_unit_test(tested),    cmocka_unit_test(bounded),
		cmocka_unit_test(restored),  cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
