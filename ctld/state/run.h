/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One start-up, as state/restore and state/subscriber go through it. */
#ifndef STATE_RUN_H
#define STATE_RUN_H

#include "base/log.h"
#include "state/found.h"
#include "state/lost.h"

struct restore_result {
	unsigned int tunnels, sessions, subscribers; /* kept */
	unsigned int closed; /* kernel objects and records that were not */
};

struct restore_run {
	struct box *box;
	struct state_file *sf;
	msec_t now;
	struct restore_result *result;
	struct found_all found;
	struct lost lost;
};

static inline void run_closed(struct restore_run *run, const char *what,
			      const char *why)
{
	log_warn("restart: %s closed: %s", what, why);
	run->result->closed++;
}

#endif /* STATE_RUN_H */
