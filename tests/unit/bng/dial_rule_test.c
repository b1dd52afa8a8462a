// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules: who is asked, who is refused, and whether RADIUS's tunnels count. */
#include "bng/chain_dial.h"

#define RULES                                                        \
	"rule \"bad\" { domain = \"bad.example\" refuse = true }\n"  \
	"rule \"asked\" { domain = \"*.example\" terminate = true\n" \
	"  domain-password = \"cisco\" strip-domain = true }\n"

static void preauthorised(void **state)
{
	struct aaa_grant g;

	(void)state;
	lac_is(LAC("", "radius-group = \"aaa\"", RADIUS RULES));
	dial_and_run(500);
	/* The domain, by PAP. */
	assert_true(said("\x01\x0disp.example"));
	assert_false(said("user"));
	assert_true(said("\x02\x12"));
	assert_true(said_service(5));
	describe(0, "198.51.100.2", 0, "s3cret");
	n_attrs += server_number(attrs + n_attrs, 6, 0, 5); /* Outbound */
	memcpy(attrs + n_attrs, "\x19\6gold", 6); /* Class: for accounting */
	n_attrs += 6;
	answer(2);
	run(500);
	assert_true(client.up);
	assert_int_equal(net.radius.n, 1);
	assert_int_equal(net.icrq, 1);
	subscriber_grant(LIST_FIRST(&lac->subscribers), &g);
	assert_int_equal(g.class[0].len, 4);
	assert_memory_equal(g.class[0].b, "gold", 4);
	finish();

	/* Nobody knows the domain: the user is asked for, without it. */
	dial_and_run(500);
	answer(3);
	assert_int_equal(net.radius.n, 3);
	assert_true(said("\x01\x06user"));
	assert_true(said("\x03\x13"));
	assert_true(said_service(2));
	answer(2);
	run(500);
	assert_true(client.up);
	assert_int_equal(client.addr >> 8, 0x644100);
	finish();
}

/* Where RADIUS's tunnels are ignored, nobody is asked for the domain's. */
static void not_preauthorised(void **state)
{
	(void)state;
	lac_is(LAC("", "radius-group = \"aaa\"",
		   RADIUS "domain \"isp.example\" { terminate = true\n"
			  "  radius-tunnel = ignore\n"
			  "  domain-password = \"cisco\" }\n"));
	dial_and_run(500);
	assert_true(said("\x01\x12user@isp.example"));
	describe(0, "198.51.100.2", 0, "s3cret");
	answer(2);
	run(500);
	assert_true(client.up);
	assert_int_equal(client.addr >> 8, 0x644100);
	assert_int_equal(net.sccrq, 0);
	assert_int_equal(net.radius.n, 1);
}

static void refused_by_rule(void **state)
{
	(void)state;
	lac_is(LAC("", "radius-group = \"aaa\"", RADIUS RULES));
	dial("user@bad.example", "secret");
	run(SECONDS(1));
	assert_int_equal(net.radius.n, 0);
	assert_int_equal(lac->count.refused_by_rule, 1);
	assert_int_equal(lac->n_subscribers, 0);
}

/* RADIUS's tunnels, to be ignored or required. */
static void answers(void **state)
{
	(void)state;
	lac_is(LAC("", "radius-group = \"aaa\"",
		   RADIUS "domain \"isp.example\" { terminate = true\n"
			  "  radius-tunnel = ignore }\n"
			  "domain \"other.example\" { terminate = true\n"
			  "  radius-tunnel = require }\n"));
	dial_and_run(500);
	describe(0, "198.51.100.2", 0, "s3cret");
	answer(2);
	run(500);
	assert_true(client.up);
	assert_int_equal(client.addr >> 8, 0x644100);
	assert_int_equal(net.sccrq, 0);
	finish();
	/* Nor does it matter that it is none that we could make: GRE. */
	dial_and_run(500);
	n_attrs = server_number(attrs, 64, 1, 10);
	answer(2);
	run(500);
	assert_true(client.up);
	assert_int_equal(lac->count.auth_failed, 0);
	finish();
	dial("user@other.example", "secret");
	run(500);
	answer(2);
	run(SECONDS(1));
	assert_false(client.up);
	assert_int_equal(lac->count.refused_by_rule, 1);
	dial("user@other.example", "secret");
	run(500);
	describe(0, "198.51.100.2", 0, "s3cret");
	answer(2);
	run(500);
	assert_int_equal(net.icrq, 1);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(preauthorised),
		TEST(not_preauthorised),
		TEST(refused_by_rule),
		TEST(answers),
	};

	log_set_level(LOG_ERR_L);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
