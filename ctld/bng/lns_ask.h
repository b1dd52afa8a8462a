/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A subscriber whose tunnels RADIUS describes by names of LNSs: it waits until these are
 * known, with what the answer said. Other subscribers do not wait for it.
 */
#ifndef BNG_LNS_ASK_H
#define BNG_LNS_ASK_H

#include "aaa/aaa.h"
#include "bng/lns_name.h"

struct lns_ask;

/* Its names are known, or will not be: the tunnels as they were, `since` they were asked for. */
typedef void lns_ask_fn(void *user, msec_t now, const struct aaa_reply *tunnels,
			msec_t since);

/* False: nothing is to be waited for (or it cannot be). Else done is called later, and
 * *where is set until then. Names that are good at `since` are good.
 */
bool lns_ask(struct lns_ask **where, struct lns_names *names, msec_t since,
	     const struct aaa_reply *tunnels, lns_ask_fn *done, void *user);
/* done will not be called; nothing, if there is none. */
void lns_ask_drop(struct lns_ask **where);

#endif /* BNG_LNS_ASK_H */
