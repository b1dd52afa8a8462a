/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses and prefixes that came back, for pools to know them after a restart: a
 * ring of records of a few entries each, of which the last one is written anew with
 * each that comes. What is older than the ring is long is forgotten. A part of the
 * box; no I/O.
 */
#ifndef BNG_RETURNED_H
#define BNG_RETURNED_H

#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RETURNED_OF_RECORD 13 /* so that it fits a block of the state file */
#define RETURNED_RECORD_MAX (8 + 16 * RETURNED_OF_RECORD)
/* Records: twice as many entries as there may be sessions. */
#define RETURNED_RECORDS(max_sessions) \
	(2 * (size_t)(max_sessions) / RETURNED_OF_RECORD + 8)

struct returned_entry {
	uint32_t pool; /* returned_pool */
	uint32_t what; /* an IPv4 address, or the number of a prefix */
	uint32_t user; /* who had it: pool_tag */
	uint32_t at; /* when, in seconds of boot time */
};

struct returned_record {
	uint64_t number; /* from 1, in the order of time; 0: none */
	size_t n;
	bool strayed; /* read of another key than is its own */
	struct returned_entry entry[RETURNED_OF_RECORD];
};

struct returned {
	size_t max; /* records; 0: nothing is kept */
	struct returned_record last;
	struct returned_record *read; /* at start-up */
	size_t n_read, size_read;
	/* In place of what was there. */
	void (*keep)(struct returned *r, uint64_t key, const void *data,
		     size_t len);
};

void returned_init(struct returned *r, unsigned int max_sessions);
void returned_free(struct returned *r);

/* What a pool is called in entries: the same over a restart. family: AF_INET, AF_INET6;
 * vrf NULL: in none.
 */
uint32_t returned_pool(int family, const char *name, const char *vrf);
/* Rounded up, so that it rests for as long as it should. */
uint32_t returned_time(msec_t now);

void returned_add(struct returned *r, const struct returned_entry *e);

/* Start-up: a record, in any order, before the first is added. False: it makes no
 * sense, or has another key by now, as the ring has another length: forget it.
 */
bool returned_load(struct returned *r, uint64_t key, const void *data,
		   size_t len);
/* All that were read, the oldest first; they are not needed any more. Those of another
 * key are kept under their own, if the ring reaches back to them.
 */
void returned_each(struct returned *r,
		   void (*fn)(void *ctx, const struct returned_entry *e),
		   void *ctx);

#endif /* BNG_RETURNED_H */
