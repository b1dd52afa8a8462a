/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Host names of LNSs, as RADIUS may say instead of an address: looked up once for all
 * who ask, believed for as long as DNS says, within bounds. While DNS has no answer
 * the last one counts. There are LNS_NAMES_MAX of them at most; that which nobody has
 * asked for the longest goes first.
 */
#ifndef BNG_LNS_NAME_H
#define BNG_LNS_NAME_H

#include "base/clock.h"
#include "kern/kern.h"

#include <stdbool.h>
#include <sys/queue.h>

#define LNS_NAMES_MAX 256
#define LNS_NAME_LEN 253
#define LNS_NAME_SHORT \
	SECONDS(5) /* an answer is good for, at least; a failure */
#define LNS_NAME_LONG SECONDS(3600) /* and at most */

/* Who waits for an answer. */
struct lns_waiter {
	TAILQ_ENTRY(lns_waiter) next;
	struct lns_name *of; /* NULL: it does not wait */
	/* There is one. It may end, or wait anew. */
	void (*told)(struct lns_waiter *w, msec_t now);
};

TAILQ_HEAD(lns_waiters, lns_waiter);

struct lns_name {
	TAILQ_ENTRY(lns_name) next;
	char name[LNS_NAME_LEN + 1];
	uint32_t id; /* of the question */
	bool asked; /* it is under way */
	bool failing; /* there was no answer, which is logged once */
	msec_t until; /* the answer is good */
	struct kern_resolved found; /* none: there is no such name, or no DNS */
	struct lns_waiters waiters;
};

struct lns_names {
	struct kern *kern;
	uint32_t first_id, next_id; /* those before are others' */
	unsigned int n;
	TAILQ_HEAD(lns_name_head, lns_name)
	all; /* the last asked for is the last */
};

void lns_names_init(struct lns_names *ns, struct kern *kern, uint32_t first_id);
void lns_names_free(struct lns_names *ns);
/* Could it be one? */
bool lns_name_good(const char *name);
/* One whose answer is good at that time, or which is being asked for; NULL: it cannot be. */
struct lns_name *lns_name_get(struct lns_names *ns, const char *name,
			      msec_t at);
/* As it is, whatever is known; NULL: it is not there. */
const struct lns_name *lns_name_find(const struct lns_names *ns,
				     const char *name);
void lns_name_wait(struct lns_name *n, struct lns_waiter *w);
void lns_waiter_stop(struct lns_waiter *w);
/* What kern_resolve told of that id. */
void lns_name_resolved(struct lns_names *ns, msec_t now, uint32_t id,
		       const struct kern_resolved *found);

#endif /* BNG_LNS_NAME_H */
