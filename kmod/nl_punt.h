/* SPDX-License-Identifier: GPL-2.0 */
/* Netlink commands of punts: listeners, rations, configured peers. */
#ifndef ADIT_NL_PUNT_H
#define ADIT_NL_PUNT_H

#include "nl.h"

int adit_nl_listen(struct sk_buff *skb, struct genl_info *info);
int adit_nl_class_get(struct sk_buff *skb, struct genl_info *info);
int adit_nl_class_dump(struct sk_buff *msg, struct netlink_callback *cb);
int adit_nl_ration_set(struct sk_buff *skb, struct genl_info *info);
int adit_nl_ration_get(struct sk_buff *skb, struct genl_info *info);
int adit_nl_ration_dump(struct sk_buff *msg, struct netlink_callback *cb);
int adit_nl_peers_set(struct sk_buff *skb, struct genl_info *info);
int adit_nl_peers_get(struct sk_buff *skb, struct genl_info *info);
int adit_nl_peers_dump(struct sk_buff *msg, struct netlink_callback *cb);

#endif /* ADIT_NL_PUNT_H */
