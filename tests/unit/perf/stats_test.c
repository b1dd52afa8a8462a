// SPDX-License-Identifier: GPL-2.0-or-later
/* The load generator's figures: ranks, rates, reasons, and its report. */
#include "perf/stats.h"

#include "l2tp/unit.h"

#include <stdlib.h>
#include <string.h>

static void ranks_are_the_nearest(void **state)
{
	struct stats s = { .began_us = 1 };
	struct stats_summary m = stats_summarize(&s.series[0]);

	(void)state;
	assert_int_equal(m.n, 0);
	assert_int_equal(m.max, 0);
	for (unsigned int i = 200; i; i--)
		stats_took(&s, STATS_TUNNEL, i);
	m = stats_summarize(&s.series[STATS_TUNNEL]);
	assert_int_equal(m.n, 200);
	assert_int_equal(m.min, 1);
	assert_int_equal(m.median, 100);
	assert_int_equal(m.p99, 198);
	assert_int_equal(m.max, 200);
	stats_took(&s, STATS_CALL, UINT64_MAX);
	m = stats_summarize(&s.series[STATS_CALL]);
	assert_int_equal(m.min, UINT32_MAX);
	assert_int_equal(m.p99, UINT32_MAX);
	stats_free(&s);
}

static void rate_is_over_the_time_it_took(void **state)
{
	struct stats_level l = { .up = 1000,
				 .first_us = 5000000,
				 .last_us = 7000000 };

	(void)state;
	assert_int_equal(stats_rate(&l), 500);
	l.up = 1;
	assert_int_equal(stats_rate(&l), 0);
	l = (struct stats_level){ .up = 2, .first_us = 5, .last_us = 5 };
	assert_int_equal(stats_rate(&l), 0);
}

static void reasons_are_bounded(void **state)
{
	struct stats s = { .began_us = 1 };
	char text[32];

	(void)state;
	for (int i = 0; i < 200; i++) {
		snprintf(text, sizeof(text), "reason %d", i);
		stats_reason(&s, "tunnel", text);
		stats_reason(&s, "call", "CDN 4/0");
	}
	assert_int_equal(s.n_reasons, STATS_REASONS);
	assert_string_equal(s.reason[0].text, "tunnel: reason 0");
	assert_string_equal(s.reason[1].text, "call: CDN 4/0");
	assert_int_equal(s.reason[1].count, 200);
	assert_string_equal(s.reason[STATS_REASONS - 1].text, "other");
	assert_int_equal(s.reason[STATS_REASONS - 1].count,
			 200 - (STATS_REASONS - 2));
	stats_free(&s);
}

static char *report(struct stats *s, bool json)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (json)
		stats_json(s, "lac", f);
	else
		stats_text(s, f);
	fclose(f);
	return text;
}

static void report_says_it_all(void **state)
{
	struct stats s = { .began_us = 1 };
	char *text;

	(void)state;
	s.level[STATS_TUNNEL].wanted = 3;
	s.packets.tx = 7;
	stats_up(&s, STATS_TUNNEL, stats_now() - 1000);
	stats_reason(&s, "tunnel", "StopCCN 2/6 \"why\\\"");
	text = report(&s, true);
	assert_non_null(strstr(text, "\"wanted\":3,\"up\":1,\"failed\":0"));
	assert_non_null(strstr(text, "\"latency_us\":{\"count\":1,"));
	assert_non_null(
		strstr(text, "StopCCN 2/6 \\\"why\\\\\\\"\",\"count\":1"));
	assert_non_null(strstr(text, "\"tx\":7,\"rx\":0"));
	free(text);
	text = report(&s, false);
	assert_non_null(strstr(text, "tunnels  up 1 of 3, failed 0, lost 0"));
	assert_non_null(strstr(text, "1 x tunnel: StopCCN 2/6 \"why\\\""));
	free(text);
	stats_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranks_are_the_nearest),
		cmocka_unit_test(rate_is_over_the_time_it_took),
		cmocka_unit_test(reasons_are_bounded),
		cmocka_unit_test(report_says_it_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
