/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kern/plain: what callers hear of their own requests, told by the loop. */
#include "base/log.h"
#include "kern/plain_port.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct plain_note {
	STAILQ_ENTRY(plain_note) next;
	enum plain_what what;
	struct kern_refusal refusal;
	struct kern_link link;
	struct kern_tunnel tunnel; /* its id, cookie, counters */
};

/* NULL: no memory, and said so. */
static struct plain_note *note(struct plain *p, enum plain_what what)
{
	struct plain_note *n = calloc(1, sizeof(*n));

	if (!n) {
		log_err("plain: %s", strerror(ENOMEM));
		return NULL;
	}
	n->what = what;
	n->tunnel.label = "";
	STAILQ_INSERT_TAIL(&p->notes, n, next);
	if (!ev_is_active(&p->tell)) {
		ev_timer_set(&p->tell, 0., 0.);
		ev_timer_start(p->kern.loop, &p->tell);
	}
	return n;
}

void plain_refuse(struct plain *p, const struct kern_refusal *r)
{
	struct plain_note *n = r->err ? note(p, PLAIN_REFUSED) : NULL;

	if (!n)
		return;
	n->refusal = *r;
	if (r->link.kind == KERN_SESSION)
		n->refusal.tunnel_id = r->link.tunnel_id;
	n->refusal.text = strerror(-r->err);
}

void plain_note_link(struct plain *p, enum plain_what what,
		     const struct plain_link *l)
{
	struct plain_note *n = note(p, what);

	if (!n)
		return;
	n->link = l->name;
	n->tunnel.cookie = l->cookie;
	n->tunnel.stats = l->stats;
}

void plain_note_tunnel(struct plain *p, enum plain_what what,
		       const struct plain_tunnel *t)
{
	struct plain_note *n = note(p, what);

	if (!n)
		return;
	n->tunnel.id = t->id;
	n->tunnel.peer_id = t->peer_id;
	n->tunnel.endpoint = t->endpoint;
	n->tunnel.remote = t->remote;
	n->tunnel.from = t->from;
	n->tunnel.cookie = t->cookie;
	n->tunnel.stats = t->stats;
}

static void tell_one(struct kern *k, msec_t now, const struct plain_note *n)
{
	const struct kern_events *e = k->events;

	switch (n->what) {
	case PLAIN_REFUSED:
		e->refused(k, now, &n->refusal);
		break;
	case PLAIN_TUNNEL_GONE:
		e->tunnel_gone(k, now, n->tunnel.id, n->tunnel.cookie,
			       &n->tunnel.stats);
		break;
	case PLAIN_LINK_GONE:
		e->link_gone(k, now, &n->link, n->tunnel.cookie,
			     &n->tunnel.stats);
		break;
	case PLAIN_TUNNEL_STATS:
		e->tunnel_stats(k, now, &n->tunnel);
		break;
	case PLAIN_LINK_STATS:
		e->link_stats(k, now, &n->link, &n->tunnel.stats);
		break;
	}
}

static void on_tell(struct ev_loop *loop, ev_timer *w, int events)
{
	struct plain *p = w->data;
	STAILQ_HEAD(, plain_note) notes = STAILQ_HEAD_INITIALIZER(notes);
	struct plain_note *n;
	msec_t now = clock_now();

	(void)loop;
	(void)events;
	STAILQ_CONCAT(&notes, &p->notes);
	p->polled = false;
	while ((n = STAILQ_FIRST(&notes))) {
		STAILQ_REMOVE_HEAD(&notes, next);
		tell_one(&p->kern, now, n);
		free(n);
	}
}

void plain_notes_init(struct plain *p)
{
	STAILQ_INIT(&p->notes);
	ev_init(&p->tell, on_tell);
	p->tell.data = p;
}

void plain_notes_free(struct plain *p)
{
	struct plain_note *n;

	ev_timer_stop(p->kern.loop, &p->tell);
	while ((n = STAILQ_FIRST(&p->notes))) {
		STAILQ_REMOVE_HEAD(&p->notes, next);
		free(n);
	}
}
