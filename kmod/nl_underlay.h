/* SPDX-License-Identifier: GPL-2.0 */
/* Netlink commands of underlays. */
#ifndef ADIT_NL_UNDERLAY_H
#define ADIT_NL_UNDERLAY_H

#include "nl.h"

int adit_nl_underlay_new(struct sk_buff *skb, struct genl_info *info);
int adit_nl_underlay_del(struct sk_buff *skb, struct genl_info *info);
int adit_nl_underlay_get(struct sk_buff *skb, struct genl_info *info);
int adit_nl_underlay_dump(struct sk_buff *msg, struct netlink_callback *cb);

#endif /* ADIT_NL_UNDERLAY_H */
