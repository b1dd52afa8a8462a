/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts by key; see tally.h. Called by bng/access, bng/admit, bng/subscriber. */
#include "bng/tally.h"

#include "base/buf.h"
#include "base/timer.h"

#include <stdlib.h>
#include <string.h>

#define KEY_LEN 11

struct count {
	struct hash_node node;
	uint8_t key[KEY_LEN];
	unsigned int n;
};

void tally_init(struct tally *t)
{
	hash_init(&t->counts);
}

void tally_free(struct tally *t)
{
	for (size_t i = 0; i < t->counts.size; i++) {
		struct hash_node *node = t->counts.slot[i];

		while (node) {
			struct count *c =
				container_of(node, struct count, node);

			node = node->next;
			free(c);
		}
	}
	hash_free(&t->counts);
}

static void make_key(uint8_t key[KEY_LEN], const struct pppoe_client *c,
		     enum tally_of of)
{
	struct wr w = wr_make(key, KEY_LEN);

	memset(key, 0, KEY_LEN);
	wr_u8(&w, (uint8_t)of);
	wr_u32(&w, c->ifindex);
	if (of == TALLY_VLAN) {
		wr_u16(&w, c->vlan_outer);
		wr_u16(&w, c->vlan_inner);
	} else if (of == TALLY_MAC) {
		wr_bytes(&w, c->mac, sizeof(c->mac));
	}
}

static struct count *find(const struct tally *t, const uint8_t key[KEY_LEN])
{
	struct hash_node *node =
		hash_find(&t->counts, hash_bytes(key, KEY_LEN));

	for (; node; node = hash_next(node)) {
		struct count *c = container_of(node, struct count, node);

		if (!memcmp(c->key, key, KEY_LEN))
			return c;
	}
	return NULL;
}

/* Out of memory, one is not counted. */
void tally_take(struct tally *t, const struct pppoe_client *client)
{
	uint8_t key[KEY_LEN];

	for (enum tally_of of = 0; of < TALLY_KINDS; of++) {
		struct count *c;

		make_key(key, client, of);
		c = find(t, key);
		if (!c) {
			c = calloc(1, sizeof(*c));
			if (!c)
				continue;
			memcpy(c->key, key, KEY_LEN);
			hash_add(&t->counts, &c->node,
				 hash_bytes(key, KEY_LEN));
		}
		c->n++;
	}
}

void tally_give(struct tally *t, const struct pppoe_client *client)
{
	uint8_t key[KEY_LEN];

	for (enum tally_of of = 0; of < TALLY_KINDS; of++) {
		struct count *c;

		make_key(key, client, of);
		c = find(t, key);
		if (!c || --c->n)
			continue;
		hash_del(&t->counts, &c->node);
		free(c);
	}
}

unsigned int tally_count(const struct tally *t, const struct pppoe_client *c,
			 enum tally_of of)
{
	uint8_t key[KEY_LEN];
	const struct count *count;

	make_key(key, c, of);
	count = find(t, key);
	return count ? count->n : 0;
}
