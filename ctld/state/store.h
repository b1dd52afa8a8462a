/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the restart memory holds of a box, and the writing of it: one record for
 * each tunnel, established session and subscriber that is up. The reading is
 * state/restore's; the two functions of a kind stand side by side here so that
 * they cannot drift apart.
 */
#ifndef STATE_STORE_H
#define STATE_STORE_H

#include "base/buf.h"
#include "bng/box.h"
#include "bng/subscriber.h"
#include "state/file.h"

struct store_subscriber {
	uint64_t id;
	enum subscriber_state state;
	struct kern_link access;
	struct kern_link to;
	struct pppoe_client client;
	uint16_t session_id; /* of the L2TP session; 0: none */
	char profile[CONF_NAME_MAX + 1];
	char user[PPP_NAME_MAX + 1];
	struct addr address;
	bool from_pool;
	msec_t since;
};

void store_box(struct state_file *sf, struct box *b);
void store_ended(struct state_file *sf, struct box *b, const struct ended *e);
void store_ended_gone(struct state_file *sf, const struct ended *e);
void store_counted(struct state_file *sf, struct box *b);
void store_orders(struct state_file *sf, struct box *b);
void store_tunnel(struct state_file *sf, const struct l2tp_tunnel *t);
void store_session(struct state_file *sf, const struct l2tp_session *s);
void store_subscriber(struct state_file *sf, const struct subscriber *s);
void store_tunnel_gone(struct state_file *sf, const struct l2tp_tunnel *t);
void store_session_gone(struct state_file *sf, const struct l2tp_session *s);
void store_subscriber_gone(struct state_file *sf, const struct subscriber *s);

/* The fixed part of a subscriber's record; PPP's follows in r. 0 or -EINVAL. */
int store_read_subscriber(struct rd *r, struct store_subscriber *out);
/* The fixed part of a tunnel's record: its cookie, or 0 of one that was only tried and
 * is in no kernel; L2TP's follows.
 */
uint64_t store_read_tunnel(struct rd *r);

/* 0 or -EINVAL. */
int store_read_ended(struct rd *r, struct ended *out);

#endif /* STATE_STORE_H */
