/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * aditd: options, then everything is opened in order and the loop runs. This is
 * the only file that knows everyone. On SIGTERM and SIGINT the daemon leaves and
 * the subscribers stay: the module forwards, the next start finds them. SIGHUP does
 * nothing but say how to read the configuration.
 */
#include "base/log.h"
#include "bng/access.h"
#include "bng/account.h"
#include "bng/bng.h"
#include "bng/subscriber.h"
#include "conf/conf.h"
#include "ctl/level.h"
#include "ctl/server.h"
#include "ctl/show.h"
#include "kern/kern.h"
#include "state/file.h"
#include "state/opened.h"
#include "state/restore.h"
#include "state/store.h"

#include <errno.h>
#include <ev.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef ADIT_VERSION
#define ADIT_VERSION "0.1"
#endif

struct daemon {
	struct ev_loop *loop;
	struct conf *conf;
	struct kern *kern;
	struct state_file *state;
	struct state_file *spool; /* NULL: nobody is accounted, or no disk */
	struct ctl_server *ctl;
	int fresh; /* the state file knew nothing */
	struct box box;
	ev_timer timer;
	ev_prepare prepare;
	ev_signal sigterm;
	ev_signal sigint;
	ev_signal sighup;
};

static struct daemon *daemon_of(struct box *b)
{
	return container_of(b, struct daemon, box);
}

static void on_orders(struct box *b)
{
	store_orders(daemon_of(b)->state, b);
}

static void on_counted(struct box *b)
{
	store_counted(daemon_of(b)->state, b);
}

static void on_ended(struct box *b, const struct ended *e)
{
	store_ended(daemon_of(b)->state, b, e);
}

static void on_ended_gone(struct box *b, const struct ended *e)
{
	store_ended_gone(daemon_of(b)->state, e);
}

static void on_past(struct box *b, const struct past *p)
{
	store_past(daemon_of(b)->state, b, p);
}

static void on_past_gone(struct box *b, const struct past *p)
{
	store_past_gone(daemon_of(b)->state, p);
}

static void on_definition(struct box *b, const struct definition *d)
{
	store_definition(daemon_of(b)->state, b, d);
}

static void on_definition_gone(struct box *b, const struct definition *d)
{
	store_definition_gone(daemon_of(b)->state, d);
}

static void on_lockout(struct box *b, const struct lockout *l)
{
	store_lockout(daemon_of(b)->state, b, l);
}

static void on_lockout_gone(struct box *b, const struct lockout *l)
{
	store_lockout_gone(daemon_of(b)->state, l);
}

static void on_returned(struct box *b, uint64_t key, const void *data,
			size_t len)
{
	store_returned(daemon_of(b)->state, b, key, data, len);
}

static void on_servers(struct box *b, const struct radius_client *c)
{
	store_servers(daemon_of(b)->state, b, c);
}

static void on_opened(struct box *b, bool port, uint32_t id, bool open)
{
	opened_changed(daemon_of(b)->state, port, id, open);
}

static void on_tunnel(struct box *b, struct l2tp_tunnel *t)
{
	store_tunnel(daemon_of(b)->state, t);
}

static void on_tunnel_gone(struct box *b, struct l2tp_tunnel *t)
{
	store_tunnel_gone(daemon_of(b)->state, t);
}

static void on_session(struct box *b, struct l2tp_session *s)
{
	store_session(daemon_of(b)->state, s);
}

static void on_session_gone(struct box *b, struct l2tp_session *s)
{
	store_session_gone(daemon_of(b)->state, s);
}

static void on_subscriber(struct box *b, struct subscriber *s)
{
	store_subscriber(daemon_of(b)->state, s);
}

static void on_subscriber_gone(struct box *b, struct subscriber *s)
{
	store_subscriber_gone(daemon_of(b)->state, s);
}

static int on_keep(struct box *b, uint64_t key, const void *data, size_t len)
{
	struct state_file *spool = daemon_of(b)->spool;

	return spool ? state_put(spool, STATE_ACCOUNTING, key, data, len) :
		       -ENOSPC;
}

static void on_forget(struct box *b, uint64_t key)
{
	if (daemon_of(b)->spool)
		state_del(daemon_of(b)->spool, STATE_ACCOUNTING, key);
}

static void on_event(struct box *b, const char *what, struct subscriber *s)
{
	struct ctl_server *ctl = daemon_of(b)->ctl;

	if (ctl)
		show_event(ctl, what, s);
}

static void on_l2tp_event(struct box *b, const struct l2tp_event *e)
{
	struct ctl_server *ctl = daemon_of(b)->ctl;

	if (ctl)
		level_event(ctl, e);
}

static const struct box_hooks hooks = {
	.orders = on_orders,
	.counted = on_counted,
	.ended = on_ended,
	.ended_gone = on_ended_gone,
	.past = on_past,
	.past_gone = on_past_gone,
	.definition = on_definition,
	.definition_gone = on_definition_gone,
	.lockout = on_lockout,
	.lockout_gone = on_lockout_gone,
	.returned = on_returned,
	.servers = on_servers,
	.opened = on_opened,
	.tunnel = on_tunnel,
	.tunnel_gone = on_tunnel_gone,
	.session = on_session,
	.session_gone = on_session_gone,
	.subscriber = on_subscriber,
	.subscriber_gone = on_subscriber_gone,
	.keep = on_keep,
	.forget = on_forget,
	.event = on_event,
	.l2tp_event = on_l2tp_event,
};

static void on_timer(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct daemon *d = w->data;

	(void)loop;
	(void)revents;
	timers_run(&d->box.timers, clock_now());
}

/* Before the loop sleeps: free what has ended, send what waits, set the alarm. */
static void on_prepare(struct ev_loop *loop, ev_prepare *w, int revents)
{
	struct daemon *d = w->data;
	msec_t next;

	(void)revents;
	subscriber_reap(&d->box, clock_now());
	kern_flush(d->kern);
	if (d->box.lost) {
		ev_break(loop, EVBREAK_ALL);
		return;
	}
	next = timers_next(&d->box.timers);
	ev_timer_stop(loop, &d->timer);
	if (next == MSEC_NEVER)
		return;
	next -= clock_now();
	ev_timer_set(&d->timer, next > 0 ? (double)next / 1000 : 0, 0);
	ev_timer_start(loop, &d->timer);
}

static void on_signal(struct ev_loop *loop, ev_signal *w, int revents)
{
	(void)w;
	(void)revents;
	ev_break(loop, EVBREAK_ALL);
}

static void on_sighup(struct ev_loop *loop, ev_signal *w, int revents)
{
	(void)loop;
	(void)w;
	(void)revents;
	log_warn(
		"SIGHUP: restart to read the configuration; nobody is lost by it");
}

static void watch(struct daemon *d)
{
	ev_init(&d->timer, on_timer);
	d->timer.data = d;
	ev_prepare_init(&d->prepare, on_prepare);
	d->prepare.data = d;
	ev_prepare_start(d->loop, &d->prepare);
	ev_signal_init(&d->sigterm, on_signal, SIGTERM);
	ev_signal_start(d->loop, &d->sigterm);
	ev_signal_init(&d->sigint, on_signal, SIGINT);
	ev_signal_start(d->loop, &d->sigint);
	ev_signal_init(&d->sighup, on_sighup, SIGHUP);
	ev_signal_start(d->loop, &d->sighup);
	signal(SIGPIPE, SIG_IGN);
}

struct options {
	const char *conf;
	bool check;
	bool debug;
	bool plain;
};

static void usage(FILE *f)
{
	fprintf(f,
		"usage: aditd [-c FILE] [-t] [-d] [-k module|plain] [-V]\n"
		"  -c FILE  configuration (default /etc/adit/aditd.conf)\n"
		"  -t       check the configuration and exit\n"
		"  -d       debug messages\n"
		"  -k KIND  kernel port: module (default), or plain sockets\n"
		"           (control and negotiation only, no data path)\n"
		"  -V       version\n");
}

static int parse_options(struct options *o, int argc, char **argv)
{
	static const struct option full[] = { { "version", 0, NULL, 'V' },
					      { "help", 0, NULL, 'h' },
					      { 0 } };
	int c;

	*o = (struct options){ .conf = "/etc/adit/aditd.conf" };
	while ((c = getopt_long(argc, argv, "c:tdk:Vh", full, NULL)) != -1) {
		switch (c) {
		case 'c':
			o->conf = optarg;
			break;
		case 't':
			o->check = true;
			break;
		case 'd':
			o->debug = true;
			break;
		case 'k':
			o->plain = !strcmp(optarg, "plain");
			if (!o->plain && strcmp(optarg, "module")) {
				fprintf(stderr,
					"aditd: -k \"%s\": module or plain\n",
					optarg);
				usage(stderr);
				return 1;
			}
			break;
		case 'V':
			printf("aditd %s\n", ADIT_VERSION);
			return -1;
		case 'h':
			usage(stdout);
			return -1;
		default:
			usage(stderr);
			return 1;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "aditd: unexpected argument \"%s\"\n",
			argv[optind]);
		usage(stderr);
		return 1;
	}
	return 0;
}

static int open_kern(struct daemon *d, const struct options *o)
{
	char err[KERN_ERROR_MAX] = "";

	d->kern = o->plain ? kern_plain_open(d->loop, &bng_kern_events, &d->box,
					     err) :
			     kern_module_open(d->loop, &bng_kern_events,
					      &d->box, err);
	if (!d->kern)
		log_err("%s", err);
	return d->kern ? 0 : -1;
}

static int open_spool(struct daemon *d, char err[STATE_ERROR_MAX])
{
	size_t size = (size_t)d->conf->accounting_spool_size << 20;
	int fresh;

	if (!conf_accounts(d->conf))
		return 0;
	d->spool =
		state_open_spool(d->conf->accounting_spool, size, &fresh, err);
	if (d->spool)
		return 0;
	if (errno != ENOSPC && errno != EDQUOT && errno != EFBIG &&
	    errno != EROFS && errno != EIO)
		return -1;
	/* Subscribers are worth more than a file of what they used. */
	log_err("%s: accounting that is not delivered is lost if the daemon ends",
		err);
	return 0;
}

/* Only one daemon has the state file and the control socket. Who has both takes
 * the module's frames; a second one leaves before, and the first hears on.
 */
static int take_roles(struct daemon *d)
{
	char err[CONF_ERROR_MAX] = "";
	uint64_t instance;

	if (kern_instance(d->kern, &instance, err))
		goto failed;
	d->state = state_open(d->conf->state_file, instance,
			      d->conf->max_tunnels, d->conf->max_sessions,
			      &d->fresh, err);
	if (!d->state || open_spool(d, err))
		goto failed;
	d->ctl = ctl_server_open(d->loop, d->conf->control_socket, show_verbs,
				 show_n_verbs, &d->box, err);
	if (!d->ctl || kern_listen(d->kern, err))
		goto failed;
	return 0;
failed:
	log_err("%s", err);
	return -1;
}

static void load_event(void *ctx, uint64_t key, const void *data, size_t len)
{
	struct daemon *d = ctx;

	if (!account_load(&d->box, clock_now(), key, data, len))
		state_del(d->spool, STATE_ACCOUNTING, key);
}

/* What was not delivered before, by whatever end of daemon or machine. */
static void open_accounting(struct daemon *d)
{
	account_open(&d->box);
	if (!conf_accounts(d->conf))
		return;
	if (d->spool)
		state_each(d->spool, STATE_ACCOUNTING, load_event, d);
	account_loaded(&d->box, clock_now());
	if (d->fresh)
		account_on(&d->box, clock_now());
}

/* Endpoints and ports first: an instance of 0 said that there were none. */
static int open_box(struct daemon *d)
{
	char err[CONF_ERROR_MAX] = "";
	struct restore_result r;
	uint64_t instance;

	if (box_open(&d->box, d->conf, d->kern, &bng_l2tp_ops, &access_disc_ops,
		     err) ||
	    kern_instance(d->kern, &instance, err)) {
		log_err("%s", err);
		return -1;
	}
	d->box.hooks = &hooks;
	restore_servers(&d->box, d->state, clock_now());
	open_accounting(d);
	state_set_instance(d->state, instance);
	if (restore(&d->box, d->state, clock_now(), &r, err)) {
		log_err("restart: %s", err);
		return -1;
	}
	opened_begin(d->state, &d->box);
	store_box(d->state, &d->box);
	if (!d->fresh)
		log_info("restart: kept %u tunnels, %u sessions, %u subscribers; closed %u",
			 r.tunnels, r.sessions, r.subscribers, r.closed);
	return 0;
}

static int run(struct daemon *d, const struct options *o)
{
	if (open_kern(d, o))
		return 1;
	if (take_roles(d) || open_box(d)) {
		ctl_server_close(d->ctl);
		return 1;
	}
	watch(d);
	bng_start(&d->box, clock_now());
	log_info("%s is up: kernel port %s", d->conf->hostname,
		 d->kern->impl->name);
	ev_run(d->loop, 0);
	if (d->box.lost)
		account_off(&d->box, clock_now());
	kern_flush(d->kern);
	if (d->box.lost)
		log_err("the module was unloaded: %u subscribers ended",
			d->box.n_subscribers);
	else
		log_info("leaving; %u subscribers stay", d->box.n_subscribers);
	ctl_server_close(d->ctl);
	d->ctl = NULL;
	return d->box.lost ? 1 : 0;
}

int main(int argc, char **argv)
{
	static struct daemon d;
	char err[CONF_ERROR_MAX] = "";
	struct options o;
	int rc = parse_options(&o, argc, argv);

	if (rc)
		return rc < 0 ? 0 : 1;
	d.conf = conf_load(o.conf, err);
	if (!d.conf) {
		fprintf(stderr, "%s\n", err);
		return 1;
	}
	if (o.check) {
		printf("%s: ok\n", o.conf);
		conf_free(d.conf);
		return 0;
	}
	log_set_level(o.debug ? LOG_DEBUG_L : d.conf->log_level);
	signal(SIGHUP, SIG_IGN); /* until it is watched */
	d.loop = ev_default_loop(0);
	rc = run(&d, &o);
	/* The process ends here: its memory and sockets go with it, the state
	 * file and the kernel's objects stay.
	 */
	return rc;
}
