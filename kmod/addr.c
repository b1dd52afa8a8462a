// SPDX-License-Identifier: GPL-2.0
/*
 * One hash table for hosts and prefixes of all devices; a bit map tells which
 * prefix lengths exist, so a look-up tries those only, the longest first. With
 * hosts alone it is one probe. Written under an->lock, read under RCU.
 */
#include "addr.h"

#include <linux/jhash.h>
#include <linux/prefetch.h>

static int family_index(u8 family)
{
	return family == AF_INET6;
}

static u8 max_len(u8 family)
{
	return family == AF_INET6 ? 128 : 32;
}

static struct hlist_head *bucket(struct adit_net *an, int ifindex, u8 len,
				 const u8 *a)
{
	u32 h = jhash(a, 16, ifindex ^ len << 24 ^ (u32)an->key.key[0]);

	return &an->addrs[h & ((1 << ADIT_ADDR_BITS) - 1)];
}

static void mask(u8 *out, const u8 *a, u8 family, u8 len)
{
	u8 bytes = len / 8;

	memset(out, 0, 16);
	memcpy(out, a, bytes);
	if (len % 8)
		out[bytes] = a[bytes] & (0xff00 >> (len % 8));
}

static struct adit_addr *find(struct adit_net *an, int ifindex, u8 family,
			      u8 len, const u8 *masked)
{
	struct adit_addr *e;

	hlist_for_each_entry_rcu(e, bucket(an, ifindex, len, masked), hash,
				 lockdep_is_held(&an->lock))
		if (e->ifindex == ifindex && e->family == family &&
		    e->len == len && !memcmp(e->a, masked, 16))
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
			struct adit_addr *e;
			u8 masked[16];

			mask(masked, a, family, word * 32 + bit);
			e = find(an, ifindex, family, word * 32 + bit, masked);
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
	u8 host[16];
	struct hlist_head *head;

	mask(host, a, family, max_len(family));
	head = bucket(an, ifindex, max_len(family), host);
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
	u8 plain[16] = { 0 };
	struct adit_addr *e;
	u8 masked[16];

	BUILD_BUG_ON(sizeof(*e) > SMP_CACHE_BYTES);
	lockdep_assert_held(&an->lock);
	if (len > max_len(family)) {
		NL_SET_ERR_MSG(extack, "prefix length is too long");
		return -EINVAL;
	}
	memcpy(plain, a, max_len(family) / 8);
	mask(masked, plain, family, len);
	if (memcmp(masked, plain, 16)) {
		NL_SET_ERR_MSG(extack, "address has bits behind its prefix");
		return -EINVAL;
	}
	/* Its own, of the binding that this one replaces, stands beside it. */
	e = find(an, term->dev->ifindex, family, len, masked);
	if (e && e->link != term->link) {
		NL_SET_ERR_MSG(extack, "address belongs to another link");
		return -EEXIST;
	}
	e = kzalloc(sizeof(*e), GFP_KERNEL);
	if (!e) {
		NL_SET_ERR_MSG(extack, "no memory for the address");
		return -ENOMEM;
	}
	e->link = term->link;
	e->ifindex = term->dev->ifindex;
	e->family = family;
	e->len = len;
	memcpy(e->a, masked, 16);
	if (family == AF_INET && len == 32)
		memcpy(&term->host4, masked, sizeof(term->host4));
	list_add_tail(&e->of_term, &term->addrs);
	hlist_add_head_rcu(&e->hash, bucket(an, e->ifindex, len, masked));
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
