// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reliable delivery over a wire that loses, doubles, delays and reorders, by seed:
 * each message is delivered once and in order, or the tunnel ends.
 */
#include "l2tp/xport.h"

#include "adit/wire.h"
#include "l2tp/unit.h"

#include <stdlib.h>
#include <string.h>

#define MESSAGES 60
#define IN_TRANSIT 512

struct side {
	struct xport x;
	uint32_t pushed; /* by us */
	uint32_t delivered; /* of the other's */
	bool dead;
};

struct packet {
	msec_t at; /* 0: free */
	int to;
	size_t len;
	uint8_t b[L2TP_CONTROL_HLEN + 4];
};

struct wire {
	struct side side[2];
	struct packet packet[IN_TRANSIT];
	uint64_t seed;
	unsigned int loss, twice, delay; /* percent, percent, ms */
	msec_t now;
	uint32_t resent;
};

static void put16(uint8_t *to, uint16_t v)
{
	to[0] = (uint8_t)(v >> 8);
	to[1] = (uint8_t)v;
}

static uint16_t get16(const uint8_t *b)
{
	return (uint16_t)(b[0] << 8 | b[1]);
}

static void push(struct side *s)
{
	uint8_t b[L2TP_CONTROL_HLEN + 4] = { 0 };
	uint32_t n = s->pushed++;

	memcpy(b + L2TP_CONTROL_HLEN, &n, sizeof(n));
	assert_int_equal(xport_push(&s->x, b, sizeof(b)), 0);
}

static void carry(struct wire *w, int to, const void *b, size_t len)
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

/* What l2tp/tunnel does: all that may leave, then a ZLB if one is due. */
static void flush(struct wire *w, int from)
{
	struct side *s = &w->side[from];
	const struct xport_msg *m;
	bool again;

	while (!s->dead && (m = xport_next(&s->x, w->now, &again))) {
		assert_true(s->x.in_flight <= s->x.window);
		assert_true(s->x.in_flight <= s->x.cwnd);
		w->resent += again;
		carry(w, !from, m->b, m->len);
	}
	if (!s->dead && s->x.ack_due) {
		uint8_t zlb[L2TP_CONTROL_HLEN] = { 0 };

		s->x.ack_due = false;
		put16(zlb + 8, xport_zlb_ns(&s->x));
		put16(zlb + 10, s->x.nr);
		carry(w, !from, zlb, sizeof(zlb));
	}
}

static void deliver(struct side *s, const uint8_t *b)
{
	uint32_t n;

	memcpy(&n, b + L2TP_CONTROL_HLEN, sizeof(n));
	assert_int_equal(n, s->delivered);
	s->delivered++;
}

static void arrive(struct wire *w, const struct packet *p)
{
	struct side *s = &w->side[p->to];
	struct xport_msg *m;

	if (s->dead)
		return;
	xport_acked(&s->x, w->now, get16(p->b + 10));
	if (p->len > L2TP_CONTROL_HLEN &&
	    xport_receive(&s->x, get16(p->b + 8), p->b, p->len) == XPORT_NEW) {
		deliver(s, p->b);
		while ((m = xport_early(&s->x))) {
			deliver(s, m->b);
			free(m);
		}
	}
	flush(w, p->to);
}

/* One event; false: nothing happens any more. */
static bool step(struct wire *w)
{
	struct packet *first = NULL, copy;

	for (int i = 0; i < IN_TRANSIT; i++) {
		struct packet *p = &w->packet[i];

		if (p->at && (!first || p->at < first->at))
			first = p;
	}
	for (int i = 0; i < 2; i++) {
		struct side *s = &w->side[i];

		if (s->dead || s->x.resend_at == MSEC_NEVER ||
		    (first && first->at <= s->x.resend_at))
			continue;
		if (s->x.resend_at > w->now)
			w->now = s->x.resend_at;
		s->dead = !xport_expired(&s->x, w->now);
		flush(w, i);
		return true;
	}
	if (!first)
		return false;
	w->now = first->at > w->now ? first->at : w->now;
	copy = *first;
	first->at = 0;
	arrive(w, &copy);
	return true;
}

static void start(struct wire *w, uint64_t seed)
{
	memset(w, 0, sizeof(*w));
	w->seed = seed;
	w->now = 1000;
	for (int i = 0; i < 2; i++)
		xport_init(&w->side[i].x, 5);
}

static void finish(struct wire *w)
{
	xport_free(&w->side[0].x);
	xport_free(&w->side[1].x);
}

/* Numbers start near their end, so that they wrap. */
static void start_at(struct wire *w, uint16_t first)
{
	w->side[0].x.ns = w->side[1].x.nr = first;
	w->side[1].x.ns = w->side[0].x.nr = (uint16_t)(first * 7);
}

static void schedule(uint64_t seed)
{
	static struct wire w;
	uint64_t s = seed * 77777 + 1;

	start(&w, s);
	start_at(&w, (uint16_t)(65536 - seeded(&s) % 40));
	w.loss = seeded(&s) % 50;
	w.twice = seeded(&s) % 30;
	w.delay = seeded(&s) % 3 ? seeded(&s) % 400 : seeded(&s) % 5000;
	for (int i = 0; i < 2; i++)
		xport_set_window(&w.side[i].x, (uint16_t)(seeded(&s) % 12));
	for (int i = 0; i < MESSAGES; i++) {
		push(&w.side[0]);
		if (seeded(&s) % 2)
			push(&w.side[1]);
		if (seeded(&s) % 3 == 0) {
			flush(&w, 0);
			flush(&w, 1);
		}
		for (uint32_t n = seeded(&s) % 6; n; n--)
			step(&w);
	}
	flush(&w, 0);
	flush(&w, 1);
	for (int n = 0; step(&w); n++)
		assert_true(n < 200000);
	for (int i = 0; i < 2; i++) {
		if (w.side[0].dead || w.side[1].dead)
			break;
		assert_int_equal(w.side[i].delivered, w.side[!i].pushed);
		assert_int_equal(w.side[i].x.queued, 0);
	}
	finish(&w);
}

static void schedules(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 4000; seed++)
		schedule(seed);
}

/* On a clean wire nothing is sent twice, and the window opens. */
static void clean(void **state)
{
	static struct wire w;

	(void)state;
	start(&w, 1);
	xport_set_window(&w.side[0].x, 16);
	for (int i = 0; i < 200; i++)
		push(&w.side[0]);
	flush(&w, 0);
	while (step(&w))
		;
	assert_int_equal(w.side[1].delivered, 200);
	assert_int_equal(w.resent, 0);
	assert_int_equal(w.side[0].x.cwnd, 16);
	assert_true(w.now < 1200);
	finish(&w);
}

/* One round trip a window, but no more than 1, 2, 4 at first. */
static void slow_start(void **state)
{
	static struct wire w;
	bool again;
	uint16_t nr = 0;

	(void)state;
	start(&w, 1);
	xport_set_window(&w.side[0].x, 8);
	for (int i = 0; i < 100; i++)
		push(&w.side[0]);
	for (unsigned int want = 1; want <= 8; want *= 2) {
		unsigned int n = 0;

		while (xport_next(&w.side[0].x, w.now, &again))
			n++;
		assert_int_equal(n, want);
		nr = (uint16_t)(nr + n);
		xport_acked(&w.side[0].x, w.now, nr);
	}
	/* A time-out: one at a time again, then linear from half. */
	while (xport_next(&w.side[0].x, w.now, &again))
		;
	assert_true(xport_expired(&w.side[0].x, w.now + 1000));
	assert_int_equal(w.side[0].x.cwnd, 1);
	assert_int_equal(w.side[0].x.ssthresh, 4);
	assert_non_null(xport_next(&w.side[0].x, w.now, &again));
	assert_true(again);
	assert_null(xport_next(&w.side[0].x, w.now, &again));
	finish(&w);
}

/* 1, 2, 4, 8, 8 seconds, then 8 more, is 31. RFC 2661 5.8. */
static void gives_up(void **state)
{
	static const msec_t times[] = { 0, 1000, 3000, 7000, 15000, 23000 };
	static struct wire w;
	struct xport *x = &w.side[0].x;
	size_t sent = 0;
	bool again;

	(void)state;
	start(&w, 1);
	push(&w.side[0]);
	w.now = 0;
	do {
		const struct xport_msg *m = xport_next(x, w.now, &again);

		assert_non_null(m);
		assert_int_equal(again, sent > 0);
		assert_int_equal(w.now, times[sent++]);
		assert_int_equal(get16(m->b + 8), 0);
		/* A fresh Nr each time. */
		assert_int_equal(get16(m->b + 10), x->nr);
		x->nr++;
		w.now = x->resend_at;
	} while (xport_expired(x, w.now));
	assert_int_equal(sent, N_OF(times));
	assert_int_equal(w.now, 31000);
	finish(&w);
}

static void numbers(void **state)
{
	struct xport x;
	const uint8_t b[L2TP_CONTROL_HLEN] = { 0 };
	bool again;

	(void)state;
	xport_init(&x, 5);
	x.nr = 2;
	assert_int_equal(xport_receive(&x, 1, b, 12), XPORT_DUPLICATE);
	assert_true(x.ack_due);
	x.ack_due = false;
	assert_int_equal(xport_receive(&x, 65535, b, 12), XPORT_DUPLICATE);
	assert_int_equal(xport_receive(&x, (uint16_t)(2 - 32768), b, 12),
			 XPORT_DUPLICATE);
	x.ack_due = false;
	assert_int_equal(xport_receive(&x, 2 + 32767, b, 12), XPORT_EARLY);
	assert_int_equal(xport_receive(&x, 3, b, 12), XPORT_EARLY);
	assert_false(x.ack_due);
	assert_int_equal(x.n_early, 1);
	assert_int_equal(xport_receive(&x, 2, b, 12), XPORT_NEW);
	free(xport_early(&x));
	assert_int_equal(x.nr, 4);
	/* An acknowledgement of what was never sent is none. */
	xport_push(&x, b, 12);
	xport_push(&x, b, 12);
	assert_non_null(xport_next(&x, 0, &again));
	xport_acked(&x, 0, 2);
	xport_acked(&x, 0, 65535);
	xport_acked(&x, 0, 0);
	assert_int_equal(x.queued, 2);
	assert_int_equal(xport_zlb_ns(&x), 1);
	xport_acked(&x, 0, 1);
	assert_int_equal(x.queued, 1);
	xport_free(&x);
}

static void bounds(void **state)
{
	static const uint8_t b[L2TP_CONTROL_HLEN];
	struct xport x;
	int n = 0;

	(void)state;
	xport_init(&x, 5);
	while (!xport_push(&x, b, sizeof(b)))
		n++;
	assert_int_equal(n, XPORT_QUEUE_MAX);
	xport_drop_waiting(&x);
	assert_int_equal(x.queued, 0);
	assert_int_equal(x.ns, 0);
	assert_true(xport_push(&x, b, 3) < 0);
	for (n = 60; n; n--)
		xport_receive(&x, (uint16_t)n, b, sizeof(b));
	assert_int_equal(x.n_early, XPORT_EARLY_MAX);
	xport_receive(&x, 1, b, sizeof(b));
	xport_free(&x);
}

/* However large the messages and the window are, the record fits. */
static void bytes_in_flight(void **state)
{
	static uint8_t b[1000], record[XPORT_RECORD_MAX];
	struct wr w = wr_make(record, sizeof(record));
	struct xport x;
	unsigned int n = 0;
	bool again;

	(void)state;
	xport_init(&x, 5);
	xport_set_window(&x, XPORT_WINDOW_MAX);
	x.cwnd = XPORT_WINDOW_MAX;
	for (int i = 0; i < 100; i++)
		assert_int_equal(xport_push(&x, b, sizeof(b)), 0);
	while (xport_next(&x, 0, &again))
		n++;
	assert_int_equal(n, XPORT_SENT_MAX / sizeof(b));
	xport_save(&x, &w);
	assert_false(w.err);
	/* What times out goes again, and no more than that. */
	assert_true(xport_expired(&x, SECONDS(1)));
	x.cwnd = XPORT_WINDOW_MAX;
	for (unsigned int i = 0; i < n; i++)
		assert_true(xport_next(&x, SECONDS(1), &again) && again);
	assert_null(xport_next(&x, SECONDS(1), &again));
	for (int i = 0; i < 20 && x.queued; i++) {
		xport_acked(&x, SECONDS(2), xport_zlb_ns(&x));
		while (xport_next(&x, SECONDS(2), &again))
			;
	}
	assert_int_equal(x.queued, 0);
	assert_int_equal(x.sent_bytes, 0);
	xport_free(&x);
}

/* One that is larger than the bound goes alone; the last one of all may go. */
static void large_and_urgent(void **state)
{
	static uint8_t b[XPORT_SENT_MAX + 1];
	struct xport x;
	bool again;

	(void)state;
	xport_init(&x, 5);
	assert_int_equal(xport_push(&x, b, sizeof(b)), 0);
	assert_int_equal(xport_push(&x, b, 20), 0);
	x.cwnd = 4;
	assert_non_null(xport_next(&x, 0, &again));
	assert_null(xport_next(&x, 0, &again));
	xport_urgent(&x);
	assert_non_null(xport_next(&x, 0, &again));
	xport_free(&x);
}

static void dropped_waiting(void **state)
{
	static struct wire w;
	struct xport *x = &w.side[0].x;
	bool again;

	(void)state;
	start(&w, 1);
	for (int i = 0; i < 5; i++)
		push(&w.side[0]);
	x->cwnd = 2;
	while (xport_next(x, 0, &again))
		;
	xport_drop_waiting(x);
	assert_int_equal(x->queued, 2);
	assert_int_equal(x->ns, 2);
	push(&w.side[0]);
	xport_urgent(x);
	assert_int_equal(xport_next(x, 0, &again)->ns, 2);
	finish(&w);
}

/* Saved at any moment and loaded: the same rule holds. */
static void restart(uint64_t seed)
{
	static struct wire w;
	static uint8_t record[65536];
	uint64_t s = seed * 991 + 5;
	struct wr wr;
	struct rd rd;

	start(&w, s);
	start_at(&w, 65530);
	w.loss = seeded(&s) % 30;
	w.delay = seeded(&s) % 100;
	for (int i = 0; i < MESSAGES; i++) {
		int side = (int)(seeded(&s) % 2);
		struct xport *x = &w.side[side].x;

		push(&w.side[side]);
		flush(&w, side);
		for (uint32_t n = seeded(&s) % 4; n; n--)
			step(&w);
		if (seeded(&s) % 10)
			continue;
		wr = wr_make(record, sizeof(record));
		xport_save(x, &wr);
		assert_false(wr.err);
		xport_free(x);
		xport_init(x, 5);
		rd = rd_make(record, wr_len(&wr));
		assert_true(xport_load(x, w.now, &rd));
		assert_int_equal(rd_left(&rd), 0);
		assert_true(!x->queued || x->resend_at <= w.now + 1000);
	}
	while (step(&w))
		;
	if (!w.side[0].dead && !w.side[1].dead) {
		assert_int_equal(w.side[0].delivered, w.side[1].pushed);
		assert_int_equal(w.side[1].delivered, w.side[0].pushed);
	}
	finish(&w);
}

static void restarts(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 1000; seed++)
		restart(seed);
}

/* A record that is too small keeps what was sent; a cut one is refused. */
static void small_record(void **state)
{
	static struct wire w;
	struct xport *x = &w.side[0].x, y;
	uint8_t record[60];
	struct wr wr = wr_make(record, sizeof(record));
	struct rd rd;
	bool again;

	(void)state;
	start(&w, 1);
	for (int i = 0; i < 5; i++)
		push(&w.side[0]);
	xport_next(x, 0, &again);
	xport_save(x, &wr);
	assert_false(wr.err);
	xport_init(&y, 5);
	rd = rd_make(record, wr_len(&wr));
	assert_true(xport_load(&y, 0, &rd));
	assert_int_equal(y.queued, 2);
	assert_int_equal(y.ns, 2);
	xport_free(&y);
	for (size_t cut = 0; cut < wr_len(&wr); cut++) {
		xport_init(&y, 5);
		rd = rd_make(record, cut);
		assert_false(xport_load(&y, 0, &rd));
		xport_free(&y);
	}
	finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(schedules),
		cmocka_unit_test(clean),
		cmocka_unit_test(slow_start),
		cmocka_unit_test(gives_up),
		cmocka_unit_test(numbers),
		cmocka_unit_test(bounds),
		cmocka_unit_test(bytes_in_flight),
		cmocka_unit_test(large_and_urgent),
		cmocka_unit_test(dropped_waiting),
		cmocka_unit_test(restarts),
		cmocka_unit_test(small_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
