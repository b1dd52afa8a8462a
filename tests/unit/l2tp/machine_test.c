// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every cell of all machines: one host, a peer made by hand, a message of each
 * type in each state. RFC 2661 7.2.1, 7.4.1, 7.4.2, 7.5.1, 7.5.2.
 */
#include "l2tp/full.h"
#include "l2tp/pair.h"

#define PEER_TUNNEL 0x7001
#define PEER_SESSION 0x7002

static struct pair p;
static struct box *const us = &p.box[1];
static uint16_t ns; /* of the peer's next message */
static struct l2tp_msg last; /* that we sent, not a ZLB */
static uint8_t last_bytes[L2TP_MSG_MAX];
static unsigned int messages;

static bool catch (struct pair *pair, int from, const struct l2tp_msg *m)
{
	(void)pair;
	assert_int_equal(from, 1);
	if (m->type == L2TP_ZLB)
		return true;
	messages++;
	memcpy(last_bytes, m->body.p, rd_left(&m->body));
	last = *m;
	last.body = rd_make(last_bytes, rd_left(&m->body));
	l2tp_msg_body(&last, NULL);
	return true;
}

static void feed(uint16_t type, uint16_t tunnel, uint16_t session)
{
	struct l2tp_msg m = {
		.tunnel_id = tunnel,
		.session_id = session,
		.ns = ns++,
		.nr = us->tunnel ? us->tunnel->xport.ns : 0,
		.type = type,
		.has = l2tp_msg_must(type),
		.version = 0x100,
		.framing_caps = 3,
		.bearer_caps = 3,
		.bearer_type = 1,
		.framing_type = 1,
		.host_name = { (const uint8_t *)"lac.example", 11 },
		.assigned_tunnel = PEER_TUNNEL,
		.assigned_session = PEER_SESSION,
		.serial = 1,
		.result = { 1, 0, "" },
		.called = { (const uint8_t *)"1", 1 },
	};
	struct l2tp_path path = pair_path(&p, 1);
	uint8_t b[L2TP_MSG_MAX];
	size_t len;

	full_items(&m);
	l2tp_msg_set(&m, AVP_BEARER_CAPS);
	len = l2tp_msg_encode(&m, NULL, b, sizeof(b));
	assert_true(len);
	messages = 0;
	last.type = 0;
	l2tp_host_input(&us->host, p.now, &path, b, len);
}

/* ------------------------------------------------------------- the tunnel */

static void tunnel_in(enum l2tp_tunnel_state state)
{
	struct l2tp_path path;

	pair_init(&p, NULL);
	p.drop = catch;
	us->peer.remote_name = NULL;
	ns = 0;
	path = pair_path(&p, 1);
	if (state == L2TP_TUNNEL_WAIT_REPLY) {
		us->tunnel = l2tp_tunnel_open(&us->host, p.now, &path,
					      &us->peer, NULL);
	} else {
		feed(L2TP_SCCRQ, 0, 0);
		assert_int_equal(last.type, L2TP_SCCRP);
	}
	if (state == L2TP_TUNNEL_ESTABLISHED)
		feed(L2TP_SCCCN, us->tunnel->id, 0);
	if (state == L2TP_TUNNEL_CLOSING)
		feed(L2TP_STOPCCN, us->tunnel->id, 0);
	assert_int_equal(us->tunnel->state, state);
	us->trace[0] = 0;
}

enum outcome { STAYS, UP, STOPPED, FSM };

#define WAIT_REPLY L2TP_TUNNEL_WAIT_REPLY
#define WAIT_CONN L2TP_TUNNEL_WAIT_CONN
#define ESTABLISHED L2TP_TUNNEL_ESTABLISHED
#define CLOSING L2TP_TUNNEL_CLOSING

static const struct {
	uint16_t type;
	enum outcome in[L2TP_TUNNEL_NSTATES];
} tunnel_cells[] = {
#define ROW(type, reply, conn, up, closing)                       \
	{                                                         \
		L2TP_##type,                                      \
		{                                                 \
			[WAIT_REPLY] = reply, [WAIT_CONN] = conn, \
			[ESTABLISHED] = up, [CLOSING] = closing   \
		}                                                 \
	}
	ROW(SCCRQ, FSM, FSM, FSM, STAYS),
	ROW(SCCRP, UP, FSM, FSM, STAYS),
	ROW(SCCCN, FSM, UP, FSM, STAYS),
	ROW(STOPCCN, STOPPED, STOPPED, STOPPED, STAYS),
	ROW(HELLO, STAYS, STAYS, STAYS, STAYS),
	ROW(ICRQ, FSM, FSM, STAYS, STAYS),
	ROW(ICRP, FSM, FSM, STAYS, STAYS),
	ROW(ICCN, FSM, FSM, STAYS, STAYS),
	ROW(OCRQ, FSM, FSM, STAYS, STAYS),
	ROW(OCRP, FSM, FSM, STAYS, STAYS),
	ROW(OCCN, FSM, FSM, STAYS, STAYS),
	ROW(CDN, FSM, FSM, STAYS, STAYS),
	ROW(WEN, FSM, FSM, STAYS, STAYS),
	ROW(SLI, FSM, FSM, STAYS, STAYS),
	ROW(FSQ, STAYS, STAYS, STAYS, STAYS),
	ROW(FSR, STAYS, STAYS, STAYS, STAYS),
	ROW(CSUN, STAYS, STAYS, STAYS, STAYS),
	ROW(CSURQ, STAYS, STAYS, STAYS, STAYS),
#undef ROW
};

static void tunnel_cell(enum l2tp_tunnel_state state, uint16_t type,
			enum outcome outcome)
{
	uint16_t nr;

	tunnel_in(state);
	nr = us->tunnel->xport.nr;
	feed(type, us->tunnel->id, 0);
	assert_int_equal((uint16_t)(nr + 1), us->tunnel->xport.nr);
	if (us->tunnel->peer_id)
		assert_int_equal(us->tunnel->xport.ack_at, MSEC_NEVER);
	switch (outcome) {
	case STAYS:
		assert_int_equal(us->tunnel->state, state);
		break;
	case UP:
		assert_int_equal(us->tunnel->state, ESTABLISHED);
		assert_non_null(strstr(us->trace, "up"));
		break;
	case STOPPED:
		assert_int_equal(us->tunnel->state, CLOSING);
		assert_string_equal(us->trace, "down >ZLB");
		assert_int_equal(messages, 0);
		break;
	case FSM:
		assert_int_equal(us->tunnel->state, CLOSING);
		assert_int_equal(last.type, L2TP_STOPCCN);
		assert_int_equal(last.result.result, L2TP_STOP_FSM);
		assert_int_equal(last.assigned_tunnel, us->tunnel->id);
		assert_int_equal(last.tunnel_id, us->tunnel->peer_id);
		break;
	}
	pair_free_all(&p);
}

static void tunnel_machine(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(tunnel_cells); i++) {
		for (int s = WAIT_REPLY; s < L2TP_TUNNEL_NSTATES; s++)
			tunnel_cell((enum l2tp_tunnel_state)s,
				    tunnel_cells[i].type,
				    tunnel_cells[i].in[s]);
	}
}

/* Idle is a host without the tunnel: only SCCRQ makes one. */
static void tunnel_idle(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(tunnel_cells); i++) {
		bool sccrq = tunnel_cells[i].type == L2TP_SCCRQ;

		pair_init(&p, NULL);
		p.drop = catch;
		ns = 0;
		feed(tunnel_cells[i].type, 0, 0);
		assert_int_equal(!LIST_EMPTY(&us->host.all), sccrq);
		assert_int_equal(us->host.count.rx_no_tunnel, !sccrq);
		assert_int_equal(us->sent, sccrq);
		ns = 0;
		feed(tunnel_cells[i].type, 99, 0);
		assert_int_equal(us->host.count.rx_no_tunnel, sccrq ? 1 : 2);
		pair_free_all(&p);
	}
}

static void unknown_message(void **state)
{
	static const uint8_t what[] = { 0xc8, 2, 0, 20, 0, 0, 0, 0, 0, 2,
					0,    1, 0, 8,	0, 0, 0, 0, 0, 42 };
	uint8_t b[sizeof(what)];

	(void)state;
	for (int m = 0; m < 2; m++) {
		struct l2tp_path path;

		tunnel_in(ESTABLISHED);
		path = pair_path(&p, 1);
		memcpy(b, what, sizeof(b));
		b[4] = (uint8_t)(us->tunnel->id >> 8);
		b[5] = (uint8_t)us->tunnel->id;
		b[12] = m ? 0x80 : 0;
		l2tp_host_input(&us->host, p.now, &path, b, sizeof(b));
		assert_int_equal(us->host.count.rx_unknown_message, 1);
		assert_int_equal(us->tunnel->state, m ? CLOSING : ESTABLISHED);
		if (m) {
			assert_int_equal(last.type, L2TP_STOPCCN);
			assert_int_equal(last.result.result, 2);
			assert_int_equal(last.result.error, 8);
			assert_non_null(strstr(last.result.text, "42"));
		}
		pair_free_all(&p);
	}
}

/* ------------------------------------------------------------ the session */

/* Who we are to the call. */
enum role { LAC_IN, LNS_IN, LNS_OUT, LAC_OUT };

/* What brings a call of each role on its way, and up. */
static const struct {
	uint16_t sent; /* by us, at first */
	uint16_t asks; /* of the peer, at first; 0: it is we who ask */
	uint16_t goes_on; /* of the peer; 0: l2tp_session_connect */
	uint16_t then; /* and another one */
} of_role[] = {
	[LAC_IN] = { L2TP_ICRQ, 0, L2TP_ICRP, 0 },
	[LNS_IN] = { L2TP_ICRP, L2TP_ICRQ, L2TP_ICCN, 0 },
	[LNS_OUT] = { L2TP_OCRQ, 0, L2TP_OCRP, L2TP_OCCN },
	[LAC_OUT] = { L2TP_OCRP, L2TP_OCRQ, 0, 0 },
};

static struct l2tp_session *session_in(enum l2tp_session_state state,
				       enum role role)
{
	static const struct l2tp_call call = { .tx_speed = 1,
					       .bearer_type = 1 };
	struct l2tp_session *s;

	tunnel_in(ESTABLISHED);
	us->host.bearer_caps = 3;
	if (of_role[role].asks)
		feed(of_role[role].asks, us->tunnel->id, 0);
	else
		us->session = (role == LAC_IN ? l2tp_session_call :
						l2tp_session_dial)(us->tunnel,
								   p.now, &call,
								   NULL);
	s = us->session;
	assert_int_equal(last.type, of_role[role].sent);
	if (state != s->state && of_role[role].goes_on)
		feed(of_role[role].goes_on, us->tunnel->id, s->id);
	if (state != s->state && of_role[role].then)
		feed(of_role[role].then, us->tunnel->id, s->id);
	if (state != s->state)
		l2tp_session_connect(s, p.now);
	assert_int_equal(s->state, state);
	us->trace[0] = 0;
	us->host.count.rx_ignored = 0;
	return s;
}

#define COLUMNS 9

static const struct {
	enum l2tp_session_state state;
	enum role role;
} columns[COLUMNS] = {
	{ L2TP_SESSION_WAIT_REPLY, LAC_IN },
	{ L2TP_SESSION_ESTABLISHED, LAC_IN },
	{ L2TP_SESSION_WAIT_CONNECT, LNS_IN },
	{ L2TP_SESSION_ESTABLISHED, LNS_IN },
	{ L2TP_SESSION_WAIT_REPLY, LNS_OUT },
	{ L2TP_SESSION_WAIT_CONNECT, LNS_OUT },
	{ L2TP_SESSION_ESTABLISHED, LNS_OUT },
	{ L2TP_SESSION_WAIT_ANSWER, LAC_OUT },
	{ L2TP_SESSION_ESTABLISHED, LAC_OUT },
};

/* E ended with CDN, G gone, U up, W on to wait-connect, - counted as ignored,
 * n noted (WEN, SLI).
 */
static const struct {
	uint16_t type;
	char in[COLUMNS + 1];
} session_cells[] = {
	{ L2TP_ICRQ, "EEEEEEEEE" }, { L2TP_ICRP, "UEEEEEEEE" },
	{ L2TP_ICCN, "EEUEEEEEE" }, { L2TP_OCRQ, "EEEEEEEEE" },
	{ L2TP_OCRP, "EEEEWEEEE" }, { L2TP_OCCN, "EEEEEUEEE" },
	{ L2TP_CDN, "GGGGGGGGG" },  { L2TP_WEN, "--nnnnn--" },
	{ L2TP_SLI, "nn-----nn" },
};

static void session_ended(uint16_t id, char outcome)
{
	assert_null(idmap_get(&us->host.sessions, id));
	assert_int_equal(us->downs, 1);
	assert_int_equal(messages, outcome == 'E');
	if (outcome == 'G')
		return;
	assert_int_equal(last.type, L2TP_CDN);
	assert_int_equal(last.result.result, L2TP_CDN_ERROR);
	assert_string_not_equal(last.result.text, "");
	assert_int_equal(last.assigned_session, id);
}

static void session_cell(size_t c, uint16_t type, char outcome)
{
	struct l2tp_session *s = session_in(columns[c].state, columns[c].role);
	const struct l2tp_counters *count = &us->host.count;
	uint16_t id = s->id;

	us->ups = 0;
	feed(type, us->tunnel->id, id);
	assert_int_equal(us->tunnel->state, ESTABLISHED);
	switch (outcome) {
	case '-':
	case 'n':
		assert_int_equal(s->state, columns[c].state);
		assert_int_equal(messages, 0);
		assert_int_equal(count->rx_ignored, outcome == '-');
		assert_int_equal(count->rx_wen + count->rx_sli, outcome == 'n');
		break;
	case 'U':
		assert_int_equal(s->state, L2TP_SESSION_ESTABLISHED);
		assert_int_equal(us->ups, 1);
		break;
	case 'W':
		assert_int_equal(s->state, L2TP_SESSION_WAIT_CONNECT);
		assert_string_equal(us->trace, "answered changed >ZLB");
		break;
	default:
		session_ended(id, outcome);
		break;
	}
	pair_free_all(&p);
}

static void session_machine(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(session_cells); i++)
		for (size_t c = 0; c < COLUMNS; c++)
			session_cell(c, session_cells[i].type,
				     session_cells[i].in[c]);
}

/* Messages to a session that is not there. */
static void session_idle(void **state)
{
	static const struct {
		uint16_t type, answer, to;
	} cells[] = {
		{ L2TP_ICRQ, L2TP_ICRP, PEER_SESSION },
		{ L2TP_ICRP, L2TP_CDN, PEER_SESSION },
		{ L2TP_ICCN, L2TP_CDN, 0 },
		{ L2TP_CDN, 0, 0 },
		{ L2TP_OCRQ, L2TP_CDN, PEER_SESSION },
		{ L2TP_OCRP, L2TP_CDN, PEER_SESSION },
		{ L2TP_OCCN, L2TP_CDN, 0 },
		{ L2TP_WEN, 0, 0 },
		{ L2TP_SLI, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < N_OF(cells); i++) {
		tunnel_in(ESTABLISHED);
		feed(cells[i].type, us->tunnel->id, 777);
		assert_int_equal(us->tunnel->state, ESTABLISHED);
		assert_int_equal(last.type, cells[i].answer);
		if (cells[i].answer)
			assert_int_equal(last.session_id, cells[i].to);
		if (cells[i].answer == L2TP_CDN && cells[i].type != L2TP_OCRQ)
			assert_int_equal(last.assigned_session, 777);
		assert_int_equal(us->downs, 0);
		pair_free_all(&p);
	}
}

/* A call that waits for its tunnel: the peer cannot know of it. */
static void session_wait_tunnel(void **state)
{
	static const struct l2tp_call call = { .tx_speed = 1 };

	(void)state;
	for (size_t i = 0; i < 2 * N_OF(session_cells); i++) {
		struct l2tp_session *s;

		tunnel_in(WAIT_CONN);
		s = (i % 2 ? l2tp_session_call :
			     l2tp_session_dial)(us->tunnel, p.now, &call, NULL);
		assert_int_equal(s->state, L2TP_SESSION_WAIT_TUNNEL);
		feed(session_cells[i / 2].type, us->tunnel->id, s->id);
		assert_int_equal(us->tunnel->state, CLOSING);
		assert_int_equal(us->downs, 1);
		pair_free_all(&p);
	}
}

/* CDN with session id 0 names the session by the peer's id. */
static void cdn_by_avp(void **state)
{
	(void)state;
	session_in(L2TP_SESSION_ESTABLISHED, LNS_IN);
	feed(L2TP_CDN, us->tunnel->id, 0);
	assert_int_equal(us->downs, 1);
	assert_int_equal(us->host.count.rx_no_session, 0);
	pair_free_all(&p);
}

/* Another tunnel's session is none of this tunnel's. */
static void other_tunnels_session(void **state)
{
	struct l2tp_session *s;
	struct l2tp_tunnel *first;

	(void)state;
	s = session_in(L2TP_SESSION_ESTABLISHED, LNS_IN);
	first = us->tunnel;
	ns = 0;
	p.box[0].addr.port = 5000;
	feed(L2TP_SCCRQ, 0, 0);
	assert_ptr_not_equal(us->tunnel, first);
	feed(L2TP_SCCCN, us->tunnel->id, 0);
	assert_int_equal(us->tunnels, 2);
	feed(L2TP_CDN, us->tunnel->id, s->id);
	assert_int_equal(us->downs, 0);
	assert_int_equal(us->host.count.rx_no_session, 1);
	/* And a message of another address is nobody's. */
	feed(L2TP_STOPCCN, first->id, 0);
	assert_int_equal(us->host.count.rx_wrong_peer, 1);
	assert_int_equal(first->state, ESTABLISHED);
	pair_free_all(&p);
}

/* ----------------------------------------------------------- hostile peers */

/*
 * What a peer sends with an established tunnel and a session, changed by seed:
 * nothing breaks, and each message is counted somewhere.
 */
static void hostile(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (int round = 0; round < 400; round++) {
		struct l2tp_session *s =
			session_in(seeded(&seed) % 2 ?
					   L2TP_SESSION_ESTABLISHED :
					   L2TP_SESSION_WAIT_CONNECT,
				   LNS_IN);
		uint16_t sid = s->id, tid = us->tunnel->id;
		struct l2tp_path path = pair_path(&p, 1);

		for (int i = 0; i < 40; i++) {
			static const uint8_t body[] =
				"\x80\x08\0\0\0\0\0\x0e\x80\x08\0\0\0\x0e\x70"
				"\x02\x80\x0a\0\0\0\x01\0\x02\0\x06\x80\x0a\0\0"
				"\0\x0f\0\0\0\1\x80\x0b\0\0\0\x07name!";
			uint8_t b[12 + sizeof(body) - 1];
			struct wr w = wr_make(b, sizeof(b));
			size_t len = sizeof(b);

			wr_u16(&w, 0xc802);
			wr_u16(&w, (uint16_t)len);
			wr_u16(&w, seeded(&seed) % 8 ? tid : 0);
			wr_u16(&w, seeded(&seed) % 4 ? sid : 0);
			wr_u16(&w, (uint16_t)(ns + seeded(&seed) % 3 - 1));
			wr_u16(&w, (uint16_t)seeded(&seed));
			wr_bytes(&w, body, sizeof(body) - 1);
			b[19] = (uint8_t)(seeded(&seed) % 20);
			for (uint32_t n = seeded(&seed) % 3; n; n--)
				b[12 + seeded(&seed) % (len - 12)] ^=
					(uint8_t)(1 << seeded(&seed) % 8);
			if (seeded(&seed) % 4 == 0)
				len = seeded(&seed) % len;
			l2tp_host_input(&us->host, p.now, &path, b, len);
			if (us->tunnel)
				ns = us->tunnel->xport.nr;
			p.now += seeded(&seed) % 500;
			timers_run(&us->timers, p.now);
		}
		pair_free_all(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tunnel_machine),
		cmocka_unit_test(tunnel_idle),
		cmocka_unit_test(unknown_message),
		cmocka_unit_test(session_machine),
		cmocka_unit_test(session_idle),
		cmocka_unit_test(session_wait_tunnel),
		cmocka_unit_test(cdn_by_avp),
		cmocka_unit_test(other_tunnels_session),
		cmocka_unit_test(hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
