// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pools of prefixes: blocks of a bitmap that are made when something in them is
 * lent for the first time, with a count of what is free in each. What is reserved is
 * a list: a handful of our own addresses; what rests, and what is held, are tables.
 * bng calls it.
 */
#include "pool/prefix.h"

#include "base/hash.h"
#include "pool/last_used.h"
#include "pool/resting.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WORD_BITS 64u
#define BLOCK_BITS 4096u
#define USERS_MAX (1u << 18) /* that are remembered */

struct block {
	uint32_t busy; /* bits that are set: lent, reserved or resting */
	uint64_t map[BLOCK_BITS / WORD_BITS];
};

/* In which something lies that is held. */
struct held {
	struct hash_node node; /* by number */
	uint32_t n;
};

struct prefix_pool {
	char *name;
	struct addr net;
	uint8_t length;
	uint32_t n;
	msec_t quarantine;
	uint32_t used;
	uint32_t next; /* where the search begins */
	uint32_t *kept; /* reserved */
	uint32_t n_kept;
	bool dry, dry_news;
	struct pool_stats stats;
	struct block **blocks; /* NULL: all is free */
	struct hash held;
	struct resting resting;
	struct last_used last;
};

static uint32_t n_blocks(const struct prefix_pool *p)
{
	return (p->n + BLOCK_BITS - 1) / BLOCK_BITS;
}

/* The last so many bits of a block that are in the pool. */
static uint32_t block_size(const struct prefix_pool *p, uint32_t block)
{
	uint32_t left = p->n - block * BLOCK_BITS;

	return left < BLOCK_BITS ? left : BLOCK_BITS;
}

static void drop_held(struct prefix_pool *p, struct held *h)
{
	hash_del(&p->held, &h->node);
	free(h);
}

void prefix_pool_free(struct prefix_pool *p)
{
	if (!p)
		return;
	for (uint32_t i = 0; p->blocks && i < n_blocks(p); i++)
		free(p->blocks[i]);
	free(p->blocks);
	for (size_t i = 0; i < p->held.size; i++)
		while (p->held.slot[i])
			drop_held(p, (struct held *)p->held.slot[i]);
	hash_free(&p->held);
	resting_free(&p->resting);
	last_used_free(&p->last);
	free(p->kept);
	free(p->name);
	free(p);
}

struct prefix_pool *prefix_pool_new(const char *name, const struct addr *net,
				    uint8_t net_len, uint8_t length,
				    msec_t quarantine, bool sticky)
{
	struct prefix_pool *p;

	if (net->family != AF_INET6 || length < net_len || length > 128)
		return NULL;
	p = calloc(1, sizeof(*p));
	if (!p)
		return NULL;
	p->name = strdup(name);
	p->net = *net;
	p->length = length;
	p->n = length - net_len < 24 ? 1u << (length - net_len) :
				       PREFIX_POOL_MAX;
	p->blocks = calloc(n_blocks(p), sizeof(*p->blocks));
	hash_init(&p->held);
	p->quarantine = quarantine;
	/* RFC 4291 2.6.1: the first address of a subnet is that of its routers. */
	if (!p->name || !p->blocks ||
	    (sticky &&
	     last_used_init(&p->last, p->n < USERS_MAX ? p->n : USERS_MAX)) ||
	    (length == 128 && net_len < 127 && prefix_pool_reserve(p, net))) {
		prefix_pool_free(p);
		return NULL;
	}
	return p;
}

/* Where a prefix's number stands: the bits up to its length. */
static struct addr nth(const struct prefix_pool *p, uint32_t i)
{
	struct addr a = p->net;

	for (unsigned int bit = p->length; i; i >>= 1) {
		bit--;
		if (i & 1)
			a.b[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	}
	return a;
}

/* The number of the prefix that a lies in, or p->n. */
uint32_t prefix_pool_number(const struct prefix_pool *p, const struct addr *a)
{
	uint64_t i = 0;

	if (a->family != AF_INET6)
		return p->n;
	for (unsigned int bit = 0; bit < p->length; bit++) {
		uint8_t mask = (uint8_t)(0x80 >> bit % 8);

		i = i << 1 | !!((a->b[bit / 8] ^ p->net.b[bit / 8]) & mask);
		if (i >= p->n)
			return p->n;
	}
	return (uint32_t)i;
}

bool prefix_pool_has(const struct prefix_pool *p, const struct addr *a)
{
	uint32_t i = prefix_pool_number(p, a);
	struct addr whole;

	if (i == p->n)
		return false;
	whole = nth(p, i);
	return addr_eq(&whole, a);
}

static bool test(const struct prefix_pool *p, uint32_t i)
{
	const struct block *b = p->blocks[i / BLOCK_BITS];

	i %= BLOCK_BITS;
	return b && b->map[i / WORD_BITS] >> i % WORD_BITS & 1;
}

static int mark(struct prefix_pool *p, uint32_t i)
{
	struct block **b = &p->blocks[i / BLOCK_BITS];

	if (!*b)
		*b = calloc(1, sizeof(**b));
	if (!*b)
		return -ENOMEM;
	i %= BLOCK_BITS;
	(*b)->map[i / WORD_BITS] |= 1ull << i % WORD_BITS;
	(*b)->busy++;
	return 0;
}

static void clear(struct prefix_pool *p, uint32_t i)
{
	struct block **b = &p->blocks[i / BLOCK_BITS];

	i %= BLOCK_BITS;
	(*b)->map[i / WORD_BITS] &= ~(1ull << i % WORD_BITS);
	if (--(*b)->busy)
		return;
	free(*b);
	*b = NULL;
}

static bool is_kept(const struct prefix_pool *p, uint32_t i)
{
	for (uint32_t k = 0; k < p->n_kept; k++)
		if (p->kept[k] == i)
			return true;
	return false;
}

/* ------------------------------------------------------------------- resting */

/* What has rested is free. */
static void expire(struct prefix_pool *p, msec_t now)
{
	uint32_t i;

	while (resting_over(&p->resting, now, &i))
		clear(p, i);
	if (prefix_pool_size(p) - p->used - p->resting.n >
	    prefix_pool_size(p) / POOL_PLENTY)
		p->dry = false;
}

/* What is marked, and nobody has any more. */
static void lay(struct prefix_pool *p, uint32_t i, msec_t until)
{
	uint32_t oldest;

	if (resting_make_room(&p->resting, &oldest))
		clear(p, oldest);
	if (!resting_lay(&p->resting, i, until))
		clear(p, i);
}

/* Marked, if nobody has it: 0, -EEXIST or -ENOMEM. */
static int mark_again(struct prefix_pool *p, uint32_t i)
{
	if (!test(p, i))
		return mark(p, i);
	return resting_wake(&p->resting, i) ? 0 : -EEXIST;
}

/* ------------------------------------------------------------------- lending */

/* The first free one from i on, or n. */
static uint32_t find_free(const struct prefix_pool *p, uint32_t i)
{
	while (i < p->n) {
		const struct block *b = p->blocks[i / BLOCK_BITS];
		uint64_t w;

		if (!b)
			return i;
		if (b->busy == block_size(p, i / BLOCK_BITS)) {
			i = (i / BLOCK_BITS + 1) * BLOCK_BITS;
			continue;
		}
		w = ~b->map[i % BLOCK_BITS / WORD_BITS] >> i % WORD_BITS;
		if (w) {
			i += (uint32_t)__builtin_ctzll(w);
			break;
		}
		i = (i / WORD_BITS + 1) * WORD_BITS;
	}
	return i < p->n ? i : p->n;
}

/* The user's last one, if nobody has it. */
static bool alloc_again(struct prefix_pool *p, uint32_t tag, uint32_t *i)
{
	if (!last_used_find(&p->last, tag, i) || mark_again(p, *i))
		return false;
	p->stats.returned++;
	return true;
}

static bool alloc_next(struct prefix_pool *p, uint32_t *i)
{
	*i = find_free(p, p->next);
	if (*i == p->n)
		*i = find_free(p, 0);
	if (*i == p->n || mark(p, *i))
		return false;
	p->next = *i + 1;
	return true;
}

static void refuse(struct prefix_pool *p)
{
	p->stats.refused++;
	if (!p->dry) {
		p->stats.exhausted++;
		p->dry_news = true;
	}
	p->dry = true;
}

bool prefix_pool_alloc(struct prefix_pool *p, uint32_t tag, msec_t now,
		       struct addr *out)
{
	uint32_t i;

	expire(p, now);
	if (!alloc_again(p, tag, &i) && !alloc_next(p, &i)) {
		refuse(p);
		return false;
	}
	p->used++;
	last_used_set(&p->last, tag, i);
	*out = nth(p, i);
	return true;
}

bool prefix_pool_ran_dry(struct prefix_pool *p)
{
	bool news = p->dry_news;

	p->dry_news = false;
	return news;
}

int prefix_pool_take(struct prefix_pool *p, const struct addr *a)
{
	uint32_t i = prefix_pool_number(p, a);
	int err;

	if (!prefix_pool_has(p, a))
		return -ERANGE;
	err = mark_again(p, i);
	if (!err)
		p->used++;
	return err;
}

void prefix_pool_release(struct prefix_pool *p, const struct addr *a,
			 uint32_t tag, msec_t now)
{
	uint32_t i = prefix_pool_number(p, a);

	if (!prefix_pool_has(p, a) || !test(p, i) || is_kept(p, i) ||
	    resting_has(&p->resting, i))
		return;
	expire(p, now);
	p->used--;
	last_used_set(&p->last, tag, i);
	if (p->quarantine)
		lay(p, i, now + p->quarantine);
	else
		clear(p, i);
}

/* ----------------------------------------------------------------------- held */

/* Those that net/len meets, from *i on; how many. */
static uint32_t meets(const struct prefix_pool *p, const struct addr *net,
		      uint8_t len, uint32_t *i)
{
	struct addr last = *net;
	uint32_t end;

	for (unsigned int bit = len; bit < 128; bit++)
		last.b[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	end = prefix_pool_number(p, &last);
	*i = addr_in(&p->net, net, len) ? 0 : prefix_pool_number(p, net);
	if (*i == p->n)
		return 0;
	return (end == p->n ? p->n - 1 : end) - *i + 1;
}

static struct held *find_held(const struct prefix_pool *p, uint32_t i)
{
	return (struct held *)hash_find(&p->held, i);
}

static int hold_whole(struct prefix_pool *p, uint32_t i)
{
	struct held *h = find_held(p, i);
	int err = 0;

	if (h) {
		h->n++;
		return 0;
	}
	if (!test(p, i))
		err = mark(p, i);
	else if (!resting_hold(&p->resting, i))
		err = -EEXIST;
	if (!err)
		p->used++;
	return err;
}

static int hold_in(struct prefix_pool *p, uint32_t i)
{
	struct held *h = find_held(p, i);

	if (h)
		return hold_whole(p, i);
	h = calloc(1, sizeof(*h));
	if (!h || hold_whole(p, i)) {
		free(h);
		return -ENOMEM;
	}
	h->n = 1;
	hash_add(&p->held, &h->node, i);
	return 0;
}

static void let_go(struct prefix_pool *p, uint32_t i)
{
	struct held *h = find_held(p, i);

	if (is_kept(p, i) || (h && --h->n))
		return;
	if (h)
		drop_held(p, h);
	p->used--;
	if (!resting_again(&p->resting, i))
		clear(p, i);
}

int prefix_pool_hold(struct prefix_pool *p, const struct addr *net, uint8_t len)
{
	uint32_t first, n = meets(p, net, len, &first);

	for (uint32_t i = first; i < first + n; i++)
		if (test(p, i) && !find_held(p, i) &&
		    !resting_has(&p->resting, i) && !is_kept(p, i))
			return -EEXIST;
	for (uint32_t i = first; i < first + n; i++) {
		int err = 0;

		if (!is_kept(p, i))
			err = len < p->length ? hold_whole(p, i) :
						hold_in(p, i);
		if (!err)
			continue;
		while (i-- > first)
			let_go(p, i);
		return err;
	}
	return 0;
}

void prefix_pool_let_go(struct prefix_pool *p, const struct addr *net,
			uint8_t len)
{
	uint32_t first, n = meets(p, net, len, &first);

	for (uint32_t i = first; i < first + n; i++)
		let_go(p, i);
}

void prefix_pool_recall(struct prefix_pool *p, uint32_t number, uint32_t tag,
			msec_t at, msec_t now)
{
	if (number >= p->n)
		return;
	last_used_set(&p->last, tag, number);
	p->next = number + 1;
	if (at + p->quarantine <= now || mark_again(p, number))
		return;
	lay(p, number, at + p->quarantine);
}

int prefix_pool_reserve(struct prefix_pool *p, const struct addr *a)
{
	uint32_t i = prefix_pool_number(p, a);
	uint32_t *kept;

	if (i == p->n || is_kept(p, i))
		return 0;
	if (test(p, i))
		return -EEXIST;
	kept = realloc(p->kept, (p->n_kept + 1) * sizeof(*kept));
	if (!kept)
		return -ENOMEM;
	p->kept = kept;
	if (mark(p, i))
		return -ENOMEM;
	kept[p->n_kept++] = i;
	return 0;
}

const char *prefix_pool_name(const struct prefix_pool *p)
{
	return p->name;
}

uint8_t prefix_pool_length(const struct prefix_pool *p)
{
	return p->length;
}

uint32_t prefix_pool_size(const struct prefix_pool *p)
{
	return p->n - p->n_kept;
}

uint32_t prefix_pool_used(const struct prefix_pool *p)
{
	return p->used;
}

uint32_t prefix_pool_resting(struct prefix_pool *p, msec_t now)
{
	expire(p, now);
	return p->resting.n;
}

void prefix_pool_stats(struct prefix_pool *p, msec_t now,
		       struct pool_stats *out)
{
	expire(p, now);
	*out = p->stats;
	out->size = prefix_pool_size(p);
	out->used = p->used;
	out->resting = p->resting.n;
	out->hurried = p->resting.hurried;
}
