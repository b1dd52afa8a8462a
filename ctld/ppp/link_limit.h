/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long a link may be up: the end of its session, of which the peer is told a
 * minute before (RFC 1570 2.2), no data for too long, and when the peer has to say
 * again who it is (RFC 1994 2).
 */
#ifndef PPP_LINK_LIMIT_H
#define PPP_LINK_LIMIT_H

#include "ppp/ppp.h"

#define PPP_TIME_REMAINING SECONDS(60)

/* None of it counts, until it is up. */
void link_limit_init(struct ppp_link *l);
/* It is up: for the first time, or again. */
void link_limit_begin(struct ppp_link *l, msec_t now);
/* Another session_timeout holds, from its beginning at `since` on. */
void link_limit_change(struct ppp_link *l, msec_t now, msec_t since);
/* Restart: session_at is as it was; what is regular begins at a time that differs
 * from link to link.
 */
void link_limit_resume(struct ppp_link *l, msec_t now);
/* What is due. */
void link_limit_tick(struct ppp_link *l, msec_t now);
/* Data has passed since the last look, or not. */
void link_limit_traffic(struct ppp_link *l, msec_t now, bool passed);

#endif /* PPP_LINK_LIMIT_H */
