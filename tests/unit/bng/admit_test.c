/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who gets a PPPoE session, and with what: limits of port, VLAN and MAC address,
 * duplicates, PADO by load, RFC 4638, and that all of it holds after kill -9.
 */
#include "bng/chain.h"

static struct conf_port *port(void)
{
	return conf_port(net.lac.box.conf, "lo");
}

static const struct box_counters *count(void)
{
	return &net.lac.box.count;
}

/* One more client of that address; true: it is up. */
static bool dials(uint8_t mac)
{
	client_mac = mac;
	dial("bob", "builder");
	run(500);
	return client.up;
}

static int setup_admit(void **state)
{
	client_tags.len = 0;
	client_mac = 9;
	return setup(state);
}

#define TAGS(text)                                  \
	do {                                        \
		client_tags.b = (text);             \
		client_tags.len = sizeof(text) - 1; \
	} while (0)

static void limit_of_the_port(void **state)
{
	struct restore_result r;

	(void)state;
	port()->max_sessions = 3;
	for (uint8_t i = 1; i <= 3; i++)
		assert_true(dials(i));
	assert_false(dials(4));
	assert_int_equal(client.sid, 0);
	assert_int_equal(count()->refused_port, 1);
	restart(&net.lac, &r);
	assert_int_equal(r.subscribers, 3);
	assert_false(dials(4));
	assert_int_equal(count()->refused_port, 1);
}

static void limit_of_a_mac(void **state)
{
	uint16_t sid;

	(void)state;
	port()->max_per_mac = 2;
	assert_true(dials(1));
	sid = client.sid;
	assert_true(dials(1));
	assert_false(dials(1));
	assert_int_equal(count()->refused_mac, 1);
	assert_true(dials(2));
	client_mac = 1;
	client.sid = sid;
	hang_up();
	assert_true(dials(1));
	assert_false(dials(1));
	assert_int_equal(count()->refused_mac, 2);
}

static void limit_of_a_vlan(void **state)
{
	(void)state;
	port()->max_per_vlan = 2;
	assert_true(dials(1));
	assert_true(dials(2));
	assert_false(dials(3));
	assert_int_equal(count()->refused_vlan, 1);
	client_vlan = 100;
	assert_true(dials(3));
	client_vlan = 0;
	assert_false(dials(4));
	assert_int_equal(count()->refused_vlan, 2);
}

static void duplicates_are_denied(void **state)
{
	(void)state;
	port()->duplicate = CONF_DUPLICATE_DENY;
	assert_true(dials(1));
	assert_false(dials(1));
	assert_int_equal(count()->refused_duplicate, 1);
	assert_true(dials(2));
	assert_int_equal(net.lac.box.n_subscribers, 2);
}

static void duplicates_replace(void **state)
{
	struct restore_result r;
	uint16_t sid;

	(void)state;
	port()->duplicate = CONF_DUPLICATE_REPLACE;
	assert_true(dials(1));
	assert_true(dials(2));
	sid = client.sid;
	for (unsigned int i = 1; i <= 3; i++) {
		assert_true(dials(2));
		assert_int_not_equal(client.sid, sid);
		assert_int_equal(count()->replaced, i);
		assert_int_equal(net.lac.box.n_subscribers, 2);
		assert_int_equal(links(&net.lac), 2);
	}
	restart(&net.lac, &r);
	port()->duplicate = CONF_DUPLICATE_REPLACE;
	assert_true(dials(2));
	assert_int_equal(count()->replaced, 1);
	assert_int_equal(net.lac.box.n_subscribers, 2);
}

/* A tunnelled one: its call ends too, and the LNS's address is free for the new. */
static void a_tunnelled_one_is_replaced(void **state)
{
	(void)state;
	port()->duplicate = CONF_DUPLICATE_REPLACE;
	for (int i = 0; i < 2; i++) {
		dial("user@isp.example", "secret");
		run(1000);
		assert_true(client.up);
		assert_int_equal(net.lns.box.n_subscribers, 1);
	}
	assert_int_equal(count()->replaced, 1);
	hang_up();
	run(500);
	assert_empty();
}

/* PADO waits by the number of subscribers, and is not sent at last. */
static void pado_by_load(void **state)
{
	const struct pppoe_counters *c = &net.lac.box.disc.count;

	(void)state;
	port()->pado[0] = (struct conf_pado){ 1, 300 };
	port()->pado[1] = (struct conf_pado){ 2, -1 };
	port()->n_pado = 2;
	assert_true(dials(1));
	assert_int_equal(c->pado_delayed, 0);
	client_mac = 2;
	dial("bob", "builder");
	run(200);
	assert_int_equal(client.sid, 0);
	run(500);
	assert_true(client.up);
	assert_int_equal(c->pado_delayed, 1);
	assert_false(dials(3));
	assert_int_equal(c->pado_withheld, 1);
}

static void vlans_that_are_not_served(void **state)
{
	(void)state;
	port()->other_vlans = false;
	assert_false(dials(1));
	assert_int_equal(net.lac.box.disc.count.rx_no_port, 1);
}

static uint16_t our_mru(void)
{
	return LIST_FIRST(&net.lac.box.subscribers)->ppp.our_mru;
}

/* 1500 where client, port and profile agree; else 1492, or what was configured. */
static void max_payload(void **state)
{
	struct restore_result r;
	struct subscriber *s;

	(void)state;
	port()->ppp.mru = 1500;
	assert_true(dials(1));
	assert_int_equal(our_mru(), 1492); /* it has not asked */
	TAGS("\x01\x20\0\2\x05\xdc");
	assert_true(dials(2));
	assert_int_equal(our_mru(), 1500);
	net.lac.box.devices.ports[0].mtu = 1504;
	assert_true(dials(3));
	assert_int_equal(our_mru(), 1496);
	net.lac.box.devices.ports[0].mtu = 1500;
	assert_true(dials(4));
	assert_int_equal(our_mru(), 1492);
	port()->ppp.mru = 1480;
	net.lac.box.devices.ports[0].mtu = 9000;
	assert_true(dials(5));
	assert_int_equal(our_mru(), 1480);
	/* What was agreed on outlives the daemon: LCP may begin anew. */
	port()->ppp.mru = 1500;
	restart(&net.lac, &r);
	assert_int_equal(r.subscribers, 5);
	LIST_FOREACH(s, &net.lac.box.subscribers, all)
	{
		assert_int_equal(s->max_payload, s->client.mac[5] == 2 ? 1500 :
						 s->client.mac[5] == 3 ? 1496 :
									 1492);
		assert_int_equal(s->ppp.lcp.conf.peer_mru_max, s->max_payload);
	}
}

/* Two at once from one host differ by Host-Uniq; the same twice is one request. */
static void host_uniq(void **state)
{
	uint16_t sid[3];

	(void)state;
	client_waits = true;
	for (int i = 0; i < 3; i++) {
		if (i == 2)
			TAGS("\x01\x03\0\4two!");
		else
			TAGS("\x01\x03\0\4one!");
		dial("bob", "builder");
		pump();
		sid[i] = client.sid;
	}
	client_waits = false;
	assert_int_equal(sid[0], sid[1]);
	assert_int_not_equal(sid[0], sid[2]);
	assert_int_equal(net.lac.box.n_subscribers, 2);
}

static void the_line_outlives_the_daemon(void **state)
{
	struct restore_result r;
	struct subscriber *s;

	(void)state;
	TAGS("\x01\x05\0\x11\0\0\x0d\xe9\1\5eth/7\x82\4\0\0\x27\x10");
	assert_true(dials(1));
	for (int i = 0; i < 2; i++) {
		s = LIST_FIRST(&net.lac.box.subscribers);
		assert_non_null(s->line);
		assert_int_equal(s->line->circuit.len, 5);
		assert_memory_equal(s->line->circuit.b, "eth/7", 5);
		assert_int_equal(s->line->rate[1], 10000000);
		if (!i)
			restart(&net.lac, &r);
	}
	hang_up();
	run(500);
	assert_empty();
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup_admit, teardown)
	const struct CMUnitTest tests[] = {
		T(limit_of_the_port),
		T(limit_of_a_mac),
		T(limit_of_a_vlan),
		T(duplicates_are_denied),
		T(duplicates_replace),
		T(a_tunnelled_one_is_replaced),
		T(pado_by_load),
		T(vlans_that_are_not_served),
		T(max_payload),
		T(host_uniq),
		T(the_line_outlives_the_daemon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
