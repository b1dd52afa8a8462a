// SPDX-License-Identifier: GPL-2.0
/*
 * Batches, see batch.h. One queue and one NAPI instance a CPU and namespace; NAPI
 * comes after the poll of the NIC that fills the queue, and its budget is the
 * stack's own protection from us. Their device is one that nobody sees: a queue has
 * no lock, and NAPI made threaded, by a file of its device, would poll it from
 * another CPU. Called by whatever takes packets in.
 */
#include "batch.h"

#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "compat.h"
#include "count.h"

#define QUEUE_MAX 1024 /* as the stack's own backlog of a CPU */
#define MANY 1024 /* sessions that no cache holds */

struct adit_batch_cpu {
	struct sk_buff_head queue; /* this CPU's alone, BH off */
	struct napi_struct napi;
	struct adit_net *an;
	struct adit_batch_sum sum; /* written by this CPU */
};

static DEFINE_PER_CPU(struct net_device *, returning);

struct slot {
	struct sk_buff *skb;
	const void *at;
};

/* Step by step, each for all of them. They are of one kind, or of few. */
static void look(struct adit_net *an, struct slot *slots, int n)
{
	bool more = true;
	int step, i;

	for (step = 0; more && step < ADIT_BATCH_LOOKS; step++) {
		more = false;
		for (i = 0; i < n; i++) {
			struct sk_buff *skb = slots[i].skb;
			const struct adit_batch_ops *ops =
				adit_batch_cb(skb)->ops;

			if (!ops->look[step] || (step && !slots[i].at))
				continue;
			slots[i].at = ops->look[step](an, skb, slots[i].at);
			more |= !!slots[i].at;
		}
	}
}

static int take(struct adit_batch_cpu *cell, struct slot *slots, int max)
{
	int n = 0;

	while (n < max) {
		struct sk_buff *skb = __skb_dequeue(&cell->queue);

		if (!skb)
			break;
		slots[n].skb = skb;
		slots[n++].at = NULL;
	}
	return n;
}

static void run(struct adit_net *an, struct slot *slots, int n)
{
	int i;

	rcu_read_lock();
	if (n > 1)
		look(an, slots, n);
	for (i = 0; i < n; i++) {
		struct sk_buff *skb = slots[i].skb;

		adit_batch_cb(skb)->ops->run(an, skb);
	}
	rcu_read_unlock();
}

static int poll(struct napi_struct *napi, int budget)
{
	struct adit_batch_cpu *cell =
		container_of(napi, struct adit_batch_cpu, napi);
	struct slot slots[ADIT_BATCH];
	int n, done = 0;

	do {
		n = take(cell, slots, min(budget - done, ADIT_BATCH));
		run(cell->an, slots, n);
		if (n > 1) {
			WRITE_ONCE(cell->sum.batches, cell->sum.batches + 1);
			WRITE_ONCE(cell->sum.packets, cell->sum.packets + n);
		}
		done += n;
	} while (n && done < budget);
	if (done < budget)
		napi_complete_done(napi, done);
	return done;
}

bool adit_batch_waits(struct adit_net *an)
{
	/* Pairs with adit_batch_start(). */
	struct adit_batch_cpu __percpu *batch = smp_load_acquire(&an->batch);

	return batch && !skb_queue_empty(&this_cpu_ptr(batch)->queue);
}

bool adit_batch_wanted(struct adit_net *an)
{
	return READ_ONCE(an->n_sessions) + READ_ONCE(an->n_pppoes) > MANY ||
	       adit_batch_waits(an);
}

/* Neither RPS nor we want to see it a second time; a device on top of this one has
 * not seen it yet.
 */
void adit_batch_return(struct sk_buff *skb)
{
	this_cpu_write(returning, skb->dev);
	netif_receive_skb_core(skb);
	this_cpu_write(returning, NULL);
}

bool adit_batch_returned(const struct sk_buff *skb)
{
	return this_cpu_read(returning) == skb->dev;
}

static void mark(const struct adit_batch_ops *ops, u32 id, struct sk_buff *skb)
{
	struct adit_batch_cb *cb = adit_batch_cb(skb);

	cb->ops = ops;
	cb->ifindex = skb->dev->ifindex;
	cb->id = id;
	skb->dev = NULL;
}

void adit_batch_one(struct adit_net *an, const struct adit_batch_ops *ops,
		    u32 id, struct sk_buff *skb)
{
	mark(ops, id, skb);
	ops->run(an, skb);
}

void adit_batch_add(struct adit_net *an, const struct adit_batch_ops *ops,
		    u32 id, struct sk_buff *skb)
{
	struct adit_batch_cpu *cell = this_cpu_ptr(an->batch);

	if (skb_queue_len(&cell->queue) >= QUEUE_MAX) {
		adit_count_drop(an, ADIT_DROP_queue_full, skb);
		return;
	}
	mark(ops, id, skb);
	__skb_queue_tail(&cell->queue, skb);
	if (skb_queue_len(&cell->queue) == 1)
		napi_schedule(&cell->napi);
}

void adit_batch_sum(struct adit_net *an, struct adit_batch_sum *sum)
{
	/* Pairs with adit_batch_start(). */
	struct adit_batch_cpu __percpu *batch = smp_load_acquire(&an->batch);
	int cpu;

	*sum = (struct adit_batch_sum){};
	if (!batch)
		return;
	for_each_possible_cpu(cpu) {
		const struct adit_batch_cpu *cell = per_cpu_ptr(batch, cpu);

		sum->batches += READ_ONCE(cell->sum.batches);
		sum->packets += READ_ONCE(cell->sum.packets);
	}
}

int adit_batch_start(struct adit_net *an)
{
	struct adit_batch_cpu __percpu *batch;
	struct net_device *dev;
	int cpu;

	lockdep_assert_held(&an->lock);
	ASSERT_RTNL();
	if (an->batch)
		return 0;
	dev = adit_dummy_alloc();
	if (!dev)
		return -ENOMEM;
	batch = alloc_percpu_gfp(struct adit_batch_cpu, GFP_KERNEL_ACCOUNT);
	if (!batch) {
		adit_dummy_free(dev);
		return -ENOMEM;
	}
	for_each_possible_cpu(cpu) {
		struct adit_batch_cpu *cell = per_cpu_ptr(batch, cpu);

		__skb_queue_head_init(&cell->queue);
		cell->an = an;
		set_bit(NAPI_STATE_NO_BUSY_POLL, &cell->napi.state);
		netif_napi_add(dev, &cell->napi, poll);
		napi_enable(&cell->napi);
	}
	an->batch_dev = dev;
	/* Pairs with adit_batch_waits(). */
	smp_store_release(&an->batch, batch);
	return 0;
}

void adit_batch_stop(struct adit_net *an)
{
	int cpu;

	ASSERT_RTNL();
	if (!an->batch)
		return;
	synchronize_net();
	for_each_possible_cpu(cpu) {
		struct adit_batch_cpu *cell = per_cpu_ptr(an->batch, cpu);

		napi_disable(&cell->napi);
		__netif_napi_del(&cell->napi);
		__skb_queue_purge(&cell->queue);
	}
	synchronize_net();
	free_percpu(an->batch);
	an->batch = NULL;
	adit_dummy_free(an->batch_dev);
}
