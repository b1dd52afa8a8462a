/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A queue by time; see past.h. */
#include "bng/past.h"

#include <stdlib.h>

void past_init(struct past_list *l)
{
	TAILQ_INIT(&l->head);
	l->n = 0;
}

static void drop(struct past_list *l, struct past *p)
{
	TAILQ_REMOVE(&l->head, p, next);
	l->n--;
	free(p);
}

/* The records in the state file stay. */
void past_free(struct past_list *l)
{
	while (l->n)
		drop(l, TAILQ_FIRST(&l->head));
}

/* By its time: after a restart they come in any order. */
static struct past *insert(struct past_list *l, const struct past *from)
{
	struct past *p = malloc(sizeof(*p)), *before;

	if (!p)
		return NULL;
	*p = *from;
	before = TAILQ_LAST(&l->head, past_head);
	while (before && before->at > p->at)
		before = TAILQ_PREV(before, past_head, next);
	if (before)
		TAILQ_INSERT_AFTER(&l->head, before, p, next);
	else
		TAILQ_INSERT_HEAD(&l->head, p, next);
	l->n++;
	return p;
}

static void make_room(struct past_list *l)
{
	struct past *oldest = TAILQ_FIRST(&l->head);

	if (l->n < PAST_MAX)
		return;
	l->gone(l, oldest);
	drop(l, oldest);
}

/* Room first: the state file has it for so many and no more. */
void past_add(struct past_list *l, const struct past *from)
{
	const struct past *p;

	make_room(l);
	p = insert(l, from);
	if (p)
		l->kept(l, p);
}

void past_restore(struct past_list *l, const struct past *p)
{
	make_room(l);
	insert(l, p);
}
