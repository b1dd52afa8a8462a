/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ids 1..65535 and what they stand for. New ids are unpredictable and found in
 * constant time: the free ids are kept as a shuffled list, from which a random
 * one of the older part is taken, so that an id rests before it is used again.
 */
#ifndef BASE_IDMAP_H
#define BASE_IDMAP_H

#include <stddef.h>
#include <stdint.h>

struct idmap {
	void **obj; /* by id */
	uint16_t *free_id; /* a ring of free ids */
	uint32_t *pos; /* of a free id in the ring, by id */
	uint32_t head; /* first of the ring */
	uint32_t n_free;
};

void idmap_init(struct idmap *m);
void idmap_free(struct idmap *m);
/* A new id for obj; 0: all are taken. */
uint16_t idmap_new(struct idmap *m, void *obj);
/* Takes this id; -EEXIST if it is taken. For restart. */
int idmap_take(struct idmap *m, uint16_t id, void *obj);
void idmap_del(struct idmap *m, uint16_t id);

static inline void *idmap_get(const struct idmap *m, uint16_t id)
{
	return m->obj[id];
}

static inline size_t idmap_count(const struct idmap *m)
{
	return 65535 - m->n_free;
}

#endif /* BASE_IDMAP_H */
