/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See pace.h. */
#include "perf/pace.h"

#include "perf/call.h"
#include "perf/client.h"

#include <limits.h>

#define GOODBYE SECONDS(5) /* for the answers to StopCCN */
#define TERMINATE SECONDS(10) /* for those to Terminate-Request, asked thrice */
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

static void begin_clients(struct pace *p, msec_t now)
{
	struct load *l = p->load;

	while (p->calls >= 1 && l->n_clients < l->options.sessions &&
	       l->calls_setting_up < l->options.calls_at_once) {
		p->calls--;
		client_open(l, now);
	}
}

/* Some at a time, else most of what they say would be lost. */
static void end_clients(struct pace *p, msec_t now)
{
	struct load *l = p->load;

	while (l->n_ended < l->n_clients &&
	       l->n_stopping < l->options.calls_at_once) {
		client_close(l->client[l->n_ended++], now, l->options.leave);
		p->end_at = now + TERMINATE;
	}
}

/* Nothing more is going to come up. */
static bool settled(const struct load *l)
{
	if (l->options.role == ROLE_PPPOE)
		return l->n_clients >= l->options.sessions &&
		       !l->calls_setting_up;
	return l->n_made >= l->options.tunnels && !l->n_setting_up &&
	       TAILQ_EMPTY(&l->ready) && !l->calls_setting_up;
}

bool pace_step(struct pace *p, msec_t now)
{
	const struct options *o = &p->load->options;
	uint64_t us = stats_now();
	double seconds = (double)(us - p->last_us) / 1e6;

	p->last_us = us;
	if (p->ending) {
		end_clients(p, now);
		return p->load->n_stopping && now < p->end_at;
	}
	if (o->limit > 0 && now - p->began > (msec_t)(o->limit * 1000)) {
		pace_end(p, now);
		return true;
	}
	if (o->role == ROLE_LNS || o->role == ROLE_RADIUS)
		return true;
	allow(&p->tunnels, o->tunnel_rate, seconds);
	allow(&p->calls, o->call_rate, seconds);
	if (o->role == ROLE_PPPOE) {
		begin_clients(p, now);
	} else {
		begin_tunnels(p, now);
		begin_calls(p, now);
	}
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
	switch (l->options.role) {
	case ROLE_LAC:
		return l->n_made >= l->options.tunnels;
	case ROLE_PPPOE:
		return l->n_clients >= l->options.sessions;
	case ROLE_LNS:
	case ROLE_RADIUS:
		break;
	}
	return true;
}
