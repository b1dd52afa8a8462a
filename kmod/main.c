// SPDX-License-Identifier: GPL-2.0
/*
 * adit.ko: start, end, namespaces. Everything else belongs to a namespace (net.h)
 * and is made by netlink. rmmod with live sessions tears all of them down.
 */
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>

#include "batch.h"
#include "border.h"
#include "device.h"
#include "early.h"
#include "express.h"
#include "l2tp_rx.h"
#include "net.h"
#include "netlink.h"
#include "orphan.h"
#include "pppoe.h"
#include "ration.h"
#include "reassembly.h"
#include "report.h"
#include "session.h"
#include "spread.h"
#include "sysfs.h"
#include "tap.h"
#include "teardown.h"
#include "underlay.h"

static int __net_init net_init(struct net *net)
{
	adit_net_init(adit_net(net), net);
	adit_ration_init(adit_net(net));
	adit_border_init(adit_net(net));
	adit_orphan_init(adit_net(net));
	return 0;
}

/* Before the namespace's devices die, ours among them. */
static void __net_exit net_exit(struct net *net)
{
	struct adit_net *an = adit_net(net);
	LIST_HEAD(kill);

	rtnl_lock();
	mutex_lock(&an->lock);
	an->dying = true;
	adit_early_stop(an);
	adit_reassembly_stop(an);
	if (an->started)
		adit_remove_all(an);
	mutex_unlock(&an->lock);
	adit_device_end(an, &kill);
	unregister_netdevice_many(&kill);
	adit_anchor_destroy(an);
	adit_batch_stop(an);
	rtnl_unlock();
}

/* Objects wait for their grace period; the tables go after them. */
static void __net_exit net_exit_batch(struct list_head *nets)
{
	struct net *net;

	synchronize_net();
	list_for_each_entry(net, nets, exit_list) {
		adit_reassembly_end(adit_net(net));
		adit_border_end(adit_net(net));
		adit_orphan_end(adit_net(net));
	}
	rcu_barrier();
	list_for_each_entry(net, nets, exit_list)
		adit_net_free(adit_net(net));
}

static struct pernet_operations net_ops = {
	.init = net_init,
	.exit = net_exit,
	.exit_batch = net_exit_batch,
	.id = &adit_net_id,
	.size = sizeof(struct adit_net),
};

/* The device of a port or underlay goes away, to another namespace, is renamed, or
 * filters VLANs from now on.
 * The lock is taken for these only: the anchor is made, and may have to be taken
 * back, with the lock held. A namespace that failed half-way has devices, but nothing
 * of ours.
 */
static int netdev_event(struct notifier_block *nb, unsigned long event,
			void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct adit_net *an = adit_net(dev_net(dev));
	struct adit_underlay *u;
	struct adit_port *port;

	if ((event != NETDEV_UNREGISTER && event != NETDEV_CHANGENAME &&
	     event != NETDEV_FEAT_CHANGE) ||
	    !an)
		return NOTIFY_DONE;
	port = adit_port_of(an, dev);
	u = adit_underlay_of(an, dev);
	if (!port && !u)
		return NOTIFY_DONE;
	mutex_lock(&an->lock);
	if (u && event == NETDEV_UNREGISTER)
		adit_remove_underlay(u);
	if (port && event == NETDEV_UNREGISTER)
		adit_remove_port(port);
	else if (port && event == NETDEV_FEAT_CHANGE)
		adit_port_hear_vlans(port, NULL);
	else if (port)
		adit_sysfs_rename_port(port);
	mutex_unlock(&an->lock);
	return NOTIFY_DONE;
}

static struct notifier_block netdev_nb = { .notifier_call = netdev_event };

/* A socket was closed; a listener's, or a tap's. Tools come and go: the time of who has
 * no daemon does not begin again with each.
 */
static int netlink_event(struct notifier_block *nb, unsigned long event,
			 void *ptr)
{
	struct netlink_notify *n = ptr;
	bool listened = false;
	struct adit_net *an;
	int i;

	if (event != NETLINK_URELEASE || n->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	an = adit_net(n->net);
	for (i = 0; an && i < ADIT_N_CLASSES; i++)
		listened |= cmpxchg(&an->portid[i], n->portid, 0) == n->portid;
	if (listened)
		adit_orphan_watch(an);
	if (an)
		adit_tap_remove_port(an, n->portid);
	return NOTIFY_DONE;
}

static struct notifier_block netlink_nb = { .notifier_call = netlink_event };

static int __init adit_init(void)
{
	int err;

	err = adit_session_init();
	if (err)
		return err;
	adit_spread_init(ADIT_SPREAD_L2TP, &adit_l2tp_batch);
	adit_spread_init(ADIT_SPREAD_EXPRESS, &adit_express_batch);
	err = register_pernet_device(&net_ops);
	if (err)
		goto err_session;
	err = register_netdevice_notifier(&netdev_nb);
	if (err)
		goto err_pernet;
	err = adit_device_init(adit_notify_bound);
	if (err)
		goto err_netdev;
	err = netlink_register_notifier(&netlink_nb);
	if (err)
		goto err_device;
	err = adit_netlink_init();
	if (err)
		goto err_netlink;
	return 0;

err_netlink:
	netlink_unregister_notifier(&netlink_nb);
err_device:
	adit_device_exit();
err_netdev:
	unregister_netdevice_notifier(&netdev_nb);
err_pernet:
	unregister_pernet_device(&net_ops);
err_session:
	adit_session_exit();
	return err;
}

/* The reverse of adit_init(). Netlink first: nobody makes anything any more; then
 * our devices' kind, while what they look at is there.
 */
static void __exit adit_exit(void)
{
	adit_netlink_exit();
	netlink_unregister_notifier(&netlink_nb);
	adit_device_exit();
	unregister_netdevice_notifier(&netdev_nb);
	unregister_pernet_device(&net_ops);
	rcu_barrier();
	adit_session_exit();
}

module_init(adit_init);
module_exit(adit_exit);

MODULE_DESCRIPTION("L2TPv2 LAC and LNS data path");
MODULE_LICENSE("GPL");
MODULE_ALIAS_GENL_FAMILY("adit");
