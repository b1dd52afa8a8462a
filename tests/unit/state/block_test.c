// SPDX-License-Identifier: GPL-2.0-or-later
/* The checksum of a block, against ISO 3309's own way, bit by bit: of every length. */
#include "state/block.h"

#include "l2tp/unit.h"

#include <stdlib.h>
#include <string.h>

static uint32_t bit_by_bit(const void *data, size_t len)
{
	const uint8_t *p = data;
	uint32_t crc = ~0u;

	while (len--) {
		crc ^= *p++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
	}
	return ~crc;
}

static void fill(struct state_block *b, size_t len)
{
	uint8_t *p = (uint8_t *)b;

	for (size_t i = 0; i < sizeof(*b); i++)
		p[i] = (uint8_t)random();
	b->len = (uint16_t)len;
}

static void it_is_the_checksum_of_iso_3309(void **state)
{
	struct state_block from, to;

	(void)state;
	assert_int_equal(bit_by_bit("123456789", 9), 0xcbf43926);
	srandom(1);
	for (size_t len = 0; len <= STATE_BLOCK_DATA; len++) {
		memset(&to, 0, sizeof(to));
		fill(&from, len);
		state_block_write(&to, &from);
		assert_int_equal(to.crc, bit_by_bit(&from.key, 24 + len));
		assert_true(state_block_good(&to));
	}
}

static void a_changed_bit_is_seen(void **state)
{
	struct state_block from, to;

	(void)state;
	fill(&from, 100);
	state_block_write(&to, &from);
	for (size_t i = offsetof(struct state_block, crc) * 8;
	     i < (offsetof(struct state_block, data) + 100) * 8; i++) {
		uint8_t *p = (uint8_t *)&to + i / 8;

		*p ^= (uint8_t)(1u << i % 8);
		assert_false(state_block_good(&to));
		*p ^= (uint8_t)(1u << i % 8);
	}
	assert_true(state_block_good(&to));
	to.data[100] ^= 1; /* behind its end */
	assert_true(state_block_good(&to));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_the_checksum_of_iso_3309),
		cmocka_unit_test(a_changed_bit_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
