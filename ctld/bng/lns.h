/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The LNS's side of a call: ICRQ makes a subscriber and its session in the
 * kernel; ICCN starts its PPP, without renegotiation where the LAC's proxy AVPs
 * are acceptable.
 */
#ifndef BNG_LNS_H
#define BNG_LNS_H

#include "bng/subscriber.h"

extern const struct ppp_link_ops lns_ppp_ops;

int lns_call_in(struct box *b, struct l2tp_session *call, msec_t now,
		struct l2tp_result *why);
void lns_connected(struct subscriber *s, msec_t now);

#endif /* BNG_LNS_H */
