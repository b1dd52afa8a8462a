// SPDX-License-Identifier: GPL-2.0
/* Commands of taps. Context: process. */
#include "nl_tap.h"

#include "compat.h"
#include "punt.h"
#include "tap.h"

#define DEFAULT_RATE 1000
#define DEFAULT_BURST 1000

static struct adit_link *link_of(struct adit_net *an, struct genl_info *info)
{
	if (!info->attrs[ADIT_A_LINK]) {
		adit_nl_missing(info, "link is missing");
		return ERR_PTR(-EINVAL);
	}
	return adit_nl_link(an, info->attrs[ADIT_A_LINK], info->extack);
}

static struct adit_tap *tap_of(struct adit_net *an, struct genl_info *info)
{
	struct adit_link *link = link_of(an, info);
	struct adit_tap *tap;

	if (IS_ERR(link))
		return ERR_CAST(link);
	tap = adit_tap_of(link);
	if (tap)
		return tap;
	NL_SET_ERR_MSG(info->extack, "link is not tapped");
	return ERR_PTR(-ENOENT);
}

int adit_nl_tap_new(struct sk_buff *skb, struct genl_info *info)
{
	struct adit_quota quota = { DEFAULT_RATE, DEFAULT_BURST };
	struct nlattr **a = info->attrs;
	u16 snap = ADIT_FRAME_MAX;
	struct adit_link *link;
	struct adit_net *an;
	int err = adit_nl_enter(info, &an);

	if (err)
		return err;
	if (a[ADIT_A_SNAP])
		snap = nla_get_u16(a[ADIT_A_SNAP]);
	if (a[ADIT_A_RATION_RATE])
		quota.rate = nla_get_u32(a[ADIT_A_RATION_RATE]);
	if (a[ADIT_A_RATION_BURST])
		quota.burst = nla_get_u32(a[ADIT_A_RATION_BURST]);
	link = link_of(an, info);
	err = IS_ERR(link) ? PTR_ERR(link) :
			     adit_tap_create(link, info->snd_portid, snap,
					     &quota, info->extack);
	adit_nl_leave(an);
	return err;
}

int adit_nl_tap_del(struct sk_buff *skb, struct genl_info *info)
{
	struct adit_tap *tap;
	struct adit_net *an;
	int err = adit_nl_enter(info, &an);

	if (err)
		return err;
	tap = tap_of(an, info);
	if (IS_ERR(tap))
		err = PTR_ERR(tap);
	else
		adit_tap_destroy(tap);
	adit_nl_leave(an);
	return err;
}

static int put_tap(struct sk_buff *msg, void *object)
{
	struct adit_tap *tap = object;

	if (adit_put_link(msg, ADIT_A_LINK, tap->link) ||
	    nla_put_u32(msg, ADIT_A_LISTENER, READ_ONCE(tap->portid)) ||
	    nla_put_u16(msg, ADIT_A_SNAP, tap->snap) ||
	    nla_put_u32(msg, ADIT_A_RATION_RATE, tap->quota.rate) ||
	    nla_put_u32(msg, ADIT_A_RATION_BURST, tap->quota.burst) ||
	    nla_put_u64_64bit(msg, ADIT_A_PASSED, atomic64_read(&tap->passed),
			      ADIT_A_PAD))
		return -EMSGSIZE;
	return nla_put_u64_64bit(msg, ADIT_A_DROPPED,
				 atomic64_read(&tap->dropped), ADIT_A_PAD);
}

int adit_nl_tap_get(struct sk_buff *skb, struct genl_info *info)
{
	struct adit_tap *tap;
	struct adit_net *an;
	int err = adit_nl_enter(info, &an);

	if (err)
		return err;
	tap = tap_of(an, info);
	err = IS_ERR(tap) ? PTR_ERR(tap) :
			    adit_nl_reply(info, ADIT_CMD_TAP_GET, put_tap, tap);
	adit_nl_leave(an);
	return err;
}

/* They are few: all of them fit the first part. */
int adit_nl_tap_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	struct adit_net *an = adit_net(sock_net(msg->sk));
	struct adit_tap *tap;
	int err = 0;

	if (cb->args[0])
		return 0;
	mutex_lock(&an->lock);
	list_for_each_entry(tap, &an->taps, list) {
		err = adit_nl_dump_one(msg, cb, ADIT_CMD_TAP_GET, put_tap, tap);
		if (err)
			break;
	}
	mutex_unlock(&an->lock);
	cb->args[0] = 1;
	return adit_nl_dump_end(msg, err);
}
