// SPDX-License-Identifier: GPL-2.0
/*
 * INJECT: what the daemon sends, on the way that a punt came. Context: process;
 * the sending itself with BH off under RCU, as the packet path.
 */
#include "nl_inject.h"

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>

#include "endpoint.h"
#include "l2tp_tx.h"
#include "link.h"
#include "pppoe.h"
#include "pppoe_tx.h"
#include "tunnel.h"

#define HEADROOM (LL_MAX_HEADER + ADIT_L2TP_HEADROOM)

static struct sk_buff *frame(const struct nlattr *a)
{
	struct sk_buff *skb = alloc_skb(HEADROOM + nla_len(a), GFP_KERNEL);

	if (!skb)
		return NULL;
	skb_reserve(skb, HEADROOM);
	skb_put_data(skb, nla_data(a), nla_len(a));
	return skb;
}

static int no_memory(struct genl_info *info)
{
	NL_SET_ERR_MSG(info->extack, "no memory for the frame");
	return -ENOMEM;
}

static int sent(struct genl_info *info, int err)
{
	if (err)
		NL_SET_ERR_MSG(info->extack,
			       "frame was dropped on its way out, and counted");
	return err;
}

/* By what the message's tunnel says, where it is there, and by what is said of one
 * that is not there yet. Context: lock held.
 */
static bool wants_ipsec(struct adit_net *an, struct nlattr **a)
{
	struct adit_tunnel *t = NULL;

	if (a[ADIT_A_IPSEC] && nla_get_u8(a[ADIT_A_IPSEC]))
		return true;
	if (a[ADIT_A_TUNNEL_ID])
		t = adit_tunnel_find(an, nla_get_u16(a[ADIT_A_TUNNEL_ID]));
	return t && t->outer & ADIT_OUTER_IPSEC;
}

static int inject_l2tp(struct adit_net *an, struct genl_info *info,
		       struct sk_buff *skb)
{
	struct nlattr **a = info->attrs;
	struct adit_endpoint *ep;
	struct adit_ip to;
	int err;

	ep = adit_endpoint_find(an, nla_get_u32(a[ADIT_A_ENDPOINT_ID]));
	if (!ep || !a[ADIT_A_REMOTE] || !a[ADIT_A_REMOTE_PORT] ||
	    adit_nl_ip(a[ADIT_A_REMOTE], &to) != ep->family) {
		kfree_skb(skb);
		return adit_nl_missing(info, "no such endpoint, or no remote");
	}
	local_bh_disable();
	rcu_read_lock();
	err = adit_endpoint_xmit(ep, &to,
				 htons(nla_get_u16(a[ADIT_A_REMOTE_PORT])),
				 wants_ipsec(an, a), skb);
	rcu_read_unlock();
	local_bh_enable();
	return sent(info, err);
}

static int inject_pppoe(struct adit_net *an, struct genl_info *info,
			struct sk_buff *skb)
{
	struct nlattr **a = info->attrs;
	struct adit_port *port;
	struct adit_eth to;
	int err;

	port = adit_port_find(an, nla_get_u32(a[ADIT_A_IFINDEX]));
	if (!port || !a[ADIT_A_MAC]) {
		kfree_skb(skb);
		return adit_nl_missing(info, "no such port, or no MAC");
	}
	err = adit_nl_eth(&to, a, info->extack);
	if (err) {
		kfree_skb(skb);
		return err;
	}
	local_bh_disable();
	rcu_read_lock();
	err = adit_port_xmit(port, &to, htons(ETH_P_PPP_DISC), skb);
	rcu_read_unlock();
	local_bh_enable();
	return sent(info, err);
}

static int inject_ppp(struct adit_net *an, struct genl_info *info,
		      struct sk_buff *skb)
{
	struct adit_link *link;

	link = adit_nl_link(an, info->attrs[ADIT_A_LINK], info->extack);
	if (IS_ERR(link) || skb->len < 2) {
		kfree_skb(skb);
		return IS_ERR(link) ?
			       PTR_ERR(link) :
			       adit_nl_missing(info, "frame is too short");
	}
	local_bh_disable();
	rcu_read_lock();
	adit_link_xmit(link, skb);
	rcu_read_unlock();
	local_bh_enable();
	return 0;
}

int adit_nl_inject(struct sk_buff *unused, struct genl_info *info)
{
	struct nlattr **a = info->attrs;
	struct sk_buff *skb;
	struct adit_net *an;
	int err;

	if (!a[ADIT_A_FRAME] || !nla_len(a[ADIT_A_FRAME]))
		return adit_nl_missing(info, "frame is missing");
	if (!a[ADIT_A_LINK] && !a[ADIT_A_ENDPOINT_ID] && !a[ADIT_A_IFINDEX])
		return adit_nl_missing(info,
				       "link, endpoint or port is missing");
	err = adit_nl_enter(info, &an);
	if (err)
		return err;
	skb = frame(a[ADIT_A_FRAME]);
	if (!skb)
		err = no_memory(info);
	else if (a[ADIT_A_LINK])
		err = inject_ppp(an, info, skb);
	else if (a[ADIT_A_ENDPOINT_ID])
		err = inject_l2tp(an, info, skb);
	else
		err = inject_pppoe(an, info, skb);
	adit_nl_leave(an);
	return err;
}
