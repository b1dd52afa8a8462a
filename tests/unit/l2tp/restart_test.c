// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One side is killed and comes back with what tunnel_changed told it to store:
 * established tunnels and sessions live on, whatever was under way.
 */
#include "l2tp/pair.h"

#define MAX_SESSIONS 64

static struct pair p;
static struct box *const lac = &p.box[0], *const lns = &p.box[1];

static const struct l2tp_peer *peer_by_name(void *ctx, const char *name)
{
	struct box *b = ctx;

	return strcmp(name, b->peer.name) ? NULL : &b->peer;
}

static uint8_t tunnel_record[4096];
static size_t tunnel_len;
static uint8_t session_record[MAX_SESSIONS][32];
static size_t session_len[MAX_SESSIONS];
static unsigned int n_sessions;

static void save(struct box *b)
{
	struct l2tp_session *s;
	struct wr w = wr_make(tunnel_record, sizeof(tunnel_record));

	l2tp_tunnel_save(b->tunnel, &w);
	assert_false(w.err);
	tunnel_len = wr_len(&w);
	n_sessions = 0;
	LIST_FOREACH(s, &b->tunnel->sessions, of_tunnel)
	{
		w = wr_make(session_record[n_sessions],
			    sizeof(session_record[0]));
		l2tp_session_save(s, &w);
		assert_false(w.err);
		session_len[n_sessions++] = wr_len(&w);
		assert_true(n_sessions <= MAX_SESSIONS);
	}
}

static unsigned int load(struct box *b)
{
	struct rd r = rd_make(tunnel_record, tunnel_len);
	unsigned int n = 0;

	l2tp_host_free(&b->host);
	timers_free(&b->timers);
	l2tp_host_init(&b->host, &pair_ops, &b->timers, b);
	b->session = NULL;
	b->trace[0] = 0;
	b->tunnel = l2tp_tunnel_load(&b->host, p.now, &r, peer_by_name, b);
	if (!b->tunnel)
		return 0;
	assert_int_equal(rd_left(&r), 0);
	for (unsigned int i = 0; i < n_sessions; i++) {
		r = rd_make(session_record[i], session_len[i]);
		if (l2tp_session_load(&b->host, &r))
			n++;
	}
	assert_string_equal(b->trace, "");
	return n;
}

/* In peace: nothing needs to be sent, and all goes on. */
static void in_peace(void **state)
{
	(void)state;
	for (int who = 0; who < 2; who++) {
		struct box *b = &p.box[who];
		uint16_t id, peer_id;

		pair_up_tunnel(&p, "secret");
		pair_call(&p);
		pair_call(&p);
		pair_run(&p, 500);
		id = b->tunnel->id;
		peer_id = b->tunnel->peer_id;
		save(b);
		assert_int_equal(load(b), 2);
		assert_int_equal(b->tunnel->id, id);
		assert_int_equal(b->tunnel->peer_id, peer_id);
		assert_string_equal(b->tunnel->peer_name,
				    who ? "lac.example" : "lns.example");
		pair_run(&p, SECONDS(10));
		assert_string_equal(b->trace, "");
		/* HELLO works, and a call, and CDN. */
		pair_run(&p, SECONDS(60));
		assert_non_null(pair_call(&p));
		pair_run(&p, 500);
		assert_int_equal(b->tunnel->n_sessions, 3);
		assert_int_equal(lac->host.count.tx_retransmits, 0);
		assert_int_equal(lns->host.count.tx_retransmits, 0);
		assert_int_equal(LIST_FIRST(&lac->tunnel->sessions)->serial, 3);
		while (!LIST_EMPTY(&b->tunnel->sessions))
			l2tp_session_close(LIST_FIRST(&b->tunnel->sessions),
					   p.now, L2TP_CDN_ADMIN, 0, "");
		pair_run(&p, 500);
		assert_int_equal(idmap_count(&lac->host.sessions), 0);
		assert_int_equal(idmap_count(&lns->host.sessions), 0);
		pair_free_all(&p);
	}
}

/* What the peer offered is known still, and an outgoing call is one. */
static void outgoing(void **state)
{
	static const struct l2tp_call call = { .bearer_type = 1 };

	(void)state;
	for (int who = 0; who < 2; who++) {
		pair_init(&p, "secret");
		lac->host.bearer_caps = 1;
		pair_open(&p);
		pair_run(&p, 500);
		l2tp_session_dial(lns->tunnel, p.now, &call, NULL);
		pair_run(&p, 500);
		l2tp_session_connect(lac->session, p.now);
		pair_run(&p, 500);
		save(&p.box[who]);
		assert_int_equal(load(&p.box[who]), 1);
		lac->host.bearer_caps = 1;
		assert_true(LIST_FIRST(&p.box[who].tunnel->sessions)->outgoing);
		assert_int_equal(p.box[who].tunnel->peer_framing, 3);
		assert_int_equal(lns->tunnel->peer_bearer, 1);
		assert_non_null(
			l2tp_session_dial(lns->tunnel, p.now, &call, NULL));
		pair_run(&p, 500);
		assert_int_equal(lac->session->serial, 2);
		pair_free_all(&p);
	}
}

/* A peer that moved when the tunnel was set up is still where it was. */
static void moved(void **state)
{
	struct addr_port called;

	(void)state;
	pair_init(&p, "secret");
	called = lns->addr;
	lac->peer.address_change = L2TP_MOVE_IGNORE;
	pair_open(&p);
	lns->addr.addr = addr_v4(0xc0000299);
	lns->addr.port = 5000;
	pair_run(&p, 500);
	save(lac);
	assert_int_equal(load(lac), 0);
	assert_true(addr_eq(&lac->tunnel->called.addr, &called.addr));
	assert_int_equal(lac->tunnel->called.port, called.port);
	assert_true(addr_eq(&lac->tunnel->from.addr, &lns->addr.addr));
	assert_int_equal(lac->tunnel->from.port, 5000);
	pair_call(&p);
	pair_run(&p, 500);
	assert_int_equal(lac->sessions, 1);
	assert_true(addr_eq(&lac->sent_to.addr, &called.addr));
	assert_int_equal(lac->sent_to.port, 5000);
	pair_free_all(&p);
}

/* A message was on its way, and was lost with the sender. */
static void unacknowledged(void **state)
{
	(void)state;
	for (int who = 0; who < 2; who++) {
		struct box *b = &p.box[who];

		pair_up_tunnel(&p, "secret");
		pair_call(&p);
		pair_call(&p);
		pair_run(&p, 500);
		p.cut = true;
		l2tp_session_close(LIST_FIRST(&b->tunnel->sessions), p.now,
				   L2TP_CDN_ADMIN, 0, "");
		save(b);
		assert_int_equal(load(b), 1);
		p.cut = false;
		pair_run(&p, SECONDS(1));
		assert_string_equal(b->trace, ">CDN");
		assert_int_equal(idmap_count(&lac->host.sessions), 1);
		assert_int_equal(idmap_count(&lns->host.sessions), 1);
		pair_free_all(&p);
	}
}

static int victim;

/* What is stored before each message leaves is enough. */
static bool killed_after(struct pair *pair, int from, const struct l2tp_msg *m)
{
	(void)pair;
	(void)m;
	if (from != victim || p.box[from].tunnel == NULL ||
	    p.box[from].tunnel->state != L2TP_TUNNEL_ESTABLISHED)
		return false;
	save(&p.box[from]);
	return false;
}

/*
 * Calls are set up and one is ended; after each number of events one side is
 * killed. In the end both sides have the same sessions.
 */
static void killed(int who, unsigned int events, bool tell_twice)
{
	struct box *b = &p.box[who];
	unsigned int n = 0;

	pair_up_tunnel(&p, "secret");
	victim = who;
	p.drop = killed_after;
	p.twice = tell_twice ? 50 : 0;
	save(b);
	pair_call(&p);
	pair_call(&p);
	while (n++ < events && pair_step(&p, p.now + 200))
		;
	if (!LIST_EMPTY(&lac->tunnel->sessions) && events % 2)
		l2tp_session_close(LIST_FIRST(&lac->tunnel->sessions), p.now,
				   L2TP_CDN_CARRIER, 0, "");
	for (n = 0; n < events / 3; n++)
		pair_step(&p, p.now + 200);
	load(b);
	assert_non_null(b->tunnel);
	pair_run(&p, SECONDS(200));
	assert_non_null(lac->tunnel);
	assert_non_null(lns->tunnel);
	assert_int_equal(lac->tunnel->state, L2TP_TUNNEL_ESTABLISHED);
	assert_int_equal(lns->tunnel->state, L2TP_TUNNEL_ESTABLISHED);
	assert_int_equal(lac->tunnel->n_sessions, lns->tunnel->n_sessions);
	/* And it still carries calls. */
	pair_call(&p);
	pair_run(&p, SECONDS(5));
	assert_int_equal(lac->tunnel->n_sessions, lns->tunnel->n_sessions);
	assert_true(lac->tunnel->n_sessions);
	pair_free_all(&p);
}

static void killed_anywhere(void **state)
{
	(void)state;
	for (unsigned int events = 0; events < 24; events++) {
		for (int who = 0; who < 2; who++) {
			killed(who, events, false);
			killed(who, events, true);
		}
	}
}

/* What is not established is not worth keeping. */
static void unfinished(void **state)
{
	struct l2tp_session *s;
	struct rd r;

	(void)state;
	pair_init(&p, NULL);
	pair_open(&p);
	save(lac);
	load(lac);
	assert_null(lac->tunnel);
	pair_free_all(&p);

	pair_up_tunnel(&p, NULL);
	s = pair_call(&p);
	assert_int_equal(s->state, L2TP_SESSION_WAIT_REPLY);
	save(lac);
	assert_int_equal(n_sessions, 1);
	assert_int_equal(load(lac), 0);
	/* The ICRQ is sent again; its ICRP finds nobody, and the LNS learns. */
	pair_run(&p, SECONDS(5));
	assert_int_equal(idmap_count(&lns->host.sessions), 0);
	assert_int_equal(lns->downs, 1);
	pair_free_all(&p);

	pair_up_tunnel(&p, NULL);
	l2tp_tunnel_close(lac->tunnel, p.now, L2TP_STOP_CLEAR, 0, "");
	save(lac);
	load(lac);
	assert_null(lac->tunnel);
	r = rd_make(session_record[0], session_len[0]);
	assert_null(l2tp_session_load(&lac->host, &r));
	pair_free_all(&p);
}

/* Cut, or any byte another: an object or none, nothing else. */
static void spoiled(void **state)
{
	size_t tunnel_full, session_full;

	(void)state;
	pair_up_tunnel(&p, "secret");
	pair_call(&p);
	pair_run(&p, 500);
	p.cut = true;
	pair_call(&p);
	save(lac);
	tunnel_full = tunnel_len;
	session_full = session_len[0];
	for (tunnel_len = 0; tunnel_len < tunnel_full; tunnel_len++) {
		load(lac);
		assert_null(lac->tunnel);
	}
	for (size_t i = 0; i < tunnel_full; i++) {
		tunnel_record[i] ^= 0x11;
		load(lac);
		tunnel_record[i] ^= 0x11;
	}
	for (size_t i = 0; i < session_full; i++) {
		session_record[0][i] ^= 0x11;
		load(lac);
		session_record[0][i] ^= 0x11;
	}
	for (size_t cut = 0; cut < session_full; cut++) {
		session_len[0] = session_len[1] = cut;
		assert_int_equal(load(lac), 0);
	}
	/* Twice the same is one too many. */
	session_len[0] = session_len[1] = session_full;
	memcpy(session_record[1], session_record[0], session_full);
	assert_true(load(lac) <= 1);
	pair_free_all(&p);
}

/* The peer's definition is gone from the configuration. */
static void no_such_peer(void **state)
{
	(void)state;
	pair_up_tunnel(&p, NULL);
	save(lac);
	lac->peer.name = "another";
	load(lac);
	assert_null(lac->tunnel);
	assert_int_equal(idmap_count(&lac->host.tunnels), 0);
	pair_free_all(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_peace),
		cmocka_unit_test(outgoing),
		cmocka_unit_test(moved),
		cmocka_unit_test(unacknowledged),
		cmocka_unit_test(killed_anywhere),
		cmocka_unit_test(unfinished),
		cmocka_unit_test(spoiled),
		cmocka_unit_test(no_such_peer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
