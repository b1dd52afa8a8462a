// SPDX-License-Identifier: GPL-2.0-or-later
/* The record of a link, and its name; see record.h. Called by the link's files. */
#include "ppp/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of who gets none of its own: it has ended, and nobody reads it. */
static struct ppp_record nowhere;

static struct ppp_record *end_without(struct ppp_link *l)
{
	l->count->no_memory++;
	if (!l->ended)
		l->why = PPP_END_NO_MEMORY;
	l->ended = true;
	return &nowhere;
}

struct ppp_record *record_of(struct ppp_link *l)
{
	if (!l->record) {
		l->record = calloc(1, sizeof(*l->record));
		if (!l->record)
			l->record = end_without(l);
		snprintf(l->record->auth.name, sizeof(l->record->auth.name),
			 "%s", l->name ? l->name : "");
		l->authen.record = &l->record->auth;
	}
	return l->record;
}

bool record_is_wanted(const struct ppp_link *l)
{
	return l->authen.again || (l->record && l->record->auth.proof[0]);
}

static void forget(struct ppp_link *l)
{
	if (l->record)
		explicit_bzero(l->record, sizeof(*l->record));
	if (l->record != &nowhere)
		free(l->record);
	l->record = NULL;
	l->authen.record = NULL;
}

void record_drop(struct ppp_link *l)
{
	if (l->record && record_set_name(l, l->record->auth.name))
		forget(l);
}

const char *record_name(const struct ppp_link *l)
{
	if (l->record)
		return l->record->auth.name;
	return l->name ? l->name : "";
}

bool record_set_name(struct ppp_link *l, const char *name)
{
	char *copy = *name ? strdup(name) : NULL;

	if (*name && !copy)
		return false;
	free(l->name);
	l->name = copy;
	return true;
}

void record_free(struct ppp_link *l)
{
	forget(l);
	free(l->name);
	l->name = NULL;
}
