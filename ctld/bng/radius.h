/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RADIUS as it is configured: the client with its servers and groups, on connected
 * sockets of the kernel's port, each made when it is first needed. One that cannot be
 * made (no such device, no such address) is tried again with the next request.
 */
#ifndef BNG_RADIUS_H
#define BNG_RADIUS_H

#include "aaa/radius_client.h"
#include "aaa/spool.h"
#include "conf/conf.h"
#include "kern/kern.h"

struct radius_host;

struct radius {
	struct radius_client client;
	struct radius_client acct; /* the same servers, at another port */
	struct radius_server_conf *acct_conf;
	struct spool spool; /* what goes through it */
	struct kern *kern;
	struct timers *timers;
	/* Of each server, then of each at its other port: */
	struct radius_sockets *sockets;
	struct radius_host *hosts; /* of each server; bng/radius_host's */
};

/* 0 or -ENOMEM. */
int radius_open(struct radius *r, const struct conf *conf, struct kern *kern,
		struct timers *timers);
void radius_close(struct radius *r);
/* What kern_udp's socket of that id got. */
void radius_input(struct radius *r, msec_t now, uint32_t id, const void *data,
		  size_t len);

/* Both uses of a server that is found at that address now. */
void radius_moved(struct radius *r, unsigned int server, const struct addr *to,
		  msec_t now);

#endif /* BNG_RADIUS_H */
