/* SPDX-License-Identifier: GPL-2.0 */
/* Differences between kernels. skb_gso_segment moved to a header of its own. */
#ifndef ADIT_COMPAT_H
#define ADIT_COMPAT_H

#include <linux/netdevice.h>

#ifdef ADIT_HAVE_GSO_H
#include <net/gso.h>
#endif

#endif /* ADIT_COMPAT_H */
