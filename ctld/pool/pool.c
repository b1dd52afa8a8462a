// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pools of addresses: a bitmap of what is not free, another of what never will
 * be, and a count of the free ones in each block, so that a full block is passed
 * in one step. bng calls it.
 */
#include "pool/pool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WORD_BITS 64u
#define BLOCK_BITS 4096u

struct pool {
	char *name;
	uint32_t first;
	uint32_t n; /* addresses in the range */
	uint32_t used;
	uint32_t reserved;
	uint32_t next; /* where the search begins */
	uint64_t *busy; /* lent or reserved */
	uint64_t *kept; /* reserved */
	uint16_t *block_free;
};

static uint32_t words(uint32_t n)
{
	return (n + WORD_BITS - 1) / WORD_BITS;
}

static bool test(const uint64_t *map, uint32_t i)
{
	return map[i / WORD_BITS] >> i % WORD_BITS & 1;
}

static void mark(struct pool *p, uint32_t i)
{
	p->busy[i / WORD_BITS] |= 1ull << i % WORD_BITS;
	p->block_free[i / BLOCK_BITS]--;
}

static void clear(struct pool *p, uint32_t i)
{
	p->busy[i / WORD_BITS] &= ~(1ull << i % WORD_BITS);
	p->block_free[i / BLOCK_BITS]++;
}

void pool_free(struct pool *p)
{
	if (!p)
		return;
	free(p->name);
	free(p->busy);
	free(p->kept);
	free(p->block_free);
	free(p);
}

struct pool *pool_new(const char *name, uint32_t first, uint32_t last)
{
	uint32_t n = last - first + 1;
	struct pool *p;

	if (!first || last < first || last - first >= POOL_SIZE_MAX)
		return NULL;
	p = calloc(1, sizeof(*p));
	if (!p)
		return NULL;
	p->name = strdup(name);
	p->first = first;
	p->n = n;
	p->busy = calloc(words(n), sizeof(*p->busy));
	p->kept = calloc(words(n), sizeof(*p->kept));
	p->block_free = calloc(n / BLOCK_BITS + 1, sizeof(*p->block_free));
	if (!p->name || !p->busy || !p->kept || !p->block_free) {
		pool_free(p);
		return NULL;
	}
	for (uint32_t i = 0; i < n; i += BLOCK_BITS)
		p->block_free[i / BLOCK_BITS] = n - i < BLOCK_BITS ? n - i :
								     BLOCK_BITS;
	return p;
}

struct pool *pool_new_prefix(const char *name, uint32_t net, unsigned int len)
{
	uint32_t mask, edge = len < 31;

	if (!len || len > 32)
		return NULL;
	mask = UINT32_MAX << (32 - len);
	return pool_new(name, (net & mask) + edge, (net | ~mask) - edge);
}

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

uint32_t pool_alloc(struct pool *p)
{
	uint32_t i = find_free(p, p->next);

	if (i == p->n)
		i = find_free(p, 0);
	if (i == p->n)
		return 0;
	mark(p, i);
	p->used++;
	p->next = i + 1;
	return p->first + i;
}

bool pool_has(const struct pool *p, uint32_t addr)
{
	return addr >= p->first && addr - p->first < p->n;
}

int pool_take(struct pool *p, uint32_t addr)
{
	uint32_t i = addr - p->first;

	if (!pool_has(p, addr))
		return -ERANGE;
	if (test(p->busy, i))
		return -EEXIST;
	mark(p, i);
	p->used++;
	return 0;
}

void pool_release(struct pool *p, uint32_t addr)
{
	uint32_t i = addr - p->first;

	if (!pool_has(p, addr) || !test(p->busy, i) || test(p->kept, i))
		return;
	clear(p, i);
	p->used--;
}

int pool_reserve(struct pool *p, uint32_t addr)
{
	uint32_t i = addr - p->first;

	if (!pool_has(p, addr) || test(p->kept, i))
		return 0;
	if (test(p->busy, i))
		return -EEXIST;
	mark(p, i);
	p->kept[i / WORD_BITS] |= 1ull << i % WORD_BITS;
	p->reserved++;
	return 0;
}

const char *pool_name(const struct pool *p)
{
	return p->name;
}

size_t pool_size(const struct pool *p)
{
	return p->n - p->reserved;
}

size_t pool_used(const struct pool *p)
{
	return p->used;
}
