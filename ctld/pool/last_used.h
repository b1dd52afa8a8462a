/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Users' last addresses, by tag and index in the pool, a bounded number of them.
 * pool/pool and pool/prefix call it.
 */
#ifndef POOL_LAST_USED_H
#define POOL_LAST_USED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Tags and indices in sets of four; what is used last stands first. */
struct last_used {
	struct last_entry {
		uint32_t tag; /* 0: none */
		uint32_t index;
	} * set;
	uint32_t mask; /* of sets */
};

/* For that many tags. 0 or -ENOMEM. */
int last_used_init(struct last_used *l, size_t n);
void last_used_free(struct last_used *l);
/* False: nobody knows. */
bool last_used_find(const struct last_used *l, uint32_t tag, uint32_t *index);
void last_used_set(struct last_used *l, uint32_t tag, uint32_t index);

#endif /* POOL_LAST_USED_H */
