/* SPDX-License-Identifier: GPL-2.0 */
/* Netlink command INJECT: frames of user space's. */
#ifndef ADIT_NL_INJECT_H
#define ADIT_NL_INJECT_H

#include "nl.h"

int adit_nl_inject(struct sk_buff *skb, struct genl_info *info);

#endif /* ADIT_NL_INJECT_H */
