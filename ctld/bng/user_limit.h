/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many sessions a user may have: counted by the name under which it has been let
 * in, be it terminated here or tunnelled; of users that nobody was asked about
 * there is no count.
 */
#ifndef BNG_USER_LIMIT_H
#define BNG_USER_LIMIT_H

#include "bng/subscriber.h"

/* It has been let in with its grant, and counts from now on, until it ends. An older
 * one may end for it. NULL, or why it may not come in, as a text for it.
 */
const char *user_limit_take(struct subscriber *s, msec_t now);
/* Restart: if it counted before, it does again. */
void user_limit_restore(struct subscriber *s);
#endif /* BNG_USER_LIMIT_H */
