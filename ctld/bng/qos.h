/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A subscriber's rates and marks: of its profile, of the policy that its grant names
 * (Filter-Id), of those for one way, whose rates alone count, and of the rates that its
 * grant says, the later over the earlier.
 */
#ifndef BNG_QOS_H
#define BNG_QOS_H

#include "bng/subscriber.h"

/* Into the kernel, if there are any or were. */
void qos_apply(struct subscriber *s, const struct aaa_grant *g);

#endif /* BNG_QOS_H */
