// SPDX-License-Identifier: GPL-2.0-or-later
/* LNSs that RADIUS names: what DNS says of them, and when it is asked. */
#include "bng/chain_dial.h"

#include <sys/mman.h>
#include <unistd.h>

/* What DNS says of the name that was asked for last; NULL: nothing. */
static void dns_says(const char *one, const char *two, unsigned int ttl)
{
	struct kern_resolved r = { .ttl = ttl };

	if (one)
		assert_int_equal(addr_parse(one, &r.addr[r.n++]), 0);
	if (two)
		assert_int_equal(addr_parse(two, &r.addr[r.n++]), 0);
	if (!r.n)
		r.error = "Domain name not found";
	bng_kern_events.resolved(&net.lac.kern, net.now, looked_up.id, &r);
}

/* Its LNS has that name. */
static void dial_named(const char *name)
{
	dial_and_run(500);
	describe(1, name, 0, "s3cret");
	answer(2);
	run(500);
}

/* An LNS by its name: each of its addresses is a way. An answer of DNS is good for as long
 * as it says; without one the last counts.
 */
static void named(void **state)
{
	(void)state;
	lac_is(RADIUS_LAC);
	looked_up.n = 0;
	dial_named("lns.example");
	assert_int_equal(looked_up.n, 1);
	assert_string_equal(looked_up.host, "lns.example");
	assert_int_equal(net.sccrq + net.lost, 0);
	assert_false(client.padt);
	dns_says("198.51.100.9", "198.51.100.2", 60);
	assert_int_equal(lac->definitions.n, 2);
	run(SECONDS(8));
	assert_true(client.up);
	finish();
	/* Nobody asks, and one family is enough. */
	dial_named("lns.example");
	assert_int_equal(looked_up.n, 1);
	run(SECONDS(8));
	assert_true(client.up);
	finish();
	run(SECONDS(60));
	dial_named("lns.example");
	assert_int_equal(looked_up.n, 2);
	assert_false(client.up);
	dns_says(NULL, NULL, 0);
	run(SECONDS(8));
	assert_true(client.up);
	finish();
	run(SECONDS(6));
	dial_named("lns.example");
	assert_int_equal(looked_up.n, 3);
	dns_says("2001:db8::2", "198.51.100.2", 60);
	run(SECONDS(8));
	assert_true(client.up);
	finish();
	/* There is none of that name: a while nobody asks again. */
	for (int i = 0; i < 2; i++) {
		dial_named("none.example");
		assert_int_equal(looked_up.n, 4);
		if (!i)
			dns_says(NULL, NULL, 0);
		run(500);
		assert_true(client.padt);
		assert_int_equal(lac->n_subscribers, 0);
	}
	/* But there is another way. */
	dial_and_run(500);
	describe(1, "none.example", 0, NULL);
	describe(2, "198.51.100.2", 9, "s3cret");
	answer(2);
	run(SECONDS(1));
	assert_true(client.up);
	finish();
}

/* One question for all; who has gone meanwhile is not there, who asks for two names waits
 * for both.
 */
static void named_by_many(void **state)
{
	uint32_t first;

	(void)state;
	lac_is(RADIUS_LAC);
	looked_up.n = 0;
	dial_named("lns.example");
	dial_and_run(500);
	describe(1, "lns.example", 0, "s3cret");
	describe(2, "two.example", 5, "s3cret");
	first = looked_up.id;
	answer(2);
	run(500);
	assert_int_equal(looked_up.n, 2);
	assert_int_equal(lac->n_subscribers, 2);
	/* The younger one is in front. */
	subscriber_end(LIST_NEXT(LIST_FIRST(&lac->subscribers), all), net.now,
		       3, "");
	dns_says("198.51.100.9", NULL, 60);
	run(500);
	assert_int_equal(lac->definitions.n, 0);
	looked_up.id = first;
	dns_says("198.51.100.2", NULL, 60);
	assert_int_equal(lac->definitions.n, 2);
	run(SECONDS(1));
	assert_true(client.up);
	/* An answer that nobody waits for any more. */
	dns_says("198.51.100.2", NULL, 60);
	finish();
	dial_named("late.example");
	hang_up();
	run(500);
	dns_says("198.51.100.2", NULL, 60);
	run(500);
	assert_empty();
}

/* Lines of the log that speak of the name, while it is asked for once and answered. */
static int logged(const char *addr)
{
	int log = memfd_create("log", MFD_CLOEXEC), err = dup(STDERR_FILENO);
	char text[4096] = "", *at = text;
	int n = 0;

	assert_true(log >= 0 && err >= 0);
	assert_int_equal(dup2(log, STDERR_FILENO), STDERR_FILENO);
	log_set_level(LOG_WARN_L);
	assert_non_null(lns_name_get(&lac->lns_names, "lns.example", net.now));
	dns_says(addr, NULL, 5);
	log_set_level(LOG_ERR_L);
	assert_int_equal(dup2(err, STDERR_FILENO), STDERR_FILENO);
	assert_true(pread(log, text, sizeof(text) - 1, 0) >= 0);
	for (; (at = strstr(at, "lns.example")); at++)
		n++;
	close(err);
	close(log);
	run(SECONDS(6));
	return n;
}

/* It is asked for as long as somebody comes: told when it begins to fail, not each time. */
static void failing_is_logged(void **state)
{
	(void)state;
	lac_is(RADIUS_LAC);
	assert_int_equal(logged("198.51.100.2"), 0);
	assert_int_equal(logged(NULL), 1);
	assert_int_equal(logged(NULL), 0);
	assert_int_equal(logged("198.51.100.2"), 0);
	assert_int_equal(logged(NULL), 1);
}

/* A bounded number; those that are asked for stay. */
static void named_too_many(void **state)
{
	struct lns_names *ns;
	char name[32];

	(void)state;
	lac_is(RADIUS_LAC);
	ns = &lac->lns_names;
	for (unsigned int i = 0; i < LNS_NAMES_MAX; i++) {
		snprintf(name, sizeof(name), "n%u.example", i);
		assert_non_null(lns_name_get(ns, name, net.now));
	}
	assert_null(lns_name_get(ns, "more.example", net.now));
	dns_says("198.51.100.2", NULL, 60); /* the last one */
	assert_non_null(lns_name_get(ns, "more.example", net.now));
	assert_int_equal(ns->n, LNS_NAMES_MAX);
	assert_null(lns_name_find(ns, name));
	assert_non_null(lns_name_find(ns, "n0.example"));
	assert_null(lns_name_get(ns, "", net.now));
	assert_null(lns_name_get(ns, "a b", net.now));
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(named),
		TEST(named_by_many),
		TEST(failing_is_logged),
		TEST(named_too_many),
	};

	log_set_level(LOG_ERR_L);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
