/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A LAC and an LNS with a tunnel; what the LNS says, and what each counted. */
#ifndef ADIT_TESTS_UNIT_L2TP_LEVELS_H
#define ADIT_TESTS_UNIT_L2TP_LEVELS_H

#include "l2tp/pair.h"

static struct pair p;
static struct box *const lac = &p.box[0], *const lns = &p.box[1];
static unsigned int stopccn, cdn;

/* Counts what the LNS says; nothing is lost. */
static inline bool listen_to_lns(struct pair *q, int from,
				 const struct l2tp_msg *m)
{
	(void)q;
	if (from)
		stopccn += m->type == L2TP_STOPCCN;
	if (from)
		cdn += m->type == L2TP_CDN;
	return false;
}

static inline void begin(void)
{
	pair_up_tunnel(&p, "secret");
	p.drop = listen_to_lns;
	stopccn = cdn = 0;
}

static inline const struct l2tp_tally *of_system(const struct box *b,
						 enum l2tp_kind kind)
{
	return &b->host.level.below[kind];
}

#endif
