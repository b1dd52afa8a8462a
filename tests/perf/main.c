/* SPDX-License-Identifier: GPL-2.0-or-later */
/* l2tpload: wiring, the loop, the report. "l2tpload --help" says what it is. */
#include "perf/call.h"
#include "perf/client.h"
#include "perf/pace.h"
#include "perf/rad_server.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TICK 0.002 /* seconds */

static struct load load;
static struct pace pace;

static void on_timer(struct ev_loop *loop, ev_timer *w, int events)
{
	(void)loop;
	(void)w;
	(void)events;
	timers_run(&load.timers, clock_now());
	tunnel_batch(&load, clock_now());
}

static void on_tick(struct ev_loop *loop, ev_timer *w, int events)
{
	(void)w;
	(void)events;
	if (!pace_step(&pace, clock_now()))
		ev_break(loop, EVBREAK_ALL);
}

static void on_signal(struct ev_loop *loop, ev_signal *w, int events)
{
	(void)loop;
	(void)w;
	(void)events;
	if (!pace.ending)
		pace_end(&pace, clock_now());
}

/* Before the loop sleeps: when is the next deadline? */
static void on_prepare(struct ev_loop *loop, ev_prepare *w, int events)
{
	ev_timer *alarm = w->data;
	msec_t next = timers_next(&load.timers), now = clock_now();

	(void)events;
	ev_timer_stop(loop, alarm);
	if (next == MSEC_NEVER)
		return;
	ev_timer_set(alarm, next > now ? (double)(next - now) / 1000 : 0, 0);
	ev_timer_start(loop, alarm);
}

static void (*const inputs[])(void *load, msec_t now, struct net_sock *from,
			      const struct addr_port *peer, const void *data,
			      size_t len) = {
	[ROLE_LAC] = tunnel_input,
	[ROLE_LNS] = tunnel_input,
	[ROLE_PPPOE] = client_input,
	[ROLE_RADIUS] = rad_server_input,
};

static int prepare(struct ev_loop *loop, char err[NET_ERROR_MAX])
{
	const struct options *o = &load.options;

	hash_init(&load.by_peer);
	TAILQ_INIT(&load.due);
	TAILQ_INIT(&load.ready);
	load.ops = &call_ops;
	load.stats.began_us = stats_now();
	load.net = (struct net){ .loop = loop,
				 .timers = &load.timers,
				 .stats = &load.stats,
				 .is = { o->loss, o->duplicate, o->reorder,
					 o->delay, o->jitter },
				 .seed = o->seed,
				 .input = inputs[o->role],
				 .batch = tunnel_batch,
				 .user = &load };
	pace_init(&pace, &load, clock_now());
	if (o->role == ROLE_PPPOE)
		return net_open_device(&load.net, o->device, err);
	if (o->role == ROLE_RADIUS)
		return rad_server_open(&load, err);
	return net_open(&load.net, &o->local, o->n_local, err);
}

static void run(struct ev_loop *loop)
{
	static ev_signal term, interrupt;
	static ev_timer alarm, tick;
	static ev_prepare before;

	ev_signal_init(&term, on_signal, SIGTERM);
	ev_signal_start(loop, &term);
	ev_signal_init(&interrupt, on_signal, SIGINT);
	ev_signal_start(loop, &interrupt);
	ev_init(&alarm, on_timer);
	ev_timer_init(&tick, on_tick, TICK, TICK);
	ev_timer_start(loop, &tick);
	ev_prepare_init(&before, on_prepare);
	before.data = &alarm;
	ev_prepare_start(loop, &before);
	ev_run(loop, 0);
}

static void report(void)
{
	const char *role = options_role_name(&load.options);

	if (load.options.json) {
		stats_json(&load.stats, role, stdout);
		return;
	}
	printf("%s, %.3f s\n", role,
	       (double)(stats_now() - load.stats.began_us) / 1e6);
	stats_text(&load.stats, stdout);
}

int main(int argc, char **argv)
{
	struct ev_loop *loop = ev_default_loop(0);
	char err[NET_ERROR_MAX] = "";
	int rc = options_parse(&load.options, argc, argv);

	if (rc)
		return rc < 0 ? 0 : 2;
	if (prepare(loop, err)) {
		fprintf(stderr, "l2tpload: %s\n", err);
		return 2;
	}
	run(loop);
	report();
	clients_free(&load);
	rad_server_free(&load);
	net_close(&load.net);
	stats_free(&load.stats);
	return pace_succeeded(&load) ? 0 : 1;
}
