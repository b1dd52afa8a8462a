/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Administrative states and counters along the levels; see level.h. */
#include "l2tp/level.h"

#include <stddef.h>

const char *l2tp_admin_name(enum l2tp_admin a)
{
	static const char *const name[L2TP_ADMINS] = {
		[L2TP_ENABLED] = "enabled",
		[L2TP_DRAIN] = "drain",
		[L2TP_SHUTDOWN] = "shutdown",
	};

	return name[a];
}

enum l2tp_admin l2tp_level_effective(const struct l2tp_level *l)
{
	enum l2tp_admin strictest = L2TP_ENABLED;

	for (; l; l = l->up)
		if (l->admin > strictest)
			strictest = l->admin;
	return strictest;
}

void l2tp_level_count(struct l2tp_level *l, enum l2tp_kind kind,
		      enum l2tp_fact fact)
{
	static const struct {
		int total, pending, active, failed, auth_errors;
	} change[L2TP_FACTS] = {
		[L2TP_BEGUN] = { .total = 1, .pending = 1 },
		[L2TP_UP] = { .pending = -1, .active = 1 },
		[L2TP_FAILED] = { .pending = -1, .failed = 1 },
		[L2TP_ENDED] = { .active = -1 },
		[L2TP_REFUSED] = { .total = 1, .failed = 1 },
		[L2TP_AUTH_ERROR] = { .auth_errors = 1 },
	};

	for (; l; l = l->up) {
		struct l2tp_tally *t = &l->below[kind];

		t->total += (uint64_t)change[fact].total;
		t->pending += (uint32_t)change[fact].pending;
		t->active += (uint32_t)change[fact].active;
		t->failed += (uint64_t)change[fact].failed;
		t->auth_errors += (uint64_t)change[fact].auth_errors;
	}
}

unsigned int l2tp_level_pending(const struct l2tp_level *l)
{
	return l->below[L2TP_TUNNELS].pending + l->below[L2TP_SESSIONS].pending;
}
