// SPDX-License-Identifier: GPL-2.0-or-later
/* Two hosts: tunnels up, or refused; peers that move; the order of what is told. */
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
