/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dumps of links and routes, filtered by the kernel; see route_found.h. Called by
 * bng/network and bng/fib.
 */
#include "kern/route_found.h"

#include "kern/nl.h"
#include "kern/route_msg.h"

#include <errno.h>
#include <linux/adit.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REQUEST_MAX 512

static int open_route(bool strict)
{
	int fd = knl_open(NETLINK_ROUTE, false), one = 1;

	/* A kernel that does not filter tells all; what comes is looked at. */
	if (fd >= 0 && strict)
		setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &one,
			   sizeof(one));
	return fd;
}

static int complain(int rc, const char *what, const char *text,
		    char err[ROUTE_ERROR_MAX])
{
	if (rc < 0)
		snprintf(err, ROUTE_ERROR_MAX, "%s: %.120s", what,
			 text[0] ? text : strerror(-rc));
	return rc;
}

/* -------------------------------------------------------------------- links */

struct links {
	const char *kind;
	void (*fn)(void *ctx, const char *name, uint32_t ifindex,
		   uint32_t table);
	void (*device)(void *ctx, const char *name, uint32_t ifindex);
	void *ctx;
};

struct link_found {
	const char *name;
	bool of_kind;
	uint32_t table;
};

static void take_info(const struct links *l, const struct nlattr *info,
		      struct link_found *f)
{
	const struct nlattr *a, *b;

	mnl_attr_for_each_nested(a, info) {
		if (mnl_attr_get_type(a) == IFLA_INFO_KIND &&
		    mnl_attr_validate(a, MNL_TYPE_STRING) >= 0)
			f->of_kind = !strncmp(mnl_attr_get_str(a), l->kind,
					      mnl_attr_get_payload_len(a));
		if (mnl_attr_get_type(a) != IFLA_INFO_DATA)
			continue;
		mnl_attr_for_each_nested(b, a) {
			if (mnl_attr_get_type(b) == IFLA_VRF_TABLE &&
			    mnl_attr_validate(b, MNL_TYPE_U32) >= 0)
				f->table = mnl_attr_get_u32(b);
		}
	}
}

static void take_link(const struct nlmsghdr *msg, void *ctx)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(msg);
	const struct links *l = ctx;
	struct link_found f = { 0 };
	const struct nlattr *a;

	if (msg->nlmsg_type != RTM_NEWLINK ||
	    mnl_nlmsg_get_payload_len(msg) < sizeof(*info))
		return;
	mnl_attr_for_each(a, msg, sizeof(*info)) {
		if (mnl_attr_get_type(a) == IFLA_IFNAME &&
		    mnl_attr_validate(a, MNL_TYPE_NUL_STRING) >= 0)
			f.name = mnl_attr_get_str(a);
		if (mnl_attr_get_type(a) == IFLA_LINKINFO)
			take_info(l, a, &f);
	}
	if (!f.name || !f.of_kind)
		return;
	if (l->fn)
		l->fn(l->ctx, f.name, (uint32_t)info->ifi_index, f.table);
	else
		l->device(l->ctx, f.name, (uint32_t)info->ifi_index);
}

/* -EINTR: it changed meanwhile, which is no matter: what was there was told. */
static int dump_links(struct links *l, char err[ROUTE_ERROR_MAX])
{
	uint8_t request[REQUEST_MAX] __attribute__((aligned(8)));
	struct nlmsghdr *msg = mnl_nlmsg_put_header(request);
	char text[KNL_ERROR_MAX] = "";
	struct ifinfomsg *info;
	struct nlattr *nest;
	int fd = open_route(false), rc;

	msg->nlmsg_type = RTM_GETLINK;
	msg->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	info = mnl_nlmsg_put_extra_header(msg, sizeof(*info));
	info->ifi_family = AF_UNSPEC;
	nest = mnl_attr_nest_start(msg, IFLA_LINKINFO);
	mnl_attr_put_strz(msg, IFLA_INFO_KIND, l->kind);
	mnl_attr_nest_end(msg, nest);
	rc = fd < 0 ? fd : knl_talk(fd, msg, take_link, l, text);
	knl_close(fd);
	/* A kernel without this kind has none of it. */
	if (rc == -EINTR || rc == -EOPNOTSUPP)
		rc = 0;
	return complain(rc, "devices", text, err);
}

int route_vrfs(void (*fn)(void *ctx, const char *name, uint32_t ifindex,
			  uint32_t table),
	       void *ctx, char err[ROUTE_ERROR_MAX])
{
	struct links l = { .kind = "vrf", .fn = fn, .ctx = ctx };

	return dump_links(&l, err);
}

int route_devices(void (*fn)(void *ctx, const char *name, uint32_t ifindex),
		  void *ctx, char err[ROUTE_ERROR_MAX])
{
	struct links l = { .kind = ADIT_RTNL_KIND, .device = fn, .ctx = ctx };

	return dump_links(&l, err);
}

/* ------------------------------------------------------------------- routes */

struct sweep {
	bool (*keep)(void *ctx, const struct kern_route *r);
	void *ctx;
	struct kern_route *gone;
	size_t n, size;
};

static bool read_route(const struct nlmsghdr *msg, struct kern_route *r)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(msg);
	const struct nlattr *a;

	if (msg->nlmsg_type != RTM_NEWROUTE ||
	    mnl_nlmsg_get_payload_len(msg) < sizeof(*rtm) ||
	    rtm->rtm_protocol != ROUTE_PROTOCOL_ADIT ||
	    (rtm->rtm_flags & RTM_F_CLONED))
		return false;
	*r = (struct kern_route){ .table = rtm->rtm_table };
	r->to.net.family = rtm->rtm_family;
	r->to.len = rtm->rtm_dst_len;
	mnl_attr_for_each(a, msg, sizeof(*rtm)) {
		size_t len = mnl_attr_get_payload_len(a);

		if (mnl_attr_get_type(a) == RTA_DST &&
		    len == addr_len(&r->to.net))
			memcpy(r->to.net.b, mnl_attr_get_payload(a), len);
		if (len != 4)
			continue;
		if (mnl_attr_get_type(a) == RTA_TABLE)
			r->table = mnl_attr_get_u32(a);
		if (mnl_attr_get_type(a) == RTA_OIF)
			r->ifindex = mnl_attr_get_u32(a);
		if (mnl_attr_get_type(a) == RTA_PRIORITY)
			r->metric = mnl_attr_get_u32(a);
	}
	if (r->table == RT_TABLE_MAIN)
		r->table = 0;
	return true;
}

static void take_route(const struct nlmsghdr *msg, void *ctx)
{
	struct sweep *s = ctx;
	struct kern_route r;

	if (!read_route(msg, &r) || s->keep(s->ctx, &r))
		return;
	if (s->n == s->size) {
		s->size = s->size ? 2 * s->size : 64;
		s->gone = realloc(s->gone, s->size * sizeof(*s->gone));
		if (!s->gone)
			abort();
	}
	s->gone[s->n++] = r;
}

static int dump_routes(int fd, uint8_t family, struct sweep *s,
		       char text[KNL_ERROR_MAX])
{
	uint8_t request[REQUEST_MAX] __attribute__((aligned(8)));
	struct nlmsghdr *msg = mnl_nlmsg_put_header(request);
	struct rtmsg *rtm = mnl_nlmsg_put_extra_header(msg, sizeof(*rtm));
	int rc;

	msg->nlmsg_type = RTM_GETROUTE;
	msg->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	rtm->rtm_family = family;
	rtm->rtm_protocol = ROUTE_PROTOCOL_ADIT;
	rc = knl_talk(fd, msg, take_route, s, text);
	return rc == -EINTR ? 0 : rc;
}

static int remove_route(int fd, const struct kern_route *r)
{
	uint8_t request[REQUEST_MAX] __attribute__((aligned(8)));
	struct nlmsghdr *msg = mnl_nlmsg_put_header(request);
	char text[KNL_ERROR_MAX];

	msg->nlmsg_type = RTM_DELROUTE;
	msg->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	route_msg_route(msg, r);
	return knl_talk(fd, msg, NULL, NULL, text);
}

int route_sweep(bool (*keep)(void *ctx, const struct kern_route *r), void *ctx,
		char err[ROUTE_ERROR_MAX])
{
	struct sweep s = { .keep = keep, .ctx = ctx };
	char text[KNL_ERROR_MAX] = "";
	int fd = open_route(true);
	int rc = fd < 0 ? fd : dump_routes(fd, AF_INET, &s, text);

	if (!rc)
		rc = dump_routes(fd, AF_INET6, &s, text);
	for (size_t i = 0; i < s.n; i++)
		remove_route(fd, &s.gone[i]);
	free(s.gone);
	knl_close(fd);
	return rc ? complain(rc, "routes", text, err) : (int)s.n;
}
