/* SPDX-License-Identifier: GPL-2.0 */
/* Devices of rtnl kind "adit": where links' IP is terminated. */
#ifndef ADIT_DEVICE_H
#define ADIT_DEVICE_H

#include "object.h"

/* unbound is told of each link that loses its device. */
int adit_device_init(void (*unbound)(struct adit_link *link));
void adit_device_exit(void);
/* Context: process, an->lock held. */
struct adit_dev *adit_device_find(struct adit_net *an, int ifindex);
/* The namespace ends: queues all of its devices. Context: rtnl held. */
void adit_device_end(struct adit_net *an, struct list_head *kill);

#endif /* ADIT_DEVICE_H */
