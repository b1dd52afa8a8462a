// SPDX-License-Identifier: GPL-2.0
/*
 * Commands of links: sessions, ports and pppoes, and what they are bound to.
 * Context: process.
 */
#include "nl_link.h"

#include <linux/etherdevice.h>
#include <linux/netdevice.h>

#include "addr.h"
#include "compat.h"
#include "device.h"
#include "link.h"
#include "pppoe.h"
#include "pppoe_rx.h"
#include "report.h"
#include "session.h"
#include "teardown.h"
#include "tunnel.h"

#define DEFAULT_MTU 1500

static void set_cold(struct adit_cold *cold, struct nlattr **a)
{
	if (a[ADIT_A_COOKIE])
		WRITE_ONCE(cold->cookie, nla_get_u64(a[ADIT_A_COOKIE]));
	adit_nl_label(a[ADIT_A_LABEL], cold->label.text);
}

/* --------------------------------------------------------------- sessions */

static struct adit_session *create_session(struct adit_net *an,
					   struct genl_info *info)
{
	struct adit_tunnel *t = adit_nl_tunnel(an, info);
	struct nlattr **a = info->attrs;
	u16 peer_id = 0;
	bool seq = false;

	if (IS_ERR(t))
		return ERR_CAST(t);
	if (a[ADIT_A_PEER_SESSION_ID])
		peer_id = nla_get_u16(a[ADIT_A_PEER_SESSION_ID]);
	if (a[ADIT_A_SEQ])
		seq = nla_get_u8(a[ADIT_A_SEQ]);
	return adit_session_create(t, nla_get_u16(a[ADIT_A_SESSION_ID]),
				   peer_id, seq, info->extack);
}

int adit_nl_session_new(struct sk_buff *skb, struct genl_info *info)
{
	struct adit_session *s;
	struct adit_net *an;
	int err;

	if (!info->attrs[ADIT_A_SESSION_ID])
		return adit_nl_missing(info, "session id is missing");
	err = adit_nl_enter(info, &an);
	if (err)
		return err;
	s = create_session(an, info);
	if (IS_ERR(s)) {
		err = PTR_ERR(s);
	} else {
		set_cold(&s->cold, info->attrs);
		adit_notify_session(ADIT_CMD_SESSION_NEW, s);
	}
	adit_nl_leave(an);
	return err;
}

int adit_nl_session_set(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr **a = info->attrs;
	struct adit_session *s;
	struct adit_net *an;
	int err = adit_nl_enter(info, &an);

	if (err)
		return err;
	s = adit_nl_session(an, info);
	if (IS_ERR(s)) {
		err = PTR_ERR(s);
	} else {
		if (a[ADIT_A_PEER_SESSION_ID])
			WRITE_ONCE(s->peer_id,
				   nla_get_u16(a[ADIT_A_PEER_SESSION_ID]));
		if (a[ADIT_A_SEQ])
			WRITE_ONCE(s->seq, nla_get_u8(a[ADIT_A_SEQ]));
		set_cold(&s->cold, a);
		adit_notify_session(ADIT_CMD_SESSION_SET, s);
	}
	adit_nl_leave(an);
	return err;
}

int adit_nl_session_del(struct sk_buff *skb, struct genl_info *info)
{
	struct adit_session *s;
	struct adit_net *an;
	int err = adit_nl_enter(info, &an);

	if (err)
		return err;
	s = adit_nl_session(an, info);
	if (IS_ERR(s))
		err = PTR_ERR(s);
	else
		adit_remove_session(s);
	adit_nl_leave(an);
	return err;
}

int adit_nl_session_get(struct sk_buff *skb, struct genl_info *info)
{
	struct adit_session *s;
	struct adit_net *an;
	int err = adit_nl_enter(info, &an);

	if (err)
		return err;
	s = adit_nl_session(an, info);
	err = IS_ERR(s) ? PTR_ERR(s) :
			  adit_nl_reply(info, ADIT_CMD_SESSION_GET,
					adit_put_session, s);
	adit_nl_leave(an);
	return err;
}

/* Of one tunnel, from the key on. False: the message is full. */
static bool dump_tunnel(struct sk_buff *msg, struct netlink_callback *cb,
			struct adit_tunnel *t)
{
	struct adit_session *s;
	long n = 0;

	list_for_each_entry(s, &t->sessions, of_tunnel) {
		if (n++ < cb->args[1])
			continue;
		if (adit_nl_dump_one(msg, cb, ADIT_CMD_SESSION_GET,
				     adit_put_session, s))
			return false;
		cb->args[1] = n;
	}
	return true;
}

/* args: tunnel to go on with, sessions of it that were shown. */
int adit_nl_session_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	struct nlattr *only = adit_dump_attrs(cb)[ADIT_A_TUNNEL_ID];
	struct adit_net *an = adit_net(sock_net(msg->sk));
	long id, last = only ? nla_get_u16(only) : 65535;

	mutex_lock(&an->lock);
	if (only && !cb->args[0])
		cb->args[0] = last;
	for (id = cb->args[0]; an->started && id <= last; id++) {
		struct adit_tunnel *t = adit_tunnel_find(an, id);

		if (t && !dump_tunnel(msg, cb, t))
			break;
		cb->args[1] = 0;
	}
	cb->args[0] = id;
	mutex_unlock(&an->lock);
	return msg->len;
}

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
		if (IS_ERR(port))
			err = PTR_ERR(port);
		else
			adit_notify_port(ADIT_CMD_PORT_NEW, port);
	}
	adit_nl_leave_new(an);
	return err;
}

int adit_nl_port_del(struct sk_buff *skb, struct genl_info *info)
{
	struct adit_port *port;
	struct adit_net *an;
	int err = adit_nl_enter_new(info, &an);

	if (err)
		return err;
	port = port_of(an, info);
	if (IS_ERR(port))
		err = PTR_ERR(port);
	else
		adit_remove_port(port);
	adit_nl_leave_new(an);
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

int adit_nl_port_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	struct adit_net *an = adit_net(sock_net(msg->sk));
	struct adit_port *port;
	long n = 0;

	mutex_lock(&an->lock);
	list_for_each_entry(port, &an->ports, list) {
		if (n++ < cb->args[0])
			continue;
		if (adit_nl_dump_one(msg, cb, ADIT_CMD_PORT_GET, adit_put_port,
				     port))
			break;
		cb->args[0] = n;
	}
	mutex_unlock(&an->lock);
	return msg->len;
}

/* ----------------------------------------------------------------- pppoes */

static u16 vlan(const struct nlattr *a)
{
	return a ? nla_get_u16(a) : 0;
}

int adit_nl_pppoe_new(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr **a = info->attrs;
	struct adit_pppoe *p;
	struct adit_port *port;
	struct adit_net *an;
	int err;

	if (!a[ADIT_A_SESSION_ID] || !a[ADIT_A_MAC])
		return adit_nl_missing(info, "session id or MAC is missing");
	if (!is_valid_ether_addr(nla_data(a[ADIT_A_MAC])))
		return adit_nl_missing(info, "MAC is not one of a station");
	err = adit_nl_enter(info, &an);
	if (err)
		return err;
	port = port_of(an, info);
	p = IS_ERR(port) ?
		    ERR_CAST(port) :
		    adit_pppoe_create(port, vlan(a[ADIT_A_VLAN_OUTER]),
				      vlan(a[ADIT_A_VLAN_INNER]),
				      nla_get_u16(a[ADIT_A_SESSION_ID]),
				      nla_data(a[ADIT_A_MAC]), info->extack);
	if (IS_ERR(p)) {
		err = PTR_ERR(p);
	} else {
		set_cold(&p->cold, a);
		adit_notify_pppoe(ADIT_CMD_PPPOE_NEW, p);
	}
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
	if (IS_ERR(p)) {
		err = PTR_ERR(p);
	} else {
		set_cold(&p->cold, info->attrs);
		adit_notify_pppoe(ADIT_CMD_PPPOE_SET, p);
	}
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

/* args: ports that are done, pppoes of the next one that were shown. */
int adit_nl_pppoe_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	struct adit_net *an = adit_net(sock_net(msg->sk));
	struct adit_port *port;
	struct adit_pppoe *p;
	long n = 0, m;

	mutex_lock(&an->lock);
	list_for_each_entry(port, &an->ports, list) {
		if (n++ < cb->args[0])
			continue;
		m = 0;
		list_for_each_entry(p, &port->pppoes, of_port) {
			if (m++ < cb->args[1])
				continue;
			if (adit_nl_dump_one(msg, cb, ADIT_CMD_PPPOE_GET,
					     adit_put_pppoe, p))
				goto full;
			cb->args[1] = m;
		}
		cb->args[0] = n;
		cb->args[1] = 0;
	}
full:
	mutex_unlock(&an->lock);
	return msg->len;
}

/* --------------------------------------------------------------- bindings */

static int add_addrs(struct adit_net *an, struct adit_term *term,
		     const struct nlattr *list, struct netlink_ext_ack *extack)
{
	struct nlattr *a[ADIT_A_MAX + 1];
	const struct nlattr *one;
	int err, rem;

	nla_for_each_nested(one, list, rem) {
		err = nla_parse_nested(a, ADIT_A_MAX, one, NULL, extack);
		if (err)
			return err;
		if (!a[ADIT_A_PREFIX] || !a[ADIT_A_PREFIX_LEN]) {
			NL_SET_ERR_MSG(extack, "prefix or length is missing");
			return -EINVAL;
		}
		err = adit_addr_add(an, term,
				    nla_len(a[ADIT_A_PREFIX]) == 16 ? AF_INET6 :
								      AF_INET,
				    nla_data(a[ADIT_A_PREFIX]),
				    nla_get_u8(a[ADIT_A_PREFIX_LEN]), extack);
		if (err)
			return err;
	}
	return 0;
}

static int bind_device(struct adit_net *an, struct adit_link *link,
		       struct genl_info *info)
{
	struct nlattr **a = info->attrs;
	struct adit_term *term;
	struct adit_dev *d;
	int err = 0;

	d = adit_device_find(an, nla_get_u32(a[ADIT_A_TO_IFINDEX]));
	if (!d) {
		NL_SET_ERR_MSG(info->extack, "no such device of kind adit");
		return -ENODEV;
	}
	term = kzalloc(sizeof(*term), GFP_KERNEL);
	if (!term)
		return -ENOMEM;
	term->dev = d->dev;
	term->link = link;
	term->mtu = a[ADIT_A_MTU] ? nla_get_u16(a[ADIT_A_MTU]) : DEFAULT_MTU;
	term->magic = a[ADIT_A_MAGIC] ? nla_get_u32(a[ADIT_A_MAGIC]) : 0;
	INIT_LIST_HEAD(&term->addrs);
	if (a[ADIT_A_ADDRS])
		err = add_addrs(an, term, a[ADIT_A_ADDRS], info->extack);
	if (err) {
		adit_addr_flush(an, term);
		kfree_rcu(term, rcu);
		return err;
	}
	list_add_tail(&term->of_dev, &d->terms);
	adit_link_bind_term(link, term);
	return 0;
}

static int bind_link(struct adit_net *an, struct adit_link *link,
		     struct genl_info *info)
{
	struct adit_link *to =
		adit_nl_link(an, info->attrs[ADIT_A_TO_LINK], info->extack);
	int err;

	if (IS_ERR(to))
		return PTR_ERR(to);
	err = adit_link_bind_link(link, to, info->extack);
	if (!err)
		adit_notify_bound(to);
	return err;
}

int adit_nl_bind(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr **a = info->attrs;
	struct adit_link *link;
	struct adit_net *an;
	int err;

	if (!a[ADIT_A_LINK])
		return adit_nl_missing(info, "link is missing");
	if (a[ADIT_A_TO_LINK] && a[ADIT_A_TO_IFINDEX])
		return adit_nl_missing(info, "link or device, not both");
	err = adit_nl_enter(info, &an);
	if (err)
		return err;
	link = adit_nl_link(an, a[ADIT_A_LINK], info->extack);
	if (IS_ERR(link))
		err = PTR_ERR(link);
	else if (a[ADIT_A_TO_LINK])
		err = bind_link(an, link, info);
	else if (a[ADIT_A_TO_IFINDEX])
		err = bind_device(an, link, info);
	else
		adit_link_unbind(link);
	if (!err)
		adit_notify_bound(link);
	adit_nl_leave(an);
	return err;
}
