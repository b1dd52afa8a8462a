/* SPDX-License-Identifier: GPL-2.0 */
/* IPv4 that is bigger than its subscriber takes, and may be cut. */
#ifndef ADIT_FRAGMENT_H
#define ADIT_FRAGMENT_H

#include "net.h"

typedef int adit_fragment_out(struct net *net, struct sock *sk,
			      struct sk_buff *skb);

/* May it be, to this MTU? Data at the IP header. */
bool adit_fragment_may(const struct sk_buff *skb, u32 mtu);
/* Cuts it to this MTU; `out` gets the pieces. Takes the skb: 0; or it is the
 * caller's still: 1 + why not. Context: BH off.
 */
int adit_fragment(struct adit_net *an, struct sk_buff *skb, u32 mtu,
		  adit_fragment_out *out);

#endif /* ADIT_FRAGMENT_H */
