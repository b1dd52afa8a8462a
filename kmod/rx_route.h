/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The route of data that comes in for an endpoint, remembered: all of it is for one
 * address of this host, so one answer of the route look-up serves every packet of a
 * device.
 */
#ifndef ADIT_RX_ROUTE_H
#define ADIT_RX_ROUTE_H

#include "object.h"

/* NULL: none that is good. The caller has no reference. Context: RCU. */
struct dst_entry *adit_rx_route_get(struct adit_endpoint *ep, int ifindex);
/* Takes note of the route by which a data packet came. Context: BH off, RCU. */
void adit_rx_route_learn(struct adit_endpoint *ep, const struct sk_buff *skb);
/* Nobody sees the endpoint any more. */
void adit_rx_routes_free(struct adit_endpoint *ep);

#endif /* ADIT_RX_ROUTE_H */
