/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The way out to a peer: what the route look-up says, remembered by the tunnel for
 * its data. One route serves all CPUs and no packet takes a reference to it, so
 * nothing is written to it: a packet that stays for longer than its way to the
 * device gets a reference from whoever keeps it, as a forwarded one does.
 */
#ifndef ADIT_TX_ROUTE_H
#define ADIT_TX_ROUTE_H

#include "object.h"

struct adit_way {
	struct dst_entry *dst;
	struct adit_ip src;
	bool held; /* a reference to dst is the caller's */
};

/* To the tunnel's peer. 0 or -errno: -ELOOP if it leads back here. Context: BH off,
 * RCU, as long as the way is used.
 */
int adit_way_of(struct adit_tunnel *t, struct adit_way *way);
/* The same to anywhere, looked up. */
int adit_way_to(struct adit_endpoint *ep, const struct adit_ip *to, __be16 port,
		struct adit_way *way);
/* It becomes the packet's. */
void adit_way_set(const struct adit_way *way, struct sk_buff *skb);
/* It is not needed. */
void adit_way_put(const struct adit_way *way);
/* Nobody sees the tunnel any more. */
void adit_tx_route_free(struct adit_tunnel *t);

#endif /* ADIT_TX_ROUTE_H */
