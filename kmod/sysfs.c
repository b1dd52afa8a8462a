// SPDX-License-Identifier: GPL-2.0
/*
 * sysfs: one value a file, read only but for the limits of reassembly. A file of a
 * tunnel finds its tunnel by id under RCU, so an open file pins nothing. Called by
 * netlink and main.
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

static ssize_t orphan_timeout_show(struct device *d,
				   struct device_attribute *attr, char *buf)
{
	return total(&net_of(d)->orphan_timeout, buf);
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
static DEVICE_ATTR_RO(orphan_timeout);

/* ----------------------------------------------------------------- limits */

/* What of reassembly is settable here as well as by netlink, within the same bounds. */
struct limit {
	struct device_attribute attr;
	size_t at; /* in struct adit_frags, u32 */
	u32 min;
	u32 max;
	u32 plain; /* beyond it only the machine's administrator */
};

static u32 *limit_value(struct device *d, const struct limit *l)
{
	return (void *)&net_of(d)->frags + l->at;
}

static ssize_t limit_show(struct device *d, struct device_attribute *attr,
			  char *buf)
{
	struct limit *l = container_of(attr, struct limit, attr);

	return total(limit_value(d, l), buf);
}

/* Without an->lock: removal waits for whoever is in here, and holds it. */
static ssize_t limit_store(struct device *d, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	struct limit *l = container_of(attr, struct limit, attr);
	u32 value;
	int err;

	if (!ns_capable(net_of(d)->net->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	err = kstrtou32(buf, 0, &value);
	if (err)
		return err;
	if (value < l->min || value > l->max)
		return -ERANGE;
	if (value > l->plain && !capable(CAP_NET_ADMIN))
		return -EPERM;
	WRITE_ONCE(*limit_value(d, l), value);
	return count;
}

#define LIMIT(field, least, most, common)                               \
	{                                                               \
		.attr = __ATTR(reassembly_##field, 0644, limit_show,    \
			       limit_store),                            \
		.at = offsetof(struct adit_frags, field), .min = least, \
		.max = most, .plain = common,                           \
	}

enum { LIMIT_TIMEOUT, LIMIT_BUDGET, LIMIT_PEER_BUDGET };

static struct limit limits[] = {
	[LIMIT_TIMEOUT] = LIMIT(timeout, ADIT_FRAG_TIMEOUT_MIN,
				ADIT_FRAG_TIMEOUT_MAX, ADIT_FRAG_TIMEOUT_MAX),
	[LIMIT_BUDGET] = LIMIT(budget, ADIT_FRAG_BUDGET_MIN,
			       ADIT_FRAG_BUDGET_MAX, ADIT_FRAG_BUDGET_DEFAULT),
	[LIMIT_PEER_BUDGET] = LIMIT(peer_budget, ADIT_FRAG_BUDGET_MIN,
				    ADIT_FRAG_BUDGET_MAX, ADIT_FRAG_BUDGET_MAX),
};

/* ------------------------------------------------------------------ drops */

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

#define N_TOTALS 17 /* of these before the drops */

static struct attribute *totals[N_TOTALS + ADIT_N_DROPS + 1] = {
	&dev_attr_tunnels.attr,
	&dev_attr_sessions.attr,
	&dev_attr_pppoes.attr,
	&dev_attr_max_tunnels.attr,
	&dev_attr_max_sessions.attr,
	&dev_attr_orphan_timeout.attr,
	&limits[LIMIT_TIMEOUT].attr.attr,
	&limits[LIMIT_BUDGET].attr.attr,
	&limits[LIMIT_PEER_BUDGET].attr.attr,
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
	struct adit_sysfs_port *sp = kzalloc(sizeof(*sp), GFP_KERNEL_ACCOUNT);

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
