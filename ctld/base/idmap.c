/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See idmap.h. The ring has 65536 places, of which n_free from head on are used. */
#include "base/idmap.h"

#include "base/crypt.h"

#include <errno.h>
#include <stdlib.h>

#define RING 65536u

static uint32_t ring(const struct idmap *m, uint32_t i)
{
	return (m->head + i) % RING;
}

static void put(struct idmap *m, uint32_t place, uint16_t id)
{
	m->free_id[place] = id;
	m->pos[id] = place;
}

/* Fills the hole at place with the first of the ring, which shrinks. */
static void take_place(struct idmap *m, uint32_t place)
{
	put(m, place, m->free_id[m->head]);
	m->head = ring(m, 1);
	m->n_free--;
}

/* Random numbers, many at a time. */
struct supply {
	uint32_t word[256];
	size_t left;
};

static uint32_t supply_u32(struct supply *s)
{
	if (!s->left) {
		crypt_random(s->word, sizeof(s->word));
		s->left = sizeof(s->word) / sizeof(s->word[0]);
	}
	return s->word[--s->left];
}

void idmap_init(struct idmap *m)
{
	struct supply supply = { .left = 0 };

	m->obj = calloc(RING, sizeof(*m->obj));
	m->free_id = calloc(RING, sizeof(*m->free_id));
	m->pos = calloc(RING, sizeof(*m->pos));
	if (!m->obj || !m->free_id || !m->pos)
		abort();
	m->head = 0;
	m->n_free = RING - 1;
	for (uint32_t i = 0; i < m->n_free; i++)
		put(m, i, (uint16_t)(i + 1));
	for (uint32_t i = m->n_free - 1; i; i--) {
		uint32_t j = supply_u32(&supply) % (i + 1);
		uint16_t id = m->free_id[i];

		put(m, i, m->free_id[j]);
		put(m, j, id);
	}
}

void idmap_free(struct idmap *m)
{
	free(m->obj);
	free(m->free_id);
	free(m->pos);
	*m = (struct idmap){ 0 };
}

uint16_t idmap_new(struct idmap *m, void *obj)
{
	uint32_t place;
	uint16_t id;

	if (!m->n_free)
		return 0;
	place = ring(m, crypt_random_u32() % ((m->n_free + 1) / 2));
	id = m->free_id[place];
	take_place(m, place);
	m->obj[id] = obj;
	return id;
}

int idmap_take(struct idmap *m, uint16_t id, void *obj)
{
	if (!id || m->obj[id])
		return -EEXIST;
	take_place(m, m->pos[id]);
	m->obj[id] = obj;
	return 0;
}

void idmap_del(struct idmap *m, uint16_t id)
{
	if (!id || !m->obj[id])
		return;
	m->obj[id] = NULL;
	put(m, ring(m, m->n_free++), id);
}
