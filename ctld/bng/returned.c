// SPDX-License-Identifier: GPL-2.0-or-later
/* See returned.h. Called by bng/subscriber, bng/ipv6 and state/restore. */
#include "bng/returned.h"

#include "base/buf.h"
#include "pool/pool.h"

#include <stdio.h>
#include <stdlib.h>

void returned_init(struct returned *r, unsigned int max_sessions)
{
	*r = (struct returned){ .max = RETURNED_RECORDS(max_sessions) };
}

void returned_free(struct returned *r)
{
	free(r->read);
	*r = (struct returned){ 0 };
}

uint32_t returned_pool(int family, const char *name, const char *vrf)
{
	char text[128];

	snprintf(text, sizeof(text), "%d %s %s", family, name, vrf ? vrf : "");
	return pool_tag(text);
}

uint32_t returned_time(msec_t now)
{
	return (uint32_t)((now + 999) / 1000);
}

static void write_it(const struct returned_record *r, struct wr *w)
{
	wr_u64(w, r->number);
	for (size_t i = 0; i < r->n; i++) {
		wr_u32(w, r->entry[i].pool);
		wr_u32(w, r->entry[i].what);
		wr_u32(w, r->entry[i].user);
		wr_u32(w, r->entry[i].at);
	}
}

static bool read_it(struct returned_record *r, struct rd *rd)
{
	r->number = rd_u64(rd);
	while (!rd->err && rd_left(rd)) {
		struct returned_entry *e = &r->entry[r->n];

		if (r->n++ == RETURNED_OF_RECORD)
			return false;
		e->pool = rd_u32(rd);
		e->what = rd_u32(rd);
		e->user = rd_u32(rd);
		e->at = rd_u32(rd);
	}
	return !rd->err && r->number;
}

static void keep(struct returned *r, const struct returned_record *rec)
{
	uint8_t buf[RETURNED_RECORD_MAX];
	struct wr w = wr_make(buf, sizeof(buf));

	write_it(rec, &w);
	if (r->keep)
		r->keep(r, rec->number % r->max, buf, wr_len(&w));
}

void returned_add(struct returned *r, const struct returned_entry *e)
{
	struct returned_record *last = &r->last;

	if (!r->max)
		return;
	if (!last->number || last->n == RETURNED_OF_RECORD) {
		last->number++;
		last->n = 0;
	}
	last->entry[last->n++] = *e;
	keep(r, last);
}

bool returned_load(struct returned *r, uint64_t key, const void *data,
		   size_t len)
{
	struct rd rd = rd_make(data, len);
	struct returned_record rec = { 0 };
	struct returned_record *all;

	if (!read_it(&rec, &rd))
		return false;
	if (r->n_read == r->size_read) {
		r->size_read = r->size_read ? 2 * r->size_read : 64;
		all = realloc(r->read, r->size_read * sizeof(*all));
		if (!all)
			abort();
		r->read = all;
	}
	if (rec.number > r->last.number)
		r->last = rec;
	rec.strayed = rec.number % r->max != key;
	r->read[r->n_read++] = rec;
	return !rec.strayed;
}

static int by_number(const void *a, const void *b)
{
	const struct returned_record *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

void returned_each(struct returned *r,
		   void (*fn)(void *ctx, const struct returned_entry *e),
		   void *ctx)
{
	if (r->n_read)
		qsort(r->read, r->n_read, sizeof(*r->read), by_number);
	for (size_t i = 0; i < r->n_read; i++) {
		const struct returned_record *rec = &r->read[i];

		if (rec->strayed && r->last.number - rec->number < r->max)
			keep(r, rec);
		for (size_t k = 0; k < rec->n; k++)
			fn(ctx, &rec->entry[k]);
	}
	free(r->read);
	r->read = NULL;
	r->n_read = r->size_read = 0;
}
