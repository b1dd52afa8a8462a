/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The establishment phase of a link: LCP, and what its end means for the link. */
#ifndef PPP_LINK_LCP_H
#define PPP_LINK_LCP_H

#include "ppp/ppp.h"

/* LCP's wishes by the configuration; no packet. */
void link_lcp_init(struct ppp_link *l);
/* LCP is open: its results are the link's, the peer gets mru_max at most. */
void link_lcp_take(struct ppp_link *l);
/* What packets that quote others may have. */
void link_lcp_set_mtu(struct ppp_link *l);

#endif /* PPP_LINK_LCP_H */
