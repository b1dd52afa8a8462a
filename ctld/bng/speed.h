/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How fast a subscriber's line is, by the method that its LNS is to be told by. */
#ifndef BNG_SPEED_H
#define BNG_SPEED_H

#include "bng/subscriber.h"

struct call_speeds {
	uint32_t tx, rx; /* bit/s: to the subscriber, from it */
};

/* UINT32_MAX is as much as an AVP can say, or more. */
struct call_speeds call_speeds(const struct subscriber *s,
			       enum conf_speed method);

#endif /* BNG_SPEED_H */
