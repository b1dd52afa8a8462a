/* SPDX-License-Identifier: GPL-2.0 */
/* Netlink commands of endpoints, tunnels. */
#ifndef ADIT_NL_TUNNEL_H
#define ADIT_NL_TUNNEL_H

#include "nl.h"

int adit_nl_endpoint_new(struct sk_buff *skb, struct genl_info *info);
int adit_nl_endpoint_del(struct sk_buff *skb, struct genl_info *info);
int adit_nl_endpoint_get(struct sk_buff *skb, struct genl_info *info);
int adit_nl_endpoint_dump(struct sk_buff *msg, struct netlink_callback *cb);
int adit_nl_tunnel_new(struct sk_buff *skb, struct genl_info *info);
int adit_nl_tunnel_set(struct sk_buff *skb, struct genl_info *info);
int adit_nl_tunnel_del(struct sk_buff *skb, struct genl_info *info);
int adit_nl_tunnel_get(struct sk_buff *skb, struct genl_info *info);
int adit_nl_tunnel_dump(struct sk_buff *msg, struct netlink_callback *cb);

#endif /* ADIT_NL_TUNNEL_H */
