/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who may come in; see question.h. Called by bng/terminate and bng/subscriber. */
#include "bng/question.h"

#include "aaa/radius_auth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct question {
	struct aaa_request request;
	struct question **where;
	struct box *box;
	question_fn *done;
	void *user;
	struct ppp_auth auth;
	char port[KERN_LINK_STRLEN];
	char calling[L2TP_NUMBER_MAX + 1];
	char called[L2TP_NUMBER_MAX + 1];
	char connect[44];
	char session[20];
};

/* It holds a password. */
static void free_question(struct question *q)
{
	explicit_bzero(q, sizeof(*q));
	free(q);
}

static void answered(struct aaa_request *r, msec_t now,
		     const struct aaa_reply *reply)
{
	struct question *q = r->user;

	*q->where = NULL;
	q->done(q->user, now, reply);
	free_question(q);
}

static void copy_port(struct question *q, const struct aaa_port *port)
{
	snprintf(q->port, sizeof(q->port), "%s", port->id);
	snprintf(q->calling, sizeof(q->calling), "%s", port->calling);
	snprintf(q->called, sizeof(q->called), "%s", port->called);
	snprintf(q->connect, sizeof(q->connect), "%s", port->connect);
	snprintf(q->session, sizeof(q->session), "%s", port->session);
	q->request.port = *port;
	q->request.port.id = q->port;
	q->request.port.calling = q->calling;
	q->request.port.called = q->called;
	q->request.port.connect = q->connect;
	q->request.port.session = q->session;
}

void question_ask(struct question **where, struct box *b, msec_t now,
		  const struct conf_radius_group *group,
		  enum aaa_service service, const struct ppp_auth *auth,
		  const struct aaa_port *port, question_fn *done, void *user)
{
	static const struct aaa_reply none = { .verdict = AAA_UNAVAILABLE };
	struct question *q;

	question_drop(where, now);
	q = calloc(1, sizeof(*q));
	if (!q) {
		done(user, now, &none);
		return;
	}
	*where = q;
	q->where = where;
	q->box = b;
	q->done = done;
	q->user = user;
	q->auth = *auth;
	q->request = (struct aaa_request){
		.service = service,
		.name = q->auth.name,
		.proto = q->auth.proto,
		.id = q->auth.id,
		.challenge = q->auth.challenge,
		.challenge_len = q->auth.challenge_len,
		.response = q->auth.response,
		.response_len = q->auth.response_len,
		.done = answered,
		.user = q,
	};
	copy_port(q, port);
	if (group)
		radius_auth_submit(&b->radius.client,
				   &b->radius.client.groups[group->index],
				   &q->request, now);
	else
		aaa_local_submit(b->users, &q->request, now);
}

void question_drop(struct question **where, msec_t now)
{
	struct question *q = *where;

	if (!q)
		return;
	*where = NULL;
	radius_auth_cancel(&q->box->radius.client, &q->request, now);
	free_question(q);
}
