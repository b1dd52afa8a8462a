/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verb of RADIUS of the control socket. */
#ifndef CTL_RADIUS_H
#define CTL_RADIUS_H

#include "ctl/server.h"

int ctl_radius_show(struct ctl_client *c, const struct nlattr *const *attrs,
		    void *user, const char **text);

#endif /* CTL_RADIUS_H */
