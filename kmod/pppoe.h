/* SPDX-License-Identifier: GPL-2.0 */
/* Access ports and the PPPoE sessions on them. */
#ifndef ADIT_PPPOE_H
#define ADIT_PPPOE_H

#include <linux/netlink.h>

#include "object.h"

/* Context: RCU, or lock held. */
struct adit_pppoe *adit_pppoe_find(struct adit_port *port, u16 vlan_outer,
				   u16 vlan_inner, u16 sid);

/* Where the look-up starts, to be asked for ahead. */
struct hlist_head *adit_pppoe_bucket(struct adit_net *an, int ifindex,
				     u16 vlan_outer, u16 vlan_inner, u16 sid);
/* Context: RCU, or rtnl held; the lock is not needed. */
struct adit_port *adit_port_of(struct adit_net *an,
			       const struct net_device *dev);

/* Context of these: process, lock held. */
struct adit_port *adit_port_find(struct adit_net *an, int ifindex);
/* Label and cookie are there from the first packet on. */
struct adit_pppoe *adit_pppoe_create(struct adit_port *port,
				     const struct adit_eth *eth, u16 sid,
				     struct netlink_ext_ack *extack);
void adit_pppoe_destroy(struct adit_pppoe *p);

/* Context of these: process, rtnl and lock held. */
struct adit_port *adit_port_create(struct adit_net *an, struct net_device *dev,
				   nf_hookfn *hook,
				   struct netlink_ext_ack *extack);
/* Again when the device's features have changed; 0, or -errno with text. */
int adit_port_hear_vlans(struct adit_port *port,
			 struct netlink_ext_ack *extack);
/* It has no pppoes. */
void adit_port_destroy(struct adit_port *port);

#endif /* ADIT_PPPOE_H */
