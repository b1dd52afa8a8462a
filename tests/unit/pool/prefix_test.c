// SPDX-License-Identifier: GPL-2.0-or-later
/* Pools of prefixes: order of reuse, exhaustion, hosts, sizes, restart. */
#include "pool/prefix.h"

#include "pool/resting.h"

#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
/* after what it needs */
#include <cmocka.h>

/* The sanitizer's, whose header gcc does not bring. */
size_t __sanitizer_get_current_allocated_bytes(void);

static struct addr v6(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(text, &a), 0);
	return a;
}

static struct prefix_pool *make(const char *net, uint8_t net_len, uint8_t len)
{
	struct addr a = v6(net);
	struct prefix_pool *p =
		prefix_pool_new("six", &a, net_len, len, 0, false);

	assert_non_null(p);
	return p;
}

static void expect(struct prefix_pool *p, const char *text)
{
	char s[ADDR_STRLEN];
	struct addr a;

	assert_true(prefix_pool_alloc(p, 0, 0, &a));
	assert_string_equal(addr_str(&a, s), text);
}

static void goes_out_in_turn(void **state)
{
	struct prefix_pool *p = make("2001:db8:100::", 62, 64);
	struct addr a = v6("2001:db8:100:1::");
	struct pool_stats stats;

	(void)state;
	assert_int_equal(prefix_pool_size(p), 4);
	expect(p, "2001:db8:100::");
	expect(p, "2001:db8:100:1::");
	prefix_pool_release(p, &a, 0, 0);
	expect(p, "2001:db8:100:2::");
	expect(p, "2001:db8:100:3::");
	expect(p, "2001:db8:100:1::");
	assert_false(prefix_pool_alloc(p, 0, 0, &a));
	assert_false(prefix_pool_alloc(p, 0, 0, &a));
	prefix_pool_stats(p, 0, &stats);
	assert_int_equal(stats.size, 4);
	assert_int_equal(stats.used, 4);
	assert_int_equal(stats.exhausted, 1);
	assert_int_equal(stats.refused, 2);
	assert_true(prefix_pool_ran_dry(p));
	assert_false(prefix_pool_ran_dry(p));
	assert_int_equal(prefix_pool_used(p), 4);
	a = v6("2001:db8:100:3::");
	prefix_pool_release(p, &a, 0, 0);
	prefix_pool_release(p, &a, 0, 0);
	assert_int_equal(prefix_pool_used(p), 3);
	expect(p, "2001:db8:100:3::");
	assert_false(prefix_pool_ran_dry(p));
	assert_false(prefix_pool_alloc(p, 0, 0, &a));
	assert_true(prefix_pool_ran_dry(p));
	prefix_pool_free(p);
}

static void lengths_in_the_midst_of_a_byte(void **state)
{
	struct prefix_pool *p = make("2001:db8:1000::", 43, 51);
	struct addr a = v6("2001:db8:101f:e000::");

	(void)state;
	assert_int_equal(prefix_pool_size(p), 256);
	expect(p, "2001:db8:1000::");
	expect(p, "2001:db8:1000:2000::");
	expect(p, "2001:db8:1000:4000::");
	assert_true(prefix_pool_has(p, &a));
	assert_int_equal(prefix_pool_take(p, &a), 0);
	assert_int_equal(prefix_pool_take(p, &a), -EEXIST);
	a = v6("2001:db8:1020::");
	assert_int_equal(prefix_pool_take(p, &a), -ERANGE);
	a = v6("2001:db8:1000:8001::"); /* bits behind its length */
	assert_int_equal(prefix_pool_take(p, &a), -ERANGE);
	a = addr_v4(0x64400001);
	assert_int_equal(prefix_pool_take(p, &a), -ERANGE);
	prefix_pool_free(p);
}

static void addresses(void **state)
{
	struct prefix_pool *p = make("2001:db8:7::", 64, 128);
	struct addr ours = v6("2001:db8:7::2");

	(void)state;
	assert_int_equal(prefix_pool_size(p), PREFIX_POOL_MAX - 1);
	assert_int_equal(prefix_pool_reserve(p, &ours), 0);
	assert_int_equal(prefix_pool_reserve(p, &ours), 0);
	expect(p, "2001:db8:7::1");
	expect(p, "2001:db8:7::3");
	prefix_pool_release(p, &ours, 0, 0);
	assert_int_equal(prefix_pool_take(p, &ours), -EEXIST);
	assert_int_equal(prefix_pool_used(p), 2);
	prefix_pool_free(p);
}

/* A router's own address keeps all of its prefix. */
static void our_prefix_is_not_lent(void **state)
{
	struct prefix_pool *p = make("2001:db8:100::", 63, 64);
	struct addr ours = v6("2001:db8:100::1");

	(void)state;
	assert_int_equal(prefix_pool_reserve(p, &ours), 0);
	expect(p, "2001:db8:100:1::");
	assert_false(prefix_pool_alloc(p, 0, 0, &ours));
	assert_int_equal(prefix_pool_reserve(p, &(struct addr){ 0 }), 0);
	prefix_pool_free(p);
}

static void one_and_none(void **state)
{
	struct prefix_pool *p = make("2001:db8:100::", 64, 64);
	struct addr a = v6("2001:db8::");

	(void)state;
	expect(p, "2001:db8:100::");
	assert_false(prefix_pool_alloc(p, 0, 0, &a));
	prefix_pool_free(p);
	assert_null(prefix_pool_new("six", &a, 64, 63, 0, false));
	assert_null(prefix_pool_new("six", &a, 64, 129, 0, false));
	a = addr_v4(1);
	assert_null(prefix_pool_new("six", &a, 8, 24, 0, false));
}

/* 16 million of a larger one, and 60,000 lent in a few kB. */
static void large_and_compact(void **state)
{
	size_t before = __sanitizer_get_current_allocated_bytes();
	struct prefix_pool *p = make("2001:d00::", 24, 64);
	struct addr a;

	(void)state;
	assert_int_equal(prefix_pool_size(p), PREFIX_POOL_MAX);
	for (int i = 0; i < 60000; i++)
		assert_true(prefix_pool_alloc(p, 0, 0, &a));
	assert_int_equal(prefix_pool_used(p), 60000);
	assert_true(__sanitizer_get_current_allocated_bytes() > before);
	a = v6("2001:d00:0:ea5f::");
	assert_int_equal(prefix_pool_take(p, &a), -EEXIST);
	a = v6("2001:d00:ff:ffff::");
	assert_int_equal(prefix_pool_take(p, &a), 0);
	a = v6("2001:d00:100::");
	assert_int_equal(prefix_pool_take(p, &a), -ERANGE);
	assert_true(__sanitizer_get_current_allocated_bytes() - before <
		    64 << 10);
	prefix_pool_free(p);
}

/* All of a pool, in any order, comes back once each. */
static void none_twice(void **state)
{
	struct prefix_pool *p = make("2001:db8::", 50, 64);
	static struct addr a[1 << 14];
	struct addr more;

	(void)state;
	for (int i = 0; i < 1 << 14; i++)
		assert_true(prefix_pool_alloc(p, 0, 0, &a[i]));
	assert_false(prefix_pool_alloc(p, 0, 0, &more));
	for (int i = 0; i < 1 << 14; i += 3)
		prefix_pool_release(p, &a[i], 0, 0);
	for (int i = 0; i < 1 << 14; i += 3) {
		assert_true(prefix_pool_alloc(p, 0, 0, &more));
		assert_true(addr_eq(&more, &a[i]));
	}
	assert_false(prefix_pool_alloc(p, 0, 0, &more));
	prefix_pool_free(p);
}

/* Longer than what is lent, as long, shorter, beside it; reserved, lent. */
static void held(void **state)
{
	struct addr net = v6("2001:db8::"), in = v6("2001:db8:0:300::5");
	struct prefix_pool *p =
		prefix_pool_new("p", &net, 48, 56, 0, false); /* of 256 */
	struct addr out, host = v6("2001:db8:0:30f::");

	(void)state;
	assert_int_equal(prefix_pool_hold(p, &in, 128), 0);
	assert_int_equal(prefix_pool_hold(p, &host, 64), 0);
	assert_int_equal(prefix_pool_used(p), 1);
	prefix_pool_let_go(p, &in, 128);
	assert_int_equal(prefix_pool_used(p), 1);
	net = v6("2001:db8:0:200::"); /* 2 to 3 */
	assert_int_equal(prefix_pool_hold(p, &net, 55), 0);
	assert_int_equal(prefix_pool_used(p), 2);
	prefix_pool_let_go(p, &host, 64);
	assert_int_equal(prefix_pool_used(p), 2);
	assert_int_equal(prefix_pool_hold(p, &net, 56), -EEXIST);
	for (int i = 0; i < 3; i++)
		assert_true(prefix_pool_alloc(p, 0, 0, &out));
	expect(p, "2001:db8:0:500::");
	prefix_pool_let_go(p, &net, 55);
	/* 0 is lent: all of it is not to be had. */
	net = v6("2001:db8::");
	assert_int_equal(prefix_pool_hold(p, &net, 32), -EEXIST);
	assert_int_equal(prefix_pool_used(p), 4);
	net = v6("2001:db8:1::");
	assert_int_equal(prefix_pool_hold(p, &net, 48), 0);
	assert_int_equal(prefix_pool_hold(p, &net, 128), 0);
	assert_int_equal(prefix_pool_used(p), 4);
	net = v6("2001:db8:0:8000::");
	assert_int_equal(prefix_pool_hold(p, &net, 49), 0);
	assert_int_equal(prefix_pool_used(p), 4 + 128);
	prefix_pool_free(p);
}

/* What is reserved is never lent, held or not: it stands in nobody's way, and stays. */
static void held_over_reserved(void **state)
{
	struct prefix_pool *p = make("2001:db8:7::", 120, 128);
	struct addr net = v6("2001:db8:7::"), ours = v6("2001:db8:7::1");

	(void)state;
	assert_int_equal(prefix_pool_reserve(p, &ours), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(prefix_pool_hold(p, &net, 64), 0);
		assert_int_equal(prefix_pool_used(p), 254);
		prefix_pool_let_go(p, &net, 64);
		assert_int_equal(prefix_pool_hold(p, &ours, 128), 0);
		assert_int_equal(prefix_pool_used(p), 0);
		prefix_pool_let_go(p, &ours, 128);
		assert_int_equal(prefix_pool_used(p), 0);
		assert_int_equal(prefix_pool_take(p, &ours), -EEXIST);
	}
	expect(p, "2001:db8:7::2");
	assert_int_equal(prefix_pool_hold(p, &net, 64), -EEXIST);
	assert_int_equal(prefix_pool_used(p), 1);
	prefix_pool_free(p);
}

/* A user's last one, if nobody has it; what came back before a restart. */
static void sticky(void **state)
{
	struct addr net = v6("2001:db8:100::"), a, b;
	struct prefix_pool *p = prefix_pool_new("six", &net, 48, 64, 0, true);
	struct pool_stats stats;

	(void)state;
	assert_true(prefix_pool_alloc(p, 7, 0, &a));
	assert_int_equal(prefix_pool_number(p, &a), 0);
	assert_true(prefix_pool_alloc(p, 7, 0, &b)); /* its second */
	assert_int_equal(prefix_pool_number(p, &b), 1);
	prefix_pool_release(p, &a, 7, 0);
	assert_true(prefix_pool_alloc(p, 8, 0, &b));
	assert_int_equal(prefix_pool_number(p, &b), 2);
	assert_true(prefix_pool_alloc(p, 7, 0, &b));
	assert_true(addr_eq(&a, &b));
	prefix_pool_release(p, &b, 7, 0);
	assert_int_equal(prefix_pool_take(p, &a), 0);
	assert_true(prefix_pool_alloc(p, 7, 0, &b));
	assert_int_equal(prefix_pool_number(p, &b), 3);
	prefix_pool_stats(p, 0, &stats);
	assert_int_equal(stats.returned, 1);
	prefix_pool_free(p);
	p = prefix_pool_new("six", &net, 48, 64, 0, true);
	prefix_pool_recall(p, 5, 7, 0, 0);
	prefix_pool_recall(p, 1 << 16, 7, 0, 0); /* not of this pool */
	assert_true(prefix_pool_alloc(p, 9, 0, &a));
	assert_int_equal(prefix_pool_number(p, &a), 6);
	assert_true(prefix_pool_alloc(p, 7, 0, &a));
	assert_int_equal(prefix_pool_number(p, &a), 5);
	assert_int_equal(prefix_pool_used(p), 2);
	prefix_pool_free(p);
}

/* Nobody else gets it before its time; its last user, or whose own it is, does. */
static void rests(void **state)
{
	struct addr net = v6("2001:db8:100::"), a, b;
	struct prefix_pool *p =
		prefix_pool_new("six", &net, 63, 64, SECONDS(60), true);

	(void)state;
	assert_true(prefix_pool_alloc(p, 7, 0, &a));
	prefix_pool_release(p, &a, 7, SECONDS(10));
	prefix_pool_release(p, &a, 7, SECONDS(20)); /* it rests already */
	assert_int_equal(prefix_pool_used(p), 0);
	assert_int_equal(prefix_pool_resting(p, SECONDS(10)), 1);
	assert_true(prefix_pool_alloc(p, 8, SECONDS(10), &b));
	assert_false(addr_eq(&a, &b));
	assert_false(prefix_pool_alloc(p, 9, SECONDS(69), &b));
	assert_true(prefix_pool_alloc(p, 7, SECONDS(69), &b));
	assert_true(addr_eq(&a, &b));
	/* It is lent past the time of its first rest. */
	assert_int_equal(prefix_pool_resting(p, SECONDS(71)), 0);
	assert_false(prefix_pool_alloc(p, 9, SECONDS(71), &b));
	prefix_pool_release(p, &a, 7, SECONDS(80));
	assert_int_equal(prefix_pool_take(p, &a), 0);
	assert_int_equal(prefix_pool_take(p, &a), -EEXIST);
	prefix_pool_release(p, &a, 0, SECONDS(90));
	assert_false(prefix_pool_alloc(p, 9, SECONDS(149), &b));
	assert_true(prefix_pool_alloc(p, 9, SECONDS(150), &b));
	assert_true(addr_eq(&a, &b));
	assert_int_equal(prefix_pool_used(p), 2);
	prefix_pool_free(p);
}

/* What rests may become somebody's for good; let go in time, it rests on. */
static void rests_and_is_held(void **state)
{
	struct addr net = v6("2001:db8:100::"), a, b;
	struct prefix_pool *p =
		prefix_pool_new("six", &net, 64, 64, SECONDS(60), false);

	(void)state;
	assert_true(prefix_pool_alloc(p, 0, 0, &a));
	prefix_pool_release(p, &a, 0, 0);
	assert_int_equal(prefix_pool_hold(p, &a, 128), 0);
	assert_int_equal(prefix_pool_used(p), 1);
	prefix_pool_let_go(p, &a, 128);
	assert_int_equal(prefix_pool_resting(p, SECONDS(59)), 1);
	assert_int_equal(prefix_pool_hold(p, &a, 48), 0);
	assert_int_equal(prefix_pool_resting(p, SECONDS(60)), 0);
	assert_false(prefix_pool_alloc(p, 0, SECONDS(60), &b));
	prefix_pool_let_go(p, &a, 48);
	assert_true(prefix_pool_alloc(p, 0, SECONDS(60), &b));
	assert_int_equal(prefix_pool_used(p), 1);
	prefix_pool_free(p);
}

/* Given back before a restart, some more than once, some lent now: the rest of it. */
static void rests_over_restart(void **state)
{
	struct addr net = v6("2001:db8:100::"), a;
	struct prefix_pool *p =
		prefix_pool_new("six", &net, 62, 64, SECONDS(60), true);

	(void)state;
	prefix_pool_recall(p, 3, 6, SECONDS(900), SECONDS(1000));
	prefix_pool_recall(p, 0, 6, SECONDS(950), SECONDS(1000));
	prefix_pool_recall(p, 1, 7, SECONDS(960), SECONDS(1000));
	prefix_pool_recall(p, 0, 8, SECONDS(990), SECONDS(1000));
	assert_int_equal(prefix_pool_resting(p, SECONDS(1000)), 2);
	a = v6("2001:db8:100:1::");
	assert_int_equal(prefix_pool_take(p, &a), 0);
	for (uint32_t i = 2; i < 4; i++) {
		assert_true(prefix_pool_alloc(p, 9, SECONDS(1049), &a));
		assert_int_equal(prefix_pool_number(p, &a), i);
	}
	assert_false(prefix_pool_alloc(p, 9, SECONDS(1049), &a));
	assert_true(prefix_pool_alloc(p, 9, SECONDS(1050), &a));
	assert_int_equal(prefix_pool_number(p, &a), 0);
	prefix_pool_free(p);
}

/* Of very many only the last ones rest, and one user's coming and going is cheap. */
static void rests_no_more_than_that(void **state)
{
	size_t before = __sanitizer_get_current_allocated_bytes();
	struct addr net = v6("2001:db8:100::"), a;
	struct prefix_pool *p =
		prefix_pool_new("six", &net, 40, 64, SECONDS(60), true);
	struct pool_stats stats;

	(void)state;
	for (uint32_t i = 0; i < 300000; i++) {
		assert_true(prefix_pool_alloc(p, 0, 0, &a));
		prefix_pool_release(p, &a, 0, 0);
	}
	prefix_pool_stats(p, 0, &stats);
	assert_int_equal(stats.resting, RESTING_MAX);
	assert_int_equal(stats.hurried, 300000 - RESTING_MAX);
	assert_int_equal(prefix_pool_resting(p, SECONDS(60)), 0);
	for (uint32_t i = 0; i < 300000; i++) {
		assert_true(prefix_pool_alloc(p, 7, SECONDS(60), &a));
		prefix_pool_release(p, &a, 7, SECONDS(60));
	}
	assert_int_equal(prefix_pool_resting(p, SECONDS(60)), 1);
	assert_int_equal(prefix_pool_resting(p, SECONDS(120)), 0);
	assert_int_equal(prefix_pool_used(p), 0);
	prefix_pool_free(p);
	assert_int_equal(__sanitizer_get_current_allocated_bytes(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_out_in_turn),
		cmocka_unit_test(lengths_in_the_midst_of_a_byte),
		cmocka_unit_test(addresses),
		cmocka_unit_test(our_prefix_is_not_lent),
		cmocka_unit_test(one_and_none),
		cmocka_unit_test(large_and_compact),
		cmocka_unit_test(none_twice),
		cmocka_unit_test(sticky),
		cmocka_unit_test(held),
		cmocka_unit_test(held_over_reserved),
		cmocka_unit_test(rests),
		cmocka_unit_test(rests_and_is_held),
		cmocka_unit_test(rests_over_restart),
		cmocka_unit_test(rests_no_more_than_that),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
