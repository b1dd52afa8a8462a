// SPDX-License-Identifier: GPL-2.0-or-later
/* Two hosts: acknowledgements, how late they may be and what they carry. */
#include "l2tp/pair.h"

static struct pair p;
static struct box *const lac = &p.box[0], *const lns = &p.box[1];

/* ---------------------------------------------------------- acknowledgements */

static bool lose_nothing(struct pair *pair, int from, const struct l2tp_msg *m)
{
	pair->box[from].zlbs += m->type == L2TP_ZLB;
	return false;
}

/* How long so many calls take, one behind the other, and the LNS's ZLBs. */
static msec_t calls_in_turn(unsigned int n, unsigned int *zlbs)
{
	msec_t since;

	pair_up_tunnel(&p, NULL);
	p.drop = lose_nothing;
	since = p.now;
	for (unsigned int i = 1; i <= n; i++) {
		pair_call(&p);
		while (lns->sessions < i)
			assert_true(pair_step(&p, p.now + SECONDS(100)));
	}
	since = p.now - since;
	*zlbs = lns->zlbs;
	pair_run(&p, 500);
	assert_int_equal(lac->host.count.tx_retransmits, 0);
	assert_int_equal(lns->host.count.tx_retransmits, 0);
	pair_free_all(&p);
	return since;
}

/* An acknowledgement that waits makes no call wait, and leaves with the next. */
static void delay_costs_nothing(void **state)
{
	unsigned int zlbs;

	(void)state;
	/* ICRQ, ICRP, ICCN: a millisecond each. */
	assert_int_equal(calls_in_turn(200, &zlbs), 200 * 3);
	assert_in_range(zlbs, 1, XPORT_QUICK);
}

/* All at once: the window opens as if nothing waited. */
static void burst(void **state)
{
	msec_t since;

	(void)state;
	pair_up_tunnel(&p, NULL);
	since = p.now;
	for (int i = 0; i < 400; i++)
		pair_call(&p);
	while (lns->sessions < 400)
		assert_true(pair_step(&p, p.now + SECONDS(100)));
	/* 800 messages, 16 in a round trip of 2 ms. */
	assert_in_range(p.now - since, 100, 120);
	assert_int_equal(lac->host.count.tx_retransmits, 0);
	pair_free_all(&p);
}

/* While an acknowledgement waits, its effect and Nr are stored already. */
static void stored_while_it_waits(void **state)
{
	(void)state;
	pair_up_tunnel(&p, NULL);
	lns->tunnel->xport.quick = 0;
	pair_call(&p);
	while (!lns->sessions)
		assert_true(pair_step(&p, p.now + SECONDS(100)));
	assert_string_equal(lns->trace, "in changed >ICRP call changed");
	assert_false(lns->tunnel->dirty);
	pair_run(&p, 40);
	assert_string_equal(lns->trace, "in changed >ICRP call changed");
	pair_run(&p, 20);
	assert_string_equal(lns->trace, "in changed >ICRP call changed >ZLB");
	pair_free_all(&p);
}

/* A peer that sends more than it may loses what is beyond, and nothing else. */
static void overrun(void **state)
{
	(void)state;
	pair_init(&p, NULL);
	lns->peer.window = 4;
	pair_open(&p);
	pair_run(&p, 500);
	assert_int_equal(lac->tunnel->xport.window, 4);
	xport_set_window(&lac->tunnel->xport, 64);
	lac->tunnel->xport.cwnd = 64;
	p.loss = 100;
	pair_call(&p);
	p.loss = 0;
	for (int i = 0; i < 20; i++)
		pair_call(&p);
	pair_run(&p, 500);
	assert_int_equal(lns->host.count.rx_early, 3);
	assert_int_equal(lns->host.count.rx_overruns, 17);
	assert_int_equal(lns->tunnel->xport.n_early, 3);
	pair_run(&p, SECONDS(60));
	assert_int_equal(lns->sessions, 21);
	pair_free_all(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(delay_costs_nothing),
		cmocka_unit_test(burst),
		cmocka_unit_test(stored_while_it_waits),
		cmocka_unit_test(overrun),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
