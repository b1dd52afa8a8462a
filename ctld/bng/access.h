/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The access side: PPPoE clients come in, LCP and authentication run here, then
 * the domain decides: a tunnel (bng/lac) or termination here (bng/terminate).
 */
#ifndef BNG_ACCESS_H
#define BNG_ACCESS_H

#include "bng/subscriber.h"

extern const struct pppoe_disc_ops access_disc_ops;
extern const struct ppp_link_ops access_ppp_ops;

/* A discovery frame from the kernel port. */
void access_input(struct box *b, msec_t now, const struct kern_eth *from,
		  bool to_us, const void *frame, size_t len);

/* A PPP frame of its client's came: LCP need not wait any longer. */
void access_heard(struct subscriber *s, msec_t now);

/* The subscriber is this client's; from now on it is found by it. */
void access_adopt(struct subscriber *s, const struct pppoe_client *c);

#endif /* BNG_ACCESS_H */
