/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls as they are set up, of either side (RFC 2661 7.4, 7.5). An incoming call
 * the LAC asks for (ICRQ, ICRP, ICCN), an outgoing one the LNS (OCRQ, OCRP), and
 * the LAC says when it is there (OCCN).
 */
#ifndef L2TP_CALL_MACHINE_H
#define L2TP_CALL_MACHINE_H

#include "l2tp/call.h"
#include "l2tp/session.h"

/* LAC: a new call; ICRQ leaves at once or when the tunnel is established. The
 * call is copied. NULL: no id, limit, tunnel closing.
 */
struct l2tp_session *l2tp_session_call(struct l2tp_tunnel *t, msec_t now,
				       const struct l2tp_call *call,
				       void *user);
/* LNS: the same with OCRQ: the peer is to call somebody. */
struct l2tp_session *l2tp_session_dial(struct l2tp_tunnel *t, msec_t now,
				       const struct l2tp_call *call,
				       void *user);
/* LAC: who was to be called has answered; s->call is what OCCN says. */
void l2tp_session_connect(struct l2tp_session *s, msec_t now);

/* ------------------------------------------- for the files of l2tp above */

/* A message that concerns sessions came in an established tunnel. */
void l2tp_session_input(struct l2tp_tunnel *t, msec_t now,
			const struct l2tp_msg *m);
/* The tunnel is there: calls that waited for it begin. */
void l2tp_session_tunnel_up(struct l2tp_tunnel *t, msec_t now);

#endif /* L2TP_CALL_MACHINE_H */
