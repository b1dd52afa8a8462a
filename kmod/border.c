// SPDX-License-Identifier: GPL-2.0
/*
 * See border.h. Called by netlink, and by a worker that makes the bindings that
 * user space did not make in time: it may have died, or lost the mark.
 */
#include "border.h"

#include "hold.h"
#include "link.h"
#include "report.h"

bool adit_border_hold(struct adit_link *a, struct adit_link *b)
{
	struct adit_net *an = adit_link_net(a);

	lockdep_assert_held(&an->lock);
	if (a == b || !READ_ONCE(an->portid[ADIT_PUNT_PPP]))
		return false;
	/* What is bound to something goes there until it goes elsewhere. */
	if (adit_link_to(a) || adit_link_term(a) || adit_link_to(b) ||
	    adit_link_term(b))
		return false;
	if (adit_hold_between(a, b))
		return true;
	adit_hold_leave(a);
	adit_hold_leave(b);
	return !adit_hold_start(a, b);
}

static void bind_due(struct adit_hold *h)
{
	struct adit_link *a = h->end[0], *b = h->end[1];

	adit_link_bind_link(a, b, NULL);
	adit_notify_bound(b);
	adit_notify_bound(a);
}

static void work(struct work_struct *w)
{
	struct adit_net *an =
		container_of(to_delayed_work(w), struct adit_net, hold_work);
	unsigned long now = jiffies, next = now + MAX_JIFFY_OFFSET;
	struct adit_hold *h, *safe;

	mutex_lock(&an->lock);
	list_for_each_entry_safe(h, safe, &an->holds, list) {
		unsigned long due = READ_ONCE(h->due);

		if (time_before_eq(due, now))
			bind_due(h);
		else if (time_before(due, next))
			next = due;
	}
	/* Not later than whoever was in a hurry meanwhile has asked for. */
	if (!list_empty(&an->holds))
		queue_delayed_work(system_wq, &an->hold_work, next - now);
	mutex_unlock(&an->lock);
}

void adit_border_init(struct adit_net *an)
{
	INIT_LIST_HEAD(&an->holds);
	INIT_DELAYED_WORK(&an->hold_work, work);
}

void adit_border_end(struct adit_net *an)
{
	cancel_delayed_work_sync(&an->hold_work);
}
