// SPDX-License-Identifier: GPL-2.0-or-later
/* See census.h. */
#include "bng/census.h"

#include "base/log.h"
#include "bng/subscriber.h"

#include <stdlib.h>

struct census {
	struct box *box;
	uint8_t tunnels[(UINT16_MAX + 1) / 8]; /* a bit for each that is there */
};

static void found_tunnel(void *ctx, const struct kern_tunnel *kt)
{
	struct census *c = ctx;
	const struct l2tp_tunnel *t = idmap_get(&c->box->l2tp.tunnels, kt->id);

	if (t && t->cookie == kt->cookie)
		c->tunnels[kt->id / 8] |= (uint8_t)(1u << kt->id % 8);
}

static void found_link(struct census *c, const struct kern_link *l,
		       uint64_t cookie)
{
	struct subscriber *s = subscriber_find(c->box, l);

	if (s && s->id == cookie && s->missing)
		s->missing--;
}

static void found_session(void *ctx, const struct kern_session *ks)
{
	struct kern_link l = { .kind = KERN_SESSION,
			       .tunnel_id = ks->tunnel_id,
			       .session_id = ks->id };

	found_link(ctx, &l, ks->cookie);
}

static void found_pppoe(void *ctx, const struct kern_pppoe *kp)
{
	found_link(ctx, &kp->link, kp->cookie);
}

/* The kernel should have as many links of it. */
static uint8_t links_of(const struct subscriber *s)
{
	if (s->state == SUBSCRIBER_DEAD)
		return 0;
	return (uint8_t)(s->access_is_ours + (s->to.kind && s->to_is_ours));
}

static void end_missing(struct census *c, msec_t now,
			const struct kern_events *e)
{
	struct kern *k = c->box->kern;
	struct l2tp_tunnel *t, *next_t;
	struct subscriber *s, *next;

	for (s = LIST_FIRST(&c->box->subscribers); s; s = next) {
		next = LIST_NEXT(s, all);
		if (s->missing)
			e->link_gone(k, now, &s->access, s->id, &s->stats);
	}
	for (t = LIST_FIRST(&c->box->l2tp.all); t; t = next_t) {
		struct kern_stats none = { 0 };

		next_t = LIST_NEXT(t, all);
		if (t->cookie && !(c->tunnels[t->id / 8] & 1u << t->id % 8))
			e->tunnel_gone(k, now, t->id, t->cookie, &none);
	}
}

void census(struct box *b, msec_t now, const struct kern_events *e)
{
	struct census *c = calloc(1, sizeof(*c));
	struct kern_found found = { .tunnel = found_tunnel,
				    .session = found_session,
				    .pppoe = found_pppoe,
				    .ctx = c };
	char err[KERN_ERROR_MAX] = "out of memory";
	struct subscriber *s;

	/* What we asked for is made before. */
	kern_flush(b->kern);
	LIST_FOREACH(s, &b->subscribers, all)
	s->missing = links_of(s);
	if (c)
		c->box = b;
	if (c && !kern_dump(b->kern, &found, err))
		end_missing(c, now, e);
	else
		log_err("events got lost, and nobody knows which: %s", err);
	free(c);
}
