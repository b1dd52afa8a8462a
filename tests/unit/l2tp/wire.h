/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two ends of reliable delivery and a wire between them that loses, doubles,
 * delays and reorders, by seed, in a time of its own. Each message is a number;
 * what must hold is that each end gets the other's numbers once and in order.
 */
#ifndef TESTS_L2TP_WIRE_H
#define TESTS_L2TP_WIRE_H

#include "l2tp/xport.h"

#include "adit/wire.h"
#include "l2tp/unit.h"

#include <stdlib.h>
#include <string.h>

#define IN_TRANSIT 512
#define MESSAGE_LEN (L2TP_CONTROL_HLEN + 4)
#define RECORD_LEN 16384

struct side {
	struct xport x;
	uint32_t pushed; /* by us */
	uint32_t delivered; /* of the other's */
	bool wrong; /* one came twice, or out of order; or too many are kept */
	bool dead;
	/* What was stored, when anything of it last left. */
	uint8_t record[RECORD_LEN];
	size_t record_len;
	uint32_t rec_pushed, rec_delivered;
};

struct packet {
	msec_t at; /* 0: free */
	int to;
	size_t len;
	uint8_t b[MESSAGE_LEN];
};

struct wire {
	struct side side[2];
	struct packet packet[IN_TRANSIT];
	uint64_t seed;
	unsigned int loss, twice, delay; /* percent, percent, ms */
	msec_t now;
	uint32_t resent;
	uint32_t zlbs;
};

static inline void put16(uint8_t *to, uint16_t v)
{
	to[0] = (uint8_t)(v >> 8);
	to[1] = (uint8_t)v;
}

static inline uint16_t get16(const uint8_t *b)
{
	return (uint16_t)(b[0] << 8 | b[1]);
}

static inline void push(struct side *s)
{
	uint8_t b[MESSAGE_LEN] = { 0 };
	uint32_t n = s->pushed++;

	memcpy(b + L2TP_CONTROL_HLEN, &n, sizeof(n));
	assert_int_equal(xport_push(&s->x, b, sizeof(b)), 0);
}

static inline void carry(struct wire *w, int to, const void *b, size_t len)
{
	unsigned int copies = 1;

	if (seeded(&w->seed) % 100 < w->loss)
		return;
	if (seeded(&w->seed) % 100 < w->twice)
		copies = 2;
	for (int i = 0; copies && i < IN_TRANSIT; i++) {
		struct packet *p = &w->packet[i];

		if (p->at)
			continue;
		p->at = w->now + 1 + seeded(&w->seed) % (w->delay + 1);
		p->to = to;
		p->len = len;
		memcpy(p->b, b, len);
		copies--;
	}
}

static inline void store(struct side *s)
{
	struct wr wr = wr_make(s->record, sizeof(s->record));

	xport_save(&s->x, &wr);
	assert_false(wr.err);
	s->record_len = wr_len(&wr);
	s->rec_pushed = s->pushed;
	s->rec_delivered = s->delivered;
}

/* What l2tp/tunnel does: all that may leave, then a ZLB if one is due; what is
 * stored is stored first.
 */
static inline void flush(struct wire *w, int from)
{
	struct side *s = &w->side[from];
	const struct xport_msg *m;
	bool again;

	while (!s->dead && (m = xport_next(&s->x, w->now, &again))) {
		assert_true(s->x.in_flight <= s->x.window);
		assert_true(s->x.in_flight <= s->x.cwnd);
		w->resent += again;
		store(s);
		carry(w, !from, m->b, m->len);
	}
	if (!s->dead && xport_ack_ready(&s->x, w->now)) {
		uint8_t zlb[L2TP_CONTROL_HLEN] = { 0 };

		put16(zlb + 8, xport_zlb_ns(&s->x));
		put16(zlb + 10, s->x.nr);
		xport_ack_sent(&s->x, w->now);
		w->zlbs++;
		store(s);
		carry(w, !from, zlb, sizeof(zlb));
	}
	store(s);
}

static inline void deliver(struct side *s, const uint8_t *b)
{
	uint32_t n;

	memcpy(&n, b + L2TP_CONTROL_HLEN, sizeof(n));
	s->wrong |= n != s->delivered;
	s->delivered++;
}

static inline void arrive(struct wire *w, const struct packet *p)
{
	struct side *s = &w->side[p->to];
	struct xport_msg *m;

	if (s->dead)
		return;
	xport_acked(&s->x, w->now, get16(p->b + 10));
	if (p->len > L2TP_CONTROL_HLEN &&
	    xport_receive(&s->x, w->now, get16(p->b + 8), p->b, p->len) ==
		    XPORT_NEW) {
		deliver(s, p->b);
		while ((m = xport_early(&s->x, w->now))) {
			deliver(s, m->b);
			xport_msg_free(m);
		}
	}
	s->wrong |= s->x.n_early >= s->x.receive_window;
	flush(w, p->to);
}

static inline struct packet *first_packet(struct wire *w)
{
	struct packet *first = NULL;

	for (int i = 0; i < IN_TRANSIT; i++) {
		struct packet *p = &w->packet[i];

		if (p->at && (!first || p->at < first->at))
			first = p;
	}
	return first;
}

/* One event; false: nothing happens any more. */
static inline bool step(struct wire *w)
{
	struct packet *first = first_packet(w), copy;
	msec_t at[2];
	int who;

	for (int i = 0; i < 2; i++) {
		struct xport *x = &w->side[i].x;

		at[i] = w->side[i].dead ? MSEC_NEVER :
					  msec_min(x->resend_at, x->ack_at);
	}
	who = at[1] < at[0];
	if (first && first->at <= at[who]) {
		w->now = first->at > w->now ? first->at : w->now;
		copy = *first;
		first->at = 0;
		arrive(w, &copy);
		return true;
	}
	if (at[who] == MSEC_NEVER)
		return false;
	w->now = at[who] > w->now ? at[who] : w->now;
	w->side[who].dead = !xport_expired(&w->side[who].x, w->now);
	flush(w, who);
	return true;
}

static inline void run(struct wire *w)
{
	for (int n = 0; step(w); n++)
		assert_true(n < 200000);
}

static inline void start(struct wire *w, uint64_t seed)
{
	memset(w, 0, sizeof(*w));
	w->seed = seed;
	w->now = 1000;
	for (int i = 0; i < 2; i++) {
		xport_init(&w->side[i].x, 5, SECONDS(8), 16);
		store(&w->side[i]);
	}
}

/* Numbers start near their end, so that they wrap. */
static inline void start_at(struct wire *w, uint16_t first)
{
	struct xport *a = &w->side[0].x, *b = &w->side[1].x;

	a->ns = b->nr = b->nr_sent = first;
	b->ns = a->nr = a->nr_sent = (uint16_t)(first * 7);
	store(&w->side[0]);
	store(&w->side[1]);
}

/* kill -9, and a start from what was stored. */
static inline void killed(struct wire *w, int who)
{
	struct side *s = &w->side[who];
	struct rd rd = rd_make(s->record, s->record_len);
	unsigned int max_tries = s->x.max_tries;
	msec_t rto_max = s->x.rto_max;

	xport_free(&s->x);
	xport_init(&s->x, max_tries, rto_max, 4);
	assert_true(xport_load(&s->x, w->now, &rd));
	assert_int_equal(rd_left(&rd), 0);
	assert_true(!s->x.queued || s->x.resend_at <= w->now + 1000);
	s->pushed = s->rec_pushed;
	s->delivered = s->rec_delivered;
}

static inline void finish(struct wire *w)
{
	xport_free(&w->side[0].x);
	xport_free(&w->side[1].x);
}

#endif /* TESTS_L2TP_WIRE_H */
