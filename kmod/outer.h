/* SPDX-License-Identifier: GPL-2.0 */
/* What an outer header says besides addresses and ports. */
#ifndef ADIT_OUTER_H
#define ADIT_OUTER_H

#include "object.h"

#define ADIT_TOS_CONTROL 0xc0 /* CS6 */

struct adit_outer {
	u8 tos;
	bool csum; /* UDP's */
	bool df; /* not to be cut */
	bool ipsec; /* or not at all */
};

/* Of a tunnel's data, by what the tunnel inherits from the frame, data at the
 * protocol field. Context: BH off, RCU.
 */
void adit_outer_inherit(u8 flags, const struct sk_buff *skb,
			struct adit_outer *o);
/* The outer ECN goes into the IP packet of a PPP frame as it came (RFC 6040 4.2).
 * False: congestion is marked outside, and inside nobody would hear of it.
 * Context: BH off, RCU.
 */
bool adit_outer_ecn(u8 ecn, struct sk_buff *skb);

/* control: it is a frame of PPP's own. */
static inline void adit_outer_of(const struct adit_tunnel *t,
				 const struct sk_buff *skb, bool control,
				 struct adit_outer *o)
{
	u8 flags = READ_ONCE(t->outer);

	o->tos = control ? ADIT_TOS_CONTROL : READ_ONCE(t->tos);
	o->csum = READ_ONCE(t->udp_csum);
	o->df = false;
	o->ipsec = flags & ADIT_OUTER_IPSEC;
	if (unlikely(flags & ADIT_OUTER_INHERIT))
		adit_outer_inherit(flags, skb, o);
}

#endif /* ADIT_OUTER_H */
