// SPDX-License-Identifier: GPL-2.0
/*
 * Commands of ports and pppoes. Context: process.
 */
#include "nl_pppoe.h"

#include <linux/etherdevice.h>
#include <linux/netdevice.h>

#include "compat.h"
#include "nl_qos.h"
#include "pppoe.h"
#include "pppoe_rx.h"
#include "report.h"
#include "sysfs.h"
#include "teardown.h"

/* ------------------------------------------------------------------ ports */

static struct adit_port *port_of(struct adit_net *an, struct genl_info *info)
{
	struct nlattr *ifindex = info->attrs[ADIT_A_IFINDEX];
	struct adit_port *port;

	if (!ifindex) {
		adit_nl_missing(info, "interface is missing");
		return ERR_PTR(-EINVAL);
	}
	port = adit_port_find(an, nla_get_u32(ifindex));
	if (!port) {
		NL_SET_ERR_MSG(info->extack, "no such port");
		return ERR_PTR(-ENOENT);
	}
	return port;
}

int adit_nl_port_new(struct sk_buff *skb, struct genl_info *info)
{
	struct net_device *dev;
	struct adit_port *port;
	struct adit_net *an;
	int err;

	if (!info->attrs[ADIT_A_IFINDEX])
		return adit_nl_missing(info, "interface is missing");
	err = adit_nl_enter_new(info, &an);
	if (err)
		return err;
	dev = __dev_get_by_index(an->net,
				 nla_get_u32(info->attrs[ADIT_A_IFINDEX]));
	if (!dev) {
		NL_SET_ERR_MSG(info->extack, "no such interface");
		err = -ENODEV;
	} else {
		port = adit_port_create(an, dev, adit_pppoe_hook, info->extack);
		if (IS_ERR(port)) {
			err = PTR_ERR(port);
		} else {
			adit_sysfs_add_port(port);
			adit_notify_port(ADIT_CMD_PORT_NEW, port);
		}
	}
	adit_nl_leave_rtnl(an);
	return err;
}

int adit_nl_port_del(struct sk_buff *skb, struct genl_info *info)
{
	struct adit_port *port;
	struct adit_net *an;
	int err = adit_nl_enter_rtnl(info, &an);

	if (err)
		return err;
	port = port_of(an, info);
	if (IS_ERR(port))
		err = PTR_ERR(port);
	else
		adit_remove_port(port);
	adit_nl_leave_rtnl(an);
	return err;
}

int adit_nl_port_get(struct sk_buff *skb, struct genl_info *info)
{
	struct adit_port *port;
	struct adit_net *an;
	int err = adit_nl_enter(info, &an);

	if (err)
		return err;
	port = port_of(an, info);
	err = IS_ERR(port) ? PTR_ERR(port) :
			     adit_nl_reply(info, ADIT_CMD_PORT_GET,
					   adit_put_port, port);
	adit_nl_leave(an);
	return err;
}

/* args: the serial of the last one shown; the list rises in it. */
int adit_nl_port_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	struct adit_net *an = adit_net(sock_net(msg->sk));
	struct adit_port *port;
	int err = 0;

	mutex_lock(&an->lock);
	list_for_each_entry(port, &an->ports, list) {
		if (port->serial <= cb->args[0])
			continue;
		err = adit_nl_dump_one(msg, cb, ADIT_CMD_PORT_GET,
				       adit_put_port, port);
		if (err)
			break;
		cb->args[0] = port->serial;
	}
	mutex_unlock(&an->lock);
	return adit_nl_dump_end(msg, err);
}

/* ----------------------------------------------------------------- pppoes */

static struct adit_pppoe *create_pppoe(struct adit_net *an,
				       struct genl_info *info)
{
	struct adit_port *port = port_of(an, info);
	struct adit_eth eth;
	int err;

	if (IS_ERR(port))
		return ERR_CAST(port);
	err = adit_nl_eth(&eth, info->attrs, info->extack);
	if (err)
		return ERR_PTR(err);
	return adit_pppoe_create(port, &eth,
				 nla_get_u16(info->attrs[ADIT_A_SESSION_ID]),
				 info->extack);
}

static int set_options(struct adit_pppoe *p, struct genl_info *info)
{
	return adit_nl_qos(&p->link, info) ?:
		       adit_nl_cold(&p->cold, info->attrs, info->extack);
}

/* Nobody has heard of it yet. */
static int begin(struct adit_pppoe *p, struct genl_info *info)
{
	int err = set_options(p, info);

	if (err)
		adit_pppoe_destroy(p);
	else
		adit_notify_pppoe(ADIT_CMD_PPPOE_NEW, p);
	return err;
}

int adit_nl_pppoe_new(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr **a = info->attrs;
	struct adit_pppoe *p;
	struct adit_net *an;
	int err;

	if (!a[ADIT_A_SESSION_ID] || !a[ADIT_A_MAC])
		return adit_nl_missing(info, "session id or MAC is missing");
	if (!is_valid_ether_addr(nla_data(a[ADIT_A_MAC])))
		return adit_nl_missing(info, "MAC is not one of a station");
	err = adit_nl_enter(info, &an);
	if (err)
		return err;
	p = create_pppoe(an, info);
	err = PTR_ERR_OR_ZERO(p);
	if (!err)
		err = begin(p, info);
	adit_nl_leave(an);
	return err;
}

int adit_nl_pppoe_set(struct sk_buff *skb, struct genl_info *info)
{
	struct adit_pppoe *p;
	struct adit_net *an;
	int err = adit_nl_enter(info, &an);

	if (err)
		return err;
	p = adit_nl_pppoe(an, info);
	err = PTR_ERR_OR_ZERO(p);
	if (!err)
		err = set_options(p, info);
	if (!err)
		adit_notify_pppoe(ADIT_CMD_PPPOE_SET, p);
	adit_nl_leave(an);
	return err;
}

int adit_nl_pppoe_del(struct sk_buff *skb, struct genl_info *info)
{
	struct adit_pppoe *p;
	struct adit_net *an;
	int err = adit_nl_enter(info, &an);

	if (err)
		return err;
	p = adit_nl_pppoe(an, info);
	if (IS_ERR(p))
		err = PTR_ERR(p);
	else
		adit_remove_pppoe(p);
	adit_nl_leave(an);
	return err;
}

int adit_nl_pppoe_get(struct sk_buff *skb, struct genl_info *info)
{
	struct adit_pppoe *p;
	struct adit_net *an;
	int err = adit_nl_enter(info, &an);

	if (err)
		return err;
	p = adit_nl_pppoe(an, info);
	err = IS_ERR(p) ? PTR_ERR(p) :
			  adit_nl_reply(info, ADIT_CMD_PPPOE_GET,
					adit_put_pppoe, p);
	adit_nl_leave(an);
	return err;
}

/* What is new goes to a bucket's head, so a bucket falls in serial. */
static int dump_bucket(struct sk_buff *msg, struct netlink_callback *cb,
		       const struct hlist_head *bucket)
{
	struct nlattr **a = adit_dump_attrs(cb);
	struct nlattr *only = a[ADIT_A_IFINDEX];
	struct adit_pppoe *p;
	int err;

	hlist_for_each_entry(p, bucket, hash) {
		if (cb->args[1] && p->cold.serial >= cb->args[1])
			continue;
		if (only && p->port->dev->ifindex != nla_get_u32(only))
			continue;
		if (!adit_nl_wanted(&p->link, a))
			continue;
		err = adit_nl_dump_one(msg, cb, ADIT_CMD_PPPOE_GET,
				       adit_put_pppoe, p);
		if (err)
			return err;
		cb->args[1] = p->cold.serial;
	}
	return 0;
}

/* args: the bucket to go on with, the serial of its last one that was shown. */
int adit_nl_pppoe_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	struct adit_net *an = adit_net(sock_net(msg->sk));
	int err = 0;
	long i;

	mutex_lock(&an->lock);
	for (i = cb->args[0]; an->started && i < 1 << ADIT_PPPOE_BITS; i++) {
		err = dump_bucket(msg, cb, &an->pppoes[i]);
		if (err)
			break;
		cb->args[1] = 0;
	}
	cb->args[0] = i;
	mutex_unlock(&an->lock);
	return adit_nl_dump_end(msg, err);
}
