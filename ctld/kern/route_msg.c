/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See route_msg.h. Called by kern/route, kern/route_found and kern/route_tx. */
#include "kern/route_msg.h"

#include <linux/adit.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

void route_msg_route(struct nlmsghdr *msg, const struct kern_route *r)
{
	struct rtmsg *rtm = mnl_nlmsg_put_extra_header(msg, sizeof(*rtm));
	uint32_t table = r->table ? r->table : RT_TABLE_MAIN;

	rtm->rtm_family = r->to.net.family;
	rtm->rtm_dst_len = r->to.len;
	rtm->rtm_protocol = ROUTE_PROTOCOL_ADIT;
	rtm->rtm_type = RTN_UNICAST;
	rtm->rtm_scope = r->to.net.family == AF_INET ? RT_SCOPE_LINK :
						       RT_SCOPE_UNIVERSE;
	rtm->rtm_table = table < 256 ? (uint8_t)table : RT_TABLE_UNSPEC;
	mnl_attr_put_u32(msg, RTA_TABLE, table);
	mnl_attr_put(msg, RTA_DST, addr_len(&r->to.net), r->to.net.b);
	if (r->ifindex)
		mnl_attr_put_u32(msg, RTA_OIF, r->ifindex);
	if (kern_route_metric(r))
		mnl_attr_put_u32(msg, RTA_PRIORITY, kern_route_metric(r));
}

void route_msg_device(struct nlmsghdr *msg, const struct kern_device *d)
{
	struct ifinfomsg *info = mnl_nlmsg_put_extra_header(msg, sizeof(*info));
	struct nlattr *nest, *data;

	info->ifi_family = AF_UNSPEC;
	info->ifi_index = (int)d->ifindex;
	info->ifi_flags = info->ifi_change = IFF_UP;
	mnl_attr_put_strz(msg, IFLA_IFNAME, d->name);
	if (d->mtu)
		mnl_attr_put_u32(msg, IFLA_MTU, d->mtu);
	if (d->master)
		mnl_attr_put_u32(msg, IFLA_MASTER, d->master);
	nest = mnl_attr_nest_start(msg, IFLA_LINKINFO);
	mnl_attr_put_strz(msg, IFLA_INFO_KIND, ADIT_RTNL_KIND);
	data = mnl_attr_nest_start(msg, IFLA_INFO_DATA);
	mnl_attr_put_u8(msg, IFLA_ADIT_MODE,
			d->p2p ? ADIT_MODE_P2P : ADIT_MODE_MULTIPOINT);
	mnl_attr_nest_end(msg, data);
	mnl_attr_nest_end(msg, nest);
}
