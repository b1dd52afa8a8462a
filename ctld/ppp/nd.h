/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ICMPv6 on a subscriber's link: neighbour discovery (RFC 4861), what RFC 8106 adds
 * to it, echo (RFC 4443). Bytes and values, nothing else; ppp/router speaks it.
 */
#ifndef PPP_ND_H
#define PPP_ND_H

#include "ppp/ip6.h"

#define ND_DNS_MAX 2
#define ND_PREFIX_MAX 2
#define ND_ROUTE_MAX 4
#define ND_FOREVER UINT32_MAX

enum nd_what {
	ND_INVALID, /* to be dropped, says RFC 4861 6.1.1, 7.1.1 */
	ND_OTHER, /* none of our business */
	ND_ROUTER_SOLICIT,
	ND_NEIGHBOUR_SOLICIT,
	ND_ECHO_REQUEST,
};

/* Of a packet whose next header is ICMPv6. target: whom a neighbour asks for. */
enum nd_what nd_parse(const struct ip6_packet *p, struct addr *target);

struct nd_prefix {
	struct addr net; /* family 0: none */
	uint8_t len;
	bool autonomous; /* hosts make addresses of it (RFC 4862) */
	uint32_t valid, preferred; /* seconds */
};

/* RFC 4191: that leads here too. */
struct nd_route {
	struct addr net; /* family 0: none */
	uint8_t len;
};

struct nd_ra {
	bool managed, other; /* DHCPv6 has addresses, has something */
	uint16_t lifetime; /* seconds; 0: no default router */
	uint32_t mtu; /* 0: no such option */
	struct nd_prefix prefix[ND_PREFIX_MAX];
	struct nd_route route[ND_ROUTE_MAX];
	uint32_t route_lifetime; /* seconds */
	struct addr dns[ND_DNS_MAX]; /* family 0: none */
	uint32_t dns_lifetime; /* seconds */
};

/* Bodies of packets, without checksum. */
void nd_put_ra(struct wr *w, const struct nd_ra *ra);
/* solicited: the one that has asked has an address to be answered at. */
void nd_put_na(struct wr *w, const struct addr *target, bool solicited);
void nd_put_echo_reply(struct wr *w, const struct ip6_packet *request);

#endif /* PPP_ND_H */
