// SPDX-License-Identifier: GPL-2.0-or-later
/* Disconnect causes (RFC 3145): who sends them, what arrives, what is counted. */
#include "l2tp/pair.h"

static struct pair p;
static struct box *const lac = &p.box[0], *const lns = &p.box[1];

static const struct l2tp_causes two = {
	.n = 2,
	.cause = { { L2TP_CAUSE_NCP_TIMEOUT, 0x8021, L2TP_CAUSE_NOBODY },
		   { L2TP_CAUSE_ADDRESS, 0x8057, L2TP_CAUSE_LOCAL } },
};

static void connected(bool on)
{
	pair_init(&p, "secret");
	lns->peer.disconnect_cause = on;
	pair_open(&p);
	pair_run(&p, 500);
	pair_call(&p);
	pair_run(&p, 500);
	assert_int_equal(lns->sessions, 1);
}

static void told(void **state)
{
	const struct l2tp_cause_counters *count = &lac->host.rx_causes;

	(void)state;
	connected(true);
	l2tp_session_close_ppp(lns->session, p.now, L2TP_CDN_CARRIER, "over",
			       &two);
	pair_run(&p, 500);
	assert_int_equal(lac->why.result, L2TP_CDN_CARRIER);
	assert_string_equal(lac->why.text, "over");
	assert_int_equal(lac->causes.n, two.n);
	for (unsigned int i = 0; i < two.n; i++) {
		const struct l2tp_cause *got = &lac->causes.cause[i];

		assert_int_equal(got->code, two.cause[i].code);
		assert_int_equal(got->proto, two.cause[i].proto);
		assert_int_equal(got->direction, two.cause[i].direction);
	}
	assert_int_equal(count->ncp_timeout, 1);
	assert_int_equal(count->address, 1);
	assert_int_equal(count->none + count->other, 0);
	pair_free_all(&p);
}

/* The peer's definition does not want it, or we are the LAC. */
static void not_told(void **state)
{
	(void)state;
	connected(false);
	l2tp_session_close_ppp(lns->session, p.now, L2TP_CDN_CARRIER, "", &two);
	pair_run(&p, 500);
	assert_int_equal(lac->downs, 1);
	assert_int_equal(lac->causes.n, 0);
	pair_free_all(&p);
	connected(true);
	l2tp_session_close_ppp(lac->session, p.now, L2TP_CDN_CARRIER, "", &two);
	pair_run(&p, 500);
	assert_int_equal(lns->downs, 1);
	assert_int_equal(lns->causes.n, 0);
	pair_free_all(&p);
}

/* Whatever an LNS ends has a cause, if only that there is none to tell. */
static void always(void **state)
{
	(void)state;
	for (int refused = 0; refused < 2; refused++) {
		connected(true);
		if (refused) {
			lns->host.max_sessions = 1;
			pair_call(&p);
		} else {
			l2tp_session_close(lns->session, p.now, L2TP_CDN_ADMIN,
					   0, "");
		}
		pair_run(&p, 500);
		assert_int_equal(lac->downs, 1);
		assert_int_equal(lac->causes.n, 1);
		assert_int_equal(lac->causes.cause[0].code, L2TP_CAUSE_NONE);
		assert_int_equal(lac->host.rx_causes.none, 1);
		pair_free_all(&p);
	}
}

/* CDN as bytes: the old vendor's number, texts, codes of nobody, too many. */
static void any_lns(void **state)
{
	static const uint8_t cdn[] =
		"\x80\x08\0\0\0\0\0\x0e\x80\x08\0\0\0\x0e\x12\x34"
		"\x80\x08\0\0\0\1\0\1"
		"\0\x0b\0\x2b\0\x2e\0\x08\xc0\x21\0" /* vendor 43 */
		"\0\x0f\0\0\0\x2e\0\x10\xc2\x23\1text"
		"\0\x0b\0\0\0\x2e\xff\xf0\0\0\0" /* 65520 */
		"\0\x0a\0\0\0\x2e\0\x01\0\0" /* too short */
		"\0\x0b\0\0\0\x2e\0\x15\0\0\0" /* 21 */
		"\0\x0b\0\0\0\x2e\0\x01\0\0\0"; /* the fifth */
	uint8_t b[12 + sizeof(cdn) - 1];
	struct wr w = wr_make(b, sizeof(b));
	struct l2tp_path path;

	(void)state;
	connected(false);
	path = pair_path(&p, 0);
	wr_u16(&w, 0xc802);
	wr_u16(&w, sizeof(b));
	wr_u16(&w, lac->tunnel->id);
	wr_u16(&w, lac->session->id);
	wr_u16(&w, lac->tunnel->xport.nr);
	wr_u16(&w, lac->tunnel->xport.ns);
	wr_bytes(&w, cdn, sizeof(cdn) - 1);
	l2tp_host_input(&lac->host, p.now, &path, b, sizeof(b));
	assert_int_equal(lac->downs, 1);
	assert_int_equal(lac->causes.n, L2TP_CAUSES_MAX);
	assert_int_equal(lac->causes.cause[1].proto, 0xc223);
	assert_int_equal(lac->causes.cause[1].direction, L2TP_CAUSE_PEER);
	assert_int_equal(lac->host.rx_causes.echo, 1);
	assert_int_equal(lac->host.rx_causes.auth_failed, 1);
	assert_int_equal(lac->host.rx_causes.other, 2);
	assert_int_equal(lac->host.rx_causes.admin, 0);
	assert_int_equal(lac->host.count.rx_bad_avp, 1);
	pair_free_all(&p);
}

static void words(void **state)
{
	static const struct {
		struct l2tp_cause cause;
		const char *text;
	} cases[] = {
		{ { 16, 0xc223, 1 },
		  "16 authentication failed, protocol c223, direction 1" },
		{ { 0, 0, 0 }, "0 no information, protocol 0000, direction 0" },
		{ { 21, 0x8021, 2 }, "21 unknown, protocol 8021, direction 2" },
	};
	char text[L2TP_CAUSE_STRLEN];

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++)
		assert_string_equal(l2tp_cause_str(&cases[i].cause, text),
				    cases[i].text);
	for (uint16_t code = 0; code < L2TP_CAUSE_CODES; code++) {
		struct l2tp_causes one = { .n = 1,
					   .cause = { { code, 0, 0 } } };
		struct l2tp_cause_counters count = { 0 };

		l2tp_causes_count(&count, &one);
		assert_int_equal(((uint64_t *)&count)[code], 1);
		assert_null(
			strstr(l2tp_cause_str(&one.cause[0], text), "unknown"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(told),	  cmocka_unit_test(not_told),
		cmocka_unit_test(always), cmocka_unit_test(any_lns),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
