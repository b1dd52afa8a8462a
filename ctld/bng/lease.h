/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A subscriber's IPv4 address: a fixed one, of its user or of its grant, or one of a
 * pool, which its profile or its grant names; in the VRF that its profile or its grant
 * puts it in.
 */
#ifndef BNG_LEASE_H
#define BNG_LEASE_H

#include "bng/subscriber.h"

/* Why not: its pool has none left. */
extern const char lease_none_left[];

/* It has a VRF and an address from now on. NULL, or why not. One that negotiates
 * anew keeps what it has, if that is still what it is to have.
 */
const char *lease_take(struct subscriber *s, msec_t now,
		       const struct aaa_grant *g);
/* Restart: it has had this one, of a pool or not. 0 or -errno. */
int lease_restore(struct subscriber *s, const struct addr *address,
		  bool from_pool, const struct aaa_grant *g);
/* Restart: it has had this one of a pool, and is not kept. */
void lease_end(struct subscriber *s, msec_t now, const struct addr *address);

#endif /* BNG_LEASE_H */
