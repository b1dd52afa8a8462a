// SPDX-License-Identifier: GPL-2.0
/* See orphan.h. Called by netlink and main. */
#include "orphan.h"

#include <linux/rtnetlink.h>

#include "teardown.h"

static bool is_listened_to(const struct adit_net *an)
{
	int i;

	for (i = 0; i < ADIT_N_CLASSES; i++)
		if (READ_ONCE(an->portid[i]))
			return true;
	return false;
}

/* It may have been on its way when the last listener went: then it is not due. */
static void work(struct work_struct *w)
{
	struct adit_net *an =
		container_of(to_delayed_work(w), struct adit_net, orphan_work);

	rtnl_lock();
	mutex_lock(&an->lock);
	if (an->started && !an->dying && READ_ONCE(an->orphan_timeout) &&
	    !is_listened_to(an) &&
	    time_after_eq(jiffies, READ_ONCE(an->orphan_due)))
		adit_remove_all(an);
	mutex_unlock(&an->lock);
	rtnl_unlock();
}

void adit_orphan_init(struct adit_net *an)
{
	INIT_DELAYED_WORK(&an->orphan_work, work);
}

void adit_orphan_watch(struct adit_net *an)
{
	unsigned long delay = READ_ONCE(an->orphan_timeout) * HZ;

	if (!delay || is_listened_to(an)) {
		cancel_delayed_work(&an->orphan_work);
		return;
	}
	WRITE_ONCE(an->orphan_due, jiffies + delay);
	mod_delayed_work(system_long_wq, &an->orphan_work, delay);
}

void adit_orphan_end(struct adit_net *an)
{
	cancel_delayed_work_sync(&an->orphan_work);
}
