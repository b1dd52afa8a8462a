// SPDX-License-Identifier: GPL-2.0-or-later
/* How each end of PPP is told to the LAC, and to RADIUS. RFC 3145 3, RFC 2866 5.10. */
#include "bng/cause.h"

#include "adit/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
/* after what it needs */
#include <cmocka.h>

#define N_OF(array) (sizeof(array) / sizeof(*(array)))

static const struct {
	enum ppp_end why;
	uint8_t terminate; /* Acct-Terminate-Cause, by number */
	struct l2tp_causes causes; /* by RFC 3145's own numbers */
} ends[] = {
	{ PPP_END_PEER, 1, { 1, { { 3, 0, 1 } } } },
	{ PPP_END_LOCAL, 6, { 1, { { 1, 0, 0 } } } },
	{ PPP_END_TIMEOUT, 2, { 1, { { 5, 0xc021, 0 } } } },
	{ PPP_END_ECHO, 2, { 1, { { 8, 0xc021, 0 } } } },
	{ PPP_END_AUTH, 17, { 1, { { 16, 0xc223, 1 } } } },
	{ PPP_END_NEGOTIATION, 17, { 1, { { 5, 0xc021, 0 } } } },
	{ PPP_END_LOOP, 8, { 1, { { 7, 0xc021, 0 } } } },
	{ PPP_END_NO_LCP, 2, { 1, { { 6, 0xc021, 0 } } } },
	{ PPP_END_AUTH_TIMEOUT, 2, { 1, { { 13, 0xc223, 0 } } } },
	{ PPP_END_AUTH_REFUSED, 17, { 1, { { 15, 0xc223, 1 } } } },
	{ PPP_END_UNDECIDED, 15, { 1, { { 0, 0, 0 } } } },
	{ PPP_END_NCP_TIMEOUT,
	  2,
	  { 2, { { 17, 0x8021, 0 }, { 17, 0x8057, 0 } } } },
	{ PPP_END_NO_NCP, 17, { 2, { { 18, 0x8021, 0 }, { 18, 0x8057, 0 } } } },
	{ PPP_END_ADDRESS, 17, { 1, { { 19, 0x8021, 2 } } } },
	{ PPP_END_NO_PROXY, 10, { 1, { { 2, 0, 0 } } } },
	{ PPP_END_SESSION_TIMEOUT, 5, { 1, { { 3, 0, 2 } } } },
	{ PPP_END_IDLE, 4, { 1, { { 3, 0, 2 } } } },
	{ PPP_END_NO_MEMORY, 9, { 1, { { 0, 0, 0 } } } },
};

static void of_ends(void **state)
{
	static const struct ppp_conf conf = { .network = PPP_IPV4 | PPP_IPV6 };
	static const struct ppp_link link = { .conf = &conf,
					      .auth_proto = PPP_PROTO_CHAP,
					      .ncp_failed = PPP_PROTO_IPCP };
	unsigned int seen = 0;

	(void)state;
	for (size_t i = 0; i < N_OF(ends); i++) {
		struct l2tp_causes got = { 0 };

		cause_of_ppp(&got, &link, ends[i].why);
		assert_int_equal(got.n, ends[i].causes.n);
		for (unsigned int c = 0; c < got.n; c++) {
			const struct l2tp_cause *want =
				&ends[i].causes.cause[c];

			assert_int_equal(got.cause[c].code, want->code);
			assert_int_equal(got.cause[c].proto, want->proto);
			assert_int_equal(got.cause[c].direction,
					 want->direction);
		}
		assert_int_equal(cause_terminate_ppp(ends[i].why),
				 ends[i].terminate);
		seen |= 1u << ends[i].why;
	}
	assert_int_equal(seen, (1u << PPP_NENDS) - 1);
}

/* Nothing is agreed on yet: what we asked for first; one protocol only. */
static void what_is_asked_for(void **state)
{
	static const struct ppp_conf conf = { .network = PPP_IPV6,
					      .auth = { PPP_PROTO_PAP } };
	static const struct ppp_link link = { .conf = &conf };
	struct l2tp_causes got;

	(void)state;
	cause_of_ppp(&got, &link, PPP_END_AUTH_REFUSED);
	assert_int_equal(got.cause[0].proto, 0xc023);
	cause_of_ppp(&got, &link, PPP_END_NO_NCP);
	assert_int_equal(got.n, 1);
	assert_int_equal(got.cause[0].proto, 0x8057);
}

static void of_codes(void **state)
{
	/* By number: 0 to 20, and what is none of RFC 3145. */
	static const uint8_t terminate[] = { 10, 6,  10, 10, 17, 2, 2,	8,
					     2,	 17, 17, 17, 16, 2, 17, 17,
					     17, 2,  17, 17, 17, 10 };
	struct l2tp_cause user = { .code = 3, .direction = 1 };

	(void)state;
	assert_int_equal(N_OF(terminate), L2TP_CAUSE_CODES + 1);
	for (uint16_t code = 0; code < N_OF(terminate); code++) {
		struct l2tp_cause c = { .code = code };

		assert_int_equal(cause_terminate(&c), terminate[code]);
	}
	assert_int_equal(cause_terminate(&user), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_ends),
		cmocka_unit_test(what_is_asked_for),
		cmocka_unit_test(of_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
