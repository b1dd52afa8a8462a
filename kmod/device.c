// SPDX-License-Identifier: GPL-2.0
/*
 * The device, multipoint: a packet that is routed into it goes to the link whose
 * address it has; or point-to-point: it has one link, and all goes to that, IPv6
 * link-local and multicast too. Super-packets stay whole. A packet for nobody gets
 * an ICMP unreachable; one that is too big for its subscriber is cut where that is
 * allowed, and gets "fragmentation needed" where it is not.
 *
 * Context of xmit: BH off. Of the rest: rtnl held; an->lock inside it.
 */
#include "device.h"

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/prefetch.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ip_tunnels.h>
#include <net/ipv6.h>
#include <net/rtnetlink.h>

#include "adit/wire.h"
#include "addr.h"
#include "ahead.h"
#include "batch.h"
#include "compat.h"
#include "count.h"
#include "fragment.h"
#include "l2tp_tx.h"
#include "link.h"
#include "pppoe_tx.h"
#include "segment.h"

#define DEFAULT_MTU 1500
#define HEADROOM (2 + ADIT_L2TP_HEADROOM)
#define OVERHEAD 100 /* more than any of our headers */

/* Told of links that lose their device: reporting is above us. */
static void (*tell_unbound)(struct adit_link *link);

static void send_icmp(struct sk_buff *skb, u32 mtu)
{
	if (skb->protocol == htons(ETH_P_IP))
		icmp_ndo_send(skb, ICMP_DEST_UNREACH,
			      mtu ? ICMP_FRAG_NEEDED : ICMP_HOST_UNREACH,
			      htonl(mtu));
	else if (mtu)
		icmpv6_ndo_send(skb, ICMPV6_PKT_TOOBIG, 0, mtu);
	else
		icmpv6_ndo_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH,
				0);
}

/* NULL: why; tx_no_link only where an ICMP can be sent. */
static struct adit_link *look_up(struct adit_net *an, struct net_device *dev,
				 struct sk_buff *skb, enum adit_drop *why)
{
	struct adit_dev *d = netdev_priv(dev);

	*why = ADIT_DROP_tx_protocol;
	if (skb->protocol == htons(ETH_P_IP)) {
		if (!pskb_network_may_pull(skb, sizeof(struct iphdr)))
			return NULL;
		*why = ADIT_DROP_tx_no_link;
		if (d->p2p)
			return rcu_dereference(d->only);
		return adit_addr_find(an, dev->ifindex, AF_INET,
				      &ip_hdr(skb)->daddr);
	}
	if (skb->protocol != htons(ETH_P_IPV6) ||
	    !pskb_network_may_pull(skb, sizeof(struct ipv6hdr)))
		return NULL;
	*why = ADIT_DROP_tx_no_link;
	if (d->p2p)
		return rcu_dereference(d->only);
	if (ipv6_addr_type(&ipv6_hdr(skb)->daddr) &
	    (IPV6_ADDR_MULTICAST | IPV6_ADDR_LINKLOCAL)) {
		*why = ADIT_DROP_tx_multicast;
		return NULL;
	}
	return adit_addr_find(an, dev->ifindex, AF_INET6,
			      &ipv6_hdr(skb)->daddr);
}

/* Of what the subscriber takes, and, of a packet that nobody is to cut, of what gets
 * there whole. See l2tp_tx for IPv6's least.
 */
static u32 mtu_of(struct adit_link *link, const struct adit_term *term,
		  const struct sk_buff *skb)
{
	bool v6 = skb->protocol == htons(ETH_P_IPV6);
	struct adit_session *s;
	u32 path;
	u8 outer;

	if (link->type != ADIT_LINK_SESSION)
		return min_t(u32, term->mtu,
			     adit_pppoe_mtu(adit_pppoe_of(link)));
	s = adit_session_of(link);
	outer = READ_ONCE(s->tunnel->outer);
	if (likely(!(outer & ADIT_OUTER_DF_ANY)))
		return term->mtu;
	if (outer & ADIT_OUTER_DF_INHERIT && !v6 &&
	    !(ip_hdr(skb)->frag_off & htons(IP_DF)))
		return term->mtu;
	path = adit_session_path_mtu(s);
	return min_t(u32, term->mtu,
		     v6 ? max_t(u32, path, IPV6_MIN_MTU) : path);
}

/* Data at the IP header. 0, or 1 + why not. */
static int hand_over(struct adit_link *link, struct sk_buff *skb)
{
	u16 proto = skb->protocol == htons(ETH_P_IP) ? PPP_PROTO_IPV4 :
						       PPP_PROTO_IPV6;

	if (skb_cow_head(skb, HEADROOM))
		return 1 + ADIT_DROP_tx_headroom;
	dev_sw_netstats_tx_add(skb->dev, adit_segments(skb), skb->len);
	put_unaligned_be16(proto, __skb_push(skb, 2));
	adit_link_xmit(link, skb);
	return 0;
}

/* Of the link, where it is known. */
static void drop(struct adit_net *an, struct adit_link *link,
		 enum adit_drop why, struct sk_buff *skb)
{
	dev_core_stats_tx_dropped_inc(skb->dev);
	if (link)
		adit_count_tx_drop(link, why, skb);
	else
		adit_count_drop(an, why, skb);
}

/* A piece of a packet whose link was found: Context: BH off, RCU. */
static int send_fragment(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	struct adit_net *an = adit_net(net);
	struct adit_link *link;
	enum adit_drop why;
	int bad;

	link = look_up(an, skb->dev, skb, &why);
	bad = link ? hand_over(link, skb) : 1 + why;
	if (bad)
		drop(an, link, bad - 1, skb);
	return 0;
}

/* 0, or 1 + why not. */
static int send_to_link(struct adit_net *an, struct adit_link *link,
			struct sk_buff *skb)
{
	struct adit_term *term = rcu_dereference(link->term);
	u32 mtu;

	if (!term)
		return 1 + ADIT_DROP_tx_no_link;
	mtu = mtu_of(link, term, skb);
	if (adit_fits(skb, skb->len, mtu))
		return hand_over(link, skb);
	if (adit_fragment_may(skb, mtu))
		return adit_fragment(an, skb, mtu, send_fragment);
	send_icmp(skb, mtu);
	return 1 + ADIT_DROP_tx_mtu;
}

static void send(struct adit_net *an, struct sk_buff *skb)
{
	struct adit_link *link;
	enum adit_drop why;
	int bad;

	link = look_up(an, skb->dev, skb, &why);
	if (link) {
		bad = send_to_link(an, link, skb);
	} else {
		bad = 1 + why;
		if (why == ADIT_DROP_tx_no_link)
			send_icmp(skb, 0);
	}
	if (bad)
		drop(an, link, bad - 1, skb);
}

/* 0: there is none. */
static u8 destination(const struct sk_buff *skb, const void **a)
{
	if (skb->protocol == htons(ETH_P_IP) &&
	    skb_headlen(skb) >= sizeof(struct iphdr)) {
		*a = &ip_hdr(skb)->daddr;
		return AF_INET;
	}
	if (skb->protocol == htons(ETH_P_IPV6) &&
	    skb_headlen(skb) >= sizeof(struct ipv6hdr)) {
		*a = &ipv6_hdr(skb)->daddr;
		return AF_INET6;
	}
	return 0;
}

static const void *ahead_addr(struct adit_net *an, struct sk_buff *skb,
			      const void *at)
{
	const void *a;
	u8 family = destination(skb, &a);

	return family ? adit_addr_ahead(an, adit_batch_cb(skb)->ifindex, family,
					a) :
			NULL;
}

/* Its bucket and the first of it are there; one in five is not the first. */
static const void *ahead_link(struct adit_net *an, struct sk_buff *skb,
			      const void *at)
{
	const void *a;
	u8 family = destination(skb, &a);
	struct adit_link *link;

	if (!family)
		return NULL;
	link = adit_addr_find(an, adit_batch_cb(skb)->ifindex, family, a);
	prefetch(link);
	return link;
}

static const struct net_device_ops device_ops;

/* Its index may be another device's by now. */
static void run(struct adit_net *an, struct sk_buff *skb)
{
	skb->dev = dev_get_by_index_rcu(an->net, adit_batch_cb(skb)->ifindex);
	if (skb->dev && skb->dev->netdev_ops == &device_ops) {
		send(an, skb);
		return;
	}
	adit_count_drop(an, ADIT_DROP_tx_no_link, skb);
}

static const struct adit_batch_ops batch = {
	.look = { ahead_addr, adit_addr_ahead_first, ahead_link,
		  adit_ahead_link, adit_ahead_xmit },
	.run = run,
};

/* A super-packet is a batch itself. What comes in from within what we send, by a
 * tunnel to a subscriber, stays there: a circle would have no end.
 */
static bool waits(struct adit_net *an, const struct sk_buff *skb)
{
	if (adit_link_nested())
		return false;
	return skb_is_gso(skb) ? adit_batch_waits(an) : adit_batch_wanted(an);
}

static netdev_tx_t device_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct adit_net *an = adit_net(dev_net(dev));

	if (!adit_net_started(an)) {
		dev_core_stats_tx_dropped_inc(dev);
		kfree_skb(skb);
		return NETDEV_TX_OK;
	}
	rcu_read_lock();
	if (waits(an, skb))
		adit_batch_add(an, &batch, 0, skb);
	else
		send(an, skb);
	rcu_read_unlock();
	return NETDEV_TX_OK;
}

static int device_init(struct net_device *dev)
{
	struct adit_net *an = adit_net(dev_net(dev));
	struct adit_dev *d = netdev_priv(dev);

	dev->tstats = netdev_alloc_pcpu_stats(struct pcpu_sw_netstats);
	if (!dev->tstats)
		return -ENOMEM;
	d->dev = dev;
	INIT_LIST_HEAD(&d->terms);
	mutex_lock(&an->lock);
	list_add_tail(&d->list, &an->devices);
	mutex_unlock(&an->lock);
	return 0;
}

static void device_uninit(struct net_device *dev)
{
	struct adit_net *an = adit_net(dev_net(dev));
	struct adit_dev *d = netdev_priv(dev);

	mutex_lock(&an->lock);
	adit_link_unbind_device(an, &d->terms, tell_unbound);
	list_del(&d->list);
	mutex_unlock(&an->lock);
}

static void device_free(struct net_device *dev)
{
	free_percpu(dev->tstats);
}

static const struct net_device_ops device_ops = {
	.ndo_init = device_init,
	.ndo_uninit = device_uninit,
	.ndo_start_xmit = device_xmit,
	.ndo_get_stats64 = dev_get_tstats64,
};

static const struct device_type device_type = { .name = ADIT_RTNL_KIND };

static void device_setup(struct net_device *dev)
{
	netdev_features_t f = NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HW_CSUM |
			      NETIF_F_RXCSUM | NETIF_F_GSO_SOFTWARE |
			      NETIF_F_HIGHDMA;

	dev->netdev_ops = &device_ops;
	dev->header_ops = &ip_tunnel_header_ops;
	dev->needs_free_netdev = true;
	dev->priv_destructor = device_free;
	SET_NETDEV_DEVTYPE(dev, &device_type);
	dev->type = ARPHRD_NONE;
	dev->flags = IFF_NOARP | IFF_POINTOPOINT;
	dev->priv_flags |= IFF_NO_QUEUE;
	adit_dev_pin(dev);
	dev->features |= f;
	dev->hw_features |= f;
	dev->hw_enc_features |= f;
	dev->mtu = DEFAULT_MTU;
	dev->min_mtu = 0;
	dev->max_mtu = 65535 - OVERHEAD;
	dev->needed_headroom = HEADROOM;
	netif_set_tso_max_size(dev, 65535 - OVERHEAD);
	/* ICMP errors and fragments need the route that led here. */
	netif_keep_dst(dev);
	netdev_lockdep_set_classes(dev);
}

static const struct nla_policy device_policy[IFLA_ADIT_MAX + 1] = {
	[IFLA_ADIT_MODE] = NLA_POLICY_MAX(NLA_U8, ADIT_MODE_P2P),
};

static int device_newlink(struct net *net, struct net_device *dev,
			  struct nlattr *tb[], struct nlattr *data[],
			  struct netlink_ext_ack *extack)
{
	struct adit_dev *d = netdev_priv(dev);

	d->p2p = data && data[IFLA_ADIT_MODE] &&
		 nla_get_u8(data[IFLA_ADIT_MODE]) == ADIT_MODE_P2P;
	if (d->p2p)
		dev->flags |= IFF_MULTICAST;
	return register_netdevice(dev);
}

static size_t device_size(const struct net_device *dev)
{
	return nla_total_size(sizeof(u8));
}

static int device_fill(struct sk_buff *msg, const struct net_device *dev)
{
	struct adit_dev *d = netdev_priv(dev);

	return nla_put_u8(msg, IFLA_ADIT_MODE,
			  d->p2p ? ADIT_MODE_P2P : ADIT_MODE_MULTIPOINT);
}

static struct rtnl_link_ops device_link_ops __read_mostly = {
	.kind = ADIT_RTNL_KIND,
	.priv_size = sizeof(struct adit_dev),
	.setup = device_setup,
	.maxtype = IFLA_ADIT_MAX,
	.policy = device_policy,
	.newlink = device_newlink,
	.get_size = device_size,
	.fill_info = device_fill,
};

struct adit_dev *adit_device_find(struct adit_net *an, int ifindex)
{
	struct adit_dev *d;

	lockdep_assert_held(&an->lock);
	list_for_each_entry(d, &an->devices, list)
		if (d->dev->ifindex == ifindex)
			return d;
	return NULL;
}

void adit_device_end(struct adit_net *an, struct list_head *kill)
{
	struct adit_dev *d;

	ASSERT_RTNL();
	mutex_lock(&an->lock);
	list_for_each_entry(d, &an->devices, list)
		unregister_netdevice_queue(d->dev, kill);
	mutex_unlock(&an->lock);
}

int adit_device_init(void (*unbound)(struct adit_link *link))
{
	tell_unbound = unbound;
	return rtnl_link_register(&device_link_ops);
}

void adit_device_exit(void)
{
	rtnl_link_unregister(&device_link_ops);
}

MODULE_ALIAS_RTNL_LINK(ADIT_RTNL_KIND);
