/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Administrative states and counters along the levels; see level.h. */
#include "l2tp/level.h"

#include <stddef.h>

#define RECORD 1 /* version of what is saved */

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

/* All below a system are taken up again: they were counted before. */
static bool is_recall(const struct l2tp_level *l)
{
	while (l->up)
		l = l->up;
	return l->recall;
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
	bool recall = is_recall(l);

	for (; l; l = l->up) {
		struct l2tp_tally *t = &l->below[kind];

		t->pending += (uint32_t)change[fact].pending;
		t->active += (uint32_t)change[fact].active;
		if (recall)
			continue;
		l->changes++;
		t->total += (uint64_t)change[fact].total;
		t->failed += (uint64_t)change[fact].failed;
		t->auth_errors += (uint64_t)change[fact].auth_errors;
	}
}

/* ----------------------------------------------------------------- restart */

void l2tp_level_save(const struct l2tp_level *l, struct wr *w)
{
	wr_u8(w, RECORD);
	wr_u64(w, l->changes);
	for (int i = 0; i < L2TP_KINDS; i++) {
		wr_u64(w, l->below[i].total);
		wr_u64(w, l->below[i].failed + l->below[i].pending);
		wr_u64(w, l->below[i].auth_errors);
	}
}

bool l2tp_level_load(struct l2tp_level *l, struct rd *r)
{
	struct l2tp_level was = { 0 };
	bool known = rd_u8(r) == RECORD;

	was.changes = rd_u64(r);
	for (int i = 0; i < L2TP_KINDS; i++) {
		was.below[i].total = rd_u64(r);
		was.below[i].failed = rd_u64(r);
		was.below[i].auth_errors = rd_u64(r);
	}
	if (!known || r->err)
		return false;
	l2tp_level_recall(l, &was);
	return true;
}

void l2tp_level_recall(struct l2tp_level *l, const struct l2tp_level *was)
{
	if (was->changes <= l->changes)
		return;
	l->changes = was->changes;
	for (int i = 0; i < L2TP_KINDS; i++) {
		const struct l2tp_tally *from = &was->below[i];

		l->below[i].total = from->total;
		l->below[i].failed = from->failed + from->pending;
		l->below[i].auth_errors = from->auth_errors;
	}
}
