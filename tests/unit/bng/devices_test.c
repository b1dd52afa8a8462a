// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Devices of access ports, and VRFs of endpoints, that come and go: who needs one waits
 * for it, the others are served, and its subscribers end with the true reason. Which
 * devices there are the test says; see --wrap in tests/Makefile.
 */
#include "bng/chain_acct.h"

#include "bng/cause.h"
#include "kern/route.h"

#define PORT(name) "access-port \"" name "\" { ppp-profile = \"access\" }\n"

#define CONF_WITH(vrf, ports)                                              \
	"system { hostname = \"lac\" }\n"                                  \
	"endpoint \"core\" { address = \"192.0.2.1\" " vrf " }\n"          \
	"pool \"local\" { prefix = \"100.65.0.0/24\" }\n"                  \
	"ppp-profile \"access\" { pool = \"local\" auth = { \"chap\" }\n"  \
	"  accounting-group = \"aaa\"\n"                                   \
	"  local-address = \"100.65.0.1\" echo-interval = 0 }\n" ports     \
	"tunnel \"isp\" { endpoint = \"core\" remote = \"198.51.100.2\"\n" \
	"  local-name = \"lac1\" secret = \"s3cret\" }\n"                  \
	"domain \"isp.example\" { tunnel = \"isp\" }\n"                    \
	"user \"bob\" { password = \"builder\" }\n" SERVER

#define CONF(vrf) CONF_WITH(vrf, PORT("far") PORT("lo"))

/* 0: it is not there. */
static uint32_t lo, far, red;

int __wrap_route_ifindex(const char *name, uint32_t *ifindex);
bool __wrap_route_index_is_free(uint32_t ifindex);

int __wrap_route_ifindex(const char *name, uint32_t *ifindex)
{
	*ifindex = !strcmp(name, "far") ? far : !strcmp(name, "red") ? red : lo;
	return *ifindex ? 0 : -ENODEV;
}

bool __wrap_route_index_is_free(uint32_t ifindex)
{
	return ifindex != lo && ifindex != far && ifindex != red;
}

static int setup_there(void **state)
{
	lo = client_ifindex = 1;
	far = 2;
	red = 3;
	return setup(state);
}

static bool dial_in(const char *user, const char *password)
{
	dial(user, password);
	run_and_confirm(SECONDS(2));
	return client.up;
}

static bool dial_bob(void)
{
	return dial_in("bob", "builder");
}

static void tell_link_gone(void)
{
	struct subscriber *s = LIST_FIRST(&net.lac.box.subscribers);
	struct kern_link l = s->access;

	row(&net.lac, &l)->name.kind = KERN_NO_LINK;
	bng_kern_events.link_gone(&net.lac.kern, net.now, &l, s->id, &s->stats);
}

static void tell_port_gone(uint32_t ifindex)
{
	bng_kern_events.port_gone(&net.lac.kern, net.now, ifindex);
}

/* The others are served meanwhile. */
static void missing_at_first(void **state)
{
	(void)state;
	far = 0;
	accounted(&net.lac, load(CONF("")));
	assert_true(dial_bob());
	hang_up();
	run_and_confirm(SECONDS(1));
	client_ifindex = 7;
	assert_false(dial_bob());
	far = 7;
	run(SECONDS(1));
	assert_true(dial_bob());
}

static void gone_and_made_anew(void **state)
{
	unsigned int port;

	(void)state;
	accounted(&net.lac, load(CONF("")));
	assert_true(dial_bob());
	look_at(ACCT_START);
	port = number(5);
	lo = 0;
	tell_link_gone();
	tell_port_gone(1);
	run_and_confirm(SECONDS(3));
	assert_int_equal(net.lac.box.n_subscribers, 0);
	look_at(ACCT_STOP);
	assert_int_equal(number(49), ACCT_PORT_ERROR);
	assert_int_equal(number(5), port);
	lo = client_ifindex = 9;
	run(SECONDS(1));
	assert_true(dial_bob());
	look_at(ACCT_START);
	assert_int_equal(number(5), port);
	/* The rest of what went with the old one is told late. */
	tell_port_gone(1);
	run(100);
	assert_int_equal(net.lac.box.devices.ports[1].ifindex, 9);
	assert_int_equal(net.lac.box.n_subscribers, 1);
	/* And once more, with the index that it had. */
	lo = 0;
	tell_link_gone();
	tell_port_gone(9);
	lo = 9;
	run_and_confirm(SECONDS(2));
	assert_true(dial_bob());
	tell_link_gone();
	run_and_confirm(SECONDS(1));
	look_at(ACCT_STOP);
	assert_int_equal(number(49), ACCT_ADMIN_RESET);
}

/* The LNS is told what the LAC knows. */
static void gone_under_a_call(void **state)
{
	(void)state;
	accounted(&net.lac, load(CONF("")));
	assert_true(dial_in("user@isp.example", "secret"));
	assert_int_equal(net.lns.box.n_subscribers, 1);
	lo = 0;
	tell_link_gone();
	tell_port_gone(1);
	run_and_confirm(SECONDS(1));
	assert_int_equal(net.lns.box.n_subscribers, 0);
	look_at(ACCT_STOP);
	assert_int_equal(number(49), ACCT_PORT_ERROR);
}

/* The device is there: it was the operator, who wants it so. */
static void by_the_operator(void **state)
{
	(void)state;
	accounted(&net.lac, load(CONF("")));
	assert_true(dial_bob());
	tell_link_gone();
	tell_port_gone(1);
	run_and_confirm(SECONDS(3));
	look_at(ACCT_STOP);
	assert_int_equal(number(49), ACCT_ADMIN_RESET);
}

/* Nobody has told, of a port without a subscriber either. */
static void events_got_lost(void **state)
{
	struct subscriber *s;

	(void)state;
	accounted(&net.lac, load(CONF("")));
	client_ifindex = far = 5;
	bng_kern_events.missed(&net.lac.kern, net.now);
	run(SECONDS(1));
	assert_true(dial_bob());
	hang_up();
	run_and_confirm(SECONDS(1));
	client_ifindex = 1;
	assert_true(dial_bob());
	s = LIST_FIRST(&net.lac.box.subscribers);
	row(&net.lac, &s->access)->name.kind = KERN_NO_LINK;
	lo = client_ifindex = 9;
	bng_kern_events.missed(&net.lac.kern, net.now);
	run_and_confirm(SECONDS(1));
	look_at(ACCT_STOP);
	assert_int_equal(number(49), ACCT_PORT_ERROR);
	run(SECONDS(1));
	assert_true(dial_bob());
}

static void vrf_missing_at_first(void **state)
{
	(void)state;
	red = 0;
	accounted(&net.lac, load(CONF("vrf = \"red\"")));
	assert_true(dial_bob());
	hang_up();
	run_and_confirm(SECONDS(1));
	assert_false(dial_in("user@isp.example", "secret"));
	assert_int_equal(net.sccrq, 0);
	red = 4;
	run(SECONDS(1));
	assert_true(dial_in("user@isp.example", "secret"));
}

static void all_missing(void **state)
{
	char err[CONF_ERROR_MAX] = "";
	struct restore_result r;
	struct box b;

	(void)state;
	accounted(&net.lac, load(CONF("vrf = \"red\"")));
	lo = far = red = 0;
	assert_int_equal(box_open(&b, net.lac.box.conf, &net.lac.kern,
				  &bng_l2tp_ops, &access_disc_ops, err),
			 -1);
	assert_non_null(strstr(err, "no such device"));
	box_close(&b);
	lo = 1;
	restart(&net.lac, &r);
	assert_true(dial_bob());
}

static void restart_with(const char *conf)
{
	struct restore_result r;

	net.lac.endpoint_deleted = net.lac.port_deleted = 0;
	assert_int_equal(try_restart(&net.lac, load(conf), &r), 0);
}

/* The module has them still; one that is needed stays. */
static void no_longer_configured(void **state)
{
	static const char less[] = CONF_WITH("", PORT("lo"));
	static const char none[] =
		"pool \"local\" { prefix = \"100.65.0.0/24\" }\n"
		"ppp-profile \"access\" { pool = \"local\"\n"
		"  local-address = \"100.65.0.1\" }\n" PORT("lo");

	(void)state;
	accounted(&net.lac, load(CONF("")));
	restart_with(CONF(""));
	assert_int_equal(net.lac.port_deleted, 0);
	assert_int_equal(net.lac.endpoint_deleted, 0);
	client_ifindex = 2;
	assert_true(dial_bob());
	restart_with(less);
	assert_int_equal(net.lac.box.n_subscribers, 1);
	assert_int_equal(net.lac.port_deleted, 0);
	tell_link_gone();
	run_and_confirm(SECONDS(1));
	restart_with(less);
	assert_int_equal(net.lac.port_deleted, 2);
	restart_with(less);
	assert_int_equal(net.lac.port_deleted, 0);
	client_ifindex = 1;
	assert_true(dial_in("user@isp.example", "secret"));
	restart_with(none);
	assert_int_equal(net.lac.endpoint_deleted, 1);
	restart_with(none);
	assert_int_equal(net.lac.endpoint_deleted, 0);
}

/* What has gone, and come, later. */
static void changed_later(void **state)
{
	static const char less[] = CONF_WITH("", PORT("lo"));

	(void)state;
	far = 0;
	accounted(&net.lac, load(CONF("")));
	far = 7;
	run(SECONDS(1));
	restart_with(less);
	assert_int_equal(net.lac.port_deleted, 7);
	restart_with(CONF(""));
	far = 0;
	tell_port_gone(7);
	restart_with(less);
	assert_int_equal(net.lac.port_deleted, 0);
}

/* Nobody of ours is there. */
static void not_our_endpoint(void **state)
{
	(void)state;
	net.lns.box.devices.endpoints[0].id = 2;
	dial("user@isp.example", "secret");
	run(SECONDS(1));
	assert_true(net.sccrq > 0);
	assert_true(LIST_EMPTY(&net.lns.box.l2tp.all));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup_there, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(missing_at_first),	 TEST(gone_and_made_anew),
		TEST(gone_under_a_call), TEST(by_the_operator),
		TEST(events_got_lost),	 TEST(vrf_missing_at_first),
		TEST(all_missing),	 TEST(no_longer_configured),
		TEST(changed_later),	 TEST(not_our_endpoint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
