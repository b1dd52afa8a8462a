/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests to the module that do not wait: encoding, the queue, refusals. They
 * are sent in their order; only errors come back. Sends of frames are never
 * reported: protocols repeat what got lost.
 */
#ifndef KERN_COMMAND_H
#define KERN_COMMAND_H

#include "kern/kern.h"

#include <ev.h>
#include <libmnl/libmnl.h>

#define COMMAND_RING 4096 /* requests whose refusal can be told apart */

struct command_sent {
	uint32_t seq;
	uint8_t cmd;
	bool unsent; /* there was no room: to be refused */
	uint16_t tunnel_id;
	struct kern_link link;
	uint64_t cookie; /* of what it is for */
};

struct command {
	struct kern *kern;
	int fd;
	uint16_t family;
	bool dead; /* the module is gone: nothing is sent any more */
	ev_timer again; /* the kernel had no memory */
	uint32_t seq; /* of requests; sends of frames have 0 */
	uint8_t *out; /* bytes from out_at to out_end wait */
	size_t out_at, out_end, out_size;
	struct command_sent ring[COMMAND_RING];
};

void command_init(struct command *c, struct kern *k, int fd, uint16_t family);
void command_fini(struct command *c);
void command_stop(struct command *c);
void command_flush(struct command *c);
/* What was read from the socket. */
void command_answer(struct command *c, msec_t now, const struct nlmsghdr *msg);

void command_tunnel_new(struct command *c, const struct kern_tunnel *t);
void command_tunnel_del(struct command *c, uint16_t id);
void command_session_new(struct command *c, const struct kern_session *s);
void command_session_set(struct command *c, const struct kern_session *s);
void command_pppoe_new(struct command *c, const struct kern_pppoe *p);
void command_pppoe_set(struct command *c, const struct kern_pppoe *p);
void command_link_del(struct command *c, const struct kern_link *l);
void command_bind(struct command *c, const struct kern_link *l, uint64_t cookie,
		  const struct kern_link *to, const struct kern_ip *ip);
/* The binding that was asked for before: all that went up until then was read. */
void command_bind_held(struct command *c, const struct kern_link mark[2]);
void command_send_l2tp(struct command *c, uint32_t endpoint,
		       const struct addr_port *remote, const void *msg,
		       size_t len);
void command_send_pppoe(struct command *c, const struct kern_eth *to,
			const void *frame, size_t len);
void command_send_ppp(struct command *c, const struct kern_link *l,
		      const void *frame, size_t len);

#endif /* KERN_COMMAND_H */
