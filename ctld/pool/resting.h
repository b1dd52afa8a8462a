/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which numbers of a pool rest, first in, first out, however often one of them comes and
 * goes: a ring of them, and a table of where each stands in it. It costs what rests and
 * not what could. Numbers are below 2^30. pool/pool and pool/prefix call it.
 */
#ifndef POOL_RESTING_H
#define POOL_RESTING_H

#include "base/clock.h"

#include <stdbool.h>
#include <stdint.h>

/* So many rest at a time, at most. */
#define RESTING_MAX (1u << 18)

struct resting_place;

/* All zero: none rests. */
struct resting {
	struct resting_place *ring;
	uint32_t size; /* a power of two, or 0 */
	uint32_t head, len;
	uint32_t *table; /* places of the ring, from 1 on; 0: none */
	uint32_t table_size;
	uint32_t n_known; /* in the table: they rest, or are held meanwhile */
	uint32_t n; /* that rest */
	uint64_t hurried; /* that rested for less, because too many do */
};

void resting_free(struct resting *r);

bool resting_has(const struct resting *r, uint32_t number);
/* One that rests no more: its time has come by now. False: none. */
bool resting_over(struct resting *r, msec_t now, uint32_t *number);
/* The oldest rests no more, so that another can: false: there is room. */
bool resting_make_room(struct resting *r, uint32_t *number);
/* Rests until then, which is no sooner than the last one laid, where there is room.
 * False: there is no memory.
 */
bool resting_lay(struct resting *r, uint32_t number, msec_t until);
/* One that rests is wanted; false: it does not. */
bool resting_wake(struct resting *r, uint32_t number);
/* The same, and its time is remembered. */
bool resting_hold(struct resting *r, uint32_t number);
/* One that was held is not wanted any more: it rests on until its time. False: that is
 * over.
 */
bool resting_again(struct resting *r, uint32_t number);

#endif /* POOL_RESTING_H */
