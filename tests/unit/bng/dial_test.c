// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A call that has several ways: which it goes, what counts as failure, what is
 * remembered of it, over kill -9 as well.
 */
#include "bng/chain_dial.h"

#include "bng/outage.h"

#define BOTH                                                          \
	"tunnel-group \"both\" { tunnels = { \"isp\", \"dead\" } }\n" \
	"domain \"isp.example\" { tunnel-group = \"both\" }\n"

static bool is_locked(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(text, &a), 0);
	return lockout_find(&lac->lockouts, "", &a);
}

/* The best is dead: SCCRQ leaves at 0, 1, 3 seconds, at 7 it is given up. The client
 * has heard nothing of it, and waits.
 */
static void dead_first(void **state)
{
	struct restore_result r;

	(void)state;
	lac_is(LAC("", "", BOTH));
	dial_and_run(SECONDS(7) - 200);
	assert_false(client.up);
	assert_int_equal(net.lost, 3);
	run(1000);
	assert_true(client.up);
	assert_false(client.padt);
	assert_int_equal(client.lcp_requests, 1);
	assert_int_equal(lac->count.tunnel_next, 1);
	assert_int_equal(lac->count.destinations_locked, 1);
	assert_true(is_locked("198.51.100.9"));
	finish();

	/* Who comes now does not wait. */
	dial_and_run(500);
	assert_true(client.up);
	assert_int_equal(net.lost, 3);
	finish();

	/* Nor after kill -9. */
	restart(&net.lac, &r);
	assert_int_equal(r.closed, 0);
	assert_true(is_locked("198.51.100.9"));
	dial_and_run(500);
	assert_true(client.up);
	assert_int_equal(net.lost, 3);
	finish();

	/* Five minutes after it failed it is tried again. */
	run(SECONDS(300) - (net.now - SECONDS(1007)) - 200);
	assert_true(is_locked("198.51.100.9"));
	run(400);
	assert_false(is_locked("198.51.100.9"));
	restart(&net.lac, &r);
	assert_false(is_locked("198.51.100.9"));
	dial_and_run(SECONDS(8));
	assert_true(client.up);
	assert_int_equal(net.lost, 6);
	finish();
}

/* None answers: each is tried, then the one that failed first, alone. */
static void all_dead(void **state)
{
	(void)state;
	lac_is(LAC("", "",
		   "tunnel-group \"g\" { tunnels = { \"dead\", \"gone\" } }\n"
		   "domain \"default\" { tunnel-group = \"g\" }\n"));
	dial_and_run(SECONDS(14) - 500);
	assert_false(client.padt);
	run(1000);
	assert_true(client.padt);
	assert_int_equal(net.lost, 6);
	assert_empty();
	assert_int_equal(lac->count.tunnel_failed, 1);
	dial_and_run(SECONDS(7) - 500);
	assert_false(client.padt);
	run(1000);
	assert_true(client.padt);
	assert_int_equal(net.lost, 9);
	assert_int_equal(TAILQ_LAST(&lac->ended.tunnels.head, ended_head)
				 ->name[0],
			 'd');
	assert_empty();
	/* The operator knows better. */
	for (int i = 0; i < 2; i++) {
		struct addr a = addr_v4(0xc6336409);
		const char *why;

		assert_int_equal(outage_unlock(lac, "", &a, &why),
				 i ? -ENOENT : 0);
	}
	assert_false(is_locked("198.51.100.9"));
	assert_true(is_locked("198.51.100.8"));
}

/* StopCCN: shut down locks out; a wrong secret does not, others may be welcome. */
static void refused_tunnels(void **state)
{
	(void)state;
	lac_is(LAC("", "",
		   "tunnel \"wrong\" { endpoint = \"core\"\n"
		   "  remote = \"198.51.100.2\" local-name = \"lac1\"\n"
		   "  secret = \"other\" }\n"
		   "tunnel-group \"g\" { tunnels = { \"isp\", \"wrong\" } }\n"
		   "domain \"default\" { tunnel-group = \"g\" }\n"));
	dial_and_run(500);
	assert_true(client.up);
	assert_int_equal(lac->lockouts.n, 0);
	assert_int_equal(lac->count.tunnel_next, 1);
	hang_up();
	run(SECONDS(70)); /* idle */
	l2tp_order_system(&net.lns.box.l2tp, net.now, L2TP_SHUTDOWN);
	dial_and_run(500);
	assert_true(client.padt);
	assert_true(is_locked("198.51.100.2"));
	/* An established tunnel ends the lockout. */
	l2tp_order_system(&net.lns.box.l2tp, net.now, L2TP_ENABLED);
	run(SECONDS(40));
	dial_and_run(500);
	assert_true(client.up);
	assert_int_equal(lac->lockouts.n, 0);
}

/* CDN 4 of an LNS that is full: the next way, and no lockout. */
static void refused_calls(void **state)
{
	(void)state;
	lac_is(LAC("failover-within-level = true", "",
		   "tunnel-group \"g\" { tunnels = { \"isp\", \"late\" } }\n"
		   "tunnel \"late\" { endpoint = \"core\"\n"
		   "  remote = \"198.51.100.9\" preference = 4 }\n"
		   "domain \"default\" { tunnel-group = \"g\" }\n"));
	dial_and_run(500);
	assert_true(client.up);
	l2tp_order_tunnel(LIST_FIRST(&net.lns.box.l2tp.all), net.now,
			  L2TP_DRAIN);
	dial_and_run(500);
	assert_false(client.up);
	assert_false(client.padt);
	assert_int_equal(lac->count.tunnel_next, 1);
	assert_int_equal(lac->lockouts.n, 0);
	assert_int_equal(net.lost, 1);
	run(SECONDS(8));
	assert_true(client.padt);
	assert_true(is_locked("198.51.100.9"));
	assert_false(is_locked("198.51.100.2"));
}

/* A full tunnel is no candidate, nor one that too many wait for. */
static void full(void **state)
{
	(void)state;
	lac_is(LAC("max-waiting-calls = 1", "",
		   "tunnel \"one\" { endpoint = \"core\" max-sessions = 1\n"
		   "  remote = \"198.51.100.2\" local-name = \"lac1\"\n"
		   "  secret = \"s3cret\" }\n"
		   "domain \"default\" { tunnel = \"one\" }\n"
		   "domain \"dead.example\" { tunnel = \"dead\" }\n"));
	dial_and_run(500);
	assert_true(client.up);
	dial_and_run(500);
	assert_true(client.padt);
	assert_int_equal(lac->count.tunnel_full, 1);
	dial("user@dead.example", "secret");
	run(500);
	assert_false(client.padt);
	dial("user@dead.example", "secret");
	run(500);
	assert_true(client.padt);
	assert_int_equal(lac->count.refused_waiting, 1);
}

/* Of one assignment id and end points: one tunnel. */
static void shared(void **state)
{
	(void)state;
	lac_is(LAC("", "",
		   "tunnel \"a\" { endpoint = \"core\" assignment-id = \"x\"\n"
		   "  remote = \"198.51.100.2\" local-name = \"lac1\"\n"
		   "  secret = \"s3cret\" }\n"
		   "tunnel \"b\" { endpoint = \"core\" assignment-id = \"x\"\n"
		   "  remote = \"198.51.100.2\" local-name = \"lac1\"\n"
		   "  secret = \"s3cret\" }\n"
		   "tunnel \"c\" { endpoint = \"core\" assignment-id = \"y\"\n"
		   "  remote = \"198.51.100.2\" local-name = \"lac1\"\n"
		   "  secret = \"s3cret\" }\n"
		   "domain \"a.example\" { tunnel = \"a\" }\n"
		   "domain \"b.example\" { tunnel = \"b\" }\n"
		   "domain \"c.example\" { tunnel = \"c\" }\n"));
	dial("user@a.example", "secret");
	run(500);
	dial("user@b.example", "secret");
	run(500);
	assert_int_equal(net.sccrq, 1);
	assert_int_equal(net.icrq, 2);
	dial("user@c.example", "secret");
	run(500);
	assert_int_equal(net.sccrq, 2);
	assert_int_equal(net.icrq, 3);
}

/* With the test switched on a destination is used again when a tunnel has come up. */
static void lockout_tested(void **state)
{
	struct restore_result r;
	struct lockout *l;

	(void)state;
	lac_is(LAC("lockout-test = true lockout-timeout = 60", "",
		   "domain \"isp.example\" { tunnel = \"isp\" }\n"));
	net.cut = true;
	dial_and_run(SECONDS(8));
	assert_true(client.padt);
	l = TAILQ_FIRST(&lac->lockouts.head);
	assert_int_equal(l->state, LOCKOUT_LOCKED);
	run(SECONDS(60) - 500);
	assert_int_equal(l->state, LOCKOUT_TESTING);
	run(SECONDS(8)); /* it fails */
	assert_int_equal(l->state, LOCKOUT_LOCKED);
	run(SECONDS(59));
	assert_int_equal(l->state, LOCKOUT_TESTING);
	/* kill -9 in the middle of a test: what comes of that is not stored, and it is
	 * done again
	 */
	lac->hooks = NULL;
	run(SECONDS(8));
	restart(&net.lac, &r);
	l = TAILQ_FIRST(&lac->lockouts.head);
	assert_int_equal(l->state, LOCKOUT_WAITING);
	net.cut = false;
	run(500);
	assert_int_equal(lac->lockouts.n, 0);
	run(SECONDS(40));
	assert_int_equal(idmap_count(&lac->l2tp.tunnels), 0);
	dial_and_run(500);
	assert_true(client.up);
	finish();
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(dead_first),     TEST(all_dead), TEST(refused_tunnels),
		TEST(refused_calls),  TEST(full),     TEST(shared),
		TEST(lockout_tested),
	};

	log_set_level(LOG_ERR_L);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
