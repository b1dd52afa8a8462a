/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A VRF that goes away while subscribers are in it. The kernel leaves their device where
 * the main table leads their packets, which is nobody's wish: they end, and may dial
 * again when there is a VRF of that name.
 */
#ifndef BNG_DEPARTURE_H
#define BNG_DEPARTURE_H

#include "bng/box.h"

/* From now on VRFs are looked at, each second. */
void departure_start(struct box *b, msec_t now);

#endif /* BNG_DEPARTURE_H */
