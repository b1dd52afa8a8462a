/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Deadlines in a binary heap. A timer is embedded in what it belongs to; it is
 * armed or not, and fires once. The owner of the loop asks for the next deadline
 * and runs what is due: time is an argument, so a test can travel.
 */
#ifndef BASE_TIMER_H
#define BASE_TIMER_H

#include "base/clock.h"

#include <stddef.h>

struct timers {
	struct timer **heap;
	size_t n;
	size_t size;
};

struct timer {
	msec_t at;
	size_t slot; /* 1 + index in the heap; 0: not armed */
	void (*fn)(struct timer *t, msec_t now);
};

void timers_free(struct timers *ts);
/* Arms t, or moves it; MSEC_NEVER stops it. */
void timer_set(struct timers *ts, struct timer *t, msec_t at);
void timer_stop(struct timers *ts, struct timer *t);
msec_t timers_next(const struct timers *ts);
/* Runs each timer whose time has come; one that arms itself anew for a time not
 * after now runs in the next call.
 */
void timers_run(struct timers *ts, msec_t now);

#define container_of(ptr, type, member) \
	((type *)((char *)(ptr)-offsetof(type, member)))

#endif /* BASE_TIMER_H */
