// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * PAP, the authenticator's side (RFC 1334 2): it waits for Authenticate-Requests.
 * A peer repeats its request under new ids until it is answered: while the owner
 * decides, the last id is kept, after that each gets the same answer. link.c
 * calls it through its method.
 */
#include "ppp/pap.h"

#include "adit/wire.h"

#include <string.h>

enum pap_code { PAP_REQUEST = 1, PAP_ACK, PAP_NAK };

/* The peer speaks first; what we retransmit is patience. */
static void pap_start(struct authen *a, msec_t now)
{
	a->state = AUTHEN_WAIT;
	a->tries = AUTHEN_TRIES - 1;
	a->at = now + AUTHEN_RESTART;
}

static void pap_again(struct authen *a)
{
	(void)a;
}

static void pap_answer(struct authen *a, uint8_t id, const char *message)
{
	uint8_t frame[2 + CP_HLEN + 1 + 255];
	struct wr w = wr_make(frame, sizeof(frame));
	size_t len = strnlen(message, 255);

	wr_u16(&w, PPP_PROTO_PAP);
	wr_u8(&w, a->state == AUTHEN_ACCEPTED ? PAP_ACK : PAP_NAK);
	wr_u8(&w, id);
	wr_u16(&w, (uint16_t)(CP_HLEN + 1 + len));
	wr_u8(&w, (uint8_t)len);
	wr_bytes(&w, message, len);
	a->owner->send(a, frame, wr_len(&w));
}

static enum ppp_rx take(struct authen *a, msec_t now, const struct cp_packet *p)
{
	struct rd r = rd_make(p->data, p->len);
	struct rd name = rd_sub(&r, rd_u8(&r));
	struct rd password = rd_sub(&r, rd_u8(&r));
	struct ppp_auth *rec = a->record;
	size_t name_len = rd_left(&name);

	if (r.err || name_len > PPP_NAME_MAX)
		return PPP_RX_MALFORMED;
	if (name_len && memchr(name.p, '\0', name_len))
		return PPP_RX_MALFORMED;
	*rec = (struct ppp_auth){ .proto = PPP_PROTO_PAP, .id = p->id };
	rec->response_len = (uint8_t)rd_left(&password);
	rd_copy(&name, rec->name, name_len);
	rd_copy(&password, rec->response, rec->response_len);
	a->id = p->id;
	a->state = AUTHEN_ASKED;
	a->at = MSEC_NEVER;
	a->owner->ask(a, now);
	return PPP_RX_OK;
}

static enum ppp_rx pap_input(struct authen *a, msec_t now,
			     const struct cp_packet *p)
{
	if (p->code != PAP_REQUEST)
		return p->code <= PAP_NAK ? PPP_RX_STRAY : PPP_RX_MALFORMED;
	switch (a->state) {
	case AUTHEN_WAIT:
		return take(a, now, p);
	case AUTHEN_ASKED:
		a->id = a->record->id = p->id;
		return PPP_RX_OK;
	case AUTHEN_ACCEPTED:
	case AUTHEN_REJECTED:
		pap_answer(a, p->id, "");
		return PPP_RX_OK;
	default:
		return PPP_RX_STRAY;
	}
}

const struct authen_method pap_method = {
	.kind = PPP_PROTO_PAP,
	.start = pap_start,
	.input = pap_input,
	.again = pap_again,
	.answer = pap_answer,
};
