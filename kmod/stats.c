// SPDX-License-Identifier: GPL-2.0
/*
 * Counters, see stats.h. Context of the writers: bottom halves off.
 */
#include "stats.h"

struct adit_stats __percpu *adit_stats_alloc(void)
{
	struct adit_stats __percpu *s =
		alloc_percpu_gfp(struct adit_stats, GFP_KERNEL_ACCOUNT);
	int cpu;

	if (!s)
		return NULL;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(s, cpu)->syncp);
	return s;
}

void adit_stats_rx_drop(struct adit_stats __percpu *stats, u32 packets)
{
	struct adit_stats *s = this_cpu_ptr(stats);

	u64_stats_update_begin(&s->syncp);
	u64_stats_add(&s->rx_drops, packets);
	u64_stats_update_end(&s->syncp);
}

void adit_stats_tx_drop(struct adit_stats __percpu *stats, u32 packets)
{
	struct adit_stats *s = this_cpu_ptr(stats);

	u64_stats_update_begin(&s->syncp);
	u64_stats_add(&s->tx_drops, packets);
	u64_stats_update_end(&s->syncp);
}

void adit_stats_sum(const struct adit_stats __percpu *stats,
		    struct adit_stats_sum *sum)
{
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		const struct adit_stats *s = per_cpu_ptr(stats, cpu);
		struct adit_stats_sum one;
		unsigned int start;

		do {
			start = u64_stats_fetch_begin(&s->syncp);
			one.rx_packets = u64_stats_read(&s->rx_packets);
			one.rx_bytes = u64_stats_read(&s->rx_bytes);
			one.rx_drops = u64_stats_read(&s->rx_drops);
			one.tx_packets = u64_stats_read(&s->tx_packets);
			one.tx_bytes = u64_stats_read(&s->tx_bytes);
			one.tx_drops = u64_stats_read(&s->tx_drops);
			one.rx_control = u64_stats_read(&s->rx_control);
			one.tx_control = u64_stats_read(&s->tx_control);
		} while (u64_stats_fetch_retry(&s->syncp, start));
		sum->rx_packets += one.rx_packets;
		sum->rx_bytes += one.rx_bytes;
		sum->rx_drops += one.rx_drops;
		sum->tx_packets += one.tx_packets;
		sum->tx_bytes += one.tx_bytes;
		sum->tx_drops += one.tx_drops;
		sum->rx_control += one.rx_control;
		sum->tx_control += one.tx_control;
	}
}

struct adit_drops __percpu *adit_drops_alloc(void)
{
	struct adit_drops __percpu *d =
		alloc_percpu_gfp(struct adit_drops, GFP_KERNEL_ACCOUNT);
	int cpu;

	if (!d)
		return NULL;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(d, cpu)->syncp);
	return d;
}

void adit_drops_count(struct adit_drops __percpu *drops, enum adit_drop why,
		      u32 packets)
{
	struct adit_drops *d = this_cpu_ptr(drops);

	u64_stats_update_begin(&d->syncp);
	u64_stats_add(&d->n[why], packets);
	u64_stats_update_end(&d->syncp);
}

u64 adit_drops_read(const struct adit_drops __percpu *drops, enum adit_drop why)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct adit_drops *d = per_cpu_ptr(drops, cpu);
		unsigned int start;
		u64 n;

		do {
			start = u64_stats_fetch_begin(&d->syncp);
			n = u64_stats_read(&d->n[why]);
		} while (u64_stats_fetch_retry(&d->syncp, start));
		sum += n;
	}
	return sum;
}

struct adit_frag_stats __percpu *adit_frag_stats_alloc(void)
{
	struct adit_frag_stats __percpu *f =
		alloc_percpu_gfp(struct adit_frag_stats, GFP_KERNEL_ACCOUNT);
	int cpu;

	if (!f)
		return NULL;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(f, cpu)->syncp);
	return f;
}

void adit_frag_stats_taken(struct adit_frag_stats __percpu *stats)
{
	struct adit_frag_stats *f = this_cpu_ptr(stats);

	u64_stats_update_begin(&f->syncp);
	u64_stats_inc(&f->taken);
	u64_stats_update_end(&f->syncp);
}

void adit_frag_stats_whole(struct adit_frag_stats __percpu *stats, u32 joined)
{
	struct adit_frag_stats *f = this_cpu_ptr(stats);

	u64_stats_update_begin(&f->syncp);
	u64_stats_add(&f->joined, joined);
	u64_stats_inc(&f->datagrams);
	u64_stats_update_end(&f->syncp);
}

void adit_frag_stats_sum(const struct adit_frag_stats __percpu *stats,
			 struct adit_frag_sum *sum)
{
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		const struct adit_frag_stats *f = per_cpu_ptr(stats, cpu);
		struct adit_frag_sum one;
		unsigned int start;

		do {
			start = u64_stats_fetch_begin(&f->syncp);
			one.taken = u64_stats_read(&f->taken);
			one.joined = u64_stats_read(&f->joined);
			one.datagrams = u64_stats_read(&f->datagrams);
		} while (u64_stats_fetch_retry(&f->syncp, start));
		sum->taken += one.taken;
		sum->joined += one.joined;
		sum->datagrams += one.datagrams;
	}
}

struct adit_punt_stats __percpu *adit_punt_stats_alloc(void)
{
	struct adit_punt_stats __percpu *p =
		alloc_percpu_gfp(struct adit_punt_stats, GFP_KERNEL_ACCOUNT);
	int cpu;

	if (!p)
		return NULL;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(p, cpu)->syncp);
	return p;
}

void adit_punt_stats_count(struct adit_punt_stats __percpu *stats, int class,
			   enum adit_punt_stat what)
{
	struct adit_punt_stats *p = this_cpu_ptr(stats);

	u64_stats_update_begin(&p->syncp);
	u64_stats_inc(&p->n[class][what]);
	u64_stats_update_end(&p->syncp);
}

u64 adit_punt_stats_read(const struct adit_punt_stats __percpu *stats,
			 int class, enum adit_punt_stat what)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct adit_punt_stats *p = per_cpu_ptr(stats, cpu);
		unsigned int start;
		u64 n;

		do {
			start = u64_stats_fetch_begin(&p->syncp);
			n = u64_stats_read(&p->n[class][what]);
		} while (u64_stats_fetch_retry(&p->syncp, start));
		sum += n;
	}
	return sum;
}
