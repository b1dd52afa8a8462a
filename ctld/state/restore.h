/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Start-up after an end that may have come at any instruction: the kernel's
 * objects and the restart memory's records are brought together. What matches
 * lives on, unaware; what does not is closed cleanly and logged.
 */
#ifndef STATE_RESTORE_H
#define STATE_RESTORE_H

#include "state/run.h"

/* Which RADIUS servers are dead, before any is asked. */
void restore_servers(struct box *b, struct state_file *sf, msec_t now);
/* The box is open and empty. 0, or -1 with a line in err. */
int restore(struct box *b, struct state_file *sf, msec_t now,
	    struct restore_result *result, char err[STATE_ERROR_MAX]);

#endif /* STATE_RESTORE_H */
