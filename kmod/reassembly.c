// SPDX-License-Identifier: GPL-2.0
/*
 * The hooks at PRE_ROUTING, before conntrack's own reassembly. They take fragments
 * of UDP, without options or other extension headers, whose addresses are a
 * tunnel's; all else passes untouched. Ports are in the first fragment only, so a
 * datagram of such a pair is made whole whatever it is, and goes on its normal way:
 * INPUT, conntrack and IPsec policies see it as one packet, UDP checks its sum and
 * finds its socket. What is not a fragment is asked one question.
 *
 * RFC 791 3.2, RFC 8200 4.5, RFC 6946 (a fragment that is a whole datagram is never
 * joined with another). Context of the hooks: BH off, RCU.
 */
#include "reassembly.h"

#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/udp.h>

#include "pair.h"

static bool read4(struct sk_buff *skb, struct adit_frag *f)
{
	const struct iphdr *ip = ip_hdr(skb);

	if (ip->protocol != IPPROTO_UDP || ip->ihl != 5)
		return false;
	ipv6_addr_set_v4mapped(ip->saddr, &f->from.a);
	ipv6_addr_set_v4mapped(ip->daddr, &f->to.a);
	f->family = AF_INET;
	f->id = ntohs(ip->id);
	f->hlen = sizeof(*ip);
	f->ecn = ip->tos & INET_ECN_MASK;
	f->more = ip->frag_off & htons(IP_MF);
	f->offset = (ntohs(ip->frag_off) & IP_OFFSET) * 8;
	f->len = ntohs(ip->tot_len) - sizeof(*ip);
	return true;
}

static bool read6(struct sk_buff *skb, struct adit_frag *f)
{
	const struct frag_hdr *fh;
	const struct ipv6hdr *ip;

	if (!pskb_may_pull(skb, sizeof(*ip) + sizeof(*fh)))
		return false;
	ip = ipv6_hdr(skb);
	fh = (const struct frag_hdr *)(ip + 1);
	if (fh->nexthdr != IPPROTO_UDP || ntohs(ip->payload_len) < sizeof(*fh))
		return false;
	f->from.a = ip->saddr;
	f->to.a = ip->daddr;
	f->family = AF_INET6;
	f->id = ntohl(fh->identification);
	f->hlen = sizeof(*ip) + sizeof(*fh);
	f->ecn = ipv6_get_dsfield(ip) & INET_ECN_MASK;
	f->more = fh->frag_off & htons(IP6_MF);
	f->offset = ntohs(fh->frag_off) & ~7;
	f->len = ntohs(ip->payload_len) - sizeof(*fh);
	return true;
}

/* Fit to wait: nobody's, in one piece, data at the payload. 0, or 1 + why not. */
static int prepare(struct sk_buff *skb, const struct adit_frag *f)
{
	u32 udp = f->offset ? 0 : sizeof(struct udphdr);

	if (f->len < udp || skb->len < f->hlen + f->len)
		return 1 + ADIT_DROP_frag_length;
	skb_orphan(skb);
	skb_dst_drop(skb);
	if (skb_is_gso(skb))
		skb_gso_reset(skb);
	if (pskb_trim_rcsum(skb, f->hlen + f->len) ||
	    (skb_has_frag_list(skb) && skb_linearize(skb)) ||
	    !pskb_may_pull(skb, f->hlen + udp))
		return 1 + ADIT_DROP_frag_no_memory;
	/* An IPv4 header's sum is nothing. */
	if (f->family == AF_INET6)
		skb_pull_rcsum(skb, f->hlen);
	else
		__skb_pull(skb, f->hlen);
	return 0;
}

/* Counts a datagram that is whole, or its fragments. */
static unsigned int finish(struct adit_net *an, struct adit_datagram *dg,
			   u8 family, struct sk_buff *skb)
{
	int bad = adit_datagram_join(dg, family, skb);

	if (bad) {
		adit_queue_discard(an, dg, bad - 1);
		return NF_STOLEN;
	}
	adit_frag_stats_whole(an->frags.stats, dg->n);
	return NF_ACCEPT;
}

static unsigned int alone(struct adit_net *an, const struct adit_frag *f,
			  struct sk_buff *skb)
{
	struct adit_datagram dg = {};
	int bad = adit_datagram_add(&dg, f, skb);

	if (!bad)
		return finish(an, &dg, f->family, skb);
	adit_drop(an, bad - 1);
	kfree_skb(skb);
	return NF_STOLEN;
}

static unsigned int take(struct adit_net *an, struct adit_pair *pair,
			 const struct adit_frag *f, struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;
	struct adit_datagram *dg;
	unsigned int verdict;
	int bad;

	adit_frag_stats_taken(an->frags.stats);
	bad = prepare(skb, f);
	if (bad) {
		adit_drop(an, bad - 1);
		kfree_skb(skb);
		return NF_STOLEN;
	}
	if (!f->offset && !f->more)
		return alone(an, f, skb);
	/* It may outlive the device. */
	skb->dev = NULL;
	dg = adit_queue_add(an, &pair->queue, f, skb);
	if (!dg)
		return NF_STOLEN;
	verdict = finish(an, dg, f->family, skb);
	if (verdict == NF_ACCEPT)
		skb->dev = dev;
	kfree(dg);
	return verdict;
}

static unsigned int find(struct sk_buff *skb, struct adit_frag *f)
{
	struct net_device *dev = skb->dev;
	struct adit_net *an = adit_net(dev_net(dev));
	struct adit_pair *pair;

	f->vif = l3mdev_master_ifindex_rcu(dev);
	f->secure = skb_sec_path(skb);
	pair = adit_pair_find(an, f, dev);
	return pair ? take(an, pair, f, skb) : NF_ACCEPT;
}

static unsigned int hook4(void *priv, struct sk_buff *skb,
			  const struct nf_hook_state *state)
{
	struct adit_frag f;

	if (likely(!ip_is_fragment(ip_hdr(skb))) || !read4(skb, &f))
		return NF_ACCEPT;
	return find(skb, &f);
}

static unsigned int hook6(void *priv, struct sk_buff *skb,
			  const struct nf_hook_state *state)
{
	struct adit_frag f;

	if (likely(ipv6_hdr(skb)->nexthdr != NEXTHDR_FRAGMENT) ||
	    !read6(skb, &f))
		return NF_ACCEPT;
	return find(skb, &f);
}

static const struct nf_hook_ops hooks[] = {
	{
		.hook = hook4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = NF_IP_PRI_CONNTRACK_DEFRAG - 1,
	},
	{
		.hook = hook6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = NF_IP6_PRI_CONNTRACK_DEFRAG - 1,
	},
};

int adit_reassembly_start(struct adit_net *an)
{
	int err;

	lockdep_assert_held(&an->lock);
	if (an->frags.hooked)
		return 0;
	adit_queue_start(an);
	err = nf_register_net_hooks(an->net, hooks, ARRAY_SIZE(hooks));
	an->frags.hooked = !err;
	return err;
}

void adit_reassembly_stop(struct adit_net *an)
{
	lockdep_assert_held(&an->lock);
	if (an->frags.hooked)
		nf_unregister_net_hooks(an->net, hooks, ARRAY_SIZE(hooks));
}

void adit_reassembly_end(struct adit_net *an)
{
	if (an->frags.hooked)
		adit_queue_stop(an);
}
