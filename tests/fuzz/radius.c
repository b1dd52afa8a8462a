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

/* Each text ends among the texts. */
static void look_at(const struct radius_tunnels *ts, const char *text)
{
	if (text && (text < ts->text || text >= ts->text + ts->used ||
		     strlen(text) >= ts->used))
		abort();
}

static void look_at_tunnels(const struct radius_tunnels *ts)
{
	if (ts->n > AAA_TUNNELS_MAX || ts->used > sizeof(ts->text))
		abort();
	for (size_t i = 0; i < ts->n; i++) {
		const struct aaa_tunnel *t = &ts->tunnel[i];

		if (t->tag > 31 || t->type != 3 || !t->server)
			abort();
		look_at(ts, t->server);
		look_at(ts, t->client);
		look_at(ts, t->server_name);
		look_at(ts, t->client_name);
		look_at(ts, t->password);
		look_at(ts, t->assignment);
		look_at(ts, t->group);
		look_at(ts, t->vrf);
	}
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
	    !radius_access_read(&reply, &r, NULL, out)) {
		if (strlen(out->message) > RADIUS_VALUE_MAX ||
		    strlen(out->proof) > MSCHAP_PROOF_LEN)
			abort();
		if (out->reply.verdict == AAA_ACCEPT && b[0] != 2)
			abort();
		look_at_tunnels(&out->tunnels);
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
