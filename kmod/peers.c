// SPDX-License-Identifier: GPL-2.0
/*
 * Configured peers, see peers.h. IPv6 has the mapped addresses of IPv4, but a prefix is
 * of its own family only. Of two of one family one lies within the other or they
 * have nothing in common; so, sorted and without those that lie within another, the
 * last one that does not begin behind an address is the only one that can have it.
 * Called by punt (look-up) and netlink.
 */
#include "peers.h"

#include <linux/slab.h>
#include <linux/sort.h>
#include <net/ipv6.h>

static bool has(const struct adit_peer *p, u8 family, const struct adit_ip *ip)
{
	return p->family == family &&
	       ipv6_prefix_equal(&p->ip.a, &ip->a, p->len);
}

/* By family, then address. */
static int order(const struct adit_peer *p, u8 family, const struct adit_ip *ip)
{
	return p->family - family ?: memcmp(&p->ip, ip, sizeof(*ip));
}

bool adit_peers_has(struct adit_net *an, const struct adit_ip *ip)
{
	const struct adit_peers *peers = rcu_dereference(an->peers);
	u8 family = ipv6_addr_v4mapped(&ip->a) ? AF_INET : AF_INET6;
	u32 low = 0, high = peers ? peers->n : 0;

	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (order(&peers->p[mid], family, ip) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low && has(&peers->p[low - 1], family, ip);
}

struct adit_peers *adit_peers_alloc(u32 n)
{
	struct adit_peers *peers =
		kzalloc(struct_size(peers, p, n), GFP_KERNEL_ACCOUNT);

	if (peers)
		peers->n = n;
	return peers;
}

/* The wider of two that begin alike comes first. */
static int compare(const void *a, const void *b)
{
	const struct adit_peer *x = a, *y = b;

	return order(x, y->family, &y->ip) ?: x->len - y->len;
}

void adit_peers_set(struct adit_net *an, struct adit_peers *peers)
{
	struct adit_peers *old;
	u32 i, n = 0;

	lockdep_assert_held(&an->lock);
	if (peers) {
		sort(peers->p, peers->n, sizeof(*peers->p), compare, NULL);
		for (i = 0; i < peers->n; i++) {
			const struct adit_peer *p = &peers->p[i];

			if (!n || !has(&peers->p[n - 1], p->family, &p->ip))
				peers->p[n++] = *p;
		}
		peers->n = n;
	}
	old = rcu_replace_pointer(an->peers, peers, lockdep_is_held(&an->lock));
	if (old)
		kfree_rcu(old, rcu);
}
