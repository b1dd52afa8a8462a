/* SPDX-License-Identifier: GPL-2.0 */
/* Endpoints: our UDP sockets. */
#ifndef ADIT_ENDPOINT_H
#define ADIT_ENDPOINT_H

#include <linux/netlink.h>
#include <net/udp_tunnel.h>

#include "object.h"

/* What its socket calls. */
struct adit_endpoint_ops {
	udp_tunnel_encap_rcv_t rcv;
	udp_tunnel_encap_err_rcv_t error;
	udp_tunnel_encap_err_lookup_t check_error;
};

/* By its own address and port, in the VRF of that device; not one of any address.
 * Context: RCU.
 */
struct adit_endpoint *adit_endpoint_at(struct adit_net *an,
				       const struct adit_ip *local, __be16 port,
				       int vif);

/* Context: RCU, or lock held. */
struct adit_endpoint *adit_endpoint_find(struct adit_net *an, u32 id);

/* These: process, lock held. And rtnl held. */
struct adit_endpoint *adit_endpoint_create(struct adit_net *an, u8 family,
					   const struct adit_ip *local,
					   __be16 port, int ifindex,
					   const struct adit_endpoint_ops *ops,
					   struct netlink_ext_ack *extack);
/* It has no tunnels. */
void adit_endpoint_destroy(struct adit_endpoint *ep);

#endif /* ADIT_ENDPOINT_H */
