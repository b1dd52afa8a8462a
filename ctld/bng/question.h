/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may come in: one question, to RADIUS or to the users of the configuration, and
 * the copies it needs until it is answered. Who asks may be gone by then, or ask
 * anew: it drops the question first.
 */
#ifndef BNG_QUESTION_H
#define BNG_QUESTION_H

#include "aaa/aaa.h"
#include "bng/box.h"

struct question;

typedef void question_fn(void *user, msec_t now, const struct aaa_reply *reply);

/* port's texts are copied, its line is the asker's. *where is the question, NULL again before done is called: later, or before this
 * returns. group NULL: users of the configuration.
 */
void question_ask(struct question **where, struct box *b, msec_t now,
		  const struct conf_radius_group *group,
		  enum aaa_service service, const struct ppp_auth *auth,
		  const struct aaa_port *port, question_fn *done, void *user);
/* done is not called. */
void question_drop(struct question **where, msec_t now);

#endif /* BNG_QUESTION_H */
