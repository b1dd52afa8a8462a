/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices, addresses and routes of subscribers (rtnetlink through libnl-route-3).
 * Routes carry our own rtm_protocol, so that a routing daemon can pick them and
 * leftovers can be told. All of it is start-up and waits for the answer.
 */
#ifndef KERN_ROUTE_H
#define KERN_ROUTE_H

#include "base/addr.h"

#include <stdint.h>

#define ROUTE_PROTOCOL_ADIT 184
#define ROUTE_ERROR_MAX 160

/* Makes the multipoint device (rtnl kind "adit") unless it is there, sets it up.
 * 0, or -errno and a line in err.
 */
int route_device(const char *name, uint32_t *ifindex,
		 char err[ROUTE_ERROR_MAX]);
/* Our address on it, as a host address. One that is there already: 0. */
int route_address(uint32_t ifindex, const struct addr *local,
		  char err[ROUTE_ERROR_MAX]);
/* A prefix towards the device; replaces one of ours. */
int route_prefix(uint32_t ifindex, const struct addr *net, uint8_t prefix_len,
		 char err[ROUTE_ERROR_MAX]);
/* 0 and the index; -ENODEV. */
int route_ifindex(const char *name, uint32_t *ifindex);

#endif /* KERN_ROUTE_H */
