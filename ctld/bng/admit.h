/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a PPPoE client may have one more session: the limits of box, port, VLAN
 * and MAC address, what becomes of the session that it has already, and how long it
 * waits for PADO.
 */
#ifndef BNG_ADMIT_H
#define BNG_ADMIT_H

#include "bng/subscriber.h"

/* Its sessions are found by it, whose `by_client` has this key. */
uint64_t admit_key(const struct pppoe_client *c);
bool admit_same(const struct pppoe_client *a, const struct pppoe_client *b);
/* NULL: it may; or why not, which has been counted. A session of its may end. */
const char *admit(struct box *b, const struct box_port *port,
		  const struct pppoe_client *c, msec_t now);
/* Of PADO; negative: none is sent. */
msec_t admit_delay(const struct box *b, const struct conf_port *p);

#endif /* BNG_ADMIT_H */
