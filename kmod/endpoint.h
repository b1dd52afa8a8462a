/* SPDX-License-Identifier: GPL-2.0 */
/* Endpoints: our UDP sockets. */
#ifndef ADIT_ENDPOINT_H
#define ADIT_ENDPOINT_H

#include <linux/netlink.h>

#include "object.h"

/* All of these: process, lock held. */
struct adit_endpoint *adit_endpoint_find(struct adit_net *an, u32 id);
/* rcv is the socket's encap_rcv. And rtnl held. */
struct adit_endpoint *
adit_endpoint_create(struct adit_net *an, u8 family,
		     const struct adit_ip *local, __be16 port, int ifindex,
		     int (*rcv)(struct sock *sk, struct sk_buff *skb),
		     struct netlink_ext_ack *extack);
/* It has no tunnels. */
void adit_endpoint_destroy(struct adit_endpoint *ep);

#endif /* ADIT_ENDPOINT_H */
