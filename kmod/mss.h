/* SPDX-License-Identifier: GPL-2.0 */
/* The MSS of subscribers' TCP connections. */
#ifndef ADIT_MSS_H
#define ADIT_MSS_H

#include <linux/skbuff.h>

#define ADIT_MSS_MIN 64 /* less is no MSS but a mistake */
#define ADIT_MSS_HEADERS 40 /* IPv4 and TCP: an MTU less these is its MSS */

/* Data at the PPP protocol: a SYN's MSS becomes at most mss, over IPv6 20 less. No
 * other packet changes. True: it was more. Context: BH off.
 */
bool adit_mss_clamp(struct sk_buff *skb, u16 mss);

#endif /* ADIT_MSS_H */
