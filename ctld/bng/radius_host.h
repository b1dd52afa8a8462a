/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RADIUS servers that are configured by name: looked up at the start and again when
 * the answer is too old. While DNS has no answer a server stays where it was; one that
 * has never been found is not asked.
 */
#ifndef BNG_RADIUS_HOST_H
#define BNG_RADIUS_HOST_H

#include "bng/radius.h"

#define RADIUS_HOST_MIN SECONDS(5) /* from one answer to the next question */
#define RADIUS_HOST_MAX SECONDS(3600)
#define RADIUS_HOST_RETRY SECONDS(5) /* from a failure */

/* After radius_open. 0 or -ENOMEM. */
int radius_host_open(struct radius *r, const struct conf *conf);
void radius_host_close(struct radius *r);
/* What kern_resolve told of that id. */
void radius_host_resolved(struct radius *r, msec_t now, uint32_t id,
			  const struct kern_resolved *found);
/* Why the server of that index has not been found the last time; NULL: it has. */
const char *radius_host_error(const struct radius *r, unsigned int server);

#endif /* BNG_RADIUS_HOST_H */
