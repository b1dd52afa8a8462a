/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See stats.h. */
#include "perf/stats.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const phases[STATS_PHASES] = {
	[STATS_TUNNEL] = "tunnels",
	[STATS_CALL] = "calls",
	[STATS_PPP] = "ppp",
	[STATS_HELLO] = "hello",
};

uint64_t stats_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

void stats_took(struct stats *s, enum stats_phase p, uint64_t us)
{
	struct stats_series *v = &s->series[p];

	if (v->n == v->size) {
		size_t size = v->size ? 2 * v->size : 1024;
		uint32_t *more = realloc(v->us, size * sizeof(*more));

		if (!more)
			return; /* a figure less */
		v->us = more;
		v->size = size;
	}
	v->us[v->n++] = us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
}

void stats_up(struct stats *s, enum stats_phase p, uint64_t began_us)
{
	struct stats_level *l = &s->level[p];
	uint64_t now = stats_now();

	l->up++;
	if (!l->first_us || began_us < l->first_us)
		l->first_us = began_us;
	l->last_us = now;
	stats_took(s, p, now - began_us);
}

void stats_reason(struct stats *s, const char *what, const char *why)
{
	char text[STATS_REASON_MAX];
	size_t i;

	snprintf(text, sizeof(text), "%s: %s", what, why);
	for (i = 0; i < s->n_reasons; i++)
		if (!strcmp(s->reason[i].text, text))
			break;
	if (i == STATS_REASONS)
		i--;
	if (i == s->n_reasons) {
		s->n_reasons++;
		strcpy(s->reason[i].text,
		       i == STATS_REASONS - 1 ? "other" : text);
	}
	s->reason[i].count++;
}

static int by_size(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The nearest rank: the smallest value that so many per cent do not exceed. */
static uint32_t rank(const struct stats_series *s, unsigned int percent)
{
	size_t at = (s->n * percent + 99) / 100;

	return s->us[at ? at - 1 : 0];
}

struct stats_summary stats_summarize(struct stats_series *s)
{
	struct stats_summary m = { .n = s->n };

	if (!s->n)
		return m;
	qsort(s->us, s->n, sizeof(*s->us), by_size);
	m.min = s->us[0];
	m.median = rank(s, 50);
	m.p99 = rank(s, 99);
	m.max = s->us[s->n - 1];
	return m;
}

double stats_rate(const struct stats_level *l)
{
	if (l->up < 2 || l->last_us <= l->first_us)
		return 0;
	return (double)l->up * 1e6 / (double)(l->last_us - l->first_us);
}

void stats_text(struct stats *s, FILE *f)
{
	size_t i;

	for (i = 0; i < STATS_HELLO; i++) {
		const struct stats_level *l = &s->level[i];

		fprintf(f,
			"%-8s up %" PRIu64 " of %" PRIu64 ", failed %" PRIu64
			", lost %" PRIu64 ", ended %" PRIu64 ", %.0f/s\n",
			phases[i], l->up, l->wanted, l->failed, l->lost,
			l->gone, stats_rate(l));
	}
	for (i = 0; i < STATS_PHASES; i++) {
		struct stats_summary m = stats_summarize(&s->series[i]);

		if (m.n)
			fprintf(f,
				"%-8s min %.3f ms, median %.3f, 99%% %.3f, max %.3f (of %zu)\n",
				phases[i], m.min / 1e3, m.median / 1e3,
				m.p99 / 1e3, m.max / 1e3, m.n);
	}
	for (i = 0; i < s->n_reasons; i++)
		fprintf(f, "%" PRIu64 " x %s\n", s->reason[i].count,
			s->reason[i].text);
	fprintf(f, "packets ");
#define X(name)              \
	if (s->packets.name) \
		fprintf(f, " " #name " %" PRIu64, s->packets.name);
	STATS_PACKETS(X)
#undef X
	fprintf(f, "\nradius ");
#define X(name)             \
	if (s->radius.name) \
		fprintf(f, " " #name " %" PRIu64, s->radius.name);
	STATS_RADIUS(X)
#undef X
	fprintf(f, "\n");
}

/* The text is printable ASCII by now. */
static void json_string(FILE *f, const char *text)
{
	fputc('"', f);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', f);
		fputc(*text, f);
	}
	fputc('"', f);
}

static void json_phase(struct stats *s, size_t i, FILE *f)
{
	struct stats_summary m = stats_summarize(&s->series[i]);
	const struct stats_level *l = &s->level[i];

	fprintf(f, ",\"%s\":{", phases[i]);
	if (i < STATS_HELLO)
		fprintf(f,
			"\"wanted\":%" PRIu64 ",\"up\":%" PRIu64
			",\"failed\":%" PRIu64 ",\"lost\":%" PRIu64
			",\"ended\":%" PRIu64 ",\"rate\":%.1f,",
			l->wanted, l->up, l->failed, l->lost, l->gone,
			stats_rate(l));
	fprintf(f,
		"\"latency_us\":{\"count\":%zu,\"min\":%u,\"median\":%u,\"p99\":%u,\"max\":%u}}",
		m.n, m.min, m.median, m.p99, m.max);
}

void stats_json(struct stats *s, const char *role, FILE *f)
{
	const char *comma = "";
	size_t i;

	fprintf(f, "{\"role\":\"%s\",\"seconds\":%.3f", role,
		(double)(stats_now() - s->began_us) / 1e6);
	for (i = 0; i < STATS_PHASES; i++)
		json_phase(s, i, f);
	fprintf(f, ",\"failures\":[");
	for (i = 0; i < s->n_reasons; i++) {
		fprintf(f, "%s{\"reason\":", i ? "," : "");
		json_string(f, s->reason[i].text);
		fprintf(f, ",\"count\":%" PRIu64 "}", s->reason[i].count);
	}
	fprintf(f, "],\"packets\":{");
#define X(name)                                                         \
	fprintf(f, "%s\"" #name "\":%" PRIu64, comma, s->packets.name); \
	comma = ",";
	STATS_PACKETS(X)
#undef X
	fprintf(f, "},\"radius\":{");
	comma = "";
#define X(name)                                                        \
	fprintf(f, "%s\"" #name "\":%" PRIu64, comma, s->radius.name); \
	comma = ",";
	STATS_RADIUS(X)
#undef X
	fprintf(f, "}}\n");
}

void stats_free(struct stats *s)
{
	for (size_t i = 0; i < STATS_PHASES; i++)
		free(s->series[i].us);
}
