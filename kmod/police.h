/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A policer of a link, of one direction: what its rates allow passes, as green or
 * yellow, and is marked as that; what is red is dropped.
 */
#ifndef ADIT_POLICE_H
#define ADIT_POLICE_H

#include <linux/skbuff.h>
#include <linux/spinlock.h>

#include "adit/meter.h"

#define ADIT_DSCP_KEEP 64 /* no DSCP: left as it is */

/* What becomes of a packet of one colour. */
struct adit_police_mark {
	u8 dscp;
	bool has_mark;
	u32 mark;
};

/* peak 0: one rate, and nothing is yellow. */
struct adit_police_conf {
	u64 rate, peak; /* bit/s; rate 0: no policer */
	u32 burst, peak_burst; /* bytes */
	struct adit_police_mark marks[METER_RED]; /* green, yellow */
};

struct adit_police_sum {
	u64 packets, bytes;
};

struct adit_police {
	spinlock_t lock; /* of all below; innermost */
	struct adit_police_conf conf;
	struct meter meter;
	struct adit_police_sum sums[METER_N_COLOURS];
} ____cacheline_aligned_in_smp;

void adit_police_init(struct adit_police *p);
/* Replaces it as a whole, buckets full; counters go on, but for a rate of 0, which
 * ends it. Context: process.
 */
void adit_police_set(struct adit_police *p,
		     const struct adit_police_conf *conf);
/* One moment's state. False: there is none. Context: process. */
bool adit_police_read(struct adit_police *p, struct adit_police_conf *conf,
		      struct adit_police_sum sums[METER_N_COLOURS]);

/* 0: a PPP frame, data at the two-byte protocol, may pass. 1: it is red; -ENOMEM:
 * it could not be written to. It is the caller's in any case. Context: BH off.
 */
int adit_police(struct adit_police *p, struct sk_buff *skb);

#endif /* ADIT_POLICE_H */
