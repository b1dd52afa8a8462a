/* SPDX-License-Identifier: GPL-2.0 */
/* Which attributes a command takes. */
#ifndef ADIT_NL_ARGS_H
#define ADIT_NL_ARGS_H

#include <net/genetlink.h>

/* Is each one of this command's, or of its dump? -EINVAL with text, and which one is not. */
int adit_nl_args_check(u8 cmd, bool dump, struct nlattr *const *a,
		       struct netlink_ext_ack *extack);

#endif /* ADIT_NL_ARGS_H */
