// SPDX-License-Identifier: GPL-2.0-or-later
/* Tunnels in an Access-Accept: each attribute, with a tag and without, and values that
 * cannot be.
 */
#include "aaa/radius_access.h"

#include "adit/wire.h"
#include "aaa/radius_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
/* after what it needs */
#include <cmocka.h>

static const uint8_t authenticator[16] = "0123456789abcde";
static uint8_t attrs[4000];
static size_t n;
static struct radius_answer a;

static void text(uint8_t type, uint8_t tag, const char *value)
{
	n += server_tagged(attrs + n, type, tag, value);
}

static void number(uint8_t type, uint8_t tag, uint32_t v)
{
	n += server_number(attrs + n, type, tag, v);
}

static void password(uint8_t tag, const char *value)
{
	n += server_password(attrs + n, tag, value, authenticator, "s3cret");
}

/* One of Juniper's, its value as it is. */
static void erx(uint8_t type, const void *value, size_t len)
{
	uint8_t *b = attrs + n;
	const uint8_t head[] = { 26,   (uint8_t)(8 + len), 0, 0, 0x13, 0x0a,
				 type, (uint8_t)(2 + len) };

	memcpy(b, head, sizeof(head));
	memcpy(b + sizeof(head), value, len);
	n += sizeof(head) + len;
}

/* Signed, verified, read. */
static void read_it(void)
{
	struct aaa_request r = { .proto = PPP_PROTO_PAP };
	static uint8_t b[RADIUS_PACKET_MAX];
	struct radius_reply reply;
	size_t len =
		server_reply(b, 2, 7, authenticator, "s3cret", attrs, n, true);

	assert_int_equal(radius_verify(b, len, authenticator, "s3cret",
				       RADIUS_REQUIRED, &reply),
			 RADIUS_GOOD);
	assert_int_equal(radius_access_read(&reply, &r, NULL, &a), 0);
	n = 0;
}

static void all_of_them(void **state)
{
	const struct aaa_tunnel *t = a.tunnels.tunnel;

	(void)state;
	number(64, 3, 3);
	number(65, 3, 1);
	text(66, 3, "192.0.2.1");
	text(67, 3, "198.51.100.2");
	password(3, "a secret of more than sixteen bytes");
	text(81, 3, "blue");
	text(82, 3, "carrier");
	number(83, 3, 0x123456);
	text(90, 3, "lac1");
	text(91, 3, "lns1");
	erx(8, "\3red", 4);
	erx(33, "\0\0\1\0", 4);
	erx(54, "\0\0\0\x20", 4);
	erx(32, "\0\0\0\xb8", 4);
	read_it();
	assert_int_equal(a.reply.verdict, AAA_ACCEPT);
	assert_int_equal(a.ignored, 0);
	assert_int_equal(a.reply.n_tunnels, 1);
	assert_ptr_equal(a.reply.tunnels, t);
	assert_int_equal(t->tag, 3);
	assert_int_equal(t->type, 3);
	assert_int_equal(t->medium, 1);
	assert_string_equal(t->client, "192.0.2.1");
	assert_string_equal(t->server, "198.51.100.2");
	assert_string_equal(t->password, "a secret of more than sixteen bytes");
	assert_string_equal(t->group, "blue");
	assert_string_equal(t->assignment, "carrier");
	assert_int_equal(t->preference, 0x123456);
	assert_string_equal(t->client_name, "lac1");
	assert_string_equal(t->server_name, "lns1");
	assert_string_equal(t->vrf, "red");
	assert_int_equal(t->max_sessions, 256);
	assert_int_equal(t->window, 32);
	assert_int_equal(t->tos, 1 + 0xb8);
}

/* Without tags, with a tag of 0, the first character being no tag. */
static void no_tags(void **state)
{
	const struct aaa_tunnel *t = a.tunnels.tunnel;

	(void)state;
	number(64, 0, 3);
	text(67, 0, "198.51.100.2");
	memcpy(attrs + n, "\x5a\x06\0lac", 6); /* 90, a tag of 0 */
	n += 6;
	password(0xff, "x"); /* RFC 2868 3.5: none of a tunnel's */
	erx(9, "clear", 5);
	read_it();
	assert_int_equal(a.reply.n_tunnels, 1);
	assert_int_equal(t->tag, 0);
	assert_string_equal(t->server, "198.51.100.2");
	assert_string_equal(t->client_name, "lac");
	assert_string_equal(t->password, "clear"); /* the last one counts */
	assert_null(t->client);
}

static void passwords(void **state)
{
	char secret[240];

	(void)state;
	for (size_t len = 0; len < sizeof(secret); len++) {
		memset(secret, 'p', len);
		secret[len] = 0;
		number(64, 1, 3);
		text(67, 1, "198.51.100.2");
		password(1, secret);
		read_it();
		if (!len)
			assert_null(a.tunnels.tunnel[0].password);
		else
			assert_string_equal(a.tunnels.tunnel[0].password,
					    secret);
	}
}

/* What cannot be is counted, and the rest taken. */
static void bad_values(void **state)
{
	static const struct {
		const char *b;
		size_t len;
	} bad[] = {
#define BAD(text) { text, sizeof(text) - 1 }
		BAD("\x40\x05\1\0\3"), /* too short */
		BAD("\x40\x07\1\0\0\0\3"), /* too long */
		BAD("\x40\x06\x20\0\0\3"), /* no tag */
		BAD("\x43\x03\1"), /* a tag, and no text */
		BAD("\x43\x02"),
		BAD("\x43\x06\1a\0b"), /* a text with an end in it */
		BAD("\x45\x03\1"), /* no salt */
		BAD("\x45\x05\1\x80\x17"), /* nothing hidden */
		BAD("\x45\x14\1\x80\x17"
		    "0123456789abcde"), /* 15 bytes */
		BAD("\x1a\x0b\0\0\x13\x0a\x21\5\0\0\1"), /* 4874/33 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memcpy(attrs, bad[i].b, bad[i].len);
		n = bad[i].len;
		number(64, 2, 3);
		text(67, 2, "198.51.100.2");
		read_it();
		assert_int_equal(a.ignored, 1);
		assert_int_equal(a.reply.n_tunnels, 1);
		assert_int_equal(a.tunnels.tunnel[0].tag, 2);
		assert_int_equal(a.reply.verdict, AAA_ACCEPT);
	}
	/* A length that is not the block's: a wrong secret of the server's. */
	number(64, 2, 3);
	text(67, 2, "198.51.100.2");
	password(2, "0123456789");
	attrs[n - 16] ^= 0x80;
	read_it();
	assert_int_equal(a.ignored, 1);
	assert_null(a.tunnels.tunnel[0].password);
}

/* PPTP; L2TP to nowhere: a tunnel is meant, and none can be had. */
static void none_left(void **state)
{
	(void)state;
	number(64, 1, 1);
	text(67, 1, "198.51.100.2");
	number(64, 2, 3);
	read_it();
	assert_int_equal(a.reply.n_tunnels, 0);
	assert_int_equal(a.reply.verdict, AAA_REJECT);
	/* Only the rest of one: nothing is meant by it. */
	text(67, 1, "198.51.100.2");
	read_it();
	assert_int_equal(a.reply.n_tunnels, 0);
	assert_int_equal(a.reply.verdict, AAA_ACCEPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_them), cmocka_unit_test(no_tags),
		cmocka_unit_test(passwords),   cmocka_unit_test(bad_values),
		cmocka_unit_test(none_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
