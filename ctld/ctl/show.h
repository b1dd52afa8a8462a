/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the control socket's verbs do; the server is ctl/server. */
#ifndef CTL_SHOW_H
#define CTL_SHOW_H

#include "bng/subscriber.h"
#include "ctl/server.h"

extern const struct ctl_verb_row show_verbs[]; /* user: struct box */
extern const size_t show_n_verbs;

/* Tells monitors of a subscriber's "up" or "down". */
void show_event(struct ctl_server *s, const char *what,
		const struct subscriber *sub);

#endif /* CTL_SHOW_H */
