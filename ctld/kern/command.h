/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the module is asked for: one function a command, each queues a request
 * (kern/request) and does not wait. Called by kern/module.
 */
#ifndef KERN_COMMAND_H
#define KERN_COMMAND_H

#include "kern/request.h"

void command_tunnel_new(struct request_queue *q, const struct kern_tunnel *t);
void command_tunnel_del(struct request_queue *q, uint16_t id);
void command_session_new(struct request_queue *q, const struct kern_session *s);
void command_session_set(struct request_queue *q, const struct kern_session *s);
void command_pppoe_new(struct request_queue *q, const struct kern_pppoe *p);
void command_pppoe_set(struct request_queue *q, const struct kern_pppoe *p);
void command_link_del(struct request_queue *q, const struct kern_link *l);
void command_qos(struct request_queue *q, const struct kern_link *l,
		 uint64_t cookie, const struct kern_qos *qos);
void command_bind(struct request_queue *q, const struct kern_link *l,
		  uint64_t cookie, const struct kern_link *to,
		  const struct kern_ip *ip);
/* The binding that was asked for before: all that went up until then was read. */
void command_bind_held(struct request_queue *q, const struct kern_link mark[2]);
void command_send_l2tp(struct request_queue *q, const struct kern_l2tp *to,
		       const void *msg, size_t len);
void command_send_pppoe(struct request_queue *q, const struct kern_eth *to,
			const void *frame, size_t len);
void command_send_ppp(struct request_queue *q, const struct kern_link *l,
		      const void *frame, size_t len);

#endif /* KERN_COMMAND_H */
