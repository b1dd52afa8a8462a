/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Destinations that are locked out because they have failed: for a while, or until a
 * test has set up a tunnel there. No I/O and no clock. There are LOCKOUTS_MAX of them
 * at most, of which the oldest goes first.
 */
#ifndef BNG_LOCKOUT_H
#define BNG_LOCKOUT_H

#include "base/addr.h"
#include "base/clock.h"
#include "base/hash.h"
#include "l2tp/destination.h"

#include <stdbool.h>
#include <sys/queue.h>

#define LOCKOUTS_MAX 1024

enum lockout_state {
	LOCKOUT_LOCKED, /* until its time is over */
	LOCKOUT_WAITING, /* for a test */
	LOCKOUT_TESTING,
	LOCKOUT_STATES
};

struct lockout {
	TAILQ_ENTRY(lockout) next;
	struct hash_node by_name;
	uint64_t id; /* for good, a restart included */
	char vrf[L2TP_VRF_MAX];
	struct addr remote;
	enum lockout_state state;
	msec_t failed_at;
	msec_t until; /* LOCKED */
};

struct lockouts {
	struct hash by_name;
	TAILQ_HEAD(lockout_head, lockout) head; /* the oldest failure first */
	unsigned int n;
	unsigned int time; /* seconds; 0: nothing is ever locked out */
	bool test; /* their time over, they wait for a test */
	/* It is new or has changed; it is given up. */
	void (*kept)(struct lockouts *ls, const struct lockout *l);
	void (*gone)(struct lockouts *ls, const struct lockout *l);
};

const char *lockout_state_name(enum lockout_state s);
/* As l2tp_destination_str. */
const char *lockout_str(const struct lockout *l,
			char out[L2TP_DESTINATION_STRLEN]);

void lockouts_init(struct lockouts *ls, unsigned int time, bool test);
/* Nothing is told. */
void lockouts_free(struct lockouts *ls);
struct lockout *lockout_find(const struct lockouts *ls, const char *vrf,
			     const struct addr *remote);
/* It has failed, perhaps once more: its time begins. id is taken if it is new. NULL:
 * it is not locked out.
 */
struct lockout *lockout_fail(struct lockouts *ls, msec_t now, uint64_t id,
			     const char *vrf, const struct addr *remote);
/* It is available, for whatever reason. */
void lockout_end(struct lockouts *ls, struct lockout *l);
/* When lockouts_run has something to do; MSEC_NEVER: never. */
msec_t lockouts_next(const struct lockouts *ls);
/* Those whose time is over are available, or wait for a test. One that waits now, for
 * whoever tests; NULL: no further one.
 */
struct lockout *lockouts_run(struct lockouts *ls, msec_t now);
void lockout_test_now(struct lockouts *ls, struct lockout *l);
void lockout_test_began(struct lockouts *ls, struct lockout *l);
/* Restart: a copy of it; a test that was under way is to be done again. */
void lockout_restore(struct lockouts *ls, const struct lockout *l);

#endif /* BNG_LOCKOUT_H */
