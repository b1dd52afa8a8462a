/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Per-CPU counters: of links and tunnels, and one for each reason to drop. Written
 * with bottom halves off, read by summing over all CPUs.
 */
#ifndef ADIT_STATS_H
#define ADIT_STATS_H

#include <linux/percpu.h>
#include <linux/types.h>
#include <linux/u64_stats_sync.h>

#include <linux/adit.h>

#include "adit/drop.h"

struct adit_stats {
	u64_stats_t rx_packets;
	u64_stats_t rx_bytes;
	u64_stats_t rx_drops;
	u64_stats_t tx_packets;
	u64_stats_t tx_bytes;
	u64_stats_t tx_drops;
	u64_stats_t rx_control;
	u64_stats_t tx_control;
	struct u64_stats_sync syncp;
} __aligned(64); /* one cache line, and no more of one than of the next CPU */

/* What a frame counts for. */
struct adit_weight {
	u32 packets; /* segments of a super-packet */
	u32 bytes; /* of PPP frames, from their protocol */
	bool control;
};

struct adit_stats_sum {
	u64 rx_packets, rx_bytes, rx_drops;
	u64 tx_packets, tx_bytes, tx_drops;
	u64 rx_control,
		tx_control; /* PPP's own frames, which are none of the above */
};

struct adit_drops {
	u64_stats_t n[ADIT_N_DROPS];
	struct u64_stats_sync syncp;
};

/* Reassembly: what is not dropped. */
struct adit_frag_stats {
	u64_stats_t taken; /* fragments */
	u64_stats_t joined; /* fragments */
	u64_stats_t datagrams;
	struct u64_stats_sync syncp;
};

struct adit_frag_sum {
	u64 taken, joined, datagrams;
};

struct adit_punt_stats {
	u64_stats_t n[__ADIT_PUNT_MAX][__ADIT_PUNT_STAT_MAX];
	struct u64_stats_sync syncp;
};

struct adit_stats __percpu *adit_stats_alloc(void);
void adit_stats_rx_drop(struct adit_stats __percpu *s, u32 packets);
void adit_stats_tx_drop(struct adit_stats __percpu *s, u32 packets);
void adit_stats_sum(const struct adit_stats __percpu *s,
		    struct adit_stats_sum *sum);

/* Of each packet, twice: a call would cost more than what is done. */
static inline void adit_stats_rx(struct adit_stats __percpu *stats,
				 const struct adit_weight *w)
{
	struct adit_stats *s = this_cpu_ptr(stats);

	u64_stats_update_begin(&s->syncp);
	if (unlikely(w->control)) {
		u64_stats_inc(&s->rx_control);
	} else {
		u64_stats_add(&s->rx_packets, w->packets);
		u64_stats_add(&s->rx_bytes, w->bytes);
	}
	u64_stats_update_end(&s->syncp);
}

static inline void adit_stats_tx(struct adit_stats __percpu *stats,
				 const struct adit_weight *w)
{
	struct adit_stats *s = this_cpu_ptr(stats);

	u64_stats_update_begin(&s->syncp);
	if (unlikely(w->control)) {
		u64_stats_inc(&s->tx_control);
	} else {
		u64_stats_add(&s->tx_packets, w->packets);
		u64_stats_add(&s->tx_bytes, w->bytes);
	}
	u64_stats_update_end(&s->syncp);
}

struct adit_drops __percpu *adit_drops_alloc(void);
void adit_drops_count(struct adit_drops __percpu *d, enum adit_drop why,
		      u32 packets);
u64 adit_drops_read(const struct adit_drops __percpu *d, enum adit_drop why);

struct adit_frag_stats __percpu *adit_frag_stats_alloc(void);
void adit_frag_stats_taken(struct adit_frag_stats __percpu *f);
/* A datagram of that many fragments is whole. */
void adit_frag_stats_whole(struct adit_frag_stats __percpu *f, u32 joined);
void adit_frag_stats_sum(const struct adit_frag_stats __percpu *f,
			 struct adit_frag_sum *sum);

struct adit_punt_stats __percpu *adit_punt_stats_alloc(void);
void adit_punt_stats_count(struct adit_punt_stats __percpu *p, int class,
			   enum adit_punt_stat what);
u64 adit_punt_stats_read(const struct adit_punt_stats __percpu *p, int class,
			 enum adit_punt_stat what);

#endif /* ADIT_STATS_H */
