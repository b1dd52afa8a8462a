// SPDX-License-Identifier: GPL-2.0
/* Arguments, replies and dumps of the netlink commands; see nl.h. */
#include "nl.h"

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <net/ipv6.h>

#include "batch.h"
#include "link.h"
#include "pppoe.h"
#include "session.h"
#include "sysfs.h"
#include "tunnel.h"

int adit_nl_missing(struct genl_info *info, const char *text)
{
	info->extack->_msg = text;
	return -EINVAL;
}

int adit_nl_check_ip(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	if (nla_len(attr) == 4 || nla_len(attr) == 16)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "address must have 4 or 16 bytes");
	return -EINVAL;
}

u8 adit_nl_ip(const struct nlattr *attr, struct adit_ip *ip)
{
	if (nla_len(attr) == 16) {
		ip->a = nla_get_in6_addr(attr);
		return AF_INET6;
	}
	ipv6_addr_set_v4mapped(nla_get_in_addr(attr), &ip->a);
	return AF_INET;
}

void adit_nl_label(const struct nlattr *attr, char out[ADIT_LABEL_MAX + 1])
{
	if (attr)
		nla_strscpy(out, attr, ADIT_LABEL_MAX + 1);
}

int adit_nl_cold(struct adit_cold *cold, struct nlattr **a,
		 struct netlink_ext_ack *extack)
{
	if (a[ADIT_A_LABEL]) {
		char *label = nla_strdup(a[ADIT_A_LABEL], GFP_KERNEL_ACCOUNT);

		if (!label) {
			NL_SET_ERR_MSG(extack, "no memory for the label");
			return -ENOMEM;
		}
		kfree(cold->label);
		cold->label = label;
	}
	if (a[ADIT_A_COOKIE])
		WRITE_ONCE(cold->cookie, nla_get_u64(a[ADIT_A_COOKIE]));
	return 0;
}

static u16 get_vlan(const struct nlattr *a)
{
	return a ? nla_get_u16(a) : 0;
}

/* The policy cannot check the tag: its own check of a number warns in 6.1 when
 * the policy is shown to somebody.
 */
int adit_nl_eth(struct adit_eth *eth, struct nlattr **a,
		struct netlink_ext_ack *extack)
{
	eth->vlan_outer = get_vlan(a[ADIT_A_VLAN_OUTER]);
	eth->vlan_inner = get_vlan(a[ADIT_A_VLAN_INNER]);
	eth->vlan_proto = htons(eth->vlan_inner ? ETH_P_8021AD : ETH_P_8021Q);
	if (a[ADIT_A_VLAN_PROTO])
		eth->vlan_proto = htons(nla_get_u16(a[ADIT_A_VLAN_PROTO]));
	ether_addr_copy(eth->mac, nla_data(a[ADIT_A_MAC]));
	if (eth->vlan_inner && !eth->vlan_outer) {
		NL_SET_ERR_MSG_ATTR(extack, a[ADIT_A_VLAN_INNER],
				    "inner VLAN without an outer one");
		return -EINVAL;
	}
	if (eth_type_vlan(eth->vlan_proto))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, a[ADIT_A_VLAN_PROTO],
			    "VLAN tag is neither 8100 nor 88a8");
	return -EINVAL;
}

int adit_nl_enter(struct genl_info *info, struct adit_net **an)
{
	*an = adit_net(genl_info_net(info));
	mutex_lock(&(*an)->lock);
	if ((*an)->started && !(*an)->dying)
		return 0;
	mutex_unlock(&(*an)->lock);
	NL_SET_ERR_MSG(info->extack, "there is no endpoint and no port here");
	return -ENOENT;
}

void adit_nl_leave(struct adit_net *an)
{
	mutex_unlock(&an->lock);
}

int adit_nl_enter_new(struct genl_info *info, struct adit_net **an)
{
	int err;

	*an = adit_net(genl_info_net(info));
	rtnl_lock();
	mutex_lock(&(*an)->lock);
	err = adit_net_start(*an);
	if (!err)
		err = adit_anchor_create(*an);
	if (!err)
		err = adit_batch_start(*an);
	if (!err)
		return 0;
	NL_SET_ERR_MSG(info->extack, "no memory for tables or anchor device");
	adit_nl_leave_rtnl(*an);
	return err;
}

int adit_nl_enter_rtnl(struct genl_info *info, struct adit_net **an)
{
	int err;

	rtnl_lock();
	err = adit_nl_enter(info, an);
	if (err)
		rtnl_unlock();
	return err;
}

void adit_nl_leave_rtnl(struct adit_net *an)
{
	mutex_unlock(&an->lock);
	rtnl_unlock();
}

struct adit_tunnel *adit_nl_tunnel(struct adit_net *an, struct genl_info *info)
{
	struct nlattr *id = info->attrs[ADIT_A_TUNNEL_ID];
	struct adit_tunnel *t;

	if (!id) {
		adit_nl_missing(info, "tunnel id is missing");
		return ERR_PTR(-EINVAL);
	}
	t = adit_tunnel_find(an, nla_get_u16(id));
	if (!t) {
		NL_SET_ERR_MSG(info->extack, "no such tunnel");
		return ERR_PTR(-ENOENT);
	}
	return t;
}

static struct adit_link *session_link(struct adit_net *an, struct nlattr **a,
				      struct netlink_ext_ack *extack)
{
	struct adit_session *s;

	if (!a[ADIT_A_SESSION_ID]) {
		NL_SET_ERR_MSG(extack, "session id is missing");
		return ERR_PTR(-EINVAL);
	}
	s = adit_session_find(an, nla_get_u16(a[ADIT_A_TUNNEL_ID]),
			      nla_get_u16(a[ADIT_A_SESSION_ID]));
	if (!s) {
		NL_SET_ERR_MSG(extack, "no such session");
		return ERR_PTR(-ENOENT);
	}
	return &s->link;
}

static struct adit_link *pppoe_link(struct adit_net *an, struct nlattr **a,
				    struct netlink_ext_ack *extack)
{
	struct adit_port *port;
	struct adit_pppoe *p;

	if (!a[ADIT_A_SESSION_ID] || !a[ADIT_A_IFINDEX]) {
		NL_SET_ERR_MSG(extack, "interface or session id is missing");
		return ERR_PTR(-EINVAL);
	}
	port = adit_port_find(an, nla_get_u32(a[ADIT_A_IFINDEX]));
	if (!port) {
		NL_SET_ERR_MSG(extack, "no such port");
		return ERR_PTR(-ENOENT);
	}
	p = adit_pppoe_find(port, get_vlan(a[ADIT_A_VLAN_OUTER]),
			    get_vlan(a[ADIT_A_VLAN_INNER]),
			    nla_get_u16(a[ADIT_A_SESSION_ID]));
	if (!p) {
		NL_SET_ERR_MSG(extack, "no such pppoe");
		return ERR_PTR(-ENOENT);
	}
	return &p->link;
}

struct adit_session *adit_nl_session(struct adit_net *an,
				     struct genl_info *info)
{
	struct adit_link *l;

	if (!info->attrs[ADIT_A_TUNNEL_ID]) {
		adit_nl_missing(info, "tunnel id is missing");
		return ERR_PTR(-EINVAL);
	}
	l = session_link(an, info->attrs, info->extack);
	return IS_ERR(l) ? ERR_CAST(l) : adit_session_of(l);
}

struct adit_pppoe *adit_nl_pppoe(struct adit_net *an, struct genl_info *info)
{
	struct adit_link *l = pppoe_link(an, info->attrs, info->extack);

	return IS_ERR(l) ? ERR_CAST(l) : adit_pppoe_of(l);
}

struct adit_link *adit_nl_link(struct adit_net *an, const struct nlattr *nest,
			       struct netlink_ext_ack *extack)
{
	struct nlattr *a[ADIT_A_MAX + 1];
	int err;

	err = nla_parse_nested(a, ADIT_A_MAX, nest, NULL, extack);
	if (err)
		return ERR_PTR(err);
	if (a[ADIT_A_TUNNEL_ID])
		return session_link(an, a, extack);
	return pppoe_link(an, a, extack);
}

int adit_nl_reply(struct genl_info *info, int cmd, adit_put_fn *put,
		  void *object)
{
	struct sk_buff *msg = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	void *head;

	if (!msg) {
		NL_SET_ERR_MSG(info->extack, "no memory for the reply");
		return -ENOMEM;
	}
	head = genlmsg_put_reply(msg, info, &adit_genl, 0, cmd);
	if (!head || put(msg, object)) {
		nlmsg_free(msg);
		NL_SET_ERR_MSG(info->extack, "reply does not fit");
		return -EMSGSIZE;
	}
	genlmsg_end(msg, head);
	return genlmsg_reply(msg, info);
}

int adit_nl_dump_one(struct sk_buff *msg, struct netlink_callback *cb, int cmd,
		     adit_put_fn *put, void *object)
{
	void *head = genlmsg_put(msg, NETLINK_CB(cb->skb).portid,
				 cb->nlh->nlmsg_seq, &adit_genl, NLM_F_MULTI,
				 cmd);

	if (!head)
		return -EMSGSIZE;
	if (put(msg, object)) {
		genlmsg_cancel(msg, head);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, head);
	return 0;
}

bool adit_nl_wanted(struct adit_link *link, struct nlattr *const *a)
{
	const struct adit_cold *cold = adit_link_cold(link);
	const struct adit_term *term = adit_link_term(link);

	if (a[ADIT_A_LABEL] && nla_strcmp(a[ADIT_A_LABEL], cold->label ?: ""))
		return false;
	if (a[ADIT_A_COOKIE] && nla_get_u64(a[ADIT_A_COOKIE]) != cold->cookie)
		return false;
	return !a[ADIT_A_TO_IFINDEX] ||
	       (term &&
		term->dev->ifindex == nla_get_u32(a[ADIT_A_TO_IFINDEX]));
}

/* 0 would end the dump: only an empty message is one that nothing fits. */
int adit_nl_dump_end(const struct sk_buff *msg, int err)
{
	return msg->len ?: err;
}
