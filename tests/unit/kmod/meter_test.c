// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The meter against a model in 128 bits that keeps the whole history: what was let
 * through is never more, and a refusal never earlier, than rate and burst say.
 */
#include "adit/meter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define RUNS 400
#define STEPS 5000

typedef __int128 wide;

static uint64_t seed = 20;

static uint64_t draw(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* Of any size: each number of bits is as likely. */
static uint64_t draw_upto(uint64_t max)
{
	return (draw() >> draw() % 64) % (max + 1);
}

static uint64_t draw_rate(void)
{
	static const uint64_t usual[] = { 1000,		64000,
					  10000000,	1000000007,
					  100000000000, METER_RATE_MAX };
	if (draw() % 2)
		return usual[draw() % 6];
	return METER_RATE_MIN + draw_upto(METER_RATE_MAX - METER_RATE_MIN);
}

static uint32_t draw_burst(void)
{
	return draw() % 4 ? 1500 + (uint32_t)draw_upto(1 << 20) :
			    1 + (uint32_t)draw_upto(METER_BURST_MAX - 1);
}

/* From back to back through a little backwards to years, and across a wrap. */
static int64_t draw_gap(uint64_t rate)
{
	switch (draw() % 8) {
	case 0:
		return 0;
	case 1:
		return -(int64_t)(draw() % 1000);
	case 2:
		return (int64_t)(draw() >> (1 + draw() % 63));
	default: /* about a packet's */
		return (int64_t)(draw() % (1 + 2 * METER_BYTE * 1500 / rate));
	}
}

static uint32_t draw_bytes(void)
{
	switch (draw() % 16) {
	case 0:
		return (uint32_t)draw_upto(UINT32_MAX);
	case 1:
		return 65000;
	default:
		return 1 + (uint32_t)(draw() % 1500);
	}
}

/* A bucket whose tokens are not capped in 64 bits. */
struct model {
	wide rate, burst, tokens;
};

static void model_set(struct model *b, uint64_t rate, uint32_t burst)
{
	b->rate = rate;
	b->burst = (wide)burst * 8 * 1000000000;
	b->tokens = b->burst;
}

static void model_fill(struct model *b, wide ns)
{
	b->tokens += b->rate * ns;
	if (b->tokens > b->burst)
		b->tokens = b->burst;
}

static bool model_take(struct model *b, wide cost, bool urgent)
{
	wide want = cost < b->burst ? cost : b->burst;

	if (b->tokens < want - (urgent ? b->burst : 0))
		return false;
	b->tokens -= cost;
	return true;
}

static void one_meter(bool two)
{
	uint64_t rate = draw_rate(), top = draw_rate(), now, last;
	struct model c, p;
	struct meter m = { 0 };
	uint32_t burst = draw_burst(), bytes;
	int i;

	meter_bucket_set(&m.committed, rate, burst);
	model_set(&c, rate, burst);
	burst = draw_burst();
	if (two)
		meter_bucket_set(&m.peak, top, burst);
	model_set(&p, top, burst);
	now = last = m.last = draw();
	for (i = 0; i < STEPS; i++) {
		enum meter_colour want;
		bool urgent = draw() % 8 == 0;
		wide cost, gap;

		now = last + (uint64_t)draw_gap(rate);
		gap = (int64_t)(now - last);
		if (gap > 0) {
			model_fill(&c, gap);
			model_fill(&p, gap);
			last = now;
		}
		bytes = draw_bytes();
		cost = (wide)(bytes < METER_BYTES_MAX ? bytes :
							METER_BYTES_MAX) *
		       8 * 1000000000;
		if (two && !model_take(&p, cost, urgent))
			want = METER_RED;
		else if (model_take(&c, cost, urgent && !two))
			want = METER_GREEN;
		else
			want = two ? METER_YELLOW : METER_RED;
		assert_int_equal(meter_colour(&m, now, bytes, urgent), want);
		assert_true(m.committed.tokens == c.tokens);
		if (two)
			assert_true(m.peak.tokens == p.tokens);
	}
}

static void meters(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < RUNS; i++)
		one_meter(i % 2);
}

/* Sent without a pause, what passes is the burst and the rate to the byte. */
static void exact(uint64_t rate, uint32_t burst, uint64_t gap, uint64_t seconds)
{
	uint64_t t, end = seconds * 1000000000, passed = 0, want;
	struct meter m = { .last = UINT64_MAX - 999 };

	meter_bucket_set(&m.committed, rate, burst);
	for (t = 0; t <= end; t += gap)
		passed += meter_colour(&m, t - 1000, 1, 0) == METER_GREEN;
	t -= gap;
	want = burst + (uint64_t)((wide)rate * t / METER_BYTE);
	assert_int_equal(passed, want);
}

static void no_drift(void **state)
{
	(void)state;
	exact(64000, 1500, 100007, 300); /* 64 kbit/s: 8000 bytes a second */
	exact(1000, 100, 999983, 4000);
	exact(7777777, 3000, 1001, 2);
	exact(100000000, 2, 13, 1);
}

/* At 100 Gbit/s a byte takes 0.08 ns. */
static void fast(void **state)
{
	struct meter m = { 0 };
	uint64_t passed = 0, t;

	(void)state;
	meter_bucket_set(&m.committed, 100000000000, 1 << 20);
	for (t = 1; t <= 5000000; t++)
		if (meter_colour(&m, t * 100, 1500, 0) == METER_GREEN)
			passed += 1500;
	/* 0.5 s: 6.25 GB, and the burst; the first packet finds it full, and the
	 * last may want a little more.
	 */
	assert_true(passed <= 6250000000 + (1 << 20));
	assert_true(passed > 6250000000 + (1 << 20) - 3000);
}

/* Data uses up everything: control passes, as often as the rate has it. */
static void urgent(void **state)
{
	struct meter m = { 0 };
	uint64_t t, passed = 0;

	(void)state;
	meter_bucket_set(&m.committed, 8000, 3000); /* a byte in 1 ms */
	assert_int_equal(meter_colour(&m, 1, 3000, 0), METER_GREEN);
	assert_int_equal(meter_colour(&m, 1, 64, 0), METER_RED);
	assert_int_equal(meter_colour(&m, 1, 64, 1), METER_GREEN);
	for (t = 1; t <= 10000; t++)
		passed += meter_colour(&m, t * 1000000, 100, 1) == METER_GREEN;
	assert_in_range(passed, 127, 130); /* 2,936 and 10,000 bytes */
	/* Then data waits until the debt is paid. */
	t = 10000 * 1000000ULL;
	assert_int_equal(meter_colour(&m, t + 2800000000, 100, 0), METER_RED);
	assert_int_equal(meter_colour(&m, t + 3300000000, 100, 0), METER_GREEN);
}

/* RFC 2698: red says nothing about the other bucket, yellow leaves it alone. */
static void two_rates(void **state)
{
	struct meter m = { 0 };

	(void)state;
	meter_bucket_set(&m.committed, 8000, 1000);
	meter_bucket_set(&m.peak, 16000, 2000);
	assert_int_equal(meter_colour(&m, 1, 600, 0), METER_GREEN);
	assert_int_equal(meter_colour(&m, 1, 600, 0), METER_YELLOW);
	assert_int_equal(meter_colour(&m, 1, 400, 0), METER_GREEN);
	assert_int_equal(meter_colour(&m, 1, 600, 0), METER_RED);
	assert_int_equal(meter_colour(&m, 1, 400, 0), METER_YELLOW);
	assert_int_equal(meter_colour(&m, 1, 1, 0), METER_RED);
	/* Half a second: 500 of the one, 1000 of the other. */
	assert_int_equal(meter_colour(&m, 500000001, 500, 0), METER_GREEN);
	assert_int_equal(meter_colour(&m, 500000001, 500, 0), METER_YELLOW);
	assert_int_equal(meter_colour(&m, 500000001, 1, 0), METER_RED);
}

/* The line against the sum of everything since it was last idle. */
static void one_line(void)
{
	uint64_t now = draw(), horizon = draw_upto(10000000000), start;
	__u64 when;
	struct meter_line l = { .rate = draw_rate(), .next = now };
	struct meter_line before, after;
	wide tokens = 0; /* since start */
	int i;

	start = now;
	for (i = 0; i < STEPS; i++) {
		uint32_t bytes = draw_bytes() % 70000;
		wide free_in; /* ns from now, rounded down */
		int64_t gap = draw_gap(l.rate);

		now += (uint64_t)(gap < 0 ? 0 : gap % 1000000000000);
		free_in = tokens / (wide)l.rate - (wide)(now - start);
		if (free_in < 0) {
			start = now;
			tokens = 0;
			free_in = 0;
		}
		if (free_in > (wide)horizon) {
			assert_false(
				meter_depart(&l, now, bytes, horizon, &when));
			continue;
		}
		before = l;
		assert_true(meter_depart(&l, now, bytes, horizon, &when));
		assert_int_equal(when - now, (uint64_t)free_in);
		/* As if it had never been, if nothing came after it. */
		if (draw() % 4 == 0) {
			after = l;
			assert_true(meter_take_back(&l, &before, &after));
			if (bytes)
				assert_false(
					meter_take_back(&l, &before, &after));
			continue;
		}
		tokens += (wide)bytes * 8 * 1000000000;
	}
}

static void lines(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < RUNS; i++)
		one_line();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(meters),    cmocka_unit_test(no_drift),
		cmocka_unit_test(fast),	     cmocka_unit_test(urgent),
		cmocka_unit_test(two_rates), cmocka_unit_test(lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
