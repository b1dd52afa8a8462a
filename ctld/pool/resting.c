// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See resting.h. What does not rest any more leaves its place in the ring empty. A full
 * ring of which half is empty is written anew, else it doubles: so a place costs the same
 * whoever comes and goes. The table has no empty places: what stands behind one that goes
 * moves up.
 */
#include "pool/resting.h"

#include <stdlib.h>

#define SIZE_MIN 64u
#define TENTH 100
#define HELD (1u << 31)
#define EMPTY UINT32_MAX

struct resting_place {
	uint32_t number; /* or HELD with it, or EMPTY */
	uint32_t until; /* tenths of a second of boot time */
};

void resting_free(struct resting *r)
{
	free(r->ring);
	free(r->table);
	*r = (struct resting){ 0 };
}

/* ------------------------------------------------------------------ the table */

static struct resting_place *place_at(const struct resting *r, uint32_t slot)
{
	return &r->ring[r->table[slot] - 1];
}

static uint32_t home(const struct resting *r, uint32_t number)
{
	uint32_t hash = (number & ~HELD) * 0x9e3779b1u;

	return (uint32_t)((uint64_t)hash * r->table_size >> 32);
}

static uint32_t after(const struct resting *r, uint32_t slot)
{
	return slot + 1 == r->table_size ? 0 : slot + 1;
}

/* Where it stands, or would. */
static uint32_t slot_of(const struct resting *r, uint32_t number)
{
	uint32_t slot = home(r, number);

	while (r->table[slot] && (place_at(r, slot)->number ^ number) & ~HELD)
		slot = after(r, slot);
	return slot;
}

static struct resting_place *find(const struct resting *r, uint32_t number)
{
	uint32_t slot = r->table ? slot_of(r, number) : 0;

	return r->table && r->table[slot] ? place_at(r, slot) : NULL;
}

static void enter(struct resting *r, const struct resting_place *p)
{
	r->table[slot_of(r, p->number)] = (uint32_t)(p - r->ring) + 1;
}

/* What is found by way of its slot moves up. */
static void leave(struct resting *r, uint32_t number)
{
	uint32_t gap = slot_of(r, number), slot = gap;

	while (r->table[slot = after(r, slot)]) {
		uint32_t at = home(r, place_at(r, slot)->number);

		if (gap < slot ? at > gap && at <= slot :
				 at > gap || at <= slot)
			continue;
		r->table[gap] = r->table[slot];
		gap = slot;
	}
	r->table[gap] = 0;
}

/* ------------------------------------------------------------------- the ring */

static bool rests(const struct resting_place *p)
{
	return !(p->number & HELD);
}

/* It neither rests nor is held any more. */
static void forget(struct resting *r, struct resting_place *p)
{
	leave(r, p->number);
	r->n_known--;
	r->n -= rests(p);
	p->number = EMPTY;
}

/* The oldest place; whether it was one's that rested. */
static bool pop(struct resting *r, uint32_t *number)
{
	struct resting_place *p = &r->ring[r->head];
	bool rested = rests(p);

	*number = p->number;
	if (p->number != EMPTY)
		forget(r, p);
	r->head = (r->head + 1) & (r->size - 1);
	r->len--;
	return rested;
}

static bool rewrite(struct resting *r, uint32_t size)
{
	uint32_t most = size < RESTING_MAX ? size : RESTING_MAX;
	struct resting to = { .size = size,
			      .table_size = most + most / 3 + 1,
			      .n_known = r->n_known,
			      .n = r->n,
			      .hurried = r->hurried };

	to.ring = malloc(size * sizeof(*to.ring));
	to.table = calloc(to.table_size, sizeof(*to.table));
	if (!to.ring || !to.table) {
		free(to.ring);
		free(to.table);
		return false;
	}
	for (uint32_t i = 0; i < r->len; i++) {
		struct resting_place *p =
			&r->ring[(r->head + i) & (r->size - 1)];

		if (p->number == EMPTY)
			continue;
		to.ring[to.len] = *p;
		enter(&to, &to.ring[to.len++]);
	}
	free(r->ring);
	free(r->table);
	*r = to;
	return true;
}

static bool has_place(struct resting *r)
{
	if (r->len < r->size)
		return true;
	if (!r->size)
		return rewrite(r, SIZE_MIN);
	return rewrite(r, r->n_known > r->size / 2 ? 2 * r->size : r->size);
}

/* ---------------------------------------------------------------------- verbs */

bool resting_has(const struct resting *r, uint32_t number)
{
	const struct resting_place *p = find(r, number);

	return p && rests(p);
}

bool resting_over(struct resting *r, msec_t now, uint32_t *number)
{
	while (r->len && (r->ring[r->head].number == EMPTY ||
			  r->ring[r->head].until <= (uint32_t)(now / TENTH)))
		if (pop(r, number))
			return true;
	return false;
}

bool resting_make_room(struct resting *r, uint32_t *number)
{
	while (r->n_known == RESTING_MAX)
		if (pop(r, number)) {
			r->hurried++;
			return true;
		}
	return false;
}

bool resting_lay(struct resting *r, uint32_t number, msec_t until)
{
	struct resting_place *p = find(r, number);

	if (p)
		forget(r, p);
	if (r->n_known == RESTING_MAX || !has_place(r))
		return false;
	p = &r->ring[(r->head + r->len++) & (r->size - 1)];
	*p = (struct resting_place){ .number = number,
				     .until = (uint32_t)((until + TENTH - 1) /
							 TENTH) };
	enter(r, p);
	r->n_known++;
	r->n++;
	return true;
}

bool resting_wake(struct resting *r, uint32_t number)
{
	struct resting_place *p = find(r, number);

	if (!p || !rests(p))
		return false;
	forget(r, p);
	return true;
}

bool resting_hold(struct resting *r, uint32_t number)
{
	struct resting_place *p = find(r, number);

	if (!p || !rests(p))
		return false;
	p->number |= HELD;
	r->n--;
	return true;
}

bool resting_again(struct resting *r, uint32_t number)
{
	struct resting_place *p = find(r, number);

	if (p && !rests(p)) {
		p->number &= ~HELD;
		r->n++;
	}
	return p;
}
