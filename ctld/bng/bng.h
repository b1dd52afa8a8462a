/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the mechanisms meet: the kernel port's events go to L2TP, PPPoE and PPP,
 * theirs go to the access side, the LAC, the LNS. The tables here are the only
 * place where one mechanism is given another's function.
 */
#ifndef BNG_BNG_H
#define BNG_BNG_H

#include "bng/box.h"

extern const struct kern_events bng_kern_events; /* kern->user is the box */
extern const struct l2tp_host_ops bng_l2tp_ops;

/* Begins to read the kernel's counters. */
void bng_start(struct box *b, msec_t now);

#endif /* BNG_BNG_H */
