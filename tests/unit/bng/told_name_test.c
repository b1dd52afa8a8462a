// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * By which name RADIUS knows a subscriber: the one that it was asked for or given by
 * is its name in accounting, in orders and where its sessions are counted, over kill -9
 * and when it negotiates anew. Orders may say what the subscriber said, too.
 */
#include "bng/chain_acct.h"

#define LAC(rule)                                                          \
	"system { hostname = \"lac\" }\n"                                  \
	"endpoint \"core\" { address = \"192.0.2.1\" }\n"                  \
	"pool \"local\" { prefix = \"100.65.0.0/24\" }\n"                  \
	"ppp-profile \"access\" { pool = \"local\" auth = { \"chap\" }\n"  \
	"  radius-group = \"aaa\" accounting-group = \"aaa\"\n"            \
	"  sessions-per-user = 1\n"                                        \
	"  local-address = \"100.65.0.1\" echo-interval = 0 }\n"           \
	"access-port \"lo\" { ppp-profile = \"access\" }\n"                \
	"tunnel \"isp\" { endpoint = \"core\" remote = \"198.51.100.2\"\n" \
	"  local-name = \"lac1\" secret = \"s3cret\" }\n"                  \
	"domain \"isp.example\" { terminate = true " rule " }\n"           \
	"domain \"two.example\" { terminate = true " rule " }\n"           \
	"radius-dae \"core\" { address = \"192.0.2.1\"\n"                  \
	"  client \"one\" { address = \"192.0.2.7\" secret = \"c0a\" } }\n" SERVER

static const char strip[] = LAC("strip-domain = true");
static const char whole[] = LAC("");

#define SAID "user@isp.example"

static size_t user_name(uint8_t *b, const char *name)
{
	size_t len = strlen(name);

	b[0] = 1;
	b[1] = (uint8_t)(len + 2);
	memcpy(b + 2, name, len);
	return len ? len + 2 : 0;
}

/* The last request is about that one, and is accepted as `called`, or without a name. */
static void accept_with(const char *asked, const char *called, const char *more,
			size_t n_more)
{
	uint8_t b[1024], attributes[300], name[300];
	size_t len = user_name(name, asked);

	assert_true(has((char *)name, len));
	len = user_name(attributes, called);
	memcpy(attributes + len, more, n_more);
	len = server_reply(b, 2, net.radius.b[1], net.radius.b + 4, "r4dius",
			   attributes, len + n_more, true);
	bng_kern_events.udp(&net.lac.kern, net.now, net.radius.id, b, len);
	confirmed = net.radius.n;
	run_and_confirm(SECONDS(1));
}

static void accept_as(const char *asked, const char *called)
{
	accept_with(asked, called, "", 0);
}

static void come(const char *name, const char *asked, const char *called)
{
	dial(name, "secret");
	run(500);
	accept_as(asked, called);
}

static bool disconnect(const char *name)
{
	static const uint8_t zero[16];
	static uint8_t id;
	struct addr_port from = { addr_v4(0xc0000207), 40000 };
	unsigned int n = net.dae.n;
	uint8_t b[300], attributes[300];
	size_t len = server_reply(b, 40, ++id, zero, "c0a", attributes,
				  user_name(attributes, name), true);

	bng_kern_events.udp_from(&net.lac.kern, net.now, 0, &from, b, len);
	assert_int_equal(net.dae.n, n + 1);
	return net.dae.b[0] == 41;
}

static void assert_told(enum acct_status status, const char *name)
{
	uint8_t b[300];
	size_t len = user_name(b, name);

	assert_int_equal(came[status], 1);
	look_at(status);
	assert_true(has((char *)b, len));
	memset(came, 0, sizeof(came));
}

static const struct {
	const char *conf, *asked, *called, *told, *not ;
} ways[] = {
	{ whole, SAID, "", SAID, "user" },
	{ strip, "user", "", "user", "use" },
	{ whole, SAID, "alice", "alice", "user" },
	{ strip, "user", "alice", "alice", "user" },
};

/* Ended by the name as it is told, or as it was said, at once or after kill -9. */
static void one_name(void **state)
{
	struct restore_result r;

	(void)state;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		for (int how = 0; how < 4; how++) {
			accounted(&net.lac, load(ways[i].conf));
			come(SAID, ways[i].asked, ways[i].called);
			assert_true(client.up);
			assert_told(ACCT_START, ways[i].told);
			if (how & 1)
				restart(&net.lac, &r);
			assert_false(disconnect(ways[i].not ));
			assert_true(disconnect(how & 2 ? SAID : ways[i].told));
			run_and_confirm(SECONDS(3));
			assert_told(ACCT_STOP, ways[i].told);
			assert_false(disconnect(ways[i].told));
			assert_empty();
		}
}

/* One of whom it is not yet known is not ended. */
static void not_yet(void **state)
{
	(void)state;
	accounted(&net.lac, load(strip));
	dial(SAID, "secret");
	run(500);
	assert_false(disconnect("user"));
	hang_up();
	run(500);
	assert_empty();
}

/* Whose names are one without their domain is one user. */
static void counted_as_one(void **state)
{
	struct restore_result r;

	(void)state;
	accounted(&net.lac, load(strip));
	come(SAID, "user", "");
	assert_true(client.up);
	restart(&net.lac, &r);
	client_mac++;
	come("user@two.example", "user", "");
	client_mac--;
	assert_true(client.failed);
	assert_int_equal(net.lac.box.count.refused_user, 1);
}

/* It negotiates anew, and is accepted under another name: its session has one. The
 * daemon is killed meanwhile, or not.
 */
static void keeps_it(void **state)
{
	struct restore_result r;

	(void)state;
	for (int killed = 0; killed < 3; killed++) {
		accounted(&net.lac, load(strip));
		come(SAID, "user", killed == 2 ? "" : "alice");
		renegotiate(SAID, "secret");
		if (killed == 1) {
			step();
			restart(&net.lac, &r);
			assert_int_equal(r.subscribers, 1);
		}
		run(SECONDS(4));
		accept_as("user", "bob");
		assert_true(client.up);
		if (killed == 2)
			restart(&net.lac, &r);
		assert_false(disconnect("bob"));
		assert_true(disconnect(killed == 2 ? "user" : "alice"));
		run_and_confirm(SECONDS(3));
		assert_told(ACCT_STOP, killed == 2 ? "user" : "alice");
		assert_empty();
	}
}

/* What a domain is called is none of its users' name. */
static void of_a_domain(void **state)
{
	static const char group[] = "\x1a\x0b\0\0\x13\x0a\x40\5isp";

	(void)state;
	accounted(&net.lac, load(LAC("domain-password = \"cisco\"")));
	dial(SAID, "secret");
	run(500);
	accept_with("isp.example", "all of them", group, sizeof(group) - 1);
	assert_true(client.up);
	assert_told(ACCT_START, SAID);
	assert_false(disconnect("all of them"));
	assert_true(disconnect(SAID));
	run_and_confirm(SECONDS(3));
	assert_told(ACCT_STOP, SAID);
	assert_empty();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(one_name), TEST(not_yet),	   TEST(counted_as_one),
		TEST(keeps_it), TEST(of_a_domain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
