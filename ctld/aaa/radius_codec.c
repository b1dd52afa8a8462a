/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RADIUS packets; see radius_codec.h. Called by aaa/radius_client. */
#include "aaa/radius_codec.h"

#include "aaa/radius_number.h"
#include "base/crypt.h"

#include <errno.h>
#include <string.h>

#define ATTRIBUTE_HLEN 2
#define SALT_LEN 2

static const uint8_t zero[MD5_LEN];

static void put_header(struct wr *w, enum radius_code code, uint8_t id,
		       const uint8_t authenticator[RADIUS_AUTHENTICATOR_LEN])
{
	wr_u8(w, (uint8_t)code);
	wr_u8(w, id);
	wr_u16(w, 0);
	wr_bytes(w, authenticator, RADIUS_AUTHENTICATOR_LEN);
}

void radius_begin(struct wr *w, enum radius_code code, uint8_t id,
		  const uint8_t authenticator[RADIUS_AUTHENTICATOR_LEN])
{
	put_header(w, code, id, authenticator);
	radius_put(w, RADIUS_MESSAGE_AUTHENTICATOR, zero, MD5_LEN);
}

void radius_put(struct wr *w, uint8_t type, const void *value, size_t len)
{
	if (!len || len > RADIUS_VALUE_MAX) {
		w->err = true;
		return;
	}
	wr_u8(w, type);
	wr_u8(w, (uint8_t)(ATTRIBUTE_HLEN + len));
	wr_bytes(w, value, len);
}

void radius_put_text(struct wr *w, uint8_t type, const char *text)
{
	if (text && *text)
		radius_put(w, type, text, strlen(text));
}

void radius_put_u32(struct wr *w, uint8_t type, uint32_t value)
{
	wr_u8(w, type);
	wr_u8(w, ATTRIBUTE_HLEN + 4);
	wr_u32(w, value);
}

void radius_put_vendor(struct wr *w, uint32_t vendor, uint8_t type,
		       const void *value, size_t len)
{
	if (len > RADIUS_VALUE_MAX - 4 - ATTRIBUTE_HLEN) {
		w->err = true;
		return;
	}
	wr_u8(w, RADIUS_VENDOR_SPECIFIC);
	wr_u8(w, (uint8_t)(ATTRIBUTE_HLEN + 4 + ATTRIBUTE_HLEN + len));
	wr_u32(w, vendor);
	wr_u8(w, type);
	wr_u8(w, (uint8_t)(ATTRIBUTE_HLEN + len));
	wr_bytes(w, value, len);
}

void radius_put_vendor_u32(struct wr *w, uint32_t vendor, uint8_t type,
			   uint32_t value)
{
	uint8_t b[4];
	struct wr v = wr_make(b, sizeof(b));

	wr_u32(&v, value);
	radius_put_vendor(w, vendor, type, b, sizeof(b));
}

/* RFC 2865 5.2: each block is hidden by a digest of the one before. */
void radius_put_password(struct wr *w, const char *secret, const void *password,
			 size_t len)
{
	size_t padded = len ? (len + MD5_LEN - 1) / MD5_LEN * MD5_LEN : MD5_LEN;
	uint8_t b[RADIUS_PASSWORD_MAX] = { 0 };
	const uint8_t *before = w->start + 4; /* the authenticator */
	uint8_t digest[MD5_LEN];

	if (len > RADIUS_PASSWORD_MAX || w->err) {
		w->err = true;
		return;
	}
	if (len)
		memcpy(b, password, len);
	for (size_t i = 0; i < padded; i += MD5_LEN) {
		struct crypt_part parts[] = { { secret, strlen(secret) },
					      { before, MD5_LEN } };

		crypt_md5(digest, parts, 2);
		for (size_t k = 0; k < MD5_LEN; k++)
			b[i + k] ^= digest[k];
		before = b + i;
	}
	radius_put(w, RADIUS_USER_PASSWORD, b, padded);
}

/* Of a packet whose authenticator is the request's, with zeros at `at`. */
static void message_authenticator(uint8_t out[MD5_LEN], const uint8_t *packet,
				  size_t len, size_t at,
				  const uint8_t *authenticator,
				  const char *secret)
{
	struct crypt_part parts[] = {
		{ packet, 4 },
		{ authenticator, RADIUS_AUTHENTICATOR_LEN },
		{ packet + RADIUS_HLEN, at - RADIUS_HLEN },
		{ zero, MD5_LEN },
		{ packet + at + MD5_LEN, len - at - MD5_LEN },
	};

	crypt_hmac_md5(out, secret, strlen(secret), parts, 5);
}

size_t radius_finish(struct wr *w, const char *secret)
{
	size_t at = RADIUS_HLEN + ATTRIBUTE_HLEN;
	size_t len = wr_len(w);
	uint8_t digest[MD5_LEN];

	if (w->err || len > RADIUS_PACKET_MAX)
		return 0;
	wr_patch_u16(w, 2, (uint16_t)len);
	message_authenticator(digest, w->start, len, at, w->start + 4, secret);
	memcpy(w->start + at, digest, MD5_LEN);
	return len;
}

/* What is written, and the secret after it, sign it. */
static void sign(struct wr *w, size_t len, const char *secret)
{
	struct crypt_part parts[] = { { w->start, len },
				      { secret, strlen(secret) } };
	uint8_t digest[MD5_LEN];

	crypt_md5(digest, parts, 2);
	memcpy(w->start + 4, digest, MD5_LEN);
}

size_t radius_finish_answer(struct wr *w, const char *secret)
{
	size_t len = radius_finish(w, secret);

	if (len)
		sign(w, len, secret);
	return len;
}

void radius_begin_signed(struct wr *w, enum radius_code code, uint8_t id)
{
	put_header(w, code, id, zero);
}

size_t radius_finish_signed(struct wr *w, const char *secret)
{
	size_t len = wr_len(w);

	if (w->err || len > RADIUS_PACKET_MAX)
		return 0;
	wr_patch_u16(w, 2, (uint16_t)len);
	sign(w, len, secret);
	return len;
}

/* The attributes fill the packet. Where the Message-Authenticator's value is, 0:
 * nowhere; of two, neither counts.
 */
static bool well_formed(const uint8_t *packet, size_t len, size_t *at)
{
	size_t i = RADIUS_HLEN;

	*at = 0;
	while (i < len) {
		if (len - i < ATTRIBUTE_HLEN ||
		    packet[i + 1] < ATTRIBUTE_HLEN || packet[i + 1] > len - i)
			return false;
		if (packet[i] == RADIUS_MESSAGE_AUTHENTICATOR) {
			if (*at || packet[i + 1] != ATTRIBUTE_HLEN + MD5_LEN)
				return false;
			*at = i + ATTRIBUTE_HLEN;
		}
		i += packet[i + 1];
	}
	return true;
}

/* RFC 2865 3. */
static bool is_answer(const uint8_t *packet, size_t len,
		      const uint8_t *authenticator, const char *secret)
{
	struct crypt_part parts[] = {
		{ packet, 4 },
		{ authenticator, RADIUS_AUTHENTICATOR_LEN },
		{ packet + RADIUS_HLEN, len - RADIUS_HLEN },
		{ secret, strlen(secret) },
	};
	uint8_t digest[MD5_LEN];

	crypt_md5(digest, parts, 4);
	return crypt_equal(digest, packet + 4, MD5_LEN);
}

enum radius_fault
radius_verify(const void *data, size_t len,
	      const uint8_t authenticator[RADIUS_AUTHENTICATOR_LEN],
	      const char *secret, enum radius_wants wants,
	      struct radius_reply *out)
{
	const uint8_t *packet = data;
	uint8_t digest[MD5_LEN];
	size_t said, at;

	if (len < RADIUS_HLEN)
		return RADIUS_MALFORMED;
	said = (size_t)packet[2] << 8 | packet[3];
	/* What is behind its length is padding. */
	if (said < RADIUS_HLEN || said > len || said > RADIUS_PACKET_MAX)
		return RADIUS_MALFORMED;
	len = said;
	if (!is_answer(packet, len, authenticator, secret))
		return RADIUS_BAD_AUTHENTICATOR;
	if (!well_formed(packet, len, &at))
		return RADIUS_MALFORMED;
	if (!at && wants == RADIUS_REQUIRED)
		return RADIUS_NO_MESSAGE_AUTHENTICATOR;
	if (at && wants != RADIUS_UNREAD) {
		message_authenticator(digest, packet, len, at, authenticator,
				      secret);
		if (!crypt_equal(digest, packet + at, MD5_LEN))
			return RADIUS_BAD_MESSAGE_AUTHENTICATOR;
	}
	*out = (struct radius_reply){
		.code = packet[0],
		.attributes = rd_make(packet + RADIUS_HLEN, len - RADIUS_HLEN),
		.has_message_authenticator = at != 0,
		.authenticator = authenticator,
		.secret = secret,
	};
	return RADIUS_GOOD;
}

enum radius_fault radius_verify_request(const void *data, size_t len,
					const char *secret,
					enum radius_wants wants,
					struct radius_reply *out)
{
	return radius_verify(data, len, zero, secret, wants, out);
}

int radius_reveal(const struct radius_reply *r, const uint8_t *value,
		  size_t len, uint8_t *clear, size_t *clear_len)
{
	const uint8_t *before = r->authenticator;
	size_t before_len = RADIUS_AUTHENTICATOR_LEN;
	uint8_t digest[MD5_LEN], block[MD5_LEN];

	if (len < SALT_LEN + MD5_LEN || (len - SALT_LEN) % MD5_LEN)
		return -EINVAL;
	for (size_t i = SALT_LEN; i < len; i += MD5_LEN) {
		/* The salt is hashed for the first block only. */
		struct crypt_part parts[] = {
			{ r->secret, strlen(r->secret) },
			{ before, before_len },
			{ value, i == SALT_LEN ? SALT_LEN : 0 },
		};
		size_t first = i == SALT_LEN;

		crypt_md5(digest, parts, 3);
		for (size_t k = 0; k < MD5_LEN; k++)
			block[k] = digest[k] ^ value[i + k];
		if (first)
			*clear_len = block[0];
		memcpy(clear + (first ? 0 : i - SALT_LEN - 1), block + first,
		       MD5_LEN - first);
		before = value + i;
		before_len = MD5_LEN;
	}
	explicit_bzero(block, sizeof(block));
	return *clear_len < len - SALT_LEN ? 0 : -EINVAL;
}

/* Type, length, value; false: there is no more, or it is none. */
static bool take(struct rd *r, struct radius_attribute *a)
{
	size_t len;

	if (rd_left(r) < ATTRIBUTE_HLEN)
		return false;
	a->type = rd_u8(r);
	len = rd_u8(r);
	if (len < ATTRIBUTE_HLEN)
		return false;
	a->len = len - ATTRIBUTE_HLEN;
	a->value = rd_bytes(r, a->len);
	return !r->err;
}

bool radius_next(struct radius_walk *w, struct radius_attribute *a)
{
	for (;;) {
		bool more = w->vendor && rd_left(&w->inner);

		a->vendor = w->vendor;
		if (more && take(&w->inner, a))
			return true;
		w->passed_over += more;
		w->vendor = 0;
		a->vendor = 0;
		if (!take(&w->all, a))
			return false;
		if (a->type != RADIUS_VENDOR_SPECIFIC || a->len < 4)
			return true;
		w->inner = rd_make(a->value, a->len);
		w->vendor = rd_u32(&w->inner);
	}
}
