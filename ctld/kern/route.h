/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices of subscribers and our addresses on them (rtnetlink). All of it is start-up
 * and waits for the answer, but for route_ifindex, which has nothing to wait for.
 */
#ifndef KERN_ROUTE_H
#define KERN_ROUTE_H

#include "kern/kern.h"

#include <stdbool.h>
#include <stdint.h>

#define ROUTE_ERROR_MAX 160

/* Makes the multipoint device (rtnl kind "adit") unless it is there, puts it into
 * that VRF (0: into none), sets it up. 0, or -errno and a line in err.
 */
int route_device(const char *name, uint32_t master, uint32_t *ifindex,
		 char err[ROUTE_ERROR_MAX]);
/* Our address on it, as a host address. One that is there already: 0. */
int route_address(uint32_t ifindex, const struct addr *local,
		  char err[ROUTE_ERROR_MAX]);
/* No device has that index. */
bool route_index_is_free(uint32_t ifindex);
/* 0 and the index; -ENODEV. */
int route_ifindex(const char *name, uint32_t *ifindex);
/* Does the kernel forward IPv6? */
bool route_forwards6(void);
/* The device's MTU; 0: unknown. */
uint32_t route_mtu(const char *name);

#endif /* KERN_ROUTE_H */
