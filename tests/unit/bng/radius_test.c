// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Subscribers that a RADIUS server lets in, or not, or says nothing about, in the
 * chain of client, LAC and LNS; the server is the test.
 */
#include "bng/chain_radius.h"

#define SERVER                                              \
	"radius-server \"one\" { address = \"192.0.2.7\"\n" \
	"  secret = \"r4dius\" }\n"                         \
	"radius-group \"aaa\" { servers = { \"one\" } }\n"

/* Its user's password is none that RADIUS would take: nobody asks it. */
#define LNS(profile)                                                  \
	"system { hostname = \"lns\" }\n"                             \
	"endpoint \"core\" { address = \"198.51.100.2\" }\n"          \
	"pool \"home\" { prefix = \"100.64.0.0/24\" }\n"              \
	"ppp-profile \"home\" { pool = \"home\"\n"                    \
	"  radius-group = \"aaa\" local-address = \"100.64.0.1\"\n"   \
	"  echo-interval = 0\n" profile " }\n"                        \
	"destination-profile \"carrier\" { address = \"192.0.2.1\"\n" \
	"  remote-host \"lac1\" { secret = \"s3cret\"\n"              \
	"    ppp-profile = \"home\" } }\n"                            \
	"user \"user@isp.example\" { password = \"other\" }\n" SERVER

static const char lac_radius_conf[] =
	"system { hostname = \"lac\" }\n"
	"endpoint \"core\" { address = \"192.0.2.1\" }\n"
	"pool \"local\" { prefix = \"100.65.0.0/24\" }\n"
	"ppp-profile \"access\" { pool = \"local\" auth = { \"chap\" }\n"
	"  radius-group = \"aaa\"\n"
	"  local-address = \"100.65.0.1\" echo-interval = 0 }\n"
	"access-port \"lo\" { ppp-profile = \"access\" }\n"
	"tunnel \"isp\" { endpoint = \"core\" remote = \"198.51.100.2\"\n"
	"  local-name = \"lac1\" secret = \"s3cret\" }\n"
	"domain \"isp.example\" { tunnel = \"isp\" }\n" SERVER;

/* Without a pool: whom RADIUS does not have tunnelled has no place here. */
static const char lac_tunnel_conf[] =
	"system { hostname = \"lac\" }\n"
	"endpoint \"core\" { address = \"192.0.2.1\" }\n"
	"ppp-profile \"access\" { auth = { \"chap\" }\n"
	"  radius-group = \"aaa\" echo-interval = 0 }\n"
	"access-port \"lo\" { ppp-profile = \"access\" }\n"
	"tunnel \"isp\" { endpoint = \"core\" remote = \"198.51.100.2\"\n"
	"  local-name = \"lac1\" secret = \"s3cret\" }\n" SERVER;

/* ERX-Tunnel-Group */
#define GROUP(name) "\x1a\x0b\0\0\x13\x0a\x40\5" name

static int setup_radius(void **state)
{
	setup(state);
	with_conf(&net.lns, LNS("auth = { \"chap\" }"));
	return 0;
}

static bool said(const char *attribute, size_t len)
{
	return memmem(net.radius.b, net.radius.len, attribute, len);
}

#define SAID(text) said(text, sizeof(text) - 1)

static struct subscriber *lns_subscriber(void)
{
	return LIST_FIRST(&net.lns.box.subscribers);
}

static void accepted(void **state)
{
	struct restore_result r;

	(void)state;
	dial_and_wait();
	assert_true(SAID("\x01\x12user@isp.example"));
	assert_true(SAID("\x20\5lns"));
	assert_true(SAID("\x06\6\0\0\0\2\x07\6\0\0\0\1\x3d\6\0\0\0\5"));
	assert_true(SAID("session "));
	assert_true(SAID("\x2c\x12"));
	assert_true(SAID("#pppoe 02:00:00:00:00:09"));
	assert_true(SAID("\x4d\x0c"
			 "1000000000"));
	ANSWER(2, "\x08\x06\xcb\x00\x71\x09\x1b\x06\0\0\x0e\x10"
		  "\x1c\x06\0\0\0\1");
	run(500);
	assert_true(client.up);
	assert_int_equal(client.addr, 0xcb007109);
	assert_int_equal(net.lns.box.count.auth_ok, 1);
	/* What it was given outlives the daemon. */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(lns_subscriber()->state, SUBSCRIBER_UP);
		assert_int_equal(lns_subscriber()->ppp.ip.session_timeout,
				 3600);
		assert_int_equal(lns_subscriber()->ppp.ip.idle_timeout, 60);
		assert_int_equal(addr_to_v4(&lns_subscriber()->address),
				 0xcb007109);
		if (!i)
			restart(&net.lns, &r);
	}
	assert_int_equal(net.radius.n, 1);
	hang_up();
	run(500);
	assert_empty();
}

static void rejected(void **state)
{
	(void)state;
	dial_and_wait();
	ANSWER(3, "\x12\x04no");
	run(SECONDS(1));
	assert_true(client.failed);
	assert_int_equal(net.lns.box.count.auth_failed, 1);
	assert_empty();
}

/* A server that does not know the secret, and then the one that does. */
static void forged(void **state)
{
	uint8_t b[64];
	size_t len;

	(void)state;
	dial_and_wait();
	len = server_reply(b, 2, net.radius.b[1], net.radius.b + 4, "guess", "",
			   0, true);
	bng_kern_events.udp(&net.lns.kern, net.now, net.radius.id, b, len);
	run(500);
	assert_false(client.up || client.failed);
	assert_int_equal(net.lns.box.radius.client.count.rx_bad_authenticator,
			 1);
	/* From sockets that there are none of. */
	len = server_reply(b, 2, net.radius.b[1], net.radius.b + 4, "r4dius",
			   "", 0, true);
	bng_kern_events.udp(&net.lns.kern, net.now, 16, b, len);
	bng_kern_events.udp(&net.lns.kern, net.now, 15, b, len);
	run(500);
	assert_false(client.up);
	ANSWER(2, "");
	run(500);
	assert_true(client.up);
	assert_int_equal(client.addr >> 8, 0x644000); /* the pool's */
	hang_up();
	run(500);
	assert_empty();
}

/* In the pool, which does not lend it meanwhile; ours is nobody's. */
static void addresses(void **state)
{
	(void)state;
	dial_and_wait();
	ANSWER(2, "\x08\x06\x64\x40\0\2");
	run(500);
	assert_int_equal(client.addr, 0x64400002);
	assert_int_equal(pool_used(net.lns.box.network.pools[0].pool), 1);
	client_mac = 8;
	dial_and_wait();
	ANSWER(2, "\x08\x06\xff\xff\xff\xfe");
	run(500);
	assert_true(client.up);
	assert_int_equal(client.addr, 0x64400003);
	hang_up();
	run(500);
	for (int i = 1; i <= 2; i++) {
		dial_and_wait();
		/* 100.64.0.1 is ours, 100.64.0.2 the other's */
		answer(2,
		       i == 1 ? "\x08\x06\x64\x40\0\1" : "\x08\x06\x64\x40\0\2",
		       6);
		run(SECONDS(1));
		assert_false(client.up);
		assert_int_equal(net.lns.box.count.no_address, i);
	}
	assert_int_equal(pool_used(net.lns.box.network.pools[0].pool), 1);
	client_mac = 9;
}

/* Gone before the answer. */
static void hung_up(void **state)
{
	(void)state;
	dial_and_wait();
	hang_up();
	run(500);
	assert_empty();
	ANSWER(2, "");
	assert_int_equal(net.lns.box.radius.client.count.rx_unexpected, 1);
	run(SECONDS(30));
	assert_int_equal(net.radius.n, 1);
	assert_empty();
}

/* It begins anew before the answer: what it said before does not count. */
static void begun_anew(void **state)
{
	(void)state;
	dial_and_wait();
	renegotiate("user@isp.example", "secret");
	while (lns_subscriber()->ppp.phase != PPP_ESTABLISH)
		step();
	ANSWER(2, "\x08\x06\xcb\x00\x71\x09");
	assert_int_equal(net.lns.box.radius.client.count.rx_accepts, 1);
	assert_int_equal(net.lns.box.count.auth_ok, 0);
	run(500);
	assert_int_equal(net.radius.n, 2);
	assert_false(client.up);
	ANSWER(2, "");
	run(500);
	assert_true(client.up);
	assert_int_equal(client.addr >> 8, 0x644000);
	hang_up();
	run(500);
	assert_empty();
}

/* At an access port, under another name then, which is tunnelled. */
static void another_name(void **state)
{
	uint8_t old[64];
	size_t len;

	(void)state;
	with_conf(&net.lac, lac_radius_conf);
	with_conf(&net.lns, lns_conf);
	dial("bob", "builder");
	run(500);
	assert_int_equal(net.radius.n, 1);
	assert_true(SAID("\x01\5bob"));
	assert_true(SAID("\x3d\6\0\0\0\x20"));
	assert_true(SAID("\x1f\x13"
			 "02:00:00:00:00:09"));
	len = server_reply(old, 2, net.radius.b[1], net.radius.b + 4, "r4dius",
			   "", 0, true);
	renegotiate("user@isp.example", "wrong");
	while (net.icrq == 0)
		step();
	bng_kern_events.udp(&net.lac.kern, net.now, net.radius.id, old, len);
	assert_int_equal(net.lac.box.radius.client.count.rx_unexpected, 1);
	run(SECONDS(1));
	assert_false(client.up);
	assert_int_equal(net.lac.box.count.auth_ok, 0);
	assert_int_equal(net.lns.box.count.auth_failed, 1);
}

/* RADIUS names a tunnel of the configuration: the call is as any, also after kill -9;
 * who asks for the password is the LNS.
 */
static void tunnelled(void **state)
{
	struct restore_result r;

	(void)state;
	with_conf(&net.lac, lac_tunnel_conf);
	with_conf(&net.lns, lns_conf);
	assert_int_equal(conf_port(net.lac.box.conf, "lo")->ppp.mru, CONF_MRU);
	dial("user@isp.example", "secret");
	run(500);
	assert_int_equal(net.radius.n, 1);
	assert_int_equal(net.icrq, 0);
	ANSWER(2, GROUP("isp"));
	run(500);
	assert_true(client.up);
	assert_int_equal(client.addr >> 8, 0x644000); /* the LNS's pool */
	assert_int_equal(client.lcp_requests, 1);
	assert_int_equal(client.challenges, 1);
	assert_int_equal(net.lac.box.count.auth_ok, 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(LIST_FIRST(&net.lac.box.subscribers)->state,
				 SUBSCRIBER_TUNNELLED);
		if (!i)
			restart(&net.lac, &r);
	}
	assert_int_equal(r.closed, 0);
	hang_up();
	run(500);
	assert_empty();
	/* The tunnel is there already. */
	dial("user@isp.example", "secret");
	run(500);
	ANSWER(2, GROUP("isp"));
	run(500);
	assert_true(client.up);
	assert_int_equal(net.sccrq, 1);
	hang_up();
	run(500);
	assert_empty();
}

/* None of that name; none at all, where there is no pool; a reject with one. */
static void not_tunnelled(void **state)
{
	(void)state;
	with_conf(&net.lac, lac_tunnel_conf);
	for (int i = 0; i < 3; i++) {
		dial("user@isp.example", "secret");
		run(500);
		assert_int_equal(net.radius.n, i + 1);
		if (i == 0)
			ANSWER(2, GROUP("psi"));
		else if (i == 1)
			ANSWER(2, "\x08\x06\xff\xff\xff\xfe");
		else
			ANSWER(3, GROUP("isp"));
		run(SECONDS(1));
		assert_true(client.padt);
		assert_int_equal(client.failed, i == 2);
		assert_int_equal(net.icrq, 0);
		assert_empty();
	}
}

/* A call that came in goes no further. */
static void not_passed_on(void **state)
{
	(void)state;
	dial_and_wait();
	ANSWER(2, GROUP("isp"));
	run(SECONDS(1));
	assert_true(client.failed);
	assert_int_equal(net.lns.box.count.auth_failed, 1);
	assert_empty();
}

/* RADIUS has it tunnelled; it begins anew before the call is there. */
static void begin_anew_as(const char *name)
{
	with_conf(&net.lac, lac_tunnel_conf);
	with_conf(&net.lns, lns_conf);
	dial("user@isp.example", "secret");
	run(500);
	net.cut = true;
	ANSWER(2, GROUP("isp"));
	run(500);
	assert_int_equal(LIST_FIRST(&net.lac.box.subscribers)->state,
			 SUBSCRIBER_TUNNELLING);
	renegotiate(name, "secret");
	run(500);
	net.cut = false;
}

/* As itself: its call goes on, with what it says now. */
static void tunnel_begun_anew(void **state)
{
	(void)state;
	begin_anew_as("user@isp.example");
	assert_false(client.padt);
	run(SECONDS(10));
	assert_true(client.up);
	assert_int_equal(client.addr >> 8, 0x644000); /* the LNS's pool */
	assert_int_equal(net.radius.n, 1);
	assert_int_equal(net.lns.box.count.auth_ok, 1);
	hang_up();
	run(500);
	assert_empty();
}

/* As another, who may belong elsewhere: it ends, its call too. */
static void tunnel_begun_anew_as_another(void **state)
{
	(void)state;
	begin_anew_as("ann@isp.example");
	assert_true(client.padt);
	run(SECONDS(10));
	assert_int_equal(net.radius.n, 1);
	assert_empty();
}

/* Killed before the answer: its call is closed, the client dials again. */
static void killed(void **state)
{
	struct restore_result r;

	(void)state;
	dial_and_wait();
	restart(&net.lns, &r);
	ANSWER(2, "");
	assert_int_equal(net.lns.box.radius.client.count.rx_unexpected, 1);
	run(SECONDS(5));
	assert_true(client.padt);
	assert_empty();
	dial_and_wait();
	ANSWER(2, "");
	run(500);
	assert_true(client.up);
	hang_up();
	run(500);
	assert_empty();
}

/* No server answers: the subscriber hears so, and in time. */
static void silent(void **state)
{
	(void)state;
	dial_and_wait();
	run(SECONDS(8));
	assert_int_equal(net.radius.n, 3);
	assert_true(client.failed);
	assert_int_equal(net.lns.box.count.auth_unavailable, 1);
	assert_int_equal(net.lns.box.count.auth_failed, 0);
	run(SECONDS(5));
	assert_empty();
}

/* Asked from time to time, one that is up keeps its address, unless it is rejected. */
static void again(void **state)
{
	uint32_t addr;

	(void)state;
	with_conf(&net.lns, LNS("auth = { \"chap\" } reauth-interval = 60"));
	dial_and_wait();
	ANSWER(2, "");
	run(500);
	assert_true(client.up);
	addr = addr_to_v4(&lns_subscriber()->address);
	run(SECONDS(60));
	assert_int_equal(net.radius.n, 2);
	ANSWER(2, "\x08\x06\xcb\x00\x71\x09");
	run(500);
	assert_int_equal(addr_to_v4(&lns_subscriber()->address), addr);
	assert_int_equal(lns_subscriber()->state, SUBSCRIBER_UP);
	run(SECONDS(60));
	assert_int_equal(net.radius.n, 3);
	ANSWER(3, "");
	run(SECONDS(5));
	assert_empty();
}

/* PAP is not asked for in clear: here the server proves that it knows the password. */
static void mschapv2(void **state)
{
	uint8_t b[51] = "\x1a\x33\0\0\1\x37\x1a\x2d";

	(void)state;
	with_conf(&net.lns, LNS("auth = { \"mschapv2\" }"));
	for (int i = 0; i < 2; i++) {
		dial_and_wait();
		assert_true(SAID("\0\0\1\x37\x19\x34"));
		b[8] = client.chap_id;
		memcpy(b + 9, client.proof, MSCHAP_PROOF_LEN);
		answer(2, b, i ? 0 : sizeof(b));
		run(SECONDS(1));
		assert_int_equal(client.up, !i);
		assert_int_equal(client.proven, !i);
		hang_up();
		run(500);
	}
	assert_int_equal(net.lns.box.count.auth_failed, 1);
	assert_empty();
}

static void lose_servers(void)
{
	struct box *b = &net.lns.box;
	unsigned int n = net.radius.n;

	run(SECONDS(70));
	assert_true(net.radius.n > n);
	assert_int_equal(b->count.auth_unavailable, 1);
	assert_int_equal(b->count.auth_failed, 0);
	assert_false(client.failed || client.padt);
	assert_int_equal(lns_subscriber()->state, SUBSCRIBER_UP);
	n = net.radius.n;
	for (msec_t end = net.now + SECONDS(65);
	     net.radius.n == n && net.now < end;)
		run(SECONDS(1));
	ANSWER(3, "");
	run(SECONDS(5));
	assert_true(client.failed);
	assert_int_equal(b->count.auth_failed, 1);
	assert_empty();
}

/* Nobody answers whether one that is up may stay: it does, until somebody says no. */
static void again_unanswered(void **state)
{
	(void)state;
	with_conf(&net.lns, LNS("auth = { \"chap\" } reauth-interval = 60"));
	dial_and_wait();
	ANSWER(2, "");
	run(500);
	assert_true(client.up);
	lose_servers();
}

/* Without the server's proof nothing is said that the client would take for its. */
static void again_unproven(void **state)
{
	uint8_t b[51] = "\x1a\x33\0\0\1\x37\x1a\x2d";

	(void)state;
	with_conf(&net.lns,
		  LNS("auth = { \"mschapv2\" } reauth-interval = 60"));
	dial_and_wait();
	b[8] = client.chap_id;
	memcpy(b + 9, client.proof, MSCHAP_PROOF_LEN);
	answer(2, b, sizeof(b));
	run(500);
	assert_true(client.up && client.proven);
	lose_servers();
	assert_true(client.proven);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_radius, teardown)
	const struct CMUnitTest tests[] = {
		TEST(accepted),
		TEST(rejected),
		TEST(forged),
		TEST(addresses),
		TEST(hung_up),
		TEST(begun_anew),
		TEST(another_name),
		TEST(tunnelled),
		TEST(not_tunnelled),
		TEST(not_passed_on),
		TEST(tunnel_begun_anew),
		TEST(tunnel_begun_anew_as_another),
		TEST(killed),
		TEST(silent),
		TEST(again),
		TEST(mschapv2),
		TEST(again_unanswered),
		TEST(again_unproven),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
