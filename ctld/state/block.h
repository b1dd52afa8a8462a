/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The layout of the state file: a page of header, then blocks. A version of a
 * record is a chain of blocks that name its kind, key and number; it counts when
 * all its blocks are there. `state` is stored last when a block is filled, and
 * first when it is freed.
 */
#ifndef STATE_BLOCK_H
#define STATE_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STATE_MAGIC 0x4554415453544941ULL /* "AITSTATE" */
#define STATE_FORMAT 1 /* change it with the layout, here or in a record */
#define STATE_HEADER_SIZE 4096
#define STATE_BLOCK_SIZE 256
#define STATE_BLOCK_DATA 224
#define STATE_BOOT_ID_LEN 40

struct state_header {
	uint64_t magic;
	uint32_t format;
	uint32_t block_size;
	uint64_t instance;
	char boot_id[STATE_BOOT_ID_LEN];
	uint32_t ready; /* stored last */
};

#define STATE_BLOCK_USED 0x44455355 /* anything else: free */

struct state_block {
	uint32_t state;
	uint32_t crc; /* of what follows */
	uint64_t key;
	uint64_t version;
	uint16_t kind;
	uint16_t index;
	uint16_t total; /* blocks of this version */
	uint16_t len;
	uint8_t data[STATE_BLOCK_DATA];
};

_Static_assert(sizeof(struct state_block) == STATE_BLOCK_SIZE, "layout");

/* Fills all but the state, then stores that: the block counts. */
void state_block_write(struct state_block *to, const struct state_block *from);
/* What it held is wiped: it may have been a secret. */
void state_block_free(struct state_block *b);
/* Used, and as it was written? */
bool state_block_good(const struct state_block *b);

#endif /* STATE_BLOCK_H */
