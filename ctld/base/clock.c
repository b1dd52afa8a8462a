/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boot time in milliseconds. Called by whoever owns a loop. */
#include "base/clock.h"

#include <time.h>

msec_t clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (msec_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

uint32_t clock_wall(void)
{
	return (uint32_t)time(NULL);
}
