/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See departure.h. Called by bng/bng, then by its own timer. */
#include "bng/departure.h"

#include "base/log.h"
#include "bng/cause.h"
#include "bng/subscriber.h"
#include "l2tp/msg.h"

#define INTERVAL SECONDS(1)

static void end_all_in(struct box *b, const struct vrf *vrf, msec_t now)
{
	struct subscriber *s, *next;

	for (s = LIST_FIRST(&b->subscribers); s; s = next) {
		next = LIST_NEXT(s, all);
		if (s->vrf != vrf)
			continue;
		s->account.cause = ACCT_NAS_ERROR;
		subscriber_end(s, now, L2TP_CDN_BUSY_NOW, "its VRF is gone");
	}
}

static void look(struct timer *t, msec_t now)
{
	struct box *b = container_of(t, struct box, vrfs_timer);
	const struct vrf *v;

	while ((v = network_vrf_gone(&b->network))) {
		log_warn("VRF %s is gone: its subscribers end", v->name);
		end_all_in(b, v, now);
		pool6_leave(&b->pools6, v);
		network_leave(&b->network, v);
	}
	timer_set(&b->timers, t, now + INTERVAL);
}

void departure_start(struct box *b, msec_t now)
{
	b->vrfs_timer.fn = look;
	if (b->network.has_data_path)
		timer_set(&b->timers, &b->vrfs_timer, now + INTERVAL);
}
