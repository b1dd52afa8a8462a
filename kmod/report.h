/* SPDX-License-Identifier: GPL-2.0 */
/* Objects as netlink attributes: for replies, dumps and notifications. */
#ifndef ADIT_REPORT_H
#define ADIT_REPORT_H

#include "object.h"

/* The attributes of one object. 0 or -EMSGSIZE. Context: process, lock held. */
typedef int adit_put_fn(struct sk_buff *msg, void *object);

adit_put_fn adit_put_endpoint; /* struct adit_endpoint, and so on */
adit_put_fn adit_put_tunnel;
adit_put_fn adit_put_session;
adit_put_fn adit_put_port;
adit_put_fn adit_put_pppoe;
adit_put_fn adit_put_underlay;

/* An attribute of a list that ends with {}. */
struct adit_count {
	int attr;
	u64 value;
};

/* 0 or -EMSGSIZE. */
int adit_put_counts(struct sk_buff *msg, int pad,
		    const struct adit_count *counts);
/* As an attribute of their own. */
int adit_put_counts_nest(struct sk_buff *msg, int attr, int pad,
			 const struct adit_count *counts);

/* To the multicast group. Context: process, lock held. */
void adit_notify_endpoint(int cmd, struct adit_endpoint *ep);
void adit_notify_tunnel(int cmd, struct adit_tunnel *t);
void adit_notify_session(int cmd, struct adit_session *s);
void adit_notify_port(int cmd, struct adit_port *port);
void adit_notify_pppoe(int cmd, struct adit_pppoe *p);
void adit_notify_underlay(int cmd, struct adit_underlay *u);
/* SESSION_* or PPPOE_*, as it is. */
void adit_notify_bound(struct adit_link *link);

#endif /* ADIT_REPORT_H */
