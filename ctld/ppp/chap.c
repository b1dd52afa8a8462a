// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * CHAP, the authenticator's side (RFC 1994 4), with MD5 or as MS-CHAPv2 (RFC 2759):
 * Challenge, repeated as it is until a Response comes; while the owner decides,
 * repeated Responses are ignored, after that each gets the same answer. Whether a
 * Response is right is not known here. link_auth.c calls it through its methods.
 */
#include "ppp/chap.h"

#include "adit/wire.h"
#include "base/crypt.h"

#include <stdio.h>
#include <string.h>

#define CHAP_CHALLENGE_LEN 16
#define MSCHAPV2_RESPONSE_LEN 49

#define TEXT_MAX 384 /* of what we say of a decision, or of our name */

enum chap_code {
	CHAP_CHALLENGE = 1,
	CHAP_RESPONSE,
	CHAP_SUCCESS,
	CHAP_FAILURE
};

static void put(struct authen *a, uint8_t code, uint8_t id,
		const struct wr *data, const void *text, size_t text_len)
{
	uint8_t frame[2 + CP_HLEN + 1 + CHAP_CHALLENGE_LEN + TEXT_MAX];
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
	a->record->proto = a->method->kind;
	a->record->id = ++a->id;
	a->record->challenge_len = CHAP_CHALLENGE_LEN;
	a->record->proof[0] = '\0';
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

/* RFC 2759 5 and 6. The proof is forgotten over a restart; then there is no answer
 * to a repeated Response: one without it would be taken for an attack.
 */
static void mschapv2_answer(struct authen *a, uint8_t id, const char *message)
{
	char text[TEXT_MAX], challenge[2 * CHAP_CHALLENGE_LEN + 1] = "";

	if (a->state == AUTHEN_ACCEPTED) {
		if (!a->record || !a->record->proof[0])
			return;
		snprintf(text, sizeof(text), "%s M=%.255s", a->record->proof,
			 message);
		put(a, CHAP_SUCCESS, id, NULL, text, strlen(text));
		return;
	}
	for (int i = 0; i < CHAP_CHALLENGE_LEN; i++)
		snprintf(challenge + 2 * i, 3, "%02X", a->record->challenge[i]);
	/* No change of password, no second try. */
	snprintf(text, sizeof(text), "E=691 R=0 C=%s V=3 M=%.255s", challenge,
		 message);
	put(a, CHAP_FAILURE, id, NULL, text, strlen(text));
}

static size_t response_len(const struct authen *a)
{
	return a->method == &mschapv2_method ? MSCHAPV2_RESPONSE_LEN : MD5_LEN;
}

static enum ppp_rx take(struct authen *a, msec_t now, const struct cp_packet *p)
{
	struct rd r = rd_make(p->data, p->len);
	struct ppp_auth *rec = a->record;
	struct rd value = rd_sub(&r, rd_u8(&r));
	size_t name_len = rd_left(&r);

	if (r.err || rd_left(&value) != response_len(a) ||
	    name_len > PPP_NAME_MAX)
		return PPP_RX_MALFORMED;
	if (name_len && memchr(r.p, '\0', name_len))
		return PPP_RX_MALFORMED;
	a->at = MSEC_NEVER;
	if (a->again && (name_len != strlen(rec->name) ||
			 memcmp(r.p, rec->name, name_len))) {
		a->owner->renamed(a, now);
		return PPP_RX_OK;
	}
	memset(rec->name, 0, sizeof(rec->name));
	rd_copy(&r, rec->name, name_len);
	rec->response_len = (uint8_t)rd_left(&value);
	rd_copy(&value, rec->response, rec->response_len);
	a->state = AUTHEN_ASKED;
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
		a->method->answer(a, p->id, "");
		return PPP_RX_OK;
	default:
		return PPP_RX_STRAY;
	}
}

const struct authen_method chap_method = {
	.kind = PPP_PROTO_CHAP,
	.start = chap_start,
	.input = chap_input,
	.again = chap_again,
	.repeats = true,
	.answer = chap_answer,
};

const struct authen_method mschapv2_method = {
	.kind = PPP_AUTH_MSCHAPV2,
	.start = chap_start,
	.input = chap_input,
	.again = chap_again,
	.repeats = true,
	.answer = mschapv2_answer,
};
