/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tunnels that somebody began from a peer's address and has not proved to be that
 * peer: an SCCRQ needs no more than a forged source. They have a budget of their own,
 * so calls and established tunnels never feel them, and a new one takes the place of
 * an old one: who answers at once gets through, whatever is sent in its name.
 * Called by l2tp/host.
 */
#ifndef L2TP_HALF_OPEN_H
#define L2TP_HALF_OPEN_H

#include "l2tp/tunnel.h"

/*
 * Makes room for one more from there: the oldest of this address ends, or of all,
 * if that had the time to be answered. False: there is none.
 */
bool l2tp_half_open_room(struct l2tp_host *h, msec_t now,
			 const struct l2tp_path *path);

#endif /* L2TP_HALF_OPEN_H */
