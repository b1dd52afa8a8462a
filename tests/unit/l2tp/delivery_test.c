// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The rule of reliable delivery over thousands of random schedules of loss,
 * doubling, delay, reordering and restarts, both ends ours: each message is
 * delivered once and in order, or the tunnel ends. And that this test would see it
 * if the rule were broken.
 */
#include "l2tp/wire.h"

#define MESSAGES 60
#define SCHEDULES 6000

/* Something that xport must never do, done to one side. */
typedef void damage(struct wire *w, int who);

/* How a schedule is made of its seed. */
struct plan {
	uint64_t seed;
	unsigned int kills; /* in a hundred steps */
	damage *damage; /* NULL: none; else once */
};

static void begin(struct wire *w, const struct plan *plan, uint64_t *s)
{
	start(w, *s);
	start_at(w, (uint16_t)(65536 - seeded(s) % 40));
	w->loss = seeded(s) % 50;
	w->twice = seeded(s) % 30;
	w->delay = seeded(s) % 3 ? seeded(s) % 400 : seeded(s) % 5000;
	if (plan->damage)
		w->loss = w->delay = 0;
	for (int i = 0; i < 2; i++) {
		struct xport *x = &w->side[i].x;

		x->max_tries = 2 + seeded(s) % 6;
		x->rto_max = SECONDS(8 + seeded(s) % 20);
		x->receive_window = (uint16_t)(4 + seeded(s) % 12);
	}
	/* A peer may use less than it was told of. */
	for (int i = 0; i < 2; i++)
		xport_set_window(&w->side[i].x,
				 (uint16_t)(1 +
					    seeded(s) %
						    w->side[!i]
							    .x.receive_window));
}

static bool held(const struct wire *w)
{
	const struct side *a = &w->side[0], *b = &w->side[1];

	if (a->wrong || b->wrong)
		return false;
	if (a->dead || b->dead)
		return true;
	return a->delivered == b->pushed && b->delivered == a->pushed &&
	       !a->x.queued && !b->x.queued;
}

static bool schedule(const struct plan *plan)
{
	static struct wire w;
	uint64_t s = plan->seed * 77777 + 1;
	bool good;

	begin(&w, plan, &s);
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
		if (seeded(&s) % 100 < plan->kills)
			killed(&w, (int)(seeded(&s) % 2));
		if (plan->damage && i == MESSAGES / 2)
			plan->damage(&w, (int)(seeded(&s) % 2));
	}
	flush(&w, 0);
	flush(&w, 1);
	run(&w);
	good = held(&w);
	finish(&w);
	return good;
}

static void schedules(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < SCHEDULES; seed++) {
		struct plan plan = { .seed = seed };

		if (!schedule(&plan))
			fail_msg("seed %u", (unsigned int)seed);
	}
}

static void schedules_with_restarts(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < SCHEDULES; seed++) {
		struct plan plan = { .seed = seed, .kills = seed % 25 };

		if (!schedule(&plan))
			fail_msg("seed %u", (unsigned int)seed);
	}
}

/* ------------------------------------------------------- would it be seen? */

static void forgets_that_it_came(struct wire *w, int who)
{
	w->side[who].x.nr--;
}

static void takes_what_never_came(struct wire *w, int who)
{
	w->side[who].x.nr++;
}

static void uses_a_number_twice(struct wire *w, int who)
{
	push(&w->side[who]);
	w->side[who].x.ns--;
	push(&w->side[who]);
}

static void loses_one_that_waits(struct wire *w, int who)
{
	w->side[who].pushed++;
}

static void takes_one_too_early(struct wire *w, int who)
{
	struct xport *x = &w->side[who].x;

	push(&w->side[!who]);
	push(&w->side[!who]);
	x->receive_window = 100;
	x->nr = (uint16_t)(w->side[!who].x.ns - 1);
}

/* The effect was stored and Nr was not, and nobody was told. */
static void comes_back_with_an_old_nr(struct wire *w, int who)
{
	struct side *s = &w->side[who];
	struct packet *p;
	uint32_t delivered;

	run(w);
	push(&w->side[!who]);
	flush(w, !who);
	p = first_packet(w);
	assert_non_null(p);
	assert_int_equal(xport_receive(&s->x, w->now, get16(p->b + 8), p->b,
				       p->len),
			 XPORT_NEW);
	deliver(s, p->b);
	p->at = 0;
	delivered = s->delivered;
	killed(w, who);
	s->delivered = delivered;
}

static void damage_is_seen(void **state)
{
	static damage *const each[] = {
		forgets_that_it_came, takes_what_never_came,
		uses_a_number_twice,  loses_one_that_waits,
		takes_one_too_early,  comes_back_with_an_old_nr,
	};

	(void)state;
	for (size_t i = 0; i < N_OF(each); i++) {
		unsigned int seen = 0;

		for (uint64_t seed = 0; seed < 100; seed++) {
			struct plan plan = { .seed = seed, .damage = each[i] };

			seen += !schedule(&plan);
		}
		if (seen < 5) /* often the tunnel ends, as it may */
			fail_msg("damage %zu seen %u times", i, seen);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(schedules),
		cmocka_unit_test(schedules_with_restarts),
		cmocka_unit_test(damage_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
