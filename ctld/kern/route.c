/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices, addresses and routes at start-up. Addresses and routes are
 * libnl-route's; the device is a message of our own, as that library does not
 * know its kind.
 */
#include "kern/route.h"

#include "kern/nl.h"

#include <errno.h>
#include <linux/adit.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/addr.h>
#include <netlink/errno.h>
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>
#include <netlink/socket.h>
#include <stdio.h>
#include <string.h>

/* ------------------------------------------------------------------ devices */

static struct nlmsghdr *link_message(void *to, uint16_t flags)
{
	struct nlmsghdr *msg = mnl_nlmsg_put_header(to);
	struct ifinfomsg *info = mnl_nlmsg_put_extra_header(msg, sizeof(*info));

	msg->nlmsg_type = RTM_NEWLINK;
	msg->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	info->ifi_family = AF_UNSPEC;
	return msg;
}

static int make_device(int fd, const char *name, char err[KNL_ERROR_MAX])
{
	uint8_t request[512] __attribute__((aligned(8)));
	struct nlmsghdr *msg = link_message(request, NLM_F_CREATE | NLM_F_EXCL);
	struct nlattr *nest;
	int rc;

	mnl_attr_put_strz(msg, IFLA_IFNAME, name);
	nest = mnl_attr_nest_start(msg, IFLA_LINKINFO);
	mnl_attr_put_strz(msg, IFLA_INFO_KIND, ADIT_RTNL_KIND);
	mnl_attr_nest_end(msg, nest);
	rc = knl_talk(fd, msg, NULL, NULL, err);
	return rc == -EEXIST ? 0 : rc;
}

struct kind {
	bool ours;
};

static void take_kind(const struct nlmsghdr *msg, void *ctx)
{
	struct kind *k = ctx;
	const struct nlattr *a, *b;

	if (msg->nlmsg_type != RTM_NEWLINK ||
	    mnl_nlmsg_get_payload_len(msg) < sizeof(struct ifinfomsg))
		return;
	mnl_attr_for_each(a, msg, sizeof(struct ifinfomsg)) {
		if (mnl_attr_get_type(a) != IFLA_LINKINFO)
			continue;
		mnl_attr_for_each_nested(b, a) {
			if (mnl_attr_get_type(b) == IFLA_INFO_KIND &&
			    mnl_attr_validate(b, MNL_TYPE_STRING) >= 0)
				k->ours = !strncmp(mnl_attr_get_str(b),
						   ADIT_RTNL_KIND,
						   mnl_attr_get_payload_len(b));
		}
	}
}

/* A device of that name may be anything. */
static int check_kind(int fd, uint32_t ifindex, char err[KNL_ERROR_MAX])
{
	uint8_t request[256] __attribute__((aligned(8)));
	struct nlmsghdr *msg = link_message(request, 0);
	struct ifinfomsg *info = mnl_nlmsg_get_payload(msg);
	struct kind k = { false };
	int rc;

	msg->nlmsg_type = RTM_GETLINK;
	info->ifi_index = (int)ifindex;
	rc = knl_talk(fd, msg, take_kind, &k, err);
	if (rc || k.ours)
		return rc;
	snprintf(err, KNL_ERROR_MAX, "it is there, and not of kind \"%s\"",
		 ADIT_RTNL_KIND);
	return -EEXIST;
}

static int set_up(int fd, uint32_t ifindex, char err[KNL_ERROR_MAX])
{
	uint8_t request[256] __attribute__((aligned(8)));
	struct nlmsghdr *msg = link_message(request, 0);
	struct ifinfomsg *info = mnl_nlmsg_get_payload(msg);

	info->ifi_index = (int)ifindex;
	info->ifi_flags = IFF_UP;
	info->ifi_change = IFF_UP;
	return knl_talk(fd, msg, NULL, NULL, err);
}

int route_ifindex(const char *name, uint32_t *ifindex)
{
	unsigned int index = if_nametoindex(name);

	if (!index)
		return -ENODEV;
	*ifindex = index;
	return 0;
}

int route_device(const char *name, uint32_t *ifindex, char err[ROUTE_ERROR_MAX])
{
	char text[KNL_ERROR_MAX] = "";
	int fd, rc;

	if (!name[0] || strlen(name) >= IF_NAMESIZE) {
		snprintf(err, ROUTE_ERROR_MAX, "device %.40s: no such name",
			 name);
		return -EINVAL;
	}
	fd = knl_open(NETLINK_ROUTE, false);
	rc = fd < 0 ? fd : make_device(fd, name, text);
	if (!rc)
		rc = route_ifindex(name, ifindex);
	if (!rc)
		rc = check_kind(fd, *ifindex, text);
	if (!rc)
		rc = set_up(fd, *ifindex, text);
	knl_close(fd);
	if (rc)
		snprintf(err, ROUTE_ERROR_MAX, "device %s: %.120s", name,
			 text[0] ? text : strerror(-rc));
	return rc;
}

/* ----------------------------------------------------- addresses and routes */

/* The library's codes, as far as they matter. */
static int to_errno(int rc)
{
	switch (rc < 0 ? -rc : rc) {
	case NLE_SUCCESS:
		return 0;
	case NLE_EXIST:
		return -EEXIST;
	case NLE_NOMEM:
		return -ENOMEM;
	case NLE_PERM:
	case NLE_NOACCESS:
		return -EPERM;
	case NLE_NODEV:
		return -ENODEV;
	case NLE_INVAL:
		return -EINVAL;
	default:
		return -EIO;
	}
}

static int connect_route(struct nl_sock **out)
{
	struct nl_sock *sk = nl_socket_alloc();
	int rc;

	*out = NULL;
	if (!sk)
		return -NLE_NOMEM;
	rc = nl_connect(sk, NETLINK_ROUTE);
	if (rc < 0)
		nl_socket_free(sk);
	else
		*out = sk;
	return rc;
}

static struct nl_addr *make_addr(const struct addr *a, uint8_t prefix_len)
{
	struct nl_addr *n = nl_addr_build(a->family, a->b, addr_len(a));

	if (n)
		nl_addr_set_prefixlen(n, prefix_len);
	return n;
}

static int add_address(struct nl_sock *sk, uint32_t ifindex,
		       const struct addr *local)
{
	struct rtnl_addr *addr = rtnl_addr_alloc();
	struct nl_addr *n = make_addr(local, (uint8_t)(addr_len(local) * 8));
	int rc = addr && n ? 0 : -NLE_NOMEM;

	if (!rc) {
		rtnl_addr_set_ifindex(addr, (int)ifindex);
		rc = rtnl_addr_set_local(addr, n);
	}
	if (!rc)
		rc = rtnl_addr_add(sk, addr, NLM_F_CREATE | NLM_F_EXCL);
	nl_addr_put(n);
	rtnl_addr_put(addr);
	return rc == -NLE_EXIST ? 0 : rc;
}

int route_address(uint32_t ifindex, const struct addr *local,
		  char err[ROUTE_ERROR_MAX])
{
	char at[ADDR_STRLEN];
	struct nl_sock *sk;
	int rc = connect_route(&sk);

	if (rc >= 0)
		rc = add_address(sk, ifindex, local);
	if (sk)
		nl_socket_free(sk);
	if (rc < 0)
		snprintf(err, ROUTE_ERROR_MAX, "address %s: %.80s",
			 addr_str(local, at), nl_geterror(rc));
	return to_errno(rc < 0 ? rc : 0);
}

static int add_route(struct nl_sock *sk, uint32_t ifindex,
		     const struct addr *net, uint8_t prefix_len)
{
	struct rtnl_route *route = rtnl_route_alloc();
	struct rtnl_nexthop *hop = rtnl_route_nh_alloc();
	struct nl_addr *n = make_addr(net, prefix_len);
	int rc = route && hop && n ? 0 : -NLE_NOMEM;

	if (!rc) {
		rtnl_route_set_family(route, net->family);
		rtnl_route_set_table(route, RT_TABLE_MAIN);
		rtnl_route_set_protocol(route, ROUTE_PROTOCOL_ADIT);
		rtnl_route_set_scope(route, net->family == AF_INET ?
						    RT_SCOPE_LINK :
						    RT_SCOPE_UNIVERSE);
		rtnl_route_set_type(route, RTN_UNICAST);
		rc = rtnl_route_set_dst(route, n);
	}
	if (!rc) {
		rtnl_route_nh_set_ifindex(hop, (int)ifindex);
		rtnl_route_add_nexthop(route, hop);
		hop = NULL; /* the route's */
		rc = rtnl_route_add(sk, route, NLM_F_CREATE | NLM_F_REPLACE);
	}
	if (hop)
		rtnl_route_nh_free(hop);
	nl_addr_put(n);
	rtnl_route_put(route);
	return rc;
}

int route_prefix(uint32_t ifindex, const struct addr *net, uint8_t prefix_len,
		 char err[ROUTE_ERROR_MAX])
{
	char at[ADDR_STRLEN];
	struct nl_sock *sk;
	int rc = connect_route(&sk);

	if (rc >= 0)
		rc = add_route(sk, ifindex, net, prefix_len);
	if (sk)
		nl_socket_free(sk);
	if (rc < 0)
		snprintf(err, ROUTE_ERROR_MAX, "route %s/%u: %.70s",
			 addr_str(net, at), prefix_len, nl_geterror(rc));
	return to_errno(rc < 0 ? rc : 0);
}
