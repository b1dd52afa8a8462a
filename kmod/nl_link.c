// SPDX-License-Identifier: GPL-2.0
/*
 * Commands of sessions, and of bindings, which are those of pppoes too.
 * Context: process.
 */
#include "nl_link.h"

#include <linux/netdevice.h>

#include "addr.h"
#include "border.h"
#include "compat.h"
#include "device.h"
#include "link.h"
#include "mss.h"
#include "nl_qos.h"
#include "report.h"
#include "sequence.h"
#include "session.h"
#include "sysfs_tunnel.h"
#include "teardown.h"
#include "tunnel.h"

#define DEFAULT_MTU 1500

/* --------------------------------------------------------------- sessions */

static int check_reorder(struct adit_session *s, struct nlattr **a,
			 struct netlink_ext_ack *extack)
{
	struct adit_reorder_sum now;

	if (!a[ADIT_A_REORDER_PACKETS] || a[ADIT_A_REORDER_TIMEOUT] ||
	    adit_reorder_sum(s, &now))
		return 0;
	NL_SET_ERR_MSG(extack, "reorder packets without a timeout");
	return -EINVAL;
}

/* The queue's attributes, on top of what it has. */
static int set_reorder(struct adit_session *s, struct nlattr **a,
		       struct netlink_ext_ack *extack)
{
	struct adit_reorder_sum now = { .packets = ADIT_REORDER_PACKETS };

	if (!a[ADIT_A_REORDER_TIMEOUT] && !a[ADIT_A_REORDER_PACKETS])
		return 0;
	adit_reorder_sum(s, &now);
	if (a[ADIT_A_REORDER_TIMEOUT])
		now.ms = nla_get_u32(a[ADIT_A_REORDER_TIMEOUT]);
	if (a[ADIT_A_REORDER_PACKETS])
		now.packets = nla_get_u32(a[ADIT_A_REORDER_PACKETS]);
	return adit_reorder_set(s, now.ms, now.packets, extack);
}

/* What may be refused. Bad values change nothing; without memory, what came before it
 * in the message stays changed.
 */
static int set_options(struct adit_session *s, struct genl_info *info)
{
	struct netlink_ext_ack *extack = info->extack;
	struct nlattr **a = info->attrs;
	int err = check_reorder(s, a, extack);

	if (!err)
		err = adit_nl_qos(&s->link, info);
	return err				 ?:
		       set_reorder(s, a, extack) ?:
		       adit_nl_cold(&s->cold, a, extack);
}

static struct adit_session *create_session(struct adit_net *an,
					   struct genl_info *info)
{
	struct adit_tunnel *t = adit_nl_tunnel(an, info);
	struct nlattr **a = info->attrs;
	struct adit_session *s;
	bool seq = false;
	u16 peer_id = 0;
	int err;

	if (IS_ERR(t))
		return ERR_CAST(t);
	if (a[ADIT_A_PEER_SESSION_ID])
		peer_id = nla_get_u16(a[ADIT_A_PEER_SESSION_ID]);
	if (a[ADIT_A_SEQ])
		seq = nla_get_u8(a[ADIT_A_SEQ]);
	s = adit_session_create(t, nla_get_u16(a[ADIT_A_SESSION_ID]), peer_id,
				seq, info->extack);
	err = IS_ERR(s) ? 0 : set_options(s, info);
	if (!err)
		return s;
	/* Nobody has heard of it yet. */
	adit_session_destroy(s);
	return ERR_PTR(err);
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
		adit_sysfs_add_session(s);
		adit_notify_session(ADIT_CMD_SESSION_NEW, s);
	}
	adit_nl_leave(an);
	return err;
}

static int change(struct adit_session *s, struct genl_info *info)
{
	struct nlattr **a = info->attrs;
	int err = set_options(s, info);

	if (err)
		return err;
	if (a[ADIT_A_PEER_SESSION_ID])
		WRITE_ONCE(s->peer_id, nla_get_u16(a[ADIT_A_PEER_SESSION_ID]));
	if (a[ADIT_A_SEQ])
		WRITE_ONCE(s->seq, nla_get_u8(a[ADIT_A_SEQ]));
	adit_notify_session(ADIT_CMD_SESSION_SET, s);
	return 0;
}

int adit_nl_session_set(struct sk_buff *skb, struct genl_info *info)
{
	struct adit_session *s;
	struct adit_net *an;
	int err = adit_nl_enter(info, &an);

	if (err)
		return err;
	s = adit_nl_session(an, info);
	err = IS_ERR(s) ? PTR_ERR(s) : change(s, info);
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

/* What is new goes to a bucket's head, so a bucket falls in serial. */
static int dump_bucket(struct sk_buff *msg, struct netlink_callback *cb,
		       const struct hlist_head *bucket)
{
	struct nlattr **a = adit_dump_attrs(cb);
	struct nlattr *only = a[ADIT_A_TUNNEL_ID];
	struct adit_session *s;
	int err;

	hlist_for_each_entry(s, bucket, hash) {
		if (cb->args[1] && s->cold.serial >= cb->args[1])
			continue;
		if (only && s->tunnel->id != nla_get_u16(only))
			continue;
		if (!adit_nl_wanted(&s->link, a))
			continue;
		err = adit_nl_dump_one(msg, cb, ADIT_CMD_SESSION_GET,
				       adit_put_session, s);
		if (err)
			return err;
		cb->args[1] = s->cold.serial;
	}
	return 0;
}

/* args: the bucket to go on with, the serial of its last one that was shown. So
 * what comes and goes between two parts moves nobody else.
 */
int adit_nl_session_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	struct adit_net *an = adit_net(sock_net(msg->sk));
	int err = 0;
	long i;

	mutex_lock(&an->lock);
	for (i = cb->args[0]; an->started && i < 1 << ADIT_SESSION_BITS; i++) {
		err = dump_bucket(msg, cb, &an->sessions[i]);
		if (err)
			break;
		cb->args[1] = 0;
	}
	cb->args[0] = i;
	mutex_unlock(&an->lock);
	return adit_nl_dump_end(msg, err);
}

/* --------------------------------------------------------------- bindings */

static int add_addrs(struct adit_net *an, struct adit_term *term,
		     const struct nlattr *list, struct netlink_ext_ack *extack)
{
	struct nlattr *a[ADIT_A_MAX + 1];
	const struct nlattr *one;
	int err, rem, n = 0;

	nla_for_each_nested(one, list, rem) {
		if (++n > ADIT_ADDRS_MAX) {
			NL_SET_ERR_MSG(extack, "too many addresses of a link");
			return -E2BIG;
		}
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

static u16 default_mss(u16 mtu)
{
	return mtu < ADIT_MSS_MIN + ADIT_MSS_HEADERS ? 0 :
						       mtu - ADIT_MSS_HEADERS;
}

static u16 mss_of(struct nlattr **a, u16 otherwise)
{
	return a[ADIT_A_MSS] ? nla_get_u16(a[ADIT_A_MSS]) : otherwise;
}

/* The device, if this link may have it. */
static struct adit_dev *find_device(struct adit_net *an, struct adit_link *link,
				    struct genl_info *info)
{
	int ifindex = nla_get_u32(info->attrs[ADIT_A_TO_IFINDEX]);
	struct adit_dev *d = adit_device_find(an, ifindex);
	struct adit_term *term;

	if (!d) {
		NL_SET_ERR_MSG(info->extack, "no such device of kind adit");
		return ERR_PTR(-ENODEV);
	}
	term = list_first_entry_or_null(&d->terms, struct adit_term, of_dev);
	if (d->p2p && term && term->link != link) {
		NL_SET_ERR_MSG(info->extack,
			       "point-to-point device has its link already");
		return ERR_PTR(-EBUSY);
	}
	return d;
}

static int bind_device(struct adit_net *an, struct adit_link *link,
		       struct genl_info *info)
{
	struct nlattr **a = info->attrs;
	struct adit_term *term;
	struct adit_dev *d;
	int err = 0;

	d = find_device(an, link, info);
	if (IS_ERR(d))
		return PTR_ERR(d);
	term = kzalloc(sizeof(*term), GFP_KERNEL_ACCOUNT);
	if (!term) {
		NL_SET_ERR_MSG(info->extack, "no memory for the binding");
		return -ENOMEM;
	}
	term->dev = d->dev;
	term->link = link;
	term->mtu = a[ADIT_A_MTU] ? nla_get_u16(a[ADIT_A_MTU]) : DEFAULT_MTU;
	term->magic = a[ADIT_A_MAGIC] ? nla_get_u32(a[ADIT_A_MAGIC]) : 0;
	term->mru = a[ADIT_A_MRU] ? nla_get_u16(a[ADIT_A_MRU]) : 0;
	term->p2p = d->p2p;
	INIT_LIST_HEAD(&term->addrs);
	if (a[ADIT_A_ADDRS])
		err = add_addrs(an, term, a[ADIT_A_ADDRS], info->extack);
	if (err) {
		adit_addr_flush(an, term);
		kfree_rcu(term, rcu);
		return err;
	}
	term->any_source = d->p2p && list_empty(&term->addrs);
	list_add_tail(&term->of_dev, &d->terms);
	adit_link_bind_term(link, term);
	if (d->p2p)
		rcu_assign_pointer(d->only, link);
	WRITE_ONCE(link->mss, mss_of(a, default_mss(term->mtu)));
	return 0;
}

static void set_mss(struct adit_link *link, struct adit_link *to,
		    struct nlattr **a)
{
	WRITE_ONCE(link->mss, mss_of(a, 0));
	WRITE_ONCE(to->mss, 0);
}

static int bind_link(struct adit_net *an, struct adit_link *link,
		     struct genl_info *info)
{
	struct adit_link *to =
		adit_nl_link(an, info->attrs[ADIT_A_TO_LINK], info->extack);
	struct adit_link *old;
	int err;

	if (IS_ERR(to))
		return PTR_ERR(to);
	if (info->attrs[ADIT_A_HOLD] && adit_border_hold(link, to)) {
		set_mss(link, to, info->attrs);
		return 0;
	}
	old = adit_link_to(to);
	err = adit_link_bind_link(link, to, info->extack);
	if (err)
		return err;
	set_mss(link, to, info->attrs);
	adit_notify_bound(to);
	if (old && old != link)
		adit_notify_bound(old);
	return 0;
}

static int bind_to(struct adit_net *an, struct adit_link *link,
		   struct genl_info *info)
{
	struct adit_link *old = adit_link_to(link);
	int err = 0;

	if (info->attrs[ADIT_A_TO_LINK])
		err = bind_link(an, link, info);
	else if (info->attrs[ADIT_A_TO_IFINDEX])
		err = bind_device(an, link, info);
	else
		adit_link_unbind(link);
	/* With HOLD nothing has changed yet. */
	if (err || (info->attrs[ADIT_A_HOLD] && !adit_link_to(link)))
		return err;
	adit_notify_bound(link);
	/* Its partner until now has nobody any more. */
	if (old && old != adit_link_to(link))
		adit_notify_bound(old);
	return 0;
}

int adit_nl_bind(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr **a = info->attrs;
	struct adit_link *link;
	struct adit_net *an;
	int err;

	if (!a[ADIT_A_LINK])
		return adit_nl_missing(info, "link is missing");
	if (a[ADIT_A_MSS] && nla_get_u16(a[ADIT_A_MSS]) &&
	    nla_get_u16(a[ADIT_A_MSS]) < ADIT_MSS_MIN)
		return adit_nl_missing(info, "mss is 0, or 64 and more");
	err = adit_nl_enter(info, &an);
	if (err)
		return err;
	link = adit_nl_link(an, a[ADIT_A_LINK], info->extack);
	err = IS_ERR(link) ? PTR_ERR(link) : bind_to(an, link, info);
	adit_nl_leave(an);
	return err;
}
