/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Express receive: data of established tunnels, taken at a device's ingress hook.
 * What it passes by: routing and reverse-path filter, netfilter's PRE_ROUTING and
 * INPUT, conntrack, IPsec policies, the socket look-up. What it keeps: lengths and
 * checksums of IP and UDP, the peer's address and port.
 */
#ifndef ADIT_EXPRESS_H
#define ADIT_EXPRESS_H

#include <linux/netfilter.h>

#include "batch.h"

extern const struct adit_batch_ops adit_express_batch;

unsigned int adit_express_hook(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state);

#endif /* ADIT_EXPRESS_H */
