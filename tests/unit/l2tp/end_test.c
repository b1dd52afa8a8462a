// SPDX-License-Identifier: GPL-2.0-or-later
/* Two hosts: tunnels kept alive, and how they end. */
#include "l2tp/pair.h"

static struct pair p;
static struct box *const lac = &p.box[0], *const lns = &p.box[1];

/* ------------------------------------------------------------- life and end */

static void hello(void **state)
{
	(void)state;
	pair_up_tunnel(&p, NULL);
	lns->peer.hello = 0;
	pair_run(&p, SECONDS(58));
	assert_string_equal(lac->trace, "");
	pair_run(&p, SECONDS(4));
	assert_string_equal(lac->trace, "changed >HELLO");
	assert_string_equal(lns->trace, "changed >ZLB");
	/* The peer is heard: the next one is a minute later. */
	pair_run(&p, SECONDS(50));
	l2tp_tunnel_heard(lac->tunnel, p.now);
	pair_run(&p, SECONDS(55));
	assert_string_equal(lac->trace, "changed >HELLO");
	pair_run(&p, SECONDS(10));
	assert_string_equal(lac->trace, "changed >HELLO changed >HELLO");
	assert_int_equal(lac->host.count.tx_retransmits, 0);
	pair_free_all(&p);
}

static void peer_dies(void **state)
{
	msec_t since;

	(void)state;
	pair_up_tunnel(&p, NULL);
	assert_non_null(pair_call(&p));
	pair_run(&p, 500);
	assert_int_equal(lac->sessions, 1);
	p.cut = true;
	lac->trace[0] = 0;
	since = p.now;
	while (lac->tunnel)
		assert_true(pair_step(&p, p.now + SECONDS(100)));
	/* A minute of silence, then 31 seconds of HELLO. */
	assert_in_range(p.now - since, SECONDS(90), SECONDS(92));
	assert_string_equal(lac->trace, "changed >HELLO >HELLO >HELLO >HELLO "
					">HELLO >HELLO gone down free");
	assert_int_equal(lac->sessions, 0);
	assert_int_equal(lac->host.count.tx_retransmits, 5);
	pair_free_all(&p);
}

static void nobody_there(void **state)
{
	(void)state;
	pair_init(&p, NULL);
	p.cut = true;
	pair_open(&p);
	pair_call(&p);
	pair_run(&p, SECONDS(30));
	assert_int_equal(lac->downs, 0);
	pair_run(&p, SECONDS(2));
	assert_int_equal(lac->downs, 1);
	assert_int_equal(lac->sent, 6);
	assert_int_equal(lac->host.count.tunnels_failed, 1);
	assert_true(LIST_EMPTY(&lac->host.all));
	pair_free_all(&p);
}

/* Not so patient with one that is being set up; on either side. */
static bool lose_scccn(struct pair *pair, int from, const struct l2tp_msg *m)
{
	(void)pair;
	return !from && m->type != L2TP_SCCRQ;
}

static void setup_retries(void **state)
{
	msec_t since;

	(void)state;
	for (int who = 0; who < 2; who++) {
		struct box *b = &p.box[who];

		pair_init(&p, NULL);
		b->peer.setup_retries = 2;
		p.cut = !who;
		p.drop = lose_scccn;
		since = p.now;
		pair_open(&p);
		while (!b->downs && !strstr(b->trace, "down"))
			assert_true(pair_step(&p, p.now + SECONDS(100)));
		/* 1, 2, 4 */
		assert_in_range(p.now - since, 7000, 7002);
		assert_int_equal(b->host.count.tx_retransmits, 2);
		pair_free_all(&p);
	}
	/* Once it is up, "retries" counts. */
	pair_init(&p, NULL);
	lac->peer.setup_retries = lns->peer.setup_retries = 2;
	lac->peer.retransmit_cap = 60;
	pair_open(&p);
	pair_run(&p, 500);
	p.cut = true;
	since = p.now;
	pair_call(&p);
	while (lac->tunnel)
		assert_true(pair_step(&p, p.now + SECONDS(100)));
	/* 1, 2, 4, 8, 16, 32 */
	assert_int_equal(p.now - since, 63000);
	assert_int_equal(lac->host.count.tx_retransmits, 5);
	pair_free_all(&p);
}

/* The peer acknowledges, and says nothing. */
static bool lose_sccrp(struct pair *pair, int from, const struct l2tp_msg *m)
{
	(void)pair;
	return from && m->type == L2TP_SCCRP;
}

static void set_up_takes_too_long(void **state)
{
	(void)state;
	pair_init(&p, NULL);
	lns->peer.retries = 7;
	lac->peer.retries = 7;
	p.drop = lose_sccrp;
	pair_open(&p);
	pair_run(&p, SECONDS(70));
	assert_int_equal(lac->host.count.tunnels_failed, 1);
	pair_run(&p, SECONDS(70));
	assert_true(LIST_EMPTY(&lac->host.all));
	assert_true(LIST_EMPTY(&lns->host.all));
	pair_free_all(&p);
}

static void stops(void **state)
{
	(void)state;
	for (int who = 0; who < 2; who++) {
		pair_up_tunnel(&p, "secret");
		for (int i = 0; i < 3; i++)
			pair_call(&p);
		pair_run(&p, 500);
		lac->trace[0] = lns->trace[0] = 0;
		l2tp_tunnel_close(p.box[who].tunnel, p.now, L2TP_STOP_SHUTDOWN,
				  0, "bye");
		assert_int_equal(p.box[who].sessions, 0);
		pair_run(&p, SECONDS(30));
		assert_string_equal(p.box[who].trace,
				    "gone gone gone down >StopCCN free");
		/* It may still have to answer. */
		assert_string_equal(p.box[!who].trace,
				    "gone gone gone down >ZLB");
		assert_int_equal(p.box[!who].why.result, L2TP_STOP_SHUTDOWN);
		assert_string_equal(p.box[!who].why.text, "bye");
		pair_run(&p, SECONDS(2));
		assert_true(LIST_EMPTY(&p.box[!who].host.all));
		pair_free_all(&p);
	}
}

static bool lose_zlb(struct pair *pair, int from, const struct l2tp_msg *m)
{
	return from && m->type == L2TP_ZLB &&
	       pair->box[0].host.count.tx_retransmits < 2;
}

static void stop_again(void **state)
{
	(void)state;
	pair_up_tunnel(&p, NULL);
	p.drop = lose_zlb;
	l2tp_tunnel_close(lac->tunnel, p.now, L2TP_STOP_CLEAR, 0, "");
	pair_run(&p, SECONDS(5));
	assert_null(lac->tunnel);
	assert_int_equal(lac->sent, 5);
	assert_int_equal(lns->host.count.rx_duplicates, 2);
	pair_free_all(&p);
}

static void both_stop(void **state)
{
	(void)state;
	pair_up_tunnel(&p, NULL);
	l2tp_tunnel_close(lac->tunnel, p.now, L2TP_STOP_CLEAR, 0, "");
	l2tp_tunnel_close(lns->tunnel, p.now, L2TP_STOP_CLEAR, 0, "");
	pair_run(&p, SECONDS(40));
	assert_string_equal(lac->trace, "down >StopCCN >ZLB free");
	assert_string_equal(lns->trace, "down >StopCCN >ZLB free");
	pair_free_all(&p);
}

/* Closed before the peer's id is known: it has to find our id in StopCCN. */
static void stop_early(void **state)
{
	(void)state;
	pair_init(&p, NULL);
	pair_open(&p);
	pair_run(&p, 1);
	l2tp_tunnel_close(lac->tunnel, p.now, L2TP_STOP_CLEAR, 0, "");
	assert_int_equal(lns->tunnel->state, L2TP_TUNNEL_WAIT_CONN);
	pair_run(&p, SECONDS(40));
	assert_true(LIST_EMPTY(&lac->host.all));
	assert_true(LIST_EMPTY(&lns->host.all));
	assert_int_equal(lns->host.count.rx_no_tunnel, 0);
	assert_int_equal(lns->host.count.tunnels_failed, 1);
	pair_free_all(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hello),
		cmocka_unit_test(peer_dies),
		cmocka_unit_test(nobody_there),
		cmocka_unit_test(setup_retries),
		cmocka_unit_test(set_up_takes_too_long),
		cmocka_unit_test(stops),
		cmocka_unit_test(stop_again),
		cmocka_unit_test(both_stop),
		cmocka_unit_test(stop_early),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
