/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What RADIUS orders of those who are up (RFC 5176): their end, or a change of what
 * they are granted. It is done when this returns. The manual, aditd.conf(5), has
 * the attributes.
 */
#ifndef BNG_COA_H
#define BNG_COA_H

#include "bng/box.h"

#define COA_SESSIONS_MAX 64 /* of one request */

enum dae_cause coa_act(struct box *b, msec_t now, const struct dae_request *r);

#endif /* BNG_COA_H */
