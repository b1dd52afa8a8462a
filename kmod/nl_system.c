// SPDX-License-Identifier: GPL-2.0
/*
 * Commands of the system: totals and limits of a namespace. Context: process.
 */
#include "nl_system.h"

#include "batch.h"
#include "orphan.h"
#include "report.h"

static int put_drops(struct sk_buff *msg, struct adit_net *an)
{
	struct nlattr *nest = nla_nest_start(msg, ADIT_A_DROPS);
	int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; an->started && i < ADIT_N_DROPS; i++)
		if (nla_put_u64_64bit(msg, 1 + i, adit_drops_read(an->drops, i),
				      0))
			return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_frag_sums(struct sk_buff *msg, const struct adit_frags *f,
			 const struct adit_frag_sum *s)
{
	const struct adit_count counts[] = {
		{ ADIT_FRAG_STAT_TAKEN, s->taken },
		{ ADIT_FRAG_STAT_JOINED, s->joined },
		{ ADIT_FRAG_STAT_DATAGRAMS, s->datagrams },
		{ ADIT_FRAG_STAT_HELD, atomic_long_read(&f->held) },
		{ ADIT_FRAG_STAT_BYTES, atomic_long_read(&f->bytes) },
		{}
	};

	return adit_put_counts_nest(msg, ADIT_A_FRAG_STATS, ADIT_FRAG_STAT_PAD,
				    counts);
}

static int put_frag_stats(struct sk_buff *msg, struct adit_net *an)
{
	struct adit_frag_sum s = {};

	if (an->started)
		adit_frag_stats_sum(an->frags.stats, &s);
	return put_frag_sums(msg, &an->frags, &s);
}

static int put_frags(struct sk_buff *msg, struct adit_net *an)
{
	if (nla_put_u32(msg, ADIT_A_FRAG_TIMEOUT,
			READ_ONCE(an->frags.timeout)) ||
	    nla_put_u32(msg, ADIT_A_FRAG_BUDGET, READ_ONCE(an->frags.budget)) ||
	    nla_put_u32(msg, ADIT_A_FRAG_PEER_BUDGET,
			READ_ONCE(an->frags.peer_budget)))
		return -EMSGSIZE;
	return put_frag_stats(msg, an);
}

static int put_system(struct sk_buff *msg, void *o)
{
	struct adit_net *an = o;
	struct adit_batch_sum batches;

	adit_batch_sum(an, &batches);
	if (nla_put_u64_64bit(msg, ADIT_A_INSTANCE, an->instance, ADIT_A_PAD) ||
	    (an->anchor &&
	     nla_put_u32(msg, ADIT_A_ANCHOR, an->anchor->ifindex)) ||
	    nla_put_u32(msg, ADIT_A_TUNNELS, an->n_tunnels) ||
	    nla_put_u32(msg, ADIT_A_SESSIONS, an->n_sessions) ||
	    nla_put_u32(msg, ADIT_A_PPPOES, an->n_pppoes) ||
	    nla_put_u32(msg, ADIT_A_MAX_TUNNELS, an->max_tunnels) ||
	    nla_put_u32(msg, ADIT_A_MAX_SESSIONS, an->max_sessions) ||
	    nla_put_u32(msg, ADIT_A_ORPHAN_TIMEOUT, an->orphan_timeout) ||
	    nla_put_u64_64bit(msg, ADIT_A_MSS_CLAMPED,
			      atomic_long_read(&an->mss_clamped), ADIT_A_PAD) ||
	    nla_put_u64_64bit(msg, ADIT_A_BATCHES, batches.batches,
			      ADIT_A_PAD) ||
	    nla_put_u64_64bit(msg, ADIT_A_BATCHED, batches.packets, ADIT_A_PAD))
		return -EMSGSIZE;
	return put_frags(msg, an) ?: put_drops(msg, an);
}

int adit_nl_system_get(struct sk_buff *skb, struct genl_info *info)
{
	struct adit_net *an = adit_net(genl_info_net(info));
	int err;

	mutex_lock(&an->lock);
	err = adit_nl_reply(info, ADIT_CMD_SYSTEM_GET, put_system, an);
	mutex_unlock(&an->lock);
	return err;
}

static void set_frags(struct adit_frags *f, struct nlattr **a)
{
	if (a[ADIT_A_FRAG_TIMEOUT])
		WRITE_ONCE(f->timeout, nla_get_u32(a[ADIT_A_FRAG_TIMEOUT]));
	if (a[ADIT_A_FRAG_BUDGET])
		WRITE_ONCE(f->budget, nla_get_u32(a[ADIT_A_FRAG_BUDGET]));
	if (a[ADIT_A_FRAG_PEER_BUDGET])
		WRITE_ONCE(f->peer_budget,
			   nla_get_u32(a[ADIT_A_FRAG_PEER_BUDGET]));
}

/* A user namespace's root may fill what everybody may, and not more: the memory is
 * the machine's.
 */
static int check_limits(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr **a = info->attrs;
	bool more =
		(a[ADIT_A_MAX_TUNNELS] &&
		 nla_get_u32(a[ADIT_A_MAX_TUNNELS]) > ADIT_TUNNELS_DEFAULT) ||
		(a[ADIT_A_MAX_SESSIONS] &&
		 nla_get_u32(a[ADIT_A_MAX_SESSIONS]) > ADIT_SESSIONS_DEFAULT) ||
		(a[ADIT_A_FRAG_BUDGET] &&
		 nla_get_u32(a[ADIT_A_FRAG_BUDGET]) > ADIT_FRAG_BUDGET_DEFAULT);

	if (!more || netlink_capable(skb, CAP_NET_ADMIN))
		return 0;
	NL_SET_ERR_MSG(info->extack,
		       "beyond the default only by the machine's administrator");
	return -EPERM;
}

int adit_nl_system_set(struct sk_buff *skb, struct genl_info *info)
{
	struct adit_net *an = adit_net(genl_info_net(info));
	struct nlattr **a = info->attrs;
	int err = check_limits(skb, info);

	if (err)
		return err;
	mutex_lock(&an->lock);
	if (a[ADIT_A_MAX_TUNNELS])
		an->max_tunnels = nla_get_u32(a[ADIT_A_MAX_TUNNELS]);
	if (a[ADIT_A_MAX_SESSIONS])
		an->max_sessions = nla_get_u32(a[ADIT_A_MAX_SESSIONS]);
	set_frags(&an->frags, a);
	if (a[ADIT_A_ORPHAN_TIMEOUT]) {
		WRITE_ONCE(an->orphan_timeout,
			   nla_get_u32(a[ADIT_A_ORPHAN_TIMEOUT]));
		adit_orphan_watch(an);
	}
	mutex_unlock(&an->lock);
	return 0;
}
