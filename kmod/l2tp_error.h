/* SPDX-License-Identifier: GPL-2.0 */
/* ICMP errors for what an endpoint sent. */
#ifndef ADIT_L2TP_ERROR_H
#define ADIT_L2TP_ERROR_H

#include "compat.h"

struct sk_buff;
struct sock;

/* encap_err_rcv. Context: BH off, RCU. */
ADIT_ENCAP_ERR(adit_l2tp_error);
/* encap_err_lookup: 0, or the error is not believed. Context: BH off, RCU. */
int adit_l2tp_check_error(struct sock *sk, struct sk_buff *skb);

#endif /* ADIT_L2TP_ERROR_H */
