/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The DHCPv6 server of one link (RFC 8415 18.3). What it lends is the session's and
 * known before anybody asks; a lease only says who has it. One client is behind a
 * PPP link: whoever asks last has it.
 */
#ifndef PPP_DHCP6_SERVER_H
#define PPP_DHCP6_SERVER_H

#include "ppp/dhcp6.h"

/* What there is. */
struct dhcp6_offer {
	const struct dhcp6_duid *server; /* who we are */
	struct dhcp6_lent lent[DHCP6_NKINDS]; /* family 0: nothing */
	struct dhcp6_lent on_link; /* a prefix that hosts make addresses of */
	struct addr dns[DHCP6_DNS_MAX];
	uint32_t preferred, valid; /* seconds */
};

/* Who has it; over a restart too. */
struct dhcp6_lease {
	struct dhcp6_duid client;
	bool bound[DHCP6_NKINDS];
	uint32_t iaid[DHCP6_NKINDS];
	bool declined; /* somebody else has that address, says the client */
};

/* Writes the answer to w, and takes down what it promises. false: RFC 8415 16 says
 * that there is none. unicast: it was sent to us alone, which we never asked for.
 */
bool dhcp6_serve(const struct dhcp6_offer *o, struct dhcp6_lease *l,
		 const struct dhcp6_msg *m, bool unicast, struct wr *w);

#endif /* PPP_DHCP6_SERVER_H */
