/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A subscriber's call on its ways: one is chosen, and the next one when it fails, until
 * a call is connected or none is left.
 */
#ifndef BNG_DIAL_H
#define BNG_DIAL_H

#include "bng/subscriber.h"

/* The call goes one of these ways, which are s's from now on. 0; or -1, none of them is
 * open: why, in *text.
 */
int dial(struct subscriber *s, struct route *r, msec_t now, const char **text);
/* s's call has failed, before it was connected; it is forgotten already. True: another
 * one is on its way.
 */
bool dial_again(struct subscriber *s, msec_t now,
		const struct l2tp_session *failed);

/* For bng/bng: what became of a tunnel of ours that is no probe's. */
void dial_tunnel_up(const struct l2tp_tunnel *t);
void dial_tunnel_down(const struct l2tp_tunnel *t, msec_t now);

#endif /* BNG_DIAL_H */
