// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Why a session ended, or did not come to be, as accounting tells it (RFC 2866 5.10,
 * RFC 2867), in the chain of LAC and LNS. The accounting server is the test.
 */
#include "bng/chain_acct.h"

#include "bng/cause.h"

/* A LAC with two ways to the LNS, one after the other. */
#define LAC_CONF(first, second)                                           \
	"system { hostname = \"lac\" failover-within-level = true }\n"    \
	"endpoint \"core\" { address = \"192.0.2.1\" }\n"                 \
	"pool \"local\" { prefix = \"100.65.0.0/24\" }\n"                 \
	"ppp-profile \"access\" { pool = \"local\" auth = { \"chap\" }\n" \
	"  accounting-group = \"aaa\"\n"                                  \
	"  local-address = \"100.65.0.1\" echo-interval = 0 }\n"          \
	"access-port \"lo\" { ppp-profile = \"access\" }\n"               \
	"tunnel \"a\" { endpoint = \"core\" remote = \"" first "\"\n"     \
	"  local-name = \"lac1\" secret = \"s3cret\" preference = 1\n"    \
	"  accounting-group = \"aaa\" }\n"                                \
	"tunnel \"b\" { endpoint = \"core\" remote = \"" second "\"\n"    \
	"  local-name = \"lac1\" secret = \"s3cret\" preference = 2\n"    \
	"  accounting-group = \"aaa\" }\n"                                \
	"tunnel-group \"g\" { tunnels = { \"a\", \"b\" } }\n"             \
	"domain \"isp.example\" { tunnel-group = \"g\" }\n" SERVER

static void dial_and_confirm(msec_t ms)
{
	dial("user@isp.example", "secret");
	run_and_confirm(ms);
}

/* Each way that fails is a call that was refused, as it is a tunnel. */
static void each_way(void **state)
{
	(void)state;
	accounted(&net.lac, load(LAC_CONF("198.51.100.9", "198.51.100.8")));
	net.nowhere = true;
	dial_and_confirm(SECONDS(60));
	assert_false(client.up);
	assert_int_equal(came[ACCT_TUNNEL_REJECT], 2);
	assert_int_equal(came[ACCT_LINK_REJECT], 2);
}

/* The next CDN of the LNS has that cause (RFC 3145). */
static void refuse_with(uint8_t code)
{
	struct packet *p = net.wire;

	while (p->kind != CONTROL || p->len <= 20 || p->b[19] != L2TP_CDN) {
		assert_true(net.n > 0);
		step();
	}
	for (size_t i = 12; i + 6 < p->len;
	     i += (p->b[i] & 3) << 8 | p->b[i + 1])
		if (p->b[i + 5] == 46)
			p->b[i + 7] = code;
}

/* What was wrong with a way is not why the session of the next one ends. Code 0 says
 * nothing: the result counts, "busy".
 */
static void failed_way(uint8_t code, unsigned int rejected)
{
	struct subscriber *s;

	accounted(&net.lac, load(LAC_CONF("198.51.100.2", "198.51.100.2")));
	dial_and_confirm(SECONDS(1));
	assert_true(client.up);
	hang_up();
	run_and_confirm(SECONDS(1));
	l2tp_order_tunnel(LIST_FIRST(&net.lns.box.l2tp.all), net.now,
			  L2TP_DRAIN);
	dial("user@isp.example", "secret");
	refuse_with(code);
	run_and_confirm(SECONDS(2));
	assert_true(client.up);
	assert_int_equal(net.lac.box.count.tunnel_next, 1);
	look_at(ACCT_LINK_REJECT);
	assert_int_equal(number(49), rejected);
	assert_int_equal(!attribute(26), code == L2TP_CAUSE_NONE);
	if (code == L2TP_CAUSE_ECHO)
		assert_true(HAS("\0\0\x13\x0a\x33\x2c"
				"8 echo timeout, protocol "));
	s = LIST_FIRST(&net.lac.box.subscribers);
	bng_kern_events.link_gone(&net.lac.kern, net.now, &s->access, s->id,
				  &s->stats);
	run_and_confirm(SECONDS(5));
	look_at(ACCT_STOP);
	assert_int_equal(number(49), ACCT_ADMIN_RESET);
	assert_null(attribute(26));
	look_at(ACCT_LINK_STOP);
	assert_int_equal(number(49), ACCT_ADMIN_RESET);
}

static void busy(void **state)
{
	(void)state;
	failed_way(L2TP_CAUSE_NONE, ACCT_SERVICE_UNAVAILABLE);
}

static void another_reason(void **state)
{
	(void)state;
	failed_way(L2TP_CAUSE_ECHO, ACCT_LOST_CARRIER);
}

#define LNS_CONF                                                       \
	"system { hostname = \"lns\" }\n"                              \
	"endpoint \"core\" { address = \"198.51.100.2\" }\n"           \
	"pool \"home\" { prefix = \"100.64.0.0/24\" }\n"               \
	"ppp-profile \"home\" { pool = \"home\" auth = { \"chap\" }\n" \
	"  accounting-group = \"aaa\"\n"                               \
	"  local-address = \"100.64.0.1\" echo-interval = 0 }\n"       \
	"destination-profile \"carrier\" { address = \"192.0.2.1\"\n"  \
	"  remote-host \"lac1\" { secret = \"s3cret\"\n"               \
	"    ppp-profile = \"home\" accounting-group = \"aaa\" } }\n"  \
	"user \"user@isp.example\" { password = \"secret\" }\n" SERVER

/* The tunnel ends, and its sessions with it: for one reason, after a restart too. */
static void ends_with_tunnel(void (*end)(struct l2tp_tunnel *t),
			     unsigned int cause)
{
	struct restore_result r;

	accounted(&net.lns, load(LNS_CONF));
	dial_and_confirm(SECONDS(1));
	assert_true(client.up);
	restart(&net.lns, &r);
	end(LIST_FIRST(&net.lns.box.l2tp.all));
	run_and_confirm(SECONDS(120));
	net.cut = false;
	for (int i = 0; i < 3; i++) {
		look_at((enum acct_status[]){ ACCT_STOP, ACCT_LINK_STOP,
					      ACCT_TUNNEL_STOP }[i]);
		assert_int_equal(number(49), cause);
	}
}

static void order_shutdown(struct l2tp_tunnel *t)
{
	l2tp_order_system(t->host, net.now, L2TP_SHUTDOWN);
}

static void peer_shuts_down(struct l2tp_tunnel *t)
{
	(void)t;
	l2tp_order_system(&net.lac.box.l2tp, net.now, L2TP_SHUTDOWN);
}

static void fall_silent(struct l2tp_tunnel *t)
{
	(void)t;
	net.cut = true;
}

static void lose_its_way(struct l2tp_tunnel *t)
{
	l2tp_tunnel_close(t, net.now, L2TP_STOP_FSM, 0, "no such event");
}

/* By the operator, in the kernel. */
static void remove_in(struct fake *f)
{
	struct l2tp_tunnel *t = LIST_FIRST(&f->box.l2tp.all);
	static const struct kern_stats none;

	k_tunnel_del(&f->kern, t->id);
	bng_kern_events.tunnel_gone(&f->kern, net.now, t->id, t->cookie, &none);
}

static void remove_it(struct l2tp_tunnel *t)
{
	(void)t;
	remove_in(&net.lns);
}

static void peer_removes_it(struct l2tp_tunnel *t)
{
	(void)t;
	remove_in(&net.lac);
}

static void removed(void **state)
{
	(void)state;
	ends_with_tunnel(remove_it, ACCT_ADMIN_RESET);
}

/* Whatever the peer's text is. */
static void removed_by_peer(void **state)
{
	(void)state;
	ends_with_tunnel(peer_removes_it, ACCT_NAS_REQUEST);
}

static void shut_down(void **state)
{
	(void)state;
	ends_with_tunnel(order_shutdown, ACCT_ADMIN_RESET);
}

static void shut_down_by_peer(void **state)
{
	(void)state;
	ends_with_tunnel(peer_shuts_down, ACCT_ADMIN_RESET);
}

static void silent(void **state)
{
	(void)state;
	ends_with_tunnel(fall_silent, ACCT_LOST_CARRIER);
}

static void out_of_step(void **state)
{
	(void)state;
	ends_with_tunnel(lose_its_way, ACCT_NAS_ERROR);
}

/* Why PPP ended at the LNS, as the LAC hears it, too. */
static void in_words(void **state)
{
	static const enum acct_status each[] = { ACCT_STOP, ACCT_LINK_STOP };

	(void)state;
	accounted(&net.lns, load(LNS_CONF));
	conf_profile(net.lns.box.conf, "home")->session_timeout = 60;
	dial_and_confirm(SECONDS(1));
	assert_true(client.up);
	look_at(ACCT_START);
	assert_null(attribute(26));
	run_and_confirm(SECONDS(80));
	for (int i = 0; i < 2; i++) {
		look_at(each[i]);
		assert_int_equal(number(49), ACCT_SESSION_TIMEOUT);
		assert_true(
			HAS("3 Terminate-Request, protocol 0000, direction 2"));
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(each_way),		 TEST(busy),
		TEST(another_reason),	 TEST(shut_down),
		TEST(shut_down_by_peer), TEST(silent),
		TEST(out_of_step),	 TEST(in_words),
		TEST(removed),		 TEST(removed_by_peer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
