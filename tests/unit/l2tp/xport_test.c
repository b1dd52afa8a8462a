// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The rules of reliable delivery one by one: windows, times, acknowledgements,
 * numbers, bounds, the restart record. Random schedules are in delivery_test.
 */
#include "l2tp/wire.h"

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
	xport_init(&x, 5, SECONDS(8), 16);
	x.nr = x.nr_sent = 2;
	assert_int_equal(xport_receive(&x, 0, 1, b, 12), XPORT_DUPLICATE);
	assert_true(xport_ack_ready(&x, 0));
	xport_ack_sent(&x, 0);
	assert_int_equal(xport_receive(&x, 0, 65535, b, 12), XPORT_DUPLICATE);
	assert_int_equal(xport_receive(&x, 0, (uint16_t)(2 - 32768), b, 12),
			 XPORT_DUPLICATE);
	xport_ack_sent(&x, 0);
	assert_int_equal(xport_receive(&x, 0, 2 + 32767, b, 12), XPORT_BEYOND);
	assert_int_equal(xport_receive(&x, 0, 3, b, 12), XPORT_EARLY);
	assert_false(xport_ack_ready(&x, SECONDS(100)));
	assert_int_equal(x.n_early, 1);
	assert_int_equal(xport_receive(&x, 0, 2, b, 12), XPORT_NEW);
	free(xport_early(&x, 0));
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
	xport_init(&x, 5, SECONDS(8), 16);
	while (!xport_push(&x, b, sizeof(b)))
		n++;
	assert_int_equal(n, XPORT_QUEUE_MAX);
	xport_drop_waiting(&x);
	assert_int_equal(x.queued, 0);
	assert_int_equal(x.ns, 0);
	assert_true(xport_push(&x, b, 3) < 0);
	xport_free(&x);
}

/* What does not fit our window is lost, and nothing else is. */
static void receive_window(void **state)
{
	static const uint8_t b[L2TP_CONTROL_HLEN];

	(void)state;
	for (uint16_t window = 4; window <= XPORT_WINDOW_MAX; window *= 2) {
		struct xport x;
		uint16_t n = 0;

		xport_init(&x, 5, SECONDS(8), window);
		for (uint16_t ns = (uint16_t)(window + 50); ns; ns--)
			n += xport_receive(&x, 0, ns, b, 12) == XPORT_BEYOND;
		assert_int_equal(n, 51);
		assert_int_equal(x.n_early, window - 1);
		for (uint16_t ns = 1; ns < window; ns++)
			assert_int_equal(xport_receive(&x, 0, ns, b, 12),
					 XPORT_EARLY);
		assert_int_equal(x.n_early, window - 1);
		/* The first comes: all are delivered, and the window moves. */
		assert_int_equal(xport_receive(&x, 0, 0, b, 12), XPORT_NEW);
		for (n = 0; n < window - 1; n++)
			free(xport_early(&x, 0));
		assert_null(xport_early(&x, 0));
		assert_int_equal(x.nr, window);
		assert_int_equal(xport_receive(&x, 0, window + 1, b, 12),
				 XPORT_BEYOND);
		xport_ack_sent(&x, 0);
		assert_int_equal(xport_receive(&x, 0, window + 1, b, 12),
				 XPORT_EARLY);
		xport_free(&x);
	}
}

/* ------------------------------------------------------------ round trips */

/* One message there and back, in that time. */
static void trip(struct xport *x, msec_t *now, msec_t rtt)
{
	uint8_t b[MESSAGE_LEN] = { 0 };
	bool again;

	assert_int_equal(xport_push(x, b, sizeof(b)), 0);
	assert_non_null(xport_next(x, *now, &again));
	assert_false(again);
	*now += rtt;
	xport_acked(x, *now, xport_zlb_ns(x));
	assert_int_equal(x->queued, 0);
}

static void round_trip(void **state)
{
	struct xport x;
	msec_t now = 5000;

	(void)state;
	xport_init(&x, 5, SECONDS(8), 16);
	/* A near peer: never less than a second, however near. */
	for (int i = 0; i < 50; i++)
		trip(&x, &now, i % 3);
	assert_int_equal(x.rto, SECONDS(1));
	xport_free(&x);
	/* RFC 6298 2.2: the first gives srtt, and half of it as variation. */
	xport_init(&x, 5, SECONDS(8), 16);
	trip(&x, &now, 800);
	assert_int_equal(x.srtt8 / 8, 800);
	assert_int_equal(x.rto, 800 + 4 * 400);
	/* 2.3: srtt + (900 - 800) / 8, variation 400 + (100 - 400) / 4. */
	trip(&x, &now, 900);
	assert_in_range(x.srtt8, 8 * 812, 8 * 813);
	assert_in_range(x.rto, 812 + 4 * 325, 813 + 4 * 325);
	/* Steady: what is left is a little over the round trip. */
	for (int i = 0; i < 100; i++)
		trip(&x, &now, 2000);
	assert_in_range(x.rto, 2000, 2100);
	/* And never more than the cap. */
	for (int i = 0; i < 100; i++)
		trip(&x, &now, i % 2 ? 7900 : 10);
	assert_int_equal(x.rto, SECONDS(8));
	xport_free(&x);
}

/*
 * Karn's rule: what went twice is no measure, and the doubled time stays until
 * there is one. So a peer that is farther than a second away is found out.
 */
static void karn(void **state)
{
	uint8_t b[MESSAGE_LEN] = { 0 };
	struct xport x;
	bool again;

	(void)state;
	xport_init(&x, 5, SECONDS(8), 16);
	for (int i = 0; i < 3; i++)
		xport_push(&x, b, sizeof(b));
	assert_non_null(xport_next(&x, 0, &again));
	assert_int_equal(x.resend_at, 1000);
	assert_true(xport_expired(&x, 1000));
	assert_non_null(xport_next(&x, 1000, &again));
	assert_true(again);
	/* The answer to the first: 1400 ms, and it cannot be told. */
	xport_acked(&x, 1400, 1);
	assert_int_equal(x.srtt8, 0);
	assert_int_equal(x.rto, 2000);
	assert_int_equal(x.tries, 0);
	/* The next one is given two seconds, and measured. */
	assert_non_null(xport_next(&x, 1400, &again));
	assert_false(again);
	assert_int_equal(x.resend_at, 3400);
	xport_acked(&x, 2800, 2);
	assert_int_equal(x.srtt8, 8 * 1400);
	assert_int_equal(x.rto, 1400 + 4 * 700);
	xport_free(&x);
}

/* The wait doubles up to the cap, so often as may be. RFC 2661 5.8. */
static void patience(void **state)
{
	static const struct {
		unsigned int tries, cap, seconds;
	} each[] = {
		{ 2, 8, 7 },	{ 3, 8, 15 },  { 5, 8, 31 },
		{ 7, 8, 47 },	{ 4, 16, 31 }, { 5, 16, 47 },
		{ 7, 60, 183 }, { 5, 60, 63 }, { 2, 60, 7 },
	};

	(void)state;
	for (size_t i = 0; i < N_OF(each); i++) {
		uint8_t b[MESSAGE_LEN] = { 0 };
		unsigned int sent = 0;
		struct xport x;
		msec_t now = 0;
		bool again;

		xport_init(&x, each[i].tries, SECONDS(each[i].cap), 16);
		assert_int_equal(xport_cycle(&x), SECONDS(each[i].seconds));
		xport_push(&x, b, sizeof(b));
		do {
			sent += xport_next(&x, now, &again) != NULL;
			now = x.resend_at;
		} while (xport_expired(&x, now));
		assert_int_equal(sent, each[i].tries + 1);
		assert_int_equal(now, SECONDS(each[i].seconds));
		xport_free(&x);
	}
}

/* -------------------------------------------------------- acknowledgements */

/* Past the first messages of a peer, which are not kept waiting. */
static void warm(struct xport *x, uint16_t *ns)
{
	static const uint8_t b[L2TP_CONTROL_HLEN];

	xport_init(x, 5, SECONDS(8), 16);
	for (*ns = 0; *ns < XPORT_QUICK; ++*ns) {
		assert_int_equal(xport_receive(x, 0, *ns, b, 12), XPORT_NEW);
		assert_true(xport_ack_ready(x, 0));
		xport_ack_sent(x, 0);
	}
	assert_int_equal(x->ack_at, MSEC_NEVER);
}

static void delayed(void **state)
{
	uint8_t b[MESSAGE_LEN] = { 0 };
	struct xport x;
	uint16_t ns;
	bool again;

	(void)state;
	warm(&x, &ns);
	/* One waits, not long. */
	xport_receive(&x, 5000, ns++, b, 12);
	assert_false(xport_ack_ready(&x, 5049));
	assert_true(xport_ack_ready(&x, 5050));
	/* Another, and neither does. */
	xport_receive(&x, 5030, ns++, b, 12);
	assert_true(xport_ack_ready(&x, 5030));
	xport_ack_sent(&x, 5030);
	assert_false(xport_ack_ready(&x, SECONDS(100)));
	/* One rides on a message of ours. */
	xport_receive(&x, 6000, ns++, b, 12);
	xport_push(&x, b, sizeof(b));
	assert_int_equal(get16(xport_next(&x, 6001, &again)->b + 10), ns);
	assert_false(xport_ack_ready(&x, SECONDS(100)));
	/* A duplicate: the peer has missed one, and does not wait again. */
	xport_receive(&x, 7000, ns++, b, 12);
	xport_receive(&x, 7010, (uint16_t)(ns - 1), b, 12);
	assert_true(xport_ack_ready(&x, 7010));
	xport_ack_sent(&x, 7010);
	/* A gap that is filled. */
	xport_receive(&x, 8000, (uint16_t)(ns + 1), b, 12);
	assert_int_equal(x.ack_at, MSEC_NEVER);
	xport_receive(&x, 8010, ns, b, 12);
	xport_msg_free(xport_early(&x, 8010));
	assert_true(xport_ack_ready(&x, 8010));
	xport_ack_sent(&x, 8010);
	ns = (uint16_t)(ns + 2);
	/* Whoever knows that nothing will come may say so. */
	xport_receive(&x, 9000, ns++, b, 12);
	xport_ack_now(&x, 9000);
	assert_true(xport_ack_ready(&x, 9000));
	xport_free(&x);
}

/* A peer that waits for each acknowledgement pays for one in 17, or fewer. */
static void lock_step(void **state)
{
	static const uint8_t b[L2TP_CONTROL_HLEN];
	unsigned int waited = 0;
	msec_t now = 5000;
	struct xport x;
	uint16_t ns;

	(void)state;
	warm(&x, &ns);
	for (int i = 0; i < 170; i++) {
		now += 3;
		xport_receive(&x, now, ns++, b, 12);
		if (!xport_ack_ready(&x, now)) {
			waited++;
			now = x.ack_at;
		}
		xport_ack_sent(&x, now);
	}
	assert_in_range(waited, 5, 10);
	waited = 0;
	/* One that is only slow is told late each time, and does not mind. */
	for (int i = 0; i < 20; i++) {
		now += SECONDS(1);
		xport_receive(&x, now, ns++, b, 12);
		waited += !xport_ack_ready(&x, now);
		now = x.ack_at;
		xport_ack_sent(&x, now);
	}
	assert_in_range(waited, 20 - XPORT_QUICK, 20);
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
	xport_init(&x, 5, SECONDS(8), 16);
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
	xport_init(&x, 5, SECONDS(8), 16);
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
	xport_init(&y, 5, SECONDS(8), 16);
	rd = rd_make(record, wr_len(&wr));
	assert_true(xport_load(&y, 0, &rd));
	assert_int_equal(y.queued, 2);
	assert_int_equal(y.ns, 2);
	xport_free(&y);
	for (size_t cut = 0; cut < wr_len(&wr); cut++) {
		xport_init(&y, 5, SECONDS(8), 16);
		rd = rd_make(record, cut);
		assert_false(xport_load(&y, 0, &rd));
		xport_free(&y);
	}
	finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clean),
		cmocka_unit_test(slow_start),
		cmocka_unit_test(gives_up),
		cmocka_unit_test(numbers),
		cmocka_unit_test(bounds),
		cmocka_unit_test(receive_window),
		cmocka_unit_test(round_trip),
		cmocka_unit_test(karn),
		cmocka_unit_test(patience),
		cmocka_unit_test(delayed),
		cmocka_unit_test(lock_step),
		cmocka_unit_test(bytes_in_flight),
		cmocka_unit_test(large_and_urgent),
		cmocka_unit_test(dropped_waiting),
		cmocka_unit_test(small_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
