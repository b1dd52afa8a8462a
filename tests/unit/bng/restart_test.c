/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One of the chain is killed and starts again, with what the kernel port and the
 * state file have: who was up stays, unaware, and all else is closed on each side.
 */
#include "bng/chain.h"

static void both_restart(void **state)
{
	struct restore_result r;

	(void)state;
	dial("user@isp.example", "secret");
	run(500);
	assert_true(client.up);
	restart(&net.lac, &r);
	assert_int_equal(r.tunnels, 1);
	assert_int_equal(r.sessions, 1);
	assert_int_equal(r.subscribers, 1);
	assert_int_equal(r.closed, 0);
	restart(&net.lns, &r);
	assert_int_equal(r.tunnels, 1);
	assert_int_equal(r.sessions, 1);
	assert_int_equal(r.subscribers, 1);
	assert_int_equal(r.closed, 0);
	assert_int_equal(pool_used(net.lns.box.pools[0].pool), 1);
	client.up = false;
	run(SECONDS(130)); /* HELLOs both ways */
	assert_int_equal(net.lac.box.n_subscribers, 1);
	assert_int_equal(net.lns.box.n_subscribers, 1);
	assert_int_equal(client.lcp_requests, 1);
	hang_up();
	run(500);
	assert_empty();
}

static void own_subscriber_restart(void **state)
{
	struct restore_result r;

	(void)state;
	dial("bob", "builder");
	run(500);
	restart(&net.lac, &r);
	assert_int_equal(r.subscribers, 1);
	assert_int_equal(r.closed, 0);
	hang_up();
	run(500);
	assert_empty();
}

/* A fixed address, and one of a pool that is not the first. */
static void addresses_restart(void **state)
{
	static const char *const name[] = { "eve", "joe", "ann@far.example" };
	static const char *const password[] = { "apple", "plum", "pear" };
	struct restore_result r;

	(void)state;
	for (int i = 0; i < 3; i++) {
		const struct subscriber *s;
		struct addr address;

		dial(name[i], password[i]);
		run(500);
		assert_true(client.up);
		restart(&net.lac, &r);
		assert_int_equal(r.subscribers, 1);
		assert_int_equal(r.closed, 0);
		s = LIST_FIRST(&net.lac.box.subscribers);
		address = addr_v4(client.addr);
		assert_true(addr_eq(&s->address, &address));
		assert_int_equal(pool_used(net.lac.box.pools[1].pool), i == 2);
		hang_up();
		run(500);
		assert_empty();
	}
}

/* Killed while one who was up negotiates anew: LCP may begin again, no more. */
static void renegotiating(struct fake *who, const char *name,
			  const char *password)
{
	struct restore_result r;

	for (int n = 0; n < 14; n++) {
		struct addr address;

		dial(name, password);
		run(500);
		assert_true(client.up);
		address = addr_v4(client.addr);
		renegotiate(name, password);
		for (int i = 0; i < n; i++)
			step();
		restart(who, &r);
		assert_int_equal(r.subscribers, 1);
		assert_int_equal(r.closed, 0);
		run(SECONDS(10));
		assert_false(client.padt);
		assert_true(client.up);
		assert_true(addr_eq(&LIST_FIRST(&who->box.subscribers)->address,
				    &address));
		assert_int_equal(LIST_FIRST(&who->box.subscribers)->ppp.phase,
				 PPP_UP);
		hang_up();
		run(500);
		assert_empty();
	}
}

static void restart_in_renegotiation(void **state)
{
	(void)state;
	renegotiating(&net.lac, "bob", "builder");
	renegotiating(&net.lns, "user@isp.example", "secret");
}

/* Killed after n messages of a set-up: either up, or gone without a trace. */
static void restart_at_each_message(void **state)
{
	struct restore_result r;

	(void)state;
	for (int n = 1; n < 40; n++) {
		dial("user@isp.example", "secret");
		for (int i = 0; i < n && net.n; i++)
			step();
		subscriber_reap(&net.lac.box);
		subscriber_reap(&net.lns.box);
		restart(n % 2 ? &net.lac : &net.lns, &r);
		run(SECONDS(90));
		if (net.lns.box.n_subscribers) {
			assert_true(client.up);
			assert_int_equal(net.lac.box.n_subscribers, 1);
			hang_up();
			run(SECONDS(2));
		}
		assert_empty();
	}
}

/* The kernel did not tell all: nothing is closed, the next start finds it. */
static void dump_fails(void **state)
{
	struct restore_result r;
	unsigned int n;

	(void)state;
	dial("user@isp.example", "secret");
	run(500);
	n = links(&net.lac);
	net.dump_fails = true;
	assert_int_not_equal(try_restart(&net.lac, net.lac.box.conf, &r), 0);
	assert_int_equal(links(&net.lac), n);
	net.dump_fails = false;
	restart(&net.lac, &r);
	assert_int_equal(r.subscribers, 1);
	assert_int_equal(r.closed, 0);
	hang_up();
	run(500);
	assert_empty();
}

/* What the operator made has no cookie. */
static void operators_own(void **state)
{
	static const struct kern_tunnel t = { .id = 77, .peer_id = 78 };
	static const struct kern_session s = { .tunnel_id = 77,
					       .id = 5,
					       .peer_id = 6 };
	static const struct kern_pppoe p = {
		.link = { .kind = KERN_PPPOE, .ifindex = 1, .session_id = 9 }
	};
	struct restore_result r;
	static const struct kern_stats none;

	(void)state;
	k_tunnel_new(&net.lac.kern, &t);
	k_session_new(&net.lac.kern, &s);
	k_pppoe_new(&net.lac.kern, &p);
	restart(&net.lac, &r);
	run(500);
	assert_int_equal(r.closed, 0);
	assert_int_equal(links(&net.lac), 2);
	assert_non_null(tunnel(&net.lac, 77));
	/* Its SESSION_ID is not ours to assign. */
	assert_non_null(idmap_get(&net.lac.box.pppoe_ids, 9));
	/* Nor does its end mean a tunnel of ours. */
	net.cut = true;
	dial("user@isp.example", "secret");
	run(500);
	bng_kern_events.tunnel_gone(&net.lac.kern, net.now,
				    LIST_FIRST(&net.lac.box.l2tp.all)->id, 0,
				    &none);
	assert_int_equal(LIST_FIRST(&net.lac.box.l2tp.all)->state,
			 L2TP_TUNNEL_WAIT_REPLY);
}

/* The LAC's tunnel is no longer in its configuration: the LNS is told. */
static void tunnel_no_longer_configured(void **state)
{
	static const char conf[] =
		"system { hostname = \"lac\" }\n"
		"endpoint \"core\" { address = \"192.0.2.1\" }\n"
		"pool \"local\" { prefix = \"100.65.0.0/24\" }\n"
		"ppp-profile \"access\" { pool = \"local\"\n"
		"  local-address = \"100.65.0.1\" }\n"
		"access-port \"lo\" { ppp-profile = \"access\" }\n";
	struct restore_result r;

	(void)state;
	dial("user@isp.example", "secret");
	run(500);
	assert_int_equal(net.lns.box.n_subscribers, 1);
	assert_int_equal(try_restart(&net.lac, load(conf), &r), 0);
	assert_int_equal(r.tunnels, 0);
	assert_true(r.closed > 0);
	run(500);
	assert_true(client.padt);
	assert_int_equal(net.stopccn, 1);
	assert_empty();
}

/* Nothing was written of it: it was being set up. */
static void tunnel_without_record(void **state)
{
	struct restore_result r;

	(void)state;
	dial("user@isp.example", "secret");
	for (int i = 0; i < 100 && !net.lns.tunnels[0].id; i++)
		step();
	assert_int_equal(LIST_FIRST(&net.lns.box.l2tp.all)->state,
			 L2TP_TUNNEL_WAIT_CONN);
	net.n = 0; /* SCCRP is lost with its sender */
	restart(&net.lns, &r);
	assert_int_equal(r.closed, 1);
	assert_int_equal(net.lns.tunnels[0].id, 0);
	run(100);
	assert_int_equal(net.stopccn, 1);
}

/* Names may be as long as the configuration lets them be. */
static void long_names(void **state)
{
#define LONG "p234567890123456789012345678901234567890123456789012345678901234"
	static const char conf[] =
		"system { hostname = \"lac\" }\n"
		"pool \"local\" { prefix = \"100.65.0.0/24\" }\n"
		"ppp-profile \"" LONG
		"\" { pool = \"local\" auth = { \"chap\" }\n"
		"  local-address = \"100.65.0.1\" echo-interval = 0 }\n"
		"access-port \"lo\" { ppp-profile = \"" LONG "\" }\n"
		"user \"bob\" { password = \"builder\" }\n";
	struct restore_result r;

	(void)state;
	assert_int_equal(try_restart(&net.lac, load(conf), &r), 0);
	dial("bob", "builder");
	run(500);
	assert_true(client.up);
	restart(&net.lac, &r);
	assert_int_equal(r.subscribers, 1);
	assert_int_equal(r.closed, 0);
	hang_up();
	run(500);
	assert_empty();
}

/* Records that cannot be written are counted; those that cannot be read, closed. */
static void bad_records(void **state)
{
	static const uint8_t junk[] = { 99, 1, 2, 3 };
	struct restore_result r;

	(void)state;
	assert_int_equal(state_put(net.lac.state, STATE_TUNNEL, 3, junk, 4), 0);
	assert_int_equal(state_put(net.lac.state, STATE_SESSION, 4, junk, 4),
			 0);
	assert_int_equal(state_put(net.lac.state, STATE_SUBSCRIBER, 5, junk, 4),
			 0);
	restart(&net.lac, &r);
	assert_int_equal(r.closed, 3);
	restart(&net.lac, &r);
	assert_int_equal(r.closed, 0);
	for (uint64_t key = 1; !state_put(net.lac.state, STATE_SUBSCRIBER, key,
					  junk, sizeof(junk));)
		key++;
	dial("bob", "builder");
	run(500);
	assert_true(client.up);
	assert_int_equal(net.lac.box.count.not_stored, 1);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(both_restart),
		T(own_subscriber_restart),
		T(addresses_restart),
		T(restart_in_renegotiation),
		T(restart_at_each_message),
		T(dump_fails),
		T(operators_own),
		T(tunnel_no_longer_configured),
		T(tunnel_without_record),
		T(long_names),
		T(bad_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
