// SPDX-License-Identifier: GPL-2.0-or-later
/* Who gets no tunnel: how much it costs, and how often the operator hears of it. */
#include "l2tp/pair.h"

static struct pair p;
static struct box *const lac = &p.box[0], *const lns = &p.box[1];

static void attempts(unsigned int n)
{
	while (n--) {
		pair_open(&p);
		pair_run(&p, SECONDS(40));
	}
}

/* Until it succeeds, or the reason is another. */
static void said_once(void **state)
{
	(void)state;
	pair_init(&p, NULL);
	lns->peer.remote_name = "another";
	attempts(3);
	assert_int_equal(lns->host.count.refused_names, 3);
	assert_int_equal(lns->host.count.complaints, 1);
	lns->peer.remote_name = "lac.example";
	lac->peer.secret = "right"; /* and the LNS has none */
	attempts(3);
	assert_int_equal(lns->host.count.auth_errors, 3);
	assert_int_equal(lns->host.count.complaints, 2);
	lns->peer.secret = "wrong";
	attempts(3);
	assert_int_equal(lac->host.count.auth_errors, 3);
	assert_int_equal(lac->host.count.complaints, 1);
	lns->peer.secret = "right";
	attempts(1);
	assert_int_equal(lac->tunnels, 1);
	l2tp_tunnel_close(lac->tunnel, p.now, L2TP_STOP_CLEAR, 0, "");
	pair_run(&p, SECONDS(40));
	lns->peer.secret = "wrong";
	attempts(2);
	assert_int_equal(lac->host.count.complaints, 2);
	pair_free_all(&p);
}

/* An SCCRQ of the LAC's under an id of its own; nothing follows. */
static void sccrq(uint16_t id)
{
	const char *name = lac->peer.local_name;
	struct l2tp_msg m = {
		.type = L2TP_SCCRQ,
		.has = l2tp_msg_must(L2TP_SCCRQ) | L2TP_BIT(AVP_MESSAGE_TYPE),
		.version = L2TP_PROTOCOL_VERSION,
		.framing_caps = 3,
		.host_name = { (const uint8_t *)name, (uint16_t)strlen(name) },
		.assigned_tunnel = id,
	};
	struct l2tp_path path = pair_path(&p, 1);
	uint8_t b[256];

	l2tp_host_input(&lns->host, p.now, &path, b,
			l2tp_msg_encode(&m, NULL, b, sizeof(b)));
}

/* A flood of strangers does not keep a peer from hearing what is wrong. */
static void budgets(void **state)
{
	(void)state;
	pair_init(&p, NULL);
	lns->stranger = true;
	for (uint16_t id = 1; id <= 50; id++)
		sccrq(id);
	assert_int_equal(lns->sent, 10);
	lns->stranger = false;
	lns->peer.remote_name = "another";
	sccrq(51);
	assert_int_equal(lns->sent, 11);
	pair_free_all(&p);
}

/* Tunnels that one address begins and does not finish are few. */
static void half_open(void **state)
{
	(void)state;
	pair_init(&p, NULL);
	p.cut = true;
	for (uint16_t id = 1; id <= 20; id++)
		sccrq(id);
	assert_int_equal(idmap_count(&lns->host.tunnels), L2TP_HALF_OPEN_MAX);
	assert_int_equal(lns->host.count.refused_half_open,
			 20 - L2TP_HALF_OPEN_MAX);
	/* They end, and it may again. */
	pair_run(&p, SECONDS(120));
	assert_int_equal(idmap_count(&lns->host.tunnels), 0);
	p.cut = false;
	attempts(1);
	assert_int_equal(lns->tunnels, 1);
	/* One that is established does not count. */
	for (uint16_t id = 1; id <= L2TP_HALF_OPEN_MAX; id++)
		sccrq(id);
	assert_int_equal(idmap_count(&lns->host.tunnels),
			 L2TP_HALF_OPEN_MAX + 1);
	pair_free_all(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(said_once),
		cmocka_unit_test(budgets),
		cmocka_unit_test(half_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
