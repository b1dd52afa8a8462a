// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Accounting over a net, or to a server, that loses some of it: all arrives in the end,
 * and no Stop before its Start.
 */
#include "aaa/spool_kit.h"

/* The server answers all but session 1's, of which there is one; each `gap` there is
 * another event.
 */
static void poisoned(msec_t gap, msec_t until)
{
	add(ACCT_START, 1);
	for (msec_t t = 0; spool.n && t < until; t += 1000) {
		if (t % gap == 0)
			add(ACCT_STOP, 2);
		for (; n_served < n_sent; n_served++)
			if (u32(attribute(sent[n_served].b, sent[n_served].len,
					  44)) == 2)
				reply_to(sent[n_served].b,
					 sent[n_served].socket, SECRET);
		n_sent = n_served = 0;
		now += 1000;
		timers_run(&timers, now);
	}
}

/* It is given up in the end. */
static void poison(void **state)
{
	(void)state;
	poisoned(SECONDS(5), SECONDS(100000));
	assert_int_equal(spool.count.lost_age, 1);
	assert_int_equal(client.count.servers_dead, 0);
}

/* Between the others it looks as if nobody answered; they get through all the same. */
static void slow_poison(void **state)
{
	(void)state;
	poisoned(SECONDS(60), SECONDS(3600));
	assert_in_range(spool.n, 1, 2);
	assert_in_range(spool.count.confirmed, 59, 60);
}

/* A third to a half of all is lost, each way, for minutes: sessions come, live, and go.
 * Every Start and every Stop arrives, and nothing is left.
 */
static void lossy(void **state)
{
	static const unsigned int rates[] = { 30, 50 };
	unsigned int overtaken = 0;

	for (unsigned int k = 0; k < 2; k++) {
		loss = rates[k];
		for (unsigned int t = 0; t < 300; t++) {
			for (unsigned int i = 0; i < SESSIONS / 300; i++)
				add(ACCT_START, t * (SESSIONS / 300) + i);
			for (unsigned int i = 0; t >= 60 && i < SESSIONS / 300;
			     i++)
				add(ACCT_INTERIM,
				    (t - 60) * (SESSIONS / 300) + i);
			for (unsigned int i = 0; t >= 120 && i < SESSIONS / 300;
			     i++)
				add(ACCT_STOP,
				    (t - 120) * (SESSIONS / 300) + i);
			run(SECONDS(1));
		}
		/* All who are left go at once. */
		for (unsigned int i = SESSIONS * 180 / 300; i < SESSIONS; i++)
			add(ACCT_STOP, i);
		for (unsigned int i = 0; spool.n && i < 3600; i++)
			run(SECONDS(1));
		assert_int_equal(spool.n, 0);
		assert_int_equal(spool.used, 0);
		assert_int_equal(n_kept, 0);
		assert_int_equal(client.servers[0].n_flying, 0);
		assert_int_equal(client.servers[0].n_taken, 0);
		assert_int_equal(spool.count.lost_full, 0);
		assert_int_equal(spool.count.lost_age, 0);
		for (unsigned int i = 0; i < SESSIONS; i++) {
			assert_in_range(starts[i], 1, 200);
			assert_in_range(stops[i], 1, 200);
			assert_false(is_open[i]);
		}
		overtaken += n_late;
		teardown(state);
		setup(state);
	}
	assert_true(overtaken); /* or the test proves less than it says */
}

/* The first request of all that waits for an answer. */
static void lose_first(void)
{
	n_served++;
}

static uint32_t told_of(unsigned int i, uint8_t type)
{
	return u32(attribute(sent[i].b, sent[i].len, type));
}

/* A Stop waits for its Start's answer, others do not. */
static void in_order(void **state)
{
	(void)state;
	alive = false;
	add(ACCT_START, 1);
	add(ACCT_STOP, 1);
	add(ACCT_START, 2);
	add(ACCT_LINK_STOP, 1); /* another story */
	assert_int_equal(n_sent, 3);
	assert_int_equal(told_of(1, 44), 2);
	assert_int_equal(told_of(2, 40), ACCT_LINK_STOP);
	lose_first(); /* it is sent again, and the Stop waits for that */
	alive = true;
	serve();
	assert_int_equal(starts[2], 1);
	assert_int_equal(stops[1], 0);
	run(SECONDS(5));
	assert_int_equal(starts[1], 1);
	assert_int_equal(stops[1], 1);
	assert_int_equal(n_late, 0);
	assert_int_equal(spool.n, 0);
	/* An interim that is under way is to be heard before the Stop too. */
	alive = false;
	add(ACCT_INTERIM, 3);
	add(ACCT_STOP, 3);
	assert_int_equal(n_sent, 1);
	alive = true;
	run(100);
	assert_int_equal(stops[3], 1);
	assert_int_equal(spool.n, 0);
}

/* One whole round of a Start is lost, while others are answered: the Stop waits no
 * longer, and is the last all the same; a daemon that is killed between knows it too.
 */
static void overtakes(void **state)
{
	unsigned int at;

	for (int killed = 0; killed < 2; killed++) {
		alive = false;
		add(ACCT_START, 1);
		add(ACCT_STOP, 1);
		for (at = 0; !stops[1] && at < 1000; at++) {
			now += 10;
			timers_run(&timers, now);
			if (at % 20 == 0)
				add(ACCT_STOP, 2);
			for (; n_served < n_sent; n_served++)
				if (told_of(n_served, 40) == ACCT_STOP) {
					note(sent[n_served].b,
					     sent[n_served].len);
					reply_to(sent[n_served].b,
						 sent[n_served].socket, SECRET);
				}
		}
		assert_in_range(at * 10, 4000, 7000); /* 3 tries, 2 s each */
		assert_int_equal(starts[1], 0);
		assert_int_equal(spool.n, 2);
		if (killed)
			restart(1700000010);
		alive = true;
		run(SECONDS(20));
		assert_int_equal(starts[1], 1);
		assert_int_equal(stops[1], 2);
		assert_false(is_open[1]);
		assert_int_equal(spool.n, 0);
		assert_int_equal(n_kept, 0);
		teardown(state);
		setup(state);
	}
}

/* Nobody answers, then somebody does: whichever was tried last, it is no Stop whose
 * Start is not told.
 */
static void comes_back(void **state)
{
	for (msec_t ms = SECONDS(1); ms < SECONDS(60); ms += 700) {
		alive = false;
		for (unsigned int i = 0; i < 5; i++)
			add(ACCT_START, i);
		for (unsigned int i = 0; i < 5; i++)
			add(ACCT_STOP, i);
		run(ms);
		alive = true;
		run(SECONDS(60));
		assert_int_equal(spool.n, 0);
		for (unsigned int i = 0; i < 5; i++) {
			assert_true(starts[i] && stops[i]);
			assert_false(is_open[i]);
		}
		teardown(state);
		setup(state);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(poison),	TEST(slow_poison), TEST(lossy),
		TEST(in_order), TEST(overtakes),   TEST(comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
