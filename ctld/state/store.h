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
	bool taken; /* by restore: there is a subscriber */
	struct rd parts; /* of state/part */
};

void store_box(struct state_file *sf, struct box *b);
void store_ended(struct state_file *sf, struct box *b, const struct ended *e);
void store_ended_gone(struct state_file *sf, const struct ended *e);
void store_past(struct state_file *sf, struct box *b, const struct past *p);
void store_past_gone(struct state_file *sf, const struct past *p);
void store_counted(struct state_file *sf, struct box *b);
void store_orders(struct state_file *sf, struct box *b);
void store_definition(struct state_file *sf, struct box *b,
		      const struct definition *d);
void store_definition_gone(struct state_file *sf, const struct definition *d);
void store_lockout(struct state_file *sf, struct box *b,
		   const struct lockout *l);
void store_lockout_gone(struct state_file *sf, const struct lockout *l);
void store_returned(struct state_file *sf, struct box *b, uint64_t key,
		    const void *data, size_t len);
void store_servers(struct state_file *sf, struct box *b,
		   const struct radius_client *c);
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

/* What follows that: how it is accounted, whatever becomes of its definition. */
struct store_account {
	char group[CONF_NAME_MAX + 1]; /* "": it is not */
	char local_name[L2TP_NAME_MAX + 1];
};

/* 0 or -EINVAL. */
int store_read_account(struct rd *r, struct store_account *out);

/* 0 or -EINVAL. */
int store_read_lockout(struct rd *r, struct lockout *out);
int store_read_ended(struct rd *r, struct ended *out);
int store_read_past(struct rd *r, struct past *out);

#endif /* STATE_STORE_H */
