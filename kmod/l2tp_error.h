/* SPDX-License-Identifier: GPL-2.0 */
/* ICMP errors for control messages of an endpoint. */
#ifndef ADIT_L2TP_ERROR_H
#define ADIT_L2TP_ERROR_H

#include "compat.h"

struct sk_buff;
struct sock;

/* encap_err_rcv. Context: BH off, RCU. */
ADIT_ENCAP_ERR(adit_l2tp_error);

#endif /* ADIT_L2TP_ERROR_H */
