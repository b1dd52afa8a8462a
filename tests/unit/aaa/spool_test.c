// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Accounting from the event to the server's word: what is late, forged, full, not
 * answered at all, and a daemon that is killed.
 */
#include "aaa/spool_kit.h"

/* Kept before it leaves, forgotten when it is confirmed, and said as RFC 2866 has it. */
static void plain(void **state)
{
	struct acct_event e = event(ACCT_STOP, 7);

	(void)state;
	e.counts.in_octets = 5ull << 32 | 6;
	e.counts.out_packets = 9ull << 32 | 4;
	spool_add(&spool, now, &e, false);
	assert_int_equal(n_kept, 1);
	assert_int_equal(n_got, 1);
	assert_int_equal(GOT(40), ACCT_STOP);
	assert_int_equal(GOT(44), 7);
	assert_int_equal(GOT(46), 7);
	assert_int_equal(GOT(42), 6);
	assert_int_equal(GOT(52), 5);
	assert_int_equal(GOT(43), 3);
	assert_null(attribute(got, got_len, 53));
	assert_int_equal(GOT(47), 2);
	assert_int_equal(GOT(48), 4);
	/* Once, of those that need it. */
	assert_memory_equal(attribute(got, got_len, 26),
			    "\0\0\x13\x0a\x2b\6\0\0\0\x09", 10);
	assert_int_equal(GOT(55), 1700000000);
	assert_int_equal(GOT(41), 0);
	assert_memory_equal(attribute(got, got_len, 32), "lns", 3);
	assert_null(attribute(got, got_len, 80));
	serve();
	assert_int_equal(spool.count.confirmed, 1);
	assert_int_equal(client.count.rx_responses, 1);
	assert_int_equal(n_kept, 0);
	assert_int_equal(spool.n, 0);
	assert_int_equal(spool.used, 0);
	/* A Start says neither how long nor how much. */
	add(ACCT_START, 8);
	assert_null(attribute(got, got_len, 26));
	assert_null(attribute(got, got_len, 46));
	assert_null(attribute(got, got_len, 42));
	serve();
}

/* Later it says another delay, so it has another id; the answer to either counts. */
static void delayed(void **state)
{
	struct sent first;

	(void)state;
	for (int i = 0; i < 2; i++) {
		alive = false;
		add(ACCT_START, 1);
		first = sent[0];
		run(2500);
		assert_int_equal(n_got, 2);
		assert_int_not_equal(got[1], first.b[1]);
		assert_in_range(GOT(41), 1, 2);
		assert_int_equal(GOT(55), 1700000000);
		assert_int_equal(client.servers[0].n_taken, 2);
		reply_to(i ? got : first.b, 0, SECRET);
		assert_int_equal(spool.n, 0);
		assert_int_equal(client.servers[0].n_taken, 0);
		/* The other answer is nobody's. */
		reply_to(i ? first.b : got, 0, SECRET);
		assert_int_equal(client.count.rx_unexpected, i + 1);
		n_got = 0;
	}
}

/* Who does not know the secret confirms nothing. */
static void forged(void **state)
{
	(void)state;
	alive = false;
	add(ACCT_STOP, 1);
	reply_to(got, 0, "guess");
	assert_int_equal(client.count.rx_bad_authenticator, 1);
	assert_int_equal(n_kept, 1);
	reply_to(got, 0, SECRET);
	assert_int_equal(n_kept, 0);
}

/* Nobody answers: one at a time is tried, and all leave when somebody does, in order, and
 * not faster than they may.
 */
static void down(void **state)
{
	unsigned int before;

	(void)state;
	alive = false;
	spool.rate = 100;
	for (unsigned int i = 0; i < 500; i++)
		add(ACCT_START, i);
	run(SECONDS(60));
	assert_true(spool.lines[0].down);
	assert_int_equal(spool.n, 500);
	before = n_got;
	run(SECONDS(60));
	assert_in_range(n_got - before, 20, 40);
	alive = true;
	for (int i = 0; i < 100 && spool.lines[0].down; i++)
		run(100);
	assert_false(spool.lines[0].down);
	before = spool.n;
	run(SECONDS(1));
	assert_in_range(before - spool.n, 90, 110);
	run(SECONDS(10));
	assert_int_equal(spool.n, 0);
	assert_int_equal(n_order, 500);
	/* The first is that which was tried. */
	for (unsigned int i = 2; i < 500; i++)
		assert_true(order[i] > order[i - 1]);
}

/* Killed with a Stop that nobody has confirmed; started a day later. */
static void killed(void **state)
{
	(void)state;
	alive = false;
	for (unsigned int i = 0; i < 300; i++)
		add(ACCT_START, i);
	add(ACCT_STOP, 3);
	run(SECONDS(5));
	restart(1700086400);
	assert_int_equal(spool.n, 301);
	assert_in_range(GOT(41), 86400, 86400);
	alive = true;
	run(SECONDS(30));
	assert_int_equal(spool.n, 0);
	assert_int_equal(n_kept, 0);
	assert_int_equal(stops[3], 1);
	for (unsigned int i = 0; i < 300; i++)
		assert_int_equal(order[i], i);
	/* New ones come after those of before. */
	add(ACCT_STOP, 4);
	assert_int_equal(spool.last_key, 302);
	serve();
}

/* A group that is not configured any more, bytes that make no sense. */
static void unreadable(void **state)
{
	struct acct_event e = event(ACCT_STOP, 1);
	uint8_t b[ACCT_RECORD_MAX];
	struct wr w = wr_make(b, sizeof(b));

	(void)state;
	memcpy(e.group, "old", 4);
	radius_acct_save(&e, &w);
	assert_false(spool_load(&spool, now, 0, 1, b, wr_len(&w)));
	e = event(ACCT_STOP, 1);
	w = wr_make(b, sizeof(b));
	radius_acct_save(&e, &w);
	for (size_t i = 0; i < wr_len(&w); i++)
		if (i != wr_len(&w) - e.len)
			assert_false(spool_load(&spool, now, 0, 1, b, i));
	assert_int_equal(spool.count.lost_unreadable, wr_len(&w));
	assert_int_equal(spool.n, 0);
}

/* An interim that waits gives way to the next, or the Stop, of its session alone. */
static void interims(void **state)
{
	(void)state;
	alive = false;
	add(ACCT_START, 1); /* under way */
	run(SECONDS(10)); /* down */
	for (unsigned int i = 0; i < 20; i++) {
		add(ACCT_INTERIM, 1);
		add(ACCT_INTERIM, 2);
	}
	assert_int_equal(spool.n, 3);
	add(ACCT_STOP, 1);
	assert_int_equal(spool.n, 3);
	assert_int_equal(spool.count.superseded, 39);
	assert_int_equal(n_kept, 3);
	restart(1700000000);
	alive = true;
	run(SECONDS(20));
	assert_int_equal(spool.n, 0);
	assert_int_equal(stops[1], 1);
}

/* No room: interims give way first; then it is counted, and memory stays bounded. */
static void full(void **state)
{
	(void)state;
	alive = false;
	spool.max = 100 * 256;
	add(ACCT_START, 1);
	run(SECONDS(10));
	for (unsigned int i = 2; i < 52; i++)
		add(ACCT_INTERIM, i);
	for (unsigned int i = 100; i < 149; i++)
		add(ACCT_STOP, i);
	assert_int_equal(spool.n, 100);
	assert_int_equal(spool.count.lost_full, 0);
	for (unsigned int i = 149; i < 199; i++)
		add(ACCT_STOP, i);
	assert_int_equal(spool.n, 100);
	assert_int_equal(spool.count.superseded, 50);
	assert_int_equal(spool.count.lost_full, 0);
	add(ACCT_STOP, 199);
	assert_int_equal(spool.count.lost_full, 1);
	assert_int_equal(spool.n, 100);
	assert_int_equal(spool.used, 100 * 256);
	alive = true;
	run(SECONDS(20));
	for (unsigned int i = 100; i < 199; i++)
		assert_int_equal(stops[i], 1);
	assert_int_equal(spool.used, 0);
}

/* A disk that fails costs what a restart would know, and nothing else. */
static void no_disk(void **state)
{
	(void)state;
	keep_error = -EIO;
	for (unsigned int i = 0; i < 5; i++)
		add(ACCT_STOP, i);
	assert_int_equal(spool.count.not_kept, 5);
	run(100);
	for (unsigned int i = 0; i < 5; i++)
		assert_int_equal(stops[i], 1);
}

/* The last counters come when the session has ended, or do not come. */
static void last_counters(void **state)
{
	const struct acct_counts counts = { 100, 200, 300, 400 };
	struct acct_event e = event(ACCT_STOP, 1), other = event(ACCT_STOP, 2);

	(void)state;
	spool_add(&spool, now, &e, true);
	spool_add(&spool, now, &other, true);
	assert_int_equal(n_kept, 2);
	run(500);
	assert_int_equal(n_got, 0);
	spool_last(&spool, now, 1, 0, &counts);
	assert_int_equal(n_got, 1);
	assert_int_equal(GOT(42), 100);
	assert_int_equal(GOT(48), 400);
	run(1000);
	assert_int_equal(n_got, 1);
	run(1000);
	assert_int_equal(n_got, 2);
	assert_int_equal(GOT(44), 2);
	assert_int_equal(GOT(42), 1);
	/* Too late. */
	spool_last(&spool, now, 2, 0, &counts);
	assert_int_equal(spool.n, 0);
}

/* What comes after Accounting-On must not come before it; if no server knows what that
 * is, it holds up nothing.
 */
static void all_of_us(void **state)
{
	(void)state;
	alive = false;
	add(ACCT_START, 1);
	add(ACCT_ON, 2);
	add(ACCT_START, 3);
	assert_int_equal(n_got, 1);
	reply_to(sent[0].b, sent[0].socket, SECRET);
	assert_int_equal(n_got, 2);
	assert_int_equal(GOT(40), ACCT_ON);
	reply_to(got, 0, SECRET);
	assert_int_equal(n_got, 3);
	assert_int_equal(GOT(44), 3);
	reply_to(got, 0, SECRET);
	assert_int_equal(spool.n, 0);
	/* Not answered. */
	n_sent = n_served = 0;
	add(ACCT_ON, 2);
	add(ACCT_STOP, 4);
	for (int i = 0; i < 30000 && spool.n > 1; i++) {
		timers_run(&timers, now);
		now += 10;
		for (; n_served < n_sent; n_served++)
			if (u32(attribute(sent[n_served].b, sent[n_served].len,
					  40)) == ACCT_STOP)
				reply_to(sent[n_served].b,
					 sent[n_served].socket, SECRET);
	}
	assert_int_equal(spool.n, 1);
}

/* Nor may it where no server could be asked yet. */
static void nobody_to_ask(void **state)
{
	struct addr found = { .family = AF_INET, .b = { 192, 0, 2, 9 } };

	(void)state;
	alive = false;
	radius_health_unresolved(&client.servers[0]);
	add(ACCT_ON, 2);
	now += 500;
	timers_run(&timers, now);
	assert_int_equal(n_got, 0);
	radius_client_moved(&client, &client.servers[0], &found, now);
	add(ACCT_START, 3);
	for (int i = 0; i < 100 && !n_got; i++) {
		now += 10;
		timers_run(&timers, now);
	}
	assert_int_equal(n_got, 1);
	assert_int_equal(GOT(40), ACCT_ON);
	reply_to(got, 0, SECRET);
	assert_int_equal(n_got, 2);
	assert_int_equal(GOT(44), 3);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(plain),	     TEST(delayed),   TEST(forged),
		TEST(down),	     TEST(killed),    TEST(unreadable),
		TEST(interims),	     TEST(full),      TEST(no_disk),
		TEST(last_counters), TEST(all_of_us), TEST(nobody_to_ask),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
