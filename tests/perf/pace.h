/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When tunnels and calls begin, and when the run is over. */
#ifndef PERF_PACE_H
#define PERF_PACE_H

#include "perf/load.h"

struct pace {
	struct load *load;
	uint64_t last_us;
	double tunnels, calls; /* that may begin now */
	msec_t began, hold_until, end_at;
	bool ending;
};

void pace_init(struct pace *p, struct load *l, msec_t now);
/* Every few milliseconds. False: it is over. */
bool pace_step(struct pace *p, msec_t now);
/* What is up is taken down. */
void pace_end(struct pace *p, msec_t now);
/* All that was to come up did, and nothing was lost. */
bool pace_succeeded(const struct load *l);

#endif /* PERF_PACE_H */
