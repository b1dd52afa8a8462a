// SPDX-License-Identifier: GPL-2.0-or-later
/* MS-CHAPv2's arithmetic by the vectors of RFC 2759 9.2, and the check with it. */
#include "aaa/local.h"

#include "adit/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
/* after what it needs */
#include <cmocka.h>

static const uint8_t challenge[16] = { 0x5b, 0x5d, 0x7c, 0x7d, 0x7b, 0x3f,
				       0x2f, 0x3e, 0x3c, 0x2c, 0x60, 0x21,
				       0x32, 0x26, 0x26, 0x28 };
static const uint8_t peer[16] = { 0x21, 0x40, 0x23, 0x24, 0x25, 0x5e,
				  0x26, 0x2a, 0x28, 0x29, 0x5f, 0x2b,
				  0x3a, 0x33, 0x7c, 0x7e };
static const uint8_t nt[24] = {
	0x82, 0x30, 0x9e, 0xcd, 0x8d, 0x70, 0x8b, 0x5e, 0xa0, 0x8f, 0xaa, 0x39,
	0x81, 0xcd, 0x83, 0x54, 0x42, 0x33, 0x11, 0x4a, 0x3d, 0x85, 0xd6, 0xdf
};
static const char proof[] = "S=407A5589115FD0D6209F510FE9C04566932CDA56";

static void vectors(void **state)
{
	struct mschap m = { "User", challenge, peer };
	char text[MSCHAP_PROOF_LEN + 1];
	uint8_t out[24];

	(void)state;
	mschap_nt_response(out, &m, "clientPass");
	assert_memory_equal(out, nt, 24);
	mschap_proof(text, &m, "clientPass", out);
	assert_string_equal(text, proof);
	/* A domain before the name does not count (RFC 2759 8.2). */
	m.name = "WORK\\User";
	mschap_nt_response(out, &m, "clientPass");
	assert_memory_equal(out, nt, 24);
	m.name = "user";
	mschap_nt_response(out, &m, "clientPass");
	assert_memory_not_equal(out, nt, 24);
}

/* With an umlaut, a euro sign and a pair of surrogates: Python's and OpenSSL's. */
static const uint8_t non_ascii[24] = { 0x9f, 0x42, 0xb9, 0x0e, 0x2e, 0x22,
				       0x38, 0x28, 0x1e, 0x5f, 0x01, 0xb5,
				       0x96, 0x1c, 0xe8, 0x0d, 0x1c, 0x3d,
				       0xd1, 0x23, 0xa9, 0x7a, 0x24, 0x5a };

static void other_alphabets(void **state)
{
	struct mschap m = { "User", challenge, peer };
	uint8_t out[24], again[24];

	(void)state;
	mschap_nt_response(out, &m, "p\xc3\xa4ss\xe2\x82\xac\xf0\x9f\x98\x80");
	assert_memory_equal(out, non_ascii, 24);
	/* What is no UTF-8 is taken byte by byte, as Latin-1 is. */
	mschap_nt_response(out, &m, "p\xe4ss");
	mschap_nt_response(again, &m, "p\xc3\xa4ss");
	assert_memory_equal(out, again, 24);
}

/* 256 characters count, and nothing is written behind them. */
static void long_password(void **state)
{
	struct mschap m = { "User", challenge, peer };
	uint8_t out[24], again[24];
	char text[301];

	(void)state;
	memset(text, 'x', 300);
	text[300] = '\0';
	mschap_nt_response(out, &m, text);
	text[256] = '\0';
	mschap_nt_response(again, &m, text);
	assert_memory_equal(out, again, 24);
	text[255] = '\0';
	mschap_nt_response(again, &m, text);
	assert_memory_not_equal(out, again, 24);
}

static struct aaa_reply got;
static char got_proof[MSCHAP_PROOF_LEN + 1];

static void done(struct aaa_request *r, msec_t now,
		 const struct aaa_reply *reply)
{
	(void)now;
	(void)r;
	got = *reply;
	strcpy(got_proof, reply->proof);
}

static enum aaa_verdict ask(const char *name, const uint8_t *response,
			    size_t len, size_t challenge_len)
{
	struct aaa_local *a = aaa_local_new();
	struct aaa_request r = { .name = name,
				 .proto = PPP_AUTH_MSCHAPV2,
				 .challenge = challenge,
				 .challenge_len = challenge_len,
				 .response = response,
				 .response_len = len,
				 .done = done };

	assert_int_equal(aaa_local_add(a, "User", "clientPass", NULL), 0);
	aaa_local_submit(a, &r, 0);
	aaa_local_free(a);
	return got.verdict;
}

static void checked(void **state)
{
	uint8_t response[50] = { 0 };

	(void)state;
	memcpy(response, peer, 16);
	memcpy(response + 24, nt, 24);
	assert_int_equal(ask("User", response, 49, 16), AAA_ACCEPT);
	assert_string_equal(got_proof, proof);
	assert_int_equal(ask("Nobody", response, 49, 16), AAA_REJECT);
	assert_int_equal(ask("User", response, 48, 16), AAA_REJECT);
	assert_int_equal(ask("User", response, 50, 16), AAA_REJECT);
	assert_int_equal(ask("User", response, 49, 15), AAA_REJECT);
	for (int i = 0; i < 48; i++) {
		response[i] ^= 1;
		assert_int_equal(ask("User", response, 49, 16),
				 i < 16 || i >= 24 ? AAA_REJECT : AAA_ACCEPT);
		if (i < 16 || i >= 24)
			assert_string_equal(got_proof, "");
		response[i] ^= 1;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors),
		cmocka_unit_test(other_alphabets),
		cmocka_unit_test(long_password),
		cmocka_unit_test(checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
