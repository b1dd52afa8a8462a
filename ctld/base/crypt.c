/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See crypt.h. */
#include "base/crypt.h"

#include <nettle/hmac.h>
#include <nettle/md5.h>
#include <nettle/memops.h>
#include <stdlib.h>
#include <sys/random.h>

void crypt_md5(uint8_t out[MD5_LEN], const struct crypt_part *parts, size_t n)
{
	struct md5_ctx ctx;

	md5_init(&ctx);
	for (size_t i = 0; i < n; i++)
		md5_update(&ctx, parts[i].len, parts[i].data);
	md5_digest(&ctx, MD5_LEN, out);
}

void crypt_hmac_md5(uint8_t out[MD5_LEN], const void *key, size_t key_len,
		    const struct crypt_part *parts, size_t n)
{
	struct hmac_md5_ctx ctx;

	hmac_md5_set_key(&ctx, key_len, key);
	for (size_t i = 0; i < n; i++)
		hmac_md5_update(&ctx, parts[i].len, parts[i].data);
	hmac_md5_digest(&ctx, MD5_LEN, out);
}

bool crypt_equal(const void *a, const void *b, size_t len)
{
	return memeql_sec(a, b, len);
}

void crypt_random(void *out, size_t len)
{
	uint8_t *p = out;

	while (len) {
		ssize_t n = getrandom(p, len, 0);

		if (n < 0)
			abort(); /* a kernel without getrandom: nothing is safe */
		p += n;
		len -= (size_t)n;
	}
}

uint16_t crypt_random_u16(void)
{
	uint16_t v;

	crypt_random(&v, sizeof(v));
	return v;
}

uint32_t crypt_random_u32(void)
{
	uint32_t v;

	crypt_random(&v, sizeof(v));
	return v;
}

uint64_t crypt_random_u64(void)
{
	uint64_t v;

	crypt_random(&v, sizeof(v));
	return v;
}
