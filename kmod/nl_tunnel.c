// SPDX-License-Identifier: GPL-2.0
/*
 * Commands of endpoints and tunnels. They check, call, tell; the objects do the
 * rest. Context: process.
 */
#include "nl_tunnel.h"

#include <linux/netdevice.h>
#include <net/ipv6.h>

#include "early.h"
#include "endpoint.h"
#include "l2tp_error.h"
#include "l2tp_rx.h"
#include "reassembly.h"
#include "report.h"
#include "sysfs_tunnel.h"
#include "teardown.h"
#include "tunnel.h"

static const struct adit_endpoint_ops endpoint_ops = {
	.rcv = adit_l2tp_rcv,
	.error = adit_l2tp_error,
	.check_error = adit_l2tp_check_error,
};

int adit_nl_endpoint_new(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr **a = info->attrs;
	struct adit_endpoint *ep;
	u16 port = ADIT_L2TP_PORT;
	struct adit_net *an;
	struct adit_ip ip;
	u8 family;
	int err;

	if (!a[ADIT_A_LOCAL])
		return adit_nl_missing(info, "local address is missing");
	family = adit_nl_ip(a[ADIT_A_LOCAL], &ip);
	if (a[ADIT_A_LOCAL_PORT])
		port = nla_get_u16(a[ADIT_A_LOCAL_PORT]);
	err = adit_nl_enter_new(info, &an);
	if (err)
		return err;
	err = adit_reassembly_start(an) ?: adit_early_start(an);
	if (err) {
		NL_SET_ERR_MSG(info->extack, "netfilter hooks were refused");
		goto out;
	}
	ep = adit_endpoint_create(an, family, &ip, htons(port),
				  a[ADIT_A_IFINDEX] ?
					  nla_get_u32(a[ADIT_A_IFINDEX]) :
					  0,
				  &endpoint_ops, info->extack);
	if (IS_ERR(ep)) {
		err = PTR_ERR(ep);
	} else {
		/* Who does not learn its id cannot remove it. */
		err = adit_nl_reply(info, ADIT_CMD_ENDPOINT_NEW,
				    adit_put_endpoint, ep);
		if (err)
			adit_endpoint_destroy(ep);
		else
			adit_notify_endpoint(ADIT_CMD_ENDPOINT_NEW, ep);
	}
out:
	adit_nl_leave_rtnl(an);
	return err;
}

static struct adit_endpoint *endpoint_of(struct adit_net *an,
					 struct genl_info *info)
{
	struct nlattr *id = info->attrs[ADIT_A_ENDPOINT_ID];
	struct adit_endpoint *ep;

	if (!id) {
		adit_nl_missing(info, "endpoint id is missing");
		return ERR_PTR(-EINVAL);
	}
	ep = adit_endpoint_find(an, nla_get_u32(id));
	if (!ep) {
		NL_SET_ERR_MSG(info->extack, "no such endpoint");
		return ERR_PTR(-ENOENT);
	}
	return ep;
}

int adit_nl_endpoint_del(struct sk_buff *skb, struct genl_info *info)
{
	struct adit_endpoint *ep;
	struct adit_net *an;
	int err = adit_nl_enter(info, &an);

	if (err)
		return err;
	ep = endpoint_of(an, info);
	if (IS_ERR(ep)) {
		err = PTR_ERR(ep);
	} else if (ep->n_tunnels) {
		NL_SET_ERR_MSG(info->extack, "endpoint has tunnels");
		err = -EBUSY;
	} else {
		adit_notify_endpoint(ADIT_CMD_ENDPOINT_DEL, ep);
		adit_endpoint_destroy(ep);
	}
	adit_nl_leave(an);
	return err;
}

int adit_nl_endpoint_get(struct sk_buff *skb, struct genl_info *info)
{
	struct adit_endpoint *ep;
	struct adit_net *an;
	int err = adit_nl_enter(info, &an);

	if (err)
		return err;
	ep = endpoint_of(an, info);
	err = IS_ERR(ep) ? PTR_ERR(ep) :
			   adit_nl_reply(info, ADIT_CMD_ENDPOINT_GET,
					 adit_put_endpoint, ep);
	adit_nl_leave(an);
	return err;
}

/* Ids only rise: the last one shown is where to go on. */
int adit_nl_endpoint_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	struct adit_net *an = adit_net(sock_net(msg->sk));
	struct adit_endpoint *ep;
	int err = 0;

	mutex_lock(&an->lock);
	list_for_each_entry(ep, &an->endpoints, list) {
		if (ep->id <= cb->args[0])
			continue;
		err = adit_nl_dump_one(msg, cb, ADIT_CMD_ENDPOINT_GET,
				       adit_put_endpoint, ep);
		if (err)
			break;
		cb->args[0] = ep->id;
	}
	mutex_unlock(&an->lock);
	return adit_nl_dump_end(msg, err);
}

/* What the endpoint's family allows. */
static int check_csum(const struct adit_endpoint *ep, struct genl_info *info)
{
	struct nlattr *csum = info->attrs[ADIT_A_UDP_CSUM];

	if (ep->family != AF_INET6 || !csum || nla_get_u8(csum))
		return 0;
	NL_SET_ERR_MSG(info->extack, "IPv6 needs the UDP checksum");
	return -EOPNOTSUPP;
}

static int check_remote(const struct adit_endpoint *ep, u8 family,
			const struct adit_ip *ip, struct genl_info *info)
{
	__be32 v4 = ip->a.s6_addr32[3];
	bool ok;

	if (family != ep->family) {
		NL_SET_ERR_MSG(info->extack,
			       "remote address is not of the endpoint's family");
		return -EINVAL;
	}
	if (family == AF_INET6)
		ok = ipv6_addr_type(&ip->a) & IPV6_ADDR_UNICAST;
	else
		ok = !ipv4_is_zeronet(v4) && !ipv4_is_multicast(v4) &&
		     !ipv4_is_lbcast(v4);
	if (!ok) {
		NL_SET_ERR_MSG(info->extack, "remote address is not unicast");
		return -EINVAL;
	}
	return 0;
}

static u8 with_flag(u8 flags, u8 flag, bool on)
{
	return on ? flags | flag : flags & ~flag;
}

static void set_outer(struct adit_tunnel *t, struct nlattr **a)
{
	u8 outer = t->outer;

	if (a[ADIT_A_DSCP]) {
		u8 dscp = nla_get_u8(a[ADIT_A_DSCP]);
		bool inherit = dscp == ADIT_DSCP_INHERIT;

		WRITE_ONCE(t->tos, inherit ? 0 : dscp << 2);
		outer = with_flag(outer, ADIT_OUTER_DSCP, inherit);
	}
	if (a[ADIT_A_ECN])
		outer = with_flag(outer, ADIT_OUTER_ECN,
				  nla_get_u8(a[ADIT_A_ECN]));
	if (a[ADIT_A_IPSEC])
		outer = with_flag(outer, ADIT_OUTER_IPSEC,
				  nla_get_u8(a[ADIT_A_IPSEC]));
	if (a[ADIT_A_DF]) {
		u8 df = nla_get_u8(a[ADIT_A_DF]);

		outer = with_flag(outer, ADIT_OUTER_DF, df == ADIT_DF_ON);
		outer = with_flag(outer, ADIT_OUTER_DF_INHERIT,
				  df == ADIT_DF_INHERIT);
	}
	WRITE_ONCE(t->outer, outer);
}

static void set_tunnel(struct adit_tunnel *t, struct nlattr **a)
{
	if (a[ADIT_A_PEER_TUNNEL_ID])
		WRITE_ONCE(t->peer_id, nla_get_u16(a[ADIT_A_PEER_TUNNEL_ID]));
	if (a[ADIT_A_REMOTE_PORT])
		WRITE_ONCE(t->remote_port,
			   htons(nla_get_u16(a[ADIT_A_REMOTE_PORT])));
	if (a[ADIT_A_UDP_CSUM])
		WRITE_ONCE(t->udp_csum, nla_get_u8(a[ADIT_A_UDP_CSUM]));
	set_outer(t, a);
	if (a[ADIT_A_COOKIE])
		t->cookie = nla_get_u64(a[ADIT_A_COOKIE]);
	adit_nl_label(a[ADIT_A_LABEL], t->label);
}

/* Where it is sent to, and where it comes from. */
static int set_place(struct adit_tunnel *t, const struct adit_endpoint *ep,
		     struct genl_info *info)
{
	struct nlattr **a = info->attrs;
	u8 family = adit_nl_ip(a[ADIT_A_REMOTE], &t->remote);
	int err = check_remote(ep, family, &t->remote, info);

	if (err)
		return err;
	if (!a[ADIT_A_FROM] && !a[ADIT_A_FROM_PORT])
		return 0;
	t->outer |= ADIT_OUTER_MOVED;
	t->from = t->remote;
	t->from_port = t->remote_port;
	if (a[ADIT_A_FROM_PORT])
		t->from_port = htons(nla_get_u16(a[ADIT_A_FROM_PORT]));
	if (!a[ADIT_A_FROM])
		return 0;
	family = adit_nl_ip(a[ADIT_A_FROM], &t->from);
	return check_remote(ep, family, &t->from, info);
}

static struct adit_tunnel *new_tunnel(struct adit_net *an,
				      struct genl_info *info)
{
	struct adit_tunnel *as, *t;
	struct nlattr **a = info->attrs;
	struct adit_endpoint *ep = endpoint_of(an, info);
	int err;

	if (IS_ERR(ep))
		return ERR_CAST(ep);
	as = kzalloc(sizeof(*as), GFP_KERNEL_ACCOUNT);
	if (!as) {
		NL_SET_ERR_MSG(info->extack, "no memory for the tunnel");
		return ERR_PTR(-ENOMEM);
	}
	as->udp_csum = 1;
	set_tunnel(as, a);
	err = set_place(as, ep, info) ?: check_csum(ep, info);
	t = err ? ERR_PTR(err) :
		  adit_tunnel_create(ep, nla_get_u16(a[ADIT_A_TUNNEL_ID]), as,
				     info->extack);
	kfree(as);
	return t;
}

int adit_nl_tunnel_new(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr **a = info->attrs;
	struct adit_tunnel *t;
	struct adit_net *an;
	int err;

	if (!a[ADIT_A_TUNNEL_ID] || !a[ADIT_A_PEER_TUNNEL_ID])
		return adit_nl_missing(info, "a tunnel id is missing");
	if (!a[ADIT_A_REMOTE] || !a[ADIT_A_REMOTE_PORT])
		return adit_nl_missing(info,
				       "remote address or port is missing");
	err = adit_nl_enter(info, &an);
	if (err)
		return err;
	t = new_tunnel(an, info);
	if (IS_ERR(t)) {
		err = PTR_ERR(t);
	} else {
		adit_sysfs_add_tunnel(t);
		adit_notify_tunnel(ADIT_CMD_TUNNEL_NEW, t);
	}
	adit_nl_leave(an);
	return err;
}

/* Its peer stays: packets on their way compare with it. */
static int check_set(const struct adit_tunnel *t, struct genl_info *info)
{
	struct nlattr *remote = info->attrs[ADIT_A_REMOTE];
	struct adit_ip ip;

	if (remote && (adit_nl_ip(remote, &ip) != t->family ||
		       !ipv6_addr_equal(&ip.a, &t->remote.a))) {
		NL_SET_ERR_MSG(info->extack,
			       "a tunnel's remote address cannot be changed");
		return -EOPNOTSUPP;
	}
	if (info->attrs[ADIT_A_FROM] || info->attrs[ADIT_A_FROM_PORT]) {
		NL_SET_ERR_MSG(info->extack,
			       "where a tunnel comes from cannot be changed");
		return -EOPNOTSUPP;
	}
	return check_csum(t->endpoint, info);
}

int adit_nl_tunnel_set(struct sk_buff *skb, struct genl_info *info)
{
	struct adit_tunnel *t;
	struct adit_net *an;
	int err = adit_nl_enter(info, &an);

	if (err)
		return err;
	t = adit_nl_tunnel(an, info);
	err = IS_ERR(t) ? PTR_ERR(t) : check_set(t, info);
	if (!err) {
		set_tunnel(t, info->attrs);
		adit_notify_tunnel(ADIT_CMD_TUNNEL_SET, t);
	}
	adit_nl_leave(an);
	return err;
}

int adit_nl_tunnel_del(struct sk_buff *skb, struct genl_info *info)
{
	struct adit_tunnel *t;
	struct adit_net *an;
	int err = adit_nl_enter(info, &an);

	if (err)
		return err;
	t = adit_nl_tunnel(an, info);
	if (IS_ERR(t)) {
		err = PTR_ERR(t);
	} else if (t->n_sessions && !info->attrs[ADIT_A_FORCE]) {
		NL_SET_ERR_MSG(info->extack, "tunnel has sessions");
		err = -EBUSY;
	} else {
		adit_remove_tunnel(t);
	}
	adit_nl_leave(an);
	return err;
}

int adit_nl_tunnel_get(struct sk_buff *skb, struct genl_info *info)
{
	struct adit_tunnel *t;
	struct adit_net *an;
	int err = adit_nl_enter(info, &an);

	if (err)
		return err;
	t = adit_nl_tunnel(an, info);
	err = IS_ERR(t) ? PTR_ERR(t) :
			  adit_nl_reply(info, ADIT_CMD_TUNNEL_GET,
					adit_put_tunnel, t);
	adit_nl_leave(an);
	return err;
}

int adit_nl_tunnel_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	struct adit_net *an = adit_net(sock_net(msg->sk));
	int err = 0;
	long id;

	mutex_lock(&an->lock);
	for (id = cb->args[0]; an->started && id < 65536; id++) {
		struct adit_tunnel *t = adit_tunnel_find(an, id);

		if (t)
			err = adit_nl_dump_one(msg, cb, ADIT_CMD_TUNNEL_GET,
					       adit_put_tunnel, t);
		if (err)
			break;
	}
	cb->args[0] = id;
	mutex_unlock(&an->lock);
	return adit_nl_dump_end(msg, err);
}
