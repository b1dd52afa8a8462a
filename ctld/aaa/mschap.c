// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * MS-CHAPv2 (RFC 2759 8.1 to 8.7) on MD4, SHA1 and DES. local.c calls it; what it
 * makes of a password is wiped.
 */
#include "aaa/mschap.h"

#include "base/crypt.h"

#include <stdio.h>
#include <string.h>

#define UNICODE_MAX 512 /* bytes of a password that count: 256 characters */

/* One character of UTF-8; what is none is taken as it is, byte by byte. */
static const uint8_t *next_char(const uint8_t *p, uint32_t *c)
{
	unsigned int more = *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : *p >= 0xc2;
	uint32_t v = more ? *p & 0x3fu >> more : *p;

	for (unsigned int i = 1; i <= more; i++) {
		if ((p[i] & 0xc0) != 0x80) {
			*c = *p;
			return p + 1;
		}
		v = v << 6 | (p[i] & 0x3f);
	}
	*c = v;
	return p + 1 + more;
}

static size_t put_u16(uint8_t *out, size_t n, uint32_t v)
{
	if (n + 2 > UNICODE_MAX)
		return n;
	out[n] = (uint8_t)v;
	out[n + 1] = (uint8_t)(v >> 8);
	return n + 2;
}

/* UTF-16, little endian: what Windows calls Unicode. */
static size_t to_unicode(uint8_t out[UNICODE_MAX], const char *text)
{
	const uint8_t *p = (const uint8_t *)text;
	size_t n = 0;
	uint32_t c;

	while (*p) {
		p = next_char(p, &c);
		if (c > 0xffff) {
			n = put_u16(out, n, 0xd800 + (c - 0x10000) / 0x400);
			n = put_u16(out, n, 0xdc00 + (c - 0x10000) % 0x400);
		} else {
			n = put_u16(out, n, c);
		}
	}
	return n;
}

/* 8.3 */
static void nt_hash(uint8_t out[MD4_LEN], const char *password)
{
	uint8_t text[UNICODE_MAX];

	crypt_md4(out, text, to_unicode(text, password));
	explicit_bzero(text, sizeof(text));
}

/* 8.2; a domain before the name does not count. */
static void challenge_hash(uint8_t out[SHA1_LEN], const struct mschap *m)
{
	const char *slash = strchr(m->name, '\\');
	const char *name = slash ? slash + 1 : m->name;
	struct crypt_part parts[] = {
		{ m->peer_challenge, MSCHAP_CHALLENGE_LEN },
		{ m->challenge, MSCHAP_CHALLENGE_LEN },
		{ name, strlen(name) },
	};

	crypt_sha1(out, parts, 3);
}

/* 8.6: seven bytes make a key, with a bit of parity behind each seven of them. */
static void des_by(uint8_t out[DES_LEN], const uint8_t seven[7],
		   const uint8_t clear[DES_LEN])
{
	uint8_t key[DES_KEY_LEN];
	uint64_t bits = 0;

	for (int i = 0; i < 7; i++)
		bits = bits << 8 | seven[i];
	for (int i = 0; i < DES_KEY_LEN; i++) {
		uint8_t b = (uint8_t)(bits >> (49 - 7 * i) << 1);

		key[i] = b | !__builtin_parity(b);
	}
	crypt_des(out, key, clear);
	explicit_bzero(key, sizeof(key));
}

void mschap_nt_response(uint8_t out[MSCHAP_NT_LEN], const struct mschap *m,
			const char *password)
{
	uint8_t challenge[SHA1_LEN], hash[21] = { 0 };

	challenge_hash(challenge, m);
	nt_hash(hash, password);
	for (int i = 0; i < 3; i++) /* 8.5 */
		des_by(out + 8 * i, hash + 7 * i, challenge);
	explicit_bzero(hash, sizeof(hash));
}

void mschap_proof(char out[MSCHAP_PROOF_LEN + 1], const struct mschap *m,
		  const char *password, const uint8_t nt[MSCHAP_NT_LEN])
{
	static const char magic1[] = "Magic server to client signing constant";
	static const char magic2[] =
		"Pad to make it do more than one iteration";
	uint8_t hash[MD4_LEN], hash_hash[MD4_LEN];
	uint8_t challenge[SHA1_LEN], digest[SHA1_LEN];
	struct crypt_part first[] = {
		{ hash_hash, MD4_LEN },
		{ nt, MSCHAP_NT_LEN },
		{ magic1, sizeof(magic1) - 1 },
	};
	struct crypt_part second[] = {
		{ digest, SHA1_LEN },
		{ challenge, 8 },
		{ magic2, sizeof(magic2) - 1 },
	};

	nt_hash(hash, password);
	crypt_md4(hash_hash, hash, MD4_LEN); /* 8.4 */
	challenge_hash(challenge, m);
	crypt_sha1(digest, first, 3);
	crypt_sha1(digest, second, 3);
	memcpy(out, "S=", 3);
	for (int i = 0; i < SHA1_LEN; i++)
		snprintf(out + 2 + 2 * i, 3, "%02X", digest[i]);
	explicit_bzero(hash, sizeof(hash));
	explicit_bzero(hash_hash, sizeof(hash_hash));
}
