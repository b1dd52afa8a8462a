/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pool of IPv6 prefixes of one length to lend, or, with length 128, of addresses.
 * They go out in turn. One that comes back rests for a while, and whoever had it gets
 * it again if nobody else has it by then. What is not in use costs next to nothing,
 * however large the pool. Time is an argument.
 */
#ifndef POOL_PREFIX_H
#define POOL_PREFIX_H

#include "base/addr.h"
#include "base/clock.h"
#include "pool/stats.h"

/* Of a larger pool the first so many are lent. */
#define PREFIX_POOL_MAX (1u << 24)

struct prefix_pool;

/* All of `length` in net/net_len; NULL: length < net_len or > 128, or no memory.
 * quarantine: how long one rests; 0: it does not. sticky: users get their last one
 * again.
 */
struct prefix_pool *prefix_pool_new(const char *name, const struct addr *net,
				    uint8_t net_len, uint8_t length,
				    msec_t quarantine, bool sticky);
void prefix_pool_free(struct prefix_pool *p);

/* One for the user of that tag (pool_tag); tag 0: of whom nobody remembers. false:
 * exhausted.
 */
bool prefix_pool_alloc(struct prefix_pool *p, uint32_t tag, msec_t now,
		       struct addr *out);
/* A refusal just now was the first since the pool had plenty: worth a line. */
bool prefix_pool_ran_dry(struct prefix_pool *p);
/* Lends this one, even one that rests: 0, -EEXIST: it is lent or reserved, -ERANGE:
 * not of ours.
 */
int prefix_pool_take(struct prefix_pool *p, const struct addr *a);
/* Gives it back; it rests from then on. What was never lent is left alone. */
void prefix_pool_release(struct prefix_pool *p, const struct addr *a,
			 uint32_t tag, msec_t now);
/* net/len is somebody's for good, though it may be of another length: nothing that meets
 * it is lent meanwhile. What lies in one and the same of ours may be held several
 * times. What rests may be held, and rests for the remainder when it is let go; what is
 * reserved stays so. 0, also where nothing of ours meets it; -EEXIST: that is lent.
 */
int prefix_pool_hold(struct prefix_pool *p, const struct addr *net,
		     uint8_t len);
void prefix_pool_let_go(struct prefix_pool *p, const struct addr *net,
			uint8_t len);
/* What it is in the pool, for prefix_pool_recall; of one that is not: the pool's
 * size in all.
 */
uint32_t prefix_pool_number(const struct prefix_pool *p, const struct addr *a);
/* Restart: it was given back at that time. Oldest first, and before any is taken or
 * released: what is lent now is taken after that.
 */
void prefix_pool_recall(struct prefix_pool *p, uint32_t number, uint32_t tag,
			msec_t at, msec_t now);
/* Never lends the one that this address lies in; -EEXIST if it is lent now. */
int prefix_pool_reserve(struct prefix_pool *p, const struct addr *a);

const char *prefix_pool_name(const struct prefix_pool *p);
uint8_t prefix_pool_length(const struct prefix_pool *p);
/* A lendable prefix, as it is written: no bits behind its length. */
bool prefix_pool_has(const struct prefix_pool *p, const struct addr *a);
void prefix_pool_stats(struct prefix_pool *p, msec_t now,
		       struct pool_stats *out);
/* All that can be lent, what is lent of it, and what rests. */
uint32_t prefix_pool_size(const struct prefix_pool *p);
uint32_t prefix_pool_used(const struct prefix_pool *p);
uint32_t prefix_pool_resting(struct prefix_pool *p, msec_t now);

#endif /* POOL_PREFIX_H */
