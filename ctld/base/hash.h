/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A hash table of embedded nodes with 64-bit keys, which may repeat. It grows
 * with its load. Keys that a stranger chooses go through a per-process secret.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

struct hash_node {
	struct hash_node *next;
	uint64_t key;
};

struct hash {
	struct hash_node **slot;
	size_t size; /* a power of two */
	size_t n;
};

void hash_init(struct hash *h);
void hash_free(struct hash *h);
void hash_add(struct hash *h, struct hash_node *node, uint64_t key);
void hash_del(struct hash *h, struct hash_node *node);
/* The first node with this key, or the next one after `node`. */
struct hash_node *hash_find(const struct hash *h, uint64_t key);
struct hash_node *hash_next(const struct hash_node *node);
/* A keyed 64-bit hash of any bytes, to make a key of. */
uint64_t hash_bytes(const void *data, size_t len);

#endif /* BASE_HASH_H */
