/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rtnetlink messages of routes and devices, at start-up and at run time. */
#ifndef KERN_ROUTE_MSG_H
#define KERN_ROUTE_MSG_H

#include "kern/kern.h"

#include <libmnl/libmnl.h>

#define ROUTE_PROTOCOL_ADIT 184

/* Header and attributes of NEWROUTE, DELROUTE. */
void route_msg_route(struct nlmsghdr *msg, const struct kern_route *r);
/* Of NEWLINK; ifindex 0: the kernel's choice. */
void route_msg_device(struct nlmsghdr *msg, const struct kern_device *d);

#endif /* KERN_ROUTE_MSG_H */
