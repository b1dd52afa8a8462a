/* SPDX-License-Identifier: GPL-2.0 */
/* Netlink commands of ports and pppoes. */
#ifndef ADIT_NL_PPPOE_H
#define ADIT_NL_PPPOE_H

#include "nl.h"

int adit_nl_port_new(struct sk_buff *skb, struct genl_info *info);
int adit_nl_port_del(struct sk_buff *skb, struct genl_info *info);
int adit_nl_port_get(struct sk_buff *skb, struct genl_info *info);
int adit_nl_port_dump(struct sk_buff *msg, struct netlink_callback *cb);
int adit_nl_pppoe_new(struct sk_buff *skb, struct genl_info *info);
int adit_nl_pppoe_set(struct sk_buff *skb, struct genl_info *info);
int adit_nl_pppoe_del(struct sk_buff *skb, struct genl_info *info);
int adit_nl_pppoe_get(struct sk_buff *skb, struct genl_info *info);
int adit_nl_pppoe_dump(struct sk_buff *msg, struct netlink_callback *cb);

#endif /* ADIT_NL_PPPOE_H */
