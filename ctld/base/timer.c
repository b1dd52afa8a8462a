/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A binary heap of deadlines; see timer.h. */
#include "base/timer.h"

#include <stdlib.h>

static void place(struct timers *ts, size_t i, struct timer *t)
{
	ts->heap[i] = t;
	t->slot = i + 1;
}

static void sift_up(struct timers *ts, size_t i, struct timer *t)
{
	while (i && ts->heap[(i - 1) / 2]->at > t->at) {
		place(ts, i, ts->heap[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	place(ts, i, t);
}

static void sift_down(struct timers *ts, size_t i, struct timer *t)
{
	for (;;) {
		size_t c = 2 * i + 1;

		if (c >= ts->n)
			break;
		if (c + 1 < ts->n && ts->heap[c + 1]->at < ts->heap[c]->at)
			c++;
		if (ts->heap[c]->at >= t->at)
			break;
		place(ts, i, ts->heap[c]);
		i = c;
	}
	place(ts, i, t);
}

static void resift(struct timers *ts, size_t i, struct timer *t)
{
	if (i && ts->heap[(i - 1) / 2]->at > t->at)
		sift_up(ts, i, t);
	else
		sift_down(ts, i, t);
}

static void grow(struct timers *ts)
{
	size_t size = ts->size ? ts->size * 2 : 64;
	struct timer **heap = realloc(ts->heap, size * sizeof(*heap));

	if (!heap)
		abort();
	ts->heap = heap;
	ts->size = size;
}

void timers_free(struct timers *ts)
{
	free(ts->heap);
	*ts = (struct timers){ 0 };
}

void timer_set(struct timers *ts, struct timer *t, msec_t at)
{
	if (at == MSEC_NEVER) {
		timer_stop(ts, t);
		return;
	}
	t->at = at;
	if (t->slot) {
		resift(ts, t->slot - 1, t);
		return;
	}
	if (ts->n == ts->size)
		grow(ts);
	sift_up(ts, ts->n++, t);
}

void timer_stop(struct timers *ts, struct timer *t)
{
	size_t i = t->slot - 1;

	if (!t->slot)
		return;
	t->slot = 0;
	if (i != --ts->n)
		resift(ts, i, ts->heap[ts->n]);
}

msec_t timers_next(const struct timers *ts)
{
	return ts->n ? ts->heap[0]->at : MSEC_NEVER;
}

void timers_run(struct timers *ts, msec_t now)
{
	size_t budget = ts->n;

	while (budget-- && ts->n && ts->heap[0]->at <= now) {
		struct timer *t = ts->heap[0];

		timer_stop(ts, t);
		t->fn(t, now);
	}
}
