/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An index of who has which name in RADIUS: a hash for each kind of name, in which a
 * value stands once, with a ring of those who share it. Taking one out of a ring
 * of any size costs the same. Values are kept as hashes only: who looks one up
 * compares it.
 */
#ifndef BNG_NAMES_H
#define BNG_NAMES_H

#include "aaa/radius_named.h"
#include "base/hash.h"

/* One name of its owner's. */
struct name {
	struct hash_node node; /* in the hash: of one of the ring */
	struct name *next, *prev; /* next NULL: it has none */
};

/* Of one kind; len 0: none from now on. */
void name_set(struct hash *h, struct name *name, const void *value, size_t len);
/* One of the ring; NULL: nobody has it. */
struct name *name_find(const struct hash *h, const void *value, size_t len);

#define NAMES_COMMON 6 /* kinds of name that most have */

/* All that one owner has, zeroed at first. */
struct names_of {
	struct name common[NAMES_COMMON];
	struct names_rare *rare; /* of the others, its owner's to free; or NULL */
};

struct names {
	struct hash by[RADIUS_NAMES];
};

void names_init(struct names *n);
void names_free(struct names *n);
/* Its name of that kind from now on; len 0: none. */
void names_set(struct names *n, struct names_of *of, enum radius_name kind,
	       const void *value, size_t len);
/* All kinds. */
void names_clear(struct names *n, struct names_of *of);
struct name *names_find(const struct names *n, enum radius_name kind,
			const void *value, size_t len);
/* Whose it is. */
struct names_of *names_owner(struct name *name, enum radius_name kind);

#endif /* BNG_NAMES_H */
