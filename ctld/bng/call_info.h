/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a LAC tells the LNS of a call: who calls from where, how fast the line is,
 * what was negotiated and answered (RFC 2661 4.4.4, 4.4.5; RFC 5515).
 */
#ifndef BNG_CALL_INFO_H
#define BNG_CALL_INFO_H

#include "bng/subscriber.h"

/* All of it, but the serial number. */
void call_info_fill(struct l2tp_call *c, const struct subscriber *s,
		    const struct conf_told *told);

#endif /* BNG_CALL_INFO_H */
