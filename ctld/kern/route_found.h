/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What rtnetlink finds at start-up: the VRFs of the namespace, and routes and devices
 * that a daemon before this one has made and nobody wants any more. It waits.
 */
#ifndef KERN_ROUTE_FOUND_H
#define KERN_ROUTE_FOUND_H

#include "kern/kern.h"
#include "kern/route.h"

/* Each VRF device. 0 or -errno. */
int route_vrfs(void (*fn)(void *ctx, const char *name, uint32_t ifindex,
			  uint32_t table),
	       void *ctx, char err[ROUTE_ERROR_MAX]);
/* Removes each route of our protocol that `keep` does not want. How many, or
 * -errno.
 */
int route_sweep(bool (*keep)(void *ctx, const struct kern_route *r), void *ctx,
		char err[ROUTE_ERROR_MAX]);
/* Each device of kind "adit". 0 or -errno. */
int route_devices(void (*fn)(void *ctx, const char *name, uint32_t ifindex),
		  void *ctx, char err[ROUTE_ERROR_MAX]);

#endif /* KERN_ROUTE_FOUND_H */
