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
	assert_int_equal(pool_used(net.lns.box.network.pools[0].pool), 1);
	client.up = false;
	run(SECONDS(130)); /* HELLOs both ways */
	assert_int_equal(net.lac.box.n_subscribers, 1);
	assert_int_equal(net.lns.box.n_subscribers, 1);
	assert_int_equal(client.lcp_requests, 1);
	hang_up();
	run(500);
	assert_empty();
}

/* A restart asks for no binding that is there: of 60,000 that is a long time. */
static void binding_restart(void **state)
{
	struct kern_link *access, to;
	struct restore_result r;
	unsigned int binds;

	(void)state;
	dial("user@isp.example", "secret");
	run(500);
	assert_true(client.up);
	access = &LIST_FIRST(&net.lac.box.subscribers)->access;
	to = row(&net.lac, access)->to;
	assert_int_equal(to.kind, KERN_SESSION);
	binds = net.lac.binds;
	restart(&net.lac, &r);
	assert_int_equal(r.subscribers, 1);
	assert_int_equal(net.lac.binds, binds);
	/* Killed before it was made, it is made now. */
	access = &LIST_FIRST(&net.lac.box.subscribers)->access;
	row(&net.lac, &to)->to = (struct kern_link){ 0 };
	row(&net.lac, access)->to = (struct kern_link){ 0 };
	restart(&net.lac, &r);
	assert_int_equal(r.subscribers, 1);
	assert_int_equal(net.lac.binds, binds + 1);
	access = &LIST_FIRST(&net.lac.box.subscribers)->access;
	assert_true(kern_link_eq(&row(&net.lac, access)->to, &to));
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

static void is_past(const struct past *p, const char *user,
		    enum subscriber_state state, const char *why)
{
	assert_non_null(p);
	assert_string_equal(p->user, user);
	assert_int_equal(p->state, state);
	assert_string_equal(p->why, why);
	assert_true(p->id && p->since <= p->at && p->at <= net.now);
	assert_int_equal(!strncmp(p->access, "pppoe ", 6), 1);
}

/* Who was here, and why not any more. */
static void past_restart(void **state)
{
	const struct past_list *l = &net.lac.box.past;
	struct restore_result r;

	(void)state;
	dial("bob", "builder");
	run(500);
	hang_up();
	run(500);
	dial("bob", "wrong");
	run(5000);
	assert_false(client.up);
	hang_up();
	run(500);
	for (int i = 0; i < 2; i++) {
		const struct past *first = TAILQ_FIRST(&l->head);

		assert_int_equal(l->n, 2);
		is_past(first, "bob", SUBSCRIBER_UP, "client sent PADT");
		is_past(TAILQ_NEXT(first, next), "bob", SUBSCRIBER_NEGOTIATING,
			"authentication failed");
		assert_true(first->address.family);
		assert_int_equal(TAILQ_NEXT(first, next)->address.family, 0);
		restart(&net.lac, &r);
	}
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
		assert_int_equal(pool_used(net.lac.box.network.pools[1].pool),
				 i == 2);
		hang_up();
		run(500);
		assert_empty();
	}
}

static const char small_pool[] =
	"system { hostname = \"lns\" }\n"
	"endpoint \"core\" { address = \"198.51.100.2\" }\n"
	"pool \"home\" { range = { \"100.64.0.2-100.64.0.3\" }\n"
	"  quarantine = 600 }\n"
	"ppp-profile \"home\" { pool = \"home\" auth = { \"chap\" }\n"
	"  local-address = \"100.64.0.1\" echo-interval = 0 }\n"
	"destination-profile \"carrier\" { address = \"192.0.2.1\"\n"
	"  remote-host \"lac1\" { secret = \"s3cret\"\n"
	"    ppp-profile = \"home\" } }\n"
	"user \"user@isp.example\" { password = \"secret\" }\n"
	"user \"ann@isp.example\" { password = \"pear\" }\n"
	"user \"joe@isp.example\" { password = \"plum\" }\n";

/* Addresses that came back rest, and are their last users', after a restart too. */
static void pools_restart(void **state)
{
	struct restore_result r;
	struct pool_stats stats;
	msec_t back;

	(void)state;
	assert_int_equal(try_restart(&net.lns, load(small_pool), &r), 0);
	dial("user@isp.example", "secret");
	run(500);
	assert_int_equal(client.addr, 0x64400002);
	hang_up();
	run(500);
	back = net.now;
	restart(&net.lns, &r);
	restart(&net.lns, &r);
	pool_stats(net.lns.box.network.pools[0].pool, net.now, &stats);
	assert_int_equal(stats.resting, 1);
	/* Others get others, or none. */
	dial("ann@isp.example", "pear");
	run(500);
	assert_int_equal(client.addr, 0x64400003);
	dial("joe@isp.example", "plum");
	run(500);
	assert_false(client.up);
	dial("user@isp.example", "secret");
	run(500);
	assert_int_equal(client.addr, 0x64400002);
	hang_up();
	run(back + SECONDS(598) - net.now);
	restart(&net.lns, &r);
	dial("joe@isp.example", "plum");
	run(500);
	assert_false(client.up);
	run(SECONDS(10));
	dial("joe@isp.example", "plum");
	run(500);
	assert_int_equal(client.addr, 0x64400002);
}

static unsigned int resting(void)
{
	struct pool_stats stats;

	pool_stats(net.lns.box.network.pools[0].pool, net.now, &stats);
	return (unsigned int)stats.resting;
}

static void up_with(const char *name, const char *password, uint32_t address)
{
	dial(name, password);
	run(500);
	assert_true(client.up);
	assert_int_equal(client.addr, address);
}

/* The kernel of the LNS has none of its links any more. */
static void lose_links(void)
{
	for (int i = 0; i < MAX; i++)
		net.lns.links[i].name.kind = KERN_NO_LINK;
}

static void count_one(void *ctx, uint64_t key, const void *data, size_t len)
{
	(void)key, (void)data, (void)len;
	++*(unsigned int *)ctx;
}

/* One that is not kept gives back its address all the same. */
static void not_kept_pool(void **state)
{
	const struct subscriber *s;
	struct restore_result r;

	(void)state;
	assert_int_equal(try_restart(&net.lns, load(small_pool), &r), 0);
	for (int i = 0; i < 2; i++) {
		up_with("user@isp.example", "secret", 0x64400002);
		if (i) {
			s = LIST_FIRST(&net.lns.box.subscribers);
			state_del(net.lns.state, STATE_SESSION, s->session->id);
		} else {
			lose_links();
		}
		restart(&net.lns, &r);
		assert_int_equal(r.subscribers, 0);
		assert_int_equal(resting(), 1);
		run(SECONDS(10));
		restart(&net.lns, &r);
		assert_int_equal(resting(), 1);
	}
	up_with("ann@isp.example", "pear", 0x64400003);
	up_with("user@isp.example", "secret", 0x64400002);
}

/* One that ends in a restart rests longer than one that came back before it, which is
 * free at its time.
 */
static void closed_rests_last(void **state)
{
	struct restore_result r;

	(void)state;
	assert_int_equal(try_restart(&net.lns, load(small_pool), &r), 0);
	up_with("user@isp.example", "secret", 0x64400002);
	hang_up();
	run(500);
	up_with("ann@isp.example", "pear", 0x64400003);
	run(SECONDS(300));
	lose_links();
	restart(&net.lns, &r);
	assert_int_equal(r.subscribers, 0);
	assert_int_equal(resting(), 2);
	run(SECONDS(298));
	assert_int_equal(resting(), 2);
	run(SECONDS(4));
	assert_int_equal(resting(), 1);
	up_with("joe@isp.example", "plum", 0x64400002);
	/* It is lent now, whatever is written of it. */
	restart(&net.lns, &r);
	assert_int_equal(r.subscribers, 1);
	assert_int_equal(resting(), 1);
	assert_int_equal(pool_used(net.lns.box.network.pools[0].pool), 1);
	hang_up();
	run(500);
	up_with("user@isp.example", "secret", 0x64400002);
	restart(&net.lns, &r);
	assert_int_equal(r.subscribers, 1);
	assert_int_equal(resting(), 1);
	assert_int_equal(pool_used(net.lns.box.network.pools[0].pool), 1);
}

/* It is written that an address came back before its subscriber is forgotten. */
static void killed_before_forgotten(void **state)
{
	struct restore_result r;
	unsigned int n = 0;
	jmp_buf killed;

	(void)state;
	assert_int_equal(try_restart(&net.lns, load(small_pool), &r), 0);
	up_with("user@isp.example", "secret", 0x64400002);
	net.forgetting = &killed;
	if (!setjmp(killed)) {
		subscriber_end(LIST_FIRST(&net.lns.box.subscribers), net.now, 3,
			       "test");
		fail();
	}
	net.forgetting = NULL;
	state_each(net.lns.state, STATE_RETURNED, count_one, &n);
	assert_int_equal(n, 1);
	restart(&net.lns, &r);
	assert_int_equal(r.subscribers, 0);
	assert_int_equal(resting(), 1);
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

static const char timed_conf[] =
	"system { hostname = \"lns\" }\n"
	"endpoint \"core\" { address = \"198.51.100.2\" }\n"
	"pool \"home\" { prefix = \"100.64.0.0/24\" }\n"
	"ppp-profile \"home\" { pool = \"home\" auth = { \"chap\" }\n"
	"  session-timeout = 600\n"
	"  local-address = \"100.64.0.1\" echo-interval = 0 }\n"
	"destination-profile \"carrier\" { address = \"192.0.2.1\"\n"
	"  remote-host \"lac1\" { secret = \"s3cret\"\n"
	"    ppp-profile = \"home\" } }\n"
	"user \"user@isp.example\" { password = \"secret\" }\n";

/* It wins no time by that. */
static void timed_in_renegotiation(void **state)
{
	struct restore_result r;

	(void)state;
	assert_int_equal(try_restart(&net.lns, load(timed_conf), &r), 0);
	for (int n = 0; n < 14; n++) {
		msec_t began = net.now;

		dial("user@isp.example", "secret");
		run(SECONDS(400));
		assert_true(client.up);
		renegotiate("user@isp.example", "secret");
		for (int i = 0; i < n; i++)
			step();
		restart(&net.lns, &r);
		assert_int_equal(r.subscribers, 1);
		run(SECONDS(10));
		assert_true(client.up && !client.padt);
		while (!client.padt && net.now < began + SECONDS(2000))
			run(1000);
		assert_true(client.remaining);
		assert_in_range(net.now - began, SECONDS(599), SECONDS(603));
		run(500);
		assert_empty();
	}
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
		subscriber_reap(&net.lac.box, net.now);
		subscriber_reap(&net.lns.box, net.now);
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

/* Of runs one after the other, in one second or another, in one boot or another. */
static void ids(void **state)
{
	const uint32_t wall = 1700000000;

	(void)state;
	assert_true(box_first_id(wall, 5000) !=
		    box_first_id(wall + 3600, 5000)); /* booted again */
	assert_true(box_first_id(wall, 5100) - box_first_id(wall, 5000) >=
		    25600);
	assert_true(box_first_id(wall + 1, 5000) - box_first_id(wall, 5000) >=
		    25600);
	/* Set back to the same second. */
	assert_true(box_first_id(wall, SECONDS(60)) !=
		    box_first_id(wall, 5000));
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
		T(binding_restart),
		T(own_subscriber_restart),
		T(past_restart),
		T(addresses_restart),
		T(pools_restart),
		T(not_kept_pool),
		T(closed_rests_last),
		T(killed_before_forgotten),
		T(restart_in_renegotiation),
		T(timed_in_renegotiation),
		T(restart_at_each_message),
		T(dump_fails),
		T(operators_own),
		T(tunnel_no_longer_configured),
		T(tunnel_without_record),
		T(long_names),
		T(bad_records),
		cmocka_unit_test(ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
