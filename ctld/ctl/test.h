/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verb of "adit tunnel test": a probe's steps as records, as they happen. */
#ifndef CTL_TEST_H
#define CTL_TEST_H

#include "ctl/server.h"

/* CTL_A_NAME: a tunnel definition's name, or its remote address. */
int test_tunnel(struct ctl_client *c, const struct nlattr *const *attrs,
		void *user, const char **text);

#endif /* CTL_TEST_H */
