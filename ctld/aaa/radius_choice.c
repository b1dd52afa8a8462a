/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The choice of a server; see radius_choice.h. Called by aaa/radius_client. */
#include "aaa/radius_choice.h"

#include "aaa/radius_health.h"
#include "aaa/radius_id.h"

#include <errno.h>

static bool full(const struct radius_server *s)
{
	return s->n_flying >= s->conf->limit || radius_id_none(s);
}

/* Of the good ones (bits), so that each gets its share, evenly spread: all get
 * their weight as credit, the richest one pays all of it.
 */
static int richest(struct radius_group *g, unsigned int good)
{
	int best = -1, paid = 0;

	for (unsigned int i = 0; i < g->n; i++) {
		int weight = (int)g->server[i]->conf->weight;

		if (!(good >> i & 1))
			continue;
		paid += weight;
		g->credit[i] += weight;
		if (best < 0 || g->credit[i] > g->credit[best])
			best = (int)i;
	}
	g->credit[best] -= paid;
	return best;
}

int radius_choice(struct radius_group *g, unsigned int tried, msec_t now)
{
	unsigned int good = 0;
	bool busy = false;
	int dead = -1;

	for (unsigned int i = 0; i < g->n; i++) {
		const struct radius_server *s = g->server[i];

		if (tried >> i & 1 || !radius_health_askable(s))
			continue;
		if (full(s))
			busy = true;
		else if (radius_health_usable(s, now))
			good |= 1U << i;
		else if (dead < 0 ||
			 s->dead_until < g->server[dead]->dead_until)
			dead = (int)i;
	}
	if (good)
		return g->by_weight ? richest(g, good) : __builtin_ctz(good);
	return busy ? -EBUSY : dead;
}

bool radius_choice_left(const struct radius_group *g, unsigned int tried)
{
	for (unsigned int i = 0; i < g->n; i++)
		if (!(tried >> i & 1) && radius_health_askable(g->server[i]))
			return true;
	return false;
}
