/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who has which name; see names.h. Called by bng/identity and bng/subscriber. */
#include "bng/names.h"

#include "base/timer.h"

#include <stdlib.h>

void names_init(struct names *n)
{
	for (int i = 0; i < RADIUS_NAMES; i++)
		hash_init(&n->by[i]);
}

void names_free(struct names *n)
{
	for (int i = 0; i < RADIUS_NAMES; i++)
		hash_free(&n->by[i]);
}

static struct name *find_key(const struct hash *h, uint64_t key)
{
	struct hash_node *node = hash_find(h, key);

	return node ? container_of(node, struct name, node) : NULL;
}

/* Whose node is in the hash goes last, or another takes its place. */
static void leave(struct hash *h, struct name *name)
{
	uint64_t key = name->node.key;
	struct name *next = name->next;

	if (find_key(h, key) == name) {
		hash_del(h, &name->node);
		if (next != name)
			hash_add(h, &next->node, key);
	}
	next->prev = name->prev;
	name->prev->next = next;
	name->next = name->prev = NULL;
}

static void join(struct hash *h, struct name *name, uint64_t key)
{
	struct name *first = find_key(h, key);

	if (!first) {
		name->next = name->prev = name;
		hash_add(h, &name->node, key);
		return;
	}
	name->node.key = key;
	name->next = first;
	name->prev = first->prev;
	first->prev->next = name;
	first->prev = name;
}

void name_set(struct hash *h, struct name *name, const void *value, size_t len)
{
	uint64_t key = len ? hash_bytes(value, len) : 0;

	if (name->next && len && name->node.key == key)
		return;
	if (name->next)
		leave(h, name);
	if (len)
		join(h, name, key);
}

struct name *name_find(const struct hash *h, const void *value, size_t len)
{
	return find_key(h, hash_bytes(value, len));
}

/* ----------------------------------------------------------- of an owner */

#define NAMES_RARE (RADIUS_NAMES - NAMES_COMMON)

struct names_rare {
	struct names_of *of;
	struct name name[NAMES_RARE];
};

/* The place of a kind, rare ones behind the common ones. */
static const unsigned int place[RADIUS_NAMES] = {
	[RADIUS_NAME_SESSION] = 0,
	[RADIUS_NAME_ADDRESS] = 1,
	[RADIUS_NAME_PORT] = 2,
	[RADIUS_NAME_PORT_ID] = 3,
	[RADIUS_NAME_CALLING] = 4,
	[RADIUS_NAME_USER] = 5,
	[RADIUS_NAME_ADDRESS6] = NAMES_COMMON,
	[RADIUS_NAME_PREFIX] = NAMES_COMMON + 1,
	[RADIUS_NAME_DELEGATED] = NAMES_COMMON + 2,
	[RADIUS_NAME_CUI] = NAMES_COMMON + 3,
};

static bool is_rare(enum radius_name kind)
{
	return place[kind] >= NAMES_COMMON;
}

static struct name *name_of(struct names_of *of, enum radius_name kind)
{
	if (is_rare(kind))
		return &of->rare->name[place[kind] - NAMES_COMMON];
	return &of->common[place[kind]];
}

struct names_of *names_owner(struct name *name, enum radius_name kind)
{
	if (!is_rare(kind))
		return container_of(name - place[kind], struct names_of,
				    common[0]);
	name -= place[kind] - NAMES_COMMON;
	return container_of(name, struct names_rare, name[0])->of;
}

/* Without memory it is not found by those. */
static bool has_rare(struct names_of *of)
{
	if (!of->rare)
		of->rare = calloc(1, sizeof(*of->rare));
	if (of->rare)
		of->rare->of = of;
	return of->rare;
}

void names_set(struct names *n, struct names_of *of, enum radius_name kind,
	       const void *value, size_t len)
{
	if (is_rare(kind) && !of->rare && (!len || !has_rare(of)))
		return;
	name_set(&n->by[kind], name_of(of, kind), value, len);
}

void names_clear(struct names *n, struct names_of *of)
{
	for (int i = 0; i < RADIUS_NAMES; i++)
		names_set(n, of, i, NULL, 0);
}

struct name *names_find(const struct names *n, enum radius_name kind,
			const void *value, size_t len)
{
	return name_find(&n->by[kind], value, len);
}
