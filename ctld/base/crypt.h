/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MD5 and HMAC-MD5 (nettle), random bytes (getrandom), constant-time compare. */
#ifndef BASE_CRYPT_H
#define BASE_CRYPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MD5_LEN 16

struct crypt_part {
	const void *data;
	size_t len;
};

/* MD5 of the parts, one after the other. */
void crypt_md5(uint8_t out[MD5_LEN], const struct crypt_part *parts, size_t n);
void crypt_hmac_md5(uint8_t out[MD5_LEN], const void *key, size_t key_len,
		    const struct crypt_part *parts, size_t n);
bool crypt_equal(const void *a, const void *b, size_t len);
void crypt_random(void *out, size_t len);
uint16_t crypt_random_u16(void);
uint32_t crypt_random_u32(void);
uint64_t crypt_random_u64(void);

#endif /* BASE_CRYPT_H */
