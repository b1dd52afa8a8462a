/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See rad.h. */
#include "perf/rad.h"

#include "base/crypt.h"

#include <string.h>

#define HEADER 20
#define AUTHENTICATOR 4 /* where it is */
#define LENGTH 2

int rad_parse(struct rad_request *r, const void *data, size_t len)
{
	struct rd in = rd_make(data, len);
	uint16_t length;

	memset(r, 0, sizeof(*r));
	r->data = data;
	r->code = rd_u8(&in);
	r->id = rd_u8(&in);
	length = rd_u16(&in);
	rd_bytes(&in, MD5_LEN);
	if (in.err || length < HEADER || length > len || length > RAD_MAX ||
	    (r->code != RAD_ACCESS_REQUEST &&
	     r->code != RAD_ACCOUNTING_REQUEST))
		return -1;
	r->len = length;
	in.end = r->data + length;
	while (rd_left(&in)) {
		uint8_t type = rd_u8(&in), n = rd_u8(&in);
		struct wire_value v = { NULL, n < 2 ? SIZE_MAX : n - 2u };

		v.p = rd_bytes(&in, v.len);
		if (in.err)
			return -1;
		if (!r->attribute[type].p)
			r->attribute[type] = v;
	}
	return 0;
}

/* RFC 2869 5.14: itself is zero while it is made. */
static bool has_good_mac(const struct rad_request *r, const char *secret)
{
	static const uint8_t zeros[MD5_LEN];
	const struct wire_value *v = &r->attribute[RAD_MESSAGE_AUTHENTICATOR];
	size_t before = (size_t)(v->p - r->data);
	struct crypt_part parts[] = { { r->data, before },
				      { zeros, MD5_LEN },
				      { v->p + MD5_LEN,
					r->len - before - MD5_LEN } };
	uint8_t mac[MD5_LEN];

	if (v->len != MD5_LEN)
		return false;
	crypt_hmac_md5(mac, secret, strlen(secret), parts, 3);
	return crypt_equal(mac, v->p, MD5_LEN);
}

bool rad_is_signed(const struct rad_request *r, const char *secret)
{
	static const uint8_t zeros[MD5_LEN];
	struct crypt_part parts[] = { { r->data, AUTHENTICATOR },
				      { zeros, MD5_LEN },
				      { r->data + HEADER, r->len - HEADER },
				      { secret, strlen(secret) } };
	uint8_t md5[MD5_LEN];

	if (r->code == RAD_ACCESS_REQUEST)
		return !r->attribute[RAD_MESSAGE_AUTHENTICATOR].p ||
		       has_good_mac(r, secret);
	crypt_md5(md5, parts, 4);
	return crypt_equal(md5, r->data + AUTHENTICATOR, MD5_LEN);
}

static bool pap_is_right(const struct rad_request *r, const char *secret,
			 const char *password)
{
	const struct wire_value *v = &r->attribute[RAD_USER_PASSWORD];
	const uint8_t *chain = r->data + AUTHENTICATOR;
	uint8_t pad[MD5_LEN], clear[128] = { 0 };
	size_t i;

	if (v->len > sizeof(clear) || v->len % MD5_LEN)
		return false;
	for (i = 0; i < v->len; i++) {
		struct crypt_part parts[] = { { secret, strlen(secret) },
					      { chain, MD5_LEN } };

		if (i % MD5_LEN == 0) {
			crypt_md5(pad, parts, 2);
			chain = v->p + i;
		}
		clear[i] = v->p[i] ^ pad[i % MD5_LEN];
	}
	return strlen(password) <= v->len &&
	       !strncmp((const char *)clear, password, v->len);
}

static bool chap_is_right(const struct rad_request *r, const char *password)
{
	const struct wire_value *v = &r->attribute[RAD_CHAP_PASSWORD];
	const struct wire_value *c = &r->attribute[RAD_CHAP_CHALLENGE];
	struct crypt_part parts[] = { { v->p, 1 },
				      { password, strlen(password) },
				      { r->data + AUTHENTICATOR, MD5_LEN } };
	uint8_t md5[MD5_LEN];

	if (v->len != 1 + MD5_LEN)
		return false;
	if (c->p)
		parts[2] = (struct crypt_part){ c->p, c->len };
	crypt_md5(md5, parts, 3);
	return crypt_equal(md5, v->p + 1, MD5_LEN);
}

bool rad_is_right(const struct rad_request *r, const char *secret,
		  const char *password)
{
	if (r->attribute[RAD_CHAP_PASSWORD].p)
		return chap_is_right(r, password);
	return r->attribute[RAD_USER_PASSWORD].p &&
	       pap_is_right(r, secret, password);
}

size_t rad_answer(uint8_t *out, const struct rad_request *r, enum rad_code code,
		  const char *secret, bool authenticate, const void *attributes,
		  size_t len)
{
	static const uint8_t zeros[MD5_LEN];
	struct wr w = wr_make(out, RAD_MAX);
	struct crypt_part parts[2] = { { out, 0 }, { secret, strlen(secret) } };

	wr_u8(&w, (uint8_t)code);
	wr_u8(&w, r->id);
	wr_u16(&w, 0);
	wr_bytes(&w, r->data + AUTHENTICATOR, MD5_LEN);
	if (authenticate) {
		wr_u8(&w, RAD_MESSAGE_AUTHENTICATOR);
		wr_u8(&w, 2 + MD5_LEN);
		wr_bytes(&w, zeros, MD5_LEN);
	}
	wr_bytes(&w, attributes, len);
	if (w.err)
		return 0;
	wr_patch_u16(&w, LENGTH, (uint16_t)wr_len(&w));
	parts[0].len = wr_len(&w);
	/* Over the request's authenticator; the answer's own follows. */
	if (authenticate)
		crypt_hmac_md5(out + HEADER + 2, secret, strlen(secret), parts,
			       1);
	crypt_md5(out + AUTHENTICATOR, parts, 2);
	return wr_len(&w);
}
