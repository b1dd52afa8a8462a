/* SPDX-License-Identifier: GPL-2.0 */
/* PPPoE out: frames of a session, discovery frames of a port. */
#ifndef ADIT_PPPOE_TX_H
#define ADIT_PPPOE_TX_H

#include "object.h"

/* A PPP frame, data at the protocol field, no super-packet. Takes the skb.
 * False: it was dropped and counted. Context: BH off, RCU.
 */
bool adit_pppoe_xmit(struct adit_pppoe *p, struct sk_buff *skb);

/* The largest IP packet that the port lets through. Context: BH off, RCU. */
u32 adit_pppoe_mtu(const struct adit_pppoe *p);

/* A frame of this ethertype, data at the PPPoE header. Takes the skb. 0, or
 * -errno: it was dropped and counted. Context: BH off, RCU.
 */
int adit_port_xmit(struct adit_port *port, const struct adit_eth *to,
		   __be16 ethertype, struct sk_buff *skb);

#endif /* ADIT_PPPOE_TX_H */
