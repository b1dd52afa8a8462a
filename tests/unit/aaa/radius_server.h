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

/* An attribute with a tag; 0: none is written. */
static inline size_t server_tagged(uint8_t *b, uint8_t type, uint8_t tag,
				   const char *text)
{
	size_t len = strlen(text), n = tag ? 3 : 2;

	b[0] = type;
	b[1] = (uint8_t)(n + len);
	b[2] = tag;
	memcpy(b + n, text, len);
	return n + len;
}

static inline size_t server_number(uint8_t *b, uint8_t type, uint8_t tag,
				   uint32_t v)
{
	b[0] = type;
	b[1] = 6;
	b[2] = tag;
	b[3] = (uint8_t)(v >> 16);
	b[4] = (uint8_t)(v >> 8);
	b[5] = (uint8_t)v;
	return 6;
}

/* Tunnel-Password, RFC 2868 3.5. */
static inline size_t server_password(uint8_t *b, uint8_t tag, const char *text,
				     const uint8_t authenticator[16],
				     const char *secret)
{
	uint8_t clear[256] = { (uint8_t)strlen(text) }, digest[16];
	size_t n = (strlen(text) + 1 + 15) / 16 * 16;
	const uint8_t *before = authenticator;

	memcpy(clear + 1, text, strlen(text));
	b[0] = 69;
	b[1] = (uint8_t)(5 + n);
	b[2] = tag;
	b[3] = 0x80;
	b[4] = 0x17;
	for (size_t i = 0; i < n; i += 16) {
		struct crypt_part parts[] = { { secret, strlen(secret) },
					      { before, 16 },
					      { b + 3, i ? 0 : 2 } };

		crypt_md5(digest, parts, 3);
		for (size_t k = 0; k < 16; k++)
			b[5 + i + k] = clear[i + k] ^ digest[k];
		before = b + 5 + i;
	}
	return 5 + n;
}

#endif /* TESTS_AAA_RADIUS_SERVER_H */
