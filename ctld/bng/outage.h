/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Destinations of the box that do not answer: locked out (bng/lockout), and tried by
 * a tunnel without a subscriber (bng/probe) before they are used again, if that is
 * configured. A lockout outlives the daemon.
 */
#ifndef BNG_OUTAGE_H
#define BNG_OUTAGE_H

#include "bng/box.h"

/* NULL: nothing is known against the definition's destination. */
struct lockout *outage_of(const struct box *b, const struct conf_tunnel *ct);
/* A tunnel of ours there has failed, or has come up. */
void outage_failed(struct box *b, msec_t now, const struct l2tp_tunnel *t);
void outage_works(struct box *b, const struct l2tp_tunnel *t);
/* It waits for a test, and this definition can be used for one. */
void outage_test_with(struct box *b, msec_t now, struct lockout *l,
		      const struct conf_tunnel *ct);
/* For the operator: it is available at once; it is tested at once. 0, or -errno with
 * a reason.
 */
int outage_unlock(struct box *b, const char *vrf, const struct addr *remote,
		  const char **why);
int outage_test(struct box *b, msec_t now, const char *vrf,
		const struct addr *remote, const char **why);
/* Restart. */
void outage_restore(struct box *b, msec_t now, const struct lockout *l);

#endif /* BNG_OUTAGE_H */
