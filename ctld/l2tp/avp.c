/* SPDX-License-Identifier: GPL-2.0-or-later */
/* AVPs; see avp.h. RFC 2661 4.1 (format), 4.3 (hiding), 4.4 (the table). */
#include "l2tp/avp.h"

#include "base/crypt.h"

#include <string.h>

#define BIT_M 0x8000
#define BIT_H 0x4000
#define BITS_RESERVED 0x3c00
#define BITS_LENGTH 0x03ff

#define M AVP_F_M
#define H AVP_F_HIDE
#define NZ AVP_F_NONZERO

static const struct avp_info table[AVP_TYPES] = {
#define ROW(type, name, kind, flags, min, max) \
	[AVP_##type] = { name, AVP_##kind, flags, min, max }
#define ANY AVP_VALUE_MAX
	ROW(MESSAGE_TYPE, "Message Type", U16, M, 2, 2), /* 4.4.1 */
	ROW(RESULT_CODE, "Result Code", RESULT, M, 2, ANY), /* 4.4.2 */
	ROW(PROTOCOL_VERSION, "Protocol Version", U16, M, 2, 2), /* 4.4.3 */
	ROW(FRAMING_CAPS, "Framing Capabilities", U32, M | H, 4, 4), /* 4.4.3 */
	ROW(BEARER_CAPS, "Bearer Capabilities", U32, M | H, 4, 4), /* 4.4.3 */
	ROW(TIE_BREAKER, "Tie Breaker", U64, 0, 8, 8), /* 4.4.3 */
	ROW(FIRMWARE, "Firmware Revision", U16, H, 2, 2), /* 4.4.3 */
	ROW(HOST_NAME, "Host Name", BYTES, M, 1, ANY), /* 4.4.3 */
	ROW(VENDOR_NAME, "Vendor Name", BYTES, H, 0, ANY), /* 4.4.3 */
	ROW(TUNNEL_ID, "Assigned Tunnel ID", U16, M | H | NZ, 2, 2), /* 4.4.3 */
	ROW(WINDOW, "Receive Window Size", U16, M | NZ, 2, 2), /* 4.4.3 */
	ROW(CHALLENGE, "Challenge", BYTES, M | H, 1, ANY), /* 4.4.3 */
	ROW(RESPONSE, "Challenge Response", BYTES, M | H, 16, 16), /* 4.4.3 */
	ROW(Q931, "Q.931 Cause Code", BYTES, M, 3, ANY), /* 4.4.4 */
	ROW(SESSION_ID, "Assigned Session ID", U16, M | H | NZ, 2,
	    2), /* 4.4.4 */
	ROW(SERIAL, "Call Serial Number", U32, M | H, 4, 4), /* 4.4.4 */
	ROW(MIN_BPS, "Minimum BPS", U32, M | H, 4, 4), /* 4.4.4 */
	ROW(MAX_BPS, "Maximum BPS", U32, M | H, 4, 4), /* 4.4.4 */
	ROW(BEARER_TYPE, "Bearer Type", U32, M | H, 4, 4), /* 4.4.4 */
	ROW(FRAMING_TYPE, "Framing Type", U32, M | H, 4, 4), /* 4.4.4 */
	ROW(CALLED, "Called Number", BYTES, M | H, 0, ANY), /* 4.4.4 */
	ROW(CALLING, "Calling Number", BYTES, M | H, 0, ANY), /* 4.4.4 */
	ROW(SUB_ADDRESS, "Sub-Address", BYTES, M | H, 0, ANY), /* 4.4.4 */
	ROW(TX_SPEED, "Tx Connect Speed", U32, M | H, 4, 4), /* 4.4.4 */
	ROW(RX_SPEED, "Rx Connect Speed", U32, H, 4, 4), /* 4.4.4 */
	ROW(CHANNEL_ID, "Physical Channel ID", U32, H, 4, 4), /* 4.4.4 */
	ROW(GROUP_ID, "Private Group ID", BYTES, H, 0, ANY), /* 4.4.4 */
	ROW(SEQUENCING, "Sequencing Required", EMPTY, M, 0, 0), /* 4.4.4 */
	ROW(FIRST_RX_CONFREQ, "Initial Received LCP CONFREQ", BYTES, H, 0,
	    ANY), /* 4.4.5 */
	ROW(LAST_TX_CONFREQ, "Last Sent LCP CONFREQ", BYTES, H, 0,
	    ANY), /* 4.4.5 */
	ROW(LAST_RX_CONFREQ, "Last Received LCP CONFREQ", BYTES, H, 0,
	    ANY), /* 4.4.5 */
	ROW(AUTHEN_TYPE, "Proxy Authen Type", U16, H, 2, 2), /* 4.4.5 */
	ROW(AUTHEN_NAME, "Proxy Authen Name", BYTES, H, 0, ANY), /* 4.4.5 */
	ROW(AUTHEN_CHALLENGE, "Proxy Authen Challenge", BYTES, H, 0,
	    ANY), /* 4.4.5 */
	ROW(AUTHEN_ID, "Proxy Authen ID", U16, H, 2, 2), /* 4.4.5 */
	ROW(AUTHEN_RESPONSE, "Proxy Authen Response", BYTES, H, 0,
	    ANY), /* 4.4.5 */
	ROW(CALL_ERRORS, "Call Errors", BYTES, M | H, 26, 26), /* 4.4.6 */
	ROW(ACCM, "ACCM", BYTES, M | H, 10, 10), /* 4.4.6 */
	ROW(RANDOM_VECTOR, "Random Vector", BYTES, M, 1, ANY), /* 4.3 */
#undef ANY
#undef ROW
};

const struct avp_info *avp_info(uint16_t type)
{
	return type < AVP_TYPES && table[type].name ? &table[type] : NULL;
}

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

static void put_head(struct wr *w, uint16_t type, unsigned int bits, size_t len)
{
	if (table[type].flags & M)
		bits |= BIT_M;
	if (len > AVP_VALUE_MAX)
		w->err = true;
	wr_u16(w, (uint16_t)(bits | (AVP_HLEN + len)));
	wr_u16(w, 0);
	wr_u16(w, type);
}

void avp_put(struct wr *w, uint16_t type, const void *value, size_t len)
{
	put_head(w, type, 0, len);
	wr_bytes(w, value, len);
}

/* Padding, so that the length tells little: up to the next multiple of 16. */
void avp_put_hidden(struct wr *w, uint16_t type, const void *value, size_t len,
		    const char *secret, const void *rv, size_t rv_len)
{
	uint8_t plain[AVP_VALUE_MAX];
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
		memcpy(plain + 2, value, len);
	crypt_random(plain + 2 + len, total - 2 - len);
	crypt_value(plain, plain, total, type, secret, rv, rv_len, true);
	put_head(w, type, BIT_H, total);
	wr_bytes(w, plain, total);
}
