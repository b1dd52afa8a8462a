/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Time: milliseconds of boot time (CLOCK_BOOTTIME), so that a deadline that was
 * written down before a restart still means the same after it. Protocol cores
 * never read the clock: `now` is an argument.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

typedef int64_t msec_t;

#define MSEC_NEVER INT64_MAX
#define SECONDS(n) ((msec_t)(n)*1000)

msec_t clock_now(void);
/* Seconds since 1970, as the system has it; for others to read, not to count by. */
uint32_t clock_wall(void);

static inline msec_t msec_min(msec_t a, msec_t b)
{
	return a < b ? a : b;
}

static inline msec_t msec_max(msec_t a, msec_t b)
{
	return a > b ? a : b;
}

#endif /* BASE_CLOCK_H */
