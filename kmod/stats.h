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

#include "adit/drop.h"

struct adit_stats {
	u64_stats_t rx_packets;
	u64_stats_t rx_bytes;
	u64_stats_t rx_drops;
	u64_stats_t tx_packets;
	u64_stats_t tx_bytes;
	u64_stats_t tx_drops;
	struct u64_stats_sync syncp;
};

struct adit_stats_sum {
	u64 rx_packets, rx_bytes, rx_drops;
	u64 tx_packets, tx_bytes, tx_drops;
};

struct adit_drops {
	u64_stats_t n[ADIT_N_DROPS];
	struct u64_stats_sync syncp;
};

struct adit_stats __percpu *adit_stats_alloc(void);
void adit_stats_rx(struct adit_stats __percpu *s, u32 packets, u32 bytes);
void adit_stats_tx(struct adit_stats __percpu *s, u32 packets, u32 bytes);
void adit_stats_rx_drop(struct adit_stats __percpu *s);
void adit_stats_tx_drop(struct adit_stats __percpu *s);
void adit_stats_sum(const struct adit_stats __percpu *s,
		    struct adit_stats_sum *sum);

struct adit_drops __percpu *adit_drops_alloc(void);
void adit_drops_count(struct adit_drops __percpu *d, enum adit_drop why);
u64 adit_drops_read(const struct adit_drops __percpu *d, enum adit_drop why);

#endif /* ADIT_STATS_H */
