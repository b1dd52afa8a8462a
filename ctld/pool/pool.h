/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pool of IPv4 addresses to lend, in host order: several ranges under one name.
 * Addresses go out in turn. One that comes back rests for a while, and whoever had
 * it gets it again if nobody else has it by then. Time is an argument.
 */
#ifndef POOL_POOL_H
#define POOL_POOL_H

#include "base/clock.h"
#include "pool/stats.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define POOL_SIZE_MAX (1u << 24)
#define POOL_RANGES_MAX 16
/* So many users are remembered, at most. */
#define POOL_USERS_MAX (1u << 18)

/* Both included. */
struct pool_range {
	uint32_t first, last;
};

struct pool_conf {
	const char *name;
	const struct pool_range *ranges; /* apart from each other */
	size_t n_ranges;
	msec_t quarantine; /* how long an address rests; 0: it does not */
	bool sticky; /* users get their last address again */
};

struct pool;

/* NULL: a range is empty or starts at 0, all are too large, or no memory. */
struct pool *pool_new(const struct pool_conf *conf);
void pool_free(struct pool *p);

/* Who a user is, for a while: over a restart too. Never 0. */
uint32_t pool_tag(const char *user);

/* One for the user of that tag; tag 0: of whom nobody remembers. 0: exhausted. */
uint32_t pool_alloc(struct pool *p, uint32_t tag, msec_t now);
/* A refusal just now was the first since the pool had plenty: worth a line. */
bool pool_ran_dry(struct pool *p);
/* Lends this one, even one that rests: 0, -EEXIST: it is lent or reserved, -ERANGE:
 * not of ours.
 */
int pool_take(struct pool *p, uint32_t addr);
/* Gives it back; it rests from then on. What was never lent is left alone. */
void pool_release(struct pool *p, uint32_t addr, uint32_t tag, msec_t now);
/* Restart: it was given back at that time. Oldest first, and before any is taken or
 * released: what is lent now is taken after that.
 */
void pool_recall(struct pool *p, uint32_t addr, uint32_t tag, msec_t at,
		 msec_t now);
/* Never lends this one, if it is of ours; -EEXIST if it is lent now. */
int pool_reserve(struct pool *p, uint32_t addr);

const char *pool_name(const struct pool *p);
bool pool_has(const struct pool *p, uint32_t addr);
void pool_stats(struct pool *p, msec_t now, struct pool_stats *out);
/* All that can be lent, and what is lent of it. */
size_t pool_size(const struct pool *p);
size_t pool_used(const struct pool *p);

#endif /* POOL_POOL_H */
