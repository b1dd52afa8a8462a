/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A link and what it is bound to: the one idea of the data path. A frame that
 * comes in on a link goes to what the link is bound to, and nothing here asks
 * whether that makes us a LAC or an LNS.
 */
#ifndef ADIT_LINK_H
#define ADIT_LINK_H

#include <linux/netlink.h>

#include "object.h"

/* A PPP frame came in, as it was in the packet: FF 03 and a one-byte protocol may
 * be there. Takes the skb. Context: BH off, RCU.
 */
void adit_link_rx(struct adit_link *link, struct sk_buff *skb);
/* A PPP frame goes out, data at the two-byte protocol. Takes the skb. Context: BH
 * off, RCU.
 */
void adit_link_xmit(struct adit_link *link, struct sk_buff *skb);
/* Is one being sent on this CPU, and by it another? Context: BH off. */
bool adit_link_nested(void);

/* Bindings. Context: process, an->lock held. */
int adit_link_bind_link(struct adit_link *a, struct adit_link *b,
			struct netlink_ext_ack *extack);
/* Takes over the term, with its addresses, in any case. */
void adit_link_bind_term(struct adit_link *link, struct adit_term *term);
void adit_link_unbind(struct adit_link *link);
struct adit_link *adit_link_to(struct adit_link *link);
struct adit_term *adit_link_term(struct adit_link *link);
/* A device goes away: nobody is bound to it any more; each link is told. */
void adit_link_unbind_device(struct adit_net *an, struct list_head *terms,
			     void (*told)(struct adit_link *link));

#endif /* ADIT_LINK_H */
