// SPDX-License-Identifier: GPL-2.0
/*
 * sysfs: one value a file, read only. A file of a tunnel finds its tunnel by id
 * under RCU, so an open file pins nothing. Called by netlink and main.
 */
#include "sysfs.h"

#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <net/ip.h>

#include "tunnel.h"

struct anchor {
	struct adit_net *an;
};

static struct adit_net *net_of(struct device *d)
{
	struct anchor *a = netdev_priv(to_net_dev(d));

	return a->an;
}

/* ----------------------------------------------------------------- totals */

#define TOTAL(name, field)                                                   \
	static ssize_t name##_show(struct device *d,                         \
				   struct device_attribute *attr, char *buf) \
	{                                                                    \
		return sysfs_emit(buf, "%u\n", READ_ONCE(net_of(d)->field)); \
	}                                                                    \
	static DEVICE_ATTR_RO(name)

TOTAL(tunnels, n_tunnels);
TOTAL(sessions, n_sessions);
TOTAL(pppoes, n_pppoes);
TOTAL(max_tunnels, max_tunnels);
TOTAL(max_sessions, max_sessions);

struct drop_attr {
	struct device_attribute attr;
	enum adit_drop why;
};

static ssize_t drop_show(struct device *d, struct device_attribute *attr,
			 char *buf)
{
	struct drop_attr *a = container_of(attr, struct drop_attr, attr);

	return sysfs_emit(buf, "%llu\n",
			  adit_drops_read(net_of(d)->drops, a->why));
}

#define X(name)                                              \
	static struct drop_attr drop_##name = {              \
		.attr = __ATTR(name, 0444, drop_show, NULL), \
		.why = ADIT_DROP_##name,                     \
	};
ADIT_DROPS(X)
#undef X

static struct attribute *totals[] = { &dev_attr_tunnels.attr,
				      &dev_attr_sessions.attr,
				      &dev_attr_pppoes.attr,
				      &dev_attr_max_tunnels.attr,
				      &dev_attr_max_sessions.attr,
#define X(name) &drop_##name.attr.attr,
				      ADIT_DROPS(X)
#undef X
					      NULL };

static const struct attribute_group totals_group = {
	.name = "adit",
	.attrs = totals,
};

/* ---------------------------------------------------------------- tunnels */

struct adit_sysfs_tunnel {
	struct kobject kobj;
	struct adit_net *an;
	u16 id;
};

struct tunnel_attr {
	struct attribute attr;
	ssize_t (*show)(struct adit_tunnel *t, char *buf);
};

#define STAT(field)                                                          \
	static ssize_t field##_show_tunnel(struct adit_tunnel *t, char *buf) \
	{                                                                    \
		struct adit_stats_sum s;                                     \
									     \
		adit_stats_sum(t->stats, &s);                                \
		return sysfs_emit(buf, "%llu\n", s.field);                   \
	}                                                                    \
	static struct tunnel_attr tunnel_##field = {                         \
		.attr = { .name = #field, .mode = 0444 },                    \
		.show = field##_show_tunnel,                                 \
	}

STAT(rx_packets);
STAT(rx_bytes);
STAT(rx_drops);
STAT(tx_packets);
STAT(tx_bytes);
STAT(tx_drops);

static ssize_t show_sessions(struct adit_tunnel *t, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(t->n_sessions));
}

static ssize_t show_peer_id(struct adit_tunnel *t, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(t->peer_id));
}

static ssize_t show_peer(struct adit_tunnel *t, char *buf)
{
	if (t->family == AF_INET6)
		return sysfs_emit(buf, "[%pI6c]:%u\n", &t->remote.a,
				  ntohs(t->remote_port));
	return sysfs_emit(buf, "%pI4:%u\n", &t->remote.a.s6_addr32[3],
			  ntohs(t->remote_port));
}

static struct tunnel_attr tunnel_sessions = {
	.attr = { .name = "sessions", .mode = 0444 },
	.show = show_sessions,
};

static struct tunnel_attr tunnel_peer_id = {
	.attr = { .name = "peer_tunnel_id", .mode = 0444 },
	.show = show_peer_id,
};

static struct tunnel_attr tunnel_peer = {
	.attr = { .name = "peer", .mode = 0444 },
	.show = show_peer,
};

static struct attribute *tunnel_attrs[] = {
	&tunnel_rx_packets.attr, &tunnel_rx_bytes.attr,
	&tunnel_rx_drops.attr,	 &tunnel_tx_packets.attr,
	&tunnel_tx_bytes.attr,	 &tunnel_tx_drops.attr,
	&tunnel_sessions.attr,	 &tunnel_peer_id.attr,
	&tunnel_peer.attr,	 NULL
};
ATTRIBUTE_GROUPS(tunnel);

static ssize_t tunnel_attr_show(struct kobject *kobj, struct attribute *attr,
				char *buf)
{
	struct adit_sysfs_tunnel *st =
		container_of(kobj, struct adit_sysfs_tunnel, kobj);
	struct tunnel_attr *a = container_of(attr, struct tunnel_attr, attr);
	struct adit_tunnel *t;
	ssize_t n = -ENODEV;

	rcu_read_lock();
	t = adit_tunnel_find(st->an, st->id);
	if (t)
		n = a->show(t, buf);
	rcu_read_unlock();
	return n;
}

static const struct sysfs_ops tunnel_sysfs_ops = { .show = tunnel_attr_show };

static void tunnel_release(struct kobject *kobj)
{
	kfree(container_of(kobj, struct adit_sysfs_tunnel, kobj));
}

static struct kobj_type tunnel_type = {
	.sysfs_ops = &tunnel_sysfs_ops,
	.release = tunnel_release,
	.default_groups = tunnel_groups,
};

void adit_sysfs_add(struct adit_tunnel *t)
{
	struct adit_sysfs_tunnel *st = kzalloc(sizeof(*st), GFP_KERNEL);

	lockdep_assert_held(&t->an->lock);
	if (!st)
		return;
	st->an = t->an;
	st->id = t->id;
	st->kobj.kset = t->an->sysfs_tunnels;
	if (kobject_init_and_add(&st->kobj, &tunnel_type, NULL, "%u", t->id)) {
		kobject_put(&st->kobj);
		return;
	}
	t->sysfs = st;
}

void adit_sysfs_del(struct adit_tunnel *t)
{
	lockdep_assert_held(&t->an->lock);
	if (!t->sysfs)
		return;
	kobject_del(&t->sysfs->kobj);
	kobject_put(&t->sysfs->kobj);
	t->sysfs = NULL;
}

/* ----------------------------------------------------------------- anchor */

static netdev_tx_t anchor_xmit(struct sk_buff *skb, struct net_device *dev)
{
	dev->stats.tx_dropped++;
	kfree_skb(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops anchor_ops = {
	.ndo_start_xmit = anchor_xmit,
};

static void anchor_setup(struct net_device *dev)
{
	dev->netdev_ops = &anchor_ops;
	dev->needs_free_netdev = true;
	dev->type = ARPHRD_NONE;
	dev->flags = IFF_NOARP;
	dev->priv_flags |= IFF_NO_QUEUE;
	dev->features |= NETIF_F_LLTX | NETIF_F_NETNS_LOCAL;
	dev->mtu = 1500;
	dev->sysfs_groups[0] = &totals_group;
}

int adit_anchor_create(struct adit_net *an)
{
	struct net_device *dev;
	struct anchor *a;
	int err;

	lockdep_assert_held(&an->lock);
	ASSERT_RTNL();
	if (an->anchor)
		return 0;
	dev = alloc_netdev(sizeof(*a), "adit%d", NET_NAME_ENUM, anchor_setup);
	if (!dev)
		return -ENOMEM;
	a = netdev_priv(dev);
	a->an = an;
	dev_net_set(dev, an->net);
	err = register_netdevice(dev);
	if (err) {
		free_netdev(dev);
		return err;
	}
	an->sysfs_tunnels =
		kset_create_and_add("tunnels", NULL, &dev->dev.kobj);
	if (!an->sysfs_tunnels) {
		unregister_netdevice(dev);
		return -ENOMEM;
	}
	an->anchor = dev;
	return 0;
}

void adit_anchor_destroy(struct adit_net *an, struct list_head *kill)
{
	ASSERT_RTNL();
	if (!an->anchor)
		return;
	kset_unregister(an->sysfs_tunnels);
	unregister_netdevice_queue(an->anchor, kill);
	an->anchor = NULL;
	an->sysfs_tunnels = NULL;
}
