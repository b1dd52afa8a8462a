// SPDX-License-Identifier: GPL-2.0-or-later
/* Buckets of sources; see source.h. Called by pppoe/disc. */
#include "pppoe/source.h"

#define SECOND 1000000 /* us */

bool pppoe_source_take(struct pppoe_sources *t, uint64_t source,
		       enum pppoe_source_kind kind, unsigned int rate,
		       msec_t now)
{
	int64_t *full_at = &t->full_at[source % PPPOE_SOURCES][kind];
	int64_t at = now * 1000;

	if (!rate)
		return true;
	if (*full_at < at)
		*full_at = at;
	if (*full_at + SECOND / rate > at + SECOND)
		return false;
	*full_at += SECOND / rate;
	return true;
}
