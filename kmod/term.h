/* SPDX-License-Identifier: GPL-2.0 */
/* IP of a terminated link enters the stack here. */
#ifndef ADIT_TERM_H
#define ADIT_TERM_H

#include "object.h"

/* A PPP frame of IPv4 or IPv6, data at the protocol field. Takes the skb. False:
 * it is not for the device (IPv6 of the link): it is the caller's still.
 * Context: BH off, RCU.
 */
bool adit_term_rx(struct adit_term *term, struct adit_link *link, u16 proto,
		  struct sk_buff *skb);

#endif /* ADIT_TERM_H */
