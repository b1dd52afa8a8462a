/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Order while a link is being bound to a link. Frames of both that the listener
 * has not read yet must go before those that the module switches: so what comes
 * from now on waits here. A mark goes up behind the last frame that was punted;
 * the listener sends what it reads before the mark, and then makes the binding.
 *
 * A hold lives from its making to the binding, or until either link is bound
 * otherwise, unbound or removed. Links point at it under RCU; references are those
 * of the links (one for both) and of the mark's callback. What waits is bounded in
 * frames, in memory and in time: whoever does not make the binding only delays it.
 */
#ifndef ADIT_HOLD_H
#define ADIT_HOLD_H

#include "object.h"

struct adit_hold {
	struct adit_net *an;
	struct list_head list; /* an->holds, under an->lock */
	unsigned long due; /* jiffies; then the module makes the binding */
	bool ended; /* under an->lock */
	refcount_t refs;

	spinlock_t lock; /* of all that follows */
	bool open; /* nothing waits any more */
	unsigned int sent; /* of what waited */
	struct adit_link *end[2]; /* both NULL: left */
	struct sk_buff_head queue[2]; /* of what each end sent */

	struct rcu_head mark;
	struct rcu_head rcu;
};

/* 0, or -ENOMEM. Context: process, an->lock held; neither is bound or held. */
int adit_hold_start(struct adit_link *a, struct adit_link *b);
/* The hold of this binding, or NULL. Context: process, an->lock held. */
struct adit_hold *adit_hold_between(struct adit_link *a, struct adit_link *b);
/* What waits, and where it goes; NULL: nothing, and it is open. BH off. */
struct sk_buff *adit_hold_next(struct adit_hold *h, struct adit_link **to);
/* The binding is made. Context: process, an->lock held. */
void adit_hold_end(struct adit_hold *h);
/* Of whatever hold the link is: what waits is dropped. Context: process, an->lock
 * held.
 */
void adit_hold_leave(struct adit_link *link);

/* A frame of a link that is not bound. True: it was taken. *to: not taken, and that
 * is where it goes; NULL: up. Context: BH off, RCU.
 */
bool adit_hold_rx(struct adit_link *link, struct sk_buff *skb,
		  struct adit_link **to);

#endif /* ADIT_HOLD_H */
