/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which endpoints and ports the daemon has opened in the module, where they outlive it:
 * those that the configuration has no more are closed at the next start. What was made
 * by hand has no record, and stays. Called by main.
 */
#ifndef STATE_OPENED_H
#define STATE_OPENED_H

#include "bng/box.h"
#include "state/file.h"

/* After restore: closes those of before that nobody needs, writes down those of now. */
void opened_begin(struct state_file *sf, struct box *b);
/* One that was opened, or whose device is gone, later. */
void opened_changed(struct state_file *sf, bool port, uint32_t id, bool open);

#endif /* STATE_OPENED_H */
