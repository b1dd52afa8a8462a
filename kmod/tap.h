/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Taps: frames of a link, both ways, to a socket that asked for them. What is not
 * tapped pays for one flag. A tap ends with its link, with its socket, or when it is
 * removed; it is unpublished, then freed by kfree_rcu.
 */
#ifndef ADIT_TAP_H
#define ADIT_TAP_H

#include <linux/netlink.h>

#include "object.h"
#include "ration.h"

struct adit_tap {
	struct list_head list; /* an->taps */
	struct adit_link *link;
	u32 portid; /* 0: its socket is closed */
	u16 snap;
	struct adit_quota quota;
	struct adit_bucket bucket; /* under an->punt_lock */
	atomic_t missed; /* since the last that went up */
	atomic64_t passed, dropped;
	struct rcu_head rcu;
};

/* Data at the protocol field; the skb stays the caller's. dir: enum adit_dir.
 * Context: BH off, RCU.
 */
void adit_tap_frame(struct adit_link *link, const struct sk_buff *skb, u8 dir);

static inline void adit_tap(struct adit_link *link, const struct sk_buff *skb,
			    u8 dir)
{
	if (unlikely(READ_ONCE(link->tapped)))
		adit_tap_frame(link, skb, dir);
}

/* Context of all: process, an->lock held. */
int adit_tap_create(struct adit_link *link, u32 portid, u16 snap,
		    const struct adit_quota *quota,
		    struct netlink_ext_ack *extack);
struct adit_tap *adit_tap_of(struct adit_link *link);
void adit_tap_destroy(struct adit_tap *tap);
/* If there is one. */
void adit_tap_remove(struct adit_link *link);
/* All of a socket that was closed. */
void adit_tap_remove_port(struct adit_net *an, u32 portid);

#endif /* ADIT_TAP_H */
