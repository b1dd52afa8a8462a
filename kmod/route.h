/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A route of the kernel's that is remembered: the head of rx_route's and tx_route's
 * objects, and how one takes the place of another. Read under RCU by whoever sends or
 * receives, and replaced by them without a lock; freed after a grace period, and the
 * kernel's route, whose last reference it may have, after another.
 */
#ifndef ADIT_ROUTE_H
#define ADIT_ROUTE_H

#include <net/dst.h>

/* First in what holds it, which kmalloc() made. */
struct adit_route {
	struct dst_entry *dst; /* a reference is its own */
	u32 cookie;
	struct rcu_head rcu;
};

/* Context: RCU. */
static inline bool adit_route_is_good(const struct adit_route *r)
{
	return !r->dst->obsolete || dst_check(r->dst, r->cookie);
}

/* r, a reference to dst in it, for old, which *at had; false: whoever else was here at
 * the same moment has won, and r is the caller's. Context: RCU, since old was read.
 */
bool adit_route_replace(struct adit_route __rcu **at, struct adit_route *old,
			struct adit_route *r, struct dst_entry *dst);
/* Nobody sees r any more; NULL: nothing. */
void adit_route_drop(struct adit_route *r);

#endif /* ADIT_ROUTE_H */
