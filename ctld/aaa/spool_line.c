/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See spool_line.h. */
#include "aaa/spool_line.h"

#include "aaa/radius_health.h"
#include "base/log.h"

#define WINDOW 256 /* under way, of a line */
#define DOWN_PAUSE SECONDS(1) /* between tries while nobody answers */
#define BACKOFF SECONDS(10) /* after each failed round that much more */
#define BACKOFF_MAX SECONDS(600)
#define ROUNDS 10 /* while nobody answers, each such one is for any event */
#define BURST 10 /* of a second's rate, one such part may leave at once */

static struct spool_record *record_of(struct radius_request *r)
{
	return container_of(r, struct spool_record, request);
}

static uint32_t delay(const struct spool_record *r, msec_t now)
{
	return now > r->at ? (uint32_t)((now - r->at) / 1000) : 0;
}

static size_t write_it(struct radius_request *request,
		       const struct radius_try *t, void *packet)
{
	struct spool_record *r = record_of(request);
	struct rd rd = rd_make(r->b, r->len);
	struct acct_event e;

	if (radius_acct_load(&e, &rd))
		return 0;
	return radius_acct_write(&e, &t->nas, t->secret, t->id,
				 delay(r, t->now), packet);
}

/* RFC 2866 4.1: another Acct-Delay-Time, another id. */
static bool is_stale(struct radius_request *request, msec_t then, msec_t now)
{
	struct spool_record *r = record_of(request);

	return delay(r, then) != delay(r, now);
}

static bool answers(enum radius_code code)
{
	return code == RADIUS_ACCOUNTING_RESPONSE;
}

/* There is a server that could be asked: its name is resolved, its probe answered. */
static bool has_servers(const struct spool_line *l)
{
	for (unsigned int i = 0; i < l->group->n; i++)
		if (radius_health_askable(l->group->server[i]))
			return true;
	return false;
}

/* A round of tries was in vain. */
static void failed(struct spool_record *r, msec_t now)
{
	struct spool_line *l = r->line;
	bool asked = has_servers(l);
	msec_t pause;

	l->spool->count.again++;
	r->tried |= asked;
	if (l->heard_at < r->sent_at) {
		if (!l->down)
			log_warn("accounting group %s: no server answers: %u events wait",
				 l->name, l->spool->n);
		l->down = true;
		l->rounds += asked;
		if (asked && r->in_turn)
			l->tried_key = r->key;
		timer_set(l->spool->timers, &l->timer, now + DOWN_PAUSE);
		spool_record_wait_again(r);
		spool_release(l->spool, r->session);
		return;
	}
	if (!r->failed++)
		r->failed_at = now;
	if (now - r->failed_at > SPOOL_AGE) {
		l->spool->count.lost_age++;
		spool_record_lost(r,
				  "servers confirm others, but not this one");
		spool_record_settle(r);
		return;
	}
	pause = BACKOFF * r->failed;
	spool_record_apart(r, now + msec_min(pause, BACKOFF_MAX));
	spool_release(l->spool, r->session);
}

static bool is_stop(const struct spool_record *r)
{
	return r->status == ACCT_STOP || r->status == ACCT_LINK_STOP ||
	       r->status == ACCT_TUNNEL_STOP;
}

static void confirmed(struct spool_record *r, msec_t now)
{
	struct spool_line *l = r->line;

	if (l->down)
		log_warn("accounting group %s: a server answers again: %u events wait",
			 l->name, l->spool->n);
	l->down = false;
	l->rounds = 0;
	l->heard_at = now;
	/* After what it overtook it is told once more: it is to be the last. */
	r->heard = is_stop(r);
	if (r->heard && spool_record_is_early(r)) {
		spool_record_behind(r);
		return;
	}
	l->spool->count.confirmed++;
	spool_record_settle(r);
}

static void done(struct radius_request *request, struct radius_client *c,
		 msec_t now, const struct radius_reply *reply, bool asked)
{
	struct spool_record *r = record_of(request);
	struct spool_line *l = r->line;

	(void)c;
	if (reply) {
		confirmed(r, now);
	} else if (!asked) {
		l->spool->count.lost_unreadable++;
		spool_record_lost(r, "RADIUS cannot say it");
		spool_record_settle(r);
	} else if (spool_superseded(r)) {
		spool_give_way(r);
	} else {
		failed(r, now);
	}
	spool_line_pump(l, now);
}

static const struct radius_kind kind = { .room = RADIUS_PACKET_MAX,
					 .bare = true,
					 .write = write_it,
					 .stale = is_stale,
					 .answers = answers,
					 .done = done };

/* What comes after it must not come before it. */
static bool is_of_all(const struct spool_record *r)
{
	return r->status == ACCT_ON || r->status == ACCT_OFF;
}

/* The first such that waits; NULL: none. */
static struct spool_record *before_others(const struct spool_line *l)
{
	struct spool_record *r = TAILQ_FIRST(&l->waiting);

	while (r && !is_of_all(r))
		r = TAILQ_NEXT(r, next);
	return r;
}

/* This round is for any event. */
static bool in_turn(const struct spool_line *l)
{
	return !l->down || l->rounds % ROUNDS == 0 || !before_others(l);
}

/* In its first round nothing else is under way. */
static bool wants_to_be_alone(const struct spool_record *r)
{
	return is_of_all(r) && !r->tried;
}

static bool may_send(const struct spool_line *l)
{
	if (l->down)
		return !l->under_way && !l->timer.slot;
	return !l->alone && l->under_way < WINDOW;
}

static void refill(struct spool_line *l, msec_t now)
{
	msec_t most = msec_max((msec_t)l->spool->rate * 1000 / BURST, 1000);

	l->tokens += (now - l->filled_at) * (msec_t)l->spool->rate;
	l->tokens = msec_min(l->tokens, most);
	l->filled_at = now;
}

static void go(struct spool_record *r, msec_t now)
{
	struct spool_line *l = r->line;

	l->tokens -= 1000;
	r->in_turn = in_turn(l);
	spool_record_leave(r);
	r->place = SPOOL_UNDER_WAY;
	LIST_INSERT_HEAD(&l->apart, r, apart);
	l->under_way++;
	l->alone = wants_to_be_alone(r);
	r->sent_at = now;
	radius_client_send(l->spool->client, l->group, &r->request, now);
}

/* In order; while nobody answers, each in its turn: it may be for what it says that
 * one is not answered. But if one is to be before others, rounds are for what is
 * first, and for that one, save those for the others.
 */
static struct spool_record *next_to_go(const struct spool_line *l)
{
	struct spool_record *first = TAILQ_FIRST(&l->waiting), *r = first;

	if (!l->down)
		return first;
	if (!in_turn(l))
		return l->rounds % 2 ? before_others(l) : first;
	while (r && r->key <= l->tried_key)
		r = TAILQ_NEXT(r, next);
	return r ? r : first;
}

/* Comes back by done, even before it returns: once is enough. */
void spool_line_pump(struct spool_line *l, msec_t now)
{
	struct spool_record *r;

	if (l->pumping)
		return;
	l->pumping = true;
	refill(l, now);
	while (l->tokens >= 1000 && may_send(l) && (r = next_to_go(l)) &&
	       !(wants_to_be_alone(r) && l->under_way)) {
		if (spool_record_is_early(r))
			spool_record_behind(r);
		else
			go(r, now);
	}
	l->pumping = false;
	if (l->tokens < 1000 && !TAILQ_EMPTY(&l->waiting) && !l->timer.slot)
		timer_set(l->spool->timers, &l->timer,
			  now + (1000 - l->tokens) / l->spool->rate + 1);
}

static void line_due(struct timer *t, msec_t now)
{
	spool_line_pump(container_of(t, struct spool_line, timer), now);
}

static void apart_due(struct timer *t, msec_t now)
{
	struct spool_record *r = container_of(t, struct spool_record, timer);

	spool_record_wait_last(r);
	spool_line_pump(r->line, now);
}

void spool_line_take(struct spool_record *r)
{
	r->request.kind = &kind;
	r->timer.fn = apart_due;
}

void spool_line_init(struct spool_line *l, struct spool *s, const char *name,
		     struct radius_group *group)
{
	l->spool = s;
	l->name = name;
	l->group = group;
	l->heard_at = -1;
	l->timer.fn = line_due;
	TAILQ_INIT(&l->waiting);
	LIST_INIT(&l->apart);
}

void spool_line_free(struct spool_line *l, msec_t now)
{
	struct spool_record *r;

	l->pumping = true; /* nothing more leaves */
	timer_stop(l->spool->timers, &l->timer);
	while ((r = LIST_FIRST(&l->apart))) {
		radius_client_drop(l->spool->client, &r->request, now);
		spool_record_free(r);
	}
	while ((r = TAILQ_FIRST(&l->waiting)))
		spool_record_free(r);
}
