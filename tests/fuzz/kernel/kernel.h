/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * As much of a kernel as kmod/datagram.c, queue.c and reassembly.c need, for
 * fuzzers: lists, one CPU, a clock that is set by hand, and packets (skb) whose
 * parts are pieces of memory of their own, so that a sanitizer sees each byte too
 * far. A packet has a linear part, a part that must be pulled up to be looked at,
 * and a list of others. Object and net.h are replaced by what these files use of
 * them; all else they include is an empty file that tests/Makefile makes.
 */
#ifndef FUZZ_KERNEL_H
#define FUZZ_KERNEL_H

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/types.h>
#include <linux/udp.h>

#include "adit/drop.h"

#define ADIT_OBJECT_H
#define ADIT_NET_H

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

/* --- the language */

#define BUILD_BUG_ON(x) _Static_assert(!(x), #x)
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define container_of(p, type, member) \
	((type *)((char *)(p)-offsetof(type, member)))
#define READ_ONCE(x) (x)
#define likely(x) (x)
#define unlikely(x) (x)
#define max(a, b) ((a) > (b) ? (a) : (b))
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max_t(t, a, b) ((t)(a) > (t)(b) ? (t)(a) : (t)(b))
#define must(x) ((x) ? (void)0 : abort())
#define WARN_ON_ONCE(x) must(!(x))
#define NSEC_PER_MSEC 1000000

/* --- time, and memory for what is kzalloc()ed and cloned: both set by the fuzzer */

static u64 clock_ns;
static bool no_memory;

static u64 ktime_get_ns(void)
{
	return clock_ns;
}

static unsigned long msecs_to_jiffies(unsigned int ms)
{
	return (ms + 3) / 4;
}

#define GFP_ATOMIC 0
#define kzalloc(size, gfp) (no_memory ? NULL : calloc(1, size))
#define kfree free

/* --- locks: there is one CPU, but none is taken twice or left */

typedef struct {
	bool held;
} spinlock_t;

#define spin_lock_init(l) ((l)->held = false)
#define spin_lock(l) (must(!(l)->held), (void)((l)->held = true))
#define spin_unlock(l) (must((l)->held), (void)((l)->held = false))
#define spin_lock_bh spin_lock
#define spin_unlock_bh spin_unlock
#define rcu_read_lock() ((void)0)
#define rcu_read_unlock() ((void)0)
#define cond_resched() ((void)0)
#define lockdep_assert_held(l) ((void)(l))

typedef struct {
	long n;
} atomic_long_t;

#define atomic_long_add(d, a) ((a)->n += (d))
#define atomic_long_read(a) ((a)->n)

struct mutex {
	int none;
};

struct rcu_head {
	int none;
};

/* --- lists */

struct list_head {
	struct list_head *next, *prev;
};

struct hlist_node {
	struct hlist_node *next, **pprev;
};

struct hlist_head {
	struct hlist_node *first;
};

#define INIT_HLIST_HEAD(h) ((h)->first = NULL)

static void INIT_LIST_HEAD(struct list_head *l)
{
	l->next = l;
	l->prev = l;
}

static bool list_empty(const struct list_head *l)
{
	return l->next == l;
}

static bool list_is_singular(const struct list_head *l)
{
	return !list_empty(l) && l->next == l->prev;
}

static void list_add_tail(struct list_head *n, struct list_head *l)
{
	n->prev = l->prev;
	n->next = l;
	l->prev->next = n;
	l->prev = n;
}

static void list_del(struct list_head *n)
{
	must(n->next->prev == n && n->prev->next == n);
	n->next->prev = n->prev;
	n->prev->next = n->next;
	n->next = NULL;
	n->prev = NULL;
}

static void list_del_init(struct list_head *n)
{
	list_del(n);
	INIT_LIST_HEAD(n);
}

static void list_move_tail(struct list_head *n, struct list_head *l)
{
	list_del(n);
	list_add_tail(n, l);
}

#define list_first_entry_or_null(l, type, member) \
	(list_empty(l) ? NULL : container_of((l)->next, type, member))

static void hlist_add_head(struct hlist_node *n, struct hlist_head *h)
{
	n->next = h->first;
	n->pprev = &h->first;
	if (n->next)
		n->next->pprev = &n->next;
	h->first = n;
}

static void hlist_del(struct hlist_node *n)
{
	*n->pprev = n->next;
	if (n->next)
		n->next->pprev = n->pprev;
}

#define hlist_for_each_entry(p, h, member)                              \
	for (struct hlist_node *at_ = (h)->first;                       \
	     at_ && ((p) = container_of(at_, typeof(*(p)), member), 1); \
	     at_ = at_->next)

/* --- deferred work */

struct work_struct {
	int none;
};

struct delayed_work {
	struct work_struct work;
	void (*fn)(struct work_struct *w);
	bool armed;
	u64 at;
};

#define INIT_DELAYED_WORK(d, f) ((d)->fn = (f), (d)->armed = false)
#define to_delayed_work(w) container_of(w, struct delayed_work, work)
#define cancel_delayed_work_sync(d) ((d)->armed = false)

static void schedule_delayed_work(struct delayed_work *d, unsigned long jiffies)
{
	if (d->armed)
		return;
	d->armed = true;
	d->at = clock_ns + jiffies * 4 * NSEC_PER_MSEC;
}

/* --- addresses and headers */

static bool ipv6_addr_equal(const struct in6_addr *a, const struct in6_addr *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static void ipv6_addr_set_v4mapped(__be32 v4, struct in6_addr *a)
{
	memset(a, 0, sizeof(*a));
	a->s6_addr[10] = 0xff;
	a->s6_addr[11] = 0xff;
	memcpy(&a->s6_addr[12], &v4, 4);
}

struct frag_hdr {
	u8 nexthdr;
	u8 reserved;
	__be16 frag_off;
	__be32 identification;
};

#define IP_MF 0x2000
#define IP_OFFSET 0x1fff
#define IP6_MF 1
#define NEXTHDR_FRAGMENT 44
#define INET_ECN_MASK 3
#define ip_is_fragment(ip) (((ip)->frag_off & htons(IP_MF | IP_OFFSET)) != 0)

static u8 ipv6_get_dsfield(const struct ipv6hdr *h)
{
	const u8 *b = (const u8 *)h;

	return (u8)(b[0] << 4 | b[1] >> 4);
}

static void ipv6_change_dsfield(struct ipv6hdr *h, u8 mask, u8 value)
{
	u8 *b = (u8 *)h;
	u8 ds = (ipv6_get_dsfield(h) & mask) | value;

	b[0] = (u8)((b[0] & 0xf0) | ds >> 4);
	b[1] = (u8)((b[1] & 0x0f) | ds << 4);
}

/* RFC 3168 5.3, by the bit map of codepoints: 1 Not-ECT, 2 ECT(1), 4 ECT(0), 8 CE.
 * CE wins over ECT; beside Not-ECT it cannot be.
 */
static const u8 ip_frag_ecn_table[16] = {
	[9] = 0xff, [11] = 0xff, [13] = 0xff, [15] = 0xff,
	[8] = 3,    [10] = 3,	 [12] = 3,    [14] = 3,
};

/* --- sums */

typedef u32 wsum;

static wsum csum_add(wsum a, wsum b)
{
	u64 s = (u64)a + b;

	return (wsum)(s + (s >> 32));
}

static wsum csum_of(const u8 *p, size_t len)
{
	u64 s = 0;
	size_t i;

	for (i = 0; i < len; i++)
		s += i & 1 ? p[i] : (u64)p[i] << 8;
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return (wsum)s;
}

static u16 csum_folded(wsum s)
{
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return (u16)(s == 0xffff ? 0 : s);
}

static void ip_send_check(struct iphdr *ip)
{
	ip->check = 0;
	ip->check = htons((u16)~csum_of((u8 *)ip, ip->ihl * 4));
}

/* --- packets */

enum { CHECKSUM_NONE, CHECKSUM_UNNECESSARY, CHECKSUM_COMPLETE };

struct inet_skb_parm {
	u16 frag_max_size;
	u8 rest[22];
};

struct inet6_skb_parm {
	u16 nhoff;
	u16 frag_max_size;
	u8 rest[20];
};

#define IPCB(skb) ((struct inet_skb_parm *)(skb)->cb)
#define IP6CB(skb) ((struct inet6_skb_parm *)(skb)->cb)

struct net {
	int none;
};

struct net_device {
	struct net *net;
};

#define dev_net(dev) ((dev)->net)

struct skb_shared_info {
	struct sk_buff *frag_list;
};

/* The linear part; the packets that share it. */
struct piece {
	int users;
	u32 size;
	struct skb_shared_info info;
	u8 *paged; /* behind the linear part */
	u32 paged_len;
	u8 *bytes;
};

struct sk_buff {
	struct sk_buff *next;
	struct net_device *dev;
	char cb[48] __attribute__((aligned(8)));
	struct piece *piece;
	u8 *data;
	u32 tail; /* of the linear part, in bytes */
	u32 len;
	u32 data_len;
	u32 truesize;
	u8 ip_summed;
	wsum csum;
	bool ignore_df;
	bool secure;
	bool had_mac;
	u16 mac_header; /* these three from bytes */
	u16 network_header;
	u16 transport_header;
};

static int skbs;

#define skb_shinfo(skb) (&(skb)->piece->info)
#define skb_headlen(skb) ((skb)->len - (skb)->data_len)
#define skb_mark_not_on_list(skb) ((skb)->next = NULL)
#define skb_orphan(skb) ((void)0)
#define skb_dst_drop(skb) ((void)0)
#define skb_is_gso(skb) false
#define skb_gso_reset(skb) ((void)0)
#define skb_clear_hash(skb) ((void)0)
#define skb_sec_path(skb) ((skb)->secure)
#define skb_has_frag_list(skb) (!!skb_shinfo(skb)->frag_list)
#define skb_linearize(skb) (abort(), 1)
#define skb_mac_header_was_set(skb) ((skb)->had_mac)
#define skb_mac_header(skb) ((skb)->piece->bytes + (skb)->mac_header)
#define skb_network_header(skb) ((skb)->piece->bytes + (skb)->network_header)
#define skb_reset_transport_header(skb) \
	((skb)->transport_header = (u16)((skb)->data - (skb)->piece->bytes))
#define ip_hdr(skb) ((struct iphdr *)skb_network_header(skb))
#define ipv6_hdr(skb) ((struct ipv6hdr *)skb_network_header(skb))
#define l3mdev_master_ifindex_rcu(dev) 0

static struct piece *piece_new(u32 size)
{
	struct piece *p = calloc(1, sizeof(*p));

	must(p);
	p->users = 1;
	p->size = size;
	p->bytes = malloc(size ? size : 1);
	must(p->bytes);
	return p;
}

static void kfree_skb_list(struct sk_buff *skb);

static void piece_put(struct piece *p)
{
	if (--p->users)
		return;
	kfree_skb_list(p->info.frag_list);
	free(p->paged);
	free(p->bytes);
	free(p);
}

static void kfree_skb(struct sk_buff *skb)
{
	piece_put(skb->piece);
	free(skb);
	skbs--;
}

#define consume_skb kfree_skb

static void kfree_skb_list(struct sk_buff *skb)
{
	struct sk_buff *next;

	for (; skb; skb = next) {
		next = skb->next;
		kfree_skb(skb);
	}
}

static void kfree_skb_partial(struct sk_buff *skb, bool stolen)
{
	must(!stolen);
	kfree_skb(skb);
}

/* data with some headroom; what is behind `linear` must be pulled up. */
static struct sk_buff *skb_of(const u8 *data, u32 len, u32 linear, u32 headroom)
{
	struct sk_buff *skb = calloc(1, sizeof(*skb));

	must(skb && linear <= len);
	skb->piece = piece_new(headroom + linear);
	memset(skb->piece->bytes, 0xee, headroom);
	skb->data = skb->piece->bytes + headroom;
	memcpy(skb->data, data, linear);
	skb->tail = headroom + linear;
	skb->len = len;
	skb->data_len = len - linear;
	skb->truesize = 512 + len;
	skb->network_header = (u16)headroom;
	if (linear < len) {
		skb->piece->paged = malloc(len - linear);
		must(skb->piece->paged);
		memcpy(skb->piece->paged, data + linear, len - linear);
		skb->piece->paged_len = len - linear;
	}
	skbs++;
	return skb;
}

/* All of its bytes, from data on. */
static void skb_bytes(const struct sk_buff *skb, u8 *to, u32 room)
{
	const struct sk_buff *f;
	u32 at = skb_headlen(skb);

	must(skb->len <= room);
	memcpy(to, skb->data, at);
	if (skb->piece->paged_len)
		memcpy(to + at, skb->piece->paged, skb->piece->paged_len);
	at += skb->piece->paged_len;
	for (f = skb->piece->info.frag_list; f; f = f->next) {
		skb_bytes(f, to + at, room - at);
		at += f->len;
	}
	must(at == skb->len);
}

static bool skb_cloned(const struct sk_buff *skb)
{
	return skb->piece->users > 1;
}

/* A piece of its own, with `more` of the paged bytes in the linear part. */
static void expand(struct sk_buff *skb, u32 more)
{
	struct piece *old = skb->piece, *p = piece_new(skb->tail + more);
	u32 left = old->paged_len - more;

	must(!old->info.frag_list);
	memcpy(p->bytes, old->bytes, skb->tail);
	if (more)
		memcpy(p->bytes + skb->tail, old->paged, more);
	if (left) {
		p->paged = malloc(left);
		must(p->paged);
		memcpy(p->paged, old->paged + more, left);
		p->paged_len = left;
	}
	skb->data = p->bytes + (skb->data - old->bytes);
	skb->tail += more;
	skb->data_len -= more;
	skb->piece = p;
	piece_put(old);
}

static bool pskb_may_pull(struct sk_buff *skb, u32 len)
{
	if (len <= skb_headlen(skb))
		return true;
	if (len > skb->len)
		return false;
	expand(skb, len - skb_headlen(skb));
	return true;
}

static int skb_unclone(struct sk_buff *skb, int gfp)
{
	(void)gfp;
	if (!skb_cloned(skb))
		return 0;
	if (no_memory)
		return -ENOMEM;
	expand(skb, 0);
	return 0;
}

static struct sk_buff *skb_clone(struct sk_buff *skb, int gfp)
{
	struct sk_buff *n;

	(void)gfp;
	if (no_memory)
		return NULL;
	n = malloc(sizeof(*n));
	must(n);
	*n = *skb;
	n->next = NULL;
	n->piece->users++;
	skbs++;
	return n;
}

static void skb_morph(struct sk_buff *to, struct sk_buff *from)
{
	piece_put(to->piece);
	*to = *from;
	to->next = NULL;
	to->piece->users++;
}

static void *__skb_pull(struct sk_buff *skb, u32 len)
{
	must(len <= skb_headlen(skb));
	skb->len -= len;
	return skb->data += len;
}

static void skb_pull_rcsum(struct sk_buff *skb, u32 len)
{
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->csum = csum_add(skb->csum, ~csum_of(skb->data, len));
	__skb_pull(skb, len);
}

static void *skb_push(struct sk_buff *skb, u32 len)
{
	must(!skb_cloned(skb) && skb->data - skb->piece->bytes >= len);
	skb->len += len;
	return skb->data -= len;
}

static void skb_postpush_rcsum(struct sk_buff *skb, const void *p, u32 len)
{
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->csum = csum_add(skb->csum, csum_of(p, len));
}

static int pskb_trim_rcsum(struct sk_buff *skb, u32 len)
{
	u32 cut = skb->len - len, paged;
	u8 *all;

	if (len >= skb->len)
		return 0;
	if (skb->ip_summed == CHECKSUM_COMPLETE) {
		all = malloc(skb->len);
		must(all);
		skb_bytes(skb, all, skb->len);
		skb->csum = csum_of(all, len);
		free(all);
	}
	paged = min(cut, skb->piece->paged_len);
	skb->piece->paged_len -= paged;
	skb->data_len -= paged;
	skb->tail -= cut - paged;
	skb->len = len;
	return 0;
}

/* Only into room that is left behind the linear part; one in two has none. */
static bool skb_try_coalesce(struct sk_buff *to, struct sk_buff *from,
			     bool *stolen, int *delta)
{
	struct piece *p = to->piece;

	if (skb_cloned(to) || to->data_len || from->data_len || from->len & 8)
		return false;
	p->size = to->tail + from->len;
	to->data = (u8 *)(to->data - p->bytes);
	p->bytes = realloc(p->bytes, p->size);
	must(p->bytes);
	to->data = p->bytes + (uintptr_t)to->data;
	memcpy(p->bytes + to->tail, from->data, from->len);
	to->tail += from->len;
	to->len += from->len;
	*stolen = false;
	*delta = 0;
	return true;
}

/* --- netfilter */

struct nf_hook_state {
	int none;
};

struct nf_hook_ops {
	unsigned int (*hook)(void *priv, struct sk_buff *skb,
			     const struct nf_hook_state *state);
	u8 pf;
	unsigned int hooknum;
	int priority;
};

static const struct nf_hook_ops *hooks_there;

#define nf_register_net_hooks(net, hooks, n) ((hooks_there = (hooks)), 0)
#define nf_unregister_net_hooks(net, hooks, n) ((void)(hooks_there = NULL))

/* --- what kmod/object.h and kmod/net.h have for these files */

struct adit_ip {
	struct in6_addr a;
};

struct adit_frag_stats {
	u64 taken, joined, datagrams;
};

struct adit_frags {
	u32 timeout;
	u32 budget;
	u32 peer_budget;
	bool hooked;
	atomic_long_t bytes;
	atomic_long_t held;
	struct adit_frag_stats *stats;
	spinlock_t lock;
	struct list_head active;
	u32 n_active;
	struct delayed_work expire;
};

struct adit_net {
	struct net *net;
	struct mutex lock;
	u64 drops[ADIT_N_DROPS];
	struct adit_frags frags;
};

struct adit_endpoint;

#define adit_frag_stats_taken(s) ((s)->taken++)
#define adit_frag_stats_whole(s, n) \
	((void)((s)->joined += (n), (s)->datagrams++))

static void adit_drop(struct adit_net *an, enum adit_drop why)
{
	an->drops[why]++;
}

static struct adit_net *adit_net(struct net *net);

#endif /* FUZZ_KERNEL_H */
