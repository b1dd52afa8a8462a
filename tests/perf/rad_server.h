/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A RADIUS server for tests and measurements: it answers as its options and its twist
 * say, and keeps the sessions of which it was told (RFC 2865, 2866).
 */
#ifndef PERF_RAD_SERVER_H
#define PERF_RAD_SERVER_H

#include "perf/load.h"

/* Its ports: that of --local and the next one. */
int rad_server_open(struct load *l, char err[NET_ERROR_MAX]);
void rad_server_free(struct load *l);
void rad_server_input(void *load, msec_t now, struct net_sock *from,
		      const struct addr_port *peer, const void *data,
		      size_t len);

#endif /* PERF_RAD_SERVER_H */
