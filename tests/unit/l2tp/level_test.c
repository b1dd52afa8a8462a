// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Levels: which state holds, what each state lets in, what an order makes leave,
 * what is counted where, and how tunnels and destinations come to their end.
 */
#include "l2tp/levels.h"

/* ------------------------------------------------------------ the level itself */

static void strictest(void **state)
{
	struct l2tp_level system = { 0 };
	struct l2tp_level destination = { .up = &system };
	struct l2tp_level tunnel = { .up = &destination };

	(void)state;
	for (int i = 0; i < L2TP_ADMINS * L2TP_ADMINS * L2TP_ADMINS; i++) {
		enum l2tp_admin a = i % 3, b = i / 3 % 3, c = i / 9;
		enum l2tp_admin two = a > b ? a : b;

		system.admin = a;
		destination.admin = b;
		tunnel.admin = c;
		assert_int_equal(l2tp_level_effective(&system), a);
		assert_int_equal(l2tp_level_effective(&destination), two);
		assert_int_equal(l2tp_level_effective(&tunnel),
				 two > c ? two : c);
	}
}

static void counting(void **state)
{
	static const struct {
		enum l2tp_fact fact;
		struct l2tp_tally then;
	} step[] = {
		{ L2TP_BEGUN, { .total = 1, .pending = 1 } },
		{ L2TP_UP, { .total = 1, .active = 1 } },
		{ L2TP_BEGUN, { .total = 2, .active = 1, .pending = 1 } },
		{ L2TP_AUTH_ERROR,
		  { .total = 2, .active = 1, .pending = 1, .auth_errors = 1 } },
		{ L2TP_FAILED,
		  { .total = 2, .active = 1, .failed = 1, .auth_errors = 1 } },
		{ L2TP_REFUSED,
		  { .total = 3, .active = 1, .failed = 2, .auth_errors = 1 } },
		{ L2TP_ENDED, { .total = 3, .failed = 2, .auth_errors = 1 } },
	};
	struct l2tp_level system = { 0 }, other = { .up = &system };
	struct l2tp_level destination = { .up = &system };

	(void)state;
	for (size_t i = 0; i < N_OF(step); i++) {
		l2tp_level_count(&destination, L2TP_TUNNELS, step[i].fact);
		assert_memory_equal(&destination.below[L2TP_TUNNELS],
				    &step[i].then, sizeof(step[i].then));
		assert_memory_equal(&system.below[L2TP_TUNNELS], &step[i].then,
				    sizeof(step[i].then));
		assert_int_equal(other.below[L2TP_TUNNELS].total, 0);
		assert_int_equal(destination.below[L2TP_SESSIONS].total, 0);
	}
}

/* ------------------------------------------------------- what a state lets in */

static void order(struct box *b, int level, enum l2tp_admin admin)
{
	struct l2tp_tunnel *t = LIST_FIRST(&b->host.all);

	if (level == 0)
		l2tp_order_system(&b->host, p.now, admin);
	else if (level == 1)
		assert_int_equal(l2tp_order_destination(&b->host, p.now, "",
							&p.box[!b->me].addr.addr,
							admin),
				 0);
	else if (level == 2)
		assert_int_equal(l2tp_order_name(&b->host, p.now, b->peer.name,
						 admin),
				 0);
	else if (t)
		l2tp_order_tunnel(t, p.now, admin);
}

/* Drained: calls and tunnels are refused, and what is there stays; enabled: all is
 * as before.
 */
static void drained(void **state)
{
	(void)state;
	for (int level = 0; level < 4; level++) {
		begin();
		pair_call(&p);
		pair_run(&p, 500);
		order(lns, level, L2TP_DRAIN);
		assert_non_null(pair_call(&p));
		pair_run(&p, 500);
		assert_int_equal(lac->why.result, L2TP_CDN_BUSY_NOW);
		assert_string_equal(lac->why.text, "drained");
		assert_int_equal(cdn, 1);
		assert_int_equal(lns->sessions, 1);
		assert_int_equal(lns->host.count.refused_admin, 1);
		pair_open(&p);
		pair_run(&p, 500);
		/* A tunnel's own state is not the next tunnel's. */
		assert_int_equal(lns->tunnels, level < 3 ? 1 : 2);
		if (level < 3) {
			assert_int_equal(lac->why.result, L2TP_STOP_ERROR);
			assert_int_equal(lac->why.error, L2TP_ERR_TRY_ANOTHER);
		}
		order(lns, level, L2TP_ENABLED);
		pair_open(&p);
		pair_run(&p, 500);
		pair_call(&p);
		pair_run(&p, 500);
		assert_int_equal(lns->sessions, 2);
		assert_int_equal(stopccn, level < 3);
		pair_free_all(&p);
	}
}

/* Shut down: one StopCCN a tunnel, nothing else; new ones are refused. */
static void shut_down(void **state)
{
	(void)state;
	for (int level = 0; level < 4; level++) {
		begin();
		for (int i = 0; i < 5; i++)
			pair_call(&p);
		pair_run(&p, 500);
		assert_int_equal(lns->sessions, 5);
		order(lns, level, L2TP_SHUTDOWN);
		pair_run(&p, SECONDS(40));
		assert_int_equal(stopccn, 1);
		assert_int_equal(cdn, 0);
		assert_int_equal(lac->why.result, level < 2 ?
							  L2TP_STOP_SHUTDOWN :
							  L2TP_STOP_CLEAR);
		assert_string_equal(lac->why.text, "shut down by the operator");
		assert_int_equal(lns->sessions, 0);
		assert_int_equal(idmap_count(&lns->host.tunnels), 0);
		assert_int_equal(idmap_count(&lac->host.tunnels), 0);
		pair_open(&p);
		pair_run(&p, 500);
		assert_int_equal(lns->tunnels, level < 3 ? 1 : 2);
		if (level < 3)
			assert_int_equal(lac->why.result, L2TP_STOP_SHUTDOWN);
		order(lns, level, L2TP_ENABLED);
		pair_open(&p);
		pair_run(&p, 500);
		assert_int_equal(lns->tunnels, level < 3 ? 2 : 3);
		pair_free_all(&p);
	}
}

/* As LAC: no call in a drained tunnel, no tunnel where none is wanted. */
static void lac_is_drained(void **state)
{
	struct l2tp_path path;

	(void)state;
	for (int level = 0; level < 4; level++) {
		begin();
		path = pair_path(&p, 0);
		order(lac, level, L2TP_DRAIN);
		if (level == 2) /* the name's tunnels obey themselves */
			assert_int_equal(lac->tunnel->level.admin, L2TP_DRAIN);
		assert_null(pair_call(&p));
		assert_int_equal(l2tp_admin_towards(&lac->host, &path,
						    &lac->peer),
				 level < 3 ? L2TP_DRAIN : L2TP_ENABLED);
		order(lac, level, L2TP_ENABLED);
		assert_non_null(pair_call(&p));
		assert_int_equal(l2tp_admin_towards(&lac->host, &path,
						    &lac->peer),
				 L2TP_ENABLED);
		pair_free_all(&p);
	}
}

/* Three tunnels of one destination, one of another, which goes on. */
static void only_that_destination(void **state)
{
	struct addr first, second;

	(void)state;
	pair_init(&p, NULL);
	p.drop = listen_to_lns;
	first = lac->addr.addr;
	second = addr_v4(0xc6336401);
	stopccn = cdn = 0;
	for (int i = 0; i < 4; i++) {
		lac->addr.addr = i < 3 ? first : second;
		pair_open(&p);
		pair_run(&p, 500);
		for (int n = 0; n < 4; n++)
			pair_call(&p);
		pair_run(&p, 500);
	}
	assert_int_equal(lns->sessions, 16);
	assert_int_equal(of_system(lns, L2TP_DESTINATIONS)->active, 2);
	assert_int_equal(of_system(lns, L2TP_TUNNELS)->active, 4);
	lac->addr.addr = first;
	assert_int_equal(l2tp_order_destination(&lns->host, p.now, "", &first,
						L2TP_SHUTDOWN),
			 0);
	pair_run(&p, SECONDS(1));
	assert_int_equal(stopccn, 3);
	assert_int_equal(cdn, 0);
	assert_int_equal(lns->sessions, 4);
	assert_int_equal(of_system(lns, L2TP_SESSIONS)->active, 4);
	assert_int_equal(of_system(lns, L2TP_TUNNELS)->active, 1);
	assert_int_equal(of_system(lns, L2TP_DESTINATIONS)->active, 1);
	lac->addr.addr = second;
	pair_call(&p);
	pair_run(&p, 500);
	assert_int_equal(lns->sessions, 5);
	pair_free_all(&p);
}

/* ----------------------------------------------------------- what is counted */

static void auth_errors(void **state)
{
	(void)state;
	pair_init(&p, "right");
	lns->peer.secret = "wrong";
	pair_open(&p);
	pair_run(&p, SECONDS(40));
	assert_int_equal(of_system(lac, L2TP_TUNNELS)->auth_errors, 1);
	assert_int_equal(of_system(lac, L2TP_TUNNELS)->failed, 1);
	assert_int_equal(of_system(lns, L2TP_TUNNELS)->failed, 1);
	assert_int_equal(of_system(lns, L2TP_TUNNELS)->pending, 0);
	/* Ours is remembered, the stranger's is not. */
	assert_int_equal(of_system(lac, L2TP_DESTINATIONS)->failed, 1);
	assert_int_equal(lac->host.n_resting, 1);
	assert_int_equal(lns->host.n_resting, 0);
	assert_true(LIST_EMPTY(&lns->host.destinations));
	lns->stranger = true;
	pair_open(&p);
	pair_run(&p, SECONDS(40));
	assert_int_equal(of_system(lns, L2TP_TUNNELS)->auth_errors, 1);
	assert_int_equal(of_system(lns, L2TP_TUNNELS)->total, 2);
	pair_free_all(&p);
}

/* ----------------------------------------------------------------- how it ends */

/* For its real value, from the last session's end on; a call undoes it. */
static void idle(void **state)
{
	(void)state;
	begin();
	lns->peer.idle = 60;
	pair_call(&p);
	pair_run(&p, SECONDS(200));
	assert_int_equal(lns->sessions, 1);
	l2tp_session_close(lac->session, p.now, L2TP_CDN_ADMIN, 0, "");
	pair_run(&p, SECONDS(59));
	assert_int_equal(stopccn, 0);
	pair_call(&p);
	pair_run(&p, SECONDS(59));
	l2tp_session_close(lac->session, p.now, L2TP_CDN_ADMIN, 0, "");
	pair_run(&p, SECONDS(59));
	assert_int_equal(stopccn, 0);
	pair_run(&p, SECONDS(2));
	assert_int_equal(stopccn, 1);
	assert_int_equal(lac->why.result, L2TP_STOP_CLEAR);
	assert_string_equal(lac->why.text, "no session");
	pair_free_all(&p);
	/* 0: it stays. */
	begin();
	pair_run(&p, SECONDS(4000));
	assert_int_equal(stopccn, 0);
	assert_non_null(lns->tunnel);
	pair_free_all(&p);
}

/* One session, and it ends with it, whatever the idle time. */
static void single_shot(void **state)
{
	(void)state;
	begin();
	lns->peer.single_shot = true;
	lns->peer.idle = 60;
	pair_call(&p);
	pair_run(&p, 500);
	pair_call(&p);
	pair_run(&p, 500);
	assert_int_equal(lac->why.result, L2TP_CDN_BUSY_NOW);
	assert_int_equal(lns->sessions, 1);
	l2tp_session_close(LIST_FIRST(&lac->tunnel->sessions), p.now,
			   L2TP_CDN_CARRIER, 0, "");
	pair_run(&p, 100);
	assert_int_equal(stopccn, 1);
	assert_int_equal(cdn, 1);
	pair_free_all(&p);
}

static unsigned int sccrqs;

static bool count_sccrq(struct pair *q, int from, const struct l2tp_msg *m)
{
	(void)q;
	sccrqs += !from && m->type == L2TP_SCCRQ;
	return false;
}

/* A tunnel that was disconnected comes again after its time; the call waits. One that
 * never came up makes nobody wait, and one that waits is closed in silence.
 */
static void short_drain(void **state)
{
	struct l2tp_path path;
	unsigned int sent;

	(void)state;
	begin();
	lac->peer.short_drain = 31;
	p.drop = count_sccrq;
	sccrqs = 0;
	l2tp_tunnel_close(lac->tunnel, p.now, L2TP_STOP_CLEAR, 0, "");
	pair_run(&p, SECONDS(1));
	pair_open(&p);
	assert_non_null(pair_call(&p));
	sent = lac->sent;
	pair_run(&p, SECONDS(29));
	assert_int_equal(lac->sent, sent);
	assert_int_equal(lac->tunnel->state, L2TP_TUNNEL_IDLE);
	/* It has no peer yet, whatever comes. */
	path = pair_path(&p, 0);
	l2tp_host_input(&lac->host, p.now, &path,
			(uint8_t[]){
				0xc8, 2, 0, 12, (uint8_t)(lac->tunnel->id >> 8),
				(uint8_t)lac->tunnel->id, 0, 0, 0, 0, 0, 0 },
			12);
	assert_int_equal(lac->host.count.rx_no_tunnel, 1);
	pair_run(&p, SECONDS(2));
	assert_int_equal(sccrqs, 1);
	assert_int_equal(lac->sessions, 1);
	/* Closed while it waits. */
	l2tp_tunnel_close(lac->tunnel, p.now, L2TP_STOP_CLEAR, 0, "");
	pair_run(&p, SECONDS(1));
	pair_open(&p);
	sent = lac->sent;
	l2tp_tunnel_close(lac->tunnel, p.now, L2TP_STOP_CLEAR, 0, "");
	pair_run(&p, SECONDS(60));
	assert_int_equal(lac->sent, sent);
	assert_int_equal(idmap_count(&lac->host.tunnels), 0);
	/* Refused: the next may come at once. */
	lns->stranger = true;
	pair_open(&p);
	pair_run(&p, SECONDS(1));
	pair_open(&p);
	pair_run(&p, 100);
	assert_int_equal(sccrqs, 3);
	pair_free_all(&p);
}

/* A destination is readable for its time, then gone; one with an order stays. */
static void destruct(void **state)
{
	(void)state;
	for (int ordered = 0; ordered < 2; ordered++) {
		struct l2tp_destination *d;

		begin();
		lns->host.destruct = 600;
		if (ordered)
			order(lns, 1, L2TP_DRAIN);
		l2tp_tunnel_close(lac->tunnel, p.now, L2TP_STOP_CLEAR, 0, "");
		pair_run(&p, SECONDS(32)); /* it answers retransmissions */
		d = LIST_FIRST(&lns->host.destinations);
		assert_non_null(d);
		assert_true(LIST_EMPTY(&d->tunnels));
		assert_int_equal(d->level.below[L2TP_TUNNELS].total, 1);
		pair_run(&p, SECONDS(598));
		assert_non_null(LIST_FIRST(&lns->host.destinations));
		pair_run(&p, SECONDS(4));
		assert_int_equal(!LIST_FIRST(&lns->host.destinations),
				 !ordered);
		if (ordered) {
			order(lns, 1, L2TP_ENABLED);
			pair_run(&p, SECONDS(601));
		}
		assert_true(LIST_EMPTY(&lns->host.destinations));
		pair_free_all(&p);
	}
}

/* However many come and go, memory has a bound, and the oldest goes first. */
static void resting_is_bounded(void **state)
{
	const unsigned int more = L2TP_RESTING_MAX + 10;
	struct l2tp_path path;
	struct addr a;

	(void)state;
	pair_init(&p, NULL);
	p.cut = true;
	for (unsigned int i = 0; i < more; i++) {
		path = pair_path(&p, 0);
		path.remote.addr = addr_v4(0x0a000000 + i);
		lac->peer.retries = 2;
		assert_non_null(l2tp_tunnel_open(&lac->host, p.now, &path,
						 &lac->peer, NULL));
		pair_run(&p, 1);
	}
	pair_run(&p, SECONDS(60));
	assert_int_equal(idmap_count(&lac->host.tunnels), 0);
	assert_int_equal(lac->host.n_resting, L2TP_RESTING_MAX);
	a = addr_v4(0x0a000000 + more - 1);
	assert_non_null(l2tp_destination_find(&lac->host, "", &a));
	a = addr_v4(0x0a000000);
	assert_null(l2tp_destination_find(&lac->host, "", &a));
	pair_free_all(&p);
}

/* One in a VRF is another than one of the same address outside. */
static void routing_domain(void **state)
{
	struct addr a = addr_v4(0x0a000001);

	(void)state;
	pair_init(&p, NULL);
	assert_int_equal(l2tp_order_destination(&lac->host, p.now, "red", &a,
						L2TP_DRAIN),
			 0);
	assert_null(l2tp_destination_find(&lac->host, "", &a));
	assert_non_null(l2tp_destination_find(&lac->host, "red", &a));
	assert_int_equal(l2tp_order_destination(&lac->host, p.now, "", &a,
						L2TP_ENABLED),
			 -ENOENT);
	pair_free_all(&p);
}

/* ------------------------------------------------------------------ restart */

static void orders_are_kept(void **state)
{
	struct addr a = addr_v4(0x0a000001), b = addr_v4(0x0a000002);
	uint8_t record[L2TP_ADMIN_RECORD_MAX];
	struct wr w = wr_make(record, sizeof(record));
	struct rd r;

	(void)state;
	pair_init(&p, NULL);
	l2tp_order_system(&lac->host, p.now, L2TP_DRAIN);
	l2tp_order_destination(&lac->host, p.now, "red", &a, L2TP_SHUTDOWN);
	l2tp_order_destination(&lac->host, p.now, "", &b, L2TP_DRAIN);
	l2tp_order_name(&lac->host, p.now, "isp", L2TP_SHUTDOWN);
	l2tp_admin_save(&lac->host, &w);
	assert_false(w.err);
	r = rd_make(record, wr_len(&w));
	assert_true(l2tp_admin_load(&lns->host, p.now, &r));
	assert_int_equal(rd_left(&r), 0);
	assert_int_equal(lns->host.level.admin, L2TP_DRAIN);
	assert_int_equal(l2tp_destination_find(&lns->host, "red", &a)
				 ->level.admin,
			 L2TP_SHUTDOWN);
	assert_int_equal(l2tp_destination_find(&lns->host, "", &b)->level.admin,
			 L2TP_DRAIN);
	assert_int_equal(l2tp_admin_of_name(&lns->host, "isp"), L2TP_SHUTDOWN);
	/* Cut off anywhere it is refused, and does no harm. */
	for (size_t len = 0; len < wr_len(&w); len++) {
		pair_free_all(&p);
		pair_init(&p, NULL);
		r = rd_make(record, len);
		assert_false(l2tp_admin_load(&lns->host, p.now, &r));
	}
	pair_free_all(&p);
}

static void orders_are_bounded(void **state)
{
	uint8_t record[L2TP_ADMIN_RECORD_MAX];
	struct wr w = wr_make(record, sizeof(record));
	char name[130];
	struct addr a;

	(void)state;
	pair_init(&p, NULL);
	for (int i = 0; i < L2TP_ORDERS_MAX; i++) {
		snprintf(name, sizeof(name), "%0129d", i);
		assert_int_equal(l2tp_order_name(&lac->host, p.now, name,
						 L2TP_DRAIN),
				 0);
	}
	a = addr_v4(1);
	assert_int_equal(l2tp_order_destination(&lac->host, p.now, "", &a,
						L2TP_DRAIN),
			 -ENOSPC);
	assert_int_equal(l2tp_order_name(&lac->host, p.now, "one", L2TP_DRAIN),
			 -ENOSPC);
	l2tp_admin_save(&lac->host, &w);
	assert_false(w.err);
	/* One less makes room for one. */
	l2tp_order_name(&lac->host, p.now, name, L2TP_ENABLED);
	assert_int_equal(l2tp_order_destination(&lac->host, p.now, "", &a,
						L2TP_DRAIN),
			 0);
	pair_free_all(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strictest),
		cmocka_unit_test(counting),
		cmocka_unit_test(drained),
		cmocka_unit_test(shut_down),
		cmocka_unit_test(lac_is_drained),
		cmocka_unit_test(only_that_destination),
		cmocka_unit_test(auth_errors),
		cmocka_unit_test(idle),
		cmocka_unit_test(single_shot),
		cmocka_unit_test(short_drain),
		cmocka_unit_test(destruct),
		cmocka_unit_test(resting_is_bounded),
		cmocka_unit_test(routing_domain),
		cmocka_unit_test(orders_are_kept),
		cmocka_unit_test(orders_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
