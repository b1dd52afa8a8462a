// SPDX-License-Identifier: GPL-2.0-or-later
/* The authentication phase of a link (RFC 1661 3.5); see link_auth.h. */
#include "ppp/link_auth.h"

#include "ppp/chap.h"
#include "ppp/pap.h"
#include "ppp/phase.h"
#include "ppp/record.h"

#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))

static const struct authen_method *const methods[] = { &mschapv2_method,
						       &chap_method,
						       &pap_method };

static struct ppp_link *of_authen(struct authen *a)
{
	return container_of(a, struct ppp_link, authen);
}

static void authen_send(struct authen *a, const void *frame, size_t len)
{
	phase_send(of_authen(a), frame, len);
}

static void authen_ask(struct authen *a, msec_t now)
{
	of_authen(a)->ops->auth(of_authen(a), now);
}

static void authen_gave_up(struct authen *a, msec_t now)
{
	phase_abandon(of_authen(a), now, PPP_END_AUTH_TIMEOUT);
}

static void authen_renamed(struct authen *a, msec_t now)
{
	struct ppp_link *l = of_authen(a);

	link_auth_decide(l, AUTHEN_REJECTED, "");
	phase_terminate(l, now, PPP_END_AUTH);
}

static const struct authen_owner authen_owner = {
	.send = authen_send,
	.ask = authen_ask,
	.gave_up = authen_gave_up,
	.renamed = authen_renamed,
};

void link_auth_init(struct ppp_link *l, uint32_t proto, uint8_t id)
{
	l->authen = (struct authen){
		.owner = &authen_owner,
		.record = l->record ? &l->record->auth : NULL,
		.name = l->conf->name ? l->conf->name : "",
		.id = id,
		.at = MSEC_NEVER,
	};
	for (size_t i = 0; i < ARRAY_SIZE(methods); i++) {
		if (methods[i]->kind == proto)
			l->authen.method = methods[i];
	}
}

void link_auth_given(struct ppp_link *l, msec_t now)
{
	const struct ppp_auth *said = &record_of(l)->auth;

	link_auth_init(l, said->proto, said->id);
	l->authen.state = AUTHEN_ASKED;
	if (!l->ended)
		l->ops->auth(l, now);
}

void link_auth_begin(struct ppp_link *l, msec_t now, uint8_t id)
{
	record_of(l)->auth = (struct ppp_auth){ 0 };
	if (!l->auth_proto) {
		link_auth_given(l, now);
		return;
	}
	link_auth_init(l, l->auth_proto, id);
	l->authen.method->start(&l->authen, now);
}

void link_auth_again(struct ppp_link *l, msec_t now)
{
	struct authen *a = &l->authen;

	if (a->method && a->method->repeats && a->state == AUTHEN_ACCEPTED) {
		record_of(l);
		a->again = true;
		a->method->start(a, now);
	}
}

void link_auth_decide(struct ppp_link *l, enum authen_state state,
		      const char *message)
{
	struct authen *a = &l->authen;

	a->state = state;
	if (state == AUTHEN_ACCEPTED)
		l->count->auth_ok++;
	else
		l->count->auth_failed++;
	explicit_bzero(a->record->response, sizeof(a->record->response));
	a->record->response_len = 0;
	if (a->method)
		a->method->answer(a, a->id, message ? message : "");
}
