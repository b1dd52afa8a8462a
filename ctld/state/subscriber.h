/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Subscribers from their records, or the end of those that cannot be kept. */
#ifndef STATE_SUBSCRIBER_H
#define STATE_SUBSCRIBER_H

#include "state/run.h"

/* ctx is a struct restore_run, whose tunnels and sessions are there; for state_each. */
void run_subscriber(void *ctx, uint64_t key, const void *data, size_t len);

#endif /* STATE_SUBSCRIBER_H */
