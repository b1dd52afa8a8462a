/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often one source may send discovery frames: a fixed table of buckets by keyed
 * hash of the source, so that a flood costs no memory. Two sources may share a
 * bucket. What sets up a session and what ends one have buckets apart.
 */
#ifndef PPPOE_SOURCE_H
#define PPPOE_SOURCE_H

#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PPPOE_SOURCES 1024

enum pppoe_source_kind { PPPOE_SOURCE_SETUP, PPPOE_SOURCE_END };

struct pppoe_sources {
	/* When the bucket is full again, in us. */
	int64_t full_at[PPPOE_SOURCES][2];
};

/* One more of that source, of `rate` a second and as many at once; 0: any number.
 * False: too many.
 */
bool pppoe_source_take(struct pppoe_sources *t, uint64_t source,
		       enum pppoe_source_kind kind, unsigned int rate,
		       msec_t now);

#endif /* PPPOE_SOURCE_H */
