// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sessions of a user, at LAC and LNS: one too many is denied or takes the place of the
 * first; what RADIUS grants; over kill -9.
 */
#include "bng/chain.h"

#include "aaa/radius_server.h"

#define LNS(more)                                                         \
	"system { hostname = \"lns\" }\n"                                 \
	"endpoint \"core\" { address = \"198.51.100.2\" }\n"              \
	"pool \"home\" { prefix = \"100.64.0.0/24\" }\n"                  \
	"ppp-profile \"home\" { pool = \"home\" auth = { \"chap\" }\n"    \
	"  local-address = \"100.64.0.1\" echo-interval = 0 " more " }\n" \
	"destination-profile \"carrier\" { address = \"192.0.2.1\"\n"     \
	"  remote-host \"lac1\" { secret = \"s3cret\"\n"                  \
	"    ppp-profile = \"home\" } }\n"                                \
	"user \"user@isp.example\" { password = \"secret\" }\n"           \
	"user \"ann@isp.example\" { password = \"pear\" }\n"

#define LAC(more)                                                              \
	"system { hostname = \"lac\" }\n"                                      \
	"endpoint \"core\" { address = \"192.0.2.1\" }\n"                      \
	"pool \"local\" { prefix = \"100.65.0.0/24\" }\n"                      \
	"ppp-profile \"access\" { pool = \"local\" auth = { \"chap\" }\n"      \
	"  local-address = \"100.65.0.1\" echo-interval = 0\n"                 \
	"  radius-group = \"aaa\" " more " }\n"                                \
	"access-port \"lo\" { ppp-profile = \"access\" }\n"                    \
	"tunnel \"isp\" { endpoint = \"core\" remote = \"198.51.100.2\"\n"     \
	"  local-name = \"lac1\" secret = \"s3cret\" }\n"                      \
	"radius-server \"one\" { address = \"192.0.2.7\" secret = \"rad\" }\n" \
	"radius-group \"aaa\" { servers = { \"one\" } }\n"

static int setup_clients(void **state)
{
	client_mac = 9;
	return setup(state);
}

static void lns_is(const char *text)
{
	struct restore_result r;

	assert_int_equal(try_restart(&net.lns, load(text), &r), 0);
}

/* One more client, each with a MAC address of its own. Whether it comes up. */
static bool come(const char *name, const char *password)
{
	client_mac++;
	dial(name, password);
	run(500);
	return client.up;
}

static bool user(void)
{
	return come("user@isp.example", "secret");
}

static unsigned int at_lns(void)
{
	return net.lns.box.n_subscribers;
}

static void denied(void **state)
{
	struct restore_result r;
	uint16_t sid;

	(void)state;
	lns_is(LNS("sessions-per-user = 2"));
	assert_true(user());
	sid = client.sid;
	assert_true(user());
	for (int i = 0; i < 2; i++) {
		assert_false(user());
		assert_true(client.failed);
		assert_int_equal(net.lns.box.count.refused_user, 1);
		run(SECONDS(5));
		assert_int_equal(at_lns(), 2 + (unsigned int)i);
		/* Others are others. */
		if (!i)
			assert_true(come("ann@isp.example", "pear"));
		restart(&net.lns, &r);
		assert_int_equal(r.subscribers, 3);
	}
	/* One less, one more. */
	client.sid = sid;
	client_mac = 10;
	hang_up();
	run(500);
	assert_int_equal(at_lns(), 2);
	client_mac = 20;
	assert_true(user());
	assert_false(user());
}

static void replaced(void **state)
{
	struct restore_result r;

	(void)state;
	lns_is(LNS("sessions-per-user = 2 sessions-per-user-policy = replace"));
	assert_true(user());
	assert_true(user());
	assert_true(user());
	assert_int_equal(at_lns(), 2);
	assert_int_equal(net.lns.box.count.replaced, 1);
	for (int i = 0; i < 3; i++) {
		restart(&net.lns, &r);
		assert_int_equal(r.subscribers, 2);
		assert_true(user());
		assert_int_equal(at_lns(), 2);
	}
	/* It says who it is once more, and counts once. */
	renegotiate("user@isp.example", "secret");
	run(SECONDS(1));
	assert_true(client.up);
	assert_int_equal(at_lns(), 2);
}

static struct subscriber *oldest(void)
{
	struct subscriber *s, *first = NULL;

	LIST_FOREACH(s, &net.lns.box.subscribers, all)
	if (!first || s->since < first->since)
		first = s;
	return first;
}

/* Whichever way round a restart has read them. */
static void first_is_replaced(void **state)
{
	const struct subscriber *s;
	struct restore_result r;

	(void)state;
	lns_is(LNS("sessions-per-user = 3 sessions-per-user-policy = replace"));
	for (int i = 0; i < 3; i++)
		assert_true(user());
	for (int i = 0; i < 5; i++) {
		uint64_t first = oldest()->id;

		if (i % 2)
			subscriber_store(oldest());
		restart(&net.lns, &r);
		assert_int_equal(r.subscribers, 3);
		assert_int_equal(oldest()->id, first);
		assert_true(user());
		assert_int_equal(at_lns(), 3);
		LIST_FOREACH(s, &net.lns.box.subscribers, all)
		assert_int_not_equal(s->id, first);
	}
}

/* ------------------------------------------------------------------ RADIUS */

static uint8_t attrs[512];
static size_t n_attrs;

/* The LAC asks, and is answered so. */
static bool granted(const char *name, uint32_t port_limit, const char *is)
{
	uint8_t b[1024];
	size_t len = n_attrs;
	struct wr w = wr_make(attrs + n_attrs, sizeof(attrs) - n_attrs);

	come(name, "secret");
	if (port_limit) {
		wr_u16(&w, 62 << 8 | 6);
		wr_u32(&w, port_limit);
	}
	if (is) {
		wr_u8(&w, 1);
		wr_u8(&w, (uint8_t)(2 + strlen(is)));
		wr_bytes(&w, is, strlen(is));
	}
	len += wr_len(&w);
	len = server_reply(b, 2, net.radius.b[1], net.radius.b + 4, "rad",
			   attrs, len, true);
	bng_kern_events.udp(&net.lac.kern, net.now, net.radius.id, b, len);
	run(500);
	return client.up;
}

static void lac_is(const char *text)
{
	struct restore_result r;

	assert_int_equal(try_restart(&net.lac, load(text), &r), 0);
	n_attrs = 0;
}

static void port_limit(void **state)
{
	struct restore_result r;

	(void)state;
	lac_is(LAC("sessions-per-user = 1"));
	assert_true(granted("bob", 0, NULL));
	assert_false(granted("bob", 0, NULL));
	/* More than the profile says; the name is the one that RADIUS says. */
	assert_true(granted("bob", 3, NULL));
	restart(&net.lac, &r);
	assert_true(granted("rob", 3, "bob"));
	assert_false(granted("rob", 3, "bob"));
	restart(&net.lac, &r);
	assert_false(granted("bob", 3, NULL));
	assert_true(granted("rob", 3, NULL));
	run(SECONDS(5));
	assert_int_equal(net.lac.box.n_subscribers, 4);
}

/* Those that RADIUS sends through a tunnel count at the LAC. */
static void tunnelled(void **state)
{
	struct restore_result r;

	(void)state;
	lac_is(LAC("sessions-per-user-policy = replace"));
	memcpy(attrs, "\x1a\x0b\0\0\x13\x0a\x40\5isp", 11);
	n_attrs = 11;
	for (int i = 0; i < 4; i++) {
		assert_true(granted("user@isp.example", 2, NULL));
		assert_int_equal(at_lns(), i ? 2 : 1);
		restart(&net.lac, &r);
		assert_int_equal(net.lac.box.n_subscribers, i ? 2 : 1);
	}
}

/* Nobody was asked about those that a rule sends there: their names say nothing. */
static void by_rule(void **state)
{
	(void)state;
	lac_is(LAC("sessions-per-user = 1") "domain \"isp.example\" {\n"
					    "  tunnel = \"isp\" }\n");
	assert_true(user());
	assert_true(user());
	assert_int_equal(net.lac.box.n_subscribers, 2);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup_clients, teardown)
	const struct CMUnitTest tests[] = {
		TEST(denied),	  TEST(replaced),  TEST(by_rule),
		TEST(port_limit), TEST(tunnelled), TEST(first_is_replaced),
	};

	log_set_level(LOG_ERR_L);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
