/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPv6CP of the network side (RFC 5072): both ends get an interface identifier,
 * and two that differ.
 */
#ifndef PPP_IPV6CP_H
#define PPP_IPV6CP_H

#include "ppp/cp.h"

/* 0: any. */
struct ipv6cp_conf {
	uint64_t local;
	uint64_t peer;
};

struct ipv6cp {
	struct cp cp;
	struct ipv6cp_conf conf;
	uint64_t ours;
	uint64_t peer; /* as acknowledged */
	uint64_t wish; /* of the peer's last request */
};

void ipv6cp_init(struct ipv6cp *i, const struct ipv6cp_conf *conf,
		 const struct cp_owner *owner);

#endif /* PPP_IPV6CP_H */
