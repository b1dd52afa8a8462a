/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a subscriber comes in, as RADIUS is told: by an access port, or by a call
 * whose LAC said something of its line.
 */
#ifndef BNG_PORT_H
#define BNG_PORT_H

#include "aaa/aaa.h"
#include "bng/subscriber.h"

/* What a struct aaa_port points to. */
struct port_text {
	char id[KERN_LINK_STRLEN];
	char calling[L2TP_NUMBER_MAX + 1];
	char called[L2TP_NUMBER_MAX + 1];
	char connect[44];
	char session[20];
};

/* out points into t, and to the subscriber's line. */
void port_describe(const struct subscriber *s, struct port_text *t,
		   struct aaa_port *out);
/* NAS-Port: of an access port its place in the configuration (8 bits), outer and
 * inner VLAN (12 each); of a call our tunnel and session id (16 each).
 */
uint32_t port_number(const struct subscriber *s);
/* Keeps what the call's LAC has said; it may say more later. */
void port_of_call(struct subscriber *s, const struct l2tp_call *call);
/* Keeps what a client, and its access node, have said. */
void port_of_client(struct subscriber *s, const struct pppoe_request *r);

/* The same, over a restart. */
void port_restore(struct subscriber *s, const char *calling, const char *called,
		  const struct line *line, uint16_t max_payload);

#endif /* BNG_PORT_H */
