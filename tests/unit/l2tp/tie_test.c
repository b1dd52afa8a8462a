// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Both sides open a tunnel at once, with and without tie breakers (RFC 2661 4.4.3),
 * and who must answer whose challenge (5.1.1).
 */
#include "l2tp/pair.h"

static struct pair p;

static struct l2tp_tunnel *open_tunnel(int who)
{
	struct l2tp_path path = pair_path(&p, who);
	struct box *b = &p.box[who];
	struct l2tp_tunnel *t =
		l2tp_tunnel_open(&b->host, p.now, &path, &b->peer, NULL);

	assert_non_null(t);
	return t;
}

static unsigned int established(const struct box *b)
{
	const struct l2tp_tunnel *t;
	unsigned int n = 0;

	LIST_FOREACH(t, &b->host.all, all)
	n += t->state == L2TP_TUNNEL_ESTABLISHED;
	return n;
}

/* Who sends a tie breaker; who wins then, or -1: the lower value. */
static void cross(bool left, bool right, unsigned int tunnels, int winner)
{
	uint64_t value[2];

	pair_init(&p, "secret");
	p.box[0].peer.tie_breaker = left;
	p.box[1].peer.tie_breaker = right;
	for (int i = 0; i < 2; i++)
		value[i] = open_tunnel(i)->tie_breaker;
	if (winner < 0)
		winner = value[1] < value[0];
	pair_run(&p, SECONDS(40));
	for (int i = 0; i < 2; i++) {
		const struct l2tp_tunnel *t = LIST_FIRST(&p.box[i].host.all);

		assert_int_equal(established(&p.box[i]), tunnels);
		if (tunnels == 2)
			continue;
		assert_int_equal(t->initiator, i == winner);
		assert_int_equal(p.box[i].host.count.ties_lost, i != winner);
		assert_true(!p.box[i].host.count.ties_won || i == winner);
		assert_null(strstr(p.box[i].trace, "StopCCN"));
	}
	pair_free_all(&p);
}

static void crossed(void **state)
{
	(void)state;
	cross(false, false, 2, 0);
	cross(true, false, 1, 0);
	cross(false, true, 1, 1);
	for (int round = 0; round < 40; round++)
		cross(true, true, 1, -1);
}

/* An SCCRQ of box 0's, made by hand, to box 1, which has one under way. */
static void sccrq(uint64_t tie, const uint8_t *challenge, const char *name)
{
	struct l2tp_msg m = {
		.type = L2TP_SCCRQ,
		.has = l2tp_msg_must(L2TP_SCCRQ),
		.version = L2TP_PROTOCOL_VERSION,
		.framing_caps = 3,
		.host_name = { (const uint8_t *)name, (uint16_t)strlen(name) },
		.assigned_tunnel = 7,
		.tie_breaker = tie,
		.challenge = { challenge, challenge ? 16 : 0 },
	};
	struct l2tp_path path = pair_path(&p, 1);
	uint8_t b[256];

	if (tie)
		l2tp_msg_set(&m, AVP_TIE_BREAKER);
	if (challenge)
		l2tp_msg_set(&m, AVP_CHALLENGE);
	l2tp_host_input(&p.box[1].host, p.now, &path, b,
			l2tp_msg_encode(&m, NULL, b, sizeof(b)));
}

static void one_under_way(void)
{
	pair_init(&p, "secret");
	p.cut = true;
	p.box[1].peer.tie_breaker = true;
	p.box[1].peer.remote_name = NULL;
	open_tunnel(1)->tie_breaker = 100;
	p.box[1].sent = 0;
}

static void values(void **state)
{
	static const struct {
		uint64_t theirs;
		unsigned int sent, left; /* by us; tunnels of ours */
	} cases[] = {
		{ 99, 1, 2 }, /* SCCRP, and ours waits until theirs is proved */
		{ 100, 0, 0 }, /* both are gone */
		{ 101, 0, 1 }, /* theirs is gone */
		{ 0, 0, 1 }, /* it sent none */
	};

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		one_under_way();
		sccrq(cases[i].theirs, NULL, "lac.example");
		assert_int_equal(p.box[1].sent, cases[i].sent);
		assert_int_equal(idmap_count(&p.box[1].host.tunnels),
				 cases[i].left);
		pair_free_all(&p);
	}
	/* Another peer of that address is none of ours. */
	one_under_way();
	p.box[1].peer.remote_name = "lac.example";
	struct l2tp_peer other = p.box[1].peer;

	LIST_FIRST(&p.box[1].host.all)->peer = &other;
	other.remote_name = "other.example";
	sccrq(101, NULL, "lac.example");
	assert_int_equal(p.box[1].sent, 1);
	pair_free_all(&p);
}

/* Whoever sends us our own challenge wants us to answer it. */
static void reflected(void **state)
{
	(void)state;
	one_under_way();
	p.box[1].peer.tie_breaker = false;
	LIST_FIRST(&p.box[1].host.all)->tie = false;
	sccrq(0, LIST_FIRST(&p.box[1].host.all)->challenge, "lac.example");
	assert_int_equal(p.box[1].host.count.auth_errors, 1);
	assert_int_equal(idmap_count(&p.box[1].host.tunnels), 1);
	assert_string_equal(p.box[1].trace, ">SCCRQ >StopCCN");
	/* Another one is all right. */
	sccrq(0, (const uint8_t *)"0123456789abcdef", "lac.example");
	assert_int_equal(idmap_count(&p.box[1].host.tunnels), 2);
	pair_free_all(&p);
}

static bool challenged[3]; /* by message type */

static bool look(struct pair *pair, int from, const struct l2tp_msg *m)
{
	(void)pair;
	(void)from;
	if (m->type < N_OF(challenged))
		challenged[m->type] = l2tp_msg_find(m, AVP_CHALLENGE).len > 0;
	return false;
}

/*
 * With a secret we challenge, both ways, as some peers demand; without one we do
 * not, because some peers then refuse it.
 */
static void challenges(void **state)
{
	static const char *const secrets[] = { NULL, "secret" };

	(void)state;
	for (int i = 0; i < 2; i++) {
		pair_init(&p, secrets[i]);
		p.drop = look;
		pair_open(&p);
		pair_run(&p, 500);
		assert_int_equal(p.box[0].tunnels + p.box[1].tunnels, 2);
		assert_int_equal(challenged[L2TP_SCCRQ], i);
		assert_int_equal(challenged[L2TP_SCCRP], i);
		pair_free_all(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(crossed),
		cmocka_unit_test(values),
		cmocka_unit_test(reflected),
		cmocka_unit_test(challenges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
