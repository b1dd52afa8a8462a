/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accounting that waits to be delivered. Each event is written down before it is
 * sent (`keep`, which outlives the daemon and the machine) and forgotten when a
 * server has confirmed it. The events of a group of servers leave in the order in
 * which they happened, so many a second at most; while no server answers, one at a
 * time is tried. None waits for another to be confirmed, but in the other's first round:
 * of its session, as what is sent after a Start must not come before it; or Accounting-On
 * and -Off, these in nine of ten rounds too while no server answers. A Stop that has
 * overtaken a Start all the same is sent once more after it.
 *
 * Bounded: an interim that waits gives way to what comes after it of its session,
 * and, when there is no room, to anything; what then has no room is lost, counted
 * and logged. A quarter of the room is divided among the groups, so that one whose
 * servers are dead leaves some to the others. No I/O, no clock.
 */
#ifndef AAA_SPOOL_H
#define AAA_SPOOL_H

#include "aaa/spool_record.h"

#define SPOOL_HOLD SECONDS(2) /* for the last counters of what has ended */

/* 0 or -ENOMEM. names are of the client's groups, and stay. */
int spool_init(struct spool *s, struct radius_client *client,
	       struct timers *timers, const char *const *names,
	       unsigned int n_names, unsigned int rate, size_t max);
/* What is kept stays kept. */
void spool_free(struct spool *s);

/* It has happened. With `hold`, its last counters may be told until SPOOL_HOLD is
 * over.
 */
void spool_add(struct spool *s, msec_t now, const struct acct_event *e,
	       bool hold);
/* The last counters of a session that is on hold and is counted there; nothing, of
 * any other.
 */
void spool_last(struct spool *s, msec_t now, uint64_t session,
		unsigned int counter, const struct acct_counts *counts);
/* Such an event of that session waits. */
bool spool_has(const struct spool *s, uint64_t session,
	       enum acct_status status);
/* Start-up: what was kept, in any order; `wall` is now in seconds since 1970. False:
 * it makes no sense, or its group is none any more; it is lost, forget it.
 */
bool spool_load(struct spool *s, msec_t now, uint32_t wall, uint64_t key,
		const void *data, size_t len);
/* After the last one. */
void spool_loaded(struct spool *s, msec_t now);

#endif /* AAA_SPOOL_H */
