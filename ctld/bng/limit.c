/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counting against the configuration's limits; see limit.h. The counts are the
 * box's, the configuration is only read. Called by bng/lns and bng/subscriber.
 */
#include "bng/limit.h"

#define LIMITS 3 /* of a host, in the order they are looked at */

static void limits_of(const struct conf_remote_host *host,
		      const struct conf_limit *out[LIMITS])
{
	out[0] = &host->destination->limit;
	out[1] = host->group ? &host->group->limit : NULL;
	out[2] = &host->limit;
}

const char *limit_reached(const struct box *b,
			  const struct conf_remote_host *host)
{
	static const char *const text[LIMITS] = {
		"session limit of the profile reached",
		"session limit of the group reached",
		"session limit of the host reached",
	};
	const struct conf_limit *limit[LIMITS];

	limits_of(host, limit);
	for (int i = 0; i < LIMITS; i++)
		if (limit[i] && limit[i]->max &&
		    b->used[limit[i]->index] >= limit[i]->max)
			return text[i];
	return NULL;
}

void limit_take(struct box *b, const struct conf_remote_host *host)
{
	const struct conf_limit *limit[LIMITS];

	limits_of(host, limit);
	for (int i = 0; i < LIMITS; i++)
		if (limit[i])
			b->used[limit[i]->index]++;
}

void limit_give(struct box *b, const struct conf_remote_host *host)
{
	const struct conf_limit *limit[LIMITS];

	limits_of(host, limit);
	for (int i = 0; i < LIMITS; i++)
		if (limit[i])
			b->used[limit[i]->index]--;
}
