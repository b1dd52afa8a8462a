/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Turns: around all that l2tp does stand l2tp_enter and l2tp_leave. What is sent,
 * stored and freed waits for the last leave, so that one message carries what a
 * whole turn acknowledges, and nobody's object goes while it is used.
 */
#ifndef L2TP_TURN_H
#define L2TP_TURN_H

#include "l2tp/tunnel.h"

void l2tp_enter(struct l2tp_host *h);
void l2tp_leave(struct l2tp_host *h, msec_t now);

/* Sets its timer: for who begins without a turn. */
void l2tp_tunnel_arm(struct l2tp_tunnel *t, msec_t now);
/* MSEC_NEVER: no HELLO is due. */
msec_t l2tp_tunnel_hello_time(const struct l2tp_tunnel *t);

#endif /* L2TP_TURN_H */
