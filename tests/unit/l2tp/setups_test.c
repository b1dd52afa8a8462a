// SPDX-License-Identifier: GPL-2.0-or-later
/* Set-ups that a system has room for: shed beyond it, half for one peer, both roles
 * together.
 */
#include "l2tp/levels.h"

static unsigned int sccrq_at, result;

/* SCCRQ of a source of its own each; nothing follows. */
static void sccrq(struct addr from)
{
	const char *name = lac->peer.local_name;
	struct l2tp_msg m = {
		.type = L2TP_SCCRQ,
		.has = l2tp_msg_must(L2TP_SCCRQ) | L2TP_BIT(AVP_MESSAGE_TYPE),
		.version = L2TP_PROTOCOL_VERSION,
		.framing_caps = 3,
		.host_name = { (const uint8_t *)name, (uint16_t)strlen(name) },
		.assigned_tunnel = (uint16_t)++sccrq_at,
	};
	struct l2tp_path path = pair_path(&p, 1);
	uint8_t b[256];

	path.remote.addr = from;
	l2tp_host_input(&lns->host, p.now, &path, b,
			l2tp_msg_encode(&m, NULL, b, sizeof(b)));
}

static bool note_result(struct pair *q, int from, const struct l2tp_msg *m)
{
	struct l2tp_bytes r = l2tp_msg_find(m, AVP_RESULT_CODE);

	(void)q, (void)from;
	if (m->type == L2TP_STOPCCN && r.len >= 4)
		result = (unsigned int)(r.p[1] << 8 | r.p[3]);
	return true;
}

/* SCCRQs in the names of many that never go on: they are refused, without state, at half
 * of the room; what is established is served, and has calls.
 */
static void shedding(void **state)
{
	unsigned int tunnels;

	(void)state;
	begin();
	lns->host.max_pending = 40;
	p.drop = note_result;
	for (unsigned int i = 0; i < 200; i++)
		sccrq(addr_v4(0x0a000000 + i));
	assert_int_equal(of_system(lns, L2TP_TUNNELS)->pending, 20);
	assert_int_equal(lns->host.count.refused_busy, 180);
	assert_int_equal(result, L2TP_STOP_ERROR << 8 | L2TP_ERR_RESOURCES);
	tunnels = (unsigned int)idmap_count(&lns->host.tunnels);
	assert_int_equal(tunnels, 21);
	/* The established tunnel: calls come up, HELLOs are answered. */
	p.drop = listen_to_lns;
	for (unsigned int i = 1; i <= 20; i++) {
		pair_call(&p);
		pair_run(&p, 10);
		assert_int_equal(lns->sessions, i);
	}
	assert_int_equal(of_system(lns, L2TP_TUNNELS)->pending, 20);
	lac->peer.hello = 10;
	pair_run(&p, SECONDS(30));
	assert_non_null(lac->tunnel);
	pair_run(&p, SECONDS(120)); /* they end */
	assert_int_equal(of_system(lns, L2TP_TUNNELS)->pending, 0);
	assert_int_equal(idmap_count(&lns->host.tunnels), 1);
	pair_free_all(&p);
}

/* Whoever answers in time gets a tunnel all the same: the oldest goes for it, when it
 * has not been answered in a second.
 */
static void oldest_gives_way(void **state)
{
	(void)state;
	begin();
	lns->host.max_pending = 40;
	for (unsigned int i = 0; i < 20; i++)
		sccrq(addr_v4(0x0a000000 + i));
	pair_run(&p, 990);
	pair_open(&p); /* too early */
	pair_run(&p, 9);
	assert_int_equal(lac->why.error, L2TP_ERR_RESOURCES);
	assert_int_equal(lns->host.count.refused_busy, 1);
	assert_int_equal(lns->host.count.refused_half_open, 0);
	for (unsigned int i = 0; i < 30; i++) {
		pair_run(&p, 1);
		sccrq(addr_v4(0x0a001000 + i));
		assert_int_equal(of_system(lns, L2TP_TUNNELS)->pending, 20);
	}
	assert_int_equal(lns->host.count.refused_half_open, 20);
	pair_run(&p, 990);
	pair_open(&p);
	pair_run(&p, 500);
	assert_int_equal(lns->tunnels, 2);
	assert_int_equal(lns->host.count.refused_half_open, 21);
	assert_int_equal(of_system(lns, L2TP_TUNNELS)->pending, 19);
	pair_free_all(&p);
}

static bool lose_iccn(struct pair *q, int from, const struct l2tp_msg *m)
{
	(void)q, (void)from;
	return m->type == L2TP_ICCN;
}

/* One peer's calls take half of the room at most; the answer is as configured. */
static void half_for_one(void **state)
{
	(void)state;
	begin();
	lns->host.max_pending = 8;
	lns->peer.full_result = L2TP_CDN_ERROR;
	for (int i = 0; i < 8; i++)
		pair_call(&p);
	p.drop = lose_iccn;
	pair_run(&p, 900);
	assert_int_equal(of_system(lns, L2TP_SESSIONS)->pending, 4);
	assert_int_equal(lns->host.count.refused_busy, 4);
	sccrq(addr_v4(0x0a000001));
	assert_int_equal(of_system(lns, L2TP_TUNNELS)->pending, 1);
	p.drop = NULL;
	pair_run(&p, SECONDS(5));
	assert_int_equal(lac->why.result, L2TP_CDN_ERROR);
	assert_int_equal(lac->why.error, L2TP_ERR_RESOURCES);
	pair_free_all(&p);
}

/* A tunnel of the other side's to us, and a call in it. */
static struct l2tp_tunnel *open_back(void)
{
	struct l2tp_path path = pair_path(&p, 1);
	struct l2tp_tunnel *t =
		l2tp_tunnel_open(&lns->host, p.now, &path, &lns->peer, NULL);

	assert_non_null(t);
	pair_run(&p, 500);
	return t;
}

/* One limit for tunnels and calls of both roles together. */
static void both_roles(void **state)
{
	static const struct l2tp_call call = { .bearer_type = 2,
					       .framing_type = 1,
					       .tx_speed = 1000 };
	struct l2tp_tunnel *out, *in;

	(void)state;
	begin();
	lac->peer.accept_calls = true;
	lac->host.max_tunnels = 2;
	lac->host.max_sessions = 2;
	out = lac->tunnel;
	in = open_back();
	assert_int_equal(lac->tunnels, 2);
	lac->tunnel = out;
	assert_non_null(pair_call(&p));
	assert_non_null(l2tp_session_call(in, p.now, &call, NULL));
	pair_run(&p, 500);
	assert_int_equal(of_system(lac, L2TP_SESSIONS)->active, 2);
	/* One more of either kind. */
	lac->tunnel = out;
	assert_null(pair_call(&p));
	assert_non_null(l2tp_session_call(in, p.now, &call, NULL));
	pair_run(&p, 500);
	assert_int_equal(lns->why.result, L2TP_CDN_BUSY_NOW);
	assert_int_equal(lns->why.error, L2TP_ERR_RESOURCES);
	out = lac->tunnel;
	assert_null(l2tp_tunnel_open(&lac->host, p.now,
				     &(struct l2tp_path){ .endpoint = 1,
							  .remote = lns->addr },
				     &lac->peer, NULL));
	open_back();
	assert_int_equal(lns->why.result, L2TP_STOP_ERROR);
	assert_int_equal(lns->why.error, L2TP_ERR_RESOURCES);
	assert_int_equal(of_system(lac, L2TP_SESSIONS)->active, 2);
	assert_int_equal(of_system(lac, L2TP_TUNNELS)->active, 2);
	pair_free_all(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shedding),
		cmocka_unit_test(oldest_gives_way),
		cmocka_unit_test(half_for_one),
		cmocka_unit_test(both_roles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
