/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Termination of a subscriber here, whatever link it came in by: authentication,
 * address, binding to the device. The LNS's sessions and a LAC's own subscribers
 * (PTA) are the same thing from here on.
 */
#ifndef BNG_TERMINATE_H
#define BNG_TERMINATE_H

#include "bng/subscriber.h"

/* s->ppp.record->auth is complete: accepts or rejects it. */
void terminate_auth(struct subscriber *s, msec_t now);
/* It negotiates anew on a link that has been let in, as somebody else: it is refused,
 * as it is when it says so in re-authentication. What it has, and what is accounted,
 * is the first one's to the end.
 */
bool terminate_renamed(struct subscriber *s, msec_t now);
/* Somebody is asked about auth, be it the subscriber's or a domain's; with its port. */
void terminate_ask(struct subscriber *s, msec_t now, enum aaa_service service,
		   const struct ppp_auth *auth, question_fn *done);
/* Who answered grants it so much; what it has when it is up stays. asked: under that
 * name it was asked for; NULL: it was not, and is given none. False: it has ended.
 */
bool terminate_grant(struct subscriber *s, msec_t now,
		     const struct aaa_reply *reply, const char *asked);
/* IPCP is open. */
void terminate_up(struct subscriber *s, msec_t now);
/* One that is up is granted something else by now (subscriber_set_grant): rates,
 * marks, timeouts, the largest packet and routes are from now on as that says, and it
 * is stored. Address, pool, VRF and what IPCP has told stay as they are.
 */
void terminate_apply(struct subscriber *s, msec_t now);
/* Restart: the subscriber's address, if it has one, is taken again. 0, or -errno. */
int terminate_restore(struct subscriber *s, msec_t now,
		      const struct addr *address, bool from_pool);

#endif /* BNG_TERMINATE_H */
