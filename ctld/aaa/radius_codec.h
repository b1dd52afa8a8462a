/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RADIUS packets (RFC 2865 3, 5; RFC 2869 5.14), by attribute number: a request is
 * written, a reply is verified, then walked through. No I/O, no dictionary.
 */
#ifndef AAA_RADIUS_CODEC_H
#define AAA_RADIUS_CODEC_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RADIUS_HLEN 20
#define RADIUS_PACKET_MAX 4096
#define RADIUS_AUTHENTICATOR_LEN 16
#define RADIUS_VALUE_MAX 253
#define RADIUS_PASSWORD_MAX 128 /* RFC 2865 5.2 */

enum radius_code {
	RADIUS_ACCESS_REQUEST = 1,
	RADIUS_ACCESS_ACCEPT = 2,
	RADIUS_ACCESS_REJECT = 3,
	RADIUS_ACCOUNTING_REQUEST = 4,
	RADIUS_ACCOUNTING_RESPONSE = 5,
	RADIUS_ACCESS_CHALLENGE = 11,
	RADIUS_STATUS_SERVER = 12, /* RFC 5997 */
	/* RFC 5176; an ACK is the request's plus one, a NAK plus two. */
	RADIUS_DISCONNECT_REQUEST = 40,
	RADIUS_COA_REQUEST = 43,
};

/* A request: begin, put, finish. Message-Authenticator is its first attribute. */
void radius_begin(struct wr *w, enum radius_code code, uint8_t id,
		  const uint8_t authenticator[RADIUS_AUTHENTICATOR_LEN]);
/* A value of 1 to RADIUS_VALUE_MAX bytes; any other is an error of w. */
void radius_put(struct wr *w, uint8_t type, const void *value, size_t len);
/* Nothing, if there is no text. */
void radius_put_text(struct wr *w, uint8_t type, const char *text);
void radius_put_u32(struct wr *w, uint8_t type, uint32_t value);
void radius_put_vendor(struct wr *w, uint32_t vendor, uint8_t type,
		       const void *value, size_t len);
/* User-Password, hidden; up to RADIUS_PASSWORD_MAX bytes, else an error of w. */
void radius_put_vendor_u32(struct wr *w, uint32_t vendor, uint8_t type,
			   uint32_t value);
void radius_put_password(struct wr *w, const char *secret, const void *password,
			 size_t len);
/* Sets length and Message-Authenticator. The length; 0: it did not fit. */
size_t radius_finish(struct wr *w, const char *secret);

/* The same of an answer, begun with its request's authenticator; that of its own is
 * set too (RFC 2865 3).
 */
size_t radius_finish_answer(struct wr *w, const char *secret);
/* The same of a request that a digest with the secret signs (RFC 2866 3); it has
 * no Message-Authenticator.
 */
void radius_begin_signed(struct wr *w, enum radius_code code, uint8_t id);
size_t radius_finish_signed(struct wr *w, const char *secret);

enum radius_fault {
	RADIUS_GOOD,
	RADIUS_MALFORMED,
	RADIUS_BAD_AUTHENTICATOR,
	RADIUS_BAD_MESSAGE_AUTHENTICATOR,
	RADIUS_NO_MESSAGE_AUTHENTICATOR,
};

/* What is asked of a reply's Message-Authenticator. */
enum radius_wants { RADIUS_IF_THERE, RADIUS_REQUIRED, RADIUS_UNREAD };

struct radius_reply {
	enum radius_code code;
	struct rd attributes;
	bool has_message_authenticator;
	/* The request's, for values that are hidden. */
	const uint8_t *authenticator;
	const char *secret;
};

/* Is this datagram the answer to the request of that authenticator, from who
 * knows the secret? Only then *out is set.
 */
enum radius_fault
radius_verify(const void *data, size_t len,
	      const uint8_t authenticator[RADIUS_AUTHENTICATOR_LEN],
	      const char *secret, enum radius_wants wants,
	      struct radius_reply *out);

/* The same of a request that is signed as an answer to none is (RFC 5176 2.3). */
enum radius_fault radius_verify_request(const void *data, size_t len,
					const char *secret,
					enum radius_wants wants,
					struct radius_reply *out);

/*
 * A hidden value (RFC 2868 3.5), from its salt on, in clear: less than `len` bytes.
 * -EINVAL: it cannot be so.
 */
int radius_reveal(const struct radius_reply *r, const uint8_t *value,
		  size_t len, uint8_t *clear, size_t *clear_len);

struct radius_attribute {
	uint32_t vendor; /* 0: none */
	uint8_t type;
	const uint8_t *value;
	size_t len;
};

/* All attributes in turn, those inside of Vendor-Specific too. One of a vendor that
 * is not written as RFC 2865 5.26 suggests is passed over, alone.
 */
struct radius_walk {
	struct rd all;
	struct rd inner;
	uint32_t vendor;
	unsigned int passed_over;
};

static inline struct radius_walk radius_walk(const struct radius_reply *r)
{
	return (struct radius_walk){ .all = r->attributes };
}

bool radius_next(struct radius_walk *w, struct radius_attribute *a);

#endif /* AAA_RADIUS_CODEC_H */
