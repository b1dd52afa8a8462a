/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The choice among the tunnels that a subscriber may go through: by preference, then
 * by chance or load, and another one after each failure. No I/O, no clock, no chance
 * of its own: all that it depends on is given.
 */
#ifndef BNG_SELECT_H
#define BNG_SELECT_H

#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SELECT_MAX 31 /* tunnels to choose among */
#define SELECT_LEVELS SELECT_MAX /* of preference, 0 is the best */

/* Among those of one level. */
enum select_balance {
	SELECT_RANDOM,
	SELECT_WEIGHTED, /* by chance, as their limits of sessions are to each other */
	SELECT_FILL, /* that with the highest limit, until it is full */
	SELECT_LEAST, /* where the destination, then the tunnel, has the fewest */
};

struct select_rules {
	enum select_balance balance;
	/* After a failure the rest of the level comes first; else the next level. */
	bool within_level;
};

/* One of them, as things are now. */
struct select_one {
	uint8_t preference; /* what is beyond the last level counts as that */
	bool closed; /* full, drained, ourselves: never chosen */
	bool locked; /* its destination is unreachable, as far as is known, */
	msec_t failed_at; /* since then */
	unsigned int limit; /* of sessions; 0: any number */
	unsigned int of_destination, of_tunnel; /* sessions there now */
};

/* What one call has come to so far; zeros: nothing yet. */
struct select_call {
	uint32_t tried; /* a bit each */
	uint8_t next_level;
	bool last; /* all were unreachable: there is no other after this one */
};

/*
 * Which to try now, and takes note of that; -1: none is left. If all that are not
 * closed are locked, it is the one that failed first, unless this call has just tried that.
 */
int select_next(const struct select_rules *rules, struct select_call *call,
		const struct select_one *one, size_t n, uint64_t chance);

#endif /* BNG_SELECT_H */
