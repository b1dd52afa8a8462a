/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See channel.h. */
#include "perf/channel.h"

#include <stdlib.h>
#include <string.h>

#define FIRST SECONDS(1)
#define LONGEST SECONDS(8)
#define WINDOW 4 /* of a peer that names none */

void channel_init(struct channel *c, unsigned int retries)
{
	STAILQ_INIT(&c->queue);
	c->window = WINDOW;
	c->cwnd = 1;
	c->ssthresh = UINT16_MAX;
	c->retries = retries;
	c->at = MSEC_NEVER;
}

void channel_free(struct channel *c)
{
	struct channel_packet *p;

	while ((p = STAILQ_FIRST(&c->queue))) {
		STAILQ_REMOVE_HEAD(&c->queue, next);
		free(p);
	}
	c->n_queued = 0;
	c->unsent = NULL;
	c->at = MSEC_NEVER;
}

void channel_drop_unsent(struct channel *c)
{
	struct channel_queue kept = STAILQ_HEAD_INITIALIZER(kept);
	struct channel_packet *p;

	while ((p = STAILQ_FIRST(&c->queue))) {
		STAILQ_REMOVE_HEAD(&c->queue, next);
		if (p->sent) {
			STAILQ_INSERT_TAIL(&kept, p, next);
			continue;
		}
		if (c->unsent == p)
			c->unsent = NULL;
		c->n_queued--;
		c->ns--;
		free(p);
	}
	STAILQ_CONCAT(&c->queue, &kept);
}

static msec_t timeout(const struct channel *c)
{
	msec_t ms = FIRST << (c->tries < 3 ? c->tries : 3);

	return ms < LONGEST ? ms : LONGEST;
}

static void push(struct channel *c, msec_t now)
{
	while (c->unsent && c->in_flight < c->cwnd &&
	       c->in_flight < c->window) {
		struct channel_packet *p = c->unsent;
		bool again = p->sent;

		c->unsent = STAILQ_NEXT(p, next);
		c->in_flight++;
		p->sent = true;
		c->ack_due = false;
		if (c->at == MSEC_NEVER)
			c->at = now + timeout(c);
		c->send(c, p, again);
	}
}

bool channel_queue(struct channel *c, msec_t now, const void *data, size_t len,
		   uint64_t timed_us)
{
	struct channel_packet *p = malloc(sizeof(*p) + len);

	if (!p)
		return false;
	*p = (struct channel_packet){ .ns = c->ns++,
				      .timed_us = timed_us,
				      .len = len };
	memcpy(p->data, data, len);
	STAILQ_INSERT_TAIL(&c->queue, p, next);
	c->n_queued++;
	if (!c->unsent)
		c->unsent = p;
	push(c, now);
	return true;
}

/* RFC 2661 A: slow start below ssthresh, one more each round trip above. */
static void widen(struct channel *c)
{
	if (c->cwnd < c->ssthresh || ++c->grown >= c->cwnd) {
		c->cwnd++;
		c->grown = 0;
	}
	if (c->cwnd > c->window)
		c->cwnd = c->window;
}

void channel_acked(struct channel *c, msec_t now, uint16_t nr)
{
	struct channel_packet *p;
	bool any = false;

	while ((p = STAILQ_FIRST(&c->queue)) && p->sent &&
	       (int16_t)(nr - p->ns) > 0) {
		STAILQ_REMOVE_HEAD(&c->queue, next);
		c->n_queued--;
		/* Acknowledged late, while it waits to be sent again. */
		if (c->unsent == p)
			c->unsent = STAILQ_FIRST(&c->queue);
		else
			c->in_flight--;
		widen(c);
		if (c->acked)
			c->acked(c, p);
		free(p);
		any = true;
	}
	if (!any)
		return;
	c->tries = 0;
	c->at = c->in_flight ? now + timeout(c) : MSEC_NEVER;
	push(c, now);
}

enum channel_rx channel_receive(struct channel *c, uint16_t ns, bool zlb)
{
	int16_t ahead = (int16_t)(ns - c->nr);

	if (zlb)
		return CHANNEL_NEW;
	c->ack_due = true;
	if (ahead > 0)
		return CHANNEL_EARLY;
	if (ahead < 0)
		return CHANNEL_DUPLICATE;
	c->nr++;
	return CHANNEL_NEW;
}

bool channel_expired(struct channel *c, msec_t now)
{
	if (now < c->at)
		return true;
	if (c->tries >= c->retries)
		return false;
	c->tries++;
	c->ssthresh = c->in_flight > 3 ? c->in_flight / 2 : 2;
	c->cwnd = 1;
	c->grown = 0;
	c->in_flight = 0;
	c->unsent = STAILQ_FIRST(&c->queue);
	c->at = MSEC_NEVER;
	push(c, now);
	return true;
}
