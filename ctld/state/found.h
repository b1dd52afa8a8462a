/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel has at start-up, and what of it has been taken up again. Only objects
 * of a daemon: what has no cookie is the operator's, and left alone.
 */
#ifndef STATE_FOUND_H
#define STATE_FOUND_H

#include "base/hash.h"
#include "base/idmap.h"
#include "kern/kern.h"
#include "l2tp/tunnel.h"

/* One, and whether a record claimed it. */
struct found {
	struct hash_node node;
	struct kern_link link; /* KERN_NO_LINK: a tunnel */
	uint16_t tunnel_id;
	uint16_t peer_id;
	uint64_t cookie;
	struct kern_link to; /* bound to */
	uint32_t to_ifindex; /* or that */
	uint16_t vlan_proto;
	uint8_t mac[6];
	struct l2tp_path path; /* a tunnel's */
	bool claimed;
	bool told; /* its peer knows that it is closed */
};

struct found_all {
	struct hash objects;
	struct idmap *pppoe_ids; /* those of the operator's are taken */
};

/* 0, or -1 with a line in err. Either way found_end frees it. */
int found_read(struct found_all *all, struct kern *k, struct idmap *pppoe_ids,
	       char err[KERN_ERROR_MAX]);
/* NULL: the kernel does not have it. */
struct found *found_tunnel(const struct found_all *all, uint16_t id);
struct found *found_link(const struct found_all *all,
			 const struct kern_link *l);
/* Frees the lot; `left`, if it is not NULL, sees what nobody has claimed. */
void found_end(struct found_all *all, void (*left)(void *ctx, struct found *f),
	       void *ctx);

#endif /* STATE_FOUND_H */
