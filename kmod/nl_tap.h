/* SPDX-License-Identifier: GPL-2.0 */
/* Netlink commands of taps. */
#ifndef ADIT_NL_TAP_H
#define ADIT_NL_TAP_H

#include "nl.h"

int adit_nl_tap_new(struct sk_buff *skb, struct genl_info *info);
int adit_nl_tap_del(struct sk_buff *skb, struct genl_info *info);
int adit_nl_tap_get(struct sk_buff *skb, struct genl_info *info);
int adit_nl_tap_dump(struct sk_buff *msg, struct netlink_callback *cb);

#endif /* ADIT_NL_TAP_H */
