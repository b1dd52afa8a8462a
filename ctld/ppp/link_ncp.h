/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The network-layer protocol phase of a link. */
#ifndef PPP_LINK_NCP_H
#define PPP_LINK_NCP_H

#include "ppp/ppp.h"

/* With l->ip; no packet. */
void link_ncp_init(struct ppp_link *l);
/* The phase begins. */
void link_ncp_begin(struct ppp_link *l, msec_t now);

#endif /* PPP_LINK_NCP_H */
