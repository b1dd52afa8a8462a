// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Orders of RADIUS about subscribers that are up, in the chain of client, LAC and LNS:
 * by each name that they have there, who may order, how many are meant, each
 * Error-Cause, ends. What changes: coa_change_test.
 */
#include "bng/chain_coa.h"

#include "bng/identity.h"
#include "bng/port.h"

static struct subscriber *lac_subscriber(void)
{
	return LIST_FIRST(&net.lac.box.subscribers);
}

/* ------------------------------------------------------------------------ names */

/* Each name of everything that a subscriber is called by, as an attribute. */
struct called {
	uint8_t b[RADIUS_NAMES_ALL][255];
	uint8_t len[RADIUS_NAMES_ALL];
};

static void call_it(struct called *c, enum radius_name kind, uint8_t type,
		    const void *value, size_t len)
{
	c->b[kind][0] = type;
	c->b[kind][1] = c->len[kind] = (uint8_t)(len + 2);
	memcpy(c->b[kind] + 2, value, len);
}

static void call_text(struct called *c, enum radius_name kind, uint8_t type,
		      const char *text)
{
	call_it(c, kind, type, text, strlen(text));
}

static void names_of(struct called *c, const struct subscriber *s)
{
	uint8_t port[4] = { (uint8_t)(s->access.tunnel_id >> 8),
			    (uint8_t)s->access.tunnel_id,
			    (uint8_t)(s->access.session_id >> 8),
			    (uint8_t)s->access.session_id };
	char text[64];

	snprintf(text, sizeof(text), "%016llx", (unsigned long long)s->id);
	call_text(c, RADIUS_NAME_SESSION, 44, text);
	call_text(c, RADIUS_NAME_MULTI_SESSION, 50, text);
	snprintf(text, sizeof(text), "session %u/%u", s->access.tunnel_id,
		 s->access.session_id);
	call_text(c, RADIUS_NAME_PORT_ID, 87, text);
	call_it(c, RADIUS_NAME_PORT, 5, port, 4);
	call_it(c, RADIUS_NAME_ADDRESS, 8, s->address.b, 4);
	assert_non_null(s->calling); /* the LAC's Calling Number */
	call_text(c, RADIUS_NAME_CALLING, 31, s->calling);
	assert_non_null(s->called);
	call_text(c, RADIUS_NAME_CALLED, 30, s->called);
	call_text(c, RADIUS_NAME_USER, 1, "user@isp.example");
	call_text(c, RADIUS_NAME_CUI, 89, "cui-of-bob");
	call_it(c, RADIUS_NAME_ADDRESS6, 168,
		"\x20\1\r\xb8\0\3\0\0\0\0\0\0\0\0\0\7", 16);
	call_it(c, RADIUS_NAME_PREFIX, 97, "\0\x40\x20\1\r\xb8\0\1\0\2", 10);
	call_it(c, RADIUS_NAME_DELEGATED, 123, "\0\x38\x20\1\r\xb8\1\1\0", 9);
	call_it(c, RADIUS_NAME_INTERFACE, 96, "\0\0\0\0\0\0\0\5", 8);
}

static int coa_of(struct called *c, unsigned int kinds)
{
	uint8_t b[1024];
	size_t len = 5;

	memcpy(b, CLASS, 5);
	for (int i = 0; i < RADIUS_NAMES_ALL; i++) {
		if (!(kinds >> i & 1))
			continue;
		memcpy(b + len, c->b[i], c->len[i]);
		len += c->len[i];
	}
	return order(&net.lns, 43, b, len);
}

#define KINDS ((1U << RADIUS_NAMES_ALL) - 1)
/* By these alone nobody is looked up. */
#define ONLY_MATCHED (1U << RADIUS_NAME_CALLED | 1U << RADIUS_NAME_INTERFACE)

static int expected(unsigned int kinds, int cause)
{
	return kinds & ~ONLY_MATCHED ? cause : 402;
}

/* All of those given, of all subsets; one that is wrong spoils it. Also after kill -9. */
static void by_name(void **state)
{
	struct restore_result r;
	struct called c;

	(void)state;
	with("", "rate = 20000");
	client_service = "gold";
	COME_UP(GRANT);
	client_service = "";
	names_of(&c, lns_subscriber());
	for (int again = 0; again < 2; again++) {
		for (unsigned int kinds = 1; kinds <= KINDS;
		     kinds += again ? 17 : 1)
			assert_int_equal(coa_of(&c, kinds), expected(kinds, 0));
		for (int i = 0; i < RADIUS_NAMES_ALL; i++) {
			/* The last byte of a prefix may be none's. */
			bool prefix = i == RADIUS_NAME_PREFIX ||
				      i == RADIUS_NAME_DELEGATED;
			uint8_t *b =
				&c.b[i][prefix || !c.len[i] ? 4 : c.len[i] - 1];

			if (!c.len[i])
				continue;

			*b ^= 4;
			assert_int_equal(coa_of(&c, 1U << i),
					 expected(1U << i, 503));
			assert_int_equal(coa_of(&c, KINDS), 503);
			*b ^= 4;
			assert_int_equal(coa_of(&c, 1U << i),
					 expected(1U << i, 0));
		}
		restart(&net.lns, &r);
		assert_int_equal(r.subscribers, 1);
	}
	assert_int_equal(coa_of(&c, 0), 402);
	hang_up();
	run(500);
	for (int i = 0; i < RADIUS_NAMES_ALL; i++)
		assert_int_equal(coa_of(&c, 1U << i), expected(1U << i, 503));
	for (int i = 0; i < RADIUS_NAMES; i++)
		assert_int_equal(net.lns.box.names.by[i].n, 0);
	assert_empty();
}

/* It has none of these: it is not found by nothing either. */
static void without(void **state)
{
	(void)state;
	COME_UP("");
	assert_int_equal(DISCONNECT("\x59\3x"), 503);
	assert_int_equal(DISCONNECT("\x61\4\0\0"), 503);
	assert_int_equal(DISCONNECT("\x7b\4\0\0"), 503);
	assert_int_equal(DISCONNECT("\x08\6\0\0\0\0"), 503);
	assert_int_equal(DISCONNECT(USER "\x60\x0a\0\0\0\0\0\0\0\0"), 503);
	assert_int_equal(DISCONNECT(USER "\x1e\4no"), 503);
	assert_int_equal(DISCONNECT(NOBODY), 503);
	assert_true(client.up);
}

/* Not before it is up. */
static void not_yet(void **state)
{
	(void)state;
	dial("user@isp.example", "secret");
	run(500);
	assert_int_equal(DISCONNECT(USER), 503);
	accept_with("", 0);
	run(500);
	assert_true(client.up);
	assert_int_equal(DISCONNECT(USER), 0);
}

/* -------------------------------------------------------------------------- ends */

/* When it is acknowledged it is gone; the client hears so, the LAC why. */
static void disconnected(void **state)
{
	(void)state;
	COME_UP("");
	assert_int_equal(DISCONNECT(USER), 0);
	assert_true(memmem(net.dae.b, net.dae.len, "\x31\6\0\0\0\6", 6));
	assert_int_equal(net.lns.box.n_subscribers, 0);
	assert_int_equal(DISCONNECT(USER), 503);
	run(500);
	assert_true(client.padt);
	assert_empty();
	assert_int_equal(net.lns.box.dae.server.count.tx_acks, 1);
	assert_int_equal(net.lns.box.dae.server.count.tx_naks, 1);
	assert_int_equal(net.lac.box.l2tp.rx_causes.admin, 1);
}

/* At the LAC, which has no PPP of it: the LNS hears, and nothing but its accounting can
 * change (coa_lac_test).
 */
static void tunnelled(void **state)
{
	struct restore_result r;

	(void)state;
	COME_UP("");
	restart(&net.lac, &r);
	assert_int_equal(lac_subscriber()->state, SUBSCRIBER_TUNNELLED);
	assert_int_equal(order(&net.lac, 43, USER SESSION_TIMEOUT, 24), 406);
	assert_int_equal(order(&net.lac, 43, USER CLASS SESSION_TIMEOUT, 29),
			 406);
	assert_null(lac_subscriber()->grant);
	assert_int_equal(order(&net.lac, 40,
			       "\x1f\x13"
			       "02:00:00:00:00:09",
			       19),
			 0);
	assert_int_equal(net.lac.box.n_subscribers, 0);
	run(500);
	assert_true(client.padt);
	assert_empty();
}

static int by_port_id(const char *id)
{
	uint8_t b[64] = { 87, (uint8_t)(2 + strlen(id)) };

	memcpy(b + 2, id, strlen(id));
	return order(&net.lac, 40, b, 2 + strlen(id));
}

/* NAS-Port-Id is the place, the same at each dial; that of a session is known too. */
static void by_place(void **state)
{
	char link[KERN_LINK_STRLEN], wrong[KERN_LINK_STRLEN + 1];
	struct port_text text;
	struct aaa_port port;

	(void)state;
	for (int i = 0; i < 2; i++) {
		client_vlan = 100;
		client_inner = 7;
		COME_UP("");
		client_inner = client_vlan = 0;
		port_describe(lac_subscriber(), &text, &port);
		assert_string_equal(port.id, "lo.100.7");
		kern_link_str(&lac_subscriber()->access, link);
		assert_int_equal(by_port_id("lo"), 503);
		assert_int_equal(by_port_id("lo.100"), 503);
		assert_int_equal(by_port_id("pppoe lo.100.7"), 503);
		assert_int_equal(by_port_id("pppoe /"), 503);
		snprintf(wrong, sizeof(wrong), "%s1", link);
		assert_int_equal(by_port_id(wrong), 503);
		assert_int_equal(by_port_id(i ? "lo.100.7" : link), 0);
		assert_int_equal(net.lac.box.n_subscribers, 0);
		run(500);
		assert_empty();
	}
}

static void two_of_them(void)
{
	COME_UP("");
	client_mac = 8;
	COME_UP("");
	assert_int_equal(net.lns.box.n_subscribers, 2);
}

static void several(void **state)
{
	struct radius_named n = { .name[RADIUS_NAME_USER] = {
					  (const uint8_t *)"user@isp.example",
					  16 } };
	struct subscriber *found[2];

	(void)state;
	two_of_them();
	assert_int_equal(identity_find(&net.lns.box, &n, found, 2), 2);
	assert_ptr_not_equal(found[0], found[1]);
	assert_int_equal(identity_find(&net.lns.box, &n, found, 1), -E2BIG);
	assert_int_equal(COA(USER SESSION_TIMEOUT), 508);
	/* One of the two */
	assert_int_equal(DISCONNECT(USER "\x08\6\x64\x40\0\3"), 0);
	assert_int_equal(net.lns.box.n_subscribers, 1);
	run(500);
	assert_int_equal(COA(USER SESSION_TIMEOUT), 0);
	COME_UP("");
	assert_int_equal(DISCONNECT(USER), 0);
	assert_int_equal(net.lns.box.n_subscribers, 0);
	run(500);
	assert_empty();
}

static void several_as_told(void **state)
{
	(void)state;
	with("several = refuse", "");
	two_of_them();
	assert_int_equal(DISCONNECT(USER), 508);
	assert_int_equal(COA(USER SESSION_TIMEOUT), 508);
	with("several = all", "");
	assert_int_equal(COA(USER SESSION_TIMEOUT), 0);
	assert_int_equal(lns_subscriber()->ppp.ip.session_timeout, 3600);
	assert_int_equal(LIST_NEXT(lns_subscriber(), all)
				 ->ppp.ip.session_timeout,
			 3600);
}

/* ------------------------------------------------------------------------ causes */

static void refused(void **state)
{
	static const struct {
		uint8_t code;
		int cause;
		size_t len;
		const char *b;
	} rows[] = {
#define ROW(code, cause, text) { code, cause, sizeof(text) - 1, text }
		/* not of these requests, or not while it is up */
		ROW(40, 401, USER SESSION_TIMEOUT),
		ROW(40, 401, USER "\6\6\0\0\0\2"),
		ROW(43, 401, USER SESSION_TIMEOUT "\x09\6\xff\xff\xff\xff"),
		ROW(43, 401, USER SESSION_TIMEOUT "\x0c\6\0\0\5\xdc"),
		ROW(43, 401,
		    USER SESSION_TIMEOUT "\x1a\x0b\0\0\x13\x0a\1\5red"),
		ROW(43, 401, USER SESSION_TIMEOUT "\x1a\7\0\0\0\1\7"),
		/* of nobody, or nothing */
		ROW(40, 402, ""),
		ROW(40, 402, "\x20\5lns"),
		ROW(40, 402, "\x1e\6gold"),
		ROW(43, 402, SESSION_TIMEOUT),
		ROW(43, 402, USER),
		/* for another */
		ROW(40, 403, USER "\x20\5lac"),
		ROW(40, 403, USER "\x20\6lnsx"),
		ROW(40, 403, USER "\x20\2"),
		ROW(40, 403, USER "\x04\6\xc0\0\2\1"),
		ROW(43, 403,
		    USER SESSION_TIMEOUT "\x04\6\xc6\x33\x64\2\x20\5lac"),
		ROW(40, 403,
		    USER "\x5f\x12\x20\1\r\xb8\0\0\0\0\0\0\0\0\0\0\0\1"),
		/* twice */
		ROW(40, 404, USER USER),
		ROW(43, 404, USER SESSION_TIMEOUT "\x20\5lns\x20\5lns"),
		/* Authorize Only, Login */
		ROW(43, 405, USER "\6\6\0\0\0\x11\x18\3s"),
		ROW(43, 405, USER SESSION_TIMEOUT "\6\6\0\0\0\1"),
		/* what cannot be so */
		ROW(40, 407, "\x08\5\x64\x40\0"),
		ROW(40, 407, "\1\2"),
		ROW(40, 407, "\x61\4\0\x81"),
		ROW(43, 407, USER "\x1b\5\0\0\1"),
		ROW(43, 407, USER SESSION_TIMEOUT "\6\5\0\0\2"),
		ROW(43, 407, USER SESSION_TIMEOUT "\x04\5\xc0\0\2"),
		ROW(43, 407, USER "\x0b\6blue"),
		ROW(40, 503, NOBODY),
		ROW(43, 503, USER SESSION_TIMEOUT "\x08\6\x64\x40\0\xfe"),
	};

	(void)state;
	COME_UP("");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int cause =
			order(&net.lns, rows[i].code, rows[i].b, rows[i].len);

		if (cause != rows[i].cause)
			fail_msg("row %zu: %d, not %d", i, cause,
				 rows[i].cause);
		assert_int_equal(lns_subscriber()->state, SUBSCRIBER_UP);
		assert_int_equal(lns_subscriber()->ppp.ip.session_timeout, 0);
	}
	/* For us, by each of our names; with what is passed over. */
	assert_int_equal(COA(USER SESSION_TIMEOUT
			     "\x20\5lns\x04\6\xc6\x33\x64\2\x12\4hi"
			     "\6\6\0\0\0\2\7\6\0\0\0\1\x3d\6\0\0\0\5\x21\3x"),
			 0);
	assert_int_equal(COA(USER CLASS "\x04\6\xc0\0\2\x4d"), 0);
}

/* A group's servers are told other names of us: by those we are meant, too. */
static void as_a_group_is_told(void **state)
{
	static const char v6[] = USER CLASS
		"\x5f\x12\x20\1\r\xb8\0\0\0\0\0\0\0\0\0\0\0\7";

	(void)state;
	also = "radius-group \"bras\" { servers = { \"one\" }\n"
	       "  attributes = { \"NAS-Identifier=bras7\",\n"
	       "    \"NAS-IP-Address=203.0.113.7\",\n"
	       "    \"NAS-IPv6-Address=2001:db8::7\" } }\n";
	with("", "");
	also = "";
	COME_UP("");
	assert_int_equal(COA(USER CLASS "\x20\7"
					"bras7"),
			 0);
	assert_int_equal(COA(USER CLASS "\x20\5lns\x04\6\xcb\0\x71\7"), 0);
	assert_int_equal(order(&net.lns, 43, v6, sizeof(v6) - 1), 0);
	assert_int_equal(COA(USER CLASS "\x20\6"
					"bras"),
			 403);
	assert_int_equal(COA(USER CLASS "\x04\6\xcb\0\x71\x08"), 403);
	assert_int_equal(DISCONNECT(USER "\x20\7"
					 "bras7\x04\6\xcb\0\x71\7"),
			 0);
}

static void prohibited(void **state)
{
	(void)state;
	with("", "coa = false");
	COME_UP("");
	assert_int_equal(COA(USER SESSION_TIMEOUT), 501);
	assert_int_equal(DISCONNECT(USER), 0);
	run(500);
	with("", "disconnect = false message-authenticator = require");
	COME_UP("");
	assert_int_equal(DISCONNECT(USER), 501);
	assert_int_equal(COA(USER SESSION_TIMEOUT), 0);
	with("", "timestamp = require");
	assert_int_equal(DISCONNECT(USER), -1);
	assert_int_equal(net.lns.box.dae.server.count.rx_no_timestamp, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_coa, teardown)
	const struct CMUnitTest tests[] = {
		TEST(by_name),
		TEST(without),
		TEST(not_yet),
		TEST(disconnected),
		TEST(tunnelled),
		TEST(several),
		TEST(by_place),
		TEST(several_as_told),
		TEST(refused),
		TEST(prohibited),
		TEST(as_a_group_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
