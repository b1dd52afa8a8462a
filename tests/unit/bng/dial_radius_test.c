// SPDX-License-Identifier: GPL-2.0-or-later
/* Ways of a call that RADIUS describes, and what else it says of the tunnel. */
#include "bng/chain_dial.h"

/* Two tunnels by tag, in the wrong order, the better one dead; what is not said is that
 * of tunnel-defaults.
 */
static void described(void **state)
{
	struct restore_result r;

	(void)state;
	lac_is(RADIUS_LAC);
	dial_and_run(500);
	describe(7, "198.51.100.2", 50, "s3cret");
	also(82, 7, "carrier");
	also(91, 7, "lns");
	describe(9, "198.51.100.9", 10, NULL);
	also(90, 9, "other-name");
	answer(2);
	assert_int_equal(lac->definitions.n, 2);
	run(SECONDS(8));
	assert_true(client.up);
	assert_int_equal(lac->count.tunnel_next, 1);
	assert_int_equal(net.lost, 3);
	/* It takes an established tunnel to keep one. */
	assert_int_equal(lac->definitions.n, 1);

	/* The same answer finds the same tunnel; over kill -9 too. */
	for (int i = 0; i < 2; i++) {
		dial_and_run(500);
		describe(1, "198.51.100.2", 0, "s3cret");
		also(82, 1, "carrier");
		also(91, 1, "lns");
		if (i)
			also(81, 1, "blue");
		answer(2);
		run(500);
		assert_true(client.up);
		assert_int_equal(net.sccrq, 1);
		assert_int_equal(net.iccn_has >> 37 & 1, i);
		assert_int_equal(lac->definitions.n, 1);
		if (!i) {
			restart(&net.lac, &r);
			assert_int_equal(r.closed, 0);
			assert_int_equal(r.subscribers, 2);
		}
	}
	/* HELLOs, and calls of the LNS's, need its secret. */
	run(SECONDS(130));
	assert_int_equal(lac->n_subscribers, 3);
	/* Forgotten with the tunnel. */
	while (LIST_FIRST(&lac->subscribers))
		subscriber_end(LIST_FIRST(&lac->subscribers), net.now, 3, "");
	run(SECONDS(100));
	assert_int_equal(idmap_count(&lac->l2tp.tunnels), 0);
	assert_int_equal(lac->definitions.n, 0);
	restart(&net.lac, &r);
	assert_int_equal(lac->definitions.n, 0);
	assert_empty();
}

/* Ourselves, no address and no name, another medium, a type that is not L2TP, nothing. */
static void not_described(void **state)
{
	(void)state;
	lac_is(RADIUS_LAC);
	for (int i = 0; i < 6; i++) {
		dial_and_run(500);
		if (i == 0)
			describe(1, "192.0.2.1", 0, NULL);
		else if (i == 1)
			describe(1, "the lns", 0, NULL);
		else if (i == 2)
			describe(1, "2001:db8::1", 0, NULL);
		else if (i == 3)
			n_attrs = server_number(attrs, 64, 1, 1);
		else if (i == 4)
			n_attrs = server_number(attrs, 64, 1, 3);
		else
			describe(1, "198.51.100.2", 0, NULL);
		if (i == 5)
			also(66, 1, "192.0.2.99"); /* none of our endpoints */
		answer(2);
		run(SECONDS(1));
		assert_false(client.up);
		assert_int_equal(lac->n_subscribers, 0);
	}
	assert_int_equal(net.sccrq, 0);
	assert_int_equal(net.lost, 0);
	assert_int_equal(lac->count.refused_ourselves, 1);
	subscriber_reap(lac, net.now);
	assert_int_equal(lac->definitions.n, 0);
}

/* JUNOSe's virtual router "default" is none, but not if an endpoint is in a VRF of that
 * name.
 */
static void in_default(void **state)
{
	static const char vrf[] = "\x1a\x10\0\0\x13\x0a\x08\x0a\1default";
	struct conf_endpoint *other;
	char name[] = "default";

	(void)state;
	lac_is(LAC(
		"", "radius-group = \"aaa\"",
		"endpoint \"other\" { address = \"192.0.2.1\" port = 1702 }\n" RADIUS));
	other = conf_endpoint(lac->conf, "other");
	for (int i = 0; i < 2; i++) {
		other->vrf = i ? name : NULL; /* as if there were the device */
		dial_and_run(500);
		describe(1, "198.51.100.2", 0, "s3cret");
		memcpy(attrs + n_attrs, vrf, sizeof(vrf) - 1);
		n_attrs += sizeof(vrf) - 1;
		answer(2);
		run(SECONDS(1));
		assert_int_equal(client.up, !i);
		assert_int_equal(lac->definitions.n, !i);
		if (!i) {
			finish();
			run(SECONDS(100));
		}
	}
	other->vrf = NULL;
}

/* An end of ours by a name says nothing. */
static void named_client(void **state)
{
	(void)state;
	lac_is(RADIUS_LAC);
	dial_and_run(500);
	describe(1, "198.51.100.2", 0, "s3cret");
	also(66, 1, "lac.example");
	answer(2);
	run(500);
	assert_true(client.up);
	assert_int_equal(lac->definitions.n, 1);
	finish();
}

/* 31 of them, and one more, tried as they are preferred; without tags they are one. */
static void many_described(void **state)
{
	uint8_t level[SELECT_MAX];

	(void)state;
	lac_is(RADIUS_LAC);
	dial_and_run(500);
	for (uint8_t tag = 0; tag <= 31; tag++) {
		char server[20];

		snprintf(server, sizeof(server), "198.51.100.%u", 100 + tag);
		describe(tag, server, 1000 - tag, NULL);
	}
	answer(2);
	assert_int_equal(lac->definitions.n, 31);
	route_levels(LIST_FIRST(&lac->subscribers)->route, level);
	for (int i = 0; i < 31; i++)
		assert_int_equal(level[i], 30 - i);
	for (int i = 0; i < 5; i++) {
		const struct conf_tunnel *ct;

		ct = LIST_FIRST(&lac->subscribers)->session->tunnel->peer->user;
		assert_int_equal(ct->remote.addr.b[3], 130 - i);
		run(SECONDS(7) + 100);
	}
	run(500);
	hang_up();
	run(500);
	subscriber_reap(lac, net.now);

	dial_and_run(500);
	describe(0, "198.51.100.2", 0, "s3cret");
	answer(2);
	run(500);
	assert_true(client.up);
}

/* Its HELLO is sent into silence only, though no tunnel of the configuration asks as
 * often.
 */
static void hello_of_described(void **state)
{
	static const uint8_t packet[40] = { 0x00, 0x21, 0x45 };
	const struct subscriber *s;

	(void)state;
	lac_is(LAC("", "radius-group = \"aaa\"",
		   "tunnel-defaults \"quick\" { endpoint = \"core\"\n"
		   "  local-name = \"lac1\" hello = 6 }\n" RADIUS));
	dial_and_run(500);
	describe(0, "198.51.100.2", 0, "s3cret");
	answer(2);
	run(500);
	assert_true(client.up);
	bng_start(lac, net.now);
	s = LIST_FIRST(&net.lns.box.subscribers);
	net.lns.hellos = 0;
	for (int i = 0; i < 60; i++) {
		k_send_ppp(&net.lns.kern, &s->access, packet, sizeof(packet));
		run(900);
	}
	assert_int_equal(net.lns.hellos, 0);
	run(SECONDS(9));
	assert_int_equal(net.lns.hellos, 1);
	finish();
}

static const struct subscriber *at_lns(void)
{
	return LIST_FIRST(&net.lns.box.subscribers);
}

/* A vendor's attribute of four octets. */
static void vsa(uint32_t vendor, uint8_t type, uint32_t value)
{
	struct wr w = wr_make(attrs + n_attrs, sizeof(attrs) - n_attrs);

	wr_u8(&w, 26);
	wr_u8(&w, 12);
	wr_u32(&w, vendor);
	wr_u8(&w, type);
	wr_u8(&w, 6);
	wr_u32(&w, value);
	n_attrs += wr_len(&w);
}

/* What the LNS is told: the rates that RADIUS grants, or the least of those and of the
 * line's, as the configuration or RADIUS says.
 */
static void granted_speeds(void **state)
{
	static const struct {
		enum conf_speed conf;
		uint32_t method; /* of RADIUS; 0: not said */
		uint32_t tx, rx;
	} t[] = {
		{ CONF_SPEED_GRANTED, 0, 16000000, 500000 },
		{ CONF_SPEED_ACTUAL, 0, 10000000, 500000 },
		{ CONF_SPEED_STATIC, 0, 1000000000, 1000000000 },
		{ CONF_SPEED_STATIC, 3, 16000000, 500000 },
		{ CONF_SPEED_STATIC, 4, 10000000, 500000 },
		{ CONF_SPEED_GRANTED, 2, 10000000, 1000000 },
		{ CONF_SPEED_GRANTED, 1, 1000000000, 1000000000 },
	};

	(void)state;
	client_tags.b = "\x01\x05\0\x10\0\0\x0d\xe9"
			"\x81\4\0\0\x03\xe8\x82\4\0\0\x27\x10";
	client_tags.len = 20;
	lac_is(RADIUS_LAC);
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		STAILQ_FIRST(&lac->conf->tunnel_defaults)->told.speed =
			t[i].conf;
		dial_and_run(500);
		describe(0, "198.51.100.2", 0, "s3cret");
		vsa(14122, 7, 500000);
		vsa(14122, 8, 16000000);
		if (t[i].method)
			vsa(4874, 94, t[i].method);
		answer(2);
		run(500);
		assert_true(client.up);
		assert_int_equal(at_lns()->tx_speed, t[i].tx);
		assert_int_equal(at_lns()->rx_speed, t[i].rx);
		finish();
		run(SECONDS(100)); /* the definition, too, is made anew */
		assert_int_equal(lac->definitions.n, 0);
	}
	client_tags.b = NULL;
	client_tags.len = 0;
}

/* The tunnel's, in the kernel, and over kill -9: a call with another one has another
 * tunnel.
 */
static void tunnel_tos(void **state)
{
	static const struct {
		int tos; /* of RADIUS; -1: not said */
		uint8_t dscp;
		unsigned int tunnels; /* by then */
	} t[] = { { -1, 10, 1 }, { 0xb8, 46, 2 }, { 0xbb, 46, 2 },
		  { 0, 0, 3 },	 { 256, 10, 3 },  { 40, 10, 3 } };
	struct restore_result r;

	(void)state;
	lac_is(RADIUS_LAC);
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		const struct l2tp_session *call;

		STAILQ_FIRST(&lac->conf->tunnel_defaults)->peer.dscp = 10;
		dial_and_run(500);
		describe(1, "198.51.100.2", 0, "s3cret");
		also(82, 1, "carrier");
		if (t[i].tos >= 0)
			vsa(4874, 32, (uint32_t)t[i].tos);
		answer(2);
		run(500);
		assert_true(client.up);
		call = LIST_FIRST(&lac->subscribers)->session;
		assert_int_equal(tunnel(&net.lac, call->tunnel->id)->dscp,
				 t[i].dscp);
		assert_int_equal(net.sccrq, t[i].tunnels);
		assert_int_equal(lac->definitions.n, t[i].tunnels);
		restart(&net.lac, &r);
		assert_int_equal(r.closed, 0);
	}
}

/* Tunnel-Nas-Port-Method switches Cisco's AVP on, or off, for this call. */
static void nas_port(void **state)
{
	static const struct {
		bool conf;
		int method; /* of RADIUS; -1: not said */
		bool told;
	} t[] = { { false, -1, false }, { false, 0, false }, { false, 1, true },
		  { true, -1, true },	{ true, 0, false },  { true, 1, true } };

	(void)state;
	lac_is(RADIUS_LAC);
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		STAILQ_FIRST(&lac->conf->tunnel_defaults)->told.nas_port =
			t[i].conf;
		net.nas_port = false;
		dial_and_run(500);
		describe(0, "198.51.100.2", 0, "s3cret");
		if (t[i].method >= 0)
			vsa(4874, 30, (uint32_t)t[i].method);
		answer(2);
		run(500);
		assert_true(client.up);
		assert_int_equal(net.nas_port, t[i].told);
		finish();
		run(SECONDS(100));
		assert_int_equal(lac->definitions.n, 0);
	}
}

/* RADIUS names a group of the configuration. */
static void named_group(void **state)
{
	(void)state;
	lac_is(LAC("", "radius-group = \"aaa\"",
		   RADIUS "tunnel-group \"both\" {\n"
			  "  tunnels = { \"isp\", \"dead\" } }\n"));
	dial_and_run(500);
	memcpy(attrs, "\x1a\x0c\0\0\x13\x0a\x40\6both", 12);
	n_attrs = 12;
	answer(2);
	run(SECONDS(8));
	assert_true(client.up);
	assert_int_equal(net.lost, 3);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(described),      TEST(not_described),
		TEST(in_default),     TEST(named_client),
		TEST(many_described), TEST(hello_of_described),
		TEST(granted_speeds), TEST(tunnel_tos),
		TEST(nas_port),	      TEST(named_group),
	};

	log_set_level(LOG_ERR_L);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
