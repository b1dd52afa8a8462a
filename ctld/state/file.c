/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records in the blocks of the state file. A new version is written into free
 * blocks, then the old one's are freed; when the file is opened, of each record
 * the highest complete version counts and all other blocks are free. So the
 * store that completes a version is what replaces the record, and the store that
 * frees its first block is what deletes it. An index in our own memory finds
 * records and free blocks. See file.h and block.h.
 */
#include "state/file.h"

#include "base/hash.h"
#include "base/timer.h"
#include "bng/returned.h"
#include "state/map.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

/* Blocks for what records have on average: a session and its subscriber, 1 kB; a
 * tunnel with its unacknowledged messages, 2 kB; and some to spare, with which a
 * record of any size can be replaced.
 */
#define PER_SESSION 5
#define PER_TUNNEL 9
#define PER_DEFINITION 2 /* of a tunnel, if RADIUS made it */
#define LOCKOUTS 1024 /* a block each */
#define PER_ENDED 3 /* and of those that have ended, at most: */
#define ENDED_MAX 1024
#define TOTAL_MAX ((STATE_RECORD_MAX + STATE_BLOCK_DATA - 1) / STATE_BLOCK_DATA)
#define SERVERS (2 * TOTAL_MAX) /* of RADIUS, that are dead */
#define PAST (2 * 1024) /* subscribers of before: two blocks each */
#define OPENED 1024 /* endpoints and ports: a block each */
#define SPARE (4 * TOTAL_MAX)

_Static_assert(RETURNED_RECORD_MAX <= STATE_BLOCK_DATA, "a block");
_Static_assert(STATE_ERROR_MAX == STATE_MAP_ERROR_MAX, "one message");

/* A version of a record. */
struct record {
	struct hash_node node; /* by index_key */
	LIST_ENTRY(record) all;
	uint64_t version;
	uint16_t kind;
	uint16_t total;
	uint16_t have; /* blocks found; less than total while opening only */
	uint32_t block[];
};

#define NO_BLOCK UINT32_MAX

struct state_file {
	struct state_map map;
	struct hash index;
	LIST_HEAD(, record) records;
	uint64_t version; /* the highest so far */
	uint32_t *free_block; /* a stack */
	size_t n_free;
};

static uint64_t index_key(uint16_t kind, uint64_t key)
{
	return key ^ (uint64_t)kind << 48;
}

/* That of index_key again. */
static uint64_t key_of(const struct record *r)
{
	return index_key(r->kind, r->node.key);
}

static struct record *first_of(const struct state_file *sf, uint16_t kind,
			       uint64_t key)
{
	struct hash_node *node = hash_find(&sf->index, index_key(kind, key));

	return node ? container_of(node, struct record, node) : NULL;
}

static struct record *next_of(const struct record *r)
{
	struct hash_node *node = hash_next(&r->node);

	return node ? container_of(node, struct record, node) : NULL;
}

static struct record *find(const struct state_file *sf, uint16_t kind,
			   uint64_t key)
{
	struct record *r = first_of(sf, kind, key);

	while (r && r->kind != kind)
		r = next_of(r);
	return r;
}

static struct record *record_new(uint16_t kind, uint64_t key, uint64_t version,
				 uint16_t total)
{
	struct record *r = malloc(sizeof(*r) + total * sizeof(r->block[0]));

	if (!r)
		return NULL;
	*r = (struct record){
		.node.key = index_key(kind, key),
		.version = version,
		.kind = kind,
		.total = total,
	};
	for (uint16_t i = 0; i < total; i++)
		r->block[i] = NO_BLOCK;
	return r;
}

static void record_add(struct state_file *sf, struct record *r)
{
	hash_add(&sf->index, &r->node, r->node.key);
	LIST_INSERT_HEAD(&sf->records, r, all);
}

static void free_block(struct state_file *sf, uint32_t i)
{
	/* One that is free already need not become a dirty page. */
	if (sf->map.block[i].state)
		state_block_free(&sf->map.block[i]);
	sf->free_block[sf->n_free++] = i;
}

static void record_free(struct state_file *sf, struct record *r)
{
	hash_del(&sf->index, &r->node);
	LIST_REMOVE(r, all);
	for (uint16_t i = 0; i < r->total; i++)
		if (r->block[i] != NO_BLOCK)
			free_block(sf, r->block[i]);
	free(r);
}

/* ------------------------------------------------------------------ open */

static bool plausible(const struct state_block *b)
{
	return state_block_good(b) && b->total && b->total <= TOTAL_MAX &&
	       b->index < b->total &&
	       (b->index == b->total - 1 || b->len == STATE_BLOCK_DATA);
}

/* Takes block i into the version it says it is of; false: it is of none. */
static bool adopt(struct state_file *sf, uint32_t i)
{
	const struct state_block *b = &sf->map.block[i];
	struct record *r;

	if (!plausible(b))
		return false;
	r = first_of(sf, b->kind, b->key);
	while (r && (r->kind != b->kind || r->version != b->version))
		r = next_of(r);
	if (!r) {
		r = record_new(b->kind, b->key, b->version, b->total);
		if (!r)
			abort();
		record_add(sf, r);
	}
	if (r->total != b->total || r->block[b->index] != NO_BLOCK)
		return false;
	r->block[b->index] = i;
	r->have++;
	if (sf->version < r->version)
		sf->version = r->version;
	return true;
}

static bool superseded(const struct state_file *sf, const struct record *r)
{
	const struct record *o = first_of(sf, r->kind, key_of(r));

	if (r->have < r->total)
		return true;
	for (; o; o = next_of(o))
		if (o->kind == r->kind && o->have == o->total &&
		    o->version > r->version)
			return true;
	return false;
}

static void read_blocks(struct state_file *sf)
{
	struct record *r, *next;

	for (uint32_t i = (uint32_t)sf->map.n_blocks; i-- > 0;)
		if (!adopt(sf, i))
			free_block(sf, i);
	for (r = LIST_FIRST(&sf->records); r; r = next) {
		next = LIST_NEXT(r, all);
		if (superseded(sf, r))
			record_free(sf, r);
	}
}

static size_t at_most(unsigned int n, unsigned int max)
{
	return n < max ? n : max;
}

static struct state_file *open_file(const char *path,
				    const struct state_map_kind *kind, size_t n,
				    int *fresh, char err[STATE_ERROR_MAX])
{
	struct state_file *sf = calloc(1, sizeof(*sf));

	if (!sf) {
		snprintf(err, STATE_ERROR_MAX, "%s: out of memory", kind->what);
		return NULL;
	}
	LIST_INIT(&sf->records);
	if (state_map_open(&sf->map, kind, path, n, fresh, err)) {
		free(sf); /* which leaves errno alone */
		return NULL;
	}
	sf->free_block = calloc(sf->map.n_blocks, sizeof(*sf->free_block));
	if (!sf->free_block)
		abort();
	hash_init(&sf->index);
	read_blocks(sf);
	return sf;
}

struct state_file *state_open(const char *path, uint64_t instance,
			      unsigned int max_tunnels,
			      unsigned int max_sessions, int *fresh,
			      char err[STATE_ERROR_MAX])
{
	const struct state_map_kind kind = { "state file", instance, false };
	size_t n = (size_t)max_sessions * PER_SESSION +
		   (size_t)max_tunnels * (PER_TUNNEL + PER_DEFINITION) +
		   LOCKOUTS + SERVERS + PAST + OPENED + SPARE;

	n += RETURNED_RECORDS(max_sessions); /* a block each */
	n += PER_ENDED * (at_most(max_tunnels, ENDED_MAX) +
			  at_most(max_sessions, ENDED_MAX));
	return open_file(path, &kind, n, fresh, err);
}

struct state_file *state_open_spool(const char *path, size_t size, int *fresh,
				    char err[STATE_ERROR_MAX])
{
	const struct state_map_kind kind = { "accounting spool", 1, true };

	return open_file(path, &kind, size / STATE_BLOCK_SIZE + SPARE, fresh,
			 err);
}

void state_close(struct state_file *sf)
{
	struct record *r;

	if (!sf)
		return;
	while ((r = LIST_FIRST(&sf->records))) {
		LIST_REMOVE(r, all);
		free(r);
	}
	hash_free(&sf->index);
	free(sf->free_block);
	state_map_close(&sf->map);
	free(sf);
}

void state_set_instance(struct state_file *sf, uint64_t instance)
{
	*(volatile uint64_t *)&sf->map.header->instance = instance;
}

/* --------------------------------------------------------------- records */

static void write_block(struct state_file *sf, struct record *r, uint16_t index,
			const uint8_t *data, size_t len)
{
	struct state_block b = { .key = key_of(r),
				 .version = r->version,
				 .kind = r->kind,
				 .index = index,
				 .total = r->total,
				 .len = (uint16_t)len };

	if (len)
		memcpy(b.data, data, len);
	r->block[index] = sf->free_block[--sf->n_free];
	state_block_write(&sf->map.block[r->block[index]], &b);
	r->have++;
}

int state_put(struct state_file *sf, enum state_kind kind, uint64_t key,
	      const void *data, size_t len)
{
	size_t total = len ? (len + STATE_BLOCK_DATA - 1) / STATE_BLOCK_DATA :
			     1;
	struct record *old = find(sf, (uint16_t)kind, key);
	const uint8_t *p = data;
	struct record *r;

	if (sf->map.broken)
		return -EIO;
	if (len > STATE_RECORD_MAX)
		return -E2BIG;
	if (total > sf->n_free)
		return -ENOSPC;
	r = record_new((uint16_t)kind, key, ++sf->version, (uint16_t)total);
	if (!r)
		return -ENOSPC;
	for (uint16_t i = 0; i < total; i++) {
		size_t n = len < STATE_BLOCK_DATA ? len : STATE_BLOCK_DATA;

		write_block(sf, r, i, p, n);
		p += n;
		len -= n;
	}
	if (old)
		record_free(sf, old);
	record_add(sf, r);
	return sf->map.broken ? -EIO : 0;
}

void state_del(struct state_file *sf, enum state_kind kind, uint64_t key)
{
	struct record *r = find(sf, (uint16_t)kind, key);

	if (r)
		record_free(sf, r);
}

static size_t gather(const struct state_file *sf, const struct record *r,
		     uint8_t out[STATE_RECORD_MAX + STATE_BLOCK_DATA])
{
	size_t len = 0;

	for (uint16_t i = 0; i < r->total; i++) {
		const struct state_block *b = &sf->map.block[r->block[i]];

		memcpy(out + len, b->data, b->len);
		len += b->len;
	}
	return len;
}

/* The keys of a kind, for the caller to free. */
static uint64_t *keys_of(const struct state_file *sf, enum state_kind kind,
			 size_t *n)
{
	const struct record *r;
	uint64_t *key;
	size_t i = 0;

	*n = 0;
	LIST_FOREACH(r, &sf->records, all)
	*n += r->kind == kind;
	key = calloc(*n + 1, sizeof(*key));
	if (!key)
		abort();
	LIST_FOREACH(r, &sf->records, all)
	if (r->kind == kind)
		key[i++] = key_of(r);
	return key;
}

/* fn may change records, so each is looked for when its turn has come. */
void state_each(struct state_file *sf, enum state_kind kind,
		void (*fn)(void *ctx, uint64_t key, const void *data,
			   size_t len),
		void *ctx)
{
	uint8_t data[STATE_RECORD_MAX + STATE_BLOCK_DATA];
	size_t n;
	uint64_t *key = keys_of(sf, kind, &n);

	for (size_t i = 0; i < n; i++) {
		const struct record *r = find(sf, (uint16_t)kind, key[i]);

		if (r)
			fn(ctx, key[i], data, gather(sf, r, data));
	}
	explicit_bzero(data, sizeof(data));
	free(key);
}
