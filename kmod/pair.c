// SPDX-License-Identifier: GPL-2.0
/*
 * The table of pairs, by the remote address: the local one may be any, and then
 * only what is for this host is meant, not what it forwards. Called by the tunnel
 * and by reassembly.
 */
#include "pair.h"

#include <linux/inetdevice.h>
#include <linux/jhash.h>
#include <linux/netdevice.h>
#include <net/addrconf.h>
#include <net/route.h>

static struct hlist_head *bucket(struct adit_net *an,
				 const struct adit_ip *remote)
{
	u32 h = jhash(&remote->a, sizeof(remote->a), (u32)an->key.key[0]);

	return &an->pairs[h & ((1 << ADIT_PAIR_BITS) - 1)];
}

static bool is_any(u8 family, const struct adit_ip *ip)
{
	return family == AF_INET6 ? ipv6_addr_any(&ip->a) : !ip->a.s6_addr32[3];
}

static bool is_for_us(const struct adit_frag *f, const struct net_device *dev)
{
	struct net *net = dev_net(dev);

	if (f->family == AF_INET6)
		return ipv6_chk_addr(net, &f->to.a, NULL, 0);
	return inet_addr_type_dev_table(net, dev, f->to.a.s6_addr32[3]) ==
	       RTN_LOCAL;
}

struct adit_pair *adit_pair_find(struct adit_net *an, const struct adit_frag *f,
				 const struct net_device *dev)
{
	struct adit_pair *p;

	hlist_for_each_entry_rcu(p, bucket(an, &f->from), hash) {
		if (!ipv6_addr_equal(&p->remote.a, &f->from.a))
			continue;
		if (p->ifindex && p->ifindex != f->vif &&
		    p->ifindex != dev->ifindex)
			continue;
		if (p->any ? is_for_us(f, dev) :
			     ipv6_addr_equal(&p->local.a, &f->to.a))
			return p;
	}
	return NULL;
}

struct adit_pair *adit_pair_of(struct adit_endpoint *ep,
			       const struct adit_ip *remote)
{
	struct adit_pair *p;

	hlist_for_each_entry_rcu(p, bucket(ep->an, remote), hash,
				 lockdep_is_held(&ep->an->lock))
		if (ipv6_addr_equal(&p->remote.a, &remote->a) &&
		    ipv6_addr_equal(&p->local.a, &ep->local.a) &&
		    p->ifindex == ep->ifindex)
			return p;
	return NULL;
}

static struct adit_pair *get(struct adit_endpoint *ep,
			     const struct adit_ip *remote)
{
	struct adit_pair *p = adit_pair_of(ep, remote);

	if (!p) {
		p = kzalloc(sizeof(*p), GFP_KERNEL_ACCOUNT);
		if (!p)
			return NULL;
		p->remote = *remote;
		p->local = ep->local;
		p->ifindex = ep->ifindex;
		p->any = is_any(ep->family, &ep->local);
		adit_queue_init(&p->queue);
		hlist_add_head_rcu(&p->hash, bucket(ep->an, remote));
	}
	p->n++;
	return p;
}

static void put(struct adit_net *an, struct adit_pair *p)
{
	if (--p->n)
		return;
	hlist_del_rcu(&p->hash);
	adit_queue_flush(an, &p->queue);
	kfree_rcu(p, rcu);
}

int adit_pair_join(struct adit_endpoint *ep, struct adit_tunnel *t)
{
	const struct adit_ip *from = t->outer & ADIT_OUTER_MOVED ? &t->from :
								   &t->remote;

	lockdep_assert_held(&ep->an->lock);
	t->to_pair = get(ep, &t->remote);
	if (!t->to_pair)
		return -ENOMEM;
	t->from_pair = get(ep, from);
	if (!t->from_pair) {
		put(ep->an, t->to_pair);
		return -ENOMEM;
	}
	hlist_add_head_rcu(&t->of_pair, &t->to_pair->tunnels);
	return 0;
}

void adit_pair_leave(struct adit_tunnel *t)
{
	lockdep_assert_held(&t->an->lock);
	hlist_del_rcu(&t->of_pair);
	put(t->an, t->from_pair);
	put(t->an, t->to_pair);
}
