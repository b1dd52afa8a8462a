/* SPDX-License-Identifier: GPL-2.0 */
/* PPPoE in: the ingress hook of an access port. */
#ifndef ADIT_PPPOE_RX_H
#define ADIT_PPPOE_RX_H

#include <linux/netfilter.h>

struct sk_buff;

/* The hook; priv is the port. Context: BH off, RCU. */
unsigned int adit_pppoe_hook(void *priv, struct sk_buff *skb,
			     const struct nf_hook_state *state);

#endif /* ADIT_PPPOE_RX_H */
