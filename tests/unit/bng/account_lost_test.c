// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What was accounted and is not kept over kill -9: its servers hear of the end of each,
 * once, with all that belongs to it. The accounting server is the test.
 */
#include "bng/chain_acct.h"

#include "bng/cause.h"

/* With its profile, and the LAC's definition, under those names. */
#define LNS_CONF(profile, host)                                               \
	"system { hostname = \"lns\" }\n"                                     \
	"endpoint \"core\" { address = \"198.51.100.2\" }\n"                  \
	"pool \"home\" { prefix = \"100.64.0.0/24\" }\n"                      \
	"ppp-profile \"" profile "\" { pool = \"home\" auth = { \"chap\" }\n" \
	"  accounting-group = \"aaa\" interim-interval = 300\n"               \
	"  local-address = \"100.64.0.1\" echo-interval = 0 }\n"              \
	"destination-profile \"carrier\" { address = \"192.0.2.1\"\n"         \
	"  remote-host \"" host "\" { secret = \"s3cret\"\n"                  \
	"    ppp-profile = \"" profile "\" accounting-group = \"aaa\" } }\n"  \
	"user \"user@isp.example\" { password = \"secret\" }\n" SERVER

/* With its tunnel under that name. */
#define LAC_CONF(tunnel)                                                  \
	"system { hostname = \"lac\" }\n"                                 \
	"endpoint \"core\" { address = \"192.0.2.1\" }\n"                 \
	"pool \"local\" { prefix = \"100.65.0.0/24\" }\n"                 \
	"ppp-profile \"access\" { pool = \"local\" auth = { \"chap\" }\n" \
	"  accounting-group = \"aaa\"\n"                                  \
	"  local-address = \"100.65.0.1\" echo-interval = 0 }\n"          \
	"access-port \"lo\" { ppp-profile = \"access\" }\n"               \
	"tunnel \"" tunnel "\" { endpoint = \"core\"\n"                   \
	"  remote = \"198.51.100.2\" local-name = \"lac1\"\n"             \
	"  secret = \"s3cret\" accounting-group = \"aaa\" }\n"            \
	"domain \"isp.example\" { tunnel = \"" tunnel "\" }\n" SERVER

static int setup_lns(void **state)
{
	setup(state);
	accounted(&net.lns, load(LNS_CONF("home", "lac1")));
	return 0;
}

static int setup_lac(void **state)
{
	setup(state);
	accounted(&net.lac, load(LAC_CONF("isp")));
	return 0;
}

/* What every event of this tunnel says, told of either end. */
static void has_tunnel(void)
{
	assert_true(HAS("\x40\x06\0\0\0\3"));
	assert_true(HAS("\x42\x0b"
			"192.0.2.1"));
	assert_true(HAS("\x43\x0e"
			"198.51.100.2"));
	assert_true(HAS("\x5a\x06lac1"));
	assert_true(HAS("\x5b\x05lns"));
	assert_true(attribute(68));
}

static struct subscriber *up(void)
{
	dial("user@isp.example", "secret");
	run_and_confirm(SECONDS(1));
	assert_true(client.up);
	assert_int_equal(came[ACCT_START], 1);
	assert_int_equal(came[ACCT_LINK_START], 1);
	assert_int_equal(came[ACCT_TUNNEL_START], 1);
	return LIST_FIRST(&teller->box.subscribers);
}

/* The kernel of that box has lost all. */
static void lose_all(struct fake *f)
{
	memset(f->links, 0, sizeof(f->links));
	memset(f->tunnels, 0, sizeof(f->tunnels));
}

/* Killed, and once more as soon as it is back: it is over all the same, once. */
static void ends(const struct conf *conf, bool tunnel_too)
{
	struct restore_result r;
	char id[2][16] = { 0 };

	for (int i = 0; i < 2; i++) {
		look_at(i ? ACCT_TUNNEL_START : ACCT_LINK_START);
		memcpy(id[i], attribute(68), attribute(68)[-1] - 2u);
	}
	for (int i = 0; i < 2; i++) {
		assert_int_equal(try_restart(teller, conf, &r), 0);
		assert_int_equal(r.subscribers, 0);
		assert_int_equal(r.tunnels, !tunnel_too);
		assert_true(i || r.closed > 0);
	}
	run_and_confirm(SECONDS(30));
	assert_int_equal(came[ACCT_STOP], 1);
	assert_int_equal(came[ACCT_LINK_STOP], 1);
	assert_int_equal(came[ACCT_TUNNEL_STOP], tunnel_too);
	look_at(ACCT_STOP);
	assert_int_equal(number(49), ACCT_NAS_ERROR);
	assert_true(HAS("\x01\x12user@isp.example"));
	has_tunnel();
	look_at(ACCT_LINK_STOP);
	assert_int_equal(number(49), ACCT_NAS_ERROR);
	has_tunnel();
	assert_memory_equal(attribute(68), id[0], strlen(id[0]));
	if (!tunnel_too)
		return;
	look_at(ACCT_TUNNEL_STOP);
	assert_int_equal(number(49), ACCT_NAS_ERROR);
	has_tunnel();
	assert_memory_equal(attribute(68), id[1], strlen(id[1]));
	assert_in_range(number(46), 1, 2);
}

static void lns_link(void **state)
{
	struct subscriber *s = up();

	(void)state;
	k_link_del(&net.lns.kern, &s->access);
	ends(net.lns.box.conf, false);
}

static void lns_tunnel(void **state)
{
	(void)state;
	up();
	lose_all(&net.lns);
	ends(net.lns.box.conf, true);
}

/* The kernel has it all, and nobody may take it up. */
static void lns_renamed(void **state)
{
	(void)state;
	up();
	ends(load(LNS_CONF("home", "lac2")), true);
}

/* Of its profile's end it is said that its call was. */
static void lns_profile(void **state)
{
	(void)state;
	up();
	ends(load(LNS_CONF("house", "lac1")), false);
}

static void lac_session(void **state)
{
	struct subscriber *s = up();

	(void)state;
	k_link_del(&net.lac.kern, &s->to);
	ends(net.lac.box.conf, false);
}

static void lac_tunnel(void **state)
{
	(void)state;
	up();
	lose_all(&net.lac);
	ends(net.lac.box.conf, true);
}

static void lac_renamed(void **state)
{
	(void)state;
	up();
	ends(load(LAC_CONF("carrier")), true);
}

int main(void)
{
#define LNS(name) cmocka_unit_test_setup_teardown(name, setup_lns, teardown)
#define LAC(name) cmocka_unit_test_setup_teardown(name, setup_lac, teardown)
	const struct CMUnitTest tests[] = {
		LNS(lns_link),	  LNS(lns_tunnel),  LNS(lns_renamed),
		LNS(lns_profile), LAC(lac_session), LAC(lac_tunnel),
		LAC(lac_renamed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
