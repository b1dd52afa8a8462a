/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests of start-up to the module: they wait for the answer. Each gives 0, or
 * -errno and a line in err.
 */
#ifndef KERN_ASK_H
#define KERN_ASK_H

#include "kern/kern.h"

/* A blocking socket and the module's family. */
struct ask {
	int fd;
	uint16_t family;
};

/* Punts of this class (enum adit_punt) go to this socket. */
int ask_listen(struct ask a, uint32_t class, char err[KERN_ERROR_MAX]);
/* *instance 0: none yet. */
int ask_instance(struct ask a, uint64_t *instance, char err[KERN_ERROR_MAX]);
int ask_endpoint(struct ask a, const struct addr_port *local, uint32_t vrf,
		 uint32_t *id, char err[KERN_ERROR_MAX]);
int ask_port(struct ask a, uint32_t ifindex, char err[KERN_ERROR_MAX]);
int ask_endpoint_del(struct ask a, uint32_t id, char err[KERN_ERROR_MAX]);
int ask_port_del(struct ask a, uint32_t ifindex, char err[KERN_ERROR_MAX]);
int ask_limits(struct ask a, const struct kern_limits *limits,
	       char err[KERN_ERROR_MAX]);
int ask_peers(struct ask a, const struct kern_prefix *p, size_t n,
	      char err[KERN_ERROR_MAX]);
int ask_dump(struct ask a, const struct kern_found *f,
	     char err[KERN_ERROR_MAX]);

#endif /* KERN_ASK_H */
