/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the module says, decoded: punts, notifications, objects. A message that
 * lacks something, or has something of a wrong size, is passed over. Decoded
 * objects point into the message.
 */
#ifndef KERN_EVENT_H
#define KERN_EVENT_H

#include "kern/kern.h"

#include <libmnl/libmnl.h>
#include <linux/adit.h>

/* tb has ADIT_A_MAX + 1 places. */
bool event_parse(const struct nlmsghdr *msg, const struct nlattr **tb);

/* Objects as GET shows them; false: not understood. */
bool event_tunnel(const struct nlmsghdr *msg, struct kern_tunnel *t);
bool event_session(const struct nlmsghdr *msg, struct kern_session *s);
bool event_pppoe(const struct nlmsghdr *msg, struct kern_pppoe *p);
bool event_endpoint(const struct nlmsghdr *msg, struct addr_port *local,
		    uint32_t *ifindex, uint32_t *id);

/* To kern->events. `cmd` is what the dump was asked with. True: it is the mark of a
 * binding, of these two, behind all frames that went up before it was made.
 */
bool event_punt(struct kern *k, msec_t now, const struct nlmsghdr *msg,
		struct kern_link mark[2]);
void event_notify(struct kern *k, msec_t now, const struct nlmsghdr *msg);
void event_stats(struct kern *k, msec_t now, uint8_t cmd,
		 const struct nlmsghdr *msg);

#endif /* KERN_EVENT_H */
