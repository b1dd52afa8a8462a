/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pools of prefixes, each VRF's by itself, so that two VRFs may lend one prefix, and no
 * two pools of one VRF; a part of the box. What the configuration names is made at start-up, and what only a
 * grant names when it is needed.
 */
#ifndef BNG_POOL6_H
#define BNG_POOL6_H

#include "bng/network.h"
#include "pool/prefix.h"

/* A pool of the configuration, as it is in a VRF (NULL: in none). */
struct pool6 {
	const struct conf_pool6 *conf;
	const struct vrf *vrf;
	struct prefix_pool *pool;
	uint32_t tag; /* returned_pool */
	bool routed; /* to a device */
	struct fib_list *routes;
};

/* A prefix that is one subscriber's by its grant. */
struct pool6_fixed {
	SLIST_ENTRY(pool6_fixed) next;
	const struct vrf *vrf;
	struct kern_prefix prefix;
	bool held; /* it lies in no other one of its subscriber's */
};

/* A subscriber's, all of one VRF. */
SLIST_HEAD(pool6_own, pool6_fixed);

struct pool6_all {
	struct network *network;
	struct pool6 *all;
	size_t n;
	void *fixed; /* a tree (tsearch) of those that are held */
};

/* After network_open. Our own addresses in them are never lent. 0 or -ENOMEM. */
int pool6_open(struct pool6_all *p, struct network *n);
/* Before network_close. */
void pool6_close(struct pool6_all *p);

/* See network_leave; before that. */
void pool6_leave(struct pool6_all *p, const struct vrf *vrf);

/* NULL: there is none. */
const struct conf_pool6 *pool6_named(const struct pool6_all *p,
				     const char *name);
/* It there, with what leads to it by way of the profile's device. NULL: no memory,
 * or it overlaps another one there.
 */
struct prefix_pool *pool6_use(struct pool6_all *p,
			      const struct conf_pool6 *conf,
			      const struct conf_profile *f,
			      const struct vrf *vrf);
/* It there, with nothing that leads to it; in a VRF that only grants name it is made.
 * NULL: as above.
 */
struct prefix_pool *pool6_there(struct pool6_all *p,
				const struct conf_pool6 *conf,
				const struct vrf *vrf);
/* This is one subscriber's: no pool of the VRF lends what meets it, one that is made later
 * neither. It may lie in another of its own, or around it. NULL: it meets another
 * subscriber's, or a pool has lent some of it.
 */
struct pool6_fixed *pool6_fix(struct pool6_all *p, struct pool6_own *own,
			      const struct vrf *vrf,
			      const struct kern_prefix *prefix);
void pool6_unfix(struct pool6_all *p, struct pool6_own *own,
		 struct pool6_fixed *f);
/* The one there that can lend exactly this. */
struct prefix_pool *pool6_having(const struct pool6_all *p,
				 const struct vrf *vrf, const struct addr *net,
				 uint8_t len);
/* The route of one there leads as this would. */
bool pool6_covers(const struct pool6_all *p, const struct vrf *vrf,
		  const struct kern_route *r);
/* A prefix that it has lent comes back, rests, and is remembered as that user's last. */
void pool6_release(const struct pool6_all *p, struct returned *r,
		   struct prefix_pool *pool, const struct addr *a,
		   uint32_t user, msec_t now);

#endif /* BNG_POOL6_H */
