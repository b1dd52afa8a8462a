/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Termination of a subscriber here, whatever link it came in by: authentication,
 * address, binding to the device. The LNS's sessions and a LAC's own subscribers
 * (PTA) are the same thing from here on.
 */
#ifndef BNG_TERMINATE_H
#define BNG_TERMINATE_H

#include "bng/subscriber.h"

/* s->ppp.record.auth is complete: accepts or rejects it. */
void terminate_auth(struct subscriber *s, msec_t now);
/* IPCP is open. */
void terminate_up(struct subscriber *s, msec_t now);
/* Restart: the subscriber's address is taken again. 0, or -errno. */
int terminate_restore(struct subscriber *s, const struct addr *address,
		      bool from_pool);

#endif /* BNG_TERMINATE_H */
