/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The network-layer protocol phase of a link: IPCP and IPv6CP side by side, each
 * without regard to the other. The link is up while one of them is open, and ends
 * when none is left that could open.
 */
#ifndef PPP_LINK_NCP_H
#define PPP_LINK_NCP_H

#include "ppp/ppp.h"

/* The phase begins, with l->ip. */
void link_ncp_begin(struct ppp_link *l, msec_t now);
/* Restart: those of `open` are, without a packet. False: no memory. */
bool link_ncp_resume(struct ppp_link *l, uint8_t open,
		     const uint8_t id[PPP_NCPS]);
/* LCP is down. */
void link_ncp_down(struct ppp_link *l, msec_t now);
/* Their time is over: those that are not open are given up. */
void link_ncp_expire(struct ppp_link *l, msec_t now);
void link_ncp_tick(struct ppp_link *l, msec_t now);
/* Which are open: PPP_IPV4, PPP_IPV6. */
uint8_t link_ncp_open(const struct ppp_link *l);
/* The one of this protocol, if it is there. */
struct cp *link_ncp_find(struct ppp_link *l, uint16_t proto);
/* This is the protocol of one that we speak, or of its packets. */
bool link_ncp_speaks(const struct ppp_link *l, uint16_t proto);
/* The peer has sent a Protocol-Reject. */
void link_ncp_rejected(struct ppp_link *l, msec_t now, uint16_t proto);

#endif /* PPP_LINK_NCP_H */
