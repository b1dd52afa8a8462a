// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Orders of RADIUS to a LAC, about those whom it has tunnelled: their accounting is its
 * own. The server is the test.
 */
#include "bng/chain_acct.h"

static const char lac_coa_conf[] =
	"system { hostname = \"lac\" }\n"
	"endpoint \"core\" { address = \"192.0.2.1\" }\n"
	"pool \"local\" { prefix = \"100.65.0.0/24\" }\n"
	"ppp-profile \"access\" { pool = \"local\" auth = { \"chap\" }\n"
	"  accounting-group = \"aaa\"\n"
	"  local-address = \"100.65.0.1\" echo-interval = 0 }\n"
	"access-port \"lo\" { ppp-profile = \"access\" }\n"
	"tunnel \"isp\" { endpoint = \"core\" remote = \"198.51.100.2\"\n"
	"  local-name = \"lac1\" secret = \"s3cret\" }\n"
	"domain \"isp.example\" { tunnel = \"isp\" }\n" SERVER
	"radius-dae \"core\" { address = \"192.0.2.1\"\n"
	"  client \"one\" { address = \"192.0.2.7\" secret = \"c0a\" } }\n";

#define USER "\1\x12user@isp.example"
#define CLASS "\x19\6gold"
#define MINUTE "\x55\6\0\0\0\x3c"
#define NEVER "\x55\6\0\0\0\0"

static int setup_lac(void **state)
{
	setup(state);
	accounted(&net.lac, load(lac_coa_conf));
	return 0;
}

/* Is it done? */
static bool change(const char *attributes, size_t len)
{
	static const uint8_t zero[16];
	static uint8_t id;
	struct addr_port from = { addr_v4(0xc0000207), 40000 };
	unsigned int n = net.dae.n;
	uint8_t b[256];

	len = server_reply(b, 43, ++id, zero, "c0a", attributes, len, true);
	bng_kern_events.udp_from(&net.lac.kern, net.now, 0, &from, b, len);
	assert_int_equal(net.dae.n, n + 1);
	return net.dae.b[0] == 44;
}

#define CHANGE(text) change(text, sizeof(text) - 1)

/* What is told from then on, and how often, over kill -9 too. */
static void accounting(void **state)
{
	struct restore_result r;

	(void)state;
	dial("user@isp.example", "secret");
	run_and_confirm(SECONDS(1));
	assert_true(client.up);
	assert_int_equal(LIST_FIRST(&net.lac.box.subscribers)->state,
			 SUBSCRIBER_TUNNELLED);
	run_and_confirm(
		SECONDS(470)); /* the first, of 600, is due at 540 or later */
	assert_int_equal(came[ACCT_INTERIM], 0);
	assert_true(CHANGE(USER CLASS MINUTE));
	for (int i = 1; i <= 2; i++) {
		run_and_confirm(SECONDS(67)); /* a tenth may be added */
		assert_int_equal(came[ACCT_INTERIM], i);
		look_at(ACCT_INTERIM);
		assert_true(HAS(CLASS));
		restart(&net.lac, &r);
		assert_int_equal(r.subscribers, 1);
	}
	assert_true(CHANGE(USER NEVER));
	restart(&net.lac, &r);
	run_and_confirm(SECONDS(600));
	assert_int_equal(came[ACCT_INTERIM], 2);
	hang_up();
	run_and_confirm(SECONDS(5));
	assert_int_equal(came[ACCT_STOP], 1);
	look_at(ACCT_STOP);
	assert_true(HAS(CLASS));
}

/* All else is the LNS's; of several things none is done. */
static void refused(void **state)
{
	(void)state;
	dial("user@isp.example", "secret");
	run_and_confirm(SECONDS(1));
	assert_false(CHANGE(USER CLASS "\x1b\6\0\0\0\5")); /* Session-Timeout */
	assert_false(CHANGE(USER CLASS "\x1c\6\0\0\0\5")); /* Idle-Timeout */
	assert_null(LIST_FIRST(&net.lac.box.subscribers)->grant);
	run_and_confirm(SECONDS(20));
	assert_true(client.up);
	hang_up();
	run_and_confirm(SECONDS(5));
	look_at(ACCT_STOP);
	assert_false(HAS(CLASS));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_lac, teardown)
	const struct CMUnitTest tests[] = { TEST(accounting), TEST(refused) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
