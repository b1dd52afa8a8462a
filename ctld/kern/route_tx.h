/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Routes and devices at run time: rtnetlink messages that are queued, sent in
 * batches and not waited for. What the kernel refuses is counted and logged; nothing
 * of it ends a subscriber. Used by kern/module.
 */
#ifndef KERN_ROUTE_TX_H
#define KERN_ROUTE_TX_H

#include "kern/kern.h"

#include <ev.h>

#define ROUTE_TX_RING 1024u

/* What a request was about, for the line that says it was refused. */
struct route_sent {
	uint32_t seq;
	uint16_t type; /* RTM_* */
	struct kern_route of; /* of an address or a device: where */
};

struct route_tx {
	struct kern *kern;
	int fd;
	ev_io io;
	ev_timer again;
	uint8_t *out;
	size_t out_end, out_size;
	uint32_t seq;
	struct route_sent ring[ROUTE_TX_RING];
};

/* 0 or -errno. */
int route_tx_open(struct route_tx *r, struct kern *k);
void route_tx_close(struct route_tx *r);

void route_tx_route(struct route_tx *r, const struct kern_route *route,
		    bool add);
/* Is there when it returns, but for a refusal. */
void route_tx_device_new(struct route_tx *r, const struct kern_device *d);
void route_tx_device_del(struct route_tx *r, uint32_t ifindex);
void route_tx_flush(struct route_tx *r);

#endif /* KERN_ROUTE_TX_H */
