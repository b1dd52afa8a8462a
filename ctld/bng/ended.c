/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What has ended, in two queues by time; see ended.h. Called by bng/bng and
 * bng/subscriber when something ends, by state/restore.
 */
#include "bng/ended.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct ended_list *list_of(struct ended_all *a, bool session)
{
	return session ? &a->sessions : &a->tunnels;
}

static void drop(struct ended_all *a, struct ended *e)
{
	struct ended_list *l = list_of(a, e->session);

	TAILQ_REMOVE(&l->head, e, next);
	l->n--;
	hash_del(&a->by_cookie, &e->by_cookie);
	free(e);
}

static void give_up(struct ended_all *a, struct ended *e)
{
	a->gone(a, e);
	drop(a, e);
}

static msec_t over_at(const struct ended_all *a, const struct ended_list *l)
{
	const struct ended *e = TAILQ_FIRST(&l->head);

	return e ? e->at + SECONDS(a->destruct) : MSEC_NEVER;
}

static void set_alarm(struct ended_all *a)
{
	timer_set(a->timers, &a->timer,
		  msec_min(over_at(a, &a->tunnels), over_at(a, &a->sessions)));
}

static void due(struct timer *timer, msec_t now)
{
	struct ended_all *a = container_of(timer, struct ended_all, timer);

	for (int session = 0; session < 2; session++) {
		struct ended_list *l = list_of(a, session);

		while (now >= over_at(a, l))
			give_up(a, TAILQ_FIRST(&l->head));
	}
	set_alarm(a);
}

void ended_init(struct ended_all *a, struct timers *timers,
		unsigned int destruct, unsigned int max_tunnels,
		unsigned int max_sessions)
{
	a->timers = timers;
	a->destruct = destruct;
	/* The state file has room for so many. */
	a->tunnels.max = max_tunnels < ENDED_MAX ? max_tunnels : ENDED_MAX;
	a->sessions.max = max_sessions < ENDED_MAX ? max_sessions : ENDED_MAX;
	TAILQ_INIT(&a->tunnels.head);
	TAILQ_INIT(&a->sessions.head);
	hash_init(&a->by_cookie);
	a->timer.fn = due;
}

/* The records in the state file stay. */
void ended_free(struct ended_all *a)
{
	for (int session = 0; session < 2; session++) {
		struct ended_list *l = list_of(a, session);

		while (l->n)
			drop(a, TAILQ_FIRST(&l->head));
	}
	hash_free(&a->by_cookie);
	timer_stop(a->timers, &a->timer);
}

/* By its time: after a restart they come in any order. */
static struct ended *insert(struct ended_all *a, const struct ended *from)
{
	struct ended_list *l = list_of(a, from->session);
	struct ended *e = malloc(sizeof(*e)), *before;

	if (!e)
		return NULL;
	*e = *from;
	before = TAILQ_LAST(&l->head, ended_head);
	while (before && before->at > e->at)
		before = TAILQ_PREV(before, ended_head, next);
	if (before)
		TAILQ_INSERT_AFTER(&l->head, before, e, next);
	else
		TAILQ_INSERT_HEAD(&l->head, e, next);
	hash_add(&a->by_cookie, &e->by_cookie, e->cookie);
	if (++l->n > l->max)
		give_up(a, TAILQ_FIRST(&l->head));
	set_alarm(a);
	return e;
}

static void add(struct ended_all *a, const struct ended *from)
{
	const struct ended *e = insert(a, from);

	if (e)
		a->kept(a, e);
}

static void of_tunnel(struct ended *e, const struct l2tp_tunnel *t)
{
	e->tunnel_id = t->id;
	e->peer_tunnel_id = t->peer_id;
	l2tp_destination_str(t->destination, e->destination);
	snprintf(e->name, sizeof(e->name), "%s", t->peer->name);
	snprintf(e->peer_name, sizeof(e->peer_name), "%s", t->peer_name);
}

void ended_tunnel(struct ended_all *a, msec_t now, const struct l2tp_tunnel *t,
		  uint64_t cookie)
{
	struct ended e = { .cookie = cookie,
			   .lac = t->initiator,
			   .since = t->opened_at,
			   .at = now,
			   .why = t->why,
			   .of_destination = t->destination->level };

	if (!t->initiator && !t->was_up)
		return;
	of_tunnel(&e, t);
	add(a, &e);
}

void ended_session(struct ended_all *a, msec_t now,
		   const struct l2tp_session *s, const struct ended *known)
{
	struct ended e = *known;

	e.session = true;
	e.lac = s->lac;
	e.session_id = s->id;
	e.peer_session_id = s->peer_id;
	e.at = now;
	of_tunnel(&e, s->tunnel);
	add(a, &e);
}

void ended_stats(struct ended_all *a, uint64_t cookie,
		 const struct kern_stats *last)
{
	struct hash_node *n = hash_find(&a->by_cookie, cookie);
	struct ended *e;

	if (!n || !last)
		return;
	e = container_of(n, struct ended, by_cookie);
	e->stats = *last;
	a->kept(a, e);
}

void ended_restore(struct ended_all *a, const struct ended *e)
{
	insert(a, e);
}
