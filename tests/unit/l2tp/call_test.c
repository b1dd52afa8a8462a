// SPDX-License-Identifier: GPL-2.0-or-later
/* Two hosts: calls set up, refused, ended; what the LAC found out arrives. */
#include "l2tp/pair.h"

static struct pair p;
static struct box *const lac = &p.box[0], *const lns = &p.box[1];

static void forget_traces(void)
{
	lac->trace[0] = lns->trace[0] = 0;
}

static void connected(const char *secret)
{
	pair_up_tunnel(&p, secret);
	assert_non_null(pair_call(&p));
	pair_run(&p, 500);
	assert_int_equal(lac->sessions, 1);
	assert_int_equal(lns->sessions, 1);
}

static void clean_call(void **state)
{
	(void)state;
	connected(NULL);
	assert_string_equal(lac->trace,
			    "changed >ICRQ answered call changed >ICCN");
	assert_string_equal(lns->trace, "in changed >ICRP call changed >ZLB");
	assert_int_equal(lac->host.count.tx_retransmits, 0);
	assert_int_equal(lns->host.count.tx_retransmits, 0);
	assert_int_equal(lac->session->id, lns->session->peer_id);
	assert_int_equal(lns->session->id, lac->session->peer_id);
	assert_int_equal(lac->session->serial, lns->session->serial);
	assert_null(lac->session->call);
	assert_null(lns->session->call);
	assert_string_equal(lns->call.called, "100");
	assert_string_equal(lns->call.calling, "200");
	assert_int_equal(lns->call.tx_speed, 100000000);
	assert_int_equal(lns->call.rx_speed, 20000000);
	assert_int_equal(lns->call.framing_type, 1);
	assert_int_equal(lns->call.bearer_type, 2);
	assert_int_equal(lns->call.proxy.authen_type, L2TP_AUTHEN_ABSENT);
	pair_free_all(&p);
}

/* Calls made before the tunnel is up leave when it is, in order. */
static void wait_tunnel(void **state)
{
	struct l2tp_session *s[3];

	(void)state;
	pair_init(&p, "secret");
	pair_open(&p);
	for (int i = 0; i < 3; i++) {
		s[i] = pair_call(&p);
		assert_int_equal(s[i]->state, L2TP_SESSION_WAIT_TUNNEL);
	}
	/* One is given up before: the peer never hears of it. */
	l2tp_session_close(s[1], p.now, L2TP_CDN_CARRIER, 0, "");
	pair_run(&p, 500);
	assert_int_equal(lac->sessions, 2);
	assert_int_equal(lns->sessions, 2);
	assert_int_equal(lns->session->serial, 3);
	assert_null(strstr(lac->trace, "CDN"));
	assert_int_equal(lac->host.count.tx_retransmits, 0);
	pair_free_all(&p);
}

/* ------------------------------------------------------------- proxy AVPs */

static void octets(struct l2tp_octets *o, size_t len, uint8_t start)
{
	o->present = true;
	o->len = (uint16_t)len;
	for (size_t i = 0; i < len; i++)
		o->b[i] = (uint8_t)(start + i * 7);
}

static bool password_seen;
static const char password[] = "correct horse";

static bool look_for_password(struct pair *pair, int from,
			      const struct l2tp_msg *m)
{
	(void)pair;
	(void)from;
	if (memmem(m->body.p, rd_left(&m->body), password,
		   sizeof(password) - 1))
		password_seen = true;
	return false;
}

static void proxy(const char *secret, uint16_t type)
{
	struct l2tp_call call = { .tx_speed = 1000 };
	struct l2tp_proxy *x = &call.proxy;

	octets(&x->first_rx_confreq, type == L2TP_AUTHEN_CHAP ? 10 : 0, 1);
	octets(&x->last_tx_confreq, 256, 2);
	octets(&x->last_rx_confreq, 22, 3);
	x->authen_type = type;
	x->authen_id = 77;
	octets(&x->authen_name, 20, 4);
	if (type == L2TP_AUTHEN_CHAP)
		octets(&x->authen_challenge, 16, 5);
	x->authen_response.present = true;
	x->authen_response.len = sizeof(password) - 1;
	memcpy(x->authen_response.b, password, sizeof(password) - 1);
	pair_up_tunnel(&p, secret);
	password_seen = false;
	p.drop = look_for_password;
	assert_non_null(l2tp_session_call(lac->tunnel, p.now, &call, NULL));
	pair_run(&p, 500);
	assert_int_equal(lns->sessions, 1);
	assert_memory_equal(&lns->call.proxy, x, sizeof(*x));
	assert_int_equal(password_seen, !secret || type == L2TP_AUTHEN_CHAP);
	/* Absent Rx speed is as Tx. */
	assert_int_equal(lns->call.rx_speed, 1000);
	pair_free_all(&p);
}

static void proxies(void **state)
{
	(void)state;
	proxy(NULL, L2TP_AUTHEN_PAP);
	proxy("secret", L2TP_AUTHEN_PAP);
	proxy(NULL, L2TP_AUTHEN_CHAP);
	proxy("secret", L2TP_AUTHEN_CHAP);
}

/* RFC 2661 4.4.5: each of these must be there with its type. */
static void incomplete_proxies(void **state)
{
	static const unsigned int parts[] = { AVP_AUTHEN_NAME,
					      AVP_AUTHEN_CHALLENGE,
					      AVP_AUTHEN_ID,
					      AVP_AUTHEN_RESPONSE };
	static const bool needs[][4] = {
		[L2TP_AUTHEN_TEXT] = { true, false, false, true },
		[L2TP_AUTHEN_CHAP] = { true, true, true, true },
		[L2TP_AUTHEN_PAP] = { true, false, true, true },
		[L2TP_AUTHEN_NONE] = { false },
		[L2TP_AUTHEN_MSCHAP] = { true, true, true, true },
		[6] = { false }, /* not known, so not judged */
	};
	static const uint8_t long_name[257];

	(void)state;
	for (uint16_t type = 1; type < 7; type++)
		for (size_t missing = 0; missing <= 4; missing++) {
			struct l2tp_msg m = { .type = L2TP_ICCN,
					      .authen_type = type };
			struct l2tp_call call = { 0 };
			bool good = missing == 4 || !needs[type][missing];

			l2tp_msg_set(&m, AVP_AUTHEN_TYPE);
			for (size_t i = 0; i < 4; i++)
				if (i != missing)
					l2tp_msg_set(&m, parts[i]);
			l2tp_call_read(&call, &m);
			assert_int_equal(call.proxy.authen_type,
					 good ? type : L2TP_AUTHEN_ABSENT);
			m.authen_name = (struct l2tp_bytes){ long_name, 257 };
			l2tp_call_read(&call, &m);
			assert_int_equal(call.proxy.authen_type,
					 L2TP_AUTHEN_ABSENT);
		}
}

/* The owner may change the call when it is answered. */
static void late_change(struct box *b, const char *op, struct l2tp_tunnel *t,
			struct l2tp_session *s)
{
	(void)b;
	(void)t;
	if (!strcmp(op, "answered"))
		s->call->tx_speed = 4242;
}

static void changed_late(void **state)
{
	(void)state;
	pair_up_tunnel(&p, NULL);
	lac->mischief = late_change;
	pair_call(&p);
	pair_run(&p, 500);
	assert_int_equal(lns->call.tx_speed, 4242);
	pair_free_all(&p);
}

/* ---------------------------------------------------------------- the end */

static void cdn(void **state)
{
	(void)state;
	for (int who = 0; who < 2; who++) {
		connected("secret");
		forget_traces();
		l2tp_session_close(p.box[who].session, p.now, L2TP_CDN_ADMIN, 0,
				   "enough");
		pair_run(&p, 500);
		assert_string_equal(p.box[who].trace, "changed >CDN");
		assert_string_equal(p.box[!who].trace, "gone changed >ZLB");
		assert_int_equal(p.box[!who].why.result, L2TP_CDN_ADMIN);
		assert_string_equal(p.box[!who].why.text, "enough");
		assert_int_equal(idmap_count(&lac->host.sessions), 0);
		assert_int_equal(idmap_count(&lns->host.sessions), 0);
		pair_free_all(&p);
	}
}

/* Both at once: neither tells its owner twice. */
static void cdn_crossed(void **state)
{
	(void)state;
	connected(NULL);
	l2tp_session_close(lac->session, p.now, L2TP_CDN_CARRIER, 0, "");
	l2tp_session_close(lns->session, p.now, L2TP_CDN_ADMIN, 0, "");
	pair_run(&p, 500);
	assert_int_equal(lac->downs + lns->downs, 0);
	assert_int_equal(lac->host.count.rx_no_session, 1);
	assert_int_equal(lns->host.count.rx_no_session, 1);
	assert_int_equal(lac->tunnel->state, L2TP_TUNNEL_ESTABLISHED);
	pair_free_all(&p);
}

/* Given up in every millisecond of the set-up. */
static void cdn_early(void **state)
{
	(void)state;
	for (msec_t when = 0; when < 6; when++) {
		pair_up_tunnel(&p, NULL);
		pair_call(&p);
		pair_run(&p, when);
		l2tp_session_close(lac->session, p.now, L2TP_CDN_CARRIER, 0,
				   "");
		pair_run(&p, SECONDS(5));
		assert_int_equal(idmap_count(&lac->host.sessions), 0);
		assert_int_equal(idmap_count(&lns->host.sessions), 0);
		assert_int_equal(lns->downs, 1);
		assert_int_equal(lac->tunnel->state, L2TP_TUNNEL_ESTABLISHED);
		assert_int_equal(lns->tunnel->state, L2TP_TUNNEL_ESTABLISHED);
		pair_free_all(&p);
	}
}

static void refused(void **state)
{
	(void)state;
	for (int who = 0; who < 2; who++) {
		pair_up_tunnel(&p, NULL);
		p.box[who].call_error = -1;
		pair_call(&p);
		pair_run(&p, 500);
		assert_int_equal(p.box[!who].downs, 1);
		assert_int_equal(p.box[who].downs, 0);
		assert_int_equal(p.box[!who].why.result, L2TP_CDN_ADMIN);
		assert_int_equal(idmap_count(&lac->host.sessions), 0);
		assert_int_equal(idmap_count(&lns->host.sessions), 0);
		assert_int_equal(lac->host.count.calls_failed, 1);
		assert_int_equal(lns->host.count.calls_failed, 1);
		pair_free_all(&p);
	}
}

static void not_its_lns(void **state)
{
	(void)state;
	pair_up_tunnel(&p, NULL);
	lns->peer.accept_calls = false;
	pair_call(&p);
	pair_run(&p, 500);
	assert_int_equal(lac->why.result, L2TP_CDN_ADMIN);
	assert_string_equal(lns->trace, "changed >CDN");
	pair_free_all(&p);
}

static void limit(void **state)
{
	(void)state;
	connected(NULL);
	lns->host.max_sessions = 1;
	pair_call(&p);
	pair_run(&p, 500);
	assert_int_equal(lac->why.result, L2TP_CDN_BUSY_NOW);
	assert_int_equal(lac->why.error, L2TP_ERR_RESOURCES);
	assert_int_equal(lns->host.count.refused_limit, 1);
	lac->host.max_sessions = 1;
	assert_null(pair_call(&p));
	l2tp_tunnel_close(lac->tunnel, p.now, L2TP_STOP_CLEAR, 0, "");
	lac->host.max_sessions = 10;
	assert_null(pair_call(&p));
	pair_free_all(&p);
}

/* One side acknowledges, and that is all. */
static bool lose_calls(struct pair *pair, int from, const struct l2tp_msg *m)
{
	(void)pair;
	(void)from;
	return m->type == L2TP_ICRP || m->type == L2TP_ICCN;
}

static void takes_too_long(void **state)
{
	(void)state;
	pair_up_tunnel(&p, NULL);
	lac->peer.hello = lns->peer.hello = 0;
	lns->tunnel->xport.max_tries = 100;
	p.drop = lose_calls;
	pair_call(&p);
	pair_run(&p, SECONDS(59));
	assert_int_equal(lac->downs + lns->downs, 0);
	pair_run(&p, SECONDS(2));
	assert_int_equal(lac->downs, 1);
	assert_int_equal(lac->why.result, L2TP_CDN_TIMEOUT);
	assert_int_equal(lns->downs, 1);
	pair_free_all(&p);
}

/* A peer that has forgotten a session uses its id again: both ends forget. */
static void id_again(void **state)
{
	struct l2tp_session *s;
	uint16_t id;

	(void)state;
	connected(NULL);
	id = lac->session->id;
	s = lac->session;
	/* As if it had never been: nothing is sent. */
	s->state = L2TP_SESSION_WAIT_TUNNEL;
	l2tp_session_close(s, p.now, L2TP_CDN_CARRIER, 0, "");
	while (idmap_count(&lac->host.sessions) < 65534) {
		if (idmap_new(&lac->host.sessions, lac) == id) {
			idmap_del(&lac->host.sessions, id);
			idmap_new(&lac->host.sessions, lac);
		}
	}
	pair_call(&p);
	assert_int_equal(lac->session->id, id);
	pair_run(&p, 500);
	assert_int_equal(lac->downs, 1);
	assert_int_equal(lns->downs, 1);
	assert_int_equal(lac->why.error, L2TP_ERR_SESSION_ID);
	assert_int_equal(idmap_count(&lns->host.sessions), 0);
	pair_free_all(&p);
}

/* ------------------------------------------------------------------- much */

static void many(void **state)
{
	(void)state;
	pair_up_tunnel(&p, "secret");
	for (int i = 0; i < 2000; i++)
		assert_non_null(pair_call(&p));
	pair_run(&p, SECONDS(3));
	assert_int_equal(lac->sessions, 2000);
	assert_int_equal(lns->sessions, 2000);
	assert_int_equal(lac->host.count.tx_retransmits, 0);
	assert_int_equal(lns->host.count.tx_retransmits, 0);
	l2tp_tunnel_close(lns->tunnel, p.now, L2TP_STOP_CLEAR, 0, "");
	pair_run(&p, SECONDS(40));
	assert_int_equal(lac->sessions + lns->sessions, 0);
	pair_free_all(&p);
}

/* Calls come and go on a bad wire; in the end both sides agree. */
static void bad_wire(uint64_t seed)
{
	uint64_t s = seed * 31 + 7;

	pair_init(&p, seed % 2 ? "secret" : NULL);
	p.seed = s;
	p.loss = seeded(&s) % 30;
	p.twice = seeded(&s) % 30;
	p.jitter = seeded(&s) % 300;
	pair_open(&p);
	for (int i = 0; i < 40 && lac->tunnel; i++) {
		struct l2tp_session *call;

		pair_call(&p);
		pair_run(&p, seeded(&s) % 700);
		call = lac->tunnel ? LIST_FIRST(&lac->tunnel->sessions) : NULL;
		if (call && seeded(&s) % 2)
			l2tp_session_close(call, p.now, L2TP_CDN_CARRIER, 0,
					   "");
	}
	p.loss = 0;
	pair_run(&p, SECONDS(300));
	assert_int_equal(idmap_count(&lac->host.sessions),
			 idmap_count(&lns->host.sessions));
	pair_free_all(&p);
}

static void bad_wires(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 150; seed++)
		bad_wire(seed);
}

/* --------------------------------------------------------------- mischief */

static const char *when; /* in which op */
static int who, what;

static void close_things(struct box *b, const char *op, struct l2tp_tunnel *t,
			 struct l2tp_session *s)
{
	if (b->me != who || strcmp(op, when))
		return;
	b->mischief = NULL;
	if (what == 0 && s)
		l2tp_session_close(s, b->pair->now, L2TP_CDN_ADMIN, 0, "");
	if (what == 1)
		l2tp_tunnel_close(t, b->pair->now, L2TP_STOP_CLEAR, 0, "");
	if (what == 2)
		l2tp_session_call(t, b->pair->now, &b->call, NULL);
	if (what == 3) {
		struct l2tp_path path = pair_path(b->pair, b->me);

		l2tp_tunnel_open(&b->host, b->pair->now, &path, &b->peer, NULL);
	}
	if (what == 4 && LIST_FIRST(&t->sessions))
		l2tp_session_close(LIST_FIRST(&t->sessions), b->pair->now,
				   L2TP_CDN_ADMIN, 0, "");
}

/* Whatever an op does to what it is called about, nothing is used after. */
static void ops_call_back(void **state)
{
	static const char *const ops[] = { "new",  "up",   "in",  "answered",
					   "call", "gone", "down" };

	(void)state;
	for (size_t op = 0; op < N_OF(ops); op++) {
		for (who = 0; who < 2; who++) {
			for (what = 0; what < 5; what++) {
				when = ops[op];
				pair_init(&p, "secret");
				lac->mischief = lns->mischief = close_things;
				pair_open(&p);
				pair_call(&p);
				pair_call(&p);
				pair_run(&p, SECONDS(2));
				if (lac->tunnel)
					l2tp_tunnel_close(lac->tunnel, p.now,
							  L2TP_STOP_CLEAR, 0,
							  "");
				pair_run(&p, SECONDS(300));
				assert_int_equal(idmap_count(
							 &lac->host.sessions),
						 idmap_count(
							 &lns->host.sessions));
				pair_free_all(&p);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clean_call),
		cmocka_unit_test(wait_tunnel),
		cmocka_unit_test(proxies),
		cmocka_unit_test(incomplete_proxies),
		cmocka_unit_test(changed_late),
		cmocka_unit_test(cdn),
		cmocka_unit_test(cdn_crossed),
		cmocka_unit_test(cdn_early),
		cmocka_unit_test(refused),
		cmocka_unit_test(not_its_lns),
		cmocka_unit_test(limit),
		cmocka_unit_test(takes_too_long),
		cmocka_unit_test(id_again),
		cmocka_unit_test(many),
		cmocka_unit_test(bad_wires),
		cmocka_unit_test(ops_call_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
