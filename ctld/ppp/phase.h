/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The phase of a link, and how it ends: what link.c and the files of the phases
 * share.
 */
#ifndef PPP_PHASE_H
#define PPP_PHASE_H

#include "ppp/ppp.h"

const char *ppp_phase_name(enum ppp_phase p);
/* UP, RELEASED: where a link stays. */
bool ppp_phase_lasts(enum ppp_phase p);
const char *ppp_end_name(enum ppp_end e);

/* Around whatever comes from outside. */
void phase_enter(struct ppp_link *l);
void phase_leave(struct ppp_link *l, msec_t now);
void phase_set(struct ppp_link *l, enum ppp_phase p);
/* It is over, or begins anew: its record and its network protocols are freed. */
void phase_clear(struct ppp_link *l);
/* Something that a restart needs is different now. */
void phase_changed(struct ppp_link *l);
/* The phases until UP, or that of the network, have so long from now on. */
void phase_limit(struct ppp_link *l, msec_t now);
/* The next moment at which something is due. */
msec_t phase_deadline(const struct ppp_link *l);
void phase_send(struct ppp_link *l, const void *frame, size_t len);

/* It has ended: the owner hears of it on leaving. */
void phase_end(struct ppp_link *l, enum ppp_end why);
/* Terminate-Request, and wait for its Ack. */
void phase_terminate(struct ppp_link *l, msec_t now, enum ppp_end why);
/* Terminate-Request to a peer from which no Ack is expected. */
void phase_abandon(struct ppp_link *l, msec_t now, enum ppp_end why);

#endif /* PPP_PHASE_H */
