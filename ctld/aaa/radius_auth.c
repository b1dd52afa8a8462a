/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions as Access-Requests; see radius_auth.h. Called by bng/question. */
#include "aaa/radius_auth.h"

#include "base/crypt.h"

#include <string.h>

#define ACCESS_MAX (1200 + RADIUS_EXTRA_MAX) /* bytes */

static struct aaa_request *access_of(struct radius_request *r)
{
	return container_of(r, struct aaa_request, radius);
}

static size_t access_write(struct radius_request *r, const struct radius_try *t,
			   void *packet)
{
	uint8_t authenticator[RADIUS_AUTHENTICATOR_LEN];
	struct wr w = wr_make(packet, ACCESS_MAX);

	crypt_random(authenticator, sizeof(authenticator));
	radius_begin(&w, RADIUS_ACCESS_REQUEST, t->id, authenticator);
	if (radius_access_put(&w, &t->nas, access_of(r), t->secret))
		return 0;
	return radius_finish(&w, t->secret);
}

static bool access_answers(enum radius_code code)
{
	return code == RADIUS_ACCESS_ACCEPT || code == RADIUS_ACCESS_REJECT ||
	       code == RADIUS_ACCESS_CHALLENGE;
}

static void access_done(struct radius_request *r, struct radius_client *c,
			msec_t now, const struct radius_reply *reply,
			bool asked)
{
	struct aaa_request *a = access_of(r);
	struct radius_answer answer = {
		.reply.verdict = asked ? AAA_UNAVAILABLE : AAA_REJECT
	};

	if (reply) {
		radius_access_read(reply, a, c->dictionary, &answer);
		c->count.rx_bad_attribute += answer.ignored;
	}
	a->done(a, now, &answer.reply);
	/* Secrets of tunnels. */
	explicit_bzero(answer.tunnels.text, answer.tunnels.used);
}

static const struct radius_kind access_kind = { .room = ACCESS_MAX,
						.write = access_write,
						.answers = access_answers,
						.done = access_done };

void radius_auth_submit(struct radius_client *c, struct radius_group *g,
			struct aaa_request *r, msec_t now)
{
	r->radius.kind = &access_kind;
	radius_client_send(c, g, &r->radius, now);
}

void radius_auth_cancel(struct radius_client *c, struct aaa_request *r,
			msec_t now)
{
	radius_client_drop(c, &r->radius, now);
}
