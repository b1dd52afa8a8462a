// SPDX-License-Identifier: GPL-2.0
/*
 * Access ports and PPPoE sessions as objects. Called by netlink, and when a
 * device goes away. See object.h for lifetimes.
 */
#include "pppoe.h"

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "link.h"
#include "qos.h"

struct hlist_head *adit_pppoe_bucket(struct adit_net *an, int ifindex,
				     u16 vlan_outer, u16 vlan_inner, u16 sid)
{
	u64 names = (u64)ifindex << 48 | (u64)vlan_outer << 32 |
		    (u32)vlan_inner << 16 | sid;

	return &an->pppoes[adit_hash(an, names, ADIT_PPPOE_BITS)];
}

struct adit_pppoe *adit_pppoe_find(struct adit_port *port, u16 vlan_outer,
				   u16 vlan_inner, u16 sid)
{
	struct adit_net *an = port->an;
	struct adit_pppoe *p;

	hlist_for_each_entry_rcu(p,
				 adit_pppoe_bucket(an, port->dev->ifindex,
						   vlan_outer, vlan_inner, sid),
				 hash, lockdep_is_held(&an->lock))
		if (p->port == port && p->sid == sid &&
		    p->eth.vlan_outer == vlan_outer &&
		    p->eth.vlan_inner == vlan_inner)
			return p;
	return NULL;
}

struct adit_port *adit_port_find(struct adit_net *an, int ifindex)
{
	struct adit_port *port;

	lockdep_assert_held(&an->lock);
	list_for_each_entry(port, &an->ports, list)
		if (port->dev->ifindex == ifindex)
			return port;
	return NULL;
}

struct adit_port *adit_port_of(struct adit_net *an,
			       const struct net_device *dev)
{
	struct adit_port *port;

	list_for_each_entry_rcu(port, &an->ports, list, lockdep_rtnl_is_held())
		if (port->dev == dev)
			return port;
	return NULL;
}

static struct adit_pppoe *pppoe_alloc(void)
{
	struct adit_pppoe *p = kzalloc(sizeof(*p), GFP_KERNEL_ACCOUNT);

	if (!p)
		return NULL;
	p->link.type = ADIT_LINK_PPPOE;
	p->link.stats = adit_stats_alloc();
	if (p->link.stats)
		return p;
	kfree(p);
	return NULL;
}

struct adit_pppoe *adit_pppoe_create(struct adit_port *port,
				     const struct adit_eth *eth, u16 sid,
				     struct netlink_ext_ack *extack)
{
	struct adit_net *an = port->an;
	struct adit_pppoe *p;

	lockdep_assert_held(&an->lock);
	if (adit_pppoe_find(port, eth->vlan_outer, eth->vlan_inner, sid)) {
		NL_SET_ERR_MSG(extack, "pppoe exists");
		return ERR_PTR(-EEXIST);
	}
	if (an->n_pppoes >= an->max_sessions) {
		NL_SET_ERR_MSG(extack, "limit of sessions is reached");
		return ERR_PTR(-ENOSPC);
	}
	p = pppoe_alloc();
	if (!p) {
		NL_SET_ERR_MSG(extack, "no memory for the pppoe");
		return ERR_PTR(-ENOMEM);
	}
	p->port = port;
	p->eth = *eth;
	p->sid = sid;
	p->cold.serial = ++an->last_serial;
	list_add_tail(&p->of_port, &port->pppoes);
	WRITE_ONCE(port->n_pppoes, port->n_pppoes + 1);
	an->n_pppoes++;
	hlist_add_head_rcu(&p->hash, adit_pppoe_bucket(an, port->dev->ifindex,
						       eth->vlan_outer,
						       eth->vlan_inner, sid));
	return p;
}

static void pppoe_free(struct rcu_head *head)
{
	struct adit_pppoe *p = container_of(head, struct adit_pppoe, rcu);

	adit_qos_free(&p->link);
	free_percpu(p->link.stats);
	kfree(p->cold.label);
	kfree(p);
}

void adit_pppoe_destroy(struct adit_pppoe *p)
{
	lockdep_assert_held(&p->port->an->lock);
	adit_link_unbind(&p->link);
	hlist_del_rcu(&p->hash);
	list_del(&p->of_port);
	WRITE_ONCE(p->port->n_pppoes, p->port->n_pppoes - 1);
	p->port->an->n_pppoes--;
	call_rcu(&p->rcu, pppoe_free);
}

/*
 * A NIC that filters VLANs drops the PADI of a client whose VLAN it was not told of,
 * and any VLAN may dial in. In promiscuous mode NICs stop filtering; that is counted
 * by the device, unlike its feature bit, which is the administrator's, and costs no
 * entry of a table, unlike 4,094 VLANs. The hook takes only what is for us.
 */
int adit_port_hear_vlans(struct adit_port *port, struct netlink_ext_ack *extack)
{
	int err;

	ASSERT_RTNL();
	if (port->promiscuous ||
	    !(port->dev->features &
	      (NETIF_F_HW_VLAN_CTAG_FILTER | NETIF_F_HW_VLAN_STAG_FILTER)))
		return 0;
	err = dev_set_promiscuity(port->dev, 1);
	if (err)
		NL_SET_ERR_MSG(extack, "port refuses promiscuous mode");
	else
		port->promiscuous = true;
	return err;
}

struct adit_port *adit_port_create(struct adit_net *an, struct net_device *dev,
				   nf_hookfn *hook,
				   struct netlink_ext_ack *extack)
{
	struct adit_port *port;
	int err;

	lockdep_assert_held(&an->lock);
	ASSERT_RTNL();
	if (dev->type != ARPHRD_ETHER || dev->flags & IFF_LOOPBACK) {
		NL_SET_ERR_MSG(extack, "port must be an Ethernet device");
		return ERR_PTR(-EINVAL);
	}
	if (adit_port_find(an, dev->ifindex)) {
		NL_SET_ERR_MSG(extack, "port exists");
		return ERR_PTR(-EEXIST);
	}
	port = kzalloc(sizeof(*port), GFP_KERNEL_ACCOUNT);
	if (!port) {
		NL_SET_ERR_MSG(extack, "no memory for the port");
		return ERR_PTR(-ENOMEM);
	}
	port->an = an;
	port->serial = ++an->last_serial;
	port->dev = dev;
	INIT_LIST_HEAD(&port->pppoes);
	port->hook.hook = hook;
	port->hook.priv = port;
	port->hook.dev = dev;
	port->hook.pf = NFPROTO_NETDEV;
	port->hook.hooknum = NF_NETDEV_INGRESS;
	err = nf_register_net_hook(an->net, &port->hook);
	if (err) {
		NL_SET_ERR_MSG(extack, "ingress hook was refused");
		kfree(port);
		return ERR_PTR(err);
	}
	err = adit_port_hear_vlans(port, extack);
	if (err) {
		nf_unregister_net_hook(an->net, &port->hook);
		kfree_rcu(port, rcu);
		return ERR_PTR(err);
	}
	list_add_tail_rcu(&port->list, &an->ports);
	return port;
}

void adit_port_destroy(struct adit_port *port)
{
	lockdep_assert_held(&port->an->lock);
	ASSERT_RTNL();
	WARN_ON_ONCE(port->n_pppoes);
	nf_unregister_net_hook(port->an->net, &port->hook);
	if (port->promiscuous)
		dev_set_promiscuity(port->dev, -1);
	list_del_rcu(&port->list);
	kfree_rcu(port, rcu);
}
