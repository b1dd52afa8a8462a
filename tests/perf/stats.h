/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a run counts: how long each phase took, why things failed, packets. Printed
 * as text or JSON at the end.
 */
#ifndef PERF_STATS_H
#define PERF_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define STATS_REASONS 64
#define STATS_REASON_MAX 96

/* In the order in which they are gone through. */
enum stats_phase {
	STATS_TUNNEL, /* SCCRQ to SCCCN */
	STATS_CALL, /* ICRQ to ICCN */
	STATS_PPP, /* ICCN to an open IPCP */
	STATS_HELLO, /* HELLO to its acknowledgement */
	STATS_PHASES
};

struct stats_series {
	uint32_t *us;
	size_t n, size;
};

struct stats_summary {
	size_t n;
	uint32_t min, median, p99, max; /* microseconds */
};

struct stats_reason {
	char text[STATS_REASON_MAX];
	uint64_t count;
};

struct stats_level {
	uint64_t wanted, up, failed; /* of those that are to come up */
	uint64_t lost; /* were up, and not ended by us */
	uint64_t gone; /* ended by us */
	uint64_t first_us, last_us; /* when the first began, the last came up */
};

#define STATS_PACKETS(X)  \
	X(tx)             \
	X(rx)             \
	X(tx_errors)      \
	X(rx_malformed)   \
	X(rx_strange)     \
	X(rx_duplicates)  \
	X(rx_early)       \
	X(retransmitted)  \
	X(made_lost)      \
	X(made_duplicate) \
	X(made_late)

#define STATS_RADIUS(X)                           \
	X(requests)                               \
	X(accepts)                                \
	X(rejects)                                \
	X(bad_password)                           \
	X(bad_signature)                          \
	X(ignored)                                \
	X(accounting)                             \
	X(starts)                                 \
	X(interims)                               \
	X(stops)                                  \
	X(ons)                                    \
	X(offs)                                   \
	X(sessions) /* with a Start, each once */ \
	X(ended) /* with a Stop, each once */     \
	X(open) /* whose Start came last, not their Stop */

struct stats_radius {
#define X(name) uint64_t name;
	STATS_RADIUS(X)
#undef X
};

struct stats {
	struct stats_series series[STATS_PHASES];
	struct stats_level level[STATS_HELLO]; /* tunnels, calls, PPP */
	struct stats_reason reason[STATS_REASONS];
	size_t n_reasons;
	struct {
#define X(name) uint64_t name;
		STATS_PACKETS(X)
#undef X
	} packets;
	struct stats_radius radius; /* as its server */
	uint64_t began_us;
};

uint64_t stats_now(void); /* microseconds */
void stats_took(struct stats *s, enum stats_phase p, uint64_t us);
/* Something of that phase came up. */
void stats_up(struct stats *s, enum stats_phase p, uint64_t began_us);
/* "tunnel", "StopCCN 4/0 not authorised"; more reasons than there is room for are
 * counted as "other".
 */
void stats_reason(struct stats *s, const char *what, const char *why);
struct stats_summary stats_summarize(struct stats_series *s);
/* How many a second came up; 0: fewer than two did. */
double stats_rate(const struct stats_level *l);
void stats_text(struct stats *s, FILE *f);
void stats_json(struct stats *s, const char *role, FILE *f);
void stats_free(struct stats *s);

#endif /* PERF_STATS_H */
