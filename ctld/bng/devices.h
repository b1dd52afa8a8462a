/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What needs a device of the system: access ports, and endpoints in a VRF. Opened at
 * start-up; one whose device is missing is opened when that is there, a port also when
 * it goes away and comes again, with another index then. Owned by the box.
 */
#ifndef BNG_DEVICES_H
#define BNG_DEVICES_H

#include "base/timer.h"
#include "conf/conf.h"
#include "kern/kern.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct box_endpoint {
	const struct conf_endpoint *conf;
	uint32_t id; /* 0: its VRF is missing */
};

struct box_port {
	const struct conf_port *conf;
	uint32_t ifindex; /* 0: the device is missing */
	uint32_t was; /* its last one, if that is gone; 0: none */
	uint32_t mtu; /* as it was when it was opened */
	bool told; /* why it cannot be opened */
};

struct devices {
	struct kern *kern;
	struct timers *timers;
	struct box_endpoint *endpoints;
	size_t n_endpoints;
	struct box_port *ports;
	size_t n_ports;
	struct timer again; /* while one is missing */
	/* After devices_open: an endpoint, by its id, or a port, by its index, was
	 * opened, or is gone.
	 */
	void (*changed)(struct devices *d, bool port, uint32_t id, bool open);
};

/* 0, or -1 with a line in err: one cannot be opened, or all are missing. */
int devices_open(struct devices *d, const struct conf *conf, struct kern *kern,
		 struct timers *timers, char err[CONF_ERROR_MAX]);
void devices_close(struct devices *d);

const struct box_endpoint *devices_endpoint(const struct devices *d,
					    const struct conf_endpoint *e);
/* Of one that is gone as well, as long as no other has the index. */
const struct box_port *devices_port(const struct devices *d, uint32_t ifindex);

/* The kernel has ended a port. True: because its device is gone; it will be opened
 * again. False: by the operator.
 */
bool devices_port_gone(struct devices *d, msec_t now, uint32_t ifindex);
/* The same of all, when nobody knows which. */
void devices_look(struct devices *d, msec_t now);

#endif /* BNG_DEVICES_H */
