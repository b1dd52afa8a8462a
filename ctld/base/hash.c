/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See hash.h. Slots are chosen by a multiply-xor mix with a random seed. */
#include "base/hash.h"

#include "base/crypt.h"

#include <stdlib.h>
#include <string.h>

static uint64_t seed;

static uint64_t mix(uint64_t x)
{
	x ^= seed;
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93ULL;
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93ULL;
	return x ^ x >> 32;
}

static void seed_once(void)
{
	while (!seed)
		seed = crypt_random_u64();
}

static struct hash_node **slot_of(const struct hash *h, uint64_t key)
{
	return &h->slot[mix(key) & (h->size - 1)];
}

static void resize(struct hash *h, size_t size)
{
	struct hash old = *h;

	h->slot = calloc(size, sizeof(*h->slot));
	if (!h->slot)
		abort();
	h->size = size;
	for (size_t i = 0; i < old.size; i++) {
		struct hash_node *node = old.slot[i];

		while (node) {
			struct hash_node *next = node->next;
			struct hash_node **slot = slot_of(h, node->key);

			node->next = *slot;
			*slot = node;
			node = next;
		}
	}
	free(old.slot);
}

void hash_init(struct hash *h)
{
	seed_once();
	*h = (struct hash){ 0 };
	resize(h, 16);
}

void hash_free(struct hash *h)
{
	free(h->slot);
	*h = (struct hash){ 0 };
}

void hash_add(struct hash *h, struct hash_node *node, uint64_t key)
{
	struct hash_node **slot;

	if (h->n >= h->size)
		resize(h, h->size * 2);
	slot = slot_of(h, key);
	node->key = key;
	node->next = *slot;
	*slot = node;
	h->n++;
}

void hash_del(struct hash *h, struct hash_node *node)
{
	struct hash_node **p = slot_of(h, node->key);

	while (*p && *p != node)
		p = &(*p)->next;
	if (!*p)
		return;
	*p = node->next;
	h->n--;
}

static struct hash_node *same_key(struct hash_node *node, uint64_t key)
{
	while (node && node->key != key)
		node = node->next;
	return node;
}

struct hash_node *hash_find(const struct hash *h, uint64_t key)
{
	return same_key(*slot_of(h, key), key);
}

struct hash_node *hash_next(const struct hash_node *node)
{
	return same_key(node->next, node->key);
}

uint64_t hash_bytes(const void *data, size_t len)
{
	const uint8_t *p = data;
	uint64_t h = len;

	seed_once();
	for (; len >= 8; len -= 8, p += 8) {
		uint64_t w;

		memcpy(&w, p, 8);
		h = mix(h ^ w);
	}
	while (len--)
		h = mix(h ^ *p++);
	return h;
}
