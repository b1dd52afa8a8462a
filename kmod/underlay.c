// SPDX-License-Identifier: GPL-2.0
/*
 * Underlays as objects. Called by netlink, and when a device goes away. See object.h
 * for lifetimes.
 */
#include "underlay.h"

#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

struct adit_underlay *adit_underlay_of(struct adit_net *an,
				       const struct net_device *dev)
{
	struct adit_underlay *u;

	list_for_each_entry_rcu(u, &an->underlays, list,
				lockdep_is_held(&an->lock) ||
					lockdep_rtnl_is_held())
		if (u->dev == dev)
			return u;
	return NULL;
}

static int hook_in(struct adit_underlay *u, nf_hookfn *hook)
{
	u->hook.hook = hook;
	u->hook.priv = u;
	u->hook.dev = u->dev;
	u->hook.pf = NFPROTO_NETDEV;
	u->hook.hooknum = NF_NETDEV_INGRESS;
	return nf_register_net_hook(u->an->net, &u->hook);
}

struct adit_underlay *adit_underlay_create(struct adit_net *an,
					   struct net_device *dev,
					   nf_hookfn *hook,
					   struct netlink_ext_ack *extack)
{
	struct adit_underlay *u;
	int err;

	lockdep_assert_held(&an->lock);
	ASSERT_RTNL();
	if (dev->type != ARPHRD_ETHER || dev->flags & IFF_LOOPBACK) {
		NL_SET_ERR_MSG(extack, "underlay must be an Ethernet device");
		return ERR_PTR(-EINVAL);
	}
	if (adit_underlay_of(an, dev)) {
		NL_SET_ERR_MSG(extack, "express receive is on already");
		return ERR_PTR(-EEXIST);
	}
	u = kzalloc(sizeof(*u), GFP_KERNEL_ACCOUNT);
	if (!u)
		goto err_memory;
	u->an = an;
	u->dev = dev;
	u->serial = ++an->last_serial;
	u->stats = adit_stats_alloc();
	if (!u->stats)
		goto err_free;
	err = hook_in(u, hook);
	if (err) {
		NL_SET_ERR_MSG(extack, "ingress hook was refused");
		free_percpu(u->stats);
		kfree(u);
		return ERR_PTR(err);
	}
	list_add_tail_rcu(&u->list, &an->underlays);
	return u;

err_free:
	kfree(u);
err_memory:
	NL_SET_ERR_MSG(extack, "no memory for the underlay");
	return ERR_PTR(-ENOMEM);
}

static void underlay_free(struct rcu_head *head)
{
	struct adit_underlay *u = container_of(head, struct adit_underlay, rcu);

	free_percpu(u->stats);
	kfree(u);
}

void adit_underlay_destroy(struct adit_underlay *u)
{
	lockdep_assert_held(&u->an->lock);
	ASSERT_RTNL();
	nf_unregister_net_hook(u->an->net, &u->hook);
	list_del_rcu(&u->list);
	call_rcu(&u->rcu, underlay_free);
}
