// SPDX-License-Identifier: GPL-2.0
/*
 * Holds, see hold.h. Called by the link layer; the mark is sent when no packet is
 * left that saw the links without the hold.
 */
#include "hold.h"

#include <linux/slab.h>

#include "count.h"
#include "punt.h"

#define HOLD_TIME HZ
#define HOLD_SOON 512 /* frames of one end: the binding is made at once */
#define HOLD_MOST 1024 /* frames of one end: dropped beyond */
#define HOLD_BYTES (16 << 20) /* of a namespace */

static void put(struct adit_hold *h)
{
	if (refcount_dec_and_test(&h->refs))
		kfree_rcu(h, rcu);
}

static void hurry(struct adit_hold *h)
{
	WRITE_ONCE(h->due, jiffies);
	mod_delayed_work(system_wq, &h->an->hold_work, 0);
}

static void send_mark(struct rcu_head *head)
{
	struct adit_hold *h = container_of(head, struct adit_hold, mark);
	bool sent = true;

	spin_lock_bh(&h->lock);
	if (h->end[0] && !h->open)
		sent = adit_punt_mark(h->end[0], h->end[1]);
	if (!sent)
		hurry(h);
	spin_unlock_bh(&h->lock);
	put(h);
}

int adit_hold_start(struct adit_link *a, struct adit_link *b)
{
	struct adit_net *an = adit_link_net(a);
	struct adit_hold *h = kzalloc(sizeof(*h), GFP_KERNEL_ACCOUNT);

	lockdep_assert_held(&an->lock);
	if (!h)
		return -ENOMEM;
	h->an = an;
	h->due = jiffies + HOLD_TIME;
	refcount_set(&h->refs, 2);
	spin_lock_init(&h->lock);
	__skb_queue_head_init(&h->queue[0]);
	__skb_queue_head_init(&h->queue[1]);
	h->end[0] = a;
	h->end[1] = b;
	list_add_tail(&h->list, &an->holds);
	rcu_assign_pointer(adit_link_cold(a)->hold, h);
	rcu_assign_pointer(adit_link_cold(b)->hold, h);
	call_rcu(&h->mark, send_mark);
	queue_delayed_work(system_wq, &an->hold_work, HOLD_TIME);
	return 0;
}

#define held(link) lockdep_is_held(&adit_link_net(link)->lock)

static struct adit_hold *hold_of(struct adit_link *link)
{
	return rcu_dereference_check(adit_link_cold(link)->hold, held(link));
}

struct adit_hold *adit_hold_between(struct adit_link *a, struct adit_link *b)
{
	struct adit_hold *h;

	/* Its end may let go of it at any time, under its own lock. */
	rcu_read_lock();
	h = hold_of(a);
	if (h && (h != hold_of(b) || h->ended))
		h = NULL;
	rcu_read_unlock();
	return h;
}

struct sk_buff *adit_hold_next(struct adit_hold *h, struct adit_link **to)
{
	struct sk_buff *skb;
	int i = 0;

	spin_lock(&h->lock);
	skb = __skb_dequeue(&h->queue[0]);
	if (!skb) {
		i = 1;
		skb = __skb_dequeue(&h->queue[1]);
	}
	*to = h->end[!i];
	if (skb) {
		atomic_long_sub(skb->truesize, &h->an->held_bytes);
		h->sent++;
	} else {
		h->open = true;
	}
	spin_unlock(&h->lock);
	return skb;
}

/* The links' reference; under its lock. */
static void let_go(struct adit_hold *h)
{
	int i;

	for (i = 0; i < 2; i++) {
		if (h->end[i])
			RCU_INIT_POINTER(adit_link_cold(h->end[i])->hold, NULL);
		h->end[i] = NULL;
	}
}

static void end_rcu(struct rcu_head *head)
{
	struct adit_hold *h = container_of(head, struct adit_hold, rcu);

	spin_lock_bh(&h->lock);
	let_go(h);
	spin_unlock_bh(&h->lock);
	put(h);
}

/* Packets that saw no binding yet find the hold, open, for a grace period more. */
void adit_hold_end(struct adit_hold *h)
{
	lockdep_assert_held(&h->an->lock);
	h->ended = true;
	list_del(&h->list);
	call_rcu(&h->rcu, end_rcu);
}

/* As with punts, what is dropped is no drop of its link's, which has received it. */
static void flush(struct adit_hold *h)
{
	struct sk_buff *skb;
	int i;

	for (i = 0; i < 2; i++) {
		while ((skb = __skb_dequeue(&h->queue[i]))) {
			atomic_long_sub(skb->truesize, &h->an->held_bytes);
			adit_count_drop(h->an, ADIT_DROP_hold_flushed, skb);
		}
	}
}

void adit_hold_leave(struct adit_link *link)
{
	bool last = false;
	struct adit_hold *h;

	rcu_read_lock();
	h = hold_of(link);
	if (h) {
		spin_lock_bh(&h->lock);
		/* Else its end was first. */
		if (h->end[0]) {
			flush(h);
			let_go(h);
			last = !h->ended;
		}
		spin_unlock_bh(&h->lock);
	}
	if (last) {
		list_del(&h->list);
		put(h);
	}
	rcu_read_unlock();
}

/* Sending them ends, however fast others come. */
static bool has_room(const struct adit_hold *h, const struct sk_buff_head *q,
		     const struct sk_buff *skb)
{
	return skb_queue_len(q) < HOLD_MOST && h->sent < 4 * HOLD_MOST &&
	       atomic_long_read(&h->an->held_bytes) + skb->truesize <=
		       HOLD_BYTES;
}

static void keep(struct adit_hold *h, int i, struct sk_buff *skb)
{
	struct sk_buff_head *q = &h->queue[i];

	if (!has_room(h, q, skb)) {
		hurry(h);
		adit_count_drop(h->an, ADIT_DROP_hold_full, skb);
		return;
	}
	/* Its device may go away meanwhile. */
	skb->dev = NULL;
	atomic_long_add(skb->truesize, &h->an->held_bytes);
	__skb_queue_tail(q, skb);
	if (skb_queue_len(q) == HOLD_SOON ||
	    atomic_long_read(&h->an->held_bytes) > HOLD_BYTES / 2)
		hurry(h);
}

bool adit_hold_rx(struct adit_link *link, struct sk_buff *skb,
		  struct adit_link **to)
{
	struct adit_hold *h = rcu_dereference(adit_link_cold(link)->hold);
	bool kept = false;
	int i;

	*to = NULL;
	if (!h)
		return false;
	spin_lock(&h->lock);
	i = h->end[1] == link;
	if (h->open) {
		*to = h->end[!i];
	} else if (h->end[i]) {
		keep(h, i, skb);
		kept = true;
	}
	spin_unlock(&h->lock);
	return kept;
}
