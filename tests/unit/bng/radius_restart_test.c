// SPDX-License-Identifier: GPL-2.0-or-later
/* What is known of RADIUS servers, over kill -9 of the daemon. */
#include "bng/chain_radius.h"

#define TWO_SERVERS(options)                                           \
	"system { hostname = \"lns\" }\n"                              \
	"endpoint \"core\" { address = \"198.51.100.2\" }\n"           \
	"pool \"home\" { prefix = \"100.64.0.0/24\" }\n"               \
	"ppp-profile \"home\" { pool = \"home\" auth = { \"chap\" }\n" \
	"  radius-group = \"aaa\" local-address = \"100.64.0.1\"\n"    \
	"  echo-interval = 0 }\n"                                      \
	"destination-profile \"carrier\" { address = \"192.0.2.1\"\n"  \
	"  remote-host \"lac1\" { secret = \"s3cret\"\n"               \
	"    ppp-profile = \"home\" } }\n"                             \
	"radius-server \"one\" { address = \"192.0.2.7\"\n"            \
	"  secret = \"r4dius\" timeout = 1 tries = 2\n"                \
	"  dead-time = 60 " options " }\n"                             \
	"radius-server \"two\" { address = \"192.0.2.8\"\n"            \
	"  secret = \"r4dius\" }\n"                                    \
	"radius-group \"aaa\" { servers = { \"one\", \"two\" } }\n"

/* Of the first one's sockets, of which the last is for probes. */
static bool asked_first(void)
{
	return net.radius.id < 17;
}

static struct radius_server *first(void)
{
	return &net.lns.box.radius.client.servers[0];
}

static void first_dies(void)
{
	dial("user@isp.example", "secret");
	run(500);
	assert_true(asked_first());
	run(SECONDS(4));
	assert_false(asked_first());
	ANSWER(2, "");
	run(500);
	assert_true(client.up);
	hang_up();
	run(500);
}

/* One more is let in by the second at once. */
static void second_is_asked(void)
{
	dial_and_wait();
	assert_false(asked_first());
	ANSWER(2, "");
	run(500);
	assert_true(client.up);
	hang_up();
	run(500);
}

/* Killed while a server is dead: it is not asked before its time is over; when it has
 * answered, that is known as well.
 */
static void dead_over_restart(void **state)
{
	struct restore_result r;
	msec_t since, until;

	(void)state;
	with_conf(&net.lns, TWO_SERVERS(""));
	first_dies();
	since = first()->since;
	until = first()->dead_until;
	for (int i = 0; i < 2; i++) {
		restart(&net.lns, &r);
		assert_int_equal(first()->state, RADIUS_DEAD);
		assert_int_equal(first()->since, since);
		assert_int_equal(first()->dead_until, until);
		second_is_asked();
	}
	run(until - net.now);
	dial_and_wait();
	assert_true(asked_first());
	restart(&net.lns, &r); /* while it is tried */
	assert_int_equal(first()->state, RADIUS_DEAD);
	run(SECONDS(5));
	dial_and_wait();
	assert_true(asked_first());
	ANSWER(2, "");
	run(500);
	restart(&net.lns, &r);
	assert_int_equal(first()->state, RADIUS_ALIVE);
}

/* One that is probed goes on being probed. */
static void probed_over_restart(void **state)
{
	struct restore_result r;

	(void)state;
	with_conf(&net.lns,
		  TWO_SERVERS("status-server = true probe-interval = 10"));
	first_dies();
	restart(&net.lns, &r);
	assert_int_equal(first()->state, RADIUS_PROBING);
	second_is_asked();
	run(SECONDS(100)); /* longer than its dead time */
	assert_int_equal(first()->state, RADIUS_PROBING);
	assert_int_equal(net.radius.b[0], 12); /* Status-Server */
	ANSWER(2, "");
	assert_int_equal(first()->state, RADIUS_ALIVE);
	restart(&net.lns, &r);
	assert_int_equal(first()->state, RADIUS_ALIVE);
}

/* A reply without Message-Authenticator: what who is on the way can make. */
static void answer_unsigned(void)
{
	uint8_t b[64];
	size_t len = server_reply(b, 2, net.radius.b[1], net.radius.b + 4,
				  "r4dius", "", 0, false);

	bng_kern_events.udp(&net.radius.from->kern, net.now, net.radius.id, b,
			    len);
}

/* Who has signed a reply signs all, over kill -9 too; another server of that name need
 * not.
 */
static void signed_over_restart(void **state)
{
	static const char other[] =
		"radius-server \"one\" { address = \"192.0.2.9\"";
	static char text[sizeof(TWO_SERVERS(""))];
	struct restore_result r;
	char *at;

	(void)state;
	with_conf(&net.lns, TWO_SERVERS(""));
	dial_and_wait();
	ANSWER(2, "");
	run(500);
	assert_true(client.up);
	for (int i = 0; i < 2; i++) {
		restart(&net.lns, &r);
		assert_int_equal(first()->state, RADIUS_ALIVE);
		dial_and_wait();
		assert_true(asked_first());
		answer_unsigned();
		assert_int_equal(first()->count.rx_no_message_authenticator, 1);
		run(500);
		assert_false(client.up);
		ANSWER(2, "");
		run(500);
		assert_true(client.up);
	}
	memcpy(text, TWO_SERVERS(""), sizeof(text));
	at = strstr(text, "radius-server \"one\"");
	memcpy(at, other, strlen(other));
	with_conf(&net.lns, text);
	dial_and_wait();
	answer_unsigned();
	run(500);
	assert_true(client.up);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(dead_over_restart),
		TEST(probed_over_restart),
		TEST(signed_over_restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
