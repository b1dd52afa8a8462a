// SPDX-License-Identifier: GPL-2.0
/*
 * One hash table for hosts and prefixes of all devices; a bit map tells which
 * prefix lengths exist, so a look-up tries those only, the longest first. With
 * hosts alone it is one probe. Written under an->lock, read under RCU.
 */
#include "addr.h"

#include <linux/prefetch.h>

#include "compat.h"

static int family_index(u8 family)
{
	return family == AF_INET6;
}

static u8 max_len(u8 family)
{
	return family == AF_INET6 ? 128 : 32;
}

/* The first n of that many bits. */
static u64 first(int n, int bits)
{
	if (n <= 0)
		return 0;
	return n < bits ? GENMASK_ULL(bits - 1, bits - n) : ~0ULL;
}

static struct adit_addr_key key_of(u8 family, const void *a, u8 len)
{
	if (family == AF_INET)
		return (struct adit_addr_key){
			.lo = get_unaligned_be32(a) & first(len, 32),
		};
	return (struct adit_addr_key){
		.hi = get_unaligned_be64(a) & first(len, 64),
		.lo = get_unaligned_be64(a + 8) & first(len - 64, 64),
	};
}

static bool same(const struct adit_addr_key *a, const struct adit_addr_key *b)
{
	return a->hi == b->hi && a->lo == b->lo;
}

static struct hlist_head *bucket(struct adit_net *an, int ifindex, u8 len,
				 const struct adit_addr_key *k)
{
	u64 h = k->hi * GOLDEN_RATIO_64;

	h = (h ^ h >> 32) + k->lo + ((u64)ifindex << 8 | len);
	return &an->addrs[adit_hash(an, h, ADIT_ADDR_BITS)];
}

static struct adit_addr *find(struct adit_net *an, int ifindex, u8 family,
			      u8 len, const struct adit_addr_key *k)
{
	struct adit_addr *e;

	hlist_for_each_entry_rcu(e, bucket(an, ifindex, len, k), hash,
				 lockdep_is_held(&an->lock))
		if (e->ifindex == ifindex && e->family == family &&
		    e->len == len && same(&e->key, k))
			return e;
	return NULL;
}

struct adit_link *adit_addr_find(struct adit_net *an, int ifindex, u8 family,
				 const void *a)
{
	const u32 *map = an->addr_lens[family_index(family)];
	int word;

	for (word = max_len(family) / 32; word >= 0; word--) {
		u32 bits = READ_ONCE(map[word]);

		while (bits) {
			int bit = fls(bits) - 1;
			u8 len = word * 32 + bit;
			struct adit_addr_key k = key_of(family, a, len);
			struct adit_addr *e;

			e = find(an, ifindex, family, len, &k);
			if (e)
				return e->link;
			bits &= ~BIT(bit);
		}
	}
	return NULL;
}

const void *adit_addr_ahead(struct adit_net *an, int ifindex, u8 family,
			    const void *a)
{
	struct adit_addr_key k = key_of(family, a, max_len(family));
	struct hlist_head *head = bucket(an, ifindex, max_len(family), &k);

	prefetch(head);
	return head;
}

const void *adit_addr_ahead_first(struct adit_net *an, struct sk_buff *skb,
				  const void *at)
{
	struct hlist_head *head = (struct hlist_head *)at;
	struct hlist_node *first = rcu_dereference(hlist_first_rcu(head));

	if (first)
		prefetch(first);
	return first;
}

static void count_len(struct adit_net *an, u8 family, u8 len, int by)
{
	u32 *n = &an->addr_len_count[family_index(family)][len];
	u32 *map = &an->addr_lens[family_index(family)][len / 32];

	*n += by;
	WRITE_ONCE(*map, *n ? *map | BIT(len % 32) : *map & ~BIT(len % 32));
}

int adit_addr_add(struct adit_net *an, struct adit_term *term, u8 family,
		  const void *a, u8 len, struct netlink_ext_ack *extack)
{
	struct adit_addr_key k, whole;
	struct adit_addr *e;

	BUILD_BUG_ON(sizeof(*e) > SMP_CACHE_BYTES);
	lockdep_assert_held(&an->lock);
	if (len > max_len(family)) {
		NL_SET_ERR_MSG(extack, "prefix length is too long");
		return -EINVAL;
	}
	k = key_of(family, a, len);
	whole = key_of(family, a, max_len(family));
	if (!same(&k, &whole)) {
		NL_SET_ERR_MSG(extack, "address has bits behind its prefix");
		return -EINVAL;
	}
	/* Its own, of the binding that this one replaces, stands beside it. */
	e = find(an, term->dev->ifindex, family, len, &k);
	if (e && e->link != term->link) {
		NL_SET_ERR_MSG(extack, "address belongs to another link");
		return -EEXIST;
	}
	e = kzalloc(sizeof(*e), GFP_KERNEL_ACCOUNT);
	if (!e) {
		NL_SET_ERR_MSG(extack, "no memory for the address");
		return -ENOMEM;
	}
	e->link = term->link;
	e->ifindex = term->dev->ifindex;
	e->family = family;
	e->len = len;
	e->key = k;
	if (family == AF_INET && len == 32)
		term->host4 = get_unaligned((const __be32 *)a);
	list_add_tail(&e->of_term, &term->addrs);
	hlist_add_head_rcu(&e->hash, bucket(an, e->ifindex, len, &k));
	count_len(an, family, len, 1);
	return 0;
}

void adit_addr_flush(struct adit_net *an, struct adit_term *term)
{
	struct adit_addr *e, *next;

	lockdep_assert_held(&an->lock);
	list_for_each_entry_safe(e, next, &term->addrs, of_term) {
		list_del(&e->of_term);
		hlist_del_rcu(&e->hash);
		count_len(an, e->family, e->len, -1);
		kfree_rcu(e, rcu);
	}
}
