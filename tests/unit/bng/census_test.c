// SPDX-License-Identifier: GPL-2.0-or-later
/* Events of the kernel got lost: who of ours is not there any more ends, nobody else. */
#include "bng/chain.h"

static void missed(struct fake *f)
{
	bng_kern_events.missed(f->box.kern, net.now);
	run(500);
}

static void two_up(void)
{
	dial("user@isp.example", "secret");
	run(500);
	dial("user@isp.example", "secret");
	run(500);
	assert_int_equal(net.lac.box.n_subscribers, 2);
	assert_int_equal(net.lns.box.n_subscribers, 2);
}

/* Its row goes, and nobody tells. */
static void lose(struct fake *f, const struct kern_link *l)
{
	row(f, l)->name.kind = KERN_NO_LINK;
}

static void nothing_is_missing(void **state)
{
	(void)state;
	two_up();
	missed(&net.lac);
	missed(&net.lns);
	assert_int_equal(net.lac.box.n_subscribers, 2);
	assert_int_equal(net.lns.box.n_subscribers, 2);
}

static void one_of_two(void **state)
{
	struct subscriber *s;

	(void)state;
	two_up();
	s = LIST_FIRST(&net.lns.box.subscribers);
	lose(&net.lns, &s->access);
	missed(&net.lns);
	assert_int_equal(net.lns.box.n_subscribers, 1);
	assert_int_equal(net.lac.box.n_subscribers, 1);
	assert_ptr_not_equal(LIST_FIRST(&net.lns.box.subscribers), s);
	assert_int_equal(pool_used(net.lns.box.network.pools[0].pool), 1);
	/* As LAC it is the client's or the call's. */
	lose(&net.lac, &LIST_FIRST(&net.lac.box.subscribers)->to);
	missed(&net.lac);
	assert_int_equal(net.lac.box.n_subscribers, 0);
	assert_int_equal(net.lns.box.n_subscribers, 0);
}

/* Another's of the same name is not ours. */
static void another_ones(void **state)
{
	(void)state;
	two_up();
	row(&net.lac, &LIST_FIRST(&net.lac.box.subscribers)->access)->cookie++;
	missed(&net.lac);
	assert_int_equal(net.lac.box.n_subscribers, 1);
}

static void all_of_a_tunnel(void **state)
{
	(void)state;
	two_up();
	for (int i = 0; i < MAX; i++) {
		net.lns.links[i].name.kind = KERN_NO_LINK;
		net.lns.tunnels[i].id = 0;
	}
	missed(&net.lns);
	assert_true(LIST_EMPTY(&net.lns.box.l2tp.all));
	assert_int_equal(net.lns.box.n_subscribers, 0);
	assert_int_equal(net.lac.box.n_subscribers, 0);
}

/* The kernel does not answer: nobody ends for that. */
static void no_answer(void **state)
{
	(void)state;
	two_up();
	net.dump_fails = true;
	missed(&net.lns);
	net.dump_fails = false;
	assert_int_equal(net.lns.box.n_subscribers, 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_missing), TEST(one_of_two), TEST(another_ones),
		TEST(all_of_a_tunnel),	  TEST(no_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
