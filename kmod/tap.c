// SPDX-License-Identifier: GPL-2.0
/*
 * Taps, see tap.h. Frames are told by the link layer; taps are made and removed by
 * netlink, and removed with their links and sockets.
 */
#include "tap.h"

#include <linux/ktime.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "genl.h"
#include "punt.h"

static int put_frame(struct sk_buff *msg, struct adit_link *link,
		     const struct sk_buff *skb, u32 snap, u8 dir, u32 missed)
{
	struct nlattr *a;

	if (adit_put_link(msg, ADIT_A_LINK, link) ||
	    nla_put_u8(msg, ADIT_A_DIRECTION, dir) ||
	    nla_put_u64_64bit(msg, ADIT_A_TIME, ktime_get_real_ns(),
			      ADIT_A_PAD) ||
	    nla_put_u32(msg, ADIT_A_LENGTH, skb->len) ||
	    (missed && nla_put_u32(msg, ADIT_A_MISSED, missed)))
		return -EMSGSIZE;
	a = nla_reserve(msg, ADIT_A_FRAME, snap);
	if (!a)
		return -EMSGSIZE;
	return skb_copy_bits(skb, 0, nla_data(a), snap);
}

static bool send(struct adit_net *an, struct adit_tap *tap,
		 struct adit_link *link, const struct sk_buff *skb, u8 dir)
{
	struct adit_claim c = { &tap->bucket, &tap->quota, 0 };
	u32 snap = min_t(u32, skb->len, READ_ONCE(tap->snap));
	u32 portid = READ_ONCE(tap->portid);
	enum adit_drop unused;
	struct sk_buff *msg;
	u32 missed = 0;
	void *head;

	if (!portid || !adit_ration_take(an, &c, 1, &unused))
		return false;
	if (atomic_read(&tap->missed))
		missed = atomic_xchg(&tap->missed, 0);
	msg = genlmsg_new(256 + nla_total_size(snap), GFP_ATOMIC);
	if (!msg)
		goto lost;
	head = genlmsg_put(msg, 0, 0, &adit_genl, 0, ADIT_CMD_TAP);
	if (!head || put_frame(msg, link, skb, snap, dir, missed)) {
		nlmsg_free(msg);
		goto lost;
	}
	genlmsg_end(msg, head);
	if (!genlmsg_unicast(an->net, msg, portid))
		return true;
lost:
	atomic_add(missed, &tap->missed);
	return false;
}

void adit_tap_frame(struct adit_link *link, const struct sk_buff *skb, u8 dir)
{
	struct adit_tap *tap = rcu_dereference(adit_link_cold(link)->tap);

	if (!tap)
		return;
	if (send(adit_link_net(link), tap, link, skb, dir)) {
		atomic64_inc(&tap->passed);
	} else {
		atomic64_inc(&tap->dropped);
		atomic_inc(&tap->missed);
	}
}

#define held(link) lockdep_is_held(&adit_link_net(link)->lock)

struct adit_tap *adit_tap_of(struct adit_link *link)
{
	return rcu_dereference_protected(adit_link_cold(link)->tap, held(link));
}

int adit_tap_create(struct adit_link *link, u32 portid, u16 snap,
		    const struct adit_quota *quota,
		    struct netlink_ext_ack *extack)
{
	struct adit_net *an = adit_link_net(link);
	struct adit_tap *tap;

	lockdep_assert_held(&an->lock);
	if (adit_tap_of(link)) {
		NL_SET_ERR_MSG(extack, "link is tapped already");
		return -EEXIST;
	}
	if (an->n_taps >= ADIT_TAPS_MAX) {
		NL_SET_ERR_MSG(extack, "limit of taps is reached");
		return -ENOSPC;
	}
	tap = kzalloc(sizeof(*tap), GFP_KERNEL_ACCOUNT);
	if (!tap) {
		NL_SET_ERR_MSG(extack, "no memory for the tap");
		return -ENOMEM;
	}
	tap->link = link;
	tap->portid = portid;
	tap->snap = snap;
	tap->quota = *quota;
	list_add_tail_rcu(&tap->list, &an->taps);
	an->n_taps++;
	rcu_assign_pointer(adit_link_cold(link)->tap, tap);
	WRITE_ONCE(link->tapped, 1);
	return 0;
}

/* A message without frame: nothing follows. */
static void tell_end(struct adit_net *an, struct adit_tap *tap)
{
	u32 portid = READ_ONCE(tap->portid);
	struct sk_buff *msg;
	void *head;

	if (!portid)
		return;
	msg = genlmsg_new(256, GFP_KERNEL);
	if (!msg)
		return;
	head = genlmsg_put(msg, 0, 0, &adit_genl, 0, ADIT_CMD_TAP);
	if (!head || adit_put_link(msg, ADIT_A_LINK, tap->link)) {
		nlmsg_free(msg);
		return;
	}
	genlmsg_end(msg, head);
	genlmsg_unicast(an->net, msg, portid);
}

void adit_tap_destroy(struct adit_tap *tap)
{
	struct adit_net *an = adit_link_net(tap->link);

	lockdep_assert_held(&an->lock);
	WRITE_ONCE(tap->link->tapped, 0);
	RCU_INIT_POINTER(adit_link_cold(tap->link)->tap, NULL);
	list_del_rcu(&tap->list);
	an->n_taps--;
	tell_end(an, tap);
	kfree_rcu(tap, rcu);
}

void adit_tap_remove(struct adit_link *link)
{
	struct adit_tap *tap = adit_tap_of(link);

	if (tap)
		adit_tap_destroy(tap);
}

void adit_tap_remove_port(struct adit_net *an, u32 portid)
{
	struct adit_tap *tap, *next;
	bool found = false;

	/* The id is free already, and may be another socket's before the lock is
	 * ours: that one is told nothing.
	 */
	rcu_read_lock();
	list_for_each_entry_rcu(tap, &an->taps, list)
		found |= cmpxchg(&tap->portid, portid, 0) == portid;
	rcu_read_unlock();
	if (!found)
		return;
	mutex_lock(&an->lock);
	list_for_each_entry_safe(tap, next, &an->taps, list)
		if (!READ_ONCE(tap->portid))
			adit_tap_destroy(tap);
	mutex_unlock(&an->lock);
}
