/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See outage.h. Called by bng/dial and bng/bng, for the operator by ctl. */
#include "bng/outage.h"

#include "base/log.h"
#include "bng/probe.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AGAIN SECONDS(1) /* after more than may be tested at once */

/* A test that is under way; the lockout may be gone before it ends. */
struct outage_test {
	struct box *box;
	char vrf[L2TP_VRF_MAX];
	struct addr remote;
};

static void due(struct timer *timer, msec_t now);

/* Then, if there is nothing to do before. Woken too early, it looks again. */
static void set_alarm(struct box *b, msec_t at)
{
	struct timer *t = &b->lockout_timer;

	t->fn = due;
	if (!t->slot || at < t->at)
		timer_set(&b->timers, t, at);
}

static const char *vrf_of(const struct conf_tunnel *ct)
{
	return ct->endpoint->vrf ? ct->endpoint->vrf : "";
}

struct lockout *outage_of(const struct box *b, const struct conf_tunnel *ct)
{
	return lockout_find(&b->lockouts, vrf_of(ct), &ct->remote.addr);
}

static void fail(struct box *b, msec_t now, const char *vrf,
		 const struct addr *remote)
{
	struct lockout *l = lockout_find(&b->lockouts, vrf, remote);
	char name[L2TP_DESTINATION_STRLEN];

	if (l && l->state == LOCKOUT_LOCKED && l->failed_at == now)
		return; /* told already */
	l = lockout_fail(&b->lockouts, now, l ? l->id : box_new_id(b), vrf,
			 remote);
	if (!l)
		return;
	b->count.destinations_locked++;
	log_warn("destination %s: locked out for %u seconds",
		 lockout_str(l, name), b->lockouts.time);
	set_alarm(b, lockouts_next(&b->lockouts));
}

void outage_failed(struct box *b, msec_t now, const struct l2tp_tunnel *t)
{
	fail(b, now, t->destination->vrf, &t->destination->remote);
}

static void end(struct box *b, struct lockout *l)
{
	lockout_end(&b->lockouts, l);
	set_alarm(b, lockouts_next(&b->lockouts));
}

void outage_works(struct box *b, const struct l2tp_tunnel *t)
{
	struct lockout *l = lockout_find(&b->lockouts, t->destination->vrf,
					 &t->destination->remote);

	if (l)
		end(b, l);
}

/* ------------------------------------------------------------------- tests */

static void on_step(void *user, enum probe_step step, const char *text)
{
	(void)user;
	(void)step;
	(void)text;
}

static void on_end(void *user, msec_t at, int err, const char *text)
{
	struct outage_test *t = user;
	struct box *b = t->box;
	struct lockout *l = lockout_find(&b->lockouts, t->vrf, &t->remote);
	char name[L2TP_DESTINATION_STRLEN], safe[L2TP_TEXT_MAX];

	if (l && l->state == LOCKOUT_TESTING) {
		log_info("destination %s: test %s%s", lockout_str(l, name),
			 err ? "failed: " : "passed",
			 err ? log_safe(text, strlen(text), safe,
					sizeof(safe)) :
			       "");
		if (err)
			fail(b, at, t->vrf, &t->remote);
		else
			end(b, l);
	}
	free(t);
}

static const struct probe_ops test_ops = { .step = on_step, .end = on_end };

void outage_test_with(struct box *b, msec_t now, struct lockout *l,
		      const struct conf_tunnel *ct)
{
	struct outage_test *t;
	const char *why;

	if (l->state != LOCKOUT_WAITING)
		return;
	t = calloc(1, sizeof(*t));
	if (!t)
		return;
	t->box = b;
	snprintf(t->vrf, sizeof(t->vrf), "%s", l->vrf);
	t->remote = l->remote;
	if (probe_start(b, now, ct, &test_ops, t, &why)) {
		lockout_test_began(&b->lockouts, l);
		return;
	}
	free(t);
	set_alarm(b, now + AGAIN);
}

static bool leads_to(const struct conf_tunnel *ct, const struct lockout *l)
{
	return addr_eq(&ct->remote.addr, &l->remote) &&
	       !strcmp(vrf_of(ct), l->vrf);
}

/* Without a definition of it the test waits for a call that has one. */
static const struct conf_tunnel *definition_of(const struct box *b,
					       const struct lockout *l)
{
	const struct conf_tunnel *t;
	const struct definition *d;

	STAILQ_FOREACH(t, &b->conf->tunnels, next)
	if (leads_to(t, l))
		return t;
	TAILQ_FOREACH(d, &b->definitions.all, next)
	if (leads_to(&d->tunnel, l))
		return &d->tunnel;
	return NULL;
}

static void try_test(struct box *b, msec_t now, struct lockout *l)
{
	const struct conf_tunnel *ct = definition_of(b, l);

	if (ct)
		outage_test_with(b, now, l, ct);
}

static void due(struct timer *timer, msec_t now)
{
	struct box *b = container_of(timer, struct box, lockout_timer);
	struct lockout *l;

	while (lockouts_run(&b->lockouts, now))
		;
	/* Those too that could not be tested before. */
	TAILQ_FOREACH(l, &b->lockouts.head, next)
	if (l->state == LOCKOUT_WAITING)
		try_test(b, now, l);
	set_alarm(b, lockouts_next(&b->lockouts));
}

/* ------------------------------------------------------------- the operator */

int outage_unlock(struct box *b, const char *vrf, const struct addr *remote,
		  const char **why)
{
	struct lockout *l = lockout_find(&b->lockouts, vrf, remote);

	*why = "it is not locked out";
	if (!l)
		return -ENOENT;
	end(b, l);
	return 0;
}

int outage_test(struct box *b, msec_t now, const char *vrf,
		const struct addr *remote, const char **why)
{
	struct lockout *l = lockout_find(&b->lockouts, vrf, remote);

	*why = "it is not locked out";
	if (!l)
		return -ENOENT;
	*why = "it is being tested";
	if (l->state == LOCKOUT_TESTING)
		return -EBUSY;
	lockout_test_now(&b->lockouts, l);
	set_alarm(b, lockouts_next(&b->lockouts));
	try_test(b, now, l);
	*why = "no tunnel is defined there: the next call that has one tests it";
	return l->state == LOCKOUT_TESTING ? 0 : -EAGAIN;
}

void outage_restore(struct box *b, msec_t now, const struct lockout *l)
{
	struct lockout *mine;

	lockout_restore(&b->lockouts, l);
	mine = lockout_find(&b->lockouts, l->vrf, &l->remote);
	if (mine && mine->state == LOCKOUT_WAITING)
		set_alarm(b, now);
	set_alarm(b, lockouts_next(&b->lockouts));
}
