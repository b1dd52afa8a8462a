// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An authentication request made again (RFC 1334 2.2.1, RFC 1994 4.1); see repeat.h.
 * Of MS-CHAPv2 there is none: nobody else knows the challenge. Called by bng/lac.
 */
#include "ppp/repeat.h"

#include "adit/wire.h"

#include <string.h>

enum code { PAP_REQUEST = 1, CHAP_RESPONSE = 2 };

static void put_sized(struct wr *w, const void *b, size_t len)
{
	wr_u8(w, (uint8_t)len);
	wr_bytes(w, b, len);
}

size_t ppp_auth_repeat(const struct ppp_auth *a, uint8_t out[PPP_REPEAT_MAX])
{
	struct wr w = wr_make(out, PPP_REPEAT_MAX);
	size_t name = strlen(a->name);

	if (a->proto != PPP_PROTO_PAP && a->proto != PPP_PROTO_CHAP)
		return 0;
	wr_u16(&w, (uint16_t)a->proto);
	wr_u8(&w, a->proto == PPP_PROTO_PAP ? PAP_REQUEST : CHAP_RESPONSE);
	wr_u8(&w, a->id);
	wr_u16(&w, 0);
	if (a->proto == PPP_PROTO_PAP) {
		put_sized(&w, a->name, name);
		put_sized(&w, a->response, a->response_len);
	} else {
		put_sized(&w, a->response, a->response_len);
		wr_bytes(&w, a->name, name);
	}
	wr_patch_u16(&w, 4, (uint16_t)(wr_len(&w) - 2));
	return w.err ? 0 : wr_len(&w);
}
