// SPDX-License-Identifier: GPL-2.0-or-later
/* Subscribers of before: the last so many, in their order, whatever order a restart
 * reads them in.
 */
#include "bng/past.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
/* after what it needs */
#include <cmocka.h>

static unsigned int kept, gone;
static uint64_t last_gone;

static void on_kept(struct past_list *l, const struct past *p)
{
	(void)l, (void)p;
	kept++;
}

static void on_gone(struct past_list *l, const struct past *p)
{
	(void)l;
	gone++;
	last_gone = p->id;
}

static void begin(struct past_list *l)
{
	kept = gone = 0;
	past_init(l);
	l->kept = on_kept;
	l->gone = on_gone;
}

static struct past one(uint64_t id)
{
	struct past p = { .id = id, .at = (msec_t)id * 1000 };

	snprintf(p.user, sizeof(p.user), "user%u", (unsigned int)id);
	return p;
}

static void in_order(const struct past_list *l, uint64_t first)
{
	const struct past *p;

	TAILQ_FOREACH(p, &l->head, next)
	assert_int_equal(p->id, first++);
}

static void the_last(void **state)
{
	struct past_list l;

	(void)state;
	begin(&l);
	for (uint64_t id = 1; id <= PAST_MAX + 5; id++) {
		struct past p = one(id);

		past_add(&l, &p);
	}
	assert_int_equal(l.n, PAST_MAX);
	assert_int_equal(kept, PAST_MAX + 5);
	assert_int_equal(gone, 5);
	assert_int_equal(last_gone, 5);
	in_order(&l, 6);
	past_free(&l);
	assert_int_equal(gone, 5);
}

static void restart(void **state)
{
	struct past_list l;

	(void)state;
	begin(&l);
	for (uint64_t i = 0; i < PAST_MAX; i++) {
		struct past p = one((i * 77) % PAST_MAX + 1);

		past_restore(&l, &p);
	}
	assert_int_equal(l.n, PAST_MAX);
	assert_int_equal(kept + gone, 0);
	in_order(&l, 1);
	past_free(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last),
		cmocka_unit_test(restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
