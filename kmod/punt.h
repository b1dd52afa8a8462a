/* SPDX-License-Identifier: GPL-2.0 */
/* Frames for user space: classified, rationed, then copied, in this order. */
#ifndef ADIT_PUNT_H
#define ADIT_PUNT_H

#include "object.h"
#include "pppoe_tx.h"

/* They take the skb. Context: BH off, RCU. The tunnel whose peer sent it; NULL: it
 * is of none that is established.
 */
void adit_punt_l2tp(struct adit_endpoint *ep, const struct adit_ip *from,
		    const struct adit_ip *to, __be16 from_port,
		    struct adit_tunnel *t, struct sk_buff *skb);
/* The pppoe that the client ends; NULL: none. */
void adit_punt_pppoe(struct adit_port *port, const struct adit_eth *from,
		     const u8 *to, struct adit_pppoe *pppoe,
		     struct sk_buff *skb);
/* Data at the protocol field. */
void adit_punt_ppp(struct adit_link *link, struct sk_buff *skb);
/* Behind all frames of these links that went up so far: the border at which the one
 * is bound to the other. False: nobody will hear it.
 */
bool adit_punt_mark(struct adit_link *a, struct adit_link *b);
/* A control message to this peer came back with an ICMP error. */
void adit_punt_error(struct adit_endpoint *ep, const struct adit_ip *peer,
		     const struct adit_ip *local, __be16 peer_port, int err);

/* A nest that names the link. 0 or -EMSGSIZE. */
int adit_put_link(struct sk_buff *msg, int attr, struct adit_link *link);
/* Port, tags and address of another end. 0 or -EMSGSIZE. */
int adit_put_eth(struct sk_buff *msg, const struct adit_port *port,
		 const struct adit_eth *eth);
/* An address in the family's size. */
int adit_put_ip(struct sk_buff *msg, int attr, u8 family,
		const struct adit_ip *ip);

#endif /* ADIT_PUNT_H */
