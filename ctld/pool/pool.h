/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pool of IPv4 addresses to lend, in host order. Addresses go out in turn, so
 * that a released one rests for as long as the pool allows.
 */
#ifndef POOL_POOL_H
#define POOL_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define POOL_SIZE_MAX (1u << 24)

struct pool;

/* first..last, both included; NULL: empty, too large, or no memory. */
struct pool *pool_new(const char *name, uint32_t first, uint32_t last);
/* The hosts of a prefix: without its first and last address if len < 31. */
struct pool *pool_new_prefix(const char *name, uint32_t net, unsigned int len);
void pool_free(struct pool *p);

/* 0: exhausted. */
uint32_t pool_alloc(struct pool *p);
/* Lends this one: 0, -EEXIST: it is lent or reserved, -ERANGE: not of ours. */
int pool_take(struct pool *p, uint32_t addr);
/* Gives it back. What was never lent is left alone. */
void pool_release(struct pool *p, uint32_t addr);
/* Never lends this one, if it is of ours; -EEXIST if it is lent now. */
int pool_reserve(struct pool *p, uint32_t addr);

const char *pool_name(const struct pool *p);
bool pool_has(const struct pool *p, uint32_t addr);
/* All that can be lent, and what is lent of it. */
size_t pool_size(const struct pool *p);
size_t pool_used(const struct pool *p);

#endif /* POOL_POOL_H */
