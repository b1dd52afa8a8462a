// SPDX-License-Identifier: GPL-2.0
/*
 * Punts: L2TP control, PPPoE discovery, PPP control frames and subscribers'
 * link-local IPv6, each class to the one socket that listens for it. Rations come
 * before any allocation, so that no class, no source of set-up messages, no
 * tunnel and no link can take what others need. What is established pays from a
 * bucket of its tunnel's or link's; what has neither yet from its source's (and
 * its line's and port's); then each from a bucket of its kind, so that a flood of
 * set-up messages from invented sources leaves established tunnels, sessions and
 * configured peers alone.
 *
 * Called by the packet path. Context: BH off, under RCU.
 */
#include "punt.h"

#include <linux/etherdevice.h>
#include <net/genetlink.h>

#include "adit/wire.h"
#include "compat.h"
#include "genl.h"
#include "peers.h"
#include "ration.h"

static const u8 stat_of[ADIT_N_DROPS] = {
	[ADIT_DROP_punt_no_listener] = ADIT_PUNT_STAT_NO_LISTENER,
	[ADIT_DROP_punt_rate_class] = ADIT_PUNT_STAT_RATE_CLASS,
	[ADIT_DROP_punt_rate_source] = ADIT_PUNT_STAT_RATE_SOURCE,
	[ADIT_DROP_punt_rate_port] = ADIT_PUNT_STAT_RATE_PORT,
	[ADIT_DROP_punt_rate_tunnel] = ADIT_PUNT_STAT_RATE_TUNNEL,
	[ADIT_DROP_punt_rate_link] = ADIT_PUNT_STAT_RATE_LINK,
	[ADIT_DROP_punt_too_long] = ADIT_PUNT_STAT_TOO_LONG,
	[ADIT_DROP_punt_no_memory] = ADIT_PUNT_STAT_NO_MEMORY,
	[ADIT_DROP_punt_queue_full] = ADIT_PUNT_STAT_QUEUE_FULL,
};

/* A frame on its way up. */
struct punt {
	struct adit_net *an;
	int class;
	u32 portid; /* its listener's, looked at once: it may leave at any time */
	u32 missed; /* frames that this one tells of */
	struct sk_buff *msg;
	void *head;
};

static void drop(struct punt *p, enum adit_drop why)
{
	adit_drop(p->an, why);
	adit_punt_stats_count(p->an->punt_stats, p->class, stat_of[why]);
	atomic_add(1 + p->missed, &p->an->missed[p->class]);
	trace_adit_punt(p->an->net->ns.inum, p->class, stat_of[why]);
}

/* May it go up? Counts why not. */
static bool admit(struct punt *p, const struct adit_claim *c, int n, u32 len)
{
	enum adit_drop why;

	if (!p->portid)
		why = ADIT_DROP_punt_no_listener;
	else if (len > ADIT_FRAME_MAX)
		why = ADIT_DROP_punt_too_long;
	else if (adit_ration_take(p->an, c, n, &why))
		return true;
	drop(p, why);
	return false;
}

/* False: it does not go up, which is counted. */
static bool begin(struct punt *p, struct adit_net *an, int class,
		  const struct adit_claim *c, int n, u32 len)
{
	*p = (struct punt){ .an = an,
			    .class = class,
			    .portid = READ_ONCE(an->portid[class]) };
	if (!admit(p, c, n, len))
		return false;
	p->msg = genlmsg_new(256 + nla_total_size(len), GFP_ATOMIC);
	if (!p->msg) {
		drop(p, ADIT_DROP_punt_no_memory);
		return false;
	}
	p->head = genlmsg_put(p->msg, 0, 0, &adit_genl, 0, ADIT_CMD_PUNT);
	nla_put_u8(p->msg, ADIT_A_CLASS, class);
	if (atomic_read(&an->missed[class]))
		p->missed = atomic_xchg(&an->missed[class], 0);
	if (p->missed)
		nla_put_u32(p->msg, ADIT_A_MISSED, p->missed);
	return true;
}

static void deliver(struct punt *p)
{
	genlmsg_end(p->msg, p->head);
	if (genlmsg_unicast(p->an->net, p->msg, p->portid)) {
		drop(p, ADIT_DROP_punt_queue_full);
		return;
	}
	adit_punt_stats_count(p->an->punt_stats, p->class,
			      ADIT_PUNT_STAT_PASSED);
	trace_adit_punt(p->an->net->ns.inum, p->class, ADIT_PUNT_STAT_PASSED);
}

/* Frame last: it is the bulk. */
static void end(struct punt *p, struct sk_buff *skb)
{
	struct nlattr *a = nla_reserve(p->msg, ADIT_A_FRAME, skb->len);

	if (!a || skb_copy_bits(skb, 0, nla_data(a), skb->len)) {
		drop(p, ADIT_DROP_punt_no_memory);
		nlmsg_free(p->msg);
		return;
	}
	deliver(p);
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

static void charge_source(struct adit_net *an, const struct adit_ip *from,
			  bool peer, struct adit_claim c[2])
{
	u64 hash = siphash(from, sizeof(*from), &an->key);

	c[0] = adit_claim_hashed(an,
				 peer ? ADIT_HASHED_PEER : ADIT_HASHED_SOURCE,
				 hash);
	c[1] = adit_claim_class(an, peer ? ADIT_RATION_L2TP_PEERS :
					   ADIT_RATION_L2TP_STRANGERS);
}

/* Who pays for an L2TP control message: its tunnel and all tunnels; or its source
 * and all sources of its kind.
 */
static void charge_l2tp(struct adit_net *an, const struct adit_ip *from,
			struct adit_tunnel *t, struct adit_claim c[2])
{
	if (t) {
		c[0] = adit_claim_own(an, &t->bucket, ADIT_RATION_TUNNEL,
				      ADIT_DROP_punt_rate_tunnel);
		c[1] = adit_claim_class(an, ADIT_RATION_L2TP);
		return;
	}
	charge_source(an, from, adit_peers_has(an, from), c);
}

void adit_punt_l2tp(struct adit_endpoint *ep, const struct adit_ip *from,
		    const struct adit_ip *to, __be16 from_port,
		    struct adit_tunnel *t, struct sk_buff *skb)
{
	struct adit_claim c[2];
	struct punt p;

	charge_l2tp(ep->an, from, t, c);
	if (begin(&p, ep->an, ADIT_PUNT_L2TP, c, ARRAY_SIZE(c), skb->len)) {
		put_outer(p.msg, ep, from, to, from_port);
		if (skb_sec_path(skb))
			nla_put_flag(p.msg, ADIT_A_PROTECTED);
		end(&p, skb);
	}
	consume_skb(skb);
}

/* A MAC pays for itself, with its line and its port. */
static int charge_pppoe(struct adit_port *port, const struct adit_eth *from,
			struct adit_pppoe *p, struct adit_claim c[4])
{
	u32 vlans = (u32)from->vlan_outer << 16 | from->vlan_inner;
	struct adit_net *an = port->an;
	u32 dev = port->dev->ifindex;

	if (p) {
		c[0] = adit_claim_own(an, &p->cold.bucket,
				      ADIT_RATION_LINK_PPPOE,
				      ADIT_DROP_punt_rate_link);
		c[1] = adit_claim_class(an, ADIT_RATION_PPPOE);
		return 2;
	}
	c[0] = adit_claim_hashed(an, ADIT_HASHED_SOURCE,
				 siphash_3u64(dev, ether_addr_to_u64(from->mac),
					      vlans, &an->key));
	c[1] = adit_claim_hashed(an, ADIT_HASHED_LINE,
				 siphash_2u64(dev, vlans, &an->key));
	c[2] = adit_claim_own(an, &port->bucket, ADIT_RATION_PORT,
			      ADIT_DROP_punt_rate_port);
	c[3] = adit_claim_class(an, ADIT_RATION_PPPOE_SETUP);
	return 4;
}

void adit_punt_pppoe(struct adit_port *port, const struct adit_eth *from,
		     const u8 *to, struct adit_pppoe *pppoe,
		     struct sk_buff *skb)
{
	struct adit_claim c[4];
	int n = charge_pppoe(port, from, pppoe, c);
	struct punt p;

	if (begin(&p, port->an, ADIT_PUNT_PPPOE, c, n, skb->len)) {
		adit_put_eth(p.msg, port, from);
		nla_put(p.msg, ADIT_A_LOCAL_MAC, ETH_ALEN, to);
		end(&p, skb);
	}
	consume_skb(skb);
}

/* A subscriber's neighbour discovery does not take his LCP. Of a link that is not
 * terminated all is one stream.
 */
static int charge_ppp(struct adit_link *link, const struct sk_buff *skb,
		      struct adit_claim c[2])
{
	struct adit_cold *cold = adit_link_cold(link);
	struct adit_net *an = adit_link_net(link);

	if (rcu_access_pointer(link->term) &&
	    get_unaligned_be16(skb->data) == PPP_PROTO_IPV6) {
		c[0] = adit_claim_own(an, &cold->bucket6, ADIT_RATION_LINK_IP6,
				      ADIT_DROP_punt_rate_link);
		c[1] = adit_claim_class(an, ADIT_RATION_IP6);
		return ADIT_PUNT_IP6;
	}
	c[0] = adit_claim_own(an, &cold->bucket, ADIT_RATION_LINK_PPP,
			      ADIT_DROP_punt_rate_link);
	c[1] = adit_claim_class(an, ADIT_RATION_PPP);
	return ADIT_PUNT_PPP;
}

void adit_punt_ppp(struct adit_link *link, struct sk_buff *skb)
{
	struct adit_cold *cold = adit_link_cold(link);
	struct adit_net *an = adit_link_net(link);
	struct adit_claim c[2];
	int class = charge_ppp(link, skb, c);
	struct punt p;

	if (begin(&p, an, class, c, ARRAY_SIZE(c), skb->len)) {
		nla_put_u64_64bit(p.msg, ADIT_A_COOKIE, READ_ONCE(cold->cookie),
				  ADIT_A_PAD);
		adit_put_link(p.msg, ADIT_A_LINK, link);
		end(&p, skb);
	}
	consume_skb(skb);
}

bool adit_punt_mark(struct adit_link *a, struct adit_link *b)
{
	struct adit_net *an = adit_link_net(a);
	u32 portid = READ_ONCE(an->portid[ADIT_PUNT_PPP]);
	struct sk_buff *msg;
	void *head;

	if (!portid)
		return false;
	msg = genlmsg_new(256, GFP_ATOMIC);
	if (!msg)
		return false;
	head = genlmsg_put(msg, 0, 0, &adit_genl, 0, ADIT_CMD_PUNT);
	nla_put_u8(msg, ADIT_A_CLASS, ADIT_PUNT_PPP);
	nla_put_flag(msg, ADIT_A_HOLD);
	adit_put_link(msg, ADIT_A_LINK, a);
	adit_put_link(msg, ADIT_A_TO_LINK, b);
	genlmsg_end(msg, head);
	return !genlmsg_unicast(an->net, msg, portid);
}

void adit_punt_error(struct adit_endpoint *ep, const struct adit_ip *peer,
		     const struct adit_ip *local, __be16 peer_port, int err)
{
	struct adit_claim c[2];
	struct punt p;

	/* Whose message it was is what the error says, and who sent that may be
	 * anybody: a stranger's, whatever the address.
	 */
	charge_source(ep->an, peer, false, c);
	if (!begin(&p, ep->an, ADIT_PUNT_L2TP, c, ARRAY_SIZE(c), 0))
		return;
	put_outer(p.msg, ep, peer, local, peer_port);
	nla_put_u32(p.msg, ADIT_A_ERROR, err);
	deliver(&p);
}
