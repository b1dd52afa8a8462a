/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Termination of a subscriber's IPv6: what bng/ipv6 holds, joined to its PPP link and
 * its kernel link. Called by bng/terminate and by the links' callbacks.
 */
#ifndef BNG_TERMINATE6_H
#define BNG_TERMINATE6_H

#include "bng/subscriber.h"

/* The network protocols of its profile, and prefixes for it if IPv6 is one. Where that
 * cannot be had, IPv6 is left out, if there is another. NULL, or why it gets nothing.
 */
const char *terminate6_provide(struct subscriber *s, msec_t now,
			       const struct aaa_grant *g, struct ppp_ip *ip);
/* A network protocol has opened, or closed beside another. */
void terminate6_up(struct subscriber *s, msec_t now, const struct aaa_grant *g);
/* Restart: its part of the record; then, with PPP as it was, on with it. */
bool terminate6_load(struct subscriber *s, struct rd *r);
void terminate6_resume(struct subscriber *s, msec_t now,
		       const struct aaa_grant *g);

/* Of struct ppp_link_ops. */
void terminate6_input(struct ppp_link *l, msec_t now, const void *packet,
		      size_t len);
void terminate6_leaving(struct ppp_link *l, msec_t now);

#endif /* BNG_TERMINATE6_H */
