/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The messages that set a tunnel up; see setup.h. Called by l2tp/control.
 * RFC 2661 4.4.3 (their AVPs), 5.1.1 (authentication).
 */
#include "l2tp/setup.h"

#include "base/crypt.h"
#include "l2tp/call.h"
#include "l2tp/ops.h"

#include <string.h>

#define VENDOR_NAME "adit"

/* SCCRQ and SCCRP are nearly the same. */
void l2tp_setup_send(struct l2tp_tunnel *t, uint16_t type)
{
	const char *name = t->peer->local_name;
	struct l2tp_msg m = {
		.type = type,
		.has = l2tp_msg_must(type) | L2TP_BIT(AVP_WINDOW) |
		       L2TP_BIT(AVP_VENDOR_NAME),
		.version = L2TP_PROTOCOL_VERSION,
		.framing_caps = L2TP_FRAMING_CAPS,
		.bearer_caps = t->host->bearer_caps,
		.host_name = { (const uint8_t *)name, (uint16_t)strlen(name) },
		.vendor_name = { (const uint8_t *)VENDOR_NAME,
				 sizeof(VENDOR_NAME) - 1 },
		.assigned_tunnel = t->id,
		.window = t->peer->window,
	};

	if (m.bearer_caps)
		m.has |= L2TP_BIT(AVP_BEARER_CAPS);
	if (type == L2TP_SCCRQ && t->tie) {
		m.tie_breaker = t->tie_breaker;
		m.has |= L2TP_BIT(AVP_TIE_BREAKER);
	}
	if (t->peer->secret) {
		crypt_random(t->challenge, sizeof(t->challenge));
		m.challenge.p = t->challenge;
		m.challenge.len = sizeof(t->challenge);
		m.has |= L2TP_BIT(AVP_CHALLENGE);
	}
	if (t->respond) {
		m.response.p = t->response;
		m.response.len = sizeof(t->response);
		m.has |= L2TP_BIT(AVP_RESPONSE);
	}
	l2tp_tunnel_send(t, &m);
}

void l2tp_setup_send_scccn(struct l2tp_tunnel *t)
{
	struct l2tp_msg m = { .type = L2TP_SCCCN };

	if (t->respond) {
		m.response.p = t->response;
		m.response.len = sizeof(t->response);
		m.has |= L2TP_BIT(AVP_RESPONSE);
	}
	l2tp_tunnel_send(t, &m);
}

/* ---------------------------------------------------------- authentication */

/* The answer to a challenge in a message of this type. RFC 2661 5.1.1. */
static void answer(uint8_t out[MD5_LEN], uint8_t type, const char *secret,
		   const void *challenge, size_t len)
{
	struct crypt_part parts[] = {
		{ &type, 1 },
		{ secret, strlen(secret) },
		{ challenge, len },
	};

	crypt_md5(out, parts, 3);
}

const char *l2tp_setup_take_challenge(struct l2tp_tunnel *t,
				      const struct l2tp_msg *m, uint8_t type)
{
	if (!l2tp_msg_has(m, AVP_CHALLENGE))
		return NULL;
	if (!t->peer->secret)
		return "challenge, and no secret";
	answer(t->response, type, t->peer->secret, m->challenge.p,
	       m->challenge.len);
	t->respond = true;
	return NULL;
}

const char *l2tp_setup_check_response(const struct l2tp_tunnel *t,
				      const struct l2tp_msg *m)
{
	uint8_t right[MD5_LEN];

	if (!t->peer->secret)
		return NULL;
	if (!l2tp_msg_has(m, AVP_RESPONSE))
		return "no challenge response";
	answer(right, (uint8_t)m->type, t->peer->secret, t->challenge,
	       sizeof(t->challenge));
	return crypt_equal(right, m->response.p, sizeof(right)) ?
		       NULL :
		       "wrong challenge response";
}
