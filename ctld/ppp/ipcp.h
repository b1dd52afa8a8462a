/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPCP of the network side (RFC 1332, RFC 1877): we say our address, the peer is
 * told its own and the name servers'.
 */
#ifndef PPP_IPCP_H
#define PPP_IPCP_H

#include "ppp/cp.h"

#define IPCP_DNS_MAX 2

/* IPv4 in host order; 0: none. */
struct ipcp_conf {
	uint32_t local; /* ours */
	uint32_t peer; /* the subscriber's */
	uint32_t dns[IPCP_DNS_MAX];
	uint32_t nbns[IPCP_DNS_MAX];
};

struct ipcp {
	struct cp cp;
	const struct ipcp_conf *conf;
	uint8_t addr_naks; /* of our own address */
	bool no_addr; /* the peer will not hear it */
	bool other_addr; /* the peer wants one that it has not been given */
};

/* conf stays where it is. */
void ipcp_init(struct ipcp *i, const struct ipcp_conf *conf,
	       const struct cp_owner *owner);

#endif /* PPP_IPCP_H */
