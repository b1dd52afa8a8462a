/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RADIUS as it is configured: the client with its servers and groups, on connected
 * sockets of the kernel's port, each made when it is first needed.
 */
#ifndef BNG_RADIUS_H
#define BNG_RADIUS_H

#include "aaa/radius_client.h"
#include "conf/conf.h"
#include "kern/kern.h"

struct radius {
	struct radius_client client;
	struct kern *kern;
	uint8_t *sockets; /* of each server: so many are made */
};

/* 0 or -ENOMEM. */
int radius_open(struct radius *r, const struct conf *conf, struct kern *kern,
		struct timers *timers);
void radius_close(struct radius *r);
/* What kern_udp's socket of that id got. */
void radius_input(struct radius *r, msec_t now, uint32_t id, const void *data,
		  size_t len);

#endif /* BNG_RADIUS_H */
