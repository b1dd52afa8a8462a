// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Levels in the whole chain: what an order makes of subscribers, limits of profile,
 * group and host, tunnels that want IPsec, and that a restart forgets no order.
 */
#include "bng/chain.h"

static char conf_text[4096];

/* The LNS's configuration with something in it: { from, to, from, to, NULL }. */
static void lns_with(const char *const *change)
{
	const struct conf *old = net.lns.box.conf;
	struct restore_result r;
	char copy[4096];

	snprintf(conf_text, sizeof(conf_text), "%s", lns_conf);
	for (; change[0]; change += 2) {
		const char *at = strstr(conf_text, change[0]);

		assert_non_null(at);
		snprintf(copy, sizeof(copy), "%.*s%s%s", (int)(at - conf_text),
			 conf_text, change[1], at + strlen(change[0]));
		memcpy(conf_text, copy, sizeof(copy));
	}
	(void)old;
	assert_int_equal(try_restart(&net.lns, load(conf_text), &r), 0);
}

static unsigned int sessions(void)
{
	return net.lns.box.l2tp.level.below[L2TP_SESSIONS].active;
}

static void dial_one(uint8_t mac)
{
	client_mac = mac;
	dial("user@isp.example", "secret");
	run(500);
}

/* Profile, group and host have a limit each; the lowest holds, and is told. */
static void limits(void **state)
{
	static const char *const change[][5] = {
		{ "address = \"192.0.2.1\"",
		  "address = \"192.0.2.1\" max-sessions = 2" },
		{ "destination-profile",
		  "session-limit-group \"g\" { max-sessions = 2 }\n"
		  "destination-profile",
		  "remote-host \"lac1\" {",
		  "remote-host \"lac1\" { session-limit-group = \"g\"" },
		{ "remote-host \"lac1\" {",
		  "remote-host \"lac1\" { max-sessions = 2"
		  " out-of-resource-result = 5" },
	};

	(void)state;
	for (int i = 0; i < 3; i++) {
		lns_with(change[i]);
		for (uint8_t mac = 1; mac <= 3; mac++)
			dial_one(mac);
		assert_int_equal(sessions(), 2);
		assert_true(client.padt);
		assert_int_equal(net.lns.box.count.refused_limit, 1);
		/* One that goes makes room. */
		subscriber_end(LIST_FIRST(&net.lns.box.subscribers), net.now, 3,
			       "");
		run(500);
		assert_int_equal(sessions(), 1);
		dial_one(4);
		assert_int_equal(sessions(), 2);
		assert_false(client.padt);
		l2tp_order_system(&net.lac.box.l2tp, net.now, L2TP_SHUTDOWN);
		run(500);
		assert_empty();
		l2tp_order_system(&net.lac.box.l2tp, net.now, L2TP_ENABLED);
	}
}

/* Of several limits that are reached the outer one is told, as configured. */
static void limits_in_order(void **state)
{
	static const char *const change[][7] = {
		{ "remote-host \"lac1\" {",
		  "remote-host \"lac1\" { session-limit-group = \"g\""
		  " max-sessions = 1 out-of-resource-result = 5",
		  "destination-profile",
		  "session-limit-group \"g\" { max-sessions = 1 }\n"
		  "destination-profile",
		  "address = \"192.0.2.1\"",
		  "address = \"192.0.2.1\" max-sessions = 1" },
		{ "remote-host \"lac1\" {",
		  "remote-host \"lac1\" { session-limit-group = \"g\""
		  " max-sessions = 1 out-of-resource-result = 2",
		  "destination-profile",
		  "session-limit-group \"g\" { max-sessions = 1 }\n"
		  "destination-profile" },
		{ "remote-host \"lac1\" {",
		  "remote-host \"lac1\" { max-sessions = 1" },
	};
	static const char *const text[] = {
		"session limit of the profile reached",
		"session limit of the group reached",
		"session limit of the host reached",
	};
	static const uint16_t result[] = { 5, 2, 4 };

	(void)state;
	for (int i = 0; i < 3; i++) {
		const struct ended *e;

		lns_with(change[i]);
		dial_one(1);
		assert_int_equal(sessions(), 1);
		dial_one(2);
		e = TAILQ_LAST(&net.lac.box.ended.sessions.head, ended_head);
		assert_memory_equal(e->why.text, text[i], strlen(text[i]));
		assert_int_equal(e->why.result, result[i]);
		assert_int_equal(e->why.error, 4);
		l2tp_order_system(&net.lac.box.l2tp, net.now, L2TP_SHUTDOWN);
		run(500);
		assert_empty();
		l2tp_order_system(&net.lac.box.l2tp, net.now, L2TP_ENABLED);
		run(SECONDS(3));
	}
}

/* What a restart finds counts against the limits as well. */
static void limits_after_restart(void **state)
{
	static const char *const change[] = {
		"remote-host \"lac1\" {",
		"remote-host \"lac1\" { max-sessions = 2", NULL
	};
	struct restore_result r;

	(void)state;
	lns_with(change);
	dial_one(1);
	dial_one(2);
	restart(&net.lns, &r);
	assert_int_equal(r.subscribers, 2);
	assert_int_equal(sessions(), 2);
	dial_one(3);
	assert_true(client.padt);
	assert_int_equal(sessions(), 2);
}

/* Control in clear gets no tunnel; by IPsec it does, and the kernel is told. */
static void ipsec(void **state)
{
	static const char *const change[] = {
		"remote-host \"lac1\" {",
		"remote-host \"lac1\" { require-ipsec = true", NULL
	};

	(void)state;
	lns_with(change);
	dial_one(1);
	assert_int_equal(sessions(), 0);
	assert_int_equal(net.lns.box.l2tp.count.rx_unprotected, 1);
	assert_int_equal(idmap_count(&net.lns.box.l2tp.tunnels), 0);
	run(SECONDS(40));
	net.secure = true;
	net.lns.may_be_clear = 0;
	dial_one(2);
	assert_int_equal(sessions(), 1);
	assert_true(net.lns.tunnels[0].ipsec);
	assert_int_equal(net.lns.may_be_clear, 0);
	/* And none of what follows may come in clear. */
	net.secure = false;
	hang_up();
	run(500);
	assert_int_equal(sessions(), 1);
	assert_true(net.lns.box.l2tp.count.rx_unprotected > 1);
}

/* The operator shuts the LNS down at the LAC: clients go, no tunnel comes. */
static void shut_down(void **state)
{
	struct addr lns = addr_v4(0xc6336402);
	struct l2tp_host *h = &net.lac.box.l2tp;

	(void)state;
	dial_one(1);
	assert_true(client.up);
	net.stopccn = 0;
	assert_int_equal(l2tp_order_destination(h, net.now, "", &lns,
						L2TP_SHUTDOWN),
			 0);
	run(500);
	assert_true(client.padt);
	assert_int_equal(net.stopccn, 1);
	assert_empty();
	net.sccrq = 0;
	dial_one(1);
	assert_true(client.padt);
	assert_int_equal(net.sccrq, 0);
	assert_int_equal(h->count.refused_admin, 1);
	l2tp_order_destination(h, net.now, "", &lns, L2TP_ENABLED);
	dial_one(1);
	assert_int_equal(net.sccrq, 0); /* short-drain-timeout */
	run(SECONDS(2));
	assert_int_equal(net.sccrq, 1);
	assert_true(client.up);
}

/* Whatever was ordered holds after kill -9; the tunnel's own state, too. */
static void orders_after_restart(void **state)
{
	struct addr lns = addr_v4(0xc6336402), later = addr_v4(0x0a000001);
	struct restore_result r;
	struct l2tp_tunnel *t;

	(void)state;
	dial_one(1);
	t = LIST_FIRST(&net.lac.box.l2tp.all);
	l2tp_order_tunnel(t, net.now, L2TP_DRAIN);
	l2tp_order_destination(&net.lac.box.l2tp, net.now, "", &later,
			       L2TP_SHUTDOWN);
	l2tp_order_name(&net.lac.box.l2tp, net.now, "other", L2TP_DRAIN);
	restart(&net.lac, &r);
	assert_int_equal(r.tunnels, 1);
	t = LIST_FIRST(&net.lac.box.l2tp.all);
	assert_int_equal(t->level.admin, L2TP_DRAIN);
	assert_ptr_equal(t->destination,
			 l2tp_destination_find(&net.lac.box.l2tp, "", &lns));
	assert_int_equal(t->destination->level.admin, L2TP_ENABLED);
	assert_int_equal(l2tp_destination_find(&net.lac.box.l2tp, "", &later)
				 ->level.admin,
			 L2TP_SHUTDOWN);
	assert_int_equal(l2tp_admin_of_name(&net.lac.box.l2tp, "other"),
			 L2TP_DRAIN);
	assert_int_equal(net.lac.box.l2tp.level.below[L2TP_SESSIONS].active, 1);
	/* The next call has a tunnel of its own; the old one is drained. */
	net.sccrq = 0;
	dial_one(2);
	assert_true(client.up);
	assert_int_equal(net.sccrq, 1);
}

/* Killed when an order was stored and nothing had left yet: it is carried out. */
static void order_in_between(void **state)
{
	struct l2tp_host *h = &net.lac.box.l2tp;
	struct addr lns = addr_v4(0xc6336402);
	struct restore_result r;

	(void)state;
	for (int level = 0; level < 3; level++) {
		dial_one(1);
		assert_true(client.up);
		/* With no tunnels below it an order is stored, no more. */
		h->level.admin = level == 0 ? L2TP_SHUTDOWN : L2TP_ENABLED;
		l2tp_destination_find(h, "", &lns)->level.admin =
			level == 1 ? L2TP_SHUTDOWN : L2TP_ENABLED;
		h_orders(&net.lac.box);
		if (level == 2) {
			struct l2tp_tunnel *t = LIST_FIRST(&h->all);

			LIST_REMOVE(t, all);
			l2tp_order_name(h, net.now, "isp", L2TP_SHUTDOWN);
			LIST_INSERT_HEAD(&h->all, t, all);
		}
		net.stopccn = 0;
		restart(&net.lac, &r);
		run(500);
		assert_int_equal(net.stopccn, 1);
		assert_empty();
		l2tp_order_system(h, net.now, L2TP_ENABLED);
		l2tp_order_destination(h, net.now, "", &lns, L2TP_ENABLED);
		l2tp_order_name(h, net.now, "isp", L2TP_ENABLED);
		run(SECONDS(3));
	}
}

/* The idle time goes on over a restart; so does the tunnel's being used up. */
static void idle_after_restart(void **state)
{
	struct restore_result r;

	(void)state;
	dial_one(1);
	hang_up();
	run(SECONDS(40));
	assert_int_equal(idmap_count(&net.lac.box.l2tp.tunnels), 1);
	restart(&net.lac, &r);
	restart(&net.lns, &r);
	run(SECONDS(15));
	assert_int_equal(idmap_count(&net.lac.box.l2tp.tunnels), 1);
	run(SECONDS(10));
	assert_int_equal(net.lac.box.l2tp.level.below[L2TP_TUNNELS].active, 0);
	run(SECONDS(32));
	assert_int_equal(idmap_count(&net.lac.box.l2tp.tunnels), 0);
	assert_int_equal(idmap_count(&net.lns.box.l2tp.tunnels), 0);
}

/* Neither as LAC nor as LNS is there a tunnel with ourselves. */
static void ourselves(void **state)
{
	static const char *const change[] = { "address = \"192.0.2.1\"",
					      "address = \"0.0.0.0/0\"", NULL };
	const struct addr_port lac = net.lac.local;

	(void)state;
	lns_with(change);
	/* The LNS's own address is what the SCCRQ comes from. */
	net.lac.local = net.lns.local;
	dial_one(1);
	assert_int_equal(net.lns.box.count.refused_ourselves, 1);
	assert_int_equal(idmap_count(&net.lns.box.l2tp.tunnels), 0);
	net.lac.local = lac;
	l2tp_order_system(&net.lac.box.l2tp, net.now, L2TP_SHUTDOWN);
	l2tp_order_system(&net.lac.box.l2tp, net.now, L2TP_ENABLED);
	run(SECONDS(40));
	/* What the tunnel leads to is the LAC's own. */
	conf_tunnel(net.lac.box.conf, "isp")->remote.addr = lac.addr;
	net.sccrq = 0;
	dial_one(2);
	assert_true(client.padt);
	assert_int_equal(net.lac.box.count.refused_ourselves, 1);
	assert_int_equal(net.sccrq, 0);
}

static const struct ended *last_ended(bool session)
{
	struct ended_all *a = &net.lac.box.ended;

	return session ? TAILQ_LAST(&a->sessions.head, ended_head) :
			 TAILQ_LAST(&a->tunnels.head, ended_head);
}

/* Who it was, why it went and what it carried is readable for 600 s, over a restart
 * too; then memory and state file are empty.
 */
static void ended(void **state)
{
	struct kern_stats stats = { .rx_packets = 7, .tx_bytes = 9 };
	struct addr lns = addr_v4(0xc6336402);
	struct kern_link link = { .kind = KERN_SESSION };
	struct restore_result r;
	const struct ended *e;
	uint64_t cookie;

	(void)state;
	dial_one(1);
	hang_up();
	run(SECONDS(20));
	e = last_ended(true);
	assert_string_equal(e->user, "user@isp.example");
	assert_string_equal(e->destination, "198.51.100.2");
	assert_string_equal(e->name, "isp");
	assert_string_equal(e->peer_name, "lns");
	assert_string_equal(e->why.text, "client sent PADT");
	assert_int_equal(e->why.result, 1);
	assert_true(e->lac);
	/* The kernel's last word comes later. */
	bng_kern_events.link_gone(&net.lac.kern, net.now, &link, e->cookie,
				  &stats);
	l2tp_order_system(&net.lac.box.l2tp, net.now, L2TP_SHUTDOWN);
	run(500);
	assert_string_equal(last_ended(false)->why.text,
			    "shut down by the operator");
	cookie = e->cookie;
	restart(&net.lac, &r);
	e = last_ended(true);
	assert_true(e->cookie == cookie);
	assert_int_equal(e->stats.rx_packets, 7);
	assert_int_equal(e->stats.tx_bytes, 9);
	assert_string_equal(e->user, "user@isp.example");
	assert_int_equal(last_ended(false)->why.result, 6);
	assert_int_equal(net.lac.box.l2tp.n_resting, 1);
	assert_non_null(l2tp_destination_find(&net.lac.box.l2tp, "", &lns));
	run(SECONDS(575));
	assert_int_equal(net.lac.box.l2tp.n_resting, 1);
	assert_non_null(last_ended(true));
	run(SECONDS(30));
	assert_int_equal(net.lac.box.l2tp.n_resting, 0);
	assert_null(last_ended(true));
	assert_null(last_ended(false));
	restart(&net.lac, &r);
	assert_null(last_ended(true));
}

/* Whoever watches hears of an order, then of what comes of it. */
static void watched(void **state)
{
	struct l2tp_host *h = &net.lac.box.l2tp;
	struct addr lns = addr_v4(0xc6336402);

	(void)state;
	events[0] = 0;
	client_mac = 7;
	dial("user@other.example", "secret"); /* a tunnel of its own */
	run(500);
	dial_one(1);
	assert_string_equal(events, "up destination\nup tunnel\nup tunnel\n");
	events[0] = 0;
	l2tp_order_name(h, net.now, "other", L2TP_SHUTDOWN);
	run(SECONDS(40));
	assert_string_equal(events,
			    "shutdown other\nshutdown tunnel\ndown tunnel\n");
	events[0] = 0;
	l2tp_order_destination(h, net.now, "", &lns, L2TP_SHUTDOWN);
	run(SECONDS(40));
	assert_string_equal(events, "shutdown destination\ndown tunnel\n"
				    "down destination\n");
	events[0] = 0;
	l2tp_order_destination(h, net.now, "", &lns, L2TP_ENABLED);
	l2tp_order_system(h, net.now, L2TP_DRAIN);
	assert_string_equal(events, "enabled destination\ndrain system\n");
	/* One that cannot be carried out is none. */
	events[0] = 0;
	lns = addr_v4(1);
	assert_int_equal(l2tp_order_destination(h, net.now, "", &lns,
						L2TP_ENABLED),
			 -ENOENT);
	assert_string_equal(events, "");
	/* The LNS does not answer: a tunnel of ours is down that was never up. */
	l2tp_order_system(h, net.now, L2TP_ENABLED);
	l2tp_order_name(h, net.now, "other", L2TP_ENABLED);
	events[0] = 0;
	net.cut = true;
	dial_one(1);
	run(SECONDS(60));
	assert_string_equal(events, "down tunnel\n");
}

static void tally_is(const struct l2tp_level *l, enum l2tp_kind kind,
		     unsigned int total, unsigned int active,
		     unsigned int failed, unsigned int auth_errors)
{
	assert_int_equal(l->below[kind].total, total);
	assert_int_equal(l->below[kind].active, active);
	assert_int_equal(l->below[kind].failed, failed);
	assert_int_equal(l->below[kind].auth_errors, auth_errors);
	assert_int_equal(l->below[kind].pending, 0);
}

/* What the levels have counted goes on after kill -9: the system, a destination, a
 * tunnel; what was being set up has failed by then.
 */
static void counters_after_restart(void **state)
{
	static const char *const change[] = { "secret = \"s3cret\"",
					      "secret = \"another\"", NULL };
	struct l2tp_host *h = &net.lac.box.l2tp;
	struct addr lns = addr_v4(0xc6336402);
	struct l2tp_destination *d;
	struct restore_result r;
	struct l2tp_tunnel *t;

	(void)state;
	/* One that fails, and one whose tunnel ends before the other comes. */
	lns_with(change);
	dial_one(1);
	assert_true(client.padt);
	run(SECONDS(40));
	restart(&net.lac, &r);
	tally_is(&h->level, L2TP_TUNNELS, 1, 0, 1, 1);
	tally_is(&h->level, L2TP_SESSIONS, 1, 0, 1, 0);
	lns_with((const char *[]){ NULL });
	dial_one(1);
	dial_one(2);
	hang_up();
	run(500);
	/* A call that nobody answers, and a tunnel of another definition. */
	net.cut = true;
	dial_one(3);
	client_mac = 4;
	dial("user@other.example", "secret");
	run(500);
	for (int i = 0; i < 2; i++) {
		restart(&net.lac, &r);
		assert_int_equal(r.tunnels, 1);
		tally_is(&h->level, L2TP_DESTINATIONS, 2, 1, 1, 0);
		tally_is(&h->level, L2TP_TUNNELS, 3, 1, 2, 1);
		tally_is(&h->level, L2TP_SESSIONS, 5, 1, 3, 0);
		d = l2tp_destination_find(h, "", &lns);
		t = LIST_FIRST(&d->tunnels);
		tally_is(&t->level, L2TP_SESSIONS, 3, 1, 1, 0);
		/* Not the other's: nothing was stored of it. */
		tally_is(&d->level, L2TP_SESSIONS, 4, 1, 2, 0);
		assert_true(d->level.below[L2TP_TUNNELS].total >= 2);
		assert_int_equal(d->level.below[L2TP_TUNNELS].active, 1);
	}
	/* It counts on; a destination without a tunnel is remembered, too. */
	net.cut = false;
	run(SECONDS(5));
	dial_one(5);
	assert_true(client.up);
	tally_is(&h->level, L2TP_SESSIONS, 6, 2, 3, 0);
	l2tp_order_system(h, net.now, L2TP_SHUTDOWN);
	run(SECONDS(40));
	restart(&net.lac, &r);
	tally_is(&h->level, L2TP_DESTINATIONS, 2, 0, 1, 0);
	tally_is(&h->level, L2TP_TUNNELS, 3, 0, 2, 1);
	tally_is(&h->level, L2TP_SESSIONS, 6, 0, 3, 0);
	d = l2tp_destination_find(h, "", &lns);
	tally_is(&d->level, L2TP_SESSIONS, 5, 0, 2, 0);
}

/* Refusals, which have no tunnel, are counted once each, and stored. */
static void refusals_after_restart(void **state)
{
	static const char *const change[] = { "remote-host \"lac1\"",
					      "remote-host \"lac9\"", NULL };
	struct l2tp_host *h = &net.lns.box.l2tp;
	struct restore_result r;

	(void)state;
	lns_with(change);
	dial_one(1);
	assert_true(client.padt);
	tally_is(&h->level, L2TP_TUNNELS, 1, 0, 1, 1);
	restart(&net.lns, &r);
	tally_is(&h->level, L2TP_TUNNELS, 1, 0, 1, 1);
}

/* However many end, so many are kept, and of these the last. */
static void ended_is_bounded(void **state)
{
	struct l2tp_session s = { .lac = true };
	struct ended_all *a = &net.lac.box.ended;
	struct ended known = { .cookie = 1 };

	(void)state;
	dial_one(1);
	s.tunnel = LIST_FIRST(&net.lac.box.l2tp.all);
	net.lac.box.hooks = NULL; /* the state file of this test is smaller */
	for (unsigned int i = 0; i < ENDED_MAX + 10; i++) {
		known.cookie = 1000 + i;
		ended_session(a, net.now, &s, &known);
	}
	assert_int_equal(a->sessions.n, ENDED_MAX);
	assert_int_equal(TAILQ_FIRST(&a->sessions.head)->cookie, 1010);
	/* Where fewer may live, fewer are kept: the state file is as big. */
	ended_free(a);
	ended_init(a, &net.lac.box.timers, 600, 4, 5);
	for (unsigned int i = 0; i < 10; i++) {
		known.cookie = 2000 + i;
		ended_session(a, net.now, &s, &known);
	}
	assert_int_equal(a->sessions.n, 5);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(limits),
		TEST(limits_in_order),
		TEST(limits_after_restart),
		TEST(ipsec),
		TEST(shut_down),
		TEST(orders_after_restart),
		TEST(order_in_between),
		TEST(idle_after_restart),
		TEST(ourselves),
		TEST(ended),
		TEST(ended_is_bounded),
		TEST(watched),
		TEST(counters_after_restart),
		TEST(refusals_after_restart),
	};

	log_set_level(LOG_ERR_L);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
