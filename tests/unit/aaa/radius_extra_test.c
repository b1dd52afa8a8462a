/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What operators add to requests and leave out of them. */
#include "aaa/radius_access.h"
#include "aaa/radius_acct.h"
#include "aaa/radius_number.h"
#include "adit/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct dictionary *dictionary;

/* What is wrong with it; "": nothing. */
static const char *add(struct radius_extra *e, const char *pair)
{
	static char text[240];
	const char *wrong =
		radius_extra_add(e, dictionary, pair, text, sizeof(text));

	return wrong ? wrong : "";
}

static const char *leave_out(struct radius_extra *e, const char *name)
{
	static char text[240];
	const char *wrong =
		radius_extra_leave_out(e, dictionary, name, text, sizeof(text));

	return wrong ? wrong : "";
}

#define BYTES(...)                        \
	(const uint8_t[]){ __VA_ARGS__ }, \
		sizeof((const uint8_t[]){ __VA_ARGS__ })

static const struct {
	const char *pair;
	const uint8_t *bytes;
	size_t len;
} good[] = {
	{ "Connect-Info=a=b", BYTES(77, 5, 'a', '=', 'b') },
	{ "nas-port-type=pppoeoe", BYTES(61, 6, 0, 0, 0, 32) },
	{ "NAS-Port-Type=5", BYTES(61, 6, 0, 0, 0, 5) },
	{ "Port-Limit=0xffffffff", BYTES(62, 6, 255, 255, 255, 255) },
	{ "NAS-IP-Address=192.0.2.1", BYTES(4, 6, 192, 0, 2, 1) },
	{ "NAS-IPv6-Address=2001:db8::1",
	  BYTES(95, 18, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		1) },
	{ "Route-IPv6-Information=2001:db8::/32",
	  BYTES(170, 8, 0, 32, 0x20, 1, 0xd, 0xb8) },
	/* RFC 3162 2.3: what lies beyond the prefix is zero. */
	{ "Route-IPv6-Information=2001:db8:ffff::1/36",
	  BYTES(170, 9, 0, 36, 0x20, 1, 0xd, 0xb8, 0xf0) },
	{ "ERX-Pppoe-Description=ab",
	  BYTES(26, 10, 0, 0, 19, 10, 24, 4, 'a', 'b') },
	{ "Mikrotik-Host-IP=192.0.2.1",
	  BYTES(26, 12, 0, 0, 58, 140, 10, 6, 192, 0, 2, 1) },
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct radius_extra e = { 0 };

		assert_string_equal(add(&e, good[i].pair), "");
		assert_int_equal(e.len, good[i].len);
		assert_memory_equal(e.bytes, good[i].bytes, e.len);
	}
}

static const struct {
	const char *pair, *says;
} bad[] = {
	{ "", "NAME=VALUE, not ''" },
	{ "=x", "NAME=VALUE, not '=x'" },
	{ "Connect-Info", "NAME=VALUE, not 'Connect-Info'" },
	{ "Connect-Inf=x", "attributes of a dictionary, not 'Connect-Inf'" },
	{ "Connect-Info =x",
	  "attributes of a dictionary, not 'Connect-Info '" },
	{ "State=x", "none of the daemon's own, as 'State' is" },
	{ "Proxy-State=x", "none of the daemon's own, as 'Proxy-State' is" },
	{ "User-Password=x",
	  "none of the daemon's own, as 'User-Password' is" },
	{ "user-name=x", "none of the daemon's own, as 'User-Name' is" },
	{ "EAP-Message=x", "none of the daemon's own, as 'EAP-Message' is" },
	{ "Message-Authenticator=x",
	  "none of the daemon's own, as 'Message-Authenticator' is" },
	{ "MS-CHAP2-Response=x",
	  "none of the daemon's own, as 'MS-CHAP2-Response' is" },
	{ "Acct-Delay-Time=1",
	  "none of the daemon's own, as 'Acct-Delay-Time' is" },
	{ "ADSL-Agent-Circuit-Id=x",
	  "none of the daemon's own, as 'ADSL-Agent-Circuit-Id' is" },
	{ "Vendor-Specific=x",
	  "none of the daemon's own, as 'Vendor-Specific' is" },
	{ "Connect-Info=", "a text that fits for 'Connect-Info'" },
	{ "Port-Limit=",
	  "a number, or a name of the dictionary for 'Port-Limit'" },
	{ "Port-Limit=-1",
	  "a number, or a name of the dictionary for 'Port-Limit'" },
	{ "Port-Limit=4294967296",
	  "a number, or a name of the dictionary for 'Port-Limit'" },
	{ "Port-Limit=Framed-User",
	  "a number, or a name of the dictionary for 'Port-Limit'" },
	{ "NAS-IP-Address=2001:db8::1",
	  "an IPv4 address for 'NAS-IP-Address'" },
	{ "NAS-IPv6-Address=192.0.2.1",
	  "an IPv6 address for 'NAS-IPv6-Address'" },
	{ "Route-IPv6-Information=2001:db8::",
	  "an IPv6 prefix for 'Route-IPv6-Information'" },
	{ "Route-IPv6-Information=2001:db8::/129",
	  "an IPv6 prefix for 'Route-IPv6-Information'" },
	{ "Route-IPv6-Information=2001:db8::/3x",
	  "an IPv6 prefix for 'Route-IPv6-Information'" },
	{ "Route-IPv6-Information=192.0.2.0/24",
	  "an IPv6 prefix for 'Route-IPv6-Information'" },
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct radius_extra e = { 0 };

		assert_string_equal(add(&e, bad[i].pair), bad[i].says);
		assert_int_equal(e.len, 0);
	}
}

/* NAME= and so many letters. */
static const char *text_of(const char *name, size_t n)
{
	static char text[600];
	size_t len = (size_t)snprintf(text, sizeof(text), "%s=", name);

	memset(text + len, 'x', n);
	text[len + n] = 0;
	return text;
}

static void test_lengths(void **state)
{
	struct radius_extra e = { 0 };

	(void)state;
	assert_string_equal(add(&e, text_of("Connect-Info", 254)),
			    "a text that fits for 'Connect-Info'");
	assert_string_equal(add(&e, text_of("Cisco-AVPair", 248)),
			    "a text that fits for 'Cisco-AVPair'");
	assert_string_equal(add(&e, text_of("Connect-Info", 253)), "");
	assert_string_equal(add(&e, text_of("Cisco-AVPair", 247)), "");
	assert_int_equal(e.len, 510);
	assert_string_equal(add(&e, "Connect-Info=x"),
			    "no more than 512 bytes in all");
	assert_int_equal(e.len, 510);
}

static void test_leave_out(void **state)
{
	struct radius_extra e = { 0 };

	(void)state;
	assert_string_equal(leave_out(&e, "Shape"),
			    "attributes of a dictionary, not 'Shape'");
	assert_string_equal(leave_out(&e, "User-Name"),
			    "none that is needed, as 'User-Name' is");
	assert_string_equal(leave_out(&e, "Acct-Session-Id"),
			    "none that is needed, as 'Acct-Session-Id' is");
	assert_string_equal(leave_out(&e, "NAS-IP-Address"), "");
	assert_string_equal(leave_out(&e, "NAS-IPv6-Address"), "");
	assert_string_equal(
		leave_out(&e, "NAS-Identifier"),
		"NAS-Identifier to stay, or one of it, NAS-IP-Address and NAS-IPv6-Address in 'attributes'");
	e = (struct radius_extra){ 0 };
	for (int i = 0; i < RADIUS_EXTRA_OUT_MAX; i++)
		assert_string_equal(leave_out(&e, "Cisco-AVPair"), "");
	assert_string_equal(leave_out(&e, "Cisco-AVPair"),
			    "up to 32 attributes of vendors");
	assert_string_equal(add(&e, "Cisco-AVPair=x"),
			    "up to 32 attributes of vendors");
}

/* The attributes of a packet, as "1 26.4874.24 ...". */
static const char *attributes_of(const uint8_t *packet, size_t len)
{
	static char text[400];
	size_t used = 0;

	*text = 0;
	for (size_t i = RADIUS_HLEN; i < len; i += packet[i + 1]) {
		const uint8_t *p = packet + i;

		if (p[0] == RADIUS_VENDOR_SPECIFIC)
			used += (size_t)snprintf(text + used,
						 sizeof(text) - used,
						 "26.%d.%d ", p[4] << 8 | p[5],
						 p[6]);
		else
			used += (size_t)snprintf(text + used,
						 sizeof(text) - used, "%d ",
						 p[0]);
	}
	return text;
}

static void access_of(const struct radius_extra *e, uint8_t *packet,
		      size_t *len)
{
	static const uint8_t authenticator[RADIUS_AUTHENTICATOR_LEN];
	const struct radius_nas nas = { .identifier = "bng", .extra = e };
	struct aaa_request r = { .name = "user",
				 .proto = PPP_PROTO_PAP,
				 .response = (const uint8_t *)"pass",
				 .response_len = 4,
				 .port = { .type = 32, .connect = "10" } };
	struct line line = { 0 };
	struct wr w = wr_make(packet, RADIUS_PACKET_MAX);

	line_set_bytes(&line, LINE_CIRCUIT_ID, "c", 1);
	line_set_bytes(&line, LINE_REMOTE_ID, "r", 1);
	r.port.line = &line;
	radius_begin(&w, RADIUS_ACCESS_REQUEST, 1, authenticator);
	assert_int_equal(radius_access_put(&w, &nas, &r, "s"), 0);
	*len = radius_finish(&w, "s");
	assert_true(*len);
}

static void test_access(void **state)
{
	uint8_t packet[RADIUS_PACKET_MAX];
	struct radius_extra e = { 0 };
	size_t len;

	(void)state;
	access_of(NULL, packet, &len);
	assert_string_equal(attributes_of(packet, len),
			    "80 1 2 32 6 7 61 5 77 26.3561.1 26.3561.2 ");
	access_of(&e, packet, &len);
	assert_string_equal(attributes_of(packet, len),
			    "80 1 2 32 6 7 61 5 77 26.3561.1 26.3561.2 ");
	/* One instead of ours, two of a name, one of a vendor. */
	add(&e, "NAS-Port-Type=Virtual");
	add(&e, "Callback-Id=a");
	add(&e, "Callback-Id=b");
	add(&e, "ERX-Pppoe-Description=ab");
	leave_out(&e, "Connect-Info");
	leave_out(&e, "Callback-Id");
	leave_out(&e, "ADSL-Agent-Circuit-Id");
	access_of(&e, packet, &len);
	assert_string_equal(attributes_of(packet, len),
			    "80 1 2 32 6 7 5 26.3561.2 61 20 20 26.4874.24 ");
	assert_int_equal(packet[2] << 8 | packet[3], len);
}

static void test_accounting(void **state)
{
	uint8_t packet[RADIUS_PACKET_MAX];
	struct radius_extra e = { 0 };
	struct radius_nas nas = { .identifier = "bng", .extra = &e };
	struct acct_event event = { .status = ACCT_STOP };
	const struct acct_subject subject = { .user = "user", .session = "1" };
	size_t len;

	(void)state;
	assert_int_equal(radius_acct_describe(&event, &subject), 0);
	add(&e, "NAS-Identifier=other");
	leave_out(&e, "Acct-Delay-Time");
	leave_out(&e, "Acct-Input-Packets");
	len = radius_acct_write(&event, &nas, "s", 1, 0, packet);
	assert_string_equal(attributes_of(packet, len),
			    "40 1 44 46 42 43 48 55 32 ");
	assert_memory_equal(packet + len - 7, "\x20\x07other", 7);
	assert_int_equal(packet[2] << 8 | packet[3], len);
}

/* What does not fit is an error, nothing else. */
static void test_full(void **state)
{
	uint8_t packet[RADIUS_HLEN + 10] = { 0 };
	struct wr w = wr_make(packet, sizeof(packet));
	struct radius_extra e = { 0 };

	(void)state;
	add(&e, "Connect-Info=12345678");
	radius_begin_signed(&w, RADIUS_ACCOUNTING_REQUEST, 1);
	radius_put(&w, RADIUS_REPLY_MESSAGE, "x", 1);
	radius_extra_put(&e, &w);
	assert_true(w.err);
	assert_int_equal(radius_finish_signed(&w, "s"), 0);
}

static int setup(void **state)
{
	(void)state;
	dictionary = dictionary_new();
	return !dictionary;
}

static int teardown(void **state)
{
	(void)state;
	dictionary_free(dictionary);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_leave_out),
		cmocka_unit_test(test_access),
		cmocka_unit_test(test_accounting),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
