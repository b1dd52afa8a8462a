/* SPDX-License-Identifier: GPL-2.0-or-later */
/* LCP and authentication that a LAC has done in our place. */
#ifndef PPP_LINK_PROXY_H
#define PPP_LINK_PROXY_H

#include "ppp/ppp.h"

/* LCP is open with what is in rec, and authentication under way. NULL, or why
 * not; then nothing has happened.
 */
const char *link_proxy_take(struct ppp_link *l, msec_t now,
			    const struct ppp_record *rec);

#endif /* PPP_LINK_PROXY_H */
