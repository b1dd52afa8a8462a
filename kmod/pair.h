/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Outer addresses of tunnels: whose fragments are ours to join. One pair is of all
 * tunnels between the same two addresses, over the same device. See object.h for its
 * lifetime, queue.h for what waits in it.
 */
#ifndef ADIT_PAIR_H
#define ADIT_PAIR_H

#include "queue.h"

struct adit_tunnel;

struct adit_pair {
	struct hlist_node hash; /* written under an->lock, read under RCU */
	struct adit_ip remote;
	struct adit_ip local; /* may be any */
	int ifindex; /* of the endpoint; 0: none */
	bool any;
	u32 n; /* of tunnels, by either address of the peer's; under lock */
	struct hlist_head tunnels; /* that send there; as `hash` */
	unsigned long pmtu_after; /* jiffies, see l2tp_error */
	struct adit_queue queue;
	struct rcu_head rcu;
};

/* Of this fragment, or NULL. Context: BH off, RCU. */
struct adit_pair *adit_pair_find(struct adit_net *an, const struct adit_frag *f,
				 const struct net_device *dev);
/* Of an endpoint and a peer, or NULL. Context: RCU, or lock held. */
struct adit_pair *adit_pair_of(struct adit_endpoint *ep,
			       const struct adit_ip *remote);
/* A tunnel joins the pair that it sends to, which hears of ICMP errors, and the one
 * that it receives from, whose fragments are joined: one, unless the peer has moved.
 * 0 or -ENOMEM. Context: process, lock held.
 */
int adit_pair_join(struct adit_endpoint *ep, struct adit_tunnel *t);
void adit_pair_leave(struct adit_tunnel *t);

#endif /* ADIT_PAIR_H */
