/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many sessions a remote host may have: its profile's limit, its group's, its
 * own, in this order; the system's, on top, is the box's and l2tp's. Calls that
 * come in count from ICRQ on until their subscriber ends.
 */
#ifndef BNG_LIMIT_H
#define BNG_LIMIT_H

#include "bng/box.h"

/* NULL: there is room; or which limit says no. */
const char *limit_reached(const struct box *b,
			  const struct conf_remote_host *host);
void limit_take(struct box *b, const struct conf_remote_host *host);
void limit_give(struct box *b, const struct conf_remote_host *host);

#endif /* BNG_LIMIT_H */
