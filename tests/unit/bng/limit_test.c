// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel's counters say of a subscriber, and what its PPP does with it:
 * keepalives into silence only, the end of an idle one, and the session's end.
 */
#include "bng/chain_ipv6.h"

static struct kern_stats counted; /* by the kernel of the test */
static unsigned int data; /* of it what was carried */

static struct subscriber *dial_in(void)
{
	struct subscriber *s;

	memset(&counted, 0, sizeof(counted));
	data = 0;
	dial("user@isp.example", "secret");
	run(500);
	assert_true(client.up);
	s = LIST_FIRST(&net.lns.box.subscribers);
	assert_int_equal(s->state, SUBSCRIBER_UP);
	counted.rx_control = net.lns_rx;
	counted.tx_control = net.lns_tx;
	return s;
}

/* The module's counters are read, as the poll timer does. */
static void poll_now(const struct subscriber *s)
{
	struct kern_link l = s->access;

	bng_kern_events.link_stats(&net.lns.kern, net.now, &l, &counted);
	pump();
}

static struct conf_profile *home(void)
{
	return conf_profile(net.lns.box.conf, "home");
}

static void no_echo_while_data_flows(void **state)
{
	struct subscriber *s;
	unsigned int tx;

	(void)state;
	home()->ppp.echo_interval = 30;
	home()->ppp.echo_failures = 3;
	s = dial_in();
	tx = net.lns_tx;
	for (int i = 0; i < 60; i++) {
		run(SECONDS(10));
		counted.rx_packets++;
		poll_now(s);
	}
	assert_int_equal(net.lns_tx, tx);
	run(SECONDS(31)); /* nothing comes any more */
	assert_int_equal(net.lns_tx, tx + 1);
	assert_int_equal(client.echoes, 1);
}

/* Data one way is data; what PPP itself says is none. */
static void idle(void **state)
{
	struct subscriber *s;

	(void)state;
	home()->idle_timeout = 60;
	home()->ppp.echo_interval = 10;
	home()->ppp.echo_failures = 3;
	s = dial_in();
	for (int i = 0; i < 12; i++) {
		run(SECONDS(20));
		counted.rx_control = net.lns_rx;
		counted.tx_control = net.lns_tx;
		counted.tx_packets++;
		poll_now(s);
	}
	assert_true(client.echoes > 10); /* with an answer each */
	for (int i = 0; i < 2; i++) {
		run(SECONDS(20));
		counted.rx_control = net.lns_rx;
		counted.tx_control = net.lns_tx;
		poll_now(s);
		assert_true(!client.padt);
	}
	run(SECONDS(20));
	counted.rx_control = net.lns_rx;
	counted.tx_control = net.lns_tx;
	poll_now(s);
	run(500);
	assert_true(client.padt);
	assert_empty();
}

/* As the kernel does: what a client says to its router is data, and so is an answer. */
static void count_and_poll(const struct subscriber *s, unsigned int carried)
{
	data += carried;
	counted.rx_control = net.lns_rx - net.lns_rx_v6;
	counted.tx_control = net.lns_tx - net.lns_tx_v6;
	counted.rx_packets = net.lns_rx_v6 + data;
	counted.tx_packets = net.lns_tx_v6;
	poll_now(s);
}

/* Advertisements, and reports of the client's groups, keep nobody up. */
static void idle_with_a_router(void **state)
{
	static const uint8_t report[42] = { 0, 0x57, 0x60, [8] = 58, 255 };
	struct restore_result r;
	struct subscriber *s;

	(void)state;
	assert_int_equal(try_restart(&net.lns, load(both), &r), 0);
	home()->idle_timeout = 60;
	home()->router.interval = 15;
	s = dial_in();
	assert_true(client.v6_up);
	client_frame(report, sizeof(report));
	run(SECONDS(1));
	count_and_poll(s, 1);
	for (int i = 0; i < 12; i++) {
		run(SECONDS(20));
		client_frame(report, sizeof(report));
		count_and_poll(s, i < 10);
		assert_false(client.padt);
	}
	assert_true(net.lns_tx_v6 > 10);
	run(SECONDS(20));
	count_and_poll(s, 0);
	run(500);
	assert_true(client.padt);
}

/* What we send is counted by the kernel a look later, and no later than that. */
static void counted_late(void **state)
{
	struct restore_result r;
	struct subscriber *s;

	(void)state;
	assert_int_equal(try_restart(&net.lns, load(both), &r), 0);
	home()->idle_timeout = 60;
	s = dial_in();
	run(SECONDS(1));
	count_and_poll(s, 0);
	counted.tx_packets--;
	for (int i = 0; i < 3; i++) {
		static const uint8_t ours[42] = { 0, 0x57, 0x60 };

		s->ppp.active_at = net.now - SECONDS(10);
		if (!i)
			subscriber_send(s, ours, sizeof(ours));
		poll_now(
			s); /* it is not counted yet; now it is; then another */
		counted.tx_packets++;
		assert_int_equal(s->ppp.active_at == net.now, i == 2);
	}
}

static void session_ends_over_a_restart(void **state)
{
	struct restore_result r;

	(void)state;
	home()->session_timeout = 600;
	dial_in();
	run(SECONDS(300));
	restart(&net.lns, &r);
	assert_int_equal(net.lns.box.n_subscribers, 1);
	run(SECONDS(298));
	assert_int_equal(client.remaining, 60);
	assert_false(client.padt);
	run(SECONDS(3));
	assert_true(client.padt);
	assert_empty();
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(no_echo_while_data_flows),	T(idle),
		T(idle_with_a_router),		T(counted_late),
		T(session_ends_over_a_restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
