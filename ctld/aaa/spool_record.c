/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See spool_record.h. */
#include "aaa/spool_record.h"

#include "base/log.h"

#include <stdlib.h>
#include <string.h>

/* So much of the disk: blocks with a head each. */
static size_t cost(size_t len)
{
	return (len + 223) / 224 * 256;
}

struct spool_line *spool_line_of(struct spool *s, const char *name)
{
	for (unsigned int i = 0; i < s->n_lines; i++)
		if (!strcmp(s->lines[i].name, name))
			return &s->lines[i];
	return NULL;
}

/* ------------------------------------------------------------------------ places */

void spool_record_leave(struct spool_record *r)
{
	struct spool_line *l = r->line;

	switch (r->place) {
	case SPOOL_WAITING:
		TAILQ_REMOVE(&l->waiting, r, next);
		return;
	case SPOOL_UNDER_WAY:
		l->under_way--;
		if (!l->under_way)
			l->alone = false;
		break;
	case SPOOL_BEHIND:
		break;
	case SPOOL_APART:
		timer_stop(l->spool->timers, &r->timer);
		break;
	}
	LIST_REMOVE(r, apart);
}

void spool_record_wait_last(struct spool_record *r)
{
	spool_record_leave(r);
	r->place = SPOOL_WAITING;
	r->hold = false;
	TAILQ_INSERT_TAIL(&r->line->waiting, r, next);
}

/* Where it was, among those that happened before and after it. */
void spool_record_wait_again(struct spool_record *r)
{
	struct spool_record *at;

	spool_record_leave(r);
	r->place = SPOOL_WAITING;
	TAILQ_FOREACH(at, &r->line->waiting, next)
	if (at->key > r->key) {
		TAILQ_INSERT_BEFORE(at, r, next);
		return;
	}
	TAILQ_INSERT_TAIL(&r->line->waiting, r, next);
}

/* A subscriber's, its call's and a tunnel's events are a story each. */
static unsigned int story(enum acct_status s)
{
	return s >= ACCT_LINK_START ? 2 : s >= ACCT_TUNNEL_START ? 1 : 0;
}

bool spool_record_is_early(const struct spool_record *r)
{
	const struct spool_record *o;

	for (o = spool_first_of(r->line->spool, r->session); o;
	     o = spool_next_of(o))
		if (o->key < r->key && o->line == r->line &&
		    story(o->status) == story(r->status) &&
		    (r->heard || !o->tried))
			return true;
	return false;
}

void spool_record_behind(struct spool_record *r)
{
	spool_record_leave(r);
	r->place = SPOOL_BEHIND;
	LIST_INSERT_HEAD(&r->line->apart, r, apart);
}

void spool_release(struct spool *s, uint64_t session)
{
	struct spool_record *r = spool_first_of(s, session);

	for (; r; r = spool_next_of(r))
		if (r->place == SPOOL_BEHIND && !spool_record_is_early(r))
			spool_record_wait_again(r);
}

void spool_record_apart(struct spool_record *r, msec_t until)
{
	spool_record_leave(r);
	r->place = SPOOL_APART;
	LIST_INSERT_HEAD(&r->line->apart, r, apart);
	timer_set(r->line->spool->timers, &r->timer, until);
}

/* ----------------------------------------------------------------------- records */

struct spool_record *spool_record_new(struct spool_line *l, uint64_t key,
				      const struct acct_event *e,
				      const void *data, size_t len)
{
	struct spool_record *r = calloc(1, sizeof(*r) + len);
	struct spool *s = l->spool;

	if (!r)
		return NULL;
	r->line = l;
	r->key = key;
	r->status = e->status;
	r->session = e->session;
	r->len = len;
	memcpy(r->b, data, len);
	r->place = SPOOL_WAITING;
	TAILQ_INSERT_TAIL(&l->waiting, r, next);
	if (r->status == ACCT_INTERIM)
		TAILQ_INSERT_TAIL(&s->interims, r, interim);
	hash_add(&s->by_session, &r->by_session, r->session);
	l->used += cost(len);
	s->used += cost(len);
	s->n++;
	return r;
}

void spool_record_free(struct spool_record *r)
{
	struct spool *s = r->line->spool;
	uint64_t session = r->session;

	spool_record_leave(r);
	if (r->status == ACCT_INTERIM)
		TAILQ_REMOVE(&s->interims, r, interim);
	hash_del(&s->by_session, &r->by_session);
	r->line->used -= cost(r->len);
	s->used -= cost(r->len);
	s->n--;
	if (s->used < s->max / 2)
		s->told_full = false;
	free(r);
	spool_release(s, session);
}

/* It is not needed any more. */
void spool_record_settle(struct spool_record *r)
{
	struct spool *s = r->line->spool;

	s->forget(s, r->key);
	spool_record_free(r);
}

void spool_record_keep(struct spool_record *r)
{
	struct spool *s = r->line->spool;
	int err = s->keep(s, r->key, r->b, r->len);

	if (!err) {
		s->told_keep = false;
		return;
	}
	s->count.not_kept++;
	if (!s->told_keep)
		log_err("accounting spool: cannot be written: %s: what waits to be delivered is lost if the daemon ends",
			strerror(-err));
	s->told_keep = true;
}

void spool_record_lost(const struct spool_record *r, const char *why)
{
	log_err("accounting group %s: event %u of session %016llx is lost: %s",
		r->line->name, r->status, (unsigned long long)r->session, why);
}

/* ------------------------------------------------------------------ giving way */

struct spool_record *spool_first_of(const struct spool *s, uint64_t session)
{
	struct hash_node *node = hash_find(&s->by_session, session);

	return node ? container_of(node, struct spool_record, by_session) :
		      NULL;
}

struct spool_record *spool_next_of(const struct spool_record *r)
{
	struct hash_node *node = hash_next(&r->by_session);

	return node ? container_of(node, struct spool_record, by_session) :
		      NULL;
}

bool spool_superseded(const struct spool_record *r)
{
	const struct spool_record *o;

	if (r->status != ACCT_INTERIM)
		return false;
	for (o = spool_first_of(r->line->spool, r->session); o;
	     o = spool_next_of(o))
		if (o->key > r->key && o->line == r->line &&
		    (o->status == ACCT_INTERIM || o->status == ACCT_STOP))
			return true;
	return false;
}

void spool_give_way(struct spool_record *r)
{
	r->line->spool->count.superseded++;
	spool_record_settle(r);
}

/* What comes after them of their session says all that they say. */
void spool_supersede(struct spool *s, uint64_t session)
{
	struct spool_record *r = spool_first_of(s, session), *next;

	for (; r; r = next) {
		next = spool_next_of(r);
		if (r->place != SPOOL_UNDER_WAY && spool_superseded(r))
			spool_give_way(r);
	}
}

/* Of a quarter of all, each line's part is its own, whatever waits in the others. */
static size_t part(const struct spool *s)
{
	return s->max / 4 / s->n_lines;
}

/* Beside what is left of the others' parts. */
static bool has_room(const struct spool_line *l, size_t len)
{
	const struct spool *s = l->spool;
	size_t used = s->used + cost(len);

	for (unsigned int i = 0; i < s->n_lines; i++) {
		const struct spool_line *o = &s->lines[i];

		if (o != l && o->used < part(s))
			used += part(s) - o->used;
	}
	return used <= s->max;
}

/* Its room is another's: its own line's, or more than its line's part. */
static bool may_give_way(const struct spool_record *r,
			 const struct spool_line *to)
{
	if (r->place == SPOOL_UNDER_WAY)
		return false;
	return r->line == to || r->line->used > part(to->spool);
}

bool spool_make_room(struct spool_line *l, size_t len)
{
	struct spool_record *r = TAILQ_FIRST(&l->spool->interims), *next;

	for (; r && !has_room(l, len); r = next) {
		next = TAILQ_NEXT(r, interim);
		if (may_give_way(r, l))
			spool_give_way(r);
	}
	return has_room(l, len);
}
