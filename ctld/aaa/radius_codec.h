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
	RADIUS_ACCESS_CHALLENGE = 11,
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
void radius_put_password(struct wr *w, const char *secret, const void *password,
			 size_t len);
/* Sets length and Message-Authenticator. The length; 0: it did not fit. */
size_t radius_finish(struct wr *w, const char *secret);

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
};

/* Is this datagram the answer to the request of that authenticator, from who
 * knows the secret? Only then *out is set.
 */
enum radius_fault
radius_verify(const void *data, size_t len,
	      const uint8_t authenticator[RADIUS_AUTHENTICATOR_LEN],
	      const char *secret, enum radius_wants wants,
	      struct radius_reply *out);

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
};

static inline struct radius_walk radius_walk(const struct radius_reply *r)
{
	return (struct radius_walk){ .all = r->attributes };
}

bool radius_next(struct radius_walk *w, struct radius_attribute *a);

#endif /* AAA_RADIUS_CODEC_H */
