// SPDX-License-Identifier: GPL-2.0-or-later
/* Frames that wait for their time; see later.h. Called by pppoe/disc. */
#include "pppoe/later.h"

#include "pppoe/client.h"

#include <stdlib.h>
#include <string.h>

struct pppoe_waiting {
	LIST_ENTRY(pppoe_waiting) next;
	struct timer timer;
	struct pppoe_later *queue;
	struct pppoe_client to;
	size_t len;
	uint8_t frame[];
};

void pppoe_later_init(struct pppoe_later *q, struct timers *timers,
		      void (*send)(struct pppoe_later *q,
				   const struct pppoe_client *to,
				   const void *frame, size_t len))
{
	*q = (struct pppoe_later){ .timers = timers, .send = send };
	LIST_INIT(&q->waiting);
}

static void drop(struct pppoe_waiting *w)
{
	timer_stop(w->queue->timers, &w->timer);
	LIST_REMOVE(w, next);
	w->queue->n--;
	free(w);
}

static void due(struct timer *t, msec_t now)
{
	struct pppoe_waiting *w = container_of(t, struct pppoe_waiting, timer);

	(void)now;
	w->queue->send(w->queue, &w->to, w->frame, w->len);
	drop(w);
}

bool pppoe_later_put(struct pppoe_later *q, msec_t at,
		     const struct pppoe_client *to, const void *frame,
		     size_t len)
{
	struct pppoe_waiting *w;

	w = q->n < PPPOE_LATER_MAX ? malloc(sizeof(*w) + len) : NULL;
	if (!w)
		return false;
	*w = (struct pppoe_waiting){
		.timer.fn = due, .queue = q, .to = *to, .len = len
	};
	memcpy(w->frame, frame, len);
	LIST_INSERT_HEAD(&q->waiting, w, next);
	q->n++;
	timer_set(q->timers, &w->timer, at);
	return true;
}

void pppoe_later_free(struct pppoe_later *q)
{
	while (!LIST_EMPTY(&q->waiting))
		drop(LIST_FIRST(&q->waiting));
}
