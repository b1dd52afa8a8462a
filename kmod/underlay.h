/* SPDX-License-Identifier: GPL-2.0 */
/* Underlays: devices where express receive is on. */
#ifndef ADIT_UNDERLAY_H
#define ADIT_UNDERLAY_H

#include <linux/netlink.h>

#include "object.h"

/* Context: RCU, or rtnl or lock held. */
struct adit_underlay *adit_underlay_of(struct adit_net *an,
				       const struct net_device *dev);

/* Context of these: process, rtnl and lock held. */
struct adit_underlay *adit_underlay_create(struct adit_net *an,
					   struct net_device *dev,
					   nf_hookfn *hook,
					   struct netlink_ext_ack *extack);
void adit_underlay_destroy(struct adit_underlay *u);

#endif /* ADIT_UNDERLAY_H */
