// SPDX-License-Identifier: GPL-2.0
/*
 * Commands of underlays: express receive on and off. Context: process.
 */
#include "nl_underlay.h"

#include <linux/netdevice.h>

#include "express.h"
#include "report.h"
#include "teardown.h"
#include "underlay.h"

static struct net_device *device_of(struct adit_net *an, struct genl_info *info)
{
	struct nlattr *ifindex = info->attrs[ADIT_A_IFINDEX];
	struct net_device *dev;

	if (!ifindex) {
		adit_nl_missing(info, "interface is missing");
		return ERR_PTR(-EINVAL);
	}
	dev = __dev_get_by_index(an->net, nla_get_u32(ifindex));
	if (dev)
		return dev;
	NL_SET_ERR_MSG(info->extack, "no such interface");
	return ERR_PTR(-ENODEV);
}

static struct adit_underlay *underlay_of(struct adit_net *an,
					 struct genl_info *info)
{
	struct net_device *dev = device_of(an, info);
	struct adit_underlay *u;

	if (IS_ERR(dev))
		return ERR_CAST(dev);
	u = adit_underlay_of(an, dev);
	if (u)
		return u;
	NL_SET_ERR_MSG(info->extack, "express receive is not on there");
	return ERR_PTR(-ENOENT);
}

int adit_nl_underlay_new(struct sk_buff *skb, struct genl_info *info)
{
	struct adit_underlay *u;
	struct net_device *dev;
	struct adit_net *an;
	int err;

	if (!info->attrs[ADIT_A_IFINDEX])
		return adit_nl_missing(info, "interface is missing");
	err = adit_nl_enter_new(info, &an);
	if (err)
		return err;
	dev = device_of(an, info);
	u = IS_ERR(dev) ? ERR_CAST(dev) :
			  adit_underlay_create(an, dev, adit_express_hook,
					       info->extack);
	if (IS_ERR(u))
		err = PTR_ERR(u);
	else
		adit_notify_underlay(ADIT_CMD_UNDERLAY_NEW, u);
	adit_nl_leave_rtnl(an);
	return err;
}

int adit_nl_underlay_del(struct sk_buff *skb, struct genl_info *info)
{
	struct adit_underlay *u;
	struct adit_net *an;
	int err = adit_nl_enter_rtnl(info, &an);

	if (err)
		return err;
	u = underlay_of(an, info);
	if (IS_ERR(u))
		err = PTR_ERR(u);
	else
		adit_remove_underlay(u);
	adit_nl_leave_rtnl(an);
	return err;
}

int adit_nl_underlay_get(struct sk_buff *skb, struct genl_info *info)
{
	struct adit_underlay *u;
	struct adit_net *an;
	int err = adit_nl_enter_rtnl(info, &an);

	if (err)
		return err;
	u = underlay_of(an, info);
	err = IS_ERR(u) ? PTR_ERR(u) :
			  adit_nl_reply(info, ADIT_CMD_UNDERLAY_GET,
					adit_put_underlay, u);
	adit_nl_leave_rtnl(an);
	return err;
}

/* args: the serial of the last one shown; the list rises in it. */
int adit_nl_underlay_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	struct adit_net *an = adit_net(sock_net(msg->sk));
	struct adit_underlay *u;
	int err = 0;

	mutex_lock(&an->lock);
	list_for_each_entry(u, &an->underlays, list) {
		if (u->serial <= cb->args[0])
			continue;
		err = adit_nl_dump_one(msg, cb, ADIT_CMD_UNDERLAY_GET,
				       adit_put_underlay, u);
		if (err)
			break;
		cb->args[0] = u->serial;
	}
	mutex_unlock(&an->lock);
	return adit_nl_dump_end(msg, err);
}
