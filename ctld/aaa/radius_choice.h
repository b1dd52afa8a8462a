/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which server of its group a request goes to: in their order, or by their weights. */
#ifndef AAA_RADIUS_CHOICE_H
#define AAA_RADIUS_CHOICE_H

#include "aaa/radius.h"

/* The index of a server that is not among `tried` (bits) yet; -1: none is left,
 * -EBUSY: wait for one. If all that are left are dead, that one whose time is over
 * first.
 */
int radius_choice(struct radius_group *g, unsigned int tried, msec_t now);
/* There is one that is not among `tried`: it is asked, now or when it has room. */
bool radius_choice_left(const struct radius_group *g, unsigned int tried);

#endif /* AAA_RADIUS_CHOICE_H */
