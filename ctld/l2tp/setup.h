/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is said when a tunnel is set up: SCCRQ, SCCRP and SCCCN as we send them, and
 * the authentication they carry. Both sides challenge and answer, where there is a
 * secret (RFC 2661 5.1.1).
 */
#ifndef L2TP_SETUP_H
#define L2TP_SETUP_H

#include "l2tp/msg.h"
#include "l2tp/tunnel.h"

/* SCCRQ or SCCRP, with a new challenge of ours. */
void l2tp_setup_send(struct l2tp_tunnel *t, uint16_t type);
void l2tp_setup_send_scccn(struct l2tp_tunnel *t);

/* The peer's challenge, to be answered in a message of this type. NULL, or what is
 * wrong, as with the next.
 */
const char *l2tp_setup_take_challenge(struct l2tp_tunnel *t,
				      const struct l2tp_msg *m, uint8_t type);
/* The peer's answer to ours, if we asked. */
const char *l2tp_setup_check_response(const struct l2tp_tunnel *t,
				      const struct l2tp_msg *m);

#endif /* L2TP_SETUP_H */
