/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See pace.h. */
#include "perf/pace.h"

#include "perf/call.h"

#include <limits.h>

#define GOODBYE SECONDS(5) /* for the answers to StopCCN */
#define BURST 0.1 /* seconds of a rate that may be made up for at once */

void pace_init(struct pace *p, struct load *l, msec_t now)
{
	*p = (struct pace){ .load = l,
			    .last_us = stats_now(),
			    .began = now,
			    .hold_until = MSEC_NEVER,
			    .end_at = MSEC_NEVER };
}

/* Rate 0: as many as fit. */
static void allow(double *n, double rate, double seconds)
{
	if (rate == 0) {
		*n = INT_MAX;
		return;
	}
	*n += rate * seconds;
	if (*n > 1 + rate * BURST)
		*n = 1 + rate * BURST;
}

static void begin_tunnels(struct pace *p, msec_t now)
{
	struct load *l = p->load;

	while (p->tunnels >= 1 && l->n_made < l->options.tunnels &&
	       l->n_setting_up < l->options.tunnels_at_once) {
		p->tunnels--;
		tunnel_open(l, now);
	}
}

/* Each tunnel in turn. */
static void begin_calls(struct pace *p, msec_t now)
{
	struct load *l = p->load;
	struct tunnel *t;

	while (p->calls >= 1 &&
	       l->calls_setting_up < l->options.calls_at_once) {
		t = TAILQ_FIRST(&l->ready);
		if (!t)
			return;
		p->calls--;
		TAILQ_REMOVE(&l->ready, t, ready);
		t->is_ready = --t->to_call > 0;
		if (t->is_ready)
			TAILQ_INSERT_TAIL(&l->ready, t, ready);
		call_open(t, now);
	}
}

/* Nothing more is going to come up. */
static bool settled(const struct load *l)
{
	return l->n_made >= l->options.tunnels && !l->n_setting_up &&
	       TAILQ_EMPTY(&l->ready) && !l->calls_setting_up;
}

bool pace_step(struct pace *p, msec_t now)
{
	const struct options *o = &p->load->options;
	uint64_t us = stats_now();
	double seconds = (double)(us - p->last_us) / 1e6;

	p->last_us = us;
	if (p->ending)
		return p->load->n_stopping && now < p->end_at;
	if (o->limit > 0 && now - p->began > (msec_t)(o->limit * 1000)) {
		pace_end(p, now);
		return true;
	}
	if (o->lns)
		return true;
	allow(&p->tunnels, o->tunnel_rate, seconds);
	allow(&p->calls, o->call_rate, seconds);
	begin_tunnels(p, now);
	begin_calls(p, now);
	if (p->hold_until == MSEC_NEVER && settled(p->load))
		p->hold_until = now + (msec_t)(o->hold * 1000);
	if (now >= p->hold_until)
		pace_end(p, now);
	return true;
}

void pace_end(struct pace *p, msec_t now)
{
	struct load *l = p->load;

	p->ending = true;
	p->end_at = now + GOODBYE;
	for (size_t i = 0; i < sizeof(l->tunnel) / sizeof(l->tunnel[0]); i++)
		if (l->tunnel[i])
			tunnel_close(l->tunnel[i], now, l->options.leave);
}

bool pace_succeeded(const struct load *l)
{
	const struct stats_level *at = l->stats.level;

	for (size_t i = 0; i < STATS_HELLO; i++)
		if (at[i].up != at[i].wanted || at[i].lost)
			return false;
	return l->options.lns || l->n_made >= l->options.tunnels;
}
