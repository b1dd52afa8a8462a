/* SPDX-License-Identifier: GPL-2.0 */
/* The netlink family: defined by netlink.c, named by whoever builds a message. */
#ifndef ADIT_GENL_H
#define ADIT_GENL_H

#include <net/genetlink.h>

#include <linux/adit.h>

extern struct genl_family adit_genl;

#endif /* ADIT_GENL_H */
