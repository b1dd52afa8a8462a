/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One AVP; see avp.h. RFC 2661 4.1 (format), 4.3 (hiding). */
#include "l2tp/avp.h"

#include "base/crypt.h"

#include <string.h>

#define BIT_M 0x8000
#define BIT_H 0x4000
#define BITS_RESERVED 0x3c00
#define BITS_LENGTH 0x03ff

bool avp_next(struct rd *r, struct avp *a)
{
	uint16_t bits, len;

	if (!rd_left(r))
		return false;
	bits = rd_u16(r);
	a->vendor = rd_u16(r);
	a->type = rd_u16(r);
	len = bits & BITS_LENGTH;
	if (r->err || len < AVP_HLEN) {
		r->err = true;
		return false;
	}
	a->m = bits & BIT_M;
	a->hidden = bits & BIT_H;
	a->reserved = bits & BITS_RESERVED;
	a->len = len - AVP_HLEN;
	a->value = rd_bytes(r, a->len);
	return a->value;
}

/*
 * One block of the key stream: MD5 of the type, the secret and the Random Vector
 * for the first, of the secret and the last cipher block for the others.
 */
static void key_block(uint8_t key[MD5_LEN], uint16_t type, const char *secret,
		      const void *last, size_t last_len, bool first)
{
	uint8_t number[2] = { (uint8_t)(type >> 8), (uint8_t)type };
	struct crypt_part parts[] = {
		{ number, sizeof(number) },
		{ secret, strlen(secret) },
		{ last, last_len },
	};

	if (first)
		crypt_md5(key, parts, 3);
	else
		crypt_md5(key, parts + 1, 2);
}

/* in and out may be the same. */
static void crypt_value(uint8_t *out, const uint8_t *in, size_t len,
			uint16_t type, const char *secret, const void *rv,
			size_t rv_len, bool encrypt)
{
	uint8_t key[MD5_LEN], last[MD5_LEN];

	for (size_t at = 0; at < len; at += MD5_LEN) {
		size_t n = len - at < MD5_LEN ? len - at : MD5_LEN;

		if (at)
			key_block(key, type, secret, last, sizeof(last), false);
		else
			key_block(key, type, secret, rv, rv_len, true);
		if (!encrypt)
			memcpy(last, in + at, n);
		for (size_t i = 0; i < n; i++)
			out[at + i] = in[at + i] ^ key[i];
		if (encrypt)
			memcpy(last, out + at, n);
	}
}

bool avp_reveal(struct avp *a, const char *secret, const void *rv,
		size_t rv_len, uint8_t *out)
{
	size_t inner;

	if (a->len < 2)
		return false;
	crypt_value(out, a->value, a->len, a->type, secret, rv, rv_len, false);
	inner = (size_t)out[0] << 8 | out[1];
	if (inner > a->len - 2u)
		return false;
	a->value = out + 2;
	a->len = (uint16_t)inner;
	a->hidden = false;
	return true;
}

static void put_head(struct wr *w, const struct avp *a, unsigned int bits,
		     size_t len)
{
	if (a->m)
		bits |= BIT_M;
	if (len > AVP_VALUE_MAX)
		w->err = true;
	wr_u16(w, (uint16_t)(bits | (AVP_HLEN + len)));
	wr_u16(w, a->vendor);
	wr_u16(w, a->type);
}

void avp_put(struct wr *w, const struct avp *a)
{
	put_head(w, a, 0, a->len);
	wr_bytes(w, a->value, a->len);
}

/* Padding, so that the length tells little: up to the next multiple of 16. */
void avp_put_hidden(struct wr *w, const struct avp *a, const char *secret,
		    const void *rv, size_t rv_len)
{
	uint8_t plain[AVP_VALUE_MAX];
	size_t len = a->len;
	size_t total = (len + 2 + MD5_LEN - 1) / MD5_LEN * MD5_LEN;

	if (len + 2 > sizeof(plain)) {
		w->err = true;
		return;
	}
	if (total > sizeof(plain))
		total = sizeof(plain);
	plain[0] = (uint8_t)(len >> 8);
	plain[1] = (uint8_t)len;
	if (len)
		memcpy(plain + 2, a->value, len);
	crypt_random(plain + 2 + len, total - 2 - len);
	crypt_value(plain, plain, total, a->type, secret, rv, rv_len, true);
	put_head(w, a, BIT_H, total);
	wr_bytes(w, plain, total);
}
