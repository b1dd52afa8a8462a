// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Outgoing calls between two hosts: the LNS asks, the LAC's owner answers. What was
 * not offered is not asked for, and refused. RFC 2661 5.2.2, 7.5.
 */
#include "l2tp/full.h"
#include "l2tp/pair.h"

static struct pair p;
static struct box *const lac = &p.box[0], *const lns = &p.box[1];

static const struct l2tp_call call = {
	.min_bps = 56000,
	.max_bps = 64000,
	.bearer_type = L2TP_BEARER_DIGITAL,
	.framing_type = L2TP_FRAMING_SYNC,
	.called = "5551234",
	.sub_address = "7",
};

static void tunnel(uint32_t bearer_caps)
{
	pair_init(&p, "secret");
	lac->host.bearer_caps = bearer_caps;
	pair_open(&p);
	pair_run(&p, 500);
	assert_int_equal(lac->tunnels, 1);
	lac->trace[0] = lns->trace[0] = 0;
}

static struct l2tp_session *dial(void)
{
	lns->session = l2tp_session_dial(lns->tunnel, p.now, &call, NULL);
	return lns->session;
}

static struct l2tp_call asked; /* as the LAC's owner saw it */

static void look(struct box *b, const char *op, struct l2tp_tunnel *t,
		 struct l2tp_session *s)
{
	(void)b;
	(void)t;
	if (!strcmp(op, "in"))
		asked = *s->call;
}

static void there(void **state)
{
	(void)state;
	tunnel(L2TP_BEARER_DIGITAL);
	lac->mischief = look;
	lac->peer.sequencing = true;
	assert_non_null(dial());
	pair_run(&p, 500);
	assert_string_equal(lac->trace, "in changed >OCRP");
	assert_string_equal(lns->trace, "changed >OCRQ answered changed >ZLB");
	assert_int_equal(lac->session->state, L2TP_SESSION_WAIT_ANSWER);
	assert_int_equal(lns->session->state, L2TP_SESSION_WAIT_CONNECT);
	assert_string_equal(asked.called, "5551234");
	assert_string_equal(asked.sub_address, "7");
	assert_int_equal(asked.min_bps, 56000);
	assert_int_equal(asked.max_bps, 64000);
	assert_int_equal(asked.serial, lns->session->serial);
	lac->session->call->tx_speed = 64000;
	lac->session->call->rx_speed = 128000;
	l2tp_session_connect(lac->session, p.now);
	l2tp_session_connect(lac->session, p.now); /* once is enough */
	pair_run(&p, 500);
	assert_int_equal(lac->sessions, 1);
	assert_int_equal(lns->sessions, 1);
	assert_int_equal(lns->call.tx_speed, 64000);
	assert_int_equal(lns->call.rx_speed, 128000);
	assert_true(lac->session->sequencing);
	assert_true(lns->session->sequencing);
	assert_int_equal(lac->host.count.tx_retransmits, 0);
	l2tp_session_close(lns->session, p.now, L2TP_CDN_ADMIN, 0, "enough");
	pair_run(&p, 500);
	assert_int_equal(lac->downs, 1);
	pair_free_all(&p);
}

/* In each state, either end gives up. */
static void given_up(void **state)
{
	(void)state;
	for (msec_t when = 0; when < 6; when++) {
		for (int who = 0; who < 2; who++) {
			struct l2tp_session *s;

			tunnel(L2TP_BEARER_DIGITAL);
			dial();
			pair_run(&p, when);
			if (when == 4)
				l2tp_session_connect(lac->session, p.now);
			s = LIST_FIRST(&p.box[who].tunnel->sessions);
			if (s)
				l2tp_session_close(s, p.now, L2TP_CDN_CARRIER,
						   0, "");
			pair_run(&p, SECONDS(70));
			assert_int_equal(idmap_count(&lac->host.sessions), 0);
			assert_int_equal(idmap_count(&lns->host.sessions), 0);
			assert_int_equal(lac->tunnel->state,
					 L2TP_TUNNEL_ESTABLISHED);
			pair_free_all(&p);
		}
	}
}

/* Nobody answers: after a minute both know. */
static void no_answer(void **state)
{
	(void)state;
	tunnel(L2TP_BEARER_DIGITAL);
	dial();
	pair_run(&p, SECONDS(59));
	assert_int_equal(lac->downs + lns->downs, 0);
	pair_run(&p, SECONDS(2));
	assert_int_equal(lac->downs, 1);
	assert_int_equal(lns->downs, 1);
	pair_free_all(&p);
}

static void not_offered(void **state)
{
	(void)state;
	/* None at all, or another: it is not even asked. */
	tunnel(0);
	assert_null(dial());
	assert_int_equal(lns->sent, 2); /* SCCRP and a ZLB */
	pair_free_all(&p);
	tunnel(L2TP_BEARER_ANALOG);
	assert_null(dial());
	pair_free_all(&p);
	/* The same when the tunnel was not there yet. */
	pair_init(&p, NULL);
	lac->host.bearer_caps = L2TP_BEARER_ANALOG;
	struct l2tp_path path = pair_path(&p, 1);

	lns->tunnel =
		l2tp_tunnel_open(&lns->host, p.now, &path, &lns->peer, NULL);
	assert_non_null(dial());
	pair_run(&p, 500);
	assert_int_equal(lns->downs, 1);
	assert_int_equal(lns->why.result, L2TP_CDN_NEVER);
	assert_null(strstr(lns->trace, "OCRQ"));
	assert_null(strstr(lns->trace, "CDN"));
	pair_free_all(&p);
}

/* A peer that asks anyway. */
static void refused(void **state)
{
	static const struct {
		uint32_t caps, bearer, framing;
		uint16_t result, error;
	} cases[] = {
		{ 0, 1, 1, L2TP_CDN_NEVER, 0 },
		{ 2, 1, 1, L2TP_CDN_ERROR, L2TP_ERR_VALUE },
		{ 1, 3, 1, L2TP_CDN_ERROR, L2TP_ERR_VALUE },
		{ 1, 1, 4, L2TP_CDN_ERROR, L2TP_ERR_VALUE },
	};

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		struct l2tp_call odd = call;

		tunnel(cases[i].caps);
		lns->tunnel->peer_bearer = 0xff;
		lns->tunnel->peer_framing = 0;
		odd.bearer_type = cases[i].bearer;
		odd.framing_type = cases[i].framing;
		assert_non_null(
			l2tp_session_dial(lns->tunnel, p.now, &odd, NULL));
		pair_run(&p, 500);
		assert_int_equal(lns->downs, 1);
		assert_int_equal(lns->why.result, cases[i].result);
		assert_int_equal(lns->why.error, cases[i].error);
		assert_string_not_equal(lns->why.text, "");
		assert_int_equal(lac->downs, 0);
		assert_int_equal(idmap_count(&lac->host.sessions), 0);
		pair_free_all(&p);
	}
	/* The owner has the last word. */
	tunnel(1);
	lac->call_error = -1;
	dial();
	pair_run(&p, 500);
	assert_int_equal(lns->why.result, L2TP_CDN_ADMIN);
	pair_free_all(&p);
}

/* Framing of an incoming call is what the LNS has offered. RFC 2661 4.4.4. */
static void framing(void **state)
{
	static const struct {
		uint32_t offered, want, sent;
	} cases[] = {
		{ 3, 0, 1 }, { 3, 1, 1 }, { 3, 2, 2 }, { 2, 1, 2 },
		{ 1, 2, 1 }, { 0, 2, 2 }, { 2, 0, 2 }, { 3, 3, 3 },
	};

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		struct l2tp_call c = { .tx_speed = 1,
				       .framing_type = cases[i].want };

		pair_up_tunnel(&p, NULL);
		lac->tunnel->peer_framing = cases[i].offered;
		l2tp_session_call(lac->tunnel, p.now, &c, NULL);
		pair_run(&p, 500);
		assert_int_equal(lns->sessions, 1);
		assert_int_equal(lns->call.framing_type, cases[i].sent);
		pair_free_all(&p);
	}
	/* A LAC that has a framing of its own. */
	pair_up_tunnel(&p, NULL);
	lac->tunnel->peer_framing = 0;
	l2tp_session_call(lac->tunnel, p.now,
			  &(struct l2tp_call){ .framing_type = 8 }, NULL);
	pair_run(&p, 500);
	assert_int_equal(lac->why.result, L2TP_CDN_ERROR);
	assert_int_equal(lac->why.error, L2TP_ERR_VALUE);
	assert_int_equal(lns->downs, 1);
	pair_free_all(&p);
}

/* AVP 39 by the LAC's option; a group is carried to the owner. */
static void sequencing_and_group(void **state)
{
	(void)state;
	for (int on = 0; on < 2; on++) {
		struct l2tp_call c = { .tx_speed = 1, .group = "vpn \1blue" };

		pair_up_tunnel(&p, NULL);
		lac->peer.sequencing = on;
		lns->peer.sequencing = !on; /* not the LNS's to say */
		lac->session = l2tp_session_call(lac->tunnel, p.now, &c, NULL);
		pair_run(&p, 500);
		assert_int_equal(lns->session->sequencing, on);
		assert_int_equal(lac->session->sequencing, on);
		assert_string_equal(lns->call.group, "vpn ?blue");
		pair_free_all(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there),
		cmocka_unit_test(given_up),
		cmocka_unit_test(no_answer),
		cmocka_unit_test(not_offered),
		cmocka_unit_test(refused),
		cmocka_unit_test(framing),
		cmocka_unit_test(sequencing_and_group),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
