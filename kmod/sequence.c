// SPDX-License-Identifier: GPL-2.0
/*
 * Sequence numbers of data (RFC 2661 5.4, appendix C). Old and duplicate packets
 * are dropped. What is ahead is delivered at once, its gap forgotten; a session
 * with a queue lets it wait until the gap is filled, for so long and so many, and
 * then gives the gap up. Sessions without a queue have no more than a pointer. So
 * many old ones in a row that count on, and none ahead in between, are a peer that
 * goes on from elsewhere: after an outage of more than half of the numbers.
 *
 * Locking: s->seq_lock, of the queue as well. Nothing is delivered under it, for a
 * frame may come back to this session (an echo is answered). Whoever finds `ready`
 * unattended delivers what is in it; others append, so order is kept between CPUs.
 * The queue is taken off under the lock, its timer shut down, and freed by
 * kfree_rcu: a CPU that delivers may still look at it.
 *
 * Called by l2tp_rx. Context: BH off, RCU, also of the timer.
 */
#include "sequence.h"

#include <linux/timer.h>

#include "count.h"
#include "link.h"

#define READY_MAX 256 /* packets behind a CPU that delivers */
#define HELD_MAX 16384 /* packets of a namespace that wait */
#define HELD_BYTES (16 << 20) /* and their memory */
#define LATE_MAX 8 /* in a row: it is not they that are late */

struct adit_reorder {
	struct adit_session *session;
	struct sk_buff_head wait; /* by Ns, all of them ahead of nr */
	struct sk_buff_head ready; /* in order */
	struct timer_list timer;
	u32 ms;
	u32 packets;
	bool busy; /* somebody delivers */
	u64 reordered;
	u64 lost;
	struct rcu_head rcu;
};

/* In skb->cb while it waits. */
struct waiting {
	unsigned long due;
	u16 ns;
};

static struct waiting *waiting(struct sk_buff *skb)
{
	return (struct waiting *)skb->cb;
}

/* Before which one that waits does ns belong? NULL: behind all. False: it is a
 * duplicate.
 */
static bool find_place(struct adit_reorder *r, u16 ns, struct sk_buff **before)
{
	struct sk_buff *q;

	*before = NULL;
	skb_queue_reverse_walk(&r->wait, q)
	{
		s16 d = ns - waiting(q)->ns;

		if (!d)
			return false;
		if (d > 0)
			break;
		*before = q;
	}
	return true;
}

/* One more that waits, or one less. */
static void hold(struct adit_net *an, const struct sk_buff *skb, int n)
{
	atomic_add(n, &an->reorder_held);
	atomic_long_add(n * (long)skb->truesize, &an->reorder_bytes);
}

static void make_ready(struct adit_session *s, struct adit_reorder *r)
{
	struct sk_buff *skb = __skb_dequeue(&r->wait);
	u16 ns = waiting(skb)->ns;

	r->lost += (u16)(ns - s->nr);
	s->nr = ns + 1;
	hold(s->tunnel->an, skb, -1);
	__skb_queue_tail(&r->ready, skb);
}

static bool is_over(struct adit_net *an)
{
	return atomic_read(&an->reorder_held) > HELD_MAX ||
	       atomic_long_read(&an->reorder_bytes) > HELD_BYTES;
}

/* What is next in order, and all of it that is over a bound. */
static void advance(struct adit_session *s, struct adit_reorder *r)
{
	struct adit_net *an = s->tunnel->an;
	struct sk_buff *skb;

	while ((skb = skb_peek(&r->wait))) {
		if (waiting(skb)->ns != s->nr &&
		    skb_queue_len(&r->wait) <= r->packets && !is_over(an))
			break;
		make_ready(s, r);
	}
}

static void arm(struct adit_reorder *r)
{
	struct sk_buff *skb = skb_peek(&r->wait);
	unsigned long due;

	if (!skb || timer_pending(&r->timer))
		return;
	due = waiting(skb)->due;
	skb_queue_walk(&r->wait, skb)
		if (time_before(waiting(skb)->due, due))
			due = waiting(skb)->due;
	mod_timer(&r->timer, due);
}

/* RFC 2661 5.4: old is what is in the half behind the expected one. */
static bool is_old(struct adit_session *s, u16 ns)
{
	if ((s16)(ns - s->nr) >= 0) {
		s->n_late = 0;
		return false;
	}
	s->n_late = s->n_late && ns == s->late ? s->n_late + 1 : 1;
	s->late = ns + 1;
	return s->n_late < LATE_MAX;
}

/* The peer counts on from here. */
static void start_again(struct adit_session *s, struct adit_reorder *r, u16 ns)
{
	while (r && !skb_queue_empty(&r->wait))
		make_ready(s, r);
	s->nr = ns;
	s->n_late = 0;
}

/* 0, or 1 + why it is dropped. */
static int take(struct adit_session *s, struct adit_reorder *r, u16 ns,
		struct sk_buff *skb)
{
	struct sk_buff *before;

	if (!find_place(r, ns, &before))
		return 1 + ADIT_DROP_rx_sequence;
	if (skb_queue_len(&r->ready) >= READY_MAX)
		return 1 + ADIT_DROP_rx_reorder_full;
	skb->dev = NULL; /* it may be gone by then */
	waiting(skb)->ns = ns;
	waiting(skb)->due = jiffies + msecs_to_jiffies(r->ms);
	if (before) {
		__skb_queue_before(&r->wait, before, skb);
		r->reordered++;
	} else {
		__skb_queue_tail(&r->wait, skb);
	}
	hold(s->tunnel->an, skb, 1);
	advance(s, r);
	arm(r);
	return 0;
}

/* Context: seq_lock held; it is let go for each. */
static void deliver(struct adit_session *s, struct adit_reorder *r)
{
	struct sk_buff *skb;

	if (r->busy)
		return;
	r->busy = true;
	while ((skb = __skb_dequeue(&r->ready))) {
		spin_unlock(&s->seq_lock);
		adit_link_rx(&s->link, skb);
		spin_lock(&s->seq_lock);
	}
	r->busy = false;
}

void adit_sequence_rx(struct adit_session *s, u16 ns, struct sk_buff *skb)
{
	struct adit_reorder *r;
	int bad = 0;

	spin_lock(&s->seq_lock);
	r = s->reorder;
	if (is_old(s, ns))
		bad = 1 + ADIT_DROP_rx_sequence;
	else if (s->n_late)
		start_again(s, r, ns);
	if (!bad && r)
		bad = take(s, r, ns, skb);
	else if (!bad)
		s->nr = ns + 1;
	if (r)
		deliver(s, r);
	spin_unlock(&s->seq_lock);
	if (bad)
		adit_count_rx_drop(&s->link, bad - 1, skb);
	else if (!r)
		adit_link_rx(&s->link, skb);
}

/* All that is older than its time, and what is before it. */
static void give_up(struct adit_session *s, struct adit_reorder *r)
{
	struct sk_buff *skb;
	u32 n = 0, due = 0;

	skb_queue_walk(&r->wait, skb) {
		n++;
		if (!time_before(jiffies, waiting(skb)->due))
			due = n;
	}
	while (due--)
		make_ready(s, r);
	advance(s, r);
}

static void expire(struct timer_list *timer)
{
	struct adit_reorder *r =
		container_of(timer, struct adit_reorder, timer);
	struct adit_session *s = r->session;

	rcu_read_lock();
	spin_lock(&s->seq_lock);
	give_up(s, r);
	arm(r);
	deliver(s, r);
	spin_unlock(&s->seq_lock);
	rcu_read_unlock();
}

/* Takes it off; what it held is in order in `left`. */
static void take_off(struct adit_session *s, struct sk_buff_head *left)
{
	struct adit_reorder *r;

	spin_lock_bh(&s->seq_lock);
	r = s->reorder;
	s->reorder = NULL;
	while (r && !skb_queue_empty(&r->wait))
		make_ready(s, r);
	if (r)
		skb_queue_splice_tail_init(&r->ready, left);
	spin_unlock_bh(&s->seq_lock);
	if (!r)
		return;
	timer_shutdown_sync(&r->timer);
	kfree_rcu(r, rcu);
}

void adit_reorder_end(struct adit_session *s)
{
	struct sk_buff_head left;
	struct sk_buff *skb;

	__skb_queue_head_init(&left);
	take_off(s, &left);
	local_bh_disable();
	while ((skb = __skb_dequeue(&left)))
		adit_count_rx_drop(&s->link, ADIT_DROP_rx_reorder_flushed, skb);
	local_bh_enable();
}

static void switch_off(struct adit_session *s)
{
	struct sk_buff_head left;
	struct sk_buff *skb;

	__skb_queue_head_init(&left);
	take_off(s, &left);
	local_bh_disable();
	rcu_read_lock();
	while ((skb = __skb_dequeue(&left)))
		adit_link_rx(&s->link, skb);
	rcu_read_unlock();
	local_bh_enable();
}

static struct adit_reorder *reorder_alloc(struct adit_session *s)
{
	struct adit_reorder *r = kzalloc(sizeof(*r), GFP_KERNEL_ACCOUNT);

	if (!r)
		return NULL;
	r->session = s;
	__skb_queue_head_init(&r->wait);
	__skb_queue_head_init(&r->ready);
	timer_setup(&r->timer, expire, 0);
	return r;
}

int adit_reorder_set(struct adit_session *s, u32 ms, u32 packets,
		     struct netlink_ext_ack *extack)
{
	struct adit_reorder *r = s->reorder;

	lockdep_assert_held(&s->tunnel->an->lock);
	if (!ms) {
		switch_off(s);
		return 0;
	}
	if (!r)
		r = reorder_alloc(s);
	if (!r) {
		NL_SET_ERR_MSG(extack, "no memory for the queue of a session");
		return -ENOMEM;
	}
	spin_lock_bh(&s->seq_lock);
	r->ms = ms;
	r->packets = packets;
	s->reorder = r;
	spin_unlock_bh(&s->seq_lock);
	return 0;
}

bool adit_reorder_sum(struct adit_session *s, struct adit_reorder_sum *sum)
{
	struct adit_reorder *r = s->reorder;

	lockdep_assert_held(&s->tunnel->an->lock);
	if (!r)
		return false;
	spin_lock_bh(&s->seq_lock);
	sum->ms = r->ms;
	sum->packets = r->packets;
	sum->reordered = r->reordered;
	sum->lost = r->lost;
	spin_unlock_bh(&s->seq_lock);
	return true;
}
