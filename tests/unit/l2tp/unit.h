/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmocka with what it needs before, and random numbers that a seed repeats. */
#ifndef TESTS_L2TP_UNIT_H
#define TESTS_L2TP_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
/* after what it needs */
#include <cmocka.h>

static inline uint32_t seeded(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33);
}

#define N_OF(array) (sizeof(array) / sizeof(*(array)))

#endif /* TESTS_L2TP_UNIT_H */
