// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's random bytes, but the same ones in each run, so that a fuzzer comes
 * to the same end again. In place of the C library's, for every fuzzer.
 */
#include <stdint.h>
#include <sys/random.h>

ssize_t getrandom(void *to, size_t len, unsigned int flags)
{
	static uint64_t state;
	uint8_t *b = to;

	(void)flags;
	for (size_t i = 0; i < len; i++) {
		uint64_t x = state += 0x9e3779b97f4a7c15ULL;

		x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
		x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
		b[i] = (uint8_t)(x >> 56);
	}
	return (ssize_t)len;
}
