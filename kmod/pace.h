/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pacing of a link's way out: each packet gets its earliest departure time, from
 * the link's rate, and the qdisc fq of the device keeps it until then. No queue and
 * no timer of ours, no lock that links share.
 */
#ifndef ADIT_PACE_H
#define ADIT_PACE_H

#include <linux/skbuff.h>
#include <linux/spinlock.h>

#include "adit/meter.h"

struct adit_pace_conf {
	u64 rate; /* bit/s; 0: no pacing */
	u32 horizon; /* ms from now, beyond which nothing is sent */
};

struct adit_pace_sums {
	u64 packets, bytes; /* given a time, and not refused since */
	u64 drop_packets, drop_bytes; /* beyond the horizon */
};

/* A packet's: what gives it back. */
struct adit_turn {
	struct meter_line before, after;
	u32 packets, bytes; /* 0: it has none */
};

struct adit_pace {
	spinlock_t lock; /* of all below; innermost */
	u32 hash; /* a flow of its own in fq; constant */
	struct adit_pace_conf conf;
	struct meter_line line;
	struct adit_pace_sums sums;
} ____cacheline_aligned_in_smp;

void adit_pace_init(struct adit_pace *p);
/* The line stays taken as long as it was; counters go on, but for a rate of 0, which
 * ends it. Context: process.
 */
void adit_pace_set(struct adit_pace *p, const struct adit_pace_conf *conf);
/* One moment's state. False: there is none. Context: process. */
bool adit_pace_read(struct adit_pace *p, struct adit_pace_conf *conf,
		    struct adit_pace_sums *sums);

/* True: this super-packet would take the line for long; its packets go one by one.
 * Context: BH off.
 */
bool adit_pace_splits(struct adit_pace *p, const struct sk_buff *skb);
/* False: beyond the horizon; it is the caller's in any case. Context: BH off. */
bool adit_pace(struct adit_pace *p, struct sk_buff *skb,
	       struct adit_turn *turn);
/* It did not leave: its time is the next one's. Context: BH off. */
void adit_pace_return(struct adit_pace *p, const struct adit_turn *turn);

#endif /* ADIT_PACE_H */
