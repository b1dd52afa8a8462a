// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Replies of a RADIUS server under any bytes, and under any attributes that are
 * signed as they should be. The first byte chooses: the code, how the subscriber
 * was asked, whether the input is the packet or only its attributes.
 */
#include "aaa/radius_access.h"

#include "adit/wire.h"
#include "base/crypt.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t authenticator[16] = { 1, 2, 3 };

static void sign(uint8_t *b, size_t len)
{
	struct crypt_part parts[] = { { b, len }, { "secret", 6 } };

	b[2] = (uint8_t)(len >> 8);
	b[3] = (uint8_t)len;
	memcpy(b + 4, authenticator, 16);
	crypt_md5(b + 4, parts, 2);
}

static void read_it(uint8_t how, const uint8_t *b, size_t len)
{
	struct aaa_request r = { .proto = how & 4 ? PPP_AUTH_MSCHAPV2 :
						    PPP_PROTO_CHAP,
				 .id = 7 };
	struct radius_answer *out = malloc(sizeof(*out));
	struct radius_reply reply;

	if (!out)
		abort();
	if (!radius_verify(b, len, authenticator, "secret", RADIUS_UNREAD,
			   &reply) &&
	    !radius_access_read(&reply, &r, out)) {
		if (strlen(out->message) > RADIUS_VALUE_MAX ||
		    strlen(out->proof) > MSCHAP_PROOF_LEN)
			abort();
		if (out->reply.verdict == AAA_ACCEPT && b[0] != 2)
			abort();
	}
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t codes[4] = { 2, 3, 11, 5 };
	size_t head = 0;
	uint8_t *b;

	if (!size || size > RADIUS_PACKET_MAX + 100)
		return 0;
	if (data[0] & 8)
		head = RADIUS_HLEN;
	b = malloc(head + size);
	if (!b)
		abort();
	memset(b, 0, head);
	memcpy(b + head, data + 1, size - 1);
	if (head) {
		b[0] = codes[data[0] & 3];
		sign(b, head + size - 1);
	}
	read_it(data[0], b, head + size - 1);
	free(b);
	return 0;
}
