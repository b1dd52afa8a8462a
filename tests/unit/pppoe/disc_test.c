// SPDX-License-Identifier: GPL-2.0-or-later
/* Discovery: its flows, its refusals, hostile frames. */
#include "pppoe/port.h"

static void whole_discovery(void **state)
{
	(void)state;
	padi("");
	assert_int_equal(out.b[1], PADO);
	assert_int_equal(out.b[2] << 8 | out.b[3], 0);
	assert_true(sent_is(PPPOE_TAG_AC_NAME, 0, "bng1"));
	assert_true(sent_is(PPPOE_TAG_SERVICE_NAME, 0, ""));
	assert_true(sent_is(PPPOE_TAG_HOST_UNIQ, 0, "uniq"));
	assert_true(sent_is(PPPOE_TAG_RELAY_SESSION_ID, 0, "relay"));
	padr("", &alice, true);
	assert_int_equal(out.b[1], PADS);
	assert_int_equal(out.b[2] << 8 | out.b[3], 0x1234);
	assert_true(sent_is(PPPOE_TAG_HOST_UNIQ, 0, "uniq2"));
	assert_true(sent_is(PPPOE_TAG_SERVICE_NAME, 0, ""));
	assert_string_equal(order, "s+s!");
	assert_string_equal(service, "");
	frame(PADT, 0x1234);
	send_frame(&alice, true);
	assert_int_equal(endings, 1);
	assert_int_equal(ended_sid, 0x1234);
	pppoe_disc_end(&d, &alice, 0x1234);
	assert_int_equal(out.b[1], PADT);
	assert_int_equal(out.b[2] << 8 | out.b[3], 0x1234);
	assert_int_equal(out.len, 6);
	assert_int_equal(d.count.tx_padt, 1);
}

static void services_are_offered(void **state)
{
	(void)state;
	port.services = services;
	padi("");
	assert_true(sent_is(PPPOE_TAG_SERVICE_NAME, 0, ""));
	assert_true(sent_is(PPPOE_TAG_SERVICE_NAME, 1, "internet"));
	assert_true(sent_is(PPPOE_TAG_SERVICE_NAME, 2, "voice"));
	padi("voice");
	assert_true(sent_is(PPPOE_TAG_SERVICE_NAME, 0, "voice"));
	assert_true(sent_is(PPPOE_TAG_SERVICE_NAME, 1, "internet"));
	assert_false(sent_is(PPPOE_TAG_SERVICE_NAME, 2, "voice"));
	padr("voice", &alice, true);
	assert_string_equal(service, "voice");
	out.n = 0;
	padi("voic");
	assert_int_equal(out.n, 0);
	assert_int_equal(d.count.rx_unknown_service, 1);
	padr("voic", &alice, true);
	assert_int_equal(out.b[1], PADS);
	assert_int_equal(out.b[2] << 8 | out.b[3], 0);
	assert_true(sent_is(PPPOE_TAG_SERVICE_NAME_ERROR, 0, ""));
	assert_int_equal(sessions, 1);
	assert_int_equal(d.count.rx_unknown_service, 2);
}

static void odd_service_names(void **state)
{
	static char name[140];

	(void)state;
	memset(name, 'a', sizeof(name) - 1);
	padi(name);
	assert_int_equal(out.n, 0);
	name[128] = '\0';
	padi(name);
	padr(name, &alice, true);
	assert_string_equal(service, name);
	frame(PADI, 0);
	tag(PPPOE_TAG_SERVICE_NAME, "a\0b", 3);
	send_frame(&alice, false);
	assert_int_equal(d.count.rx_unknown_service, 2);
}

static void session_is_refused(void **state)
{
	(void)state;
	padi("");
	sid_to_give = 0;
	padr("", &alice, true);
	assert_int_equal(out.b[1], PADS);
	assert_int_equal(out.b[2] << 8 | out.b[3], 0);
	assert_true(sent_is(PPPOE_TAG_AC_SYSTEM_ERROR, 0, "no room"));
	assert_true(sent_is(PPPOE_TAG_HOST_UNIQ, 0, "uniq2"));
	assert_int_equal(startings, 0);
	assert_int_equal(d.count.refused, 1);
}

static void cookie_is_the_clients_own(void **state)
{
	struct pppoe_client other[4] = { alice, alice, alice, alice };
	uint8_t good[16];

	(void)state;
	padi("");
	other[0].mac[5]++;
	other[1].ifindex++;
	other[2].vlan_outer++;
	other[3].vlan_inner++;
	out.n = 0;
	for (int i = 0; i < 4; i++)
		padr("", &other[i], true);
	assert_int_equal(d.count.rx_bad_cookie, 4);
	memcpy(good, cookie, 16);
	for (int i = 0; i < 16; i++) {
		cookie[i] ^= 1;
		padr("", &alice, true);
		memcpy(cookie, good, 16);
	}
	assert_int_equal(d.count.rx_bad_cookie, 20);
	frame(PADR, 0); /* none at all, one too short */
	tag(PPPOE_TAG_SERVICE_NAME, "", 0);
	send_frame(&alice, true);
	tag(PPPOE_TAG_AC_COOKIE, good, 15);
	send_frame(&alice, true);
	assert_int_equal(d.count.rx_bad_cookie, 22);
	assert_int_equal(sessions, 0);
	assert_int_equal(out.n, 0);
}

static void cookie_outlives_a_restart(void **state)
{
	uint8_t secret[16];

	(void)state;
	padi("");
	memcpy(secret, d.secret, 16);
	pppoe_disc_free(&d);
	pppoe_disc_init(&d, &ops, &timers, NULL);
	padr("", &alice, true);
	assert_int_equal(d.count.rx_bad_cookie, 1);
	memcpy(d.secret, secret, 16);
	padr("", &alice, true);
	assert_int_equal(sessions, 1);
}

/* For a minute at least, for two at most. */
static void cookie_expires(void **state)
{
	(void)state;
	padi("");
	now += SECONDS(59);
	padr("", &alice, true);
	assert_int_equal(sessions, 1);
	now += SECONDS(61);
	padr("", &alice, true);
	assert_int_equal(sessions, 1);
	assert_int_equal(d.count.rx_bad_cookie, 1);
	padi("");
	padr("", &alice, true);
	assert_int_equal(sessions, 2);
}

/* RFC 4638: the lesser of both, and only if it is more than 1492. */
static void max_payload(void **state)
{
	static const struct {
		uint16_t port, client, want;
	} t[] = { { 0, 1500, 0 },	{ 1492, 1500, 0 },
		  { 1500, 1500, 1500 }, { 1500, 9000, 1500 },
		  { 1496, 1500, 1496 }, { 1500, 1498, 1498 },
		  { 1500, 1492, 0 },	{ 1500, 100, 0 } };
	uint8_t b[2];
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		const uint8_t *p;

		port.max_payload = t[i].port;
		b[0] = (uint8_t)(t[i].client >> 8);
		b[1] = (uint8_t)t[i].client;
		frame(PADI, 0);
		tag(PPPOE_TAG_SERVICE_NAME, "", 0);
		tag(PPPOE_TAG_MAX_PAYLOAD, b, 2);
		send_frame(&alice, false);
		for (int k = 0; k < 2; k++) {
			p = sent(PPPOE_TAG_MAX_PAYLOAD, 0, &len);
			assert_int_equal(p ? len : 0, t[i].want ? 2 : 0);
			assert_int_equal(p ? p[0] << 8 | p[1] : 0, t[i].want);
			p = sent(PPPOE_TAG_AC_COOKIE, 0, &len);
			if (!p)
				break;
			memcpy(cookie, p, 16);
			frame(PADR, 0);
			tag(PPPOE_TAG_SERVICE_NAME, "", 0);
			tag(PPPOE_TAG_AC_COOKIE, cookie, 16);
			tag(PPPOE_TAG_MAX_PAYLOAD, b, 2);
			send_frame(&alice, true);
		}
		assert_int_equal(got.max_payload, t[i].want ? t[i].want : 1492);
	}
	frame(PADI, 0); /* no number */
	tag(PPPOE_TAG_SERVICE_NAME, "", 0);
	tag(PPPOE_TAG_MAX_PAYLOAD, "\5\xdc\0", 3);
	send_frame(&alice, false);
	assert_null(sent(PPPOE_TAG_MAX_PAYLOAD, 0, &len));
}

static void host_uniq_tells_two_apart(void **state)
{
	uint64_t uniq;

	(void)state;
	padi("");
	padr("", &alice, true);
	uniq = got.host_uniq;
	assert_true(uniq);
	padr("", &alice, true);
	assert_true(got.host_uniq == uniq);
	frame(PADR, 0);
	tag(PPPOE_TAG_SERVICE_NAME, "", 0);
	tag(PPPOE_TAG_AC_COOKIE, cookie, 16);
	send_frame(&alice, true);
	assert_true(got.host_uniq == 0);
	tag(PPPOE_TAG_HOST_UNIQ, "uniq3", 5);
	send_frame(&alice, true);
	assert_true(got.host_uniq && got.host_uniq != uniq);
}

/* Its items are vendor_test's. */
static void line(void **state)
{
	(void)state;
	padi("");
	for (int i = 0; i < 2; i++) {
		frame(PADR, 0);
		tag(PPPOE_TAG_SERVICE_NAME, "", 0);
		tag(PPPOE_TAG_AC_COOKIE, cookie, 16);
		tag(PPPOE_TAG_VENDOR, "\0\0\0\x09\1\3abc", 9); /* Cisco */
		/* The client's own, in front of the access node's. */
		tag(PPPOE_TAG_VENDOR, "\0\0\x0d\xe9\1\4eth6\2\3bob", 15);
		tag(PPPOE_TAG_VENDOR, "\0\0\x0d\xe9\1\4eth7\x82\3xyz", 15);
		send_frame(&alice, true);
		port.line = false;
		if (i)
			break;
		assert_int_equal(got_line.has, 1u << LINE_CIRCUIT_ID);
		assert_memory_equal(got_line.circuit.b, "eth7", 4);
		assert_int_equal(d.count.rx_bad_line, 1);
	}
	assert_null(got.line); /* nobody is believed there */
	assert_int_equal(sessions, 2);
}

static void too_often(void **state)
{
	struct pppoe_client bob = alice;

	(void)state;
	port.setup_rate = 10;
	for (int i = 0; i < 30; i++)
		padi("");
	assert_int_equal(out.n, 10);
	assert_int_equal(d.count.rx_too_often, 20);
	now += 100; /* one more */
	padi("");
	padi("");
	assert_int_equal(out.n, 11);
	frame(PADT, 0x1234); /* ends are counted apart */
	send_frame(&alice, true);
	assert_int_equal(endings, 1);
	port.end_rate = 2;
	for (int i = 0; i < 10; i++)
		send_frame(&alice, true);
	assert_int_equal(endings, 3);
	bob.mac[5] = 77; /* and sources, unless they share a bucket */
	for (int i = 0; endings < 4 && i < 20; i++, bob.mac[5]++)
		send_frame(&bob, true);
	assert_int_equal(endings, 4);
	now += SECONDS(3600);
	for (int i = 0; i < 30; i++)
		padi("");
	assert_int_equal(out.n, 21);
}

static void pado_later(void **state)
{
	(void)state;
	port.delay = 250;
	padi("");
	padi("");
	assert_int_equal(out.n, 0);
	assert_int_equal(d.count.pado_delayed, 2);
	assert_int_equal(timers_next(&timers), now + 250);
	now += 249;
	timers_run(&timers, now);
	assert_int_equal(out.n, 0);
	timers_run(&timers, ++now);
	assert_int_equal(out.n, 2);
	assert_int_equal(d.count.tx_pado, 2);
	assert_int_equal(timers_next(&timers), MSEC_NEVER);
	assert_int_equal(out.b[1], PADO);
	memcpy(cookie, out.b + 6 + 8 + 4, 16);
	padr("", &alice, true);
	assert_int_equal(sessions, 1);
	for (int i = 0; i < PPPOE_LATER_MAX + 5; i++)
		padi("");
	assert_int_equal(d.count.pado_no_room, 5);
	port.delay = -1;
	out.n = 0;
	padi("");
	assert_int_equal(d.count.pado_withheld, 1);
	assert_int_equal(out.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(whole_discovery),
		TEST(services_are_offered),
		TEST(odd_service_names),
		TEST(session_is_refused),
		TEST(cookie_is_the_clients_own),
		TEST(cookie_outlives_a_restart),
		TEST(cookie_expires),
		TEST(max_payload),
		TEST(host_uniq_tells_two_apart),
		TEST(line),
		TEST(too_often),
		TEST(pado_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
