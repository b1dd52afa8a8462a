/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What comes in for a control protocol: codes 1 to 7, options and the answers to
 * them, as the protocol's table of options (ppp/cp) says.
 */
#ifndef PPP_CP_RX_H
#define PPP_CP_RX_H

#include "ppp/cp.h"

/* A packet, from the code on. */
enum ppp_rx cp_input(struct cp *c, msec_t now, const void *packet, size_t len);
/* Code, id and length; false: malformed. Padding is cut off. */
bool cp_parse(struct cp_packet *p, const void *packet, size_t len);
/* The next option of a list; false: its end, or r->err. */
bool cp_next_option(struct rd *r, uint8_t *number, struct rd *value);

#endif /* PPP_CP_RX_H */
