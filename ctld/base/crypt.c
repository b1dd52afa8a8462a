/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See crypt.h. */
#include "base/crypt.h"

#include <nettle/des.h>
#include <nettle/hmac.h>
#include <nettle/md4.h>
#include <nettle/md5.h>
#include <nettle/memops.h>
#include <nettle/sha1.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
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

void crypt_md4(uint8_t out[MD4_LEN], const void *data, size_t len)
{
	struct md4_ctx ctx;

	md4_init(&ctx);
	md4_update(&ctx, len, data);
	md4_digest(&ctx, MD4_LEN, out);
}

void crypt_sha1(uint8_t out[SHA1_LEN], const struct crypt_part *parts, size_t n)
{
	struct sha1_ctx ctx;

	sha1_init(&ctx);
	for (size_t i = 0; i < n; i++)
		sha1_update(&ctx, parts[i].len, parts[i].data);
	sha1_digest(&ctx, SHA1_LEN, out);
}

void crypt_des(uint8_t out[DES_LEN], const uint8_t key[DES_KEY_LEN],
	       const uint8_t clear[DES_LEN])
{
	struct des_ctx ctx;

	des_set_key(&ctx, key); /* a weak key is the password's doing */
	des_encrypt(&ctx, DES_LEN, out, clear);
	explicit_bzero(&ctx, sizeof(ctx));
}

bool crypt_equal(const void *a, const void *b, size_t len)
{
	return memeql_sec(a, b, len);
}

static void ask_kernel(void *out, size_t len)
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

/* Bytes of the kernel's that nobody has had yet: a set-up needs two dozen numbers,
 * and each was a system call. Who has them is their only holder: they are wiped here,
 * and a child throws away what it has of its parent.
 */
static struct {
	uint8_t b[512];
	size_t left; /* the first of b */
	bool watched;
} ready;

static void forget_ready(void)
{
	explicit_bzero(&ready.b, sizeof(ready.b));
	ready.left = 0;
}

void crypt_random(void *out, size_t len)
{
	if (len > sizeof(ready.b)) {
		ask_kernel(out, len);
		return;
	}
	if (!ready.watched && pthread_atfork(NULL, NULL, forget_ready))
		abort();
	ready.watched = true;
	if (len > ready.left) {
		ask_kernel(ready.b, sizeof(ready.b));
		ready.left = sizeof(ready.b);
	}
	ready.left -= len;
	memcpy(out, ready.b + ready.left, len);
	explicit_bzero(ready.b + ready.left, len);
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
