// SPDX-License-Identifier: GPL-2.0-or-later
/* RADIUS packets: RFC 2865's example, what is forged or broken, what is in them. */
#include "aaa/radius_access.h"

#include "adit/wire.h"
#include "base/crypt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
/* after what it needs */
#include <cmocka.h>

#include "aaa/radius_server.h"

/* RFC 2865 7.1: nemo telnets to a host; the secret is xyzzy5461. */
static const uint8_t example_request[] = {
	0x01, 0x00, 0x00, 0x38, 0x0f, 0x40, 0x3f, 0x94, 0x73, 0x97, 0x80, 0x57,
	0xbd, 0x83, 0xd5, 0xcb, 0x98, 0xf4, 0x22, 0x7a, 0x01, 0x06, 0x6e, 0x65,
	0x6d, 0x6f, 0x02, 0x12, 0x0d, 0xbe, 0x70, 0x8d, 0x93, 0xd4, 0x13, 0xce,
	0x31, 0x96, 0xe4, 0x3f, 0x78, 0x2a, 0x0a, 0xee, 0x04, 0x06, 0xc0, 0xa8,
	0x01, 0x10, 0x05, 0x06, 0x00, 0x00, 0x00, 0x03
};
static const uint8_t example_reply[] = {
	0x02, 0x00, 0x00, 0x26, 0x86, 0xfe, 0x22, 0x0e, 0x76, 0x24,
	0xba, 0x2a, 0x10, 0x05, 0xf6, 0xbf, 0x9b, 0x55, 0xe0, 0xb2,
	0x06, 0x06, 0x00, 0x00, 0x00, 0x01, 0x0f, 0x06, 0x00, 0x00,
	0x00, 0x00, 0x0e, 0x06, 0xc0, 0xa8, 0x01, 0x03
};
#define EXAMPLE_SECRET "xyzzy5461"

static void example(void **state)
{
	const uint8_t *authenticator = example_request + 4;
	uint8_t b[RADIUS_PACKET_MAX];
	struct wr w = wr_make(b, sizeof(b));
	struct radius_attribute a;
	struct radius_reply reply;
	struct radius_walk walk;

	(void)state;
	radius_begin(&w, RADIUS_ACCESS_REQUEST, 0, authenticator);
	radius_put_password(&w, EXAMPLE_SECRET, "arctangent", 10);
	assert_int_equal(radius_finish(&w, EXAMPLE_SECRET), 20 + 18 + 18);
	assert_memory_equal(b + 38, example_request + 26, 18);

	assert_int_equal(radius_verify(example_reply, sizeof(example_reply),
				       authenticator, EXAMPLE_SECRET,
				       RADIUS_IF_THERE, &reply),
			 RADIUS_GOOD);
	assert_int_equal(reply.code, RADIUS_ACCESS_ACCEPT);
	assert_false(reply.has_message_authenticator);
	walk = radius_walk(&reply);
	assert_true(radius_next(&walk, &a));
	assert_int_equal(a.type, 6);
	assert_int_equal(a.value[3], 1);
	assert_true(radius_next(&walk, &a));
	assert_true(radius_next(&walk, &a));
	assert_int_equal(a.type, 14);
	assert_int_equal(a.len, 4);
	assert_false(radius_next(&walk, &a));
	assert_int_equal(radius_verify(example_reply, sizeof(example_reply),
				       authenticator, EXAMPLE_SECRET,
				       RADIUS_REQUIRED, &reply),
			 RADIUS_NO_MESSAGE_AUTHENTICATOR);
}

/* Every bit of it changed, and every length cut: it is no answer. */
static void forged(void **state)
{
	uint8_t b[sizeof(example_reply)];
	struct radius_reply reply;

	(void)state;
	for (size_t bit = 0; bit < sizeof(b) * 8; bit++) {
		memcpy(b, example_reply, sizeof(b));
		b[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_not_equal(radius_verify(b, sizeof(b),
						   example_request + 4,
						   EXAMPLE_SECRET,
						   RADIUS_IF_THERE, &reply),
				     RADIUS_GOOD);
	}
	for (size_t len = 0; len < sizeof(b); len++)
		assert_int_equal(radius_verify(example_reply, len,
					       example_request + 4,
					       EXAMPLE_SECRET, RADIUS_IF_THERE,
					       &reply),
				 RADIUS_MALFORMED);
	assert_int_equal(radius_verify(example_reply, sizeof(b),
				       example_request + 4, "xyzzy5462",
				       RADIUS_IF_THERE, &reply),
			 RADIUS_BAD_AUTHENTICATOR);
}

/* What a request of ours says, in order: its Message-Authenticator first. */
static const uint8_t authenticator[16] = "0123456789abcde";

static struct radius_nas nas = { .identifier = "lns" };

static size_t ask(struct wr *w, const struct aaa_request *r)
{
	radius_begin(w, RADIUS_ACCESS_REQUEST, 7, authenticator);
	if (radius_access_put(w, &nas, r, "s3cret"))
		return 0;
	return radius_finish(w, "s3cret");
}

static void request(void **state)
{
	static const uint8_t challenge[16] = { 1, 2, 3 };
	static const uint8_t response[49] = { 9, 8, [48] = 5 };
	struct aaa_request r = { .name = "user",
				 .id = 77,
				 .challenge = challenge,
				 .challenge_len = 16,
				 .response = response,
				 .port = { .type = 5, .id = "session 1/2" } };
	uint8_t b[600], want[MD5_LEN];
	struct wr w = wr_make(b, sizeof(b));
	struct crypt_part part = { b, 0 };
	uint8_t proof[MD5_LEN];

	(void)state;
	r.proto = PPP_PROTO_CHAP;
	r.response_len = 16;
	part.len = ask(&w, &r);
	assert_int_equal(b[0], 1);
	assert_int_equal(b[1], 7);
	assert_int_equal(b[20], 80);
	memcpy(proof, b + 22, MD5_LEN);
	memset(b + 22, 0, MD5_LEN);
	crypt_hmac_md5(want, "s3cret", 6, &part, 1);
	assert_memory_equal(proof, want, MD5_LEN);
	assert_memory_equal(b + 38, "\1\6user\3\x13\x4d\x09\x08", 11);
	assert_non_null(memmem(b, part.len, "\x20\5lns", 5));
	assert_non_null(memmem(b, part.len, "\x57\x0dsession 1/2", 13));
	assert_non_null(memmem(b, part.len, "\x3c\x12\1\2\3", 5));

	nas.address = addr_v4(0xc0000201);
	r.proto = PPP_AUTH_MSCHAPV2;
	r.response_len = 49;
	w = wr_make(b, sizeof(b));
	part.len = ask(&w, &r);
	assert_non_null(
		memmem(b, part.len, "\x1a\x18\0\0\1\x37\x0b\x12\1\2\3", 11));
	assert_non_null(memmem(b, part.len,
			       "\x1a\x3a\0\0\1\x37\x19\x34\x4d\5\x9\x8", 12));

	assert_non_null(memmem(b, part.len, "\x04\x06\xc0\0\2\1", 6));
	assert_int_equal(addr_parse("2001:db8::1", &nas.address), 0);
	w = wr_make(b, sizeof(b));
	part.len = ask(&w, &r);
	assert_non_null(memmem(b, part.len, "\x5f\x12\x20\1\x0d\xb8", 6));
	nas.address = (struct addr){ 0 };

	/* What RADIUS cannot say, or nobody said. */
	w = wr_make(b, sizeof(b));
	r.response_len = 48;
	assert_int_equal(ask(&w, &r), 0);
	w = wr_make(b, sizeof(b));
	r.proto = 0;
	assert_int_equal(ask(&w, &r), 0);
	w = wr_make(b, sizeof(b));
	r.proto = PPP_PROTO_PAP;
	r.response_len = RADIUS_PASSWORD_MAX + 1;
	r.response = b + 300;
	assert_int_equal(ask(&w, &r), 0);
	w = wr_make(b, 100);
	r.response_len = RADIUS_PASSWORD_MAX;
	assert_int_equal(ask(&w, &r), 0);
}

/* Where it comes in: RFC 2865's attributes and RFC 4679's. */
static void port(void **state)
{
	struct line line = { 0 };
	struct aaa_port p = { .type = 34,
			      .number = 0x01064007,
			      .id = "pppoe eth1.100.7/3",
			      .called = "internet",
			      .connect = "10000000/1000000",
			      .line = &line };
	uint8_t b[400];
	struct wr w = wr_make(b, sizeof(b));

	(void)state;
	line_set_bytes(&line, LINE_CIRCUIT_ID, "eth7", 4);
	line_set_number(&line, LINE_RATE_UP, 1000000);
	line_set_number(&line, LINE_RATE_DOWN, UINT64_C(10000000000));
	line_set_bytes(&line, LINE_ENCAPSULATION, "\1\2\3", 3);
	line_set_number(&line, LINE_TYPE, 5);
	line_set_number(&line, LINE_IWF, 1);
	radius_port_put(&w, &p);
	assert_false(w.err);
#define HAS(text) assert_non_null(memmem(b, wr_len(&w), text, sizeof(text) - 1))
	HAS("\x3d\6\0\0\0\x22\x05\6\x01\x06\x40\x07");
	HAS("\x1e\x0ainternet");
	HAS("\x4d\x12"
	    "10000000/1000000");
	HAS("\x1a\x0c\0\0\x0d\xe9\1\6eth7");
	HAS("\x1a\x0c\0\0\x0d\xe9\x81\6\0\x0f\x42\x40");
	HAS("\x1a\x0c\0\0\x0d\xe9\x82\6\xff\xff\xff\xff"); /* 32 bits */
	HAS("\x1a\x0b\0\0\x0d\xe9\x90\5\1\2\3");
	HAS("\x1a\x08\0\0\x0d\xe9\xfe\2"); /* RFC 4679 3.3.17: empty */
	assert_null(memmem(b, wr_len(&w), "\x0d\xe9\x91", 3));
	w = wr_make(b, sizeof(b)); /* nobody knows anything */
	p = (struct aaa_port){ .type = 5 };
	radius_port_put(&w, &p);
	assert_int_equal(wr_len(&w), 12);
}

/* ------------------------------------------------------------------- answers */

static struct radius_answer answer;
static struct aaa_request asked = { .proto = PPP_PROTO_CHAP, .id = 77 };

static int answered(uint8_t code, const void *attributes, size_t len)
{
	static uint8_t b[RADIUS_PACKET_MAX];
	struct radius_reply reply;

	len = server_reply(b, code, 7, authenticator, "s3cret", attributes, len,
			   true);
	assert_int_equal(radius_verify(b, len, authenticator, "s3cret",
				       RADIUS_REQUIRED, &reply),
			 RADIUS_GOOD);
	assert_true(reply.has_message_authenticator);
	return radius_access_read(&reply, &asked, NULL, &answer);
}

#define ANSWERED(code, text) answered(code, text, sizeof(text) - 1)

static void attributes(void **state)
{
	char s[ADDR_STRLEN];

	(void)state;
	assert_int_equal(ANSWERED(2,
				  "\x08\x06\x64\x40\x01\x02\x1b\x06\0\0\x0e\x10"
				  "\x1c\x06\0\0\0\x78\x06\x06\0\0\0\2"
				  "\x12\x04hi\x12\x05you\x0c\6\0\0\5\xdc"),
			 0);
	assert_int_equal(answer.reply.verdict, AAA_ACCEPT);
	assert_string_equal(addr_str(&answer.reply.grant.address, s),
			    "100.64.1.2");
	assert_int_equal(answer.reply.grant.session_timeout, 3600);
	assert_int_equal(answer.reply.grant.idle_timeout, 120);
	assert_string_equal(answer.reply.message, "hiyou");
	assert_int_equal(answer.ignored, 0);

	/* The user's choice, the NAS's: from the pool. */
	assert_int_equal(ANSWERED(2, "\x08\x06\xff\xff\xff\xff"), 0);
	assert_int_equal(answer.reply.grant.address.family, 0);
	assert_int_equal(ANSWERED(2, "\x08\x06\xff\xff\xff\xfe"), 0);
	assert_int_equal(answer.reply.grant.address.family, 0);
	assert_int_equal(answer.ignored, 0);
	/* None of a host, a wrong length: not taken. */
	assert_int_equal(ANSWERED(2,
				  "\x08\x06\xe0\0\0\1\x08\x06\x7f\0\0\1\x08\5\1\1\1"
				  "\x1b\3\1"),
			 0);
	assert_int_equal(answer.reply.grant.address.family, 0);
	assert_int_equal(answer.ignored, 4);
	/* Telnet is not PPP. */
	assert_int_equal(ANSWERED(2, "\x06\x06\0\0\0\1"), 0);
	assert_int_equal(answer.reply.verdict, AAA_REJECT);
	/* A reject says why, and nothing else. */
	assert_int_equal(ANSWERED(3, "\x12\x04no\x08\x06\x64\x40\x01\x02"), 0);
	assert_int_equal(answer.reply.verdict, AAA_REJECT);
	assert_string_equal(answer.reply.message, "no");
	assert_int_equal(answer.reply.grant.address.family, 0);
	/* Nobody here can answer a challenge. */
	assert_int_equal(ANSWERED(11, "\x12\x04?!\x18\x04st"), 0);
	assert_int_equal(answer.reply.verdict, AAA_REJECT);
	assert_int_not_equal(ANSWERED(5, ""), 0);
}

/* One of a vendor that is written otherwise is passed over, what follows it is not. */
static void vendors(void **state)
{
	(void)state;
	assert_int_equal(ANSWERED(2, "\x1a\x09\0\0\1\x37\x1a\xff\1"
				     "\x1a\x06\0\0\1\x37\x1a\4\0\1"
				     "\x1a\x0c\0\0\0\0\x1b\x06\0\0\0\1"
				     "\x1b\x06\0\0\0\5"),
			 0);
	assert_int_equal(answer.reply.grant.session_timeout, 5);
}

/* Without the proof the client would hang up on us. */
static void proof(void **state)
{
	char b[] =
		"\x1a\x33\0\0\1\x37\x1a\x2d\x4dS=407A5589115FD0D6209F510FE9C0"
		"4566932CDA56";

	(void)state;
	asked.proto = PPP_AUTH_MSCHAPV2;
	assert_int_equal(ANSWERED(2, b), 0);
	assert_int_equal(answer.reply.verdict, AAA_ACCEPT);
	assert_string_equal(answer.reply.proof,
			    "S=407A5589115FD0D6209F510FE9C04566932CDA56");
	b[8]++; /* another id */
	assert_int_equal(ANSWERED(2, b), 0);
	assert_int_equal(answer.reply.verdict, AAA_REJECT);
	assert_int_equal(ANSWERED(2, ""), 0);
	assert_int_equal(answer.reply.verdict, AAA_REJECT);
	/* Nobody needs it who goes through a tunnel, if tunnels count. */
	assert_int_equal(ANSWERED(2, "\x1a\x0b\0\0\x13\x0a\x40\5isp"), 0);
	assert_int_equal(answer.reply.verdict, AAA_ACCEPT);
	asked.service = AAA_FRAMED_HERE;
	assert_int_equal(ANSWERED(2, "\x1a\x0b\0\0\x13\x0a\x40\5isp"), 0);
	assert_int_equal(answer.reply.verdict, AAA_REJECT);
	asked.proto = PPP_PROTO_CHAP;
	assert_int_equal(ANSWERED(2, "\x40\6\1\0\0\12"), 0);
	assert_int_equal(answer.reply.verdict, AAA_ACCEPT);
	asked.service = AAA_FRAMED;
	assert_int_equal(ANSWERED(2, ""), 0);
	assert_int_equal(answer.reply.verdict, AAA_ACCEPT);
}

/* A tunnel of the configuration; one that is written out is more than we can do. */
static void tunnels(void **state)
{
	(void)state;
	assert_int_equal(ANSWERED(2, "\x1a\x0b\0\0\x13\x0a\x40\5isp"), 0);
	assert_int_equal(answer.reply.verdict, AAA_ACCEPT);
	assert_string_equal(answer.reply.tunnel, "isp");
	assert_int_equal(ANSWERED(2,
				  "\x40\6\1\0\0\3\x1a\x0b\0\0\x13\x0a\x40\5isp"),
			 0);
	assert_int_equal(answer.reply.verdict, AAA_ACCEPT);
	assert_int_equal(ANSWERED(2, "\x40\6\1\0\0\3"), 0);
	assert_int_equal(answer.reply.verdict, AAA_REJECT);
	assert_int_equal(ANSWERED(2, "\x1a\x0b\0\0\x13\x0a\x40\5i\0p"), 0);
	assert_null(answer.reply.tunnel);
	assert_int_equal(answer.ignored, 1);
	/* A reject that has them is a reject; whose answer the LNS looks at needs
	 * no proof.
	 */
	assert_int_equal(ANSWERED(3, "\x1a\x0b\0\0\x13\x0a\x40\5isp"), 0);
	assert_int_equal(answer.reply.verdict, AAA_REJECT);
	assert_null(answer.reply.tunnel);
	asked.proto = PPP_AUTH_MSCHAPV2;
	assert_int_equal(ANSWERED(2, "\x1a\x0b\0\0\x13\x0a\x40\5isp"), 0);
	assert_int_equal(answer.reply.verdict, AAA_ACCEPT);
	asked.proto = PPP_PROTO_CHAP;
}

/* Signed by who knows the secret, and broken all the same. */
static void malformed(void **state)
{
	static const char *const bad[] = { "\x12", "\x12\1", "\x12\xff" };
	uint8_t b[RADIUS_PACKET_MAX];
	struct radius_reply reply;
	size_t len;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		len = server_reply(b, 2, 7, authenticator, "s3cret", bad[i],
				   strlen(bad[i]), true);
		assert_int_equal(radius_verify(b, len, authenticator, "s3cret",
					       RADIUS_IF_THERE, &reply),
				 RADIUS_MALFORMED);
	}
	/* Two Message-Authenticators; a wrong one. */
	len = server_reply(b, 2, 7, authenticator, "s3cret",
			   "\x50\x12"
			   "0123456789abcdef",
			   18, true);
	assert_int_equal(radius_verify(b, len, authenticator, "s3cret",
				       RADIUS_IF_THERE, &reply),
			 RADIUS_MALFORMED);
	len = server_reply(b, 2, 7, authenticator, "s3cret",
			   "\x50\x12"
			   "0123456789abcdef",
			   18, false);
	assert_int_equal(radius_verify(b, len, authenticator, "s3cret",
				       RADIUS_IF_THERE, &reply),
			 RADIUS_BAD_MESSAGE_AUTHENTICATOR);
	assert_int_equal(radius_verify(b, len, authenticator, "s3cret",
				       RADIUS_UNREAD, &reply),
			 RADIUS_GOOD);
	/* Padding behind its length does not count. */
	len = server_reply(b, 2, 7, authenticator, "s3cret", "", 0, true);
	assert_int_equal(radius_verify(b, len + 9, authenticator, "s3cret",
				       RADIUS_REQUIRED, &reply),
			 RADIUS_GOOD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(example),    cmocka_unit_test(forged),
		cmocka_unit_test(request),    cmocka_unit_test(port),
		cmocka_unit_test(attributes), cmocka_unit_test(vendors),
		cmocka_unit_test(proof),      cmocka_unit_test(malformed),
		cmocka_unit_test(tunnels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
