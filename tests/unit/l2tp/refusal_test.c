// SPDX-License-Identifier: GPL-2.0-or-later
/* Who gets no tunnel: how much it costs, and how often the operator hears of it. */
#include "l2tp/pair.h"

#include <unistd.h>

static struct pair p;
static struct box *const lac = &p.box[0], *const lns = &p.box[1];
static struct l2tp_path at; /* where sccrq() comes from */

static void begin(void)
{
	pair_init(&p, NULL);
	at = pair_path(&p, 1);
}

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
	uint8_t b[256];

	l2tp_host_input(&lns->host, p.now, &at, b,
			l2tp_msg_encode(&m, NULL, b, sizeof(b)));
}

/* Forged addresses by the hundred: the log has a few, and then their number. */
static void many(void **state)
{
	char line[256], first[256] = "", number[256] = "", last[256] = "";
	unsigned int lines = 0;
	FILE *f = tmpfile();
	int was = dup(2);

	(void)state;
	begin();
	lns->peer.remote_name = "another";
	assert_non_null(f);
	dup2(fileno(f), 2);
	log_set_level(LOG_WARN_L);
	for (uint16_t i = 0; i < 1000; i++) {
		at.remote.addr = addr_v4(0x0a000000u + i);
		sccrq(1);
	}
	/* What comes just before the number is told. */
	p.now += SECONDS(10);
	at.remote.addr = addr_v4(0x0b000000u);
	sccrq(1);
	pair_run(&p, SECONDS(30));
	for (uint16_t i = 0; i < 15; i++) {
		at.remote.addr = addr_v4(0x0c000000u + i);
		sccrq(1);
	}
	pair_run(&p, SECONDS(30));
	dup2(was, 2);
	close(was);
	rewind(f);
	for (; fgets(line, sizeof(line), f); lines++) {
		if (!lines)
			memcpy(first, line, sizeof(line));
		if (lines == 11)
			memcpy(number, line, sizeof(line));
		memcpy(last, line, sizeof(line));
	}
	fclose(f);
	assert_int_equal(lines, 12 + 11);
	assert_string_equal(
		first,
		"aditd: peer at 10.0.0.0, host name \"lac.example\": unknown host name\n");
	assert_string_equal(
		number,
		"aditd: 990 more warnings that a peer gets no tunnel\n");
	assert_string_equal(last,
			    "aditd: 5 more warnings that a peer gets no tunnel\n");
	assert_int_equal(lns->host.count.complaints, 11 + 10);
	assert_int_equal(lns->host.count.complaints_unsaid, 990 + 5);
	pair_free_all(&p);
}

/* A flood of strangers, or in the name of a peer, does not keep another from hearing
 * what is wrong.
 */
static void budgets(void **state)
{
	(void)state;
	begin();
	lns->stranger = true;
	for (uint16_t id = 1; id <= 50; id++)
		sccrq(id);
	assert_int_equal(lns->sent, 10);
	lns->stranger = false;
	lns->peer.remote_name = "another";
	sccrq(51);
	assert_int_equal(lns->sent, 11);
	for (uint16_t id = 52; id <= 200; id++)
		sccrq(id);
	assert_int_equal(lns->sent, 10 + 50);
	assert_int_equal(lns->host.count.refused_unsaid, 40 + 100);
	at.remote.addr = addr_v4(0x0a000001);
	sccrq(1);
	assert_int_equal(lns->sent, 10 + 51);
	pair_run(&p, SECONDS(1));
	at.remote.addr = lac->addr.addr;
	sccrq(201);
	assert_int_equal(lns->sent, 10 + 52);
	pair_free_all(&p);
}

static unsigned int try_another;

static bool note_stop(struct pair *q, int from, const struct l2tp_msg *m)
{
	struct l2tp_bytes r = l2tp_msg_find(m, AVP_RESULT_CODE);

	(void)q;
	try_another += from && m->type == L2TP_STOPCCN && r.len >= 4 &&
		       r.p[1] == L2TP_STOP_ERROR &&
		       r.p[3] == L2TP_ERR_TRY_ANOTHER;
	return false;
}

/* A LAC that comes with all its tunnels to an LNS that is drained hears of each. */
static void drained(void **state)
{
	(void)state;
	try_another = 0;
	begin();
	l2tp_order_system(&lns->host, p.now, L2TP_DRAIN);
	p.drop = note_stop;
	for (int i = 0; i < 50; i++)
		pair_open(&p);
	pair_run(&p, 500);
	assert_int_equal(try_another, 50);
	pair_free_all(&p);
}

#define MANY (L2TP_HALF_OPEN_MAX + 4)

/* Tunnels that one address begins and does not finish are few: the oldest goes. */
static void half_open(void **state)
{
	(void)state;
	begin();
	p.cut = true;
	for (uint16_t id = 1; id <= MANY; id++) {
		sccrq(id);
		pair_run(&p, 1);
	}
	assert_int_equal(idmap_count(&lns->host.tunnels), L2TP_HALF_OPEN_MAX);
	assert_int_equal(lns->host.count.refused_half_open,
			 MANY - L2TP_HALF_OPEN_MAX);
	for (uint16_t id = 1; id <= MANY; id++)
		assert_int_equal(!!l2tp_tunnel_of_sccrq(&lns->host, p.now, &at,
							id),
				 id > MANY - L2TP_HALF_OPEN_MAX);
	/* It is told, and what it says by now is nobody's. */
	assert_int_equal(lns->sent, MANY + MANY - L2TP_HALF_OPEN_MAX);
	/* The same address in another VRF is somebody else. */
	at.endpoint = 2;
	sccrq(1);
	assert_int_equal(idmap_count(&lns->host.tunnels),
			 L2TP_HALF_OPEN_MAX + 1);
	at.endpoint = 1;
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

/* Who forges a LAC's address does not keep it out. */
static void kept_out(void **state)
{
	(void)state;
	begin();
	lac->peer.secret = lns->peer.secret = "secret";
	for (uint16_t id = 1; id <= 1000; id++) {
		sccrq((uint16_t)(20000 + id));
		if (id == 500)
			pair_open(&p);
		pair_run(&p, 1);
	}
	assert_int_equal(lns->tunnels, 1);
	assert_non_null(lac->tunnel);
	assert_int_equal(lac->tunnel->state, L2TP_TUNNEL_ESTABLISHED);
	pair_free_all(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(said_once), cmocka_unit_test(many),
		cmocka_unit_test(budgets),   cmocka_unit_test(drained),
		cmocka_unit_test(half_open), cmocka_unit_test(kept_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
