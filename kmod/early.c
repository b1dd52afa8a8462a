// SPDX-License-Identifier: GPL-2.0
/*
 * A hook at the end of PRE_ROUTING gives a data packet of ours the route that the
 * endpoint remembers for the device, and the endpoint's socket, so that the stack does
 * not look them up again: what early demultiplexing does for connected sockets, which
 * ours are not. Control messages go the long way, with all its checks of their source;
 * the source of data is compared with the tunnel's peer in any case, and where
 * reverse-path filtering is strict, data goes the long way too. Context of the hooks:
 * BH off, RCU.
 */
#include "early.h"

#include <linux/inetdevice.h>
#include <linux/netfilter_bridge.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>

#include "adit/wire.h"
#include "compat.h"
#include "endpoint.h"
#include "rx_route.h"

/* Is it a data message, UDP's header at `at`? Then its destination port. */
static bool is_data(const struct sk_buff *skb, unsigned int at, __be16 *port)
{
	struct {
		struct udphdr udp;
		__be16 flags;
	} __packed room;
	const typeof(room) *h =
		skb_header_pointer(skb, at, sizeof(room), &room);

	if (!h)
		return false;
	*port = h->udp.dest;
	return (h->flags & htons(L2TP_F_T | L2TP_VERSION_MASK)) ==
	       htons(L2TP_VERSION);
}

/* Strict reverse-path filtering wants each source looked up: a peer's address may
 * come in by one device and not by another.
 */
static bool asks_sources(const struct net_device *dev)
{
	struct in_device *in_dev = __in_dev_get_rcu(dev);

	return !in_dev || IN_DEV_RPFILTER(in_dev) == 1;
}

/* UDP takes a reference to the route of whatever is given to a socket, unless it has
 * that one already: of several devices' only one may be, or they take turns by the packet.
 */
static bool is_socket_route(const struct sock *sk, struct dst_entry *dst)
{
	struct dst_entry *has = rcu_dereference(sk->sk_rx_dst);

	return has == dst || !has ||
	       !dst_check(has, READ_ONCE(sk->sk_rx_dst_cookie));
}

static void give(struct adit_net *an, struct sk_buff *skb,
		 const struct adit_ip *to, __be16 port)
{
	struct adit_endpoint *ep =
		adit_endpoint_at(an, to, port,
				 l3mdev_master_ifindex_rcu(skb->dev));
	struct dst_entry *dst;
	struct sock *sk;

	if (!ep)
		return;
	dst = adit_rx_route_get(ep, skb->dev->ifindex);
	if (!dst)
		return;
	skb_dst_set_noref(skb, dst);
	/* As bpf_sk_assign() does: RCU keeps it. Being released, it is NULL. */
	sk = READ_ONCE(ep->sock->sk);
	if (sk && !skb->sk && is_socket_route(sk, dst)) {
		skb->sk = sk;
		skb->destructor = sock_pfree;
	}
}

static unsigned int hook4(void *priv, struct sk_buff *skb,
			  const struct nf_hook_state *state)
{
	const struct iphdr *ip = ip_hdr(skb);
	struct adit_ip to;
	__be16 port;

	if (ip->protocol != IPPROTO_UDP || ip->ihl != 5 || ip_is_fragment(ip) ||
	    skb_dst(skb) || nf_bridge_in_prerouting(skb) ||
	    !is_data(skb, sizeof(*ip), &port) || asks_sources(skb->dev))
		return NF_ACCEPT;
	ipv6_addr_set_v4mapped(ip->daddr, &to.a);
	give(adit_net(state->net), skb, &to, port);
	return NF_ACCEPT;
}

static unsigned int hook6(void *priv, struct sk_buff *skb,
			  const struct nf_hook_state *state)
{
	const struct ipv6hdr *ip = ipv6_hdr(skb);
	struct adit_ip to;
	__be16 port;

	if (ip->nexthdr != IPPROTO_UDP || skb_dst(skb) ||
	    nf_bridge_in_prerouting(skb) || !is_data(skb, sizeof(*ip), &port))
		return NF_ACCEPT;
	to.a = ip->daddr;
	give(adit_net(state->net), skb, &to, port);
	return NF_ACCEPT;
}

static const struct nf_hook_ops hooks[] = {
	{
		.hook = hook4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = NF_IP_PRI_LAST,
	},
	{
		.hook = hook6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = NF_IP6_PRI_LAST,
	},
};

int adit_early_start(struct adit_net *an)
{
	int err;

	lockdep_assert_held(&an->lock);
	if (an->early_hooked)
		return 0;
	err = nf_register_net_hooks(an->net, hooks, ARRAY_SIZE(hooks));
	an->early_hooked = !err;
	return err;
}

void adit_early_stop(struct adit_net *an)
{
	lockdep_assert_held(&an->lock);
	if (an->early_hooked)
		nf_unregister_net_hooks(an->net, hooks, ARRAY_SIZE(hooks));
	an->early_hooked = false;
}
