/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events of the kernel got lost: what of ours it has no more is found by asking for
 * all it has. Called by bng/bng.
 */
#ifndef BNG_CENSUS_H
#define BNG_CENSUS_H

#include "bng/box.h"

/* e's link_gone and tunnel_gone are called for each. */
void census(struct box *b, msec_t now, const struct kern_events *e);

#endif /* BNG_CENSUS_H */
