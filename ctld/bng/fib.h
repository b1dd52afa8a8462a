/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Routes that we have made: of pools and of subscribers. A prefix of a table is one
 * owner's. What a daemon before this one has left, and nobody has claimed since, is
 * removed.
 */
#ifndef BNG_FIB_H
#define BNG_FIB_H

#include "base/hash.h"
#include "kern/kern.h"

#include <stdbool.h>
#include <sys/queue.h>

struct fib {
	struct kern *kern;
	struct hash routes;
	struct hash
		before; /* start-up: what the kernel has, and nobody claimed yet */
	bool refused; /* it has not got all that it was asked for */
};

/* All routes of one owner. */
LIST_HEAD(fib_list, fib_route);

void fib_init(struct fib *f, struct kern *k);
/* The kernel's routes stay. */
void fib_free(struct fib *f);
/* Start-up: what the kernel has of ours by then. Who claims one finds it there: it is
 * not made again.
 */
void fib_open(struct fib *f);
void fib_had(struct fib *f, const struct kern_route *r);
/* It is one of ours, as it is. */
bool fib_wants(const struct fib *f, const struct kern_route *r);
/* The kernel has not taken that one: another's is in its place, or its device is down. */
void fib_refused(struct fib *f, const struct kern_route *r);
/* Now and then: it is asked once more for what it has refused. */
void fib_again(struct fib *f);
/* The owner of `list` has these, and no others. How many of them are another's. */
unsigned int fib_set(struct fib *f, struct fib_list *list,
		     const struct kern_route *want, size_t n);
/* A prefix of that table is another owner's. */
bool fib_taken(const struct fib *f, const struct fib_list *list, uint32_t table,
	       const struct kern_prefix *to);
/* One of the list leads there, to that device. */
bool fib_covers(const struct fib_list *list, const struct kern_route *r);
/* Frees a list; with the routes themselves, or not. */
void fib_drop(struct fib *f, struct fib_list *list, bool remove);
/* Start-up: what is in the kernel and in no list is removed. */
void fib_sweep(struct fib *f);

#endif /* BNG_FIB_H */
