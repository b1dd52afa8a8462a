// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lockouts that wait for a test: each has it as soon as it may, whatever becomes of the
 * others, over kill -9 too, and when there are more than may be tested at once.
 */
#include "bng/chain.h"

#include "bng/outage.h"
#include "bng/probe.h"

#define MANY (PROBES_MAX + 3)

static struct box *lac;

/* A tunnel to each of 198.51.100.101 and so on, where nobody is. */
static int setup_lac(void **state)
{
	static char text[MANY * 100 + 1000];
	struct restore_result r;
	size_t len;

	setup(state);
	len = (size_t)
		snprintf(text, sizeof(text),
			 "system { hostname = \"lac\" lockout-test = true\n"
			 "  lockout-timeout = 600 }\n"
			 "endpoint \"core\" { address = \"192.0.2.1\" }\n");
	for (int i = 0; i < MANY; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"tunnel \"t%d\" { endpoint = \"core\"\n"
					"  remote = \"198.51.100.%d\" }\n",
					i, 101 + i);
	assert_int_equal(try_restart(&net.lac, load(text), &r), 0);
	lac = &net.lac.box;
	net.nowhere = true;
	return 0;
}

static struct lockout one(unsigned int i, enum lockout_state state,
			  msec_t failed_at)
{
	return (struct lockout){ .id = i + 1,
				 .remote = addr_v4(0xc6336465 + i),
				 .state = state,
				 .failed_at = failed_at };
}

static unsigned int in_state(enum lockout_state state)
{
	const struct lockout *l;
	unsigned int n = 0;

	TAILQ_FOREACH(l, &lac->lockouts.head, next)
	n += l->state == state;
	return n;
}

/* All tests are over, whatever comes of them. */
static void finish(void)
{
	while (!LIST_EMPTY(&lac->probes))
		run(SECONDS(1));
}

static int end(void **state)
{
	finish();
	return teardown(state);
}

/* Whichever of the two is read first. */
static void restored(void **state)
{
	struct lockout waits = one(0, LOCKOUT_TESTING, net.now - SECONDS(700));
	struct lockout locked = one(1, LOCKOUT_LOCKED, net.now);

	(void)state;
	outage_restore(lac, net.now, &waits);
	outage_restore(lac, net.now, &locked);
	run(500);
	assert_int_equal(in_state(LOCKOUT_TESTING), 1);
	assert_int_equal(in_state(LOCKOUT_LOCKED), 1);
	run(SECONDS(8)); /* it fails */
	assert_int_equal(in_state(LOCKOUT_LOCKED), 2);
	run(SECONDS(600) - SECONDS(8));
	assert_int_equal(in_state(LOCKOUT_TESTING), 1);
}

/* As it is after kill -9. */
static void killed(void **state)
{
	struct restore_result r;

	(void)state;
	for (unsigned int i = 0; i < 4; i++) {
		struct lockout l =
			one(i, LOCKOUT_LOCKED, net.now - i % 2 * SECONDS(599));

		store_lockout(net.lac.state, lac, &l);
	}
	restart(&net.lac, &r);
	assert_int_equal(in_state(LOCKOUT_LOCKED), 4);
	run(SECONDS(2));
	assert_int_equal(in_state(LOCKOUT_TESTING), 2);
	lac->hooks = NULL;
	finish(); /* of which nothing is stored */
	restart(&net.lac, &r);
	assert_int_equal(in_state(LOCKOUT_WAITING), 2);
	run(500);
	assert_int_equal(in_state(LOCKOUT_TESTING), 2);
	assert_int_equal(in_state(LOCKOUT_LOCKED), 2);
}

/* Those that were too many are tested when the first are done, not much later. */
static void many(void **state)
{
	unsigned int waited = 0;

	(void)state;
	for (unsigned int i = 0; i < MANY; i++) {
		struct lockout l =
			one(i, LOCKOUT_LOCKED, net.now - SECONDS(599));

		outage_restore(lac, net.now, &l);
	}
	run(SECONDS(2));
	assert_int_equal(in_state(LOCKOUT_TESTING), PROBES_MAX);
	assert_int_equal(in_state(LOCKOUT_WAITING), MANY - PROBES_MAX);
	while (!LIST_EMPTY(&lac->probes) && in_state(LOCKOUT_WAITING) &&
	       waited++ < 100)
		run(SECONDS(1));
	assert_in_range(waited, 5, 60);
	run(SECONDS(2));
	assert_int_equal(in_state(LOCKOUT_WAITING), 0);
	assert_int_equal(in_state(LOCKOUT_TESTING), MANY - PROBES_MAX);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup_lac, end)
	const struct CMUnitTest tests[] = {
		TEST(restored),
		TEST(killed),
		TEST(many),
	};

	log_set_level(LOG_ERR_L);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
