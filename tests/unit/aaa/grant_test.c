// SPDX-License-Identifier: GPL-2.0-or-later
/* aaa/grant: as bytes and back; aaa/radius_grant: attributes, good and bad. */
#include "aaa/radius_grant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct aaa_grant g;

static struct addr parse(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(text, &a), 0);
	return a;
}

static void fill_text(char *to, size_t size, char c)
{
	memset(to, c, size - 1);
	to[size - 1] = 0;
}

/* All that can be said, each at its longest. */
static void fill(struct aaa_grant *f)
{
	memset(f, 0, sizeof(*f));
	f->address = parse("100.64.1.2");
	f->netmask_len = 29;
	f->address6 = parse("2001:db8::7");
	f->prefix6 = (struct aaa_prefix){ parse("2001:db8:1::"), 64 };
	f->delegated = (struct aaa_prefix){ parse("2001:db8:200::"), 56 };
	f->interface_id = 0x0102030405060708;
	fill_text(f->pool, sizeof(f->pool), 'a');
	fill_text(f->pool6, sizeof(f->pool6), 'b');
	fill_text(f->pool_address6, sizeof(f->pool_address6), 'c');
	fill_text(f->pool_delegated, sizeof(f->pool_delegated), 'd');
	for (int i = 0; i < AAA_ROUTES_MAX; i++)
		f->routes[i] =
			(struct aaa_route){ { parse("2001:db8:300::"), 48 },
					    (uint32_t)i };
	for (int i = 0; i < AAA_SERVERS_MAX; i++) {
		f->dns[i] = parse("192.0.2.53");
		f->nbns[i] = parse("192.0.2.42");
		f->dns6[i] = parse("2001:db8::53");
	}
	for (int i = 0; i < AAA_TOLD_ROUTES_MAX; i++)
		f->told_routes[i] =
			(struct aaa_prefix){ parse("2001:db8:400::"), 48 };
	fill_text(f->vrf, sizeof(f->vrf), 'e');
	f->mtu = 1400;
	f->session_timeout = 1;
	f->idle_timeout = 2;
	f->interim_interval = 3;
	f->port_limit = 4;
	f->rate_up = 5;
	f->rate_down = UINT32_MAX;
	f->speed_method = 4;
	f->nas_port_method = 2;
	fill_text(f->filter, sizeof(f->filter), 'f');
	fill_text(f->policy_up, sizeof(f->policy_up), 'h');
	fill_text(f->policy_down, sizeof(f->policy_down), 'i');
	fill_text(f->user, sizeof(f->user), 'g');
	for (int i = 0; i < AAA_CLASSES_MAX; i++) {
		f->class[i].len = AAA_TEXT_MAX;
		memset(f->class[i].b, i, AAA_TEXT_MAX);
	}
	f->cui.len = AAA_TEXT_MAX;
}

static void test_bytes(void **state)
{
	uint8_t b[AAA_GRANT_RECORD_MAX];
	struct wr w = wr_make(b, sizeof(b));
	struct aaa_grant full, back;
	struct rd r;

	(void)state;
	fill(&full);
	aaa_grant_write(&full, &w);
	assert_false(w.err);
	/* A field more would not fit unseen. */
	assert_in_range(wr_len(&w), sizeof(b) - 64, sizeof(b));
	r = rd_make(b, wr_len(&w));
	assert_int_equal(aaa_grant_read(&back, &r), 0);
	assert_memory_equal(&back, &full, sizeof(back));
	/* Cut anywhere it is told, or is a grant with less in it. */
	for (size_t len = 0; len < wr_len(&w); len++) {
		r = rd_make(b, len);
		if (!aaa_grant_read(&back, &r))
			assert_memory_not_equal(&back, &full, sizeof(back));
	}
}

static void test_nothing(void **state)
{
	static const struct aaa_grant none;
	uint8_t b[16];
	struct wr w = wr_make(b, sizeof(b));
	struct rd r = rd_make(b, 0);

	(void)state;
	aaa_grant_write(&none, &w);
	assert_int_equal(wr_len(&w), 0);
	memset(&g, 1, sizeof(g));
	assert_int_equal(aaa_grant_read(&g, &r), 0);
	assert_memory_equal(&g, &none, sizeof(g));
}

static int read_bytes(const void *b, size_t len)
{
	struct rd r = rd_make(b, len);

	return aaa_grant_read(&g, &r);
}

static void test_foreign(void **state)
{
	(void)state;
	/* A field of tomorrow is passed over. */
	assert_int_equal(read_bytes("\xc8\x02xx\x10\x04\0\0\x05\x78", 10), 0);
	assert_int_equal(g.mtu, 1400);
	/* Twice what can be said once; no text; of no family; too long. */
	assert_int_not_equal(read_bytes("\x10\x04\0\0\x05\x78\x10\x04\0\0\x05\x78",
					12),
			     0);
	assert_int_not_equal(read_bytes("\x07\x00", 2), 0);
	assert_int_not_equal(read_bytes("\x07\x02"
					"a\0",
					4),
			     0);
	assert_int_not_equal(read_bytes("\x01\x05"
					"abcde",
					7),
			     0);
	assert_int_not_equal(read_bytes("\x04\x05\x21\xc0\x00\x02\x00", 7), 0);
}

static void test_merge(void **state)
{
	struct aaa_grant more = { .mtu = 1300, .dns[0] = parse("192.0.2.1") };

	(void)state;
	fill(&g);
	aaa_grant_merge(&g, &more);
	assert_int_equal(g.mtu, 1300);
	assert_int_equal(g.dns[0].b[3], 1);
	assert_int_equal(g.dns[1].family, 0); /* a list as a whole */
	assert_int_equal(g.port_limit, 4);
	assert_int_equal(g.nbns[1].family, AF_INET);
}

/* -------------------------------------------------------------------- RADIUS */

static enum radius_grants give(uint32_t vendor, uint8_t type, const void *value,
			       size_t len)
{
	struct radius_attribute a = { vendor, type, value, len };

	return radius_grant_read(&g, &a);
}

#define GIVE(vendor, type, text) give(vendor, type, text, sizeof(text) - 1)

static void test_addresses(void **state)
{
	char s[ADDR_STRLEN];

	(void)state;
	memset(&g, 0, sizeof(g));
	assert_int_equal(GIVE(0, 8, "\xff\xff\xff\xfe"), RADIUS_GRANTS);
	assert_int_equal(g.address.family, 0);
	assert_int_equal(GIVE(0, 8, "\xe0\0\0\x01"), RADIUS_GRANTS_BADLY);
	assert_int_equal(GIVE(0, 8, "\x64\x40\x01\x02"), RADIUS_GRANTS);
	assert_string_equal(addr_str(&g.address, s), "100.64.1.2");
	assert_int_equal(GIVE(0, 9, "\xff\xff\xff\xf8"), RADIUS_GRANTS);
	assert_int_equal(g.netmask_len, 29);
	assert_int_equal(GIVE(0, 9, "\xff\x00\xff\x00"), RADIUS_GRANTS_BADLY);
	assert_int_equal(GIVE(0, 9, "\xff\xff\xff\xff"), RADIUS_GRANTS);
	assert_int_equal(g.netmask_len, 0);
	/* RFC 3162 2.3: what is zero may be left out; bits beyond do not count. */
	assert_int_equal(GIVE(0, 97, "\0\x40\x20\x01\x0d\xb8\0\x01\0\0"),
			 RADIUS_GRANTS);
	assert_string_equal(addr_str(&g.prefix6.net, s), "2001:db8:1::");
	assert_int_equal(GIVE(0, 123, "\0\x14\x20\x01\x0d"), RADIUS_GRANTS);
	assert_string_equal(addr_str(&g.delegated.net, s), "2001::");
	assert_int_equal(g.delegated.len, 20);
	/* Of several the first counts. */
	assert_int_equal(GIVE(0, 97, "\0\x40\x20\x01\x0d\xb8\0\x02\0\0"),
			 RADIUS_GRANTS_BADLY);
	assert_string_equal(addr_str(&g.prefix6.net, s), "2001:db8:1::");
	assert_int_equal(GIVE(0, 123, "\0\x20\x20\x01\x0d\xb8"),
			 RADIUS_GRANTS_BADLY);
	assert_int_equal(g.delegated.len, 20);
	memset(&g, 0, sizeof(g));
	assert_int_equal(GIVE(0, 123, "\0\x40\x20\x01\x0d"),
			 RADIUS_GRANTS_BADLY);
	assert_int_equal(GIVE(0, 97, "\0\x81\x20\x01"), RADIUS_GRANTS_BADLY);
	assert_int_equal(GIVE(0, 97, "\0\x10\xfe\x80"), RADIUS_GRANTS_BADLY);
	assert_int_equal(GIVE(0, 96, "\0\0\0\0\0\0\0\0"), RADIUS_GRANTS_BADLY);
	assert_int_equal(GIVE(0, 96, "\0\0\0\0\0\0\0\x07"), RADIUS_GRANTS);
	assert_int_equal(g.interface_id, 7);
}

static void test_lists(void **state)
{
	char s[ADDR_STRLEN];

	(void)state;
	memset(&g, 0, sizeof(g));
	assert_int_equal(GIVE(4874, 4, "\xc0\0\x02\x01"), RADIUS_GRANTS);
	assert_int_equal(GIVE(311, 29, "\xc0\0\x02\x02"), RADIUS_GRANTS);
	assert_int_equal(GIVE(4874, 5, "\xc0\0\x02\x03"), RADIUS_GRANTS_BADLY);
	assert_string_equal(addr_str(&g.dns[1], s), "192.0.2.2");
	for (int i = 0; i < AAA_CLASSES_MAX; i++)
		assert_int_equal(GIVE(0, 25, "class"), RADIUS_GRANTS);
	assert_int_equal(GIVE(0, 25, "one more"), RADIUS_GRANTS_BADLY);
	assert_int_equal(GIVE(0, 25, ""), RADIUS_GRANTS_BADLY);
}

/* The first is the primary one, in whatever order and from however many vendors. */
static void test_servers(void **state)
{
	char s[ADDR_STRLEN];

	(void)state;
	memset(&g, 0, sizeof(g));
	assert_int_equal(GIVE(4874, 4, "\xc0\0\x02\x01"), RADIUS_GRANTS);
	assert_int_equal(GIVE(311, 28, "\xc0\0\x02\x01"), RADIUS_GRANTS);
	assert_int_equal(g.dns[1].family, 0);
	assert_int_equal(GIVE(311, 29, "\xc0\0\x02\x02"), RADIUS_GRANTS);
	assert_int_equal(GIVE(4874, 5, "\xc0\0\x02\x02"), RADIUS_GRANTS);
	assert_string_equal(addr_str(&g.dns[1], s), "192.0.2.2");
	assert_int_equal(GIVE(311, 31, "\xc0\0\x02\x04"), RADIUS_GRANTS);
	assert_int_equal(GIVE(311, 30, "\xc0\0\x02\x03"), RADIUS_GRANTS);
	assert_string_equal(addr_str(&g.nbns[0], s), "192.0.2.3");
	assert_string_equal(addr_str(&g.nbns[1], s), "192.0.2.4");
	assert_int_equal(GIVE(4874, 48,
			      "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\2"),
			 RADIUS_GRANTS);
	assert_int_equal(GIVE(4874, 47,
			      "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"),
			 RADIUS_GRANTS);
	assert_string_equal(addr_str(&g.dns6[0], s), "2001:db8::1");
	assert_string_equal(addr_str(&g.dns6[1], s), "2001:db8::2");
	assert_int_equal(GIVE(0, 169,
			      "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\2"),
			 RADIUS_GRANTS);
	assert_int_equal(GIVE(0, 169,
			      "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\3"),
			 RADIUS_GRANTS_BADLY);
}

static void test_routes(void **state)
{
	static const char *const good[] = {
		"192.0.2.0/24 0.0.0.0 7",
		"192.0.2.64/26",
		"198.51.100.0",
		"203.0.113.9 10.0.0.1 1 2 -1",
		"10.1.2.0 255.255.255.0 0.0.0.0 9",
		"10.1.2.128 255.255.255.128",
		"10.1.2.7 255.255.255.255 192.0.2.1 1",
		"10.0.0.0 0.0.0.0 3",
		"172.16.0.0 255.240.0.0 192.0.2.1 3 tag 7",
		"10.1.2.0/24 0.0.0.0 -1",
		"0.0.0.0 0.0.0.0 192.0.2.1",
		"10.1.0.0/16 5",
	};
	static const char *const bad[] = {
		"",
		"everything",
		"192.0.2.0/33",
		"192.0.2.0/-1",
		"2001:db8::/32 :: 1",
		"192.0.2.0/ 1",
		"10.1.2.0 255.0.255.0 0.0.0.0 1",
		"10.1.2.0 255.255.255.0 nobody 1",
		"10.1.2.0 255.255.255.0.0",
		"10.1.2.0 metric 1",
		"10.1.2.0/24 mask 1",
		"10.1.2.0/24 :: 1",
	};
	static const uint8_t len[] = { 24, 26, 24, 32, 24, 25,
				       32, 8,  12, 24, 0,  16 };
	static const uint32_t metric[] = { 7, 0, 0, 1, 9, 0, 1, 3, 3, 0, 0, 5 };
	const size_t n = sizeof(good) / sizeof(good[0]);

	(void)state;
	memset(&g, 0, sizeof(g));
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(give(0, 22, good[i], strlen(good[i])),
				 RADIUS_GRANTS);
		assert_int_equal(g.routes[i].to.len, len[i]);
		assert_int_equal(g.routes[i].metric, metric[i]);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (give(0, 22, bad[i], strlen(bad[i])) != RADIUS_GRANTS_BADLY)
			fail_msg("\"%s\"", bad[i]);
	assert_int_equal(g.routes[n].to.net.family, 0);
	assert_int_equal(GIVE(0, 99, "2001:db8:7::/48 192.0.2.1"),
			 RADIUS_GRANTS_BADLY);
	assert_int_equal(GIVE(0, 99, "2001:db8:7::/48 :: 1"), RADIUS_GRANTS);
	assert_int_equal(g.routes[n].to.len, 48);
	for (size_t i = n + 1; i < AAA_ROUTES_MAX; i++)
		assert_int_equal(GIVE(0, 22, "192.0.2.0/24"), RADIUS_GRANTS);
	assert_int_equal(GIVE(0, 22, "192.0.2.0/24"), RADIUS_GRANTS_BADLY);
}

/* Two words for one thing: the standard's counts, whichever comes first. */
static void test_vendors_word(void **state)
{
	(void)state;
	for (int order = 0; order < 2; order++) {
		memset(&g, 0, sizeof(g));
		for (int i = 0; i < 2; i++) {
			bool vendor = i == order;

			assert_int_equal(vendor ? GIVE(4874, 26, "silver") :
						  GIVE(0, 11, "gold"),
					 RADIUS_GRANTS);
			assert_int_equal(vendor ? GIVE(4874, 2, "away") :
						  GIVE(0, 88, "home"),
					 RADIUS_GRANTS);
		}
		assert_string_equal(g.filter, "gold");
		assert_string_equal(g.pool, "home");
	}
}

/* What routers tell: several, and the default route. */
static void test_told_routes(void **state)
{
	char s[ADDR_STRLEN];

	(void)state;
	memset(&g, 0, sizeof(g));
	assert_int_equal(GIVE(0, 170, "\0\x20\x20\x01\x0d\xb8"), RADIUS_GRANTS);
	assert_int_equal(GIVE(0, 170, "\0\x30\x20\x01\x0d\xb9\0\1"),
			 RADIUS_GRANTS);
	assert_int_equal(GIVE(0, 170, "\0\0"), RADIUS_GRANTS);
	assert_string_equal(addr_str(&g.told_routes[0].net, s), "2001:db8::");
	assert_string_equal(addr_str(&g.told_routes[1].net, s), "2001:db9:1::");
	assert_int_equal(g.told_routes[1].len, 48);
	assert_int_equal(g.told_routes[2].net.family, AF_INET6);
	assert_int_equal(g.told_routes[2].len, 0);
	assert_int_equal(GIVE(0, 170, "\0\x10\xfe\x80"), RADIUS_GRANTS_BADLY);
	assert_int_equal(GIVE(0, 170, "\0\x20\x20\x01"), RADIUS_GRANTS_BADLY);
	assert_int_equal(GIVE(0, 170, "\0"), RADIUS_GRANTS_BADLY);
	for (int i = 3; i < AAA_TOLD_ROUTES_MAX; i++)
		assert_int_equal(GIVE(0, 170, "\0\x10\x20\x01"), RADIUS_GRANTS);
	assert_int_equal(GIVE(0, 170, "\0\x10\x20\x02"), RADIUS_GRANTS_BADLY);
}

static void test_rates(void **state)
{
	(void)state;
	memset(&g, 0, sizeof(g));
	assert_int_equal(GIVE(14988, 8, "2M/10M 3M/12M 1M/5M 40"),
			 RADIUS_GRANTS);
	assert_int_equal(g.rate_up, 2000);
	assert_int_equal(g.rate_down, 10000);
	assert_int_equal(GIVE(14988, 8, "512k"), RADIUS_GRANTS);
	assert_int_equal(g.rate_up, 512);
	assert_int_equal(g.rate_down, 512);
	assert_int_equal(GIVE(14988, 8, "fast"), RADIUS_GRANTS_BADLY);
	assert_int_equal(GIVE(14988, 8, "1M/"), RADIUS_GRANTS_BADLY);
	assert_int_equal(GIVE(14988, 8, "9999999999999G"), RADIUS_GRANTS_BADLY);
	assert_int_equal(GIVE(14122, 8, "\0\0\x03\xe9"), RADIUS_GRANTS);
	assert_int_equal(g.rate_down, 2);
	assert_int_equal(GIVE(0, 12, "\0\0\x05"), RADIUS_GRANTS_BADLY);
	assert_int_equal(GIVE(4874, 30, "\0\0\0\x02"), RADIUS_GRANTS_BADLY);
	assert_int_equal(GIVE(4874, 30, "\0\0\0\0"), RADIUS_GRANTS);
	assert_int_equal(g.nas_port_method, 1);
	assert_int_equal(GIVE(9, 1, "x"), RADIUS_GRANTS_NOT);
	assert_int_equal(GIVE(0, 88, "pool\0name"), RADIUS_GRANTS_BADLY);
}

/* Of each attribute one value that is taken; without any it cannot be. */
static void test_each(void **state)
{
	static const struct {
		uint32_t vendor;
		uint8_t type;
		const char *value;
		size_t len, offset; /* of what says it */
	} each[] = {
#define EACH(vendor, type, value, member)         \
	{ vendor, type, value, sizeof(value) - 1, \
	  offsetof(struct aaa_grant, member) }
		EACH(0, 1, "alice", user),
		EACH(0, 8, "\x64\x40\x01\x02", address),
		EACH(0, 9, "\xff\xff\xff\xf8", netmask_len),
		EACH(0, 11, "gold", filter),
		EACH(0, 12, "\x05\x05\x05\x78", mtu),
		EACH(0, 22, "192.0.2.0/24", routes),
		EACH(0, 25, "class", class),
		EACH(0, 27, "\x01\x01\x01\x10", session_timeout),
		EACH(0, 28, "\x01\x01\x01\x10", idle_timeout),
		EACH(0, 62, "\x01\x01\x01\x01", port_limit),
		EACH(0, 85, "\x01\x01\x01\x10", interim_interval),
		EACH(0, 88, "home", pool),
		EACH(0, 89, "\x01\x02", cui),
		EACH(0, 96, "\1\2\3\4\5\6\7\x08", interface_id),
		EACH(0, 97, "\0\x20\x20\x01\x0d\xb8", prefix6),
		EACH(0, 99, "2001:db8::/32", routes),
		EACH(0, 100, "links", pool6),
		EACH(0, 123, "\0\x20\x20\x01\x0d\xb8", delegated),
		EACH(0, 168, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1",
		     address6),
		EACH(0, 169, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1", dns6),
		EACH(0, 170, "\0\x20\x20\x01\x0d\xb8", told_routes),
		EACH(0, 171, "sites", pool_delegated),
		EACH(0, 172, "hosts", pool_address6),
		EACH(4874, 1, "red", vrf),
		EACH(4874, 2, "home", pool),
		EACH(4874, 10, "slow", policy_up),
		EACH(4874, 11, "quick", policy_down),
		EACH(4874, 26, "gold", filter),
		EACH(4874, 30, "\0\0\0\x01", nas_port_method),
		EACH(4874, 4, "\xc0\0\x02\x01", dns),
		EACH(4874, 5, "\xc0\0\x02\x01", dns),
		EACH(4874, 6, "\xc0\0\x02\x01", nbns),
		EACH(4874, 7, "\xc0\0\x02\x01", nbns),
		EACH(4874, 47, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1",
		     dns6),
		EACH(4874, 48, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1",
		     dns6),
		EACH(4874, 94, "\0\0\0\x03", speed_method),
		EACH(311, 28, "\xc0\0\x02\x01", dns),
		EACH(311, 29, "\xc0\0\x02\x01", dns),
		EACH(311, 30, "\xc0\0\x02\x01", nbns),
		EACH(311, 31, "\xc0\0\x02\x01", nbns),
		EACH(14122, 7, "\x01\x01\x01\x01", rate_up),
		EACH(14122, 8, "\x01\x01\x01\x01", rate_down),
		EACH(14988, 8, "2M/10M", rate_up),
#undef EACH
	};

	(void)state;
	for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++) {
		static const struct aaa_grant none;
		size_t size = 4; /* of each member at least */
		const char *at = (const char *)&g + each[i].offset;

		memset(&g, 0, sizeof(g));
		assert_int_equal(give(each[i].vendor, each[i].type, "", 0),
				 RADIUS_GRANTS_BADLY);
		assert_memory_equal(&g, &none, sizeof(g));
		assert_int_equal(give(each[i].vendor, each[i].type,
				      each[i].value, each[i].len),
				 RADIUS_GRANTS);
		if (!memcmp(at, &none, size))
			fail_msg("%u/%u says nothing", each[i].vendor,
				 each[i].type);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_servers),
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_vendors_word),
		cmocka_unit_test(test_told_routes),
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
