/* SPDX-License-Identifier: GPL-2.0 */
/* L2TP in: what the UDP socket of an endpoint receives. */
#ifndef ADIT_L2TP_RX_H
#define ADIT_L2TP_RX_H

struct sk_buff;
struct sock;

/* encap_rcv. Never returns a packet to the socket. Context: BH off, RCU. */
int adit_l2tp_rcv(struct sock *sk, struct sk_buff *skb);

#endif /* ADIT_L2TP_RX_H */
