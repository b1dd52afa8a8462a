/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table; see last_used.h. */
#include "pool/last_used.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WAYS 4u

int last_used_init(struct last_used *l, size_t n)
{
	uint32_t sets = 1;

	while (sets * WAYS < n)
		sets *= 2;
	l->set = calloc(sets, WAYS * sizeof(*l->set));
	l->mask = sets - 1;
	return l->set ? 0 : -ENOMEM;
}

void last_used_free(struct last_used *l)
{
	free(l->set);
	l->set = NULL;
}

static struct last_entry *set_of(const struct last_used *l, uint32_t tag)
{
	return l->set + (size_t)(tag & l->mask) * WAYS;
}

bool last_used_find(const struct last_used *l, uint32_t tag, uint32_t *index)
{
	const struct last_entry *e = l->set && tag ? set_of(l, tag) : NULL;

	for (uint32_t i = 0; e && i < WAYS; i++)
		if (e[i].tag == tag) {
			*index = e[i].index;
			return true;
		}
	return false;
}

void last_used_set(struct last_used *l, uint32_t tag, uint32_t index)
{
	struct last_entry *e = l->set && tag ? set_of(l, tag) : NULL;
	uint32_t i = 0;

	if (!e)
		return;
	while (i < WAYS - 1 && e[i].tag && e[i].tag != tag)
		i++;
	memmove(e + 1, e, i * sizeof(*e));
	*e = (struct last_entry){ .tag = tag, .index = index };
}
