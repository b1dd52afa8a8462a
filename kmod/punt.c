// SPDX-License-Identifier: GPL-2.0
/*
 * Punts: L2TP control, PPPoE discovery and PPP control frames, each class to the
 * one socket that listens for it. Rations come before any allocation, so that no
 * class, no source of set-up messages, no tunnel and no link can take what others
 * need. What is established pays from a bucket of its tunnel's or link's; what
 * has neither yet from its source's (a fixed table by keyed hash); then each of
 * the two from a bucket of its class, so that a flood of set-up messages from
 * invented sources leaves established tunnels and sessions alone.
 *
 * Context: BH off, under RCU; an->punt_lock guards the buckets.
 */
#include "punt.h"

#include <linux/etherdevice.h>
#include <linux/jiffies.h>
#include <net/genetlink.h>

#include "adit/wire.h"
#include "compat.h"
#include "genl.h"

struct ration {
	u32 per_second;
	u32 burst;
};

enum { SETUP, ESTABLISHED };

static const struct ration class_ration[ADIT_N_CLASSES][2] = {
	[ADIT_PUNT_L2TP] = { { 10000, 10000 }, { 50000, 50000 } },
	[ADIT_PUNT_PPPOE] = { { 10000, 10000 }, { 10000, 10000 } },
	[ADIT_PUNT_PPP] = { { 0, 0 }, { 50000, 50000 } },
};

/* A tunnel carries the control of thousands of sessions. */
static const struct ration own_ration[ADIT_N_CLASSES] = {
	[ADIT_PUNT_L2TP] = { 10000, 20000 },
	[ADIT_PUNT_PPPOE] = { 50, 100 },
	[ADIT_PUNT_PPP] = { 50, 100 },
};

static const struct ration source_ration = { 200, 400 };

static bool take(struct adit_net *an, struct adit_bucket *b,
		 const struct ration *r)
{
	unsigned long now = jiffies;
	u64 add;
	bool ok;

	spin_lock(&an->punt_lock);
	if (!b->stamp) {
		b->tokens = r->burst * 1000;
		b->stamp = now ?: 1;
	}
	add = (u64)jiffies_to_msecs(now - b->stamp) * r->per_second;
	if (add) {
		b->tokens = min_t(u64, b->tokens + add, r->burst * 1000ULL);
		b->stamp = now ?: 1;
	}
	ok = b->tokens >= 1000;
	if (ok)
		b->tokens -= 1000;
	spin_unlock(&an->punt_lock);
	return ok;
}

/* First its own bucket or its source's, then that of its class. */
static bool pay(struct adit_net *an, int class, struct adit_bucket *own,
		u64 source, enum adit_drop *why)
{
	int kind = own ? ESTABLISHED : SETUP;

	if (!own) {
		*why = ADIT_DROP_punt_rate_source;
		if (!take(an, &an->sources[source % ADIT_N_SOURCES],
			  &source_ration))
			return false;
	} else {
		*why = class == ADIT_PUNT_L2TP ? ADIT_DROP_punt_rate_tunnel :
						 ADIT_DROP_punt_rate_link;
		if (!take(an, own, &own_ration[class]))
			return false;
	}
	*why = ADIT_DROP_punt_rate_class;
	return take(an, &an->classes[class][kind], &class_ration[class][kind]);
}

/* May it go up? Counts why not. own: the bucket of what is established, or NULL,
 * and then the source's hash.
 */
static bool admit(struct adit_net *an, int class, struct adit_bucket *own,
		  u64 source, u32 len)
{
	enum adit_drop why;

	if (!READ_ONCE(an->portid[class]))
		why = ADIT_DROP_punt_no_listener;
	else if (len > ADIT_FRAME_MAX)
		why = ADIT_DROP_punt_too_long;
	else if (pay(an, class, own, source, &why))
		return true;
	adit_drop(an, why);
	return false;
}

static struct sk_buff *begin(struct adit_net *an, int class, u32 len,
			     void **head)
{
	struct sk_buff *msg =
		genlmsg_new(256 + nla_total_size(len), GFP_ATOMIC);

	if (!msg) {
		adit_drop(an, ADIT_DROP_punt_no_memory);
		return NULL;
	}
	*head = genlmsg_put(msg, 0, 0, &adit_genl, 0, ADIT_CMD_PUNT);
	nla_put_u8(msg, ADIT_A_CLASS, class);
	return msg;
}

static void deliver(struct adit_net *an, int class, struct sk_buff *msg,
		    void *head)
{
	genlmsg_end(msg, head);
	if (genlmsg_unicast(an->net, msg, READ_ONCE(an->portid[class])))
		adit_drop(an, ADIT_DROP_punt_queue_full);
}

/* Frame last: it is the bulk. */
static void end(struct adit_net *an, int class, struct sk_buff *msg, void *head,
		struct sk_buff *skb)
{
	struct nlattr *a = nla_reserve(msg, ADIT_A_FRAME, skb->len);

	if (!a || skb_copy_bits(skb, 0, nla_data(a), skb->len)) {
		adit_drop(an, ADIT_DROP_punt_no_memory);
		nlmsg_free(msg);
		return;
	}
	deliver(an, class, msg, head);
}

int adit_put_ip(struct sk_buff *msg, int attr, u8 family,
		const struct adit_ip *ip)
{
	if (family == AF_INET6)
		return nla_put(msg, attr, 16, &ip->a);
	return nla_put(msg, attr, 4, &ip->a.s6_addr32[3]);
}

int adit_put_eth(struct sk_buff *msg, const struct adit_port *port,
		 const struct adit_eth *eth)
{
	if (nla_put_u32(msg, ADIT_A_IFINDEX, port->dev->ifindex) ||
	    nla_put_u16(msg, ADIT_A_VLAN_OUTER, eth->vlan_outer) ||
	    nla_put_u16(msg, ADIT_A_VLAN_INNER, eth->vlan_inner) ||
	    nla_put(msg, ADIT_A_MAC, ETH_ALEN, eth->mac))
		return -EMSGSIZE;
	if (!eth->vlan_outer)
		return 0;
	return nla_put_u16(msg, ADIT_A_VLAN_PROTO, ntohs(eth->vlan_proto));
}

int adit_put_link(struct sk_buff *msg, int attr, struct adit_link *link)
{
	struct nlattr *nest = nla_nest_start(msg, attr);
	int err = 0;

	if (!nest)
		return -EMSGSIZE;
	if (link->type == ADIT_LINK_SESSION) {
		u32 key = adit_session_of(link)->key;

		err |= nla_put_u16(msg, ADIT_A_TUNNEL_ID, key >> 16);
		err |= nla_put_u16(msg, ADIT_A_SESSION_ID, key & 0xffff);
	} else {
		struct adit_pppoe *p = adit_pppoe_of(link);

		err |= nla_put_u32(msg, ADIT_A_IFINDEX, p->port->dev->ifindex);
		err |= nla_put_u16(msg, ADIT_A_VLAN_OUTER, p->eth.vlan_outer);
		err |= nla_put_u16(msg, ADIT_A_VLAN_INNER, p->eth.vlan_inner);
		err |= nla_put_u16(msg, ADIT_A_SESSION_ID, p->sid);
	}
	nla_nest_end(msg, nest);
	return err;
}

static int put_outer(struct sk_buff *msg, struct adit_endpoint *ep,
		     const struct adit_ip *from, const struct adit_ip *to,
		     __be16 from_port)
{
	if (nla_put_u32(msg, ADIT_A_ENDPOINT_ID, ep->id) ||
	    adit_put_ip(msg, ADIT_A_LOCAL, ep->family, to) ||
	    nla_put_u16(msg, ADIT_A_LOCAL_PORT, ntohs(ep->port)) ||
	    adit_put_ip(msg, ADIT_A_REMOTE, ep->family, from))
		return -EMSGSIZE;
	return nla_put_u16(msg, ADIT_A_REMOTE_PORT, ntohs(from_port));
}

void adit_punt_l2tp(struct adit_endpoint *ep, const struct adit_ip *from,
		    const struct adit_ip *to, __be16 from_port,
		    struct adit_tunnel *t, struct sk_buff *skb)
{
	u64 source = t ? 0 : siphash(from, sizeof(*from), &ep->an->key);
	struct adit_net *an = ep->an;
	struct sk_buff *msg = NULL;
	void *head;

	if (admit(an, ADIT_PUNT_L2TP, t ? &t->bucket : NULL, source, skb->len))
		msg = begin(an, ADIT_PUNT_L2TP, skb->len, &head);
	if (msg) {
		put_outer(msg, ep, from, to, from_port);
		if (skb_sec_path(skb))
			nla_put_flag(msg, ADIT_A_PROTECTED);
		end(an, ADIT_PUNT_L2TP, msg, head, skb);
	}
	consume_skb(skb);
}

void adit_punt_pppoe(struct adit_port *port, const struct adit_eth *from,
		     const u8 *to, struct adit_pppoe *p, struct sk_buff *skb)
{
	struct adit_net *an = port->an;
	struct sk_buff *msg = NULL;
	u64 source = 0;
	void *head;

	if (!p)
		source = siphash_3u64(port->dev->ifindex,
				      ether_addr_to_u64(from->mac),
				      (u32)from->vlan_outer << 16 |
					      from->vlan_inner,
				      &an->key);
	if (admit(an, ADIT_PUNT_PPPOE, p ? &p->cold.bucket : NULL, source,
		  skb->len))
		msg = begin(an, ADIT_PUNT_PPPOE, skb->len, &head);
	if (msg) {
		adit_put_eth(msg, port, from);
		nla_put(msg, ADIT_A_LOCAL_MAC, ETH_ALEN, to);
		end(an, ADIT_PUNT_PPPOE, msg, head, skb);
	}
	consume_skb(skb);
}

void adit_punt_ppp(struct adit_link *link, struct sk_buff *skb)
{
	struct adit_cold *cold = adit_link_cold(link);
	struct adit_net *an = adit_link_net(link);
	struct sk_buff *msg = NULL;
	void *head;

	if (admit(an, ADIT_PUNT_PPP, &cold->bucket, 0, skb->len))
		msg = begin(an, ADIT_PUNT_PPP, skb->len, &head);
	if (msg) {
		nla_put_u64_64bit(msg, ADIT_A_COOKIE, READ_ONCE(cold->cookie),
				  ADIT_A_PAD);
		adit_put_link(msg, ADIT_A_LINK, link);
		end(an, ADIT_PUNT_PPP, msg, head, skb);
	}
	consume_skb(skb);
}

void adit_punt_error(struct adit_endpoint *ep, const struct adit_ip *peer,
		     const struct adit_ip *local, __be16 peer_port, int err)
{
	u64 source = siphash(peer, sizeof(*peer), &ep->an->key);
	struct adit_net *an = ep->an;
	struct sk_buff *msg;
	void *head;

	if (!admit(an, ADIT_PUNT_L2TP, NULL, source, 0))
		return;
	msg = begin(an, ADIT_PUNT_L2TP, 0, &head);
	if (!msg)
		return;
	put_outer(msg, ep, peer, local, peer_port);
	nla_put_u32(msg, ADIT_A_ERROR, err);
	deliver(an, ADIT_PUNT_L2TP, msg, head);
}
