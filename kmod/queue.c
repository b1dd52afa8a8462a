// SPDX-License-Identifier: GPL-2.0
/*
 * Datagrams that are not whole yet: found by their id, dropped by their age (RFC
 * 4963: at 10 Gb/s the ids of one pair come round in 79 ms, so time is in
 * milliseconds, and an old one dies of too many successors as well). One that
 * breaks a rule stays until its time is up, empty, so that what comes later is
 * refused for the same reason (RFC 5722). See queue.h for locks and lifetime.
 *
 * Called by reassembly and pair.
 */
#include "queue.h"

#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#define DISTANCE 16384 /* datagrams of the pair */
#define VICTIMS 64 /* queues to look at, for one fragment */

void adit_queue_init(struct adit_queue *q)
{
	int i;

	spin_lock_init(&q->lock);
	INIT_LIST_HEAD(&q->ages);
	INIT_LIST_HEAD(&q->active);
	for (i = 0; i < ADIT_QUEUE_SLOTS; i++)
		INIT_HLIST_HEAD(&q->slots[i]);
}

static unsigned long period(const struct adit_frags *fr)
{
	return msecs_to_jiffies(max(4U, READ_ONCE(fr->timeout) / 4)) ?: 1;
}

/* Queue's lock held. */
static void activate(struct adit_net *an, struct adit_queue *q)
{
	struct adit_frags *fr = &an->frags;

	spin_lock(&fr->lock);
	if (list_empty(&q->active)) {
		list_add_tail(&q->active, &fr->active);
		fr->n_active++;
	}
	spin_unlock(&fr->lock);
	schedule_delayed_work(&fr->expire, period(fr));
}

static void charge(struct adit_net *an, struct adit_queue *q, int bytes,
		   int held)
{
	q->bytes += bytes;
	atomic_long_add(bytes, &an->frags.bytes);
	atomic_long_add(held, &an->frags.held);
}

static void unlink(struct adit_net *an, struct adit_queue *q,
		   struct adit_datagram *dg)
{
	hlist_del(&dg->hash);
	list_del(&dg->age);
	charge(an, q, -(int)dg->bytes, -(int)dg->n);
}

void adit_queue_discard(struct adit_net *an, struct adit_datagram *dg,
			enum adit_drop why)
{
	u32 n = adit_datagram_purge(dg);

	while (n--)
		adit_drop(an, why);
}

static void drop(struct adit_net *an, struct adit_queue *q,
		 struct adit_datagram *dg, enum adit_drop why)
{
	unlink(an, q, dg);
	adit_queue_discard(an, dg, why);
	kfree(dg);
}

static struct adit_datagram *oldest(struct adit_queue *q)
{
	return list_first_entry_or_null(&q->ages, struct adit_datagram, age);
}

static void expire(struct adit_net *an, struct adit_queue *q, u64 now)
{
	u64 life = (u64)READ_ONCE(an->frags.timeout) * NSEC_PER_MSEC;
	struct adit_datagram *dg;

	for (dg = oldest(q); dg; dg = oldest(q)) {
		if (now - dg->stamp >= life && now > dg->stamp)
			drop(an, q, dg, ADIT_DROP_frag_timeout);
		else if (q->last_serial - dg->serial > DISTANCE)
			drop(an, q, dg, ADIT_DROP_frag_distance);
		else
			break;
	}
}

static bool is_over(struct adit_net *an)
{
	return atomic_long_read(&an->frags.bytes) > READ_ONCE(an->frags.budget);
}

/* What it has beyond its budget, oldest first, and for the namespace all but one. */
static void shrink(struct adit_net *an, struct adit_queue *q)
{
	u32 most = min(READ_ONCE(an->frags.peer_budget),
		       READ_ONCE(an->frags.budget));
	struct adit_datagram *dg;

	for (dg = oldest(q); dg; dg = oldest(q)) {
		if (q->bytes <= most &&
		    (!is_over(an) || list_is_singular(&q->ages)))
			break;
		drop(an, q, dg, ADIT_DROP_frag_budget);
	}
}

static struct adit_queue *rotate(struct adit_frags *fr)
{
	struct adit_queue *q;

	spin_lock(&fr->lock);
	q = list_first_entry_or_null(&fr->active, struct adit_queue, active);
	if (q)
		list_move_tail(&q->active, &fr->active);
	spin_unlock(&fr->lock);
	return q;
}

/* The namespace's budget is used up and this queue has nothing to give. */
static void shrink_others(struct adit_net *an, struct adit_queue *self)
{
	struct adit_datagram *dg;
	struct adit_queue *q;
	int i;

	for (i = 0; i < VICTIMS && is_over(an); i++) {
		q = rotate(&an->frags);
		if (!q || q == self)
			continue;
		spin_lock(&q->lock);
		dg = oldest(q);
		if (dg)
			drop(an, q, dg, ADIT_DROP_frag_budget);
		spin_unlock(&q->lock);
	}
}

static struct hlist_head *slot(struct adit_queue *q, u32 id)
{
	return &q->slots[(id ^ id >> 16) % ADIT_QUEUE_SLOTS];
}

static struct adit_datagram *find(struct adit_queue *q,
				  const struct adit_frag *f)
{
	struct adit_datagram *dg;

	hlist_for_each_entry(dg, slot(q, f->id), hash)
		if (dg->id == f->id && dg->vif == f->vif &&
		    dg->secure == f->secure &&
		    ipv6_addr_equal(&dg->to.a, &f->to.a))
			return dg;
	return NULL;
}

static struct adit_datagram *create(struct adit_net *an, struct adit_queue *q,
				    const struct adit_frag *f, u64 now)
{
	struct adit_datagram *dg = kzalloc(sizeof(*dg), GFP_ATOMIC);

	if (!dg)
		return NULL;
	dg->id = f->id;
	dg->vif = f->vif;
	dg->secure = f->secure;
	dg->to = f->to;
	dg->stamp = now;
	dg->serial = ++q->last_serial;
	dg->bytes = sizeof(*dg);
	charge(an, q, dg->bytes, 0);
	hlist_add_head(&dg->hash, slot(q, f->id));
	list_add_tail(&dg->age, &q->ages);
	if (list_empty(&q->active))
		activate(an, q);
	return dg;
}

/* Its fragments go, it stays and takes no more. */
static void refuse(struct adit_net *an, struct adit_queue *q,
		   struct adit_datagram *dg, enum adit_drop why)
{
	charge(an, q, -(int)(dg->bytes - sizeof(*dg)), -(int)dg->n);
	dg->bytes = sizeof(*dg);
	adit_queue_discard(an, dg, why);
	dg->refuse = 1 + why;
}

/* 0, or 1 + why it was not taken. Lock held. */
static int add(struct adit_net *an, struct adit_queue *q,
	       const struct adit_frag *f, struct sk_buff *skb,
	       struct adit_datagram **whole)
{
	struct adit_datagram *dg;
	u64 now = ktime_get_ns();
	u32 before;
	int bad;

	if (q->dead)
		return 1 + ADIT_DROP_frag_flushed;
	expire(an, q, now);
	dg = find(q, f) ?: create(an, q, f, now);
	if (!dg)
		return 1 + ADIT_DROP_frag_no_memory;
	if (dg->refuse)
		return dg->refuse;
	before = dg->bytes;
	bad = adit_datagram_add(dg, f, skb);
	if (bad) {
		if (bad != 1 + ADIT_DROP_frag_duplicate)
			refuse(an, q, dg, bad - 1);
		return bad;
	}
	charge(an, q, dg->bytes - before, 1);
	if (adit_datagram_is_whole(dg)) {
		unlink(an, q, dg);
		*whole = dg;
	}
	return 0;
}

struct adit_datagram *adit_queue_add(struct adit_net *an, struct adit_queue *q,
				     const struct adit_frag *f,
				     struct sk_buff *skb)
{
	struct adit_datagram *whole = NULL;
	int bad;

	spin_lock(&q->lock);
	bad = add(an, q, f, skb, &whole);
	if (!whole)
		shrink(an, q);
	spin_unlock(&q->lock);
	if (is_over(an))
		shrink_others(an, q);
	if (bad) {
		adit_drop(an, bad - 1);
		kfree_skb(skb);
	}
	return whole;
}

void adit_queue_flush(struct adit_net *an, struct adit_queue *q)
{
	struct adit_datagram *dg;

	spin_lock_bh(&q->lock);
	q->dead = true;
	for (dg = oldest(q); dg; dg = oldest(q))
		drop(an, q, dg, ADIT_DROP_frag_flushed);
	spin_lock(&an->frags.lock);
	if (!list_empty(&q->active)) {
		list_del_init(&q->active);
		an->frags.n_active--;
	}
	spin_unlock(&an->frags.lock);
	spin_unlock_bh(&q->lock);
}

/* It is in no list for a moment: who fills it now puts it back. */
static struct adit_queue *take_first(struct adit_frags *fr)
{
	struct adit_queue *q;

	spin_lock_bh(&fr->lock);
	q = list_first_entry_or_null(&fr->active, struct adit_queue, active);
	if (q) {
		list_del_init(&q->active);
		fr->n_active--;
	}
	spin_unlock_bh(&fr->lock);
	return q;
}

static void work(struct work_struct *w)
{
	struct adit_frags *fr =
		container_of(to_delayed_work(w), struct adit_frags, expire);
	struct adit_net *an = container_of(fr, struct adit_net, frags);
	u32 n = READ_ONCE(fr->n_active);
	struct adit_queue *q;

	while (n--) {
		rcu_read_lock();
		q = take_first(fr);
		if (q) {
			spin_lock_bh(&q->lock);
			expire(an, q, ktime_get_ns());
			if (!list_empty(&q->ages))
				activate(an, q);
			spin_unlock_bh(&q->lock);
		}
		rcu_read_unlock();
		cond_resched();
	}
}

void adit_queue_start(struct adit_net *an)
{
	spin_lock_init(&an->frags.lock);
	INIT_LIST_HEAD(&an->frags.active);
	INIT_DELAYED_WORK(&an->frags.expire, work);
}

void adit_queue_stop(struct adit_net *an)
{
	WARN_ON_ONCE(an->frags.n_active);
	cancel_delayed_work_sync(&an->frags.expire);
}
