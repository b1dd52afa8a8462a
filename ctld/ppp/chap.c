// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * CHAP with MD5, the authenticator's side (RFC 1994 4): Challenge, repeated as it
 * is until a Response comes; while the owner decides, repeated Responses are
 * ignored, after that each gets the same answer. Whether a Response is right is
 * not known here. link.c calls it through its method.
 */
#include "ppp/chap.h"

#include "adit/wire.h"
#include "base/crypt.h"

#include <string.h>

#define CHAP_CHALLENGE_LEN 16

enum chap_code {
	CHAP_CHALLENGE = 1,
	CHAP_RESPONSE,
	CHAP_SUCCESS,
	CHAP_FAILURE
};

static void put(struct authen *a, uint8_t code, uint8_t id,
		const struct wr *data, const void *text, size_t text_len)
{
	uint8_t frame[2 + CP_HLEN + 1 + CHAP_CHALLENGE_LEN + 255];
	struct wr w = wr_make(frame, sizeof(frame));
	size_t len = data ? wr_len(data) : 0;

	wr_u16(&w, PPP_PROTO_CHAP);
	wr_u8(&w, code);
	wr_u8(&w, id);
	wr_u16(&w, (uint16_t)(CP_HLEN + len + text_len));
	wr_bytes(&w, data ? data->start : NULL, len);
	wr_bytes(&w, text, text_len);
	a->owner->send(a, frame, wr_len(&w));
}

static void chap_again(struct authen *a)
{
	uint8_t value[1 + CHAP_CHALLENGE_LEN];
	struct wr w = wr_make(value, sizeof(value));

	wr_u8(&w, CHAP_CHALLENGE_LEN);
	wr_bytes(&w, a->record->challenge, CHAP_CHALLENGE_LEN);
	put(a, CHAP_CHALLENGE, a->id, &w, a->name, strnlen(a->name, 255));
}

static void chap_start(struct authen *a, msec_t now)
{
	*a->record = (struct ppp_auth){
		.proto = PPP_PROTO_CHAP,
		.id = ++a->id,
		.challenge_len = CHAP_CHALLENGE_LEN,
	};
	crypt_random(a->record->challenge, CHAP_CHALLENGE_LEN);
	a->state = AUTHEN_WAIT;
	a->tries = AUTHEN_TRIES - 1;
	a->at = now + AUTHEN_RESTART;
	chap_again(a);
}

static void chap_answer(struct authen *a, uint8_t id, const char *message)
{
	put(a, a->state == AUTHEN_ACCEPTED ? CHAP_SUCCESS : CHAP_FAILURE, id,
	    NULL, message, strnlen(message, 255));
}

static enum ppp_rx take(struct authen *a, msec_t now, const struct cp_packet *p)
{
	struct rd r = rd_make(p->data, p->len);
	struct ppp_auth *rec = a->record;
	struct rd value = rd_sub(&r, rd_u8(&r));
	size_t name_len = rd_left(&r);

	if (r.err || rd_left(&value) != MD5_LEN || name_len > PPP_NAME_MAX)
		return PPP_RX_MALFORMED;
	if (name_len && memchr(r.p, '\0', name_len))
		return PPP_RX_MALFORMED;
	memset(rec->name, 0, sizeof(rec->name));
	rd_copy(&r, rec->name, name_len);
	rec->response_len = MD5_LEN;
	rd_copy(&value, rec->response, MD5_LEN);
	a->state = AUTHEN_ASKED;
	a->at = MSEC_NEVER;
	a->owner->ask(a, now);
	return PPP_RX_OK;
}

static enum ppp_rx chap_input(struct authen *a, msec_t now,
			      const struct cp_packet *p)
{
	if (p->code != CHAP_RESPONSE)
		return p->code <= CHAP_FAILURE ? PPP_RX_STRAY :
						 PPP_RX_MALFORMED;
	if (p->id != a->id)
		return PPP_RX_STRAY;
	switch (a->state) {
	case AUTHEN_WAIT:
		return take(a, now, p);
	case AUTHEN_ASKED:
		return PPP_RX_OK;
	case AUTHEN_ACCEPTED:
	case AUTHEN_REJECTED:
		chap_answer(a, p->id, "");
		return PPP_RX_OK;
	default:
		return PPP_RX_STRAY;
	}
}

const struct authen_method chap_method = {
	.proto = PPP_PROTO_CHAP,
	.start = chap_start,
	.input = chap_input,
	.again = chap_again,
	.answer = chap_answer,
};
