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

#include "batch.h"
#include "compat.h"
#include "spread.h"
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

static ssize_t total(const u32 *value, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(*value));
}

static ssize_t tunnels_show(struct device *d, struct device_attribute *attr,
			    char *buf)
{
	return total(&net_of(d)->n_tunnels, buf);
}

static ssize_t sessions_show(struct device *d, struct device_attribute *attr,
			     char *buf)
{
	return total(&net_of(d)->n_sessions, buf);
}

static ssize_t pppoes_show(struct device *d, struct device_attribute *attr,
			   char *buf)
{
	return total(&net_of(d)->n_pppoes, buf);
}

static ssize_t max_tunnels_show(struct device *d, struct device_attribute *attr,
				char *buf)
{
	return total(&net_of(d)->max_tunnels, buf);
}

static ssize_t max_sessions_show(struct device *d,
				 struct device_attribute *attr, char *buf)
{
	return total(&net_of(d)->max_sessions, buf);
}

static ssize_t reassembly_timeout_show(struct device *d,
				       struct device_attribute *attr, char *buf)
{
	return total(&net_of(d)->frags.timeout, buf);
}

static ssize_t reassembly_budget_show(struct device *d,
				      struct device_attribute *attr, char *buf)
{
	return total(&net_of(d)->frags.budget, buf);
}

static ssize_t reassembly_peer_budget_show(struct device *d,
					   struct device_attribute *attr,
					   char *buf)
{
	return total(&net_of(d)->frags.peer_budget, buf);
}

static struct adit_frag_sum frag_sum(struct device *d)
{
	struct adit_frag_sum s;

	adit_frag_stats_sum(net_of(d)->frags.stats, &s);
	return s;
}

static ssize_t reassembly_taken_show(struct device *d,
				     struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%llu\n", frag_sum(d).taken);
}

static ssize_t reassembly_joined_show(struct device *d,
				      struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%llu\n", frag_sum(d).joined);
}

static ssize_t reassembly_datagrams_show(struct device *d,
					 struct device_attribute *attr,
					 char *buf)
{
	return sysfs_emit(buf, "%llu\n", frag_sum(d).datagrams);
}

static ssize_t reassembly_held_show(struct device *d,
				    struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%ld\n",
			  atomic_long_read(&net_of(d)->frags.held));
}

static ssize_t reassembly_bytes_show(struct device *d,
				     struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%ld\n",
			  atomic_long_read(&net_of(d)->frags.bytes));
}

static ssize_t mss_clamped_show(struct device *d, struct device_attribute *attr,
				char *buf)
{
	return sysfs_emit(buf, "%ld\n",
			  atomic_long_read(&net_of(d)->mss_clamped));
}

static ssize_t batches_show(struct device *d, struct device_attribute *attr,
			    char *buf)
{
	struct adit_batch_sum sum;

	adit_batch_sum(net_of(d), &sum);
	return sysfs_emit(buf, "%lu\n", sum.batches);
}

static ssize_t batched_show(struct device *d, struct device_attribute *attr,
			    char *buf)
{
	struct adit_batch_sum sum;

	adit_batch_sum(net_of(d), &sum);
	return sysfs_emit(buf, "%lu\n", sum.packets);
}

static DEVICE_ATTR_RO(batches);
static DEVICE_ATTR_RO(batched);
static DEVICE_ATTR_RO(mss_clamped);
static DEVICE_ATTR_RO(reassembly_timeout);
static DEVICE_ATTR_RO(reassembly_budget);
static DEVICE_ATTR_RO(reassembly_peer_budget);
static DEVICE_ATTR_RO(reassembly_taken);
static DEVICE_ATTR_RO(reassembly_joined);
static DEVICE_ATTR_RO(reassembly_datagrams);
static DEVICE_ATTR_RO(reassembly_held);
static DEVICE_ATTR_RO(reassembly_bytes);
static DEVICE_ATTR_RO(tunnels);
static DEVICE_ATTR_RO(sessions);
static DEVICE_ATTR_RO(pppoes);
static DEVICE_ATTR_RO(max_tunnels);
static DEVICE_ATTR_RO(max_sessions);

/* One file for each reason to drop, by its place in this array. */
static ssize_t drop_show(struct device *d, struct device_attribute *attr,
			 char *buf);

static struct device_attribute drops[ADIT_N_DROPS] = {
#define ADIT_DROP(name, text) \
	[ADIT_DROP_##name] = __ATTR(name, 0444, drop_show, NULL),
#include "adit/drop_list.h"
};

static ssize_t drop_show(struct device *d, struct device_attribute *attr,
			 char *buf)
{
	return sysfs_emit(buf, "%llu\n",
			  adit_drops_read(net_of(d)->drops, attr - drops));
}

#define N_TOTALS 16 /* of these before the drops */

static struct attribute *totals[N_TOTALS + ADIT_N_DROPS + 1] = {
	&dev_attr_tunnels.attr,
	&dev_attr_sessions.attr,
	&dev_attr_pppoes.attr,
	&dev_attr_max_tunnels.attr,
	&dev_attr_max_sessions.attr,
	&dev_attr_reassembly_timeout.attr,
	&dev_attr_reassembly_budget.attr,
	&dev_attr_reassembly_peer_budget.attr,
	&dev_attr_reassembly_taken.attr,
	&dev_attr_reassembly_joined.attr,
	&dev_attr_reassembly_datagrams.attr,
	&dev_attr_reassembly_held.attr,
	&dev_attr_reassembly_bytes.attr,
	&dev_attr_mss_clamped.attr,
	&dev_attr_batches.attr,
	&dev_attr_batched.attr,
#define ADIT_DROP(name, text) \
	[N_TOTALS + ADIT_DROP_##name] = &drops[ADIT_DROP_##name].attr,
#include "adit/drop_list.h"
};

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

static struct adit_stats_sum sum(const struct adit_tunnel *t)
{
	struct adit_stats_sum s;

	adit_stats_sum(t->stats, &s);
	return s;
}

static ssize_t show_rx_packets(struct adit_tunnel *t, char *buf)
{
	return sysfs_emit(buf, "%llu\n", sum(t).rx_packets);
}

static ssize_t show_rx_bytes(struct adit_tunnel *t, char *buf)
{
	return sysfs_emit(buf, "%llu\n", sum(t).rx_bytes);
}

static ssize_t show_rx_drops(struct adit_tunnel *t, char *buf)
{
	return sysfs_emit(buf, "%llu\n", sum(t).rx_drops);
}

static ssize_t show_tx_packets(struct adit_tunnel *t, char *buf)
{
	return sysfs_emit(buf, "%llu\n", sum(t).tx_packets);
}

static ssize_t show_tx_bytes(struct adit_tunnel *t, char *buf)
{
	return sysfs_emit(buf, "%llu\n", sum(t).tx_bytes);
}

static ssize_t show_tx_drops(struct adit_tunnel *t, char *buf)
{
	return sysfs_emit(buf, "%llu\n", sum(t).tx_drops);
}

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

#define TUNNEL_FILE(_name, _show)                                          \
	{                                                                  \
		.attr = { .name = #_name, .mode = 0444 }, .show = (_show), \
	}

static struct tunnel_attr tunnel_files[] = {
	TUNNEL_FILE(rx_packets, show_rx_packets),
	TUNNEL_FILE(rx_bytes, show_rx_bytes),
	TUNNEL_FILE(rx_drops, show_rx_drops),
	TUNNEL_FILE(tx_packets, show_tx_packets),
	TUNNEL_FILE(tx_bytes, show_tx_bytes),
	TUNNEL_FILE(tx_drops, show_tx_drops),
	TUNNEL_FILE(sessions, show_sessions),
	TUNNEL_FILE(peer_tunnel_id, show_peer_id),
	TUNNEL_FILE(peer, show_peer),
};

static struct attribute *tunnel_attrs[] = {
	&tunnel_files[0].attr, &tunnel_files[1].attr,
	&tunnel_files[2].attr, &tunnel_files[3].attr,
	&tunnel_files[4].attr, &tunnel_files[5].attr,
	&tunnel_files[6].attr, &tunnel_files[7].attr,
	&tunnel_files[8].attr, NULL,
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

/* ------------------------------------------------------------------ ports */

/* Removal waits for whoever reads: the port is there as long as the file. */
struct adit_sysfs_port {
	struct kobject kobj;
	struct adit_port *port;
};

static ssize_t port_pppoes_show(struct kobject *kobj,
				struct kobj_attribute *attr, char *buf)
{
	struct adit_sysfs_port *sp =
		container_of(kobj, struct adit_sysfs_port, kobj);

	return sysfs_emit(buf, "%u\n", READ_ONCE(sp->port->n_pppoes));
}

static struct kobj_attribute port_pppoes =
	__ATTR(pppoes, 0444, port_pppoes_show, NULL);

static struct attribute *port_attrs[] = {
	&port_pppoes.attr,
	NULL,
};
ATTRIBUTE_GROUPS(port);

static void port_release(struct kobject *kobj)
{
	kfree(container_of(kobj, struct adit_sysfs_port, kobj));
}

static struct kobj_type port_type = {
	.sysfs_ops = &kobj_sysfs_ops,
	.release = port_release,
	.default_groups = port_groups,
};

void adit_sysfs_add_port(struct adit_port *port)
{
	struct adit_sysfs_port *sp = kzalloc(sizeof(*sp), GFP_KERNEL);

	lockdep_assert_held(&port->an->lock);
	if (!sp)
		return;
	sp->port = port;
	sp->kobj.kset = port->an->sysfs_ports;
	if (kobject_init_and_add(&sp->kobj, &port_type, NULL, "%s",
				 port->dev->name)) {
		kobject_put(&sp->kobj);
		return;
	}
	port->sysfs = sp;
}

void adit_sysfs_del_port(struct adit_port *port)
{
	lockdep_assert_held(&port->an->lock);
	if (!port->sysfs)
		return;
	kobject_del(&port->sysfs->kobj);
	kobject_put(&port->sysfs->kobj);
	port->sysfs = NULL;
}

void adit_sysfs_rename_port(struct adit_port *port)
{
	lockdep_assert_held(&port->an->lock);
	/* Better none than one of another name. */
	if (port->sysfs && kobject_rename(&port->sysfs->kobj, port->dev->name))
		adit_sysfs_del_port(port);
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
	adit_dev_pin(dev);
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
	if (!an->sysfs_tunnels)
		goto err_device;
	an->sysfs_ports = kset_create_and_add("ports", NULL, &dev->dev.kobj);
	if (!an->sysfs_ports)
		goto err_tunnels;
	if (adit_spread_start(dev, an))
		goto err_ports;
	an->anchor = dev;
	return 0;

err_ports:
	kset_unregister(an->sysfs_ports);
	an->sysfs_ports = NULL;
err_tunnels:
	kset_unregister(an->sysfs_tunnels);
	an->sysfs_tunnels = NULL;
err_device:
	unregister_netdevice(dev);
	return -ENOMEM;
}

void adit_anchor_destroy(struct adit_net *an)
{
	ASSERT_RTNL();
	if (!an->anchor)
		return;
	kset_unregister(an->sysfs_tunnels);
	kset_unregister(an->sysfs_ports);
	adit_spread_stop(an->anchor);
	unregister_netdevice(an->anchor);
	an->anchor = NULL;
	an->sysfs_tunnels = NULL;
	an->sysfs_ports = NULL;
}
