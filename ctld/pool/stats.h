/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is told of a pool, of either kind. */
#ifndef POOL_STATS_H
#define POOL_STATS_H

#include <stddef.h>
#include <stdint.h>

struct pool_stats {
	size_t size; /* that can be lent */
	size_t used, resting;
	uint64_t exhausted; /* times that it ran dry */
	uint64_t refused; /* who got none */
	uint64_t returned; /* who got the last one again */
	uint64_t hurried; /* that rested for less, because too many do */
};

/* A pool that is dry has run out; until one in so many is free again. */
#define POOL_PLENTY 32

#endif /* POOL_STATS_H */
