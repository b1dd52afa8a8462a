// SPDX-License-Identifier: GPL-2.0-or-later
/* What an order of RADIUS changes of a subscriber that is up, over kill -9 as well. */
#include "bng/chain_coa.h"

/* Half an hour after it came, it may stay an hour in all; then half of one. */
static void session_timeout(void **state)
{
	struct restore_result r;
	msec_t began;

	(void)state;
	began = net.now;
	COME_UP("");
	run(SECONDS(1800));
	assert_int_equal(COA(USER SESSION_TIMEOUT), 0);
	assert_int_equal(lns_subscriber()->ppp.ip.session_timeout, 3600);
	restart(&net.lns, &r);
	assert_int_equal(r.subscribers, 1);
	assert_int_equal(lns_subscriber()->ppp.ip.session_timeout, 3600);
	while (!client.padt && net.now < began + SECONDS(4000))
		run(1000);
	assert_in_range(net.now - began, SECONDS(3600), SECONDS(3605));
	run(SECONDS(10));
	assert_empty();

	COME_UP(SESSION_TIMEOUT);
	run(SECONDS(100));
	assert_int_equal(COA(USER "\x1b\6\0\0\0\x0a"), 0); /* it is over */
	run(SECONDS(5));
	assert_true(client.padt);
	assert_empty();
}

static void idle_timeout(void **state)
{
	struct kern_stats stats = { .rx_packets = 1000 };
	struct subscriber *s;

	(void)state;
	COME_UP("");
	run(SECONDS(100));
	s = lns_subscriber();
	bng_kern_events.link_stats(&net.lns.kern, net.now, &s->access, &stats);
	assert_int_equal(COA(USER "\x1c\6\0\0\0\x78"), 0);
	assert_int_equal(s->ppp.ip.idle_timeout, 120);
	for (int i = 0; i < 119; i++) {
		bng_kern_events.link_stats(&net.lns.kern, net.now, &s->access,
					   &stats);
		run(1000 - 100);
	}
	assert_int_equal(s->state, SUBSCRIBER_UP);
	run(SECONDS(15));
	bng_kern_events.link_stats(&net.lns.kern, net.now, &s->access, &stats);
	run(SECONDS(5));
	assert_true(client.padt);
	assert_empty();
}

/* What is not named stays; kill -9 forgets nothing. */
static void granted(void **state)
{
	struct restore_result r;
	struct aaa_grant g;

	(void)state;
	COME_UP(GRANT "\x19\5old\x0b\6gold");
	assert_int_equal(COA(USER CLASS "\x55\5\0\0\2"), 407);
	assert_int_equal(COA(USER CLASS "\x19\5two\x55\6\0\0\2\x58"
					"\x1a\x10\0\0\x3a\x8c\x08\x0a"
					"512k/20M\x0b\5red"),
			 0);
	for (int i = 0; i < 2; i++) {
		subscriber_grant(lns_subscriber(), &g);
		assert_int_equal(g.session_timeout, 3600);
		assert_int_equal(g.interim_interval, 600);
		assert_int_equal(g.rate_up, 512);
		assert_int_equal(g.rate_down, 20000);
		assert_string_equal(g.filter, "red");
		assert_memory_equal(g.class[0].b, "one", 3);
		assert_memory_equal(g.class[1].b, "two", 3);
		assert_int_equal(g.class[2].len, 0);
		assert_int_equal(g.cui.len, 10);
		restart(&net.lns, &r);
		assert_int_equal(r.closed, 0);
	}
	/* JUNOSe's names of policies */
	assert_int_equal(COA(USER "\x1a\x0b\0\0\x13\x0a\x1a\5red"
				  "\x1a\x0b\0\0\x13\x0a\x0a\5up\0"),
			 407);
	assert_int_equal(COA(USER "\x1a\x0b\0\0\x13\x0a\x0b\5up1"), 407);
	assert_int_equal(COA(USER "\x1a\x0b\0\0\x13\x0a\x1a\5up1"), 407);
	assert_int_equal(COA(USER "\x1a\x0b\0\0\x13\x0a\x0a\5red"
				  "\x1a\x0c\0\0\x13\x0a\x0b\6slow"),
			 0);
	subscriber_grant(lns_subscriber(), &g);
	assert_string_equal(g.filter, "red");
	assert_string_equal(g.policy_up, "red");
	assert_string_equal(g.policy_down, "slow");
	assert_int_equal(COA(USER "\x1a\x0c\0\0\x13\x0a\x1a\6slow"), 0);
	subscriber_grant(lns_subscriber(), &g);
	assert_string_equal(g.filter, "slow");
}

static struct link_row *its_row(void)
{
	return row(&net.lns, &lns_subscriber()->access);
}

static const struct kern_route *route(uint32_t v4, uint8_t len)
{
	struct kern_route r = { .to = { addr_v4(v4), len } };

	return fib_route(&r, -1);
}

#define ROUTE "\x16\x10"

/* Other routes, in place of all that it had; of both families. */
static void framed_routes(void **state)
{
	struct restore_result r;

	(void)state;
	COME_UP(ROUTE "192.168.7.0/24" ROUTE "192.168.9.0/24");
	assert_non_null(route(0xc0a80700, 24));
	assert_int_equal(COA(USER ROUTE "192.168.8.0/33"), 407);
	assert_int_equal(COA(USER "\x63\x10"
				  "192.168.8.0/24"),
			 407);
	assert_non_null(route(0xc0a80700, 24));
	assert_int_equal(COA(USER "\x16\x20"
				  "192.168.8.0 255.255.255.0 :: 1"),
			 407);
	assert_int_equal(COA(USER "\x16\x1e"
				  "192.168.8.0 255.255.255.128 "),
			 0);
	for (int i = 0; i < 2; i++) {
		assert_null(route(0xc0a80700, 24));
		assert_null(route(0xc0a80900, 24));
		assert_non_null(route(0xc0a80800, 25));
		/* Nor may it send from the old ones. */
		assert_int_equal(addr_to_v4(&its_row()->also[0].net),
				 0xc0a80800);
		assert_int_equal(its_row()->also[0].len, 25);
		assert_int_equal(its_row()->where.n_also, 1);
		restart(&net.lns, &r);
		assert_int_equal(r.closed, 0);
	}
	assert_int_equal(COA(USER ROUTE "192.168.9.0/24"), 0);
	assert_null(route(0xc0a80800, 25));
	assert_non_null(route(0xc0a80900, 24));
	hang_up();
	run(500);
	assert_null(route(0xc0a80900, 24));
	assert_empty();
}

static bool is_limited(void)
{
	const struct subscriber *s = lns_subscriber();
	const struct kern_qos *q = &row(&net.lns, &s->access)->qos;

	return s->ppp.ip.session_timeout || s->ppp.ip.idle_timeout ||
	       q->up.rate || q->down.rate;
}

/* 0 ends a limit, whoever set it. */
static void lifted(void **state)
{
	struct restore_result r;
	struct aaa_grant g;

	(void)state;
	COME_UP(SESSION_TIMEOUT "\x1c\6\0\0\0\x78\x55\6\0\0\2\x58"
				"\x1a\x10\0\0\x3a\x8c\x08\x0a"
				"512k/20M");
	assert_true(is_limited());
	assert_int_equal(COA(USER "\x1b\6\0\0\0\0\x1c\6\0\0\0\0"
				  "\x55\6\0\0\0\0"
				  "\x1a\x0b\0\0\x3a\x8c\x08\5"
				  "0/0"),
			 0);
	for (int i = 0; i < 2; i++) {
		assert_false(is_limited());
		subscriber_grant(lns_subscriber(), &g);
		assert_int_equal(aaa_limit(g.interim_interval, 300), 0);
		restart(&net.lns, &r);
		assert_int_equal(r.closed, 0);
	}
	assert_int_equal(COA(USER "\x1a\x0c\0\0\x37\x2a\7\6\0\x2d\xc6\xc0"), 0);
	assert_true(is_limited());
	assert_int_equal(COA(USER "\x1a\x0c\0\0\x37\x2a\7\6\0\0\0\0"), 0);
	assert_false(is_limited());
	run(SECONDS(4000));
	assert_int_equal(lns_subscriber()->state, SUBSCRIBER_UP);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_coa, teardown)
	const struct CMUnitTest tests[] = {
		TEST(session_timeout), TEST(idle_timeout), TEST(granted),
		TEST(framed_routes),   TEST(lifted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
