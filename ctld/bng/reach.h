/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What leads to a subscriber: the device that its link is bound to, many subscribers'
 * or its own, the prefixes in the module's table, the routes in the kernel's.
 */
#ifndef BNG_REACH_H
#define BNG_REACH_H

#include "bng/subscriber.h"

/* Binds its link to the device, with the address and whatever its grant routes to it
 * by the network protocols that are open.
 */
void reach_bind(struct subscriber *s, const struct aaa_grant *g);
/* It is up, or granted something else: its routes as well. */
void reach_apply(struct subscriber *s, const struct aaa_grant *g);
/* Now and then: who came while its routes were another's, its own session of before, say,
 * has them when that one has gone.
 */
void reach_again(struct box *b);
/* The device's name, for people. */
const char *reach_device(const struct subscriber *s, char out[IFNAMSIZ]);

#endif /* BNG_REACH_H */
