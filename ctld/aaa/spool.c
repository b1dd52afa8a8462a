/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Accounting that waits; see spool.h. Called by bng/account and state/restore. */
#include "aaa/spool.h"

#include "aaa/spool_line.h"
#include "base/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int spool_init(struct spool *s, struct radius_client *client,
	       struct timers *timers, const char *const *names,
	       unsigned int n_names, unsigned int rate, size_t max)
{
	*s = (struct spool){ .client = client,
			     .timers = timers,
			     .n_lines = n_names,
			     .rate = rate,
			     .max = max };
	TAILQ_INIT(&s->interims);
	hash_init(&s->by_session);
	s->lines = calloc(n_names + 1, sizeof(*s->lines));
	if (!s->lines)
		return -ENOMEM;
	for (unsigned int i = 0; i < n_names; i++)
		spool_line_init(&s->lines[i], s, names[i], &client->groups[i]);
	return 0;
}

static struct spool_record *new_record(struct spool_line *l, uint64_t key,
				       const struct acct_event *e,
				       const void *data, size_t len)
{
	struct spool_record *r = spool_record_new(l, key, e, data, len);

	if (r)
		spool_line_take(r);
	return r;
}

void spool_add(struct spool *s, msec_t now, const struct acct_event *e,
	       bool hold)
{
	struct spool_line *l = spool_line_of(s, e->group);
	uint8_t b[ACCT_RECORD_MAX];
	struct wr w = wr_make(b, sizeof(b));
	struct spool_record *r = NULL;

	s->count.events++;
	radius_acct_save(e, &w);
	if (l && !w.err && spool_make_room(l, wr_len(&w)))
		r = new_record(l, s->last_key + 1, e, b, wr_len(&w));
	if (!r) {
		s->count.lost_full++;
		if (!s->told_full)
			log_err("accounting spool: no room for group %s: event %u of session %016llx is lost, and others may be",
				e->group, e->status,
				(unsigned long long)e->session);
		s->told_full = true;
		return;
	}
	s->last_key++;
	r->at = now;
	spool_record_keep(r);
	spool_supersede(s, e->session);
	if (hold) {
		spool_record_apart(r, now + SPOOL_HOLD);
		r->hold = true;
		r->counter = e->counter;
	}
	spool_line_pump(l, now);
}

static void set_counts(struct spool_record *r, const struct acct_counts *counts)
{
	struct rd rd = rd_make(r->b, r->len);
	struct wr w = wr_make(r->b, r->len);
	struct acct_event e;

	if (radius_acct_load(&e, &rd))
		return;
	/* What was told before may be of more than the last link. */
	if (counts->in_octets >= e.counts.in_octets &&
	    counts->out_octets >= e.counts.out_octets)
		e.counts = *counts;
	radius_acct_save(&e, &w);
	spool_record_keep(r);
}

void spool_last(struct spool *s, msec_t now, uint64_t session,
		unsigned int counter, const struct acct_counts *counts)
{
	struct spool_record *r = spool_first_of(s, session), *next;

	for (; r; r = next) {
		next = spool_next_of(r);
		if (!r->hold || r->counter != counter)
			continue;
		set_counts(r, counts);
		spool_record_wait_last(r);
	}
	for (unsigned int i = 0; i < s->n_lines; i++)
		spool_line_pump(&s->lines[i], now);
}

bool spool_has(const struct spool *s, uint64_t session, enum acct_status status)
{
	const struct spool_record *r = spool_first_of(s, session);

	while (r && (r->session != session || r->status != status))
		r = spool_next_of(r);
	return r;
}

bool spool_load(struct spool *s, msec_t now, uint32_t wall, uint64_t key,
		const void *data, size_t len)
{
	struct rd rd = rd_make(data, len);
	struct spool_record *r = NULL;
	struct spool_line *l = NULL;
	struct acct_event e;

	if (len <= ACCT_RECORD_MAX && !radius_acct_load(&e, &rd))
		l = spool_line_of(s, e.group);
	if (l)
		r = new_record(l, key, &e, data, len);
	if (!r) {
		s->count.lost_unreadable++;
		log_err("accounting spool: event %llu is lost: it makes no sense, or its group is not configured any more",
			(unsigned long long)key);
		return false;
	}
	r->at = wall > e.at ? now - SECONDS(wall - e.at) : now;
	if (key > s->last_key)
		s->last_key = key;
	return true;
}

static int by_key(const void *a, const void *b)
{
	const struct spool_record *x = *(struct spool_record *const *)a;
	const struct spool_record *y = *(struct spool_record *const *)b;

	return x->key < y->key ? -1 : x->key > y->key;
}

static void sort(struct spool_line *l)
{
	struct spool_record *r, **all;
	size_t n = 0;

	TAILQ_FOREACH(r, &l->waiting, next)
	n++;
	all = calloc(n + 1, sizeof(struct spool_record *));
	if (!all)
		return;
	n = 0;
	TAILQ_FOREACH(r, &l->waiting, next)
	all[n++] = r;
	qsort(all, n, sizeof(struct spool_record *), by_key);
	TAILQ_INIT(&l->waiting);
	for (size_t i = 0; i < n; i++)
		TAILQ_INSERT_TAIL(&l->waiting, all[i], next);
	for (size_t i = 0; i < n; i++)
		if (spool_superseded(all[i]))
			spool_give_way(all[i]);
	free(all);
}

void spool_loaded(struct spool *s, msec_t now)
{
	if (s->n)
		log_info("accounting spool: %u events wait to be delivered",
			 s->n);
	for (unsigned int i = 0; i < s->n_lines; i++) {
		sort(&s->lines[i]);
		spool_line_pump(&s->lines[i], now);
	}
}

void spool_free(struct spool *s)
{
	if (!s->lines)
		return;
	for (unsigned int i = 0; i < s->n_lines; i++)
		spool_line_free(&s->lines[i], 0);
	free(s->lines);
	hash_free(&s->by_session);
	*s = (struct spool){ 0 };
}
