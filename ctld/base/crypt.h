/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MD5, HMAC-MD5, and what MS-CHAPv2 needs (nettle), random bytes (getrandom), constant-time compare. */
#ifndef BASE_CRYPT_H
#define BASE_CRYPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MD5_LEN 16
#define MD4_LEN 16
#define SHA1_LEN 20
#define DES_KEY_LEN 8
#define DES_LEN 8

struct crypt_part {
	const void *data;
	size_t len;
};

/* MD5 of the parts, one after the other. */
void crypt_md5(uint8_t out[MD5_LEN], const struct crypt_part *parts, size_t n);
void crypt_hmac_md5(uint8_t out[MD5_LEN], const void *key, size_t key_len,
		    const struct crypt_part *parts, size_t n);
/* For MS-CHAPv2 only (RFC 2759); for nothing new. DES's key has its parity bits. */
void crypt_md4(uint8_t out[MD4_LEN], const void *data, size_t len);
void crypt_sha1(uint8_t out[SHA1_LEN], const struct crypt_part *parts,
		size_t n);
void crypt_des(uint8_t out[DES_LEN], const uint8_t key[DES_KEY_LEN],
	       const uint8_t clear[DES_LEN]);
bool crypt_equal(const void *a, const void *b, size_t len);
void crypt_random(void *out, size_t len);
uint16_t crypt_random_u16(void);
uint32_t crypt_random_u32(void);
uint64_t crypt_random_u64(void);

#endif /* BASE_CRYPT_H */
