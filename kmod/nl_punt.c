// SPDX-License-Identifier: GPL-2.0
/*
 * Commands of punts: who listens, how much may go up, whose set-up messages are
 * not strangers'. Context: process.
 */
#include "nl_punt.h"

#include <linux/slab.h>
#include <net/ipv6.h>

#include "compat.h"
#include "orphan.h"
#include "peers.h"
#include "punt.h"

/* An entry of a table by number, with whose namespace it is. */
struct entry {
	struct adit_net *an;
	int i;
};

/* Entries 0 to n - 1, from where the last part ended. */
static int dump_entries(struct sk_buff *msg, struct netlink_callback *cb,
			int cmd, adit_put_fn *put, int n)
{
	struct entry e = { .an = adit_net(sock_net(msg->sk)) };
	int err = 0;

	mutex_lock(&e.an->lock);
	for (e.i = cb->args[0]; e.an->started && e.i < n; e.i++) {
		err = adit_nl_dump_one(msg, cb, cmd, put, &e);
		if (err)
			break;
	}
	cb->args[0] = e.i;
	mutex_unlock(&e.an->lock);
	return adit_nl_dump_end(msg, err);
}

static int get_entry(struct genl_info *info, int cmd, adit_put_fn *put, int i)
{
	struct entry e = { .i = i };
	int err = adit_nl_enter(info, &e.an);

	if (err)
		return err;
	err = adit_nl_reply(info, cmd, put, &e);
	adit_nl_leave(e.an);
	return err;
}

/* ---------------------------------------------------------------- classes */

int adit_nl_listen(struct sk_buff *skb, struct genl_info *info)
{
	struct adit_net *an = adit_net(genl_info_net(info));
	u32 classes;
	int i;

	if (!info->attrs[ADIT_A_CLASSES])
		return adit_nl_missing(info, "classes are missing");
	classes = nla_get_u32(info->attrs[ADIT_A_CLASSES]);
	for (i = 0; i < ADIT_N_CLASSES; i++)
		if (classes & BIT(i))
			WRITE_ONCE(an->portid[i], info->snd_portid);
	adit_orphan_watch(an);
	return 0;
}

static int put_class(struct sk_buff *msg, void *object)
{
	const struct entry *e = object;
	struct nlattr *nest;
	int i;

	if (nla_put_u8(msg, ADIT_A_CLASS, e->i) ||
	    nla_put_u32(msg, ADIT_A_LISTENER, READ_ONCE(e->an->portid[e->i])))
		return -EMSGSIZE;
	nest = nla_nest_start(msg, ADIT_A_PUNT_STATS);
	if (!nest)
		return -EMSGSIZE;
	for (i = ADIT_PUNT_STAT_PASSED; i < __ADIT_PUNT_STAT_MAX; i++)
		if (nla_put_u64_64bit(msg, i,
				      adit_punt_stats_read(e->an->punt_stats,
							   e->i, i),
				      ADIT_PUNT_STAT_PAD))
			return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

int adit_nl_class_get(struct sk_buff *skb, struct genl_info *info)
{
	if (!info->attrs[ADIT_A_CLASS])
		return adit_nl_missing(info, "class is missing");
	return get_entry(info, ADIT_CMD_CLASS_GET, put_class,
			 nla_get_u8(info->attrs[ADIT_A_CLASS]));
}

int adit_nl_class_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	return dump_entries(msg, cb, ADIT_CMD_CLASS_GET, put_class,
			    ADIT_N_CLASSES);
}

/* ---------------------------------------------------------------- rations */

int adit_nl_ration_set(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr **a = info->attrs;
	struct adit_quota *q;
	struct adit_net *an;
	int err;

	if (!a[ADIT_A_RATION])
		return adit_nl_missing(info, "ration is missing");
	if (!a[ADIT_A_RATION_RATE] && !a[ADIT_A_RATION_BURST])
		return adit_nl_missing(info, "rate and burst are missing");
	err = adit_nl_enter(info, &an);
	if (err)
		return err;
	q = &an->quotas[nla_get_u8(a[ADIT_A_RATION])];
	if (a[ADIT_A_RATION_RATE])
		WRITE_ONCE(q->rate, nla_get_u32(a[ADIT_A_RATION_RATE]));
	if (a[ADIT_A_RATION_BURST])
		WRITE_ONCE(q->burst, nla_get_u32(a[ADIT_A_RATION_BURST]));
	adit_nl_leave(an);
	return 0;
}

static int put_ration(struct sk_buff *msg, void *object)
{
	const struct entry *e = object;
	const struct adit_quota *q = &e->an->quotas[e->i];

	if (nla_put_u8(msg, ADIT_A_RATION, e->i) ||
	    nla_put_u32(msg, ADIT_A_RATION_RATE, q->rate))
		return -EMSGSIZE;
	return nla_put_u32(msg, ADIT_A_RATION_BURST, q->burst);
}

int adit_nl_ration_get(struct sk_buff *skb, struct genl_info *info)
{
	if (!info->attrs[ADIT_A_RATION])
		return adit_nl_missing(info, "ration is missing");
	return get_entry(info, ADIT_CMD_RATION_GET, put_ration,
			 nla_get_u8(info->attrs[ADIT_A_RATION]));
}

int adit_nl_ration_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	return dump_entries(msg, cb, ADIT_CMD_RATION_GET, put_ration,
			    ADIT_N_RATIONS);
}

/* ------------------------------------------------------------------ peers */

static int read_peer(const struct nlattr *one, struct adit_peer *p,
		     struct netlink_ext_ack *extack)
{
	struct nlattr *a[ADIT_A_MAX + 1];
	struct adit_ip net;
	u8 len;
	int err;

	err = nla_parse_nested(a, ADIT_A_MAX, one, NULL, extack);
	if (err)
		return err;
	if (!a[ADIT_A_PREFIX] || !a[ADIT_A_PREFIX_LEN]) {
		NL_SET_ERR_MSG(extack, "prefix or length is missing");
		return -EINVAL;
	}
	p->family = adit_nl_ip(a[ADIT_A_PREFIX], &p->ip);
	len = nla_get_u8(a[ADIT_A_PREFIX_LEN]);
	if (len > nla_len(a[ADIT_A_PREFIX]) * 8) {
		NL_SET_ERR_MSG(extack, "prefix is longer than an address");
		return -EINVAL;
	}
	p->len = p->family == AF_INET ? 96 + len : len;
	ipv6_addr_prefix(&net.a, &p->ip.a, p->len);
	if (ipv6_addr_equal(&net.a, &p->ip.a))
		return 0;
	NL_SET_ERR_MSG(extack, "prefix has bits behind its length");
	return -EINVAL;
}

/* NULL: none. */
static struct adit_peers *read_peers(const struct nlattr *list,
				     struct netlink_ext_ack *extack)
{
	struct adit_peers *peers;
	const struct nlattr *one;
	int rem, err, n = 0;

	if (!list)
		return NULL;
	nla_for_each_nested(one, list, rem)
		n++;
	if (n > ADIT_PEERS_MAX) {
		NL_SET_ERR_MSG(extack, "too many configured peers");
		return ERR_PTR(-E2BIG);
	}
	peers = adit_peers_alloc(n);
	if (!peers) {
		NL_SET_ERR_MSG(extack, "no memory for the peers");
		return ERR_PTR(-ENOMEM);
	}
	n = 0;
	nla_for_each_nested(one, list, rem) {
		err = read_peer(one, &peers->p[n++], extack);
		if (err) {
			kfree(peers);
			return ERR_PTR(err);
		}
	}
	return peers;
}

int adit_nl_peers_set(struct sk_buff *skb, struct genl_info *info)
{
	struct adit_peers *peers;
	struct adit_net *an;
	int err = adit_nl_enter(info, &an);

	if (err)
		return err;
	peers = read_peers(info->attrs[ADIT_A_ADDRS], info->extack);
	if (IS_ERR(peers))
		err = PTR_ERR(peers);
	else
		adit_peers_set(an, peers);
	adit_nl_leave(an);
	return err;
}

static const struct adit_peers *peers_of(struct adit_net *an)
{
	return rcu_dereference_protected(an->peers, lockdep_is_held(&an->lock));
}

static int put_peer(struct sk_buff *msg, void *object)
{
	const struct entry *e = object;
	const struct adit_peer *p = &peers_of(e->an)->p[e->i];
	u8 len = p->family == AF_INET ? p->len - 96 : p->len;

	if (adit_put_ip(msg, ADIT_A_PREFIX, p->family, &p->ip))
		return -EMSGSIZE;
	return nla_put_u8(msg, ADIT_A_PREFIX_LEN, len);
}

int adit_nl_peers_get(struct sk_buff *skb, struct genl_info *info)
{
	NL_SET_ERR_MSG(info->extack, "the peers can be dumped only");
	return -EOPNOTSUPP;
}

/* The list may be another one when the dump goes on: then it goes on in that. */
int adit_nl_peers_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	struct entry e = { .an = adit_net(sock_net(msg->sk)) };
	const struct adit_peers *peers;
	int err = 0;

	mutex_lock(&e.an->lock);
	peers = peers_of(e.an);
	for (e.i = cb->args[0]; peers && e.i < peers->n; e.i++) {
		err = adit_nl_dump_one(msg, cb, ADIT_CMD_PEERS_GET, put_peer,
				       &e);
		if (err)
			break;
	}
	cb->args[0] = e.i;
	mutex_unlock(&e.an->lock);
	return adit_nl_dump_end(msg, err);
}
