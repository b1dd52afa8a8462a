/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests to the module that do not wait: the queue, its bounds, refusals. They
 * are sent in their order; only errors come back. Sends of frames are never
 * reported: protocols repeat what got lost. What they say is kern/command's.
 */
#ifndef KERN_REQUEST_H
#define KERN_REQUEST_H

#include "kern/kern.h"

#include <ev.h>
#include <libmnl/libmnl.h>

#define REQUEST_RING 4096 /* those whose refusal can be told apart */

struct request {
	uint32_t seq;
	uint8_t cmd;
	bool unsent; /* there was no room: to be refused */
	uint16_t tunnel_id;
	struct kern_link link;
	uint64_t cookie; /* of what it is for */
};

struct request_queue {
	struct kern *kern;
	int fd;
	uint16_t family;
	bool dead; /* the module is gone: nothing is sent any more */
	ev_timer again; /* the kernel had no memory */
	bool overrun; /* refusals were forgotten: all has to be looked at */
	uint32_t seq; /* of requests; sends of frames have 0 */
	uint8_t *out; /* bytes from out_at to out_end wait */
	size_t out_at, out_end, out_size;
	struct request ring[REQUEST_RING];
};

void request_init(struct request_queue *q, struct kern *k, int fd,
		  uint16_t family);
void request_fini(struct request_queue *q);
void request_stop(struct request_queue *q);
void request_flush(struct request_queue *q);
/* What was read from the socket. */
void request_answer(struct request_queue *q, msec_t now,
		    const struct nlmsghdr *msg);

/*
 * To be filled in, and then request_end; NULL: there is no room. The first can be
 * refused: for this tunnel, or for this link. The other two are lost in silence.
 */
struct nlmsghdr *request_begin(struct request_queue *q, uint8_t cmd,
			       uint16_t tunnel_id, const struct kern_link *link,
			       uint64_t cookie);
struct nlmsghdr *request_unanswered(struct request_queue *q, uint8_t cmd);
/* A frame to be sent. */
struct nlmsghdr *request_frame(struct request_queue *q, const void *frame,
			       size_t len);
void request_end(struct request_queue *q, const struct nlmsghdr *msg);

#endif /* KERN_REQUEST_H */
