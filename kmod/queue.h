/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Datagrams of one pair of addresses that are not whole yet.
 *
 * A queue has its own lock: fragments of one pair have no ports to be spread by, so
 * they come on one CPU, and a flood of one pair's stays its own. Oldest first is
 * one list, whatever the reason: time, distance, budget of the pair, budget of the
 * namespace. Of the latter, who has none to give makes another pay, in turn.
 *
 * A queue lives in its pair, which is freed after a grace period: hooks and the
 * worker look at it under RCU. Flushed, it takes nothing any more. The worker looks
 * at queues in the namespace's list `active` only. It arms itself while there are
 * any; a queue joins the list with its first datagram and leaves it by the worker.
 * So there is one timer of a namespace, at most 250 a second.
 */
#ifndef ADIT_QUEUE_H
#define ADIT_QUEUE_H

#include "datagram.h"

#define ADIT_QUEUE_SLOTS 64

struct adit_queue {
	spinlock_t lock; /* of all here but active */
	bool dead;
	u32 bytes;
	u64 last_serial;
	struct list_head ages; /* oldest first */
	struct hlist_head slots[ADIT_QUEUE_SLOTS];
	struct list_head active; /* under an->frags.lock */
};

void adit_queue_init(struct adit_queue *q);
/* Takes the fragment. A datagram that it made whole is the caller's to join and to
 * free, the fragment in it; NULL: it waits, or was dropped and counted. Context: BH
 * off, RCU.
 */
struct adit_datagram *adit_queue_add(struct adit_net *an, struct adit_queue *q,
				     const struct adit_frag *f,
				     struct sk_buff *skb);
/* For good. Context: process. */
void adit_queue_flush(struct adit_net *an, struct adit_queue *q);
/* Counts and frees a datagram's fragments. Context: BH off. */
void adit_queue_discard(struct adit_net *an, struct adit_datagram *dg,
			enum adit_drop why);

/* The namespace's worker: before the first queue, after the last. Context: process.
 */
void adit_queue_start(struct adit_net *an);
void adit_queue_stop(struct adit_net *an);

#endif /* ADIT_QUEUE_H */
