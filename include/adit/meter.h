/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The arithmetic of rates, for kernel and user space: token buckets of one rate or
 * two (RFC 2698, colour-blind), and when a packet of a paced line is to leave. All
 * of it in whole numbers and exact: nothing is rounded, so nothing drifts, from
 * 1 kbit/s to METER_RATE_MAX; time is in nanoseconds and may wrap.
 *
 * A token is what a line of 1 bit/s carries in a nanosecond: a bucket of r bit/s
 * gains r of them in each, a byte costs METER_BYTE. A burst of METER_BURST_MAX is
 * then under a quarter of what 64 bits hold, and its half below zero as well.
 *
 * A packet wants its whole cost in the bucket, or a full bucket: one that is bigger
 * than the burst (a super-packet) takes the bucket into debt. What is urgent may
 * take it one burst into debt: a link's control frames pass when its data has used
 * up everything, and a flood of them has the same rate.
 */
#ifndef ADIT_METER_H
#define ADIT_METER_H

#ifdef __KERNEL__
#include <linux/math64.h>
#include <linux/types.h>
#else
#include <linux/types.h>
#define div64_u64(a, b) ((a) / (b))
#endif

#define METER_BYTE 8000000000ULL
#define METER_RATE_MIN 1000ULL /* bit/s */
#define METER_RATE_MAX 1000000000000ULL
#define METER_BURST_MAX 536870912U /* bytes, 2^29 */
#define METER_BYTES_MAX 16777216U /* of one packet; more costs no more */

struct meter_bucket {
	__u64 rate; /* bit/s */
	__s64 burst; /* tokens, as is the next */
	__s64 tokens;
	__u64 fill; /* ns that fill the emptiest */
};

struct meter {
	struct meter_bucket committed;
	struct meter_bucket peak; /* rate 0: one rate only */
	__u64 last; /* ns, when they were filled */
};

enum meter_colour { METER_GREEN, METER_YELLOW, METER_RED, METER_N_COLOURS };

/* A line that sends one packet after the other. */
struct meter_line {
	__u64 rate; /* bit/s */
	__u64 next; /* ns, when the next one may leave */
	__u64 rest; /* and this many tokens later */
};

static inline __s64 meter_cost(__u32 bytes)
{
	if (bytes > METER_BYTES_MAX)
		bytes = METER_BYTES_MAX;
	return (__s64)(bytes * METER_BYTE);
}

/* Full. rate and burst are within the limits above. */
static inline void meter_bucket_set(struct meter_bucket *b, __u64 rate,
				    __u32 burst)
{
	b->rate = rate;
	b->burst = (__s64)(burst * METER_BYTE);
	b->tokens = b->burst;
	b->fill = div64_u64(2 * (__u64)b->burst +
				    (__u64)meter_cost(METER_BYTES_MAX),
			    rate) +
		  1;
}

/* Less than fill, so the product is less than what is missing at most. */
static inline void meter_bucket_fill(struct meter_bucket *b, __u64 ns)
{
	__s64 room = b->burst - b->tokens;

	if (ns >= b->fill || (__s64)(b->rate * ns) >= room)
		b->tokens = b->burst;
	else
		b->tokens += (__s64)(b->rate * ns);
}

static inline int meter_bucket_has(const struct meter_bucket *b, __s64 cost,
				   int urgent)
{
	__s64 have = b->tokens + (urgent ? b->burst : 0);

	return have >= (cost < b->burst ? cost : b->burst);
}

static inline enum meter_colour meter_colour(struct meter *m, __u64 now,
					     __u32 bytes, int urgent)
{
	__s64 ns = (__s64)(now - m->last), cost = meter_cost(bytes);
	int two = m->peak.rate != 0;

	/* Another CPU's clock may have been read later and come first. */
	if (ns > 0) {
		meter_bucket_fill(&m->committed, (__u64)ns);
		if (two)
			meter_bucket_fill(&m->peak, (__u64)ns);
		m->last = now;
	}
	if (two && !meter_bucket_has(&m->peak, cost, urgent))
		return METER_RED;
	if (two)
		m->peak.tokens -= cost;
	if (!meter_bucket_has(&m->committed, cost, urgent && !two))
		return two ? METER_YELLOW : METER_RED;
	m->committed.tokens -= cost;
	return METER_GREEN;
}

/* 1: it leaves at *when, and the line is taken until after it. 0: that would be
 * more than horizon ns from now; nothing is changed.
 */
static inline int meter_depart(struct meter_line *l, __u64 now, __u32 bytes,
			       __u64 horizon, __u64 *when)
{
	__u64 tokens, ns;

	if ((__s64)(l->next - now) < 0) {
		l->next = now;
		l->rest = 0;
	}
	if (l->next - now > horizon)
		return 0;
	*when = l->next;
	tokens = (__u64)meter_cost(bytes) + l->rest;
	ns = div64_u64(tokens, l->rate);
	l->next += ns;
	l->rest = tokens - ns * l->rate;
	return 1;
}

/* 1: the line is as it was before the departure that left it as `after`. 0: others
 * have departed since; nothing is changed.
 */
static inline int meter_take_back(struct meter_line *l,
				  const struct meter_line *before,
				  const struct meter_line *after)
{
	if (l->next != after->next || l->rest != after->rest ||
	    l->rate != after->rate)
		return 0;
	*l = *before;
	return 1;
}

#endif /* ADIT_METER_H */
