/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UDP sockets, connected or listening, by ids of the caller's: the part of the port to
 * the kernel that both of its implementations share. See kern_udp, kern_listen_udp.
 */
#ifndef KERN_UDP_H
#define KERN_UDP_H

#include "kern/kern.h"

int udp_open(struct kern *k, const struct addr *source, const char *vrf,
	     const struct addr_port *remote, uint32_t id);
/* Of udp_open. */
void udp_shut(struct kern *k, uint32_t id);
int udp_send(struct kern *k, uint32_t id, const void *data, size_t len);
int udp_listen(struct kern *k, const struct addr_port *local, const char *vrf,
	       uint32_t id);
int udp_answer(struct kern *k, uint32_t id, const struct addr_port *to,
	       const void *data, size_t len);
/* All of them. */
void udp_close(struct kern *k);

#endif /* KERN_UDP_H */
