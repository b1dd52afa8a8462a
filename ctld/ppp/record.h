/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What LCP and the authentication said, of a link that is being set up. Once it is up,
 * or an LNS has it, hardly anybody asks for more than the name, and a restart keeps no
 * more: then it is freed. One that negotiates or is asked who it is once more has it
 * again.
 */
#ifndef PPP_RECORD_H
#define PPP_RECORD_H

#include "ppp/ppp.h"

/* The link's; made if there is none, with the name. Without memory the link has ended,
 * between phase_enter and phase_leave, and what it writes there is lost.
 */
struct ppp_record *record_of(struct ppp_link *l);
/* Of a link that is up: it is asked who it is once more, or a repeated MS-CHAPv2
 * Response needs its proof.
 */
bool record_is_wanted(const struct ppp_link *l);
/* It is over, with its secrets; the name stays. Without memory for that the record
 * does.
 */
void record_drop(struct ppp_link *l);
/* Who it said it is; "": nobody. */
const char *record_name(const struct ppp_link *l);
/* Restart. False: no memory. */
bool record_set_name(struct ppp_link *l, const char *name);
/* Nothing is left. */
void record_free(struct ppp_link *l);

#endif /* PPP_RECORD_H */
