// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A fragment whose others do not come, when the rest of its peer's traffic is fast:
 * it dies of its 16,384 successors before its time is up (RFC 4963). A guest for
 * tests is too slow for so many of them; the fuzzer's inputs are too short.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#include "../../fuzz/kernel/kernel.h"

#include "../../../kmod/datagram.c"
#define drop queue_drop
#include "../../../kmod/queue.c"
#undef drop

static struct adit_net an;
static struct adit_queue q;

static struct adit_net *adit_net(struct net *net)
{
	(void)net;
	return &an;
}
#pragma GCC diagnostic pop

#define HALF 256

/* True: it made its datagram whole, which is gone. */
static bool come(u32 id, bool second)
{
	static const u8 bytes[HALF];
	struct adit_frag f = { .id = id,
			       .family = AF_INET,
			       .hlen = 20,
			       .more = !second,
			       .offset = second ? HALF : 0,
			       .len = HALF };
	struct adit_datagram *dg;
	struct sk_buff *skb = skb_of(bytes, HALF, HALF, 64);

	dg = adit_queue_add(&an, &q, &f, skb);
	if (!dg)
		return false;
	adit_datagram_purge(dg);
	free(dg);
	return true;
}

static void whole(u32 id)
{
	assert_false(come(id, false));
	assert_true(come(id, true));
}

static void test_distance(void **state)
{
	u32 i, others = 0;

	(void)state;
	adit_queue_start(&an);
	adit_queue_init(&q);
	an.frags.timeout = 2000;
	an.frags.budget = an.frags.peer_budget = 1 << 20;
	/* One that nothing more comes of, one whose other half comes just in time. */
	assert_false(come(1, false));
	assert_false(come(2, false));
	for (i = 0; i < 16382; i++)
		whole(100 + i);
	assert_false(come(3, false)); /* 1 and 16,384 after it */
	assert_int_equal(an.drops[ADIT_DROP_frag_distance], 0);
	assert_int_equal(an.frags.held.n, 3);
	assert_true(come(2, true));
	assert_int_equal(an.drops[ADIT_DROP_frag_distance], 0);
	whole(4);
	assert_int_equal(an.drops[ADIT_DROP_frag_distance], 1);
	assert_int_equal(an.frags.held.n, 1);
	/* What comes of it now is another one's. */
	assert_false(come(1, true));
	adit_queue_flush(&an, &q);
	assert_int_equal(an.drops[ADIT_DROP_frag_flushed], 2);
	for (i = 0; i < ADIT_N_DROPS; i++)
		others += an.drops[i];
	assert_int_equal(others, 3);
	assert_int_equal(an.frags.bytes.n, 0);
	assert_int_equal(skbs, 0);
	adit_queue_stop(&an);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_distance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
