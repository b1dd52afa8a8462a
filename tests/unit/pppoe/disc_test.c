// SPDX-License-Identifier: GPL-2.0-or-later
/* Discovery: its flows, its refusals, hostile frames. */
#include "pppoe/disc.h"

#include "pppoe/tag.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after what it needs */
#include <cmocka.h>

#define PADI 0x09
#define PADO 0x07
#define PADR 0x19
#define PADS 0x65
#define PADT 0xa7

static const struct pppoe_client alice = { .ifindex = 3,
					   .vlan_outer = 100,
					   .vlan_inner = 7,
					   .mac = { 2, 0, 0, 0, 0, 1 } };
static const char *const services[] = { "internet", "voice", NULL };
static struct pppoe_conf port = { .ac_name = "bng1" };

static struct pppoe_disc d;
static struct {
	uint8_t b[1600];
	size_t len;
	int n;
} out;
static char order[16];
static char service[200];
static uint16_t sid_to_give;
static int sessions, startings, endings;
static uint16_t ended_sid;
static bool no_port;

static const struct pppoe_conf *on_port(struct pppoe_disc *disc,
					const struct pppoe_client *from)
{
	(void)disc, (void)from;
	return no_port ? NULL : &port;
}

static void on_send(struct pppoe_disc *disc, const struct pppoe_client *to,
		    const void *frame, size_t len)
{
	(void)disc;
	assert_memory_equal(to->mac, alice.mac, 6);
	assert_in_range(len, 6, 1500);
	memcpy(out.b, frame, len);
	out.len = len;
	out.n++;
	assert_int_equal(out.b[0], 0x11);
	assert_int_equal(out.b[4] << 8 | out.b[5], len - 6);
	if (strlen(order) < 15)
		strcat(order, "s");
}

static uint16_t on_session(struct pppoe_disc *disc,
			   const struct pppoe_client *from, const char *name,
			   msec_t now)
{
	(void)disc, (void)from, (void)now;
	sessions++;
	snprintf(service, sizeof(service), "%s", name);
	if (strlen(order) < 15)
		strcat(order, "+");
	return sid_to_give;
}

static void on_started(struct pppoe_disc *disc, const struct pppoe_client *from,
		       uint16_t sid, msec_t now)
{
	(void)disc, (void)from, (void)now;
	assert_int_equal(sid, sid_to_give);
	startings++;
	if (strlen(order) < 15)
		strcat(order, "!");
}

static void on_ended(struct pppoe_disc *disc, const struct pppoe_client *from,
		     uint16_t sid, msec_t now)
{
	(void)disc, (void)from, (void)now;
	endings++;
	ended_sid = sid;
}

static const struct pppoe_disc_ops ops = { .port = on_port,
					   .send = on_send,
					   .session = on_session,
					   .started = on_started,
					   .ended = on_ended };

static int setup(void **state)
{
	(void)state;
	memset(&out, 0, sizeof(out));
	*order = '\0';
	sessions = startings = endings = 0;
	sid_to_give = 0x1234;
	no_port = false;
	port.services = NULL;
	pppoe_disc_init(&d, &ops, NULL);
	return 0;
}

static void give_from(const struct pppoe_client *from, bool to_us,
		      const void *frame, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	memcpy(copy, frame, len);
	pppoe_disc_input(&d, 0, from, to_us, copy, len);
	free(copy);
}

/* A frame being made. */
static uint8_t buf[1600];
static struct wr w;

static void frame(uint8_t code, uint16_t sid)
{
	w = wr_make(buf, sizeof(buf));
	wr_u8(&w, 0x11);
	wr_u8(&w, code);
	wr_u16(&w, sid);
	wr_u16(&w, 0);
}

static void tag(uint16_t type, const void *b, size_t len)
{
	pppoe_tag_put(&w, type, b, len);
}

static void send_frame(const struct pppoe_client *from, bool to_us)
{
	wr_patch_u16(&w, 4, (uint16_t)(wr_len(&w) - 6));
	give_from(from, to_us, buf, wr_len(&w));
}

/* The nth tag of a type in what was sent; NULL: none. */
static const uint8_t *sent(uint16_t type, int nth, size_t *len)
{
	struct rd r = rd_make(out.b + 6, out.len - 6);

	while (rd_left(&r)) {
		uint16_t t = rd_u16(&r);
		const uint8_t *b;

		*len = rd_u16(&r);
		b = rd_bytes(&r, *len);
		assert_false(r.err);
		if (t == type && !nth--)
			return b;
	}
	return NULL;
}

static bool sent_is(uint16_t type, int nth, const char *want)
{
	size_t len;
	const uint8_t *b = sent(type, nth, &len);

	return b && len == strlen(want) && !memcmp(b, want, len);
}

static uint8_t cookie[16];

static void padi(const char *name)
{
	size_t len;
	const uint8_t *b;

	frame(PADI, 0);
	tag(PPPOE_TAG_SERVICE_NAME, name, strlen(name));
	tag(PPPOE_TAG_HOST_UNIQ, "uniq", 4);
	tag(PPPOE_TAG_RELAY_SESSION_ID, "relay", 5);
	tag(0x0120, "\x05\xdc", 2); /* RFC 4638 */
	send_frame(&alice, false);
	b = out.len ? sent(PPPOE_TAG_AC_COOKIE, 0, &len) : NULL;
	if (b) {
		assert_int_equal(len, 16);
		memcpy(cookie, b, 16);
	}
}

static void padr(const char *name, const struct pppoe_client *from, bool to_us)
{
	frame(PADR, 0);
	tag(PPPOE_TAG_SERVICE_NAME, name, strlen(name));
	tag(PPPOE_TAG_AC_COOKIE, cookie, 16);
	tag(PPPOE_TAG_HOST_UNIQ, "uniq2", 5);
	send_frame(from, to_us);
}

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
	assert_true(sent_is(PPPOE_TAG_AC_SYSTEM_ERROR, 0, ""));
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
	pppoe_disc_init(&d, &ops, NULL);
	padr("", &alice, true);
	assert_int_equal(d.count.rx_bad_cookie, 1);
	memcpy(d.secret, secret, 16);
	padr("", &alice, true);
	assert_int_equal(sessions, 1);
}

static void silence(void **state)
{
	(void)state;
	padi("");
	out.n = 0;
	padr("", &alice, false); /* broadcast */
	assert_int_equal(d.count.rx_unexpected, 1);
	frame(PADT, 5);
	send_frame(&alice, false);
	frame(PADO, 0); /* of another concentrator */
	send_frame(&alice, false);
	frame(PADS, 5);
	send_frame(&alice, true);
	frame(0, 5);
	send_frame(&alice, true);
	assert_int_equal(d.count.rx_unexpected, 5);
	no_port = true;
	padi("");
	padr("", &alice, true);
	assert_int_equal(d.count.rx_no_port, 2);
	assert_int_equal(out.n, 0);
	assert_int_equal(endings, 0);
}

static void malformed(void **state)
{
	static uint8_t big[1500];

	(void)state;
	frame(PADI, 0); /* no Service-Name */
	send_frame(&alice, false);
	frame(PADI, 1); /* a session */
	tag(PPPOE_TAG_SERVICE_NAME, "", 0);
	send_frame(&alice, false);
	frame(PADT, 0);
	send_frame(&alice, true);
	frame(PADI, 0); /* too long */
	tag(PPPOE_TAG_SERVICE_NAME, "", 0);
	tag(PPPOE_TAG_HOST_UNIQ, big, 1484 - 6 - 8 + 1);
	send_frame(&alice, false);
	frame(PADI, 0); /* its answer would not fit */
	tag(PPPOE_TAG_SERVICE_NAME, "", 0);
	tag(PPPOE_TAG_HOST_UNIQ, big, 1484 - 6 - 8);
	send_frame(&alice, false);
	frame(PADI, 0); /* a tag longer than the frame */
	tag(PPPOE_TAG_SERVICE_NAME, "", 0);
	wr_u32(&w, 0x01030005);
	send_frame(&alice, false);
	buf[0] = 0x21;
	give_from(&alice, false, buf, 12);
	assert_int_equal(d.count.rx_malformed, 7);
	assert_int_equal(out.n, 0);
}

static void end_of_list_and_padding(void **state)
{
	(void)state;
	frame(PADI, 0);
	tag(PPPOE_TAG_SERVICE_NAME, "", 0);
	tag(PPPOE_TAG_SERVICE_NAME, "second", 6);
	tag(PPPOE_TAG_END, NULL, 0);
	wr_u32(&w, 0x0103ffff); /* rubbish behind the end */
	send_frame(&alice, false);
	assert_int_equal(out.n, 1);
	assert_true(sent_is(PPPOE_TAG_SERVICE_NAME, 0, ""));
	frame(PADI, 0);
	tag(PPPOE_TAG_SERVICE_NAME, "", 0);
	wr_patch_u16(&w, 4, 4);
	memset(w.p, 0xff, 36); /* Ethernet's padding */
	give_from(&alice, false, buf, 46);
	assert_int_equal(out.n, 2);
}

static void more_services_than_fit(void **state)
{
	static const char *many[200];
	static char name[200][20];

	(void)state;
	for (int i = 0; i < 199; i++) {
		snprintf(name[i], sizeof(name[i]), "service-%d", i);
		many[i] = name[i];
	}
	port.services = many;
	padi("");
	assert_int_equal(out.n, 1);
	assert_true(out.len > 1400);
	assert_true(sent_is(PPPOE_TAG_SERVICE_NAME, 1, "service-0"));
}

static void hostile(void **state)
{
	static uint8_t seeds[3][200];
	size_t len[3];

	(void)state;
	port.services = services;
	padi("voice");
	memcpy(seeds[0], buf, len[0] = wr_len(&w));
	padr("voice", &alice, true);
	memcpy(seeds[1], buf, len[1] = wr_len(&w));
	frame(PADT, 0x1234);
	memcpy(seeds[2], buf, len[2] = wr_len(&w));
	for (int s = 0; s < 3; s++) {
		for (size_t n = 0; n <= len[s]; n++)
			give_from(&alice, true, seeds[s], n);
	}
	assert_int_equal(sessions, 2); /* only the whole one */
	srand(2516);
	for (int i = 0; i < 150000; i++) {
		int s = rand() % 3;
		size_t n = len[s];

		memcpy(buf, seeds[s], n);
		for (int k = rand() % 4; k >= 0; k--)
			buf[(size_t)rand() % n] =
				(uint8_t)(rand() % 3 ? rand() : rand() % 8);
		if (rand() % 4 == 0)
			n = (size_t)rand() % (n + 1);
		give_from(&alice, rand() % 2, buf, n);
	}
}

#define TEST(fn) cmocka_unit_test_setup(fn, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(whole_discovery),
		TEST(services_are_offered),
		TEST(odd_service_names),
		TEST(session_is_refused),
		TEST(cookie_is_the_clients_own),
		TEST(cookie_outlives_a_restart),
		TEST(silence),
		TEST(malformed),
		TEST(end_of_list_and_padding),
		TEST(more_services_than_fit),
		TEST(hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
