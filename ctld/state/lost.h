/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tunnels that have a record and are not taken up again, and their calls: stand-ins
 * that are in no host, of which accounting tells the end. Their records are forgotten
 * when that is told, not before.
 */
#ifndef STATE_LOST_H
#define STATE_LOST_H

#include "bng/box.h"
#include "state/file.h"
#include "state/store.h"

struct lost {
	struct box *box;
	struct hash tunnels, calls; /* by id */
};

void lost_init(struct lost *l, struct box *b);
/* A tunnel's record is of such a one. */
void lost_tunnel(struct lost *l, uint64_t cookie, const struct l2tp_lost *t,
		 const struct store_account *account);
/* A session's; false: it is of another tunnel, or makes no sense. */
bool lost_call(struct lost *l, struct rd r);
/* The stand-in of that id; NULL: none. */
struct l2tp_session *lost_find(const struct lost *l, uint16_t id);
/* After all subscribers: the tunnels' ends are told, the records go. */
void lost_end(struct lost *l, struct state_file *sf, msec_t now);

#endif /* STATE_LOST_H */
