/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The LAC's call (RFC 2661 5.2, 5.3; proxy AVPs 4.4.5). Called by bng/dial with a
 * tunnel, and by bng/bng as the call gets on.
 */
#include "bng/lac.h"

#include "adit/wire.h"
#include "base/log.h"
#include "bng/account.h"
#include "bng/call_info.h"
#include "bng/cause.h"
#include "bng/identity.h"
#include "l2tp/msg.h"
#include "ppp/repeat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Its definition says what its LNS is told. */
static const struct conf_told *told_of(const struct l2tp_session *call)
{
	const struct conf_tunnel *ct = call->tunnel->peer->user;

	return &ct->told;
}

/* The private group is the way's, not the subscriber's. */
static void fill(struct l2tp_call *c, const struct subscriber *s,
		 const struct conf_told *told)
{
	const char *group = s->route ? s->route->way[s->route->now].group :
				       NULL;

	call_info_fill(c, s, told);
	snprintf(c->group, sizeof(c->group), "%s", group ? group : "");
}

int lac_call(struct subscriber *s, struct l2tp_tunnel *t, msec_t now)
{
	const struct conf_tunnel *of = t->peer->user;
	struct l2tp_call call;

	fill(&call, s, &of->told);
	s->session = l2tp_session_call(t, now, &call, s);
	explicit_bzero(&call, sizeof(call));
	return s->session ? 0 : -1;
}

int lac_answered(struct subscriber *s, msec_t now)
{
	struct kern_session k = { 0 };
	struct kern_link link = { .kind = KERN_SESSION };

	if (s->ppp.phase == PPP_TERMINATE) {
		s->account.cause = cause_terminate_ppp(s->ppp.why);
		subscriber_end(s, now, L2TP_CDN_CARRIER,
			       ppp_end_name(s->ppp.why));
		return -1;
	}
	fill(s->session->call, s, told_of(s->session));
	s->session->call->serial = s->session->serial;
	k.tunnel_id = link.tunnel_id = s->session->tunnel->id;
	k.id = link.session_id = s->session->id;
	k.peer_id = s->session->peer_id;
	k.seq = s->session->sequencing;
	k.label = s->user;
	k.cookie = s->id;
	subscriber_set_to(s, &link);
	kern_session_new(s->box->kern, &k);
	return 0;
}

/* An LNS that ignores proxy authentication waits for the client, which waits for its
 * next try: what it said last is said again in its place.
 */
static void repeat_auth(struct subscriber *s)
{
	uint8_t frame[PPP_REPEAT_MAX];
	size_t len = ppp_auth_repeat(&s->ppp.record->auth, frame);

	if (len)
		kern_send_ppp(s->box->kern, &s->to, frame, len);
	explicit_bzero(frame, sizeof(frame));
}

void lac_connected(struct subscriber *s, msec_t now)
{
	bool said = ppp_link_asked(&s->ppp);

	s->state = SUBSCRIBER_TUNNELLED;
	route_free(s->route);
	s->route = NULL;
	ppp_link_release(&s->ppp);
	kern_bind_link(s->box->kern, &s->access, s->id, &s->to);
	identity_update(s);
	account_start(s, now);
	if (said && told_of(s->session)->repeat_auth)
		repeat_auth(s);
	ppp_link_forget(&s->ppp);
	subscriber_store(s);
	s->box->count.subscribers_up++;
	if (s->box->hooks)
		s->box->hooks->event(s->box, "up", s);
}

void lac_forward(struct subscriber *s, const struct kern_link *from,
		 const void *frame, size_t len)
{
	kern_send_ppp(s->box->kern,
		      kern_link_eq(from, &s->to) ? &s->access : &s->to, frame,
		      len);
}
