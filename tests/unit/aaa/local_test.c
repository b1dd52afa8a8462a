// SPDX-License-Identifier: GPL-2.0-or-later
/* Local users: PAP and CHAP against known answers, the asynchronous interface. */
#include "aaa/local.h"

#include "adit/wire.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
/* after what it needs */
#include <cmocka.h>

/* MD5(01 "secret" 00..0f), computed with md5sum. */
static const uint8_t challenge[16] = { 0, 1, 2,	 3,  4,	 5,  6,	 7,
				       8, 9, 10, 11, 12, 13, 14, 15 };
static const uint8_t response[16] = { 0x74, 0x0e, 0x86, 0x46, 0x3b, 0xda,
				      0x3a, 0x4d, 0x70, 0x17, 0xd6, 0xe0,
				      0xfb, 0xa0, 0x69, 0x9d };

static void pap(void **state)
{
	(void)state;
	assert_int_equal(aaa_check_pap("secret", "secret", 6), AAA_ACCEPT);
	assert_int_equal(aaa_check_pap("secret", "secreT", 6), AAA_REJECT);
	assert_int_equal(aaa_check_pap("secret", "secret\0", 7), AAA_REJECT);
	assert_int_equal(aaa_check_pap("secret", "secre", 5), AAA_REJECT);
	assert_int_equal(aaa_check_pap("secret", "", 0), AAA_REJECT);
	assert_int_equal(aaa_check_pap("", "", 0), AAA_ACCEPT);
}

static void chap(void **state)
{
	uint8_t bad[16];

	(void)state;
	assert_int_equal(aaa_check_chap("secret", 1, challenge, 16, response,
					16),
			 AAA_ACCEPT);
	assert_int_equal(aaa_check_chap("secret", 2, challenge, 16, response,
					16),
			 AAA_REJECT);
	assert_int_equal(aaa_check_chap("Secret", 1, challenge, 16, response,
					16),
			 AAA_REJECT);
	assert_int_equal(aaa_check_chap("secret", 1, challenge, 15, response,
					16),
			 AAA_REJECT);
	assert_int_equal(aaa_check_chap("secret", 1, challenge, 0, response,
					16),
			 AAA_REJECT);
	for (int i = 0; i < 16; i++) {
		memcpy(bad, response, 16);
		bad[i] ^= 0x80;
		assert_int_equal(aaa_check_chap("secret", 1, challenge, 16, bad,
						16),
				 AAA_REJECT);
		assert_int_equal(aaa_check_chap("secret", 1, challenge, 16,
						response, (size_t)i),
				 AAA_REJECT);
	}
}

static int answers;
static enum aaa_verdict got;
static struct addr got_address;

static void done(struct aaa_request *r, msec_t now,
		 const struct aaa_reply *reply)
{
	(void)now;
	assert_ptr_equal(r->user, &answers);
	answers++;
	got = reply->verdict;
	got_address = reply->grant.address;
}

static enum aaa_verdict ask(struct aaa_local *a, const char *name,
			    uint16_t proto, const void *resp, size_t len)
{
	struct aaa_request r = { .name = name,
				 .proto = proto,
				 .id = 1,
				 .challenge = challenge,
				 .challenge_len = 16,
				 .response = resp,
				 .response_len = len,
				 .done = done,
				 .user = &answers };

	answers = 0;
	aaa_local_submit(a, &r, 0);
	assert_int_equal(answers, 1);
	return got;
}

static void submit(void **state)
{
	struct addr fixed = addr_v4(0x64400009);
	struct aaa_local *a = aaa_local_new();

	(void)state;
	assert_int_equal(aaa_local_add(a, "alice@isp", "secret", &fixed), 0);
	assert_int_equal(aaa_local_add(a, "bob", "", NULL), 0);
	assert_int_equal(aaa_local_add(a, "bob", "x", NULL), -EEXIST);
	assert_string_equal(aaa_local_find(a, "bob")->name, "bob");
	assert_null(aaa_local_find(a, "Bob"));
	assert_int_equal(ask(a, "alice@isp", PPP_PROTO_PAP, "secret", 6),
			 AAA_ACCEPT);
	assert_true(addr_eq(&got_address, &fixed));
	assert_int_equal(ask(a, "alice@isp", PPP_PROTO_CHAP, response, 16),
			 AAA_ACCEPT);
	assert_int_equal(ask(a, "alice@isp", PPP_PROTO_CHAP, "secret", 6),
			 AAA_REJECT);
	assert_int_equal(ask(a, "bob", PPP_PROTO_CHAP, response, 16),
			 AAA_REJECT);
	assert_int_equal(got_address.family, 0);
	/* Nobody: not even with the empty password of nobody. */
	assert_int_equal(ask(a, "carol", PPP_PROTO_PAP, "", 0), AAA_REJECT);
	assert_int_equal(ask(a, "alice@isp", 0, "secret", 6), AAA_REJECT);
	aaa_local_free(a);
	aaa_local_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pap),
		cmocka_unit_test(chap),
		cmocka_unit_test(submit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
