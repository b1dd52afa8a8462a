/* SPDX-License-Identifier: GPL-2.0 */
/* Netlink commands of sessions and bindings. */
#ifndef ADIT_NL_LINK_H
#define ADIT_NL_LINK_H

#include "nl.h"

int adit_nl_session_new(struct sk_buff *skb, struct genl_info *info);
int adit_nl_session_set(struct sk_buff *skb, struct genl_info *info);
int adit_nl_session_del(struct sk_buff *skb, struct genl_info *info);
int adit_nl_session_get(struct sk_buff *skb, struct genl_info *info);
int adit_nl_session_dump(struct sk_buff *msg, struct netlink_callback *cb);
int adit_nl_bind(struct sk_buff *skb, struct genl_info *info);

#endif /* ADIT_NL_LINK_H */
