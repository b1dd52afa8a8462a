/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Restart: what came back (bng/returned) is told the pool that it came back to. Called
 * by state/restore, before what is lent is taken.
 */
#ifndef BNG_RECALL_H
#define BNG_RECALL_H

#include "bng/network.h"
#include "bng/pool6.h"

/* All that r has read, which is not needed any more. */
void recall(struct returned *r, struct network *n, struct pool6_all *p,
	    msec_t now);

#endif /* BNG_RECALL_H */
