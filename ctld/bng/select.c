/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See select.h. Called by bng/route, once for each try. */
#include "bng/select.h"

/* The choice that is under way. */
struct choice {
	const struct select_rules *rules;
	const struct select_call *call;
	const struct select_one *one;
	size_t n;
};

static unsigned int level_of(const struct select_one *o)
{
	return o->preference < SELECT_LEVELS ? o->preference :
					       SELECT_LEVELS - 1;
}

static bool is_candidate(const struct choice *c, size_t i, unsigned int level)
{
	return !c->one[i].closed && !c->one[i].locked &&
	       !(c->call->tried >> i & 1) && level_of(&c->one[i]) == level;
}

/* That without a limit takes as many as the largest that has one. */
static unsigned int top_limit(const struct choice *c, unsigned int level)
{
	unsigned int top = 1;

	for (size_t i = 0; i < c->n; i++)
		if (is_candidate(c, i, level) && c->one[i].limit > top)
			top = c->one[i].limit;
	return top;
}

static uint64_t weight(const struct choice *c, size_t i, unsigned int top)
{
	if (c->rules->balance != SELECT_WEIGHTED)
		return 1;
	return c->one[i].limit ? c->one[i].limit : top;
}

/* No limit is the highest. */
static bool is_higher(const struct select_one *a, const struct select_one *b)
{
	return b->limit && (!a->limit || a->limit > b->limit);
}

static bool is_less(const struct select_one *a, const struct select_one *b)
{
	if (a->of_destination != b->of_destination)
		return a->of_destination < b->of_destination;
	return a->of_tunnel < b->of_tunnel;
}

/* Of two of a level, chance aside. */
static bool is_better(const struct choice *c, size_t a, size_t b)
{
	if (c->rules->balance == SELECT_FILL)
		return is_higher(&c->one[a], &c->one[b]);
	return c->rules->balance == SELECT_LEAST &&
	       is_less(&c->one[a], &c->one[b]);
}

/* None of the level is better. */
static bool is_best(const struct choice *c, size_t i, unsigned int level)
{
	for (size_t k = 0; k < c->n; k++)
		if (is_candidate(c, k, level) && is_better(c, k, i))
			return false;
	return true;
}

/* One of the level; -1: it has none to choose. */
static int of_level(const struct choice *c, unsigned int level, uint64_t chance)
{
	unsigned int top = top_limit(c, level);
	uint64_t sum = 0, w[SELECT_MAX];

	for (size_t i = 0; i < c->n; i++) {
		w[i] = 0;
		if (is_candidate(c, i, level) && is_best(c, i, level))
			w[i] = weight(c, i, top);
		sum += w[i];
	}
	if (!sum)
		return -1;
	chance %= sum;
	for (size_t i = 0; i < c->n; i++) {
		if (chance < w[i])
			return (int)i;
		chance -= w[i];
	}
	return -1;
}

/* All are unreachable: that which failed first. */
static int failed_first(const struct choice *c)
{
	int first = -1;

	for (size_t i = 0; i < c->n; i++)
		if (!c->one[i].closed && c->one[i].locked &&
		    (first < 0 ||
		     c->one[i].failed_at < c->one[first].failed_at))
			first = (int)i;
	return first >= 0 && c->call->tried >> first & 1 ? -1 : first;
}

int select_next(const struct select_rules *rules, struct select_call *call,
		const struct select_one *one, size_t n, uint64_t chance)
{
	struct choice c = { rules, call, one, n < SELECT_MAX ? n : SELECT_MAX };
	unsigned int from = rules->within_level ? 0 : call->next_level;
	int i = -1;

	if (call->last)
		return -1;
	/* Behind the last level there may be some left of the better ones. */
	for (unsigned int k = 0; i < 0 && k < SELECT_LEVELS; k++)
		i = of_level(&c, (from + k) % SELECT_LEVELS, chance);
	if (i < 0) {
		i = failed_first(&c);
		call->last = i >= 0;
	}
	if (i < 0)
		return -1;
	call->tried |= (uint32_t)1 << i;
	call->next_level = (uint8_t)(level_of(&one[i]) + 1);
	return i;
}
