/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verb of pools of the control socket. */
#ifndef CTL_POOL_H
#define CTL_POOL_H

#include "ctl/server.h"

int pool_show(struct ctl_client *c, const struct nlattr *const *attrs,
	      void *user, const char **text);

#endif /* CTL_POOL_H */
