/* SPDX-License-Identifier: GPL-2.0 */
/* Netlink commands of the system. */
#ifndef ADIT_NL_SYSTEM_H
#define ADIT_NL_SYSTEM_H

#include "nl.h"

int adit_nl_system_get(struct sk_buff *skb, struct genl_info *info);
int adit_nl_system_set(struct sk_buff *skb, struct genl_info *info);

#endif /* ADIT_NL_SYSTEM_H */
