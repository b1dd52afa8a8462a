/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RADIUS on the wire, a server's side: requests are taken apart and checked, answers
 * signed. RFC 2865 3, 5.2, 5.3; RFC 2866 3; RFC 2869 5.14. Written apart from
 * ctld/aaa. Pure: no state, no I/O.
 */
#ifndef PERF_RAD_H
#define PERF_RAD_H

#include "base/buf.h"
#include "perf/wire.h"

#define RAD_MAX 4096

enum rad_code {
	RAD_ACCESS_REQUEST = 1,
	RAD_ACCEPT,
	RAD_REJECT,
	RAD_ACCOUNTING_REQUEST,
	RAD_ACCOUNTING_RESPONSE,
};

enum rad_attribute {
	RAD_USER_NAME = 1,
	RAD_USER_PASSWORD = 2,
	RAD_CHAP_PASSWORD = 3,
	RAD_NAS_IDENTIFIER = 32,
	RAD_ACCT_STATUS = 40,
	RAD_ACCT_SESSION = 44,
	RAD_CHAP_CHALLENGE = 60,
	RAD_MESSAGE_AUTHENTICATOR = 80,
};

struct rad_request {
	uint8_t code, id;
	const uint8_t *data; /* all of it */
	size_t len;
	struct wire_value attribute[256]; /* the first of each type */
};

/* 0, or -1: malformed, or not a request. */
int rad_parse(struct rad_request *r, const void *data, size_t len);
/* It comes from who knows the secret, as far as it says. */
bool rad_is_signed(const struct rad_request *r, const char *secret);
/* PAP or CHAP. */
bool rad_is_right(const struct rad_request *r, const char *secret,
		  const char *password);
/* The answer, with attributes as they are on the wire, in RAD_MAX bytes; its length,
 * 0: it did not fit. authenticate: with a Message-Authenticator, the first of all.
 */
size_t rad_answer(uint8_t *out, const struct rad_request *r, enum rad_code code,
		  const char *secret, bool authenticate, const void *attributes,
		  size_t len);

#endif /* PERF_RAD_H */
