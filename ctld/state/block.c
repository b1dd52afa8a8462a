/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Blocks of the state file. The process may be killed between any two stores, but
 * the machine goes on: what matters is the order in which the compiler lets
 * stores happen, so a signal fence is enough.
 */
#include "state/block.h"

#include <endian.h>
#include <stdatomic.h>
#include <string.h>

#define CRC_POLY 0xedb88320 /* CRC-32 of ISO 3309 */

#define SLICES 8 /* bytes at a time */

/* [n][b]: of a byte b that n zero bytes follow. */
static uint32_t table[SLICES][256];

static void make_table(void)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t c = i;

		for (int bit = 0; bit < 8; bit++)
			c = c & 1 ? c >> 1 ^ CRC_POLY : c >> 1;
		table[0][i] = c;
	}
	for (int n = 1; n < SLICES; n++)
		for (int i = 0; i < 256; i++)
			table[n][i] = table[n - 1][i] >> 8 ^
				      table[0][table[n - 1][i] & 0xff];
}

static uint32_t crc32(const void *data, size_t len)
{
	const uint8_t *p = data;
	uint32_t crc = ~0u;
	uint64_t eight;

	if (!table[0][255])
		make_table();
	for (; len >= SLICES; p += SLICES, len -= SLICES) {
		uint32_t next = 0;

		memcpy(&eight, p, SLICES);
		eight = le64toh(eight) ^ crc;
		for (int n = SLICES; n--; eight >>= 8)
			next ^= table[n][eight & 0xff];
		crc = next;
	}
	while (len--)
		crc = crc >> 8 ^ table[0][(crc ^ *p++) & 0xff];
	return ~crc;
}

/* What follows the checksum, up to the end of the data. */
static uint32_t checksum(const struct state_block *b)
{
	return crc32(&b->key, offsetof(struct state_block, data) -
				      offsetof(struct state_block, key) +
				      b->len);
}

static void store_state(struct state_block *b, uint32_t state)
{
	atomic_signal_fence(memory_order_seq_cst);
	*(volatile uint32_t *)&b->state = state;
	atomic_signal_fence(memory_order_seq_cst);
}

void state_block_write(struct state_block *to, const struct state_block *from)
{
	to->key = from->key;
	to->version = from->version;
	to->kind = from->kind;
	to->index = from->index;
	to->total = from->total;
	to->len = from->len;
	memcpy(to->data, from->data, from->len);
	to->crc = checksum(from);
	store_state(to, STATE_BLOCK_USED);
}

void state_block_free(struct state_block *b)
{
	store_state(b, 0);
	explicit_bzero(b->data, sizeof(b->data));
}

bool state_block_good(const struct state_block *b)
{
	return b->state == STATE_BLOCK_USED && b->len <= STATE_BLOCK_DATA &&
	       b->crc == checksum(b);
}
