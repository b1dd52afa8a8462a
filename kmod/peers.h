/* SPDX-License-Identifier: GPL-2.0 */
/* The configured peers: prefixes, whose L2TP set-up has a ration of its own. */
#ifndef ADIT_PEERS_H
#define ADIT_PEERS_H

#include "object.h"

struct adit_peer {
	struct adit_ip ip; /* no bits behind the prefix */
	u8 family;
	u8 len; /* of the mapped address, 0 to 128 */
};

/* Replaced as a whole; freed by kfree_rcu. Sorted by family and address; none lies
 * within another of its family.
 */
struct adit_peers {
	struct rcu_head rcu;
	u32 n;
	struct adit_peer p[];
};

/* Context: RCU. */
bool adit_peers_has(struct adit_net *an, const struct adit_ip *ip);
/* Room for n, to be filled; NULL: no memory. */
struct adit_peers *adit_peers_alloc(u32 n);
/* Takes them over, in any order, NULL: none. Context: process, lock held. */
void adit_peers_set(struct adit_net *an, struct adit_peers *peers);

#endif /* ADIT_PEERS_H */
