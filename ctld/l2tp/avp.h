/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * AVPs: the table of those of RFC 2661, reading and writing one, hiding and
 * revealing it. Knows no message. Called by l2tp/msg. RFC 2661 4.1-4.4.
 */
#ifndef L2TP_AVP_H
#define L2TP_AVP_H

#include "base/buf.h"

#define AVP_HLEN 6
#define AVP_MAX 1023 /* header and value */
#define AVP_VALUE_MAX (AVP_MAX - AVP_HLEN)

enum avp_type {
	AVP_MESSAGE_TYPE = 0,
	AVP_RESULT_CODE = 1,
	AVP_PROTOCOL_VERSION = 2,
	AVP_FRAMING_CAPS = 3,
	AVP_BEARER_CAPS = 4,
	AVP_TIE_BREAKER = 5,
	AVP_FIRMWARE = 6,
	AVP_HOST_NAME = 7,
	AVP_VENDOR_NAME = 8,
	AVP_TUNNEL_ID = 9,
	AVP_WINDOW = 10,
	AVP_CHALLENGE = 11,
	AVP_Q931 = 12,
	AVP_RESPONSE = 13,
	AVP_SESSION_ID = 14,
	AVP_SERIAL = 15,
	AVP_MIN_BPS = 16,
	AVP_MAX_BPS = 17,
	AVP_BEARER_TYPE = 18,
	AVP_FRAMING_TYPE = 19,
	AVP_CALLED = 21,
	AVP_CALLING = 22,
	AVP_SUB_ADDRESS = 23,
	AVP_TX_SPEED = 24,
	AVP_CHANNEL_ID = 25,
	AVP_FIRST_RX_CONFREQ = 26,
	AVP_LAST_TX_CONFREQ = 27,
	AVP_LAST_RX_CONFREQ = 28,
	AVP_AUTHEN_TYPE = 29,
	AVP_AUTHEN_NAME = 30,
	AVP_AUTHEN_CHALLENGE = 31,
	AVP_AUTHEN_ID = 32,
	AVP_AUTHEN_RESPONSE = 33,
	AVP_CALL_ERRORS = 34,
	AVP_ACCM = 35,
	AVP_RANDOM_VECTOR = 36,
	AVP_GROUP_ID = 37,
	AVP_RX_SPEED = 38,
	AVP_SEQUENCING = 39,
	AVP_TYPES
};

/* What a value is. */
enum avp_kind {
	AVP_U16,
	AVP_U32,
	AVP_U64,
	AVP_BYTES,
	AVP_EMPTY,
	AVP_RESULT, /* u16 [, u16 [, text]] */
};

#define AVP_F_M 1 /* sent with M */
#define AVP_F_HIDE 2 /* may be hidden */
#define AVP_F_NONZERO 4 /* 0 is no value */

struct avp_info {
	const char *name; /* NULL: not in the table */
	enum avp_kind kind;
	unsigned int flags;
	uint16_t min; /* of the value */
	uint16_t max;
};

/* One AVP as it came; the value lies in the message, or where it was revealed. */
struct avp {
	bool m;
	bool hidden;
	bool reserved; /* a reserved bit is set: unrecognised */
	uint16_t vendor;
	uint16_t type;
	uint16_t len; /* of the value */
	const uint8_t *value;
};

/* NULL: unknown. */
const struct avp_info *avp_info(uint16_t type);
/* The next AVP. False at the end, or with r->err where a length is impossible. */
bool avp_next(struct rd *r, struct avp *a);
/*
 * Decrypts a hidden AVP into out, which has room for a->len bytes, and points a
 * at it. False: the length inside is impossible.
 */
bool avp_reveal(struct avp *a, const char *secret, const void *rv,
		size_t rv_len, uint8_t *out);
/* Writes one; M is as the table says. */
void avp_put(struct wr *w, uint16_t type, const void *value, size_t len);
/* The same, hidden. The Random Vector AVP has been written before. */
void avp_put_hidden(struct wr *w, uint16_t type, const void *value, size_t len,
		    const char *secret, const void *rv, size_t rv_len);

#endif /* L2TP_AVP_H */
