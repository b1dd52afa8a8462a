/* SPDX-License-Identifier: GPL-2.0 */
/* Frames for user space: classified, rationed, then copied, in this order. */
#ifndef ADIT_PUNT_H
#define ADIT_PUNT_H

#include "object.h"
#include "pppoe_tx.h"

/* Both take the skb. Context: BH off, RCU. */
void adit_punt_l2tp(struct adit_endpoint *ep, const struct adit_ip *from,
		    const struct adit_ip *to, __be16 from_port, u16 tunnel_id,
		    struct sk_buff *skb);
void adit_punt_pppoe(struct adit_port *port, const struct adit_eth *from,
		     const u8 *to, struct sk_buff *skb);
/* Data at the protocol field. */
void adit_punt_ppp(struct adit_link *link, struct sk_buff *skb);

/* A nest that names the link. 0 or -EMSGSIZE. */
int adit_put_link(struct sk_buff *msg, int attr, struct adit_link *link);
/* An address in the family's size. */
int adit_put_ip(struct sk_buff *msg, int attr, u8 family,
		const struct adit_ip *ip);

#endif /* ADIT_PUNT_H */
