/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The levels an operator works with: system, destination, tunnel, session. Each of
 * the first three has an administrative state of its own and counts what is below
 * it; a session is a leaf, with its tunnel above it. What holds is the strictest
 * state of a level and of all above it. Embedded in host, destination and tunnel.
 */
#ifndef L2TP_LEVEL_H
#define L2TP_LEVEL_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

/* The stricter, the greater. */
enum l2tp_admin {
	L2TP_ENABLED,
	L2TP_DRAIN, /* nothing new below it, what is there stays */
	L2TP_SHUTDOWN, /* nothing new, and what was there has been closed */
	L2TP_ADMINS
};

/* What is counted below a level. */
enum l2tp_kind { L2TP_DESTINATIONS, L2TP_TUNNELS, L2TP_SESSIONS, L2TP_KINDS };

/* What becomes of one that is counted. */
enum l2tp_fact {
	L2TP_BEGUN, /* it is being set up */
	L2TP_UP,
	L2TP_FAILED, /* it never came up */
	L2TP_ENDED, /* it was up */
	L2TP_REFUSED, /* asked for, and there never was one */
	L2TP_AUTH_ERROR, /* why it failed or was refused; told as well */
	L2TP_FACTS
};

struct l2tp_tally {
	uint64_t total; /* that were asked for */
	uint64_t failed;
	uint64_t auth_errors;
	uint32_t pending; /* being set up now */
	uint32_t active; /* up now */
};

struct l2tp_level {
	struct l2tp_level *up; /* NULL: the system */
	enum l2tp_admin admin;
	bool recall; /* the system's: a restart, only what is there now counts */
	uint64_t changes; /* of what follows, ever */
	struct l2tp_tally below[L2TP_KINDS];
};

const char *l2tp_admin_name(enum l2tp_admin a);
/* The strictest of its own and those above. */
enum l2tp_admin l2tp_level_effective(const struct l2tp_level *l);
/* At l, which such a one is below of, and at all levels above. */
void l2tp_level_count(struct l2tp_level *l, enum l2tp_kind kind,
		      enum l2tp_fact fact);

/*
 * Restart. Save writes what was counted ever; what is being set up would have failed
 * by then. Load takes it unless l has counted more, false: it makes no sense. What is
 * there now counts itself, as it is taken up.
 */
#define L2TP_LEVEL_RECORD_MAX (1 + 8 + L2TP_KINDS * 3 * 8)
void l2tp_level_save(const struct l2tp_level *l, struct wr *w);
bool l2tp_level_load(struct l2tp_level *l, struct rd *r);
/* The same, of a level that was there before. */
void l2tp_level_recall(struct l2tp_level *l, const struct l2tp_level *was);

#endif /* L2TP_LEVEL_H */
