/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ids under way; see radius_id.h. Called by aaa/radius_client. */
#include "aaa/radius_id.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS_MAX (RADIUS_SOCKETS_MAX * RADIUS_IDS)

bool radius_id_none(const struct radius_server *s)
{
	return s->n_taken >= SLOTS_MAX;
}

/* One socket more, when all ids are taken. */
static int grow(struct radius_server *s)
{
	unsigned int n = s->n_slots + RADIUS_IDS;
	struct radius_exchange **slot = realloc(s->slot, n * sizeof(*slot));

	if (!slot)
		return -ENOMEM;
	memset(slot + s->n_slots, 0, RADIUS_IDS * sizeof(*slot));
	s->slot = slot;
	s->next_slot = s->n_slots;
	s->n_slots = n;
	return 0;
}

int radius_id_take(struct radius_server *s, struct radius_exchange *x)
{
	unsigned int slot;

	if (s->n_taken == s->n_slots && (radius_id_none(s) || grow(s)))
		return -ENOMEM;
	while (s->slot[s->next_slot])
		s->next_slot = (s->next_slot + 1) % s->n_slots;
	slot = s->next_slot;
	s->slot[slot] = x;
	s->next_slot = (slot + 1) % s->n_slots;
	s->n_taken++;
	return (int)slot;
}

void radius_id_free(struct radius_server *s, unsigned int slot)
{
	s->slot[slot] = NULL;
	s->n_taken--;
}

struct radius_exchange *radius_id_owner(const struct radius_server *s,
					unsigned int socket, uint8_t id)
{
	unsigned int slot = socket * RADIUS_IDS + id;

	return slot < s->n_slots ? s->slot[slot] : NULL;
}
