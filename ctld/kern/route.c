/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices and addresses at start-up. Addresses are libnl-route's; devices, whose kind
 * that library does not know, are messages of kern/route_msg.
 */
#include "kern/route.h"

#include "kern/nl.h"
#include "kern/route_msg.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/adit.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/addr.h>
#include <netlink/errno.h>
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/socket.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

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

static int make_device(int fd, const char *name, uint32_t master,
		       char err[KNL_ERROR_MAX])
{
	uint8_t request[512] __attribute__((aligned(8)));
	struct nlmsghdr *msg = mnl_nlmsg_put_header(request);
	struct kern_device d = { .name = name, .master = master };
	int rc;

	msg->nlmsg_type = RTM_NEWLINK;
	msg->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE |
			   NLM_F_EXCL;
	route_msg_device(msg, &d);
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

/* One of before may be elsewhere. */
static int set_up(int fd, uint32_t ifindex, uint32_t master,
		  char err[KNL_ERROR_MAX])
{
	uint8_t request[256] __attribute__((aligned(8)));
	struct nlmsghdr *msg = link_message(request, 0);
	struct ifinfomsg *info = mnl_nlmsg_get_payload(msg);

	info->ifi_index = (int)ifindex;
	info->ifi_flags = IFF_UP;
	info->ifi_change = IFF_UP;
	mnl_attr_put_u32(msg, IFLA_MASTER, master);
	return knl_talk(fd, msg, NULL, NULL, err);
}

bool route_index_is_free(uint32_t ifindex)
{
	char name[IF_NAMESIZE];

	return !if_indextoname(ifindex, name);
}

int route_ifindex(const char *name, uint32_t *ifindex)
{
	unsigned int index = if_nametoindex(name);

	if (!index)
		return -ENODEV;
	*ifindex = index;
	return 0;
}

int route_device(const char *name, uint32_t master, uint32_t *ifindex,
		 char err[ROUTE_ERROR_MAX])
{
	char text[KNL_ERROR_MAX] = "";
	int fd, rc;

	if (!name[0] || strlen(name) >= IF_NAMESIZE) {
		snprintf(err, ROUTE_ERROR_MAX, "device %.40s: no such name",
			 name);
		return -EINVAL;
	}
	fd = knl_open(NETLINK_ROUTE, false);
	rc = fd < 0 ? fd : make_device(fd, name, master, text);
	if (!rc)
		rc = route_ifindex(name, ifindex);
	if (!rc)
		rc = check_kind(fd, *ifindex, text);
	if (!rc)
		rc = set_up(fd, *ifindex, master, text);
	knl_close(fd);
	if (rc)
		snprintf(err, ROUTE_ERROR_MAX, "device %s: %.120s", name,
			 text[0] ? text : strerror(-rc));
	return rc;
}

/* ---------------------------------------------------------------- addresses */

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

bool route_forwards6(void)
{
	int fd = open("/proc/sys/net/ipv6/conf/all/forwarding",
		      O_RDONLY | O_CLOEXEC);
	char c = '0';

	if (fd < 0 || read(fd, &c, 1) != 1)
		c = '0';
	if (fd >= 0)
		close(fd);
	return c != '0';
}

uint32_t route_mtu(const char *name)
{
	struct ifreq ifr = { 0 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int rc;

	if (fd < 0)
		return 0;
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	rc = ioctl(fd, SIOCGIFMTU, &ifr);
	close(fd);
	return rc ? 0 : (uint32_t)ifr.ifr_mtu;
}
