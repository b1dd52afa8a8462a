/* SPDX-License-Identifier: GPL-2.0 */
/* L2TP out: data of a session; UDP datagrams of an endpoint. */
#ifndef ADIT_L2TP_TX_H
#define ADIT_L2TP_TX_H

#include "object.h"

/* Room that a PPP frame is given in front: Ethernet, IPv4, UDP, L2TP, FF 03. Most
 * packets have that from their NIC; what a longer header needs is asked for when it
 * is known.
 */
#define ADIT_L2TP_HEADROOM (16 + 20 + 8 + 6 + 2)

/* A PPP frame, data at the protocol field; a super-packet only without sequence
 * numbers. Takes the skb. False: it was dropped and counted. Context: BH off, RCU.
 */
bool adit_session_xmit(struct adit_session *s, struct sk_buff *skb);
/* The largest IP packet that gets to the session's peer in one piece, as far as is
 * known. Context: BH off, RCU.
 */
u32 adit_session_path_mtu(struct adit_session *s);
/* A control message, data at the L2TP header; by IPsec or, where ipsec is false, as
 * the kernel's policies have it. Takes the skb. Context: BH off, RCU. 0 or -errno.
 */
int adit_endpoint_xmit(struct adit_endpoint *ep, const struct adit_ip *to,
		       __be16 port, bool ipsec, struct sk_buff *skb);

#endif /* ADIT_L2TP_TX_H */
