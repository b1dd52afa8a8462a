/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The four levels on the control socket: destinations, tunnels and sessions as
 * records, and the operator's orders to each. Verbs for the table in ctl/show.
 */
#ifndef CTL_LEVEL_H
#define CTL_LEVEL_H

#include "ctl/server.h"
#include "l2tp/host.h"

/* ADMIN, EFFECTIVE and what is below it. */
void level_put(struct nlmsghdr *m, const struct l2tp_level *l);

/* Tells monitors. */
void level_event(struct ctl_server *server, const struct l2tp_event *e);

#define LEVEL_VERB(name)                                                  \
	int name(struct ctl_client *c, const struct nlattr *const *attrs, \
		 void *user, const char **text)

LEVEL_VERB(level_destination_show);
LEVEL_VERB(level_destination_unlock);
LEVEL_VERB(level_destination_test);
LEVEL_VERB(level_tunnel_show);
LEVEL_VERB(level_session_show);
LEVEL_VERB(level_system_order);
LEVEL_VERB(level_destination_order);
LEVEL_VERB(level_tunnel_order);
LEVEL_VERB(level_session_order);

#endif /* CTL_LEVEL_H */
