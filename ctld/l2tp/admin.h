/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an operator orders of a level (l2tp/level): drain and shutdown are states of
 * one kind, enabled undoes both. It acts on all that is below. Tunnels are ordered
 * one by one, or by the name of their definition: then those that would be made
 * later obey as well, and so do destinations. Orders outlive a restart.
 */
#ifndef L2TP_ADMIN_H
#define L2TP_ADMIN_H

#include "base/addr.h"
#include "base/buf.h"
#include "base/clock.h"
#include "l2tp/level.h"

#include <stdbool.h>

struct l2tp_host;
struct l2tp_path;
struct l2tp_peer;
struct l2tp_tunnel;

#define L2TP_ORDERS_MAX 100 /* of destinations and names, together */
/* Most that l2tp_admin_save writes. */
#define L2TP_ADMIN_RECORD_MAX (4 + L2TP_ORDERS_MAX * 140)

void l2tp_order_system(struct l2tp_host *h, msec_t now, enum l2tp_admin admin);
/* One that is not known yet may be drained and shut down. 0; -ENOENT: to be
 * enabled, and there is none; -ENOSPC: too many orders.
 */
int l2tp_order_destination(struct l2tp_host *h, msec_t now, const char *vrf,
			   const struct addr *remote, enum l2tp_admin admin);
int l2tp_order_name(struct l2tp_host *h, msec_t now, const char *name,
		    enum l2tp_admin admin);
void l2tp_order_tunnel(struct l2tp_tunnel *t, msec_t now,
		       enum l2tp_admin admin);

/* What holds for a new tunnel of this definition, there. */
enum l2tp_admin l2tp_admin_towards(const struct l2tp_host *h,
				   const struct l2tp_path *path,
				   const struct l2tp_peer *peer);
enum l2tp_admin l2tp_admin_of_name(const struct l2tp_host *h, const char *name);

/* Restart: all orders but those of single tunnels, which their records have. Load
 * comes before the tunnels'; false: it makes no sense.
 */
void l2tp_admin_save(const struct l2tp_host *h, struct wr *w);
bool l2tp_admin_load(struct l2tp_host *h, msec_t now, struct rd *r);
/* Restart, when the tunnels are there: an order may have been stored and not carried
 * out.
 */
void l2tp_admin_enforce(struct l2tp_host *h, msec_t now);
void l2tp_admin_free(struct l2tp_host *h);

#endif /* L2TP_ADMIN_H */
