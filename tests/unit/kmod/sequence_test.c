// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The reorder queue while a packet of it is being delivered, when another CPU, the
 * timer or a command comes in between: kmod/sequence.c over as much of a kernel as it
 * needs, where the other's turn is inside the delivery. Nobody overtakes, each packet
 * is delivered or counted once, and locks are held where they have to be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adit/drop.h"

#define ADIT_OBJECT_H
#define ADIT_COUNT_H
#define ADIT_LINK_H

typedef uint8_t u8;
typedef uint16_t u16;
typedef int16_t s16;
typedef uint32_t u32;
typedef uint64_t u64;

#define container_of(p, type, member) \
	((type *)((char *)(p)-offsetof(type, member)))
#define rcu_read_lock() ((void)0)
#define rcu_read_unlock() ((void)0)
#define local_bh_disable() ((void)0)
#define local_bh_enable() ((void)0)
#define lockdep_assert_held(l) ((void)(l))
#define NL_SET_ERR_MSG(extack, text) ((void)(extack))
#define ENOMEM 12
#define GFP_KERNEL_ACCOUNT 0
#define kzalloc(size, gfp) calloc(1, size)

struct rcu_head {
	void *next;
};

static void *later[8]; /* freed when nobody looks any more */
static int n_later;

#define kfree_rcu(p, member) (later[n_later++] = (p))

typedef struct {
	bool held;
} spinlock_t;

#define spin_lock(l) (assert_false((l)->held), (void)((l)->held = true))
#define spin_unlock(l) (assert_true((l)->held), (void)((l)->held = false))
#define spin_lock_bh spin_lock
#define spin_unlock_bh spin_unlock

typedef struct {
	long n;
} atomic_t, atomic_long_t;

#define atomic_add(d, a) ((void)((a)->n += (d)))
#define atomic_long_add atomic_add
#define atomic_read(a) ((a)->n)
#define atomic_long_read atomic_read

/* --- time */

static unsigned long jiffies;

#define msecs_to_jiffies(ms) ((unsigned long)(ms))
#define time_before(a, b) ((long)((a) - (b)) < 0)

struct timer_list {
	void (*fn)(struct timer_list *t);
	bool pending, shut;
	unsigned long at;
};

#define timer_setup(t, f, flags) ((t)->fn = (f))
#define timer_pending(t) ((t)->pending)
#define timer_shutdown_sync(t) ((t)->pending = false, (void)((t)->shut = true))

static struct timer_list *set; /* the last that was set */

static void mod_timer(struct timer_list *t, unsigned long at)
{
	t->pending = !t->shut;
	t->at = at;
	set = t;
}

/* --- packets */

struct net_device;

struct sk_buff {
	struct sk_buff *next, *prev;
	char cb[48] __attribute__((aligned(8)));
	struct net_device *dev;
	u32 truesize;
	u16 number;
};

struct sk_buff_head {
	struct sk_buff *next, *prev;
	u32 qlen;
};

#define end_of(q) ((struct sk_buff *)(q))
#define skb_queue_len(q) ((q)->qlen)
#define skb_queue_empty(q) (!(q)->qlen)
#define skb_queue_walk(q, skb) \
	for ((skb) = (q)->next; (skb) != end_of(q); (skb) = (skb)->next)
#define skb_queue_reverse_walk(q, skb) \
	for ((skb) = (q)->prev; (skb) != end_of(q); (skb) = (skb)->prev)

static void __skb_queue_head_init(struct sk_buff_head *q)
{
	q->next = q->prev = end_of(q);
	q->qlen = 0;
}

static struct sk_buff *skb_peek(struct sk_buff_head *q)
{
	return q->qlen ? q->next : NULL;
}

static void __skb_queue_before(struct sk_buff_head *q, struct sk_buff *next,
			       struct sk_buff *skb)
{
	skb->next = next;
	skb->prev = next->prev;
	next->prev->next = skb;
	next->prev = skb;
	q->qlen++;
}

static void __skb_queue_tail(struct sk_buff_head *q, struct sk_buff *skb)
{
	__skb_queue_before(q, end_of(q), skb);
}

static struct sk_buff *__skb_dequeue(struct sk_buff_head *q)
{
	struct sk_buff *skb = skb_peek(q);

	if (!skb)
		return NULL;
	skb->prev->next = skb->next;
	skb->next->prev = skb->prev;
	q->qlen--;
	return skb;
}

static void skb_queue_splice_tail_init(struct sk_buff_head *from,
				       struct sk_buff_head *to)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(from)))
		__skb_queue_tail(to, skb);
}

/* --- what the file uses of objects */

struct netlink_ext_ack;

struct adit_net {
	int lock;
	atomic_t reorder_held;
	atomic_long_t reorder_bytes;
};

struct adit_tunnel {
	struct adit_net *an;
};

struct adit_link {
	int none;
};

struct adit_session {
	struct adit_link link;
	struct adit_tunnel *tunnel;
	spinlock_t seq_lock;
	u16 nr, late;
	u8 n_late;
	struct adit_reorder *reorder;
};

static void adit_link_rx(struct adit_link *link, struct sk_buff *skb);
static void adit_count_rx_drop(struct adit_link *link, enum adit_drop why,
			       struct sk_buff *skb);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#include "../../../kmod/sequence.c"
#pragma GCC diagnostic pop

/* --- one session, and who else has a turn while it delivers */

#define MOST 4096

static struct adit_net an;
static struct adit_tunnel tunnel = { .an = &an };
static struct adit_session s;
static u16 out[MOST];
static u32 n_out, n_sent, drops[ADIT_N_DROPS];
static void (*turn)(void); /* at the next delivery, once */

static void adit_link_rx(struct adit_link *link, struct sk_buff *skb)
{
	void (*fn)(void) = turn;

	assert_ptr_equal(link, &s.link);
	assert_false(s.seq_lock.held);
	turn = NULL;
	out[n_out++] = skb->number;
	free(skb);
	if (fn)
		fn();
}

static void adit_count_rx_drop(struct adit_link *link, enum adit_drop why,
			       struct sk_buff *skb)
{
	assert_ptr_equal(link, &s.link);
	assert_false(s.seq_lock.held);
	drops[why]++;
	free(skb);
}

static void come(u16 ns)
{
	struct sk_buff *skb = calloc(1, sizeof(*skb));

	assert_non_null(skb);
	skb->truesize = 500;
	skb->number = ns;
	n_sent++;
	adit_sequence_rx(&s, ns, skb);
}

static void come_all(u32 from, u32 to)
{
	while (from < to)
		come((u16)from++);
}

static void expire_now(void)
{
	assert_true(set->pending);
	jiffies = set->at;
	set->pending = false;
	set->fn(set);
}

static int setup(void **state)
{
	(void)state;
	memset(&s, 0, sizeof(s));
	memset(drops, 0, sizeof(drops));
	s.tunnel = &tunnel;
	n_out = n_sent = 0;
	turn = NULL;
	return adit_reorder_set(&s, 20, 256, NULL);
}

static int teardown(void **state)
{
	u32 lost = 0;
	int i;

	(void)state;
	adit_reorder_end(&s);
	for (i = 0; i < ADIT_N_DROPS; i++)
		lost += drops[i];
	while (n_later)
		free(later[--n_later]);
	return n_sent != n_out + lost || an.reorder_held.n ||
	       an.reorder_bytes.n;
}

/* What left: these, one after the other. */
static void in_order(u32 from, u32 to)
{
	u32 i;

	assert_int_equal(n_out, to - from);
	for (i = 0; i < n_out; i++)
		assert_int_equal(out[i], (u16)(from + i));
}

static void ten_more(void)
{
	come_all(1, 11);
	assert_int_equal(n_out, 1); /* they are not this CPU's to deliver */
}

static void test_other_cpu(void **state)
{
	(void)state;
	turn = ten_more;
	come(0);
	in_order(0, 11);
	come_all(11, 13);
	in_order(0, 13);
}

static void many_more(void)
{
	come_all(1, 301);
	assert_int_equal(n_out, 1);
	assert_int_equal(drops[ADIT_DROP_rx_reorder_full], 300 - 256);
}

static void test_full(void **state)
{
	(void)state;
	turn = many_more;
	come(0);
	in_order(0, 257);
	assert_int_equal(drops[ADIT_DROP_rx_reorder_full], 44);
	come_all(257, 300);
	in_order(0, 300);
	assert_int_equal(drops[ADIT_DROP_rx_reorder_full], 44);
}

static void timer_and_more(void)
{
	come(3);
	come(2);
	expire_now();
	come(4);
	assert_int_equal(n_out, 1);
}

static void test_timer(void **state)
{
	struct adit_reorder_sum sum;

	(void)state;
	turn = timer_and_more;
	come(0);
	assert_int_equal(n_out, 4);
	assert_int_equal(out[1], 2);
	assert_int_equal(out[2], 3);
	assert_int_equal(out[3], 4);
	assert_true(adit_reorder_sum(&s, &sum));
	assert_int_equal(sum.lost, 1);
	assert_int_equal(sum.reordered, 1);
}

static void off_with_some(void)
{
	come_all(1, 5);
	come(6);
	assert_int_equal(adit_reorder_set(&s, 0, 0, NULL), 0);
	assert_int_equal(n_out, 6);
	come(7);
}

static void test_switched_off(void **state)
{
	(void)state;
	turn = off_with_some;
	come(0);
	assert_int_equal(n_out, 7);
	assert_int_equal(out[5], 6);
	assert_int_equal(out[6], 7);
}

static void end_with_some(void)
{
	come_all(1, 5);
	come(6);
	adit_reorder_end(&s);
}

static void test_session_goes(void **state)
{
	(void)state;
	turn = end_with_some;
	come(0);
	in_order(0, 1);
	assert_int_equal(drops[ADIT_DROP_rx_reorder_flushed], 5);
}

/* --- by chance: some come early, some not at all, at any depth */

static u32 seed, next;

static u32 draw(u32 n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

static void by_chance(void)
{
	u32 i, n = draw(12);

	for (i = 0; i < n; i++) {
		if (draw(3) == 0)
			turn = by_chance;
		if (draw(20) == 0 && set && set->pending)
			expire_now();
		else
			come((u16)(next + draw(4)));
		next += draw(2);
	}
}

static void test_chance(void **state)
{
	u32 i;

	for (seed = 1; seed < 2000000; seed += 5000) {
		set = NULL;
		next = 0;
		while (n_out + 200 < MOST && n_sent < 2000)
			by_chance();
		turn = NULL;
		for (i = 1; i < n_out; i++)
			assert_true((s16)(out[i] - out[i - 1]) > 0);
		assert_int_equal(teardown(state), 0);
		assert_int_equal(setup(state), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_other_cpu, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_full, setup, teardown),
		cmocka_unit_test_setup_teardown(test_timer, setup, teardown),
		cmocka_unit_test_setup_teardown(test_switched_off, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_session_goes, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_chance, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
