/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who the DHCPv6 server of this box is: the same after each start (RFC 8415 11). */
#ifndef BNG_DUID_H
#define BNG_DUID_H

#include "ppp/dhcp6.h"

void duid_make(struct dhcp6_duid *d, const char *hostname);

#endif /* BNG_DUID_H */
