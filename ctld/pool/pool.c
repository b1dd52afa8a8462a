// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pools of addresses: the ranges one behind the other as indices, a bitmap of what
 * is not free, another of what never will be, and a count of the free ones in each
 * block, so that a full block is passed in one step. bng calls it.
 */
#include "pool/pool.h"

#include "pool/last_used.h"
#include "pool/resting.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WORD_BITS 64u
#define BLOCK_BITS 4096u

struct range {
	uint32_t first;
	uint32_t at; /* index of its first address */
	uint32_t n;
};

struct pool {
	char *name;
	struct range range[POOL_RANGES_MAX];
	size_t n_ranges;
	msec_t quarantine;
	uint32_t n; /* addresses in all */
	uint32_t used;
	uint32_t reserved;
	uint32_t next; /* where the search begins */
	uint64_t *busy; /* lent, reserved or resting */
	uint64_t *kept; /* reserved */
	uint16_t *block_free;
	struct resting resting;
	struct last_used last;
	bool dry, dry_news;
	struct pool_stats stats;
};

/* ------------------------------------------------------------------ indices */

static uint32_t words(uint32_t n)
{
	return (n + WORD_BITS - 1) / WORD_BITS;
}

static bool test(const uint64_t *map, uint32_t i)
{
	return map[i / WORD_BITS] >> i % WORD_BITS & 1;
}

static void set(uint64_t *map, uint32_t i)
{
	map[i / WORD_BITS] |= 1ull << i % WORD_BITS;
}

static void unset(uint64_t *map, uint32_t i)
{
	map[i / WORD_BITS] &= ~(1ull << i % WORD_BITS);
}

static void mark(struct pool *p, uint32_t i)
{
	set(p->busy, i);
	p->block_free[i / BLOCK_BITS]--;
}

static void clear(struct pool *p, uint32_t i)
{
	unset(p->busy, i);
	p->block_free[i / BLOCK_BITS]++;
}

/* Or p->n: not of ours. */
static uint32_t index_of(const struct pool *p, uint32_t addr)
{
	for (size_t i = 0; i < p->n_ranges; i++)
		if (addr - p->range[i].first < p->range[i].n)
			return p->range[i].at + (addr - p->range[i].first);
	return p->n;
}

static uint32_t addr_of(const struct pool *p, uint32_t index)
{
	const struct range *r = p->range;

	while (index - r->at >= r->n)
		r++;
	return r->first + (index - r->at);
}

/* ----------------------------------------------------------- open and close */

void pool_free(struct pool *p)
{
	if (!p)
		return;
	free(p->name);
	free(p->busy);
	free(p->kept);
	free(p->block_free);
	resting_free(&p->resting);
	last_used_free(&p->last);
	free(p);
}

static int take_ranges(struct pool *p, const struct pool_conf *c)
{
	for (size_t i = 0; i < c->n_ranges; i++) {
		uint32_t first = c->ranges[i].first, last = c->ranges[i].last;

		if (i == POOL_RANGES_MAX || !first || last < first ||
		    last - first >= POOL_SIZE_MAX - p->n)
			return -EINVAL;
		p->range[i] = (struct range){ .first = first,
					      .at = p->n,
					      .n = last - first + 1 };
		p->n += p->range[i].n;
	}
	p->n_ranges = c->n_ranges;
	return p->n ? 0 : -EINVAL;
}

static int allocate(struct pool *p, const struct pool_conf *c)
{
	size_t users = p->n < POOL_USERS_MAX ? p->n : POOL_USERS_MAX;

	p->name = strdup(c->name);
	p->busy = calloc(words(p->n), sizeof(*p->busy));
	p->kept = calloc(words(p->n), sizeof(*p->kept));
	p->block_free = calloc(p->n / BLOCK_BITS + 1, sizeof(*p->block_free));
	if (!p->name || !p->busy || !p->kept || !p->block_free)
		return -ENOMEM;
	p->quarantine = c->quarantine;
	return c->sticky ? last_used_init(&p->last, users) : 0;
}

struct pool *pool_new(const struct pool_conf *c)
{
	struct pool *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	if (take_ranges(p, c) || allocate(p, c)) {
		pool_free(p);
		return NULL;
	}
	for (uint32_t i = 0; i < p->n; i += BLOCK_BITS)
		p->block_free[i / BLOCK_BITS] =
			p->n - i < BLOCK_BITS ? p->n - i : BLOCK_BITS;
	return p;
}

/* FNV-1a, folded: the same in each run. */
uint32_t pool_tag(const char *user)
{
	uint64_t h = 0xcbf29ce484222325;
	uint32_t tag;

	for (; *user; user++)
		h = (h ^ (uint8_t)*user) * 0x100000001b3;
	tag = (uint32_t)(h ^ h >> 32);
	return tag ? tag : 1;
}

/* ------------------------------------------------------------------- resting */

static uint32_t n_free(const struct pool *p)
{
	return p->n - p->used - p->reserved - p->resting.n;
}

static void expire(struct pool *p, msec_t now)
{
	uint32_t i;

	while (resting_over(&p->resting, now, &i))
		clear(p, i);
	if (n_free(p) > (p->n - p->reserved) / POOL_PLENTY)
		p->dry = false;
}

/* What is marked, and nobody has any more. */
static void lay(struct pool *p, uint32_t i, msec_t until)
{
	uint32_t oldest;

	if (resting_make_room(&p->resting, &oldest))
		clear(p, oldest);
	if (!resting_lay(&p->resting, i, until))
		clear(p, i);
}

/* ------------------------------------------------------------------- lending */

/* The first free address from i on, or n. */
static uint32_t find_free(const struct pool *p, uint32_t i)
{
	while (i < p->n) {
		uint64_t w;

		if (!p->block_free[i / BLOCK_BITS]) {
			i = (i / BLOCK_BITS + 1) * BLOCK_BITS;
			continue;
		}
		w = ~p->busy[i / WORD_BITS] >> i % WORD_BITS;
		if (w) {
			i += (uint32_t)__builtin_ctzll(w);
			break;
		}
		i = (i / WORD_BITS + 1) * WORD_BITS;
	}
	return i < p->n ? i : p->n;
}

/* The user's last one, if nobody has it. */
static bool alloc_again(struct pool *p, uint32_t tag, uint32_t *i)
{
	if (!last_used_find(&p->last, tag, i))
		return false;
	if (!test(p->busy, *i))
		mark(p, *i);
	else if (!resting_wake(&p->resting, *i))
		return false;
	p->stats.returned++;
	return true;
}

static bool alloc_next(struct pool *p, uint32_t *i)
{
	*i = find_free(p, p->next);
	if (*i == p->n)
		*i = find_free(p, 0);
	if (*i == p->n)
		return false;
	mark(p, *i);
	p->next = *i + 1;
	return true;
}

uint32_t pool_alloc(struct pool *p, uint32_t tag, msec_t now)
{
	uint32_t i;

	expire(p, now);
	if (alloc_again(p, tag, &i) || alloc_next(p, &i)) {
		p->used++;
		last_used_set(&p->last, tag, i);
		return addr_of(p, i);
	}
	p->stats.refused++;
	if (!p->dry) {
		p->stats.exhausted++;
		p->dry_news = true;
	}
	p->dry = true;
	return 0;
}

bool pool_ran_dry(struct pool *p)
{
	bool news = p->dry_news;

	p->dry_news = false;
	return news;
}

bool pool_has(const struct pool *p, uint32_t addr)
{
	return index_of(p, addr) < p->n;
}

int pool_take(struct pool *p, uint32_t addr)
{
	uint32_t i = index_of(p, addr);

	if (i == p->n)
		return -ERANGE;
	if (!test(p->busy, i))
		mark(p, i);
	else if (!resting_wake(&p->resting, i))
		return -EEXIST;
	p->used++;
	return 0;
}

void pool_release(struct pool *p, uint32_t addr, uint32_t tag, msec_t now)
{
	uint32_t i = index_of(p, addr);

	if (i == p->n || !test(p->busy, i) || test(p->kept, i) ||
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

void pool_recall(struct pool *p, uint32_t addr, uint32_t tag, msec_t at,
		 msec_t now)
{
	uint32_t i = index_of(p, addr);

	if (i == p->n)
		return;
	last_used_set(&p->last, tag, i);
	p->next = i + 1;
	if (at + p->quarantine <= now)
		return;
	if (!test(p->busy, i))
		mark(p, i);
	else if (!resting_wake(&p->resting, i))
		return;
	lay(p, i, at + p->quarantine);
}

int pool_reserve(struct pool *p, uint32_t addr)
{
	uint32_t i = index_of(p, addr);

	if (i == p->n || test(p->kept, i))
		return 0;
	if (test(p->busy, i))
		return -EEXIST;
	mark(p, i);
	set(p->kept, i);
	p->reserved++;
	return 0;
}

const char *pool_name(const struct pool *p)
{
	return p->name;
}

void pool_stats(struct pool *p, msec_t now, struct pool_stats *out)
{
	expire(p, now);
	*out = p->stats;
	out->size = pool_size(p);
	out->used = p->used;
	out->resting = p->resting.n;
	out->hurried = p->resting.hurried;
}

size_t pool_size(const struct pool *p)
{
	return p->n - p->reserved;
}

size_t pool_used(const struct pool *p)
{
	return p->used;
}
