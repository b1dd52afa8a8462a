/* SPDX-License-Identifier: GPL-2.0 */
/* Tunnels: the table by our id. */
#ifndef ADIT_TUNNEL_H
#define ADIT_TUNNEL_H

#include <linux/netlink.h>

#include "object.h"

/* Context: RCU, or lock held. */
static inline struct adit_tunnel *adit_tunnel_find(struct adit_net *an, u16 id)
{
	return rcu_dereference_check(an->tunnels[id],
				     lockdep_is_held(&an->lock));
}

/* Makes and publishes it. Context: process, lock held. */
struct adit_tunnel *adit_tunnel_create(struct adit_endpoint *ep, u16 id,
				       const struct adit_tunnel *as,
				       struct netlink_ext_ack *extack);
/* It has no sessions. Context: process, lock held. */
void adit_tunnel_destroy(struct adit_tunnel *t);

#endif /* ADIT_TUNNEL_H */
