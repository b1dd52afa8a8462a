/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One AVP on the wire: reading and writing it, hiding and revealing it. Which
 * there are, l2tp/dict knows. Called by l2tp/codec. RFC 2661 4.1-4.3.
 */
#ifndef L2TP_AVP_H
#define L2TP_AVP_H

#include "base/buf.h"

#define AVP_HLEN 6
#define AVP_MAX 1023 /* header and value */
#define AVP_VALUE_MAX (AVP_MAX - AVP_HLEN)

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

/* The next AVP. False at the end, or with r->err where a length is impossible. */
bool avp_next(struct rd *r, struct avp *a);
/*
 * Decrypts a hidden AVP into out, which has room for a->len bytes, and points a
 * at it. False: the length inside is impossible.
 */
bool avp_reveal(struct avp *a, const char *secret, const void *rv,
		size_t rv_len, uint8_t *out);
/* Writes one: a's M, vendor, type and value. */
void avp_put(struct wr *w, const struct avp *a);
/* The same, hidden. The Random Vector AVP has been written before. */
void avp_put_hidden(struct wr *w, const struct avp *a, const char *secret,
		    const void *rv, size_t rv_len);

#endif /* L2TP_AVP_H */
