/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A RADIUS server's side of RFC 2865 3 and RFC 2869 5.14, by itself: it shares MD5
 * with the daemon and nothing else.
 */
#ifndef TESTS_AAA_RADIUS_SERVER_H
#define TESTS_AAA_RADIUS_SERVER_H

#include "base/crypt.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A reply of those attributes, signed; its Message-Authenticator comes last. */
static inline size_t server_reply(uint8_t *b, uint8_t code, uint8_t id,
				  const uint8_t authenticator[16],
				  const char *secret, const void *attributes,
				  size_t len, bool message_authenticator)
{
	size_t n = 20 + len + (message_authenticator ? 18 : 0);
	struct crypt_part parts[] = { { b, n }, { secret, strlen(secret) } };

	b[0] = code;
	b[1] = id;
	b[2] = (uint8_t)(n >> 8);
	b[3] = (uint8_t)n;
	memcpy(b + 4, authenticator, 16);
	memcpy(b + 20, attributes, len);
	if (message_authenticator) {
		uint8_t digest[16];

		b[20 + len] = 80;
		b[21 + len] = 18;
		memset(b + 22 + len, 0, 16);
		crypt_hmac_md5(digest, secret, strlen(secret), parts, 1);
		memcpy(b + 22 + len, digest, 16);
	}
	crypt_md5(b + 4, parts, 2);
	return n;
}

#endif /* TESTS_AAA_RADIUS_SERVER_H */
