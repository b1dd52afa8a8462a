// SPDX-License-Identifier: GPL-2.0-or-later
/* The DHCPv6 server: which message gets which answer (RFC 8415 16, 18.3). */
#include "host.h"

enum {
	SOLICIT = 1,
	ADVERTISE,
	REQUEST,
	CONFIRM,
	RENEW,
	REBIND,
	REPLY,
	RELEASE,
	DECLINE,
	RECONFIGURE,
	INFORMATION
};
enum { CLIENT = 1, SERVER, IA_NA, IAADDR = 5, ORO, PREFERENCE };
enum { STATUS = 13, RAPID, DNS = 23, IA_PD = 25, IAPREFIX };

static const uint8_t servers[16] = { 0xff, 2, [13] = 1, [15] = 2 };
static const uint8_t duid[] = { 0, 3, 0, 1, 2, 0, 0, 0, 0, 9 };

/* The message under construction. */
static struct wr m;
static uint8_t m_bytes[1400];

static void message(uint8_t type)
{
	m = wr_make(m_bytes, sizeof(m_bytes));
	wr_u16(&m, 546);
	wr_u16(&m, 547);
	wr_u32(&m, 0);
	wr_u32(&m, (uint32_t)type << 24 | 0xabcdef);
}

static void option(uint16_t code, const void *b, size_t len)
{
	wr_u16(&m, code);
	wr_u16(&m, (uint16_t)len);
	wr_bytes(&m, b, len);
}

static void client_id(void)
{
	option(CLIENT, duid, sizeof(duid));
}

static void server_id(void)
{
	option(SERVER, our_duid.b, our_duid.len);
}

/* With one address or prefix that it speaks of, or NULL. */
static void ia(uint16_t code, uint32_t id, const char *lent, uint8_t len)
{
	struct addr a = lent ? v6(lent) : (struct addr){ 0 };

	wr_u16(&m, code);
	wr_u16(&m, (uint16_t)(!lent ? 12 : code == IA_NA ? 12 + 28 : 12 + 29));
	wr_u32(&m, id);
	wr_u64(&m, 0);
	if (!lent)
		return;
	wr_u16(&m, code == IA_NA ? IAADDR : IAPREFIX);
	wr_u16(&m, code == IA_NA ? 24 : 25);
	if (code == IA_NA)
		wr_bytes(&m, a.b, 16);
	wr_u64(&m, 0);
	if (code == IA_PD) {
		wr_u8(&m, len);
		wr_bytes(&m, a.b, 16);
	}
}

static void send_to(const uint8_t dst[16])
{
	size_t len = wr_len(&m);

	assert_false(m.err);
	wr_patch_u16(&m, 4, (uint16_t)len);
	give(host, dst, 17, m_bytes, len, 6);
}

static void send_it(void)
{
	send_to(servers);
}

/* The answer's type, 0: there is none. */
static uint8_t answer(void)
{
	if (!w.n)
		return 0;
	assert_int_equal(w.n, 1);
	assert_memory_equal(w.b + 24, host, 16);
	assert_memory_equal(w.b + 40, "\x02\x23\x02\x22", 4);
	assert_int_equal(w.b[44] << 8 | w.b[45], w.len - 40);
	assert_memory_equal(w.b + 49, "\xab\xcd\xef", 3);
	return w.b[48];
}

/* The n-th option of that code in b..end, or NULL; *len is its value's. */
static const uint8_t *find_in(const uint8_t *b, const uint8_t *end,
			      uint16_t code, unsigned int n, size_t *len)
{
	while (end - b >= 4) {
		*len = (size_t)(b[2] << 8 | b[3]);
		assert_true((size_t)(end - b) >= 4 + *len);
		if ((b[0] << 8 | b[1]) == code && !n--)
			return b + 4;
		b += 4 + *len;
	}
	assert_ptr_equal(b, end);
	return NULL;
}

static const uint8_t *find(uint16_t code, unsigned int n, size_t *len)
{
	return find_in(w.b + 52, w.b + w.len, code, n, len);
}

static bool has(uint16_t code)
{
	size_t len;

	return find(code, 0, &len);
}

static uint32_t u32(const uint8_t *b)
{
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | b[2] << 8 | b[3];
}

/* The status of the n-th IA of that code; -1: it has none. */
static int status_of(uint16_t code, unsigned int n)
{
	size_t len, in;
	const uint8_t *b = find(code, n, &len);
	const uint8_t *s;

	assert_non_null(b);
	s = find_in(b + 12, b + len, STATUS, 0, &in);
	return s ? s[0] << 8 | s[1] : -1;
}

static int status(void)
{
	size_t len;
	const uint8_t *s = find(STATUS, 0, &len);

	return s ? s[0] << 8 | s[1] : -1;
}

/* The k-th of the n-th IA is this address or prefix, for so long. */
static void assert_lent(uint16_t code, unsigned int n, unsigned int k,
			uint32_t id, const char *what, uint32_t preferred,
			uint32_t valid)
{
	struct addr a = v6(what);
	bool na = code == IA_NA;
	size_t len, in;
	const uint8_t *b = find(code, n, &len);
	const uint8_t *o;

	assert_non_null(b);
	assert_int_equal(u32(b), id);
	o = find_in(b + 12, b + len, na ? IAADDR : IAPREFIX, k, &in);
	assert_non_null(o);
	assert_int_equal(in, na ? 24 : 25);
	assert_memory_equal(o + (na ? 0 : 9), a.b, 16);
	assert_int_equal(u32(o + (na ? 16 : 0)), preferred);
	assert_int_equal(u32(o + (na ? 20 : 4)), valid);
	if (preferred) {
		assert_int_equal(u32(b + 4), preferred / 2);
		assert_int_equal(u32(b + 8), preferred / 5 * 4);
	}
}

static void assert_both_lent(void)
{
	assert_lent(IA_NA, 0, 0, 7, "2001:db8:7::33", 14400, 86400);
	assert_lent(IA_PD, 0, 0, 8, "2001:db8:8000:100::", 14400, 86400);
}

static void ask_both(uint8_t type)
{
	message(type);
	client_id();
	if (type != SOLICIT && type != REBIND && type != CONFIRM)
		server_id();
	ia(IA_NA, 7, type == SOLICIT ? NULL : "2001:db8:7::33", 128);
	ia(IA_PD, 8, type == SOLICIT ? NULL : "2001:db8:8000:100::", 56);
	option(ORO, (uint8_t[]){ 0, 24, 0, 23 }, 4);
	send_it();
}

/* Every message by every way of naming who it is for and from. */
static void each_message_by_identifiers(void **state)
{
	static const char want[13][7] = {
		/* server: none, ours, another's; without and with the client's */
		[SOLICIT] = ".a....", [REQUEST] = "...r..",
		[CONFIRM] = ".r....", [RENEW] = "...r..",
		[REBIND] = ".r....",  [RELEASE] = "...r..",
		[DECLINE] = "...r..", [INFORMATION] = "rrrr..",
	};
	unsigned int refused = 0;

	(void)state;
	up();
	for (uint8_t type = 0; type < 13; type++)
		for (int k = 0; k < 6; k++) {
			char c = want[type][k] ? want[type][k] : '.';

			message(type);
			if (k % 2)
				client_id();
			if (k / 2 == 1)
				server_id();
			if (k / 2 == 2)
				option(SERVER, duid, sizeof(duid));
			if (type == CONFIRM)
				ia(IA_NA, 7, "2001:db8:7::33", 128);
			send_it();
			assert_int_equal(answer(), c == 'a' ? ADVERTISE :
						   c == 'r' ? REPLY :
							      0);
			refused += c == '.';
			if (c == '.')
				continue;
			assert_true(has(SERVER));
			assert_int_equal(has(CLIENT), k % 2);
		}
	/* 0 is none; 12 and 13, of relays, have another form. */
	assert_int_equal(w.count.rx_dhcp6_malformed, 2 * 6);
	assert_int_equal(w.count.rx_dhcp6_refused, refused - 2 * 6);
	assert_int_equal(w.count.rx_dhcp6, 13 * 6);
}

static void four_messages(void **state)
{
	size_t len;

	(void)state;
	up();
	ask_both(SOLICIT);
	assert_int_equal(answer(), ADVERTISE);
	assert_both_lent();
	assert_memory_equal(find(PREFERENCE, 0, &len), "\xff", 1);
	assert_memory_equal(find(CLIENT, 0, &len), duid, sizeof(duid));
	assert_memory_equal(find(SERVER, 0, &len), our_duid.b, our_duid.len);
	assert_int_equal(w.changes, 0);
	ask_both(REQUEST);
	assert_int_equal(answer(), REPLY);
	assert_both_lent();
	assert_memory_equal(find(DNS, 0, &len), w.r.v.dns[0].b, 16);
	assert_int_equal(len, 32);
	assert_false(has(PREFERENCE));
	assert_string_equal(w.order, "cs");
	assert_true(w.r.lease.bound[DHCP6_NA] && w.r.lease.bound[DHCP6_PD]);
	assert_int_equal(w.r.lease.iaid[DHCP6_PD], 8);
	/* The answer was lost: the same once more, nothing new. */
	ask_both(REQUEST);
	assert_both_lent();
	assert_int_equal(w.changes, 1);
	ask_both(RENEW);
	assert_int_equal(answer(), REPLY);
	assert_both_lent();
	ask_both(REBIND);
	assert_int_equal(answer(), REPLY);
	assert_both_lent();
	assert_int_equal(w.changes, 1);
}

static void rapid_commit(void **state)
{
	(void)state;
	up();
	message(SOLICIT);
	client_id();
	option(RAPID, "", 0);
	ia(IA_NA, 7, NULL, 0);
	ia(IA_PD, 8, NULL, 0);
	send_it();
	assert_int_equal(answer(), REPLY);
	assert_true(has(RAPID));
	assert_false(has(PREFERENCE));
	assert_false(has(DNS)); /* nobody asked */
	assert_both_lent();
	assert_int_equal(w.changes, 1);
	assert_true(w.r.lease.bound[DHCP6_NA]);
}

/* A host that was here under another prefix: that ends, this begins. */
static void renumbers(void **state)
{
	(void)state;
	up();
	for (uint8_t type = RENEW; type <= REBIND; type++) {
		message(type);
		client_id();
		if (type == RENEW)
			server_id();
		ia(IA_PD, 8, "2001:db8:9000:100::", 56);
		ia(IA_NA, 7, "2001:db8:7::44", 128);
		send_it();
		assert_int_equal(answer(), REPLY);
		assert_lent(IA_PD, 0, 0, 8, "2001:db8:9000:100::", 0, 0);
		assert_lent(IA_PD, 0, 1, 8, "2001:db8:8000:100::", 14400,
			    86400);
		assert_lent(IA_NA, 0, 0, 7, "2001:db8:7::44", 0, 0);
		assert_lent(IA_NA, 0, 1, 7, "2001:db8:7::33", 14400, 86400);
	}
	/* One that asks for what it had gets what there is. */
	message(SOLICIT);
	client_id();
	ia(IA_PD, 8, "::", 60);
	send_it();
	assert_lent(IA_PD, 0, 0, 8, "2001:db8:8000:100::", 14400, 86400);
}

static void nothing_to_lend(void **state)
{
	struct router_values v = w.r.v;

	(void)state;
	v.lent[DHCP6_NA].net.family = v.lent[DHCP6_PD].net.family = 0;
	router_set(&w.r, &v);
	up();
	ask_both(SOLICIT);
	assert_int_equal(answer(), ADVERTISE);
	assert_int_equal(status_of(IA_NA, 0), 2);
	assert_int_equal(status_of(IA_PD, 0), 6);
	ask_both(REQUEST);
	assert_int_equal(status_of(IA_NA, 0), 2);
	assert_int_equal(status_of(IA_PD, 0), 6);
	ask_both(RENEW);
	assert_int_equal(status_of(IA_NA, 0), 3);
	assert_int_equal(status_of(IA_PD, 0), 3);
	assert_lent(IA_NA, 0, 0, 7, "2001:db8:7::33", 0, 0);
	assert_int_equal(w.changes, 0);
}

/* The second of a kind gets none; but one that has it keeps it. */
static void several_of_a_kind(void **state)
{
	(void)state;
	up();
	message(SOLICIT);
	client_id();
	option(RAPID, "", 0);
	for (uint32_t i = 0; i < 3; i++)
		ia(IA_PD, 10 + i, NULL, 0);
	send_it();
	assert_lent(IA_PD, 0, 0, 10, "2001:db8:8000:100::", 14400, 86400);
	assert_int_equal(status_of(IA_PD, 1), 6);
	assert_int_equal(status_of(IA_PD, 2), 6);
	message(RENEW);
	client_id();
	server_id();
	ia(IA_PD, 9, NULL, 0);
	ia(IA_PD, 10, "2001:db8:8000:100::", 56);
	send_it();
	assert_int_equal(status_of(IA_PD, 0), 3);
	assert_lent(IA_PD, 1, 0, 10, "2001:db8:8000:100::", 14400, 86400);
	/* More than are looked at. */
	message(SOLICIT);
	client_id();
	for (uint32_t i = 0; i < 20; i++)
		ia(IA_NA, i, NULL, 0);
	send_it();
	assert_int_equal(answer(), ADVERTISE);
	assert_lent(IA_NA, 0, 0, 0, "2001:db8:7::33", 14400, 86400);
	assert_int_equal(status_of(IA_NA, DHCP6_IA_MAX - 1), 2);
}

static void gives_back(void **state)
{
	(void)state;
	up();
	ask_both(REQUEST);
	ask_both(RELEASE);
	assert_int_equal(answer(), REPLY);
	assert_int_equal(status(), 0);
	assert_false(has(IA_NA));
	assert_false(has(IA_PD));
	assert_int_equal(w.changes, 2);
	assert_false(w.r.lease.bound[DHCP6_NA] || w.r.lease.bound[DHCP6_PD]);
	ask_both(RELEASE);
	assert_int_equal(status(), 0);
	assert_int_equal(status_of(IA_NA, 0), 3);
	assert_int_equal(status_of(IA_PD, 0), 3);
	assert_int_equal(w.changes, 2);
	ask_both(REQUEST);
	assert_both_lent();
}

/* Somebody else has the address: it is not offered again; the prefix is. */
static void declines(void **state)
{
	(void)state;
	up();
	ask_both(REQUEST);
	ask_both(DECLINE);
	assert_int_equal(status(), 0);
	assert_false(has(IA_NA));
	assert_int_equal(status_of(IA_PD, 0), 3);
	assert_int_equal(w.changes, 2);
	ask_both(SOLICIT);
	assert_int_equal(status_of(IA_NA, 0), 2);
	assert_lent(IA_PD, 0, 0, 8, "2001:db8:8000:100::", 14400, 86400);
}

/* What was declined is another address: this one is lent, and it is nobody's yet. */
static void declined_then_another(void **state)
{
	struct router_values v = w.r.v;

	(void)state;
	up();
	ask_both(REQUEST);
	ask_both(DECLINE);
	assert_true(w.r.lease.declined);
	router_set(&w.r, &v); /* as before */
	assert_true(w.r.lease.declined);
	ask_both(SOLICIT);
	assert_int_equal(status_of(IA_NA, 0), 2);
	v.lent[DHCP6_NA].net = v6("2001:db8:7::44");
	router_set(&w.r, &v);
	assert_false(w.r.lease.declined);
	assert_true(w.r.lease.bound[DHCP6_PD]);
	ask_both(SOLICIT);
	assert_lent(IA_NA, 0, 0, 7, "2001:db8:7::44", 14400, 86400);
	/* And who had that one has nothing of the next. */
	message(REQUEST);
	client_id();
	server_id();
	ia(IA_NA, 7, "2001:db8:7::44", 128);
	send_it();
	assert_true(w.r.lease.bound[DHCP6_NA]);
	v.lent[DHCP6_NA].net.family = 0;
	router_set(&w.r, &v);
	assert_false(w.r.lease.bound[DHCP6_NA]);
	v.lent[DHCP6_PD].len = 48;
	router_set(&w.r, &v);
	assert_false(w.r.lease.bound[DHCP6_PD]);
}

/* RFC 8415 18.3.2: an address of elsewhere; what else it asks for it gets. */
static void requests_what_is_elsewhere(void **state)
{
	(void)state;
	up();
	message(REQUEST);
	client_id();
	server_id();
	ia(IA_NA, 7, "2001:db8:9::33", 128);
	ia(IA_PD, 8, "2001:db8:9000:100::", 56);
	send_it();
	assert_int_equal(answer(), REPLY);
	assert_int_equal(status_of(IA_NA, 0), 4);
	assert_lent(IA_PD, 0, 0, 8, "2001:db8:8000:100::", 14400, 86400);
	assert_false(w.r.lease.bound[DHCP6_NA]);
	assert_true(w.r.lease.bound[DHCP6_PD]);
	/* One of its own making, of this link's prefix, is of here. */
	message(REQUEST);
	client_id();
	server_id();
	ia(IA_NA, 7, "2001:db8:100:5::77", 128);
	send_it();
	assert_lent(IA_NA, 0, 0, 7, "2001:db8:7::33", 14400, 86400);
	/* Who asks for nothing gets what there is, and so do hints. */
	message(SOLICIT);
	client_id();
	option(RAPID, "", 0);
	ia(IA_NA, 7, "2001:db8:9::33", 128);
	send_it();
	assert_lent(IA_NA, 0, 0, 7, "2001:db8:7::33", 14400, 86400);
}

static void confirms(void **state)
{
	static const struct {
		const char *a;
		int want;
	} rows[] = {
		{ "2001:db8:7::33", 0 },
		{ "2001:db8:100:5:1::9", 0 }, /* of the link's prefix */
		{ "2001:db8:7::34", 4 },
		{ NULL, -1 },
	};

	(void)state;
	up();
	for (size_t i = 0; i < 4; i++) {
		message(CONFIRM);
		client_id();
		ia(IA_NA, 7, rows[i].a, 128);
		ia(IA_PD, 8, "2001:db8:8000:100::", 56);
		send_it();
		assert_int_equal(answer(), rows[i].a ? REPLY : 0);
		if (rows[i].a)
			assert_int_equal(status(), rows[i].want);
	}
}

static void informs(void **state)
{
	size_t len;

	(void)state;
	up();
	message(INFORMATION);
	option(ORO, (uint8_t[]){ 0, 23 }, 2);
	send_it();
	assert_int_equal(answer(), REPLY);
	assert_memory_equal(find(DNS, 0, &len), w.r.v.dns[0].b, 16);
	message(INFORMATION);
	ia(IA_NA, 1, NULL, 0);
	send_it();
	assert_int_equal(answer(), 0);
}

/* Sent to our own address, which we never told anybody to do. */
static void unicast(void **state)
{
	static const char want[12] = { 0, 0, 0,	    REPLY, 0, REPLY,
				       0, 0, REPLY, REPLY, 0, 0 };

	(void)state;
	up();
	for (uint8_t type = 1; type < 12; type++) {
		message(type);
		client_id();
		if (want[type])
			server_id();
		ia(IA_NA, 7, "2001:db8:7::33", 128);
		send_to(us);
		assert_int_equal(answer(), want[type]);
		if (want[type])
			assert_int_equal(status(), 5);
	}
	assert_int_equal(w.changes, 0);
}

static void another_client(void **state)
{
	(void)state;
	up();
	ask_both(REQUEST);
	message(REQUEST);
	option(CLIENT, "\0\3\0\1\2\0\0\0\0\x08", 10);
	server_id();
	ia(IA_PD, 8, NULL, 0);
	send_it();
	assert_lent(IA_PD, 0, 0, 8, "2001:db8:8000:100::", 14400, 86400);
	assert_false(w.r.lease.bound[DHCP6_NA]);
	assert_true(w.r.lease.bound[DHCP6_PD]);
	assert_int_equal(w.r.lease.client.b[9], 8);
	/* What the first one had is not the first one's to release. */
	ask_both(RELEASE);
	assert_int_equal(status_of(IA_PD, 0), 3);
	assert_true(w.r.lease.bound[DHCP6_PD]);
}

static void malformed(void **state)
{
	uint8_t long_duid[131] = { 0, 1 };
	unsigned int n = 0;

	(void)state;
	up();
	message(SOLICIT);
	client_id();
	client_id(); /* twice */
	send_it();
	message(SOLICIT);
	option(CLIENT, duid, 2); /* too short */
	send_it();
	message(SOLICIT);
	option(CLIENT, long_duid, sizeof(long_duid));
	send_it();
	message(SOLICIT);
	option(IA_NA, duid, 10); /* IAs have 12 */
	send_it();
	message(SOLICIT);
	option(ORO, duid, 3);
	send_it();
	message(SOLICIT);
	wr_bytes(&m, "\0\1\0\x09x", 5); /* it ends in an option */
	send_it();
	message(SOLICIT);
	option(IA_PD, (uint8_t[41]){ [12] = 0, IAPREFIX, 0, 25, [24] = 129 },
	       41);
	send_it();
	message(SOLICIT);
	option(IA_NA, (uint8_t[20]){ [12] = 0, IAADDR, 0, 4 }, 20);
	send_it();
	assert_int_equal(w.count.rx_dhcp6_malformed, 8);
	assert_int_equal(w.n, 0);
	/* Any piece of a good one makes no harm. */
	message(SOLICIT);
	client_id();
	ia(IA_PD, 8, "2001:db8:8000:100::", 56);
	for (size_t len = wr_len(&m); len >= 8; len--) {
		m.p = m.start + len;
		send_it();
		n += w.n;
	}
	assert_int_equal(n, 2); /* whole; and with the client's alone */
	/* Another port, another group, and no link-local address. */
	message(SOLICIT);
	client_id();
	send_to(all_nodes);
	wr_patch_u16(&m, 2, 548);
	send_it();
	wr_patch_u16(&m, 2, 547);
	give(nobody, servers, 17, m_bytes, wr_len(&m), 6);
	assert_int_equal(w.n, 0);
	assert_int_equal(w.count.rx_ignored, 3);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, take_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_message_by_identifiers),
		TEST(four_messages),
		TEST(rapid_commit),
		TEST(renumbers),
		TEST(nothing_to_lend),
		TEST(several_of_a_kind),
		TEST(gives_back),
		TEST(declines),
		TEST(declined_then_another),
		TEST(requests_what_is_elsewhere),
		TEST(confirms),
		TEST(informs),
		TEST(unicast),
		TEST(another_client),
		TEST(malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
