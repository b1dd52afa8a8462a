// SPDX-License-Identifier: GPL-2.0-or-later
/* Two hosts: tunnels up, down, refused, kept alive; the order of what is told. */
#include "l2tp/pair.h"

static struct pair p;
static struct box *const lac = &p.box[0], *const lns = &p.box[1];

/* ------------------------------------------------------------------ set-up */

static void sets_up(const char *secret)
{
	pair_init(&p, secret);
	pair_open(&p);
	pair_run(&p, 500);
	assert_string_equal(lac->trace, ">SCCRQ new up changed >SCCCN");
	assert_string_equal(lns->trace, "new >SCCRP up changed >ZLB");
	assert_int_equal(lac->tunnel->state, L2TP_TUNNEL_ESTABLISHED);
	assert_int_equal(lns->tunnel->state, L2TP_TUNNEL_ESTABLISHED);
	assert_int_equal(lac->tunnel->id, lns->tunnel->peer_id);
	assert_int_equal(lns->tunnel->id, lac->tunnel->peer_id);
	assert_string_equal(lns->tunnel->peer_name, "lac.example");
	assert_string_equal(lac->tunnel->peer_name, "lns.example");
	assert_int_equal(lac->tunnel->xport.window, 16);
	assert_int_equal(lac->host.count.tunnels_opened, 1);
	assert_int_equal(lac->host.count.tx_retransmits, 0);
	assert_int_equal(lns->host.count.tx_retransmits, 0);
	/* RFC 2661 5.8: SCCRQ 0/0, SCCRP 0/1, SCCCN 1/1, ZLB 1/2. */
	assert_int_equal(lns->tunnel->xport.nr, 2);
	assert_int_equal(lns->tunnel->xport.ns, 1);
	pair_free_all(&p);
}

static void set_up(void **state)
{
	(void)state;
	sets_up(NULL);
	sets_up("secret");
}

static void wrong_secret(void **state)
{
	(void)state;
	/* The initiator sees it first. */
	pair_init(&p, "right");
	lns->peer.secret = "wrong";
	pair_open(&p);
	pair_run(&p, SECONDS(40));
	assert_int_equal(lac->host.count.auth_errors, 1);
	assert_int_equal(lac->tunnels + lns->tunnels, 0);
	assert_string_equal(lac->trace, ">SCCRQ down >StopCCN free");
	assert_string_equal(lns->trace, "new >SCCRP down >ZLB free");
	assert_int_equal(lns->why.result, L2TP_STOP_NOT_AUTHORISED);
	pair_free_all(&p);
	/* Only the responder has one: the answer is missing. */
	pair_init(&p, NULL);
	lns->peer.secret = "right";
	pair_open(&p);
	pair_run(&p, SECONDS(40));
	assert_int_equal(lac->host.count.auth_errors, 1);
	assert_int_equal(lac->tunnels + lns->tunnels, 0);
	pair_free_all(&p);
	/* Only the initiator has one: no state is made for it. */
	pair_init(&p, NULL);
	lac->peer.secret = "right";
	pair_open(&p);
	pair_run(&p, SECONDS(40));
	assert_int_equal(lns->host.count.auth_errors, 1);
	assert_string_equal(lns->trace, ">StopCCN");
	assert_int_equal(lac->why.result, L2TP_STOP_NOT_AUTHORISED);
	pair_free_all(&p);
}

/* The responder must look at SCCCN, whatever the initiator does. */
static bool spoil_response(struct pair *pair, int from,
			   const struct l2tp_msg *m)
{
	(void)pair;
	if (!from && m->type == L2TP_SCCCN) {
		struct l2tp_bytes r = l2tp_msg_find(m, AVP_RESPONSE);

		((uint8_t *)(uintptr_t)r.p)[3] ^= 1;
	}
	return false;
}

static void wrong_scccn(void **state)
{
	(void)state;
	pair_init(&p, "secret");
	p.drop = spoil_response;
	pair_open(&p);
	pair_run(&p, 500);
	assert_int_equal(lns->host.count.auth_errors, 1);
	assert_int_equal(lns->tunnels, 0);
	assert_int_equal(lac->why.result, L2TP_STOP_NOT_AUTHORISED);
	assert_int_equal(lns->host.count.tunnels_failed, 1);
	pair_free_all(&p);
}

static void strangers(void **state)
{
	(void)state;
	pair_init(&p, NULL);
	lns->stranger = true;
	pair_open(&p);
	pair_run(&p, SECONDS(40));
	assert_string_equal(lns->trace, ">StopCCN");
	assert_int_equal(lns->host.count.refused_strangers, 1);
	assert_true(LIST_EMPTY(&lns->host.all));
	assert_int_equal(lac->why.result, L2TP_STOP_NOT_AUTHORISED);
	assert_string_equal(lac->trace, ">SCCRQ down >ZLB free");
	/* Or silence. */
	lns->trace[0] = 0;
	lns->refusal = L2TP_REFUSE_SILENTLY;
	pair_open(&p);
	pair_run(&p, SECONDS(40));
	assert_string_equal(lns->trace, "");
	assert_int_equal(lns->host.count.refused_strangers, 7);
	pair_free_all(&p);
}

static void refusals_are_few(void **state)
{
	(void)state;
	pair_init(&p, NULL);
	lns->stranger = true;
	for (int i = 0; i < 100; i++)
		pair_open(&p);
	pair_run(&p, 900);
	assert_int_equal(lns->sent, 10);
	assert_int_equal(lns->host.count.refused_strangers, 100);
	pair_free_all(&p);
}

static void unknown_name(void **state)
{
	(void)state;
	pair_init(&p, NULL);
	lac->peer.local_name = "who.example";
	pair_open(&p);
	pair_run(&p, SECONDS(40));
	assert_string_equal(lns->trace, ">StopCCN");
	assert_int_equal(lns->host.count.refused_names, 1);
	assert_int_equal(lac->why.result, L2TP_STOP_NOT_AUTHORISED);
	pair_free_all(&p);
	pair_init(&p, NULL);
	lns->peer.local_name = "who.example";
	pair_open(&p);
	pair_run(&p, SECONDS(40));
	assert_int_equal(lac->host.count.refused_names, 1);
	assert_int_equal(lns->why.result, L2TP_STOP_NOT_AUTHORISED);
	pair_free_all(&p);
}

static void limits(void **state)
{
	struct l2tp_path path;

	(void)state;
	pair_up_tunnel(&p, NULL);
	lns->host.max_tunnels = 1;
	pair_open(&p);
	pair_run(&p, 500);
	assert_int_equal(lac->why.result, L2TP_STOP_ERROR);
	assert_int_equal(lac->why.error, L2TP_ERR_RESOURCES);
	assert_int_equal(lns->host.count.refused_limit, 1);
	lac->host.max_tunnels = 1;
	path = pair_path(&p, 0);
	assert_null(
		l2tp_tunnel_open(&lac->host, p.now, &path, &lac->peer, NULL));
	pair_free_all(&p);
}

static void owner_refuses(void **state)
{
	(void)state;
	for (int who = 0; who < 2; who++) {
		pair_init(&p, NULL);
		p.box[who].new_error = -12;
		pair_open(&p);
		pair_run(&p, SECONDS(40));
		assert_int_equal(p.box[!who].why.error, L2TP_ERR_RESOURCES);
		assert_true(LIST_EMPTY(&lac->host.all));
		assert_true(LIST_EMPTY(&lns->host.all));
		pair_free_all(&p);
	}
}

/* SCCRQ again, and late, is of the tunnel it made. */
static bool lose_first_sccrp(struct pair *pair, int from,
			     const struct l2tp_msg *m)
{
	return from && m->type == L2TP_SCCRP && pair->box[1].sent < 3;
}

static void sccrq_again(void **state)
{
	(void)state;
	pair_init(&p, "secret");
	p.drop = lose_first_sccrp;
	pair_open(&p);
	pair_run(&p, SECONDS(5));
	assert_int_equal(lns->tunnels, 1);
	assert_int_equal(lns->host.count.rx_duplicates, 1);
	assert_int_equal(idmap_count(&lns->host.tunnels), 1);
	pair_free_all(&p);
}

/* A peer that restarted and takes its old id: the old tunnel goes. */
static void peer_anew(void **state)
{
	struct l2tp_tunnel *old;

	(void)state;
	pair_up_tunnel(&p, "secret");
	old = lns->tunnel;
	pair_run(&p, SECONDS(45));
	l2tp_host_free(&lac->host);
	timers_free(&lac->timers);
	l2tp_host_init(&lac->host, &pair_ops, &lac->timers, lac);
	while (idmap_count(&lac->host.tunnels) < 65534) {
		uint16_t id = idmap_new(&lac->host.tunnels, lac);

		if (id == old->peer_id) {
			idmap_del(&lac->host.tunnels, id);
			idmap_new(&lac->host.tunnels, lac);
		}
		if (!id)
			break;
	}
	pair_open(&p);
	assert_int_equal(lac->tunnel->id, old->peer_id);
	pair_run(&p, 500);
	assert_int_equal(lns->tunnels, 2);
	assert_string_equal(lns->why.text, "peer started anew");
	assert_int_equal(lac->tunnel->state, L2TP_TUNNEL_ESTABLISHED);
	assert_int_equal(idmap_count(&lns->host.tunnels), 1);
	for (uint32_t id = 1; id < 65536; id++) {
		if (idmap_get(&lac->host.tunnels, (uint16_t)id) == lac)
			idmap_del(&lac->host.tunnels, (uint16_t)id);
	}
	pair_free_all(&p);
}

/* Both at once, without tie breakers: two tunnels. */
static void both_open(void **state)
{
	struct l2tp_path path;

	(void)state;
	pair_init(&p, "secret");
	pair_open(&p);
	path = pair_path(&p, 1);
	assert_non_null(
		l2tp_tunnel_open(&lns->host, p.now, &path, &lns->peer, NULL));
	pair_run(&p, 500);
	assert_int_equal(lac->tunnels, 2);
	assert_int_equal(lns->tunnels, 2);
	pair_free_all(&p);
}

static void other_port(void **state)
{
	(void)state;
	/* The responder's port may be another: SCCRP tells. */
	pair_init(&p, NULL);
	lns->addr.port = 5000;
	pair_open(&p);
	lac->tunnel->path.remote.port = lac->tunnel->from.port = 1701;
	pair_run(&p, 500);
	assert_int_equal(lac->tunnels, 1);
	assert_int_equal(lac->tunnel->path.remote.port, 5000);
	/* Later it is not. */
	lns->addr.port = 5001;
	l2tp_tunnel_close(lns->tunnel, p.now, L2TP_STOP_CLEAR, 0, "");
	pair_run(&p, 500);
	assert_int_equal(lac->host.count.rx_wrong_peer, 1);
	assert_int_equal(lac->tunnel->state, L2TP_TUNNEL_ESTABLISHED);
	pair_free_all(&p);
}

/* The responder answers from an address and a port of which either may be new. */
struct move {
	enum l2tp_move by_addr, by_port;
	bool addr, port; /* another */
	bool rejected;
	bool to_new_addr, to_new_port; /* what it is sent, once it is up */
};

#define A L2TP_MOVE_ACCEPT
#define I L2TP_MOVE_IGNORE
#define R L2TP_MOVE_REJECT
static const struct move move[] = {
	{ R, R, .addr = false, .port = false },
	{ A, A, .addr = true, .to_new_addr = true },
	{ A, A, .port = true, .to_new_port = true },
	{ A, A, .addr = true, .port = true, .to_new_addr = true,
	  .to_new_port = true },
	{ I, A, .addr = true },
	{ I, A, .port = true, .to_new_port = true },
	{ I, A, .addr = true, .port = true, .to_new_port = true },
	{ A, I, .addr = true, .to_new_addr = true },
	{ A, I, .port = true },
	{ A, I, .addr = true, .port = true, .to_new_addr = true },
	{ I, I, .addr = true, .port = true },
	{ R, A, .addr = true, .rejected = true },
	{ R, A, .port = true, .to_new_port = true },
	{ R, I, .addr = true, .port = true, .rejected = true },
	{ I, R, .addr = true, .port = true, .rejected = true },
	{ A, R, .addr = true, .to_new_addr = true },
	{ A, R, .port = true, .rejected = true },
	{ R, R, .addr = true, .port = true, .rejected = true },
};
#undef A
#undef I
#undef R

static void one_move(const struct move *m)
{
	struct addr_port old, new;

	pair_init(&p, "secret");
	lac->peer.address_change = m->by_addr;
	lac->peer.port_change = m->by_port;
	old = new = lns->addr;
	if (m->addr)
		new.addr = addr_v4(0xc0000299);
	if (m->port)
		new.port = 5000;
	pair_open(&p);
	lns->addr = new;
	pair_run(&p, 500);
	assert_int_equal(lac->tunnels, !m->rejected);
	assert_int_equal(lac->host.count.refused_moves, m->rejected);
	assert_int_equal(lac->host.count.moves,
			 !m->rejected && (m->addr || m->port));
	assert_true(addr_eq(&lac->sent_to.addr,
			    m->to_new_addr ? &new.addr : &old.addr));
	assert_int_equal(lac->sent_to.port,
			 m->to_new_port ? new.port : old.port);
	if (m->rejected) {
		assert_string_equal(lac->trace, ">SCCRQ down >StopCCN");
		assert_int_equal(lns->why.result, L2TP_STOP_NOT_AUTHORISED);
		pair_free_all(&p);
		return;
	}
	/* Only what comes from there is taken, until the end. */
	pair_call(&p);
	pair_run(&p, 500);
	assert_int_equal(lac->sessions, 1);
	lns->addr.port = 5001;
	l2tp_session_close(lns->session, p.now, L2TP_CDN_ADMIN, 0, "");
	pair_run(&p, 500);
	assert_int_equal(lac->host.count.rx_wrong_peer, 1);
	assert_int_equal(lac->sessions, 1);
	lns->addr = new;
	pair_run(&p, SECONDS(5));
	assert_int_equal(lac->sessions, 0);
	l2tp_tunnel_close(lns->tunnel, p.now, L2TP_STOP_CLEAR, 0, "");
	pair_run(&p, SECONDS(40));
	assert_true(LIST_EMPTY(&lac->host.all));
	assert_int_equal(lac->host.count.moves, m->addr || m->port);
	pair_free_all(&p);
}

static void moves(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(move); i++)
		one_move(&move[i]);
}

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
		cmocka_unit_test(set_up),
		cmocka_unit_test(wrong_secret),
		cmocka_unit_test(wrong_scccn),
		cmocka_unit_test(strangers),
		cmocka_unit_test(refusals_are_few),
		cmocka_unit_test(unknown_name),
		cmocka_unit_test(limits),
		cmocka_unit_test(owner_refuses),
		cmocka_unit_test(sccrq_again),
		cmocka_unit_test(peer_anew),
		cmocka_unit_test(both_open),
		cmocka_unit_test(other_port),
		cmocka_unit_test(moves),
		cmocka_unit_test(hello),
		cmocka_unit_test(peer_dies),
		cmocka_unit_test(nobody_there),
		cmocka_unit_test(setup_retries),
		cmocka_unit_test(set_up_takes_too_long),
		cmocka_unit_test(stops),
		cmocka_unit_test(stop_again),
		cmocka_unit_test(both_stop),
		cmocka_unit_test(stop_early),
		cmocka_unit_test(delay_costs_nothing),
		cmocka_unit_test(burst),
		cmocka_unit_test(stored_while_it_waits),
		cmocka_unit_test(overrun),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
