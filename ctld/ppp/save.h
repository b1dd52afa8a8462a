/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Restart: an up or released link, written down and made again. One that was in
 * the midst of its negotiation begins anew.
 */
#ifndef PPP_SAVE_H
#define PPP_SAVE_H

#include "base/buf.h"
#include "ppp/link.h"

void ppp_link_save(const struct ppp_link *l, struct wr *w);
/* After ppp_link_init. 0, -EINVAL or -ENOMEM. To an up link nothing is sent but keepalives. */
int ppp_link_load(struct ppp_link *l, msec_t now, struct rd *r);

#endif /* PPP_SAVE_H */
