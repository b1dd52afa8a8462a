// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * radius-rate CONF GROUP N AT-ONCE: the daemon's own questions to RADIUS, N of them, so
 * many at once, over plain sockets and without subscribers; what they cost this
 * process, as JSON. For scripts/bench.
 */
#include "adit/wire.h"
#include "bng/access.h"
#include "bng/bng.h"
#include "bng/box.h"
#include "bng/question.h"

#include <ev.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define AT_ONCE_MAX 65536

static struct box box;
static const struct conf_radius_group *group;
static struct question *asked[AT_ONCE_MAX];
static struct ppp_auth record = { .proto = PPP_PROTO_CHAP,
				  .challenge_len = 16,
				  .response_len = 16 };
static unsigned long left, at_once, flying, verdicts[3];

static void answered(void *user, msec_t now, const struct aaa_reply *reply)
{
	(void)user;
	(void)now;
	verdicts[reply->verdict]++;
	flying--;
}

static void ask(msec_t now)
{
	static const struct aaa_port port = { .type = 5,
					      .id = "eth0:1",
					      .calling = "02:00:00:00:00:01",
					      .session = "1" };
	unsigned long i;

	for (i = 0; i < at_once && left; i++) {
		if (asked[i])
			continue;
		snprintf(record.name, sizeof(record.name), "user%lu@isp", left);
		record.id = (uint8_t)left--;
		flying++;
		question_ask(&asked[i], &box, now, group, AAA_FRAMED, &record,
			     &port, answered, NULL);
	}
}

static void on_timer(struct ev_loop *loop, ev_timer *w, int events)
{
	(void)loop, (void)w, (void)events;
	timers_run(&box.timers, clock_now());
}

/* As main.c's, and whoever has been answered asks anew. */
static void on_prepare(struct ev_loop *loop, ev_prepare *w, int events)
{
	ev_timer *alarm = w->data;
	msec_t now = clock_now(), next;

	(void)events;
	ask(now);
	if (!flying && !left)
		ev_break(loop, EVBREAK_ALL);
	next = timers_next(&box.timers);
	ev_timer_stop(loop, alarm);
	if (next == MSEC_NEVER)
		return;
	ev_timer_set(alarm, next > now ? (double)(next - now) / 1000 : 0, 0);
	ev_timer_start(loop, alarm);
}

static uint64_t ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static void run(struct ev_loop *loop)
{
	static ev_prepare before;
	static ev_timer alarm;
	uint64_t cpu = ns(CLOCK_PROCESS_CPUTIME_ID), wall = ns(CLOCK_MONOTONIC);

	ev_init(&alarm, on_timer);
	ev_prepare_init(&before, on_prepare);
	before.data = &alarm;
	ev_prepare_start(loop, &before);
	ev_run(loop, 0);
	printf("{\"accepted\":%lu,\"rejected\":%lu,\"unavailable\":%lu,\"timeouts\":%" PRIu64
	       ",\"cpu_ns\":%" PRIu64 ",\"ns\":%" PRIu64 "}\n",
	       verdicts[AAA_ACCEPT], verdicts[AAA_REJECT],
	       verdicts[AAA_UNAVAILABLE], box.radius.client.count.timeouts,
	       ns(CLOCK_PROCESS_CPUTIME_ID) - cpu, ns(CLOCK_MONOTONIC) - wall);
}

int main(int argc, char **argv)
{
	struct ev_loop *loop = ev_default_loop(0);
	char err[CONF_ERROR_MAX] = "", kern_err[KERN_ERROR_MAX] = "";
	struct conf *conf;
	struct kern *kern;

	if (argc != 5) {
		fprintf(stderr, "usage: radius-rate CONF GROUP N AT-ONCE\n");
		return 2;
	}
	left = strtoul(argv[3], NULL, 10);
	at_once = strtoul(argv[4], NULL, 10);
	conf = conf_load(argv[1], err);
	kern = conf ? kern_plain_open(loop, &bng_kern_events, &box, kern_err) :
		      NULL;
	if (!kern || at_once > AT_ONCE_MAX ||
	    box_open(&box, conf, kern, &bng_l2tp_ops, &access_disc_ops, err)) {
		fprintf(stderr, "radius-rate: %s%s\n", err, kern_err);
		return 2;
	}
	STAILQ_FOREACH(group, &conf->radius_groups, next)
	if (!strcmp(group->name, argv[2]))
		break;
	if (!group) {
		fprintf(stderr, "radius-rate: no such group\n");
		return 2;
	}
	run(loop);
	return 0;
}
