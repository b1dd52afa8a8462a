/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPv6 packets of a link's own: header, lengths and checksums (RFC 8200, 4443 2.3).
 * Used by ppp/router; what is inside is nd's and dhcp6's.
 */
#ifndef PPP_IP6_H
#define PPP_IP6_H

#include "base/addr.h"
#include "base/buf.h"

#define IP6_HLEN 40
#define IP6_UDP 17
#define IP6_ICMP 58

struct ip6_packet {
	struct addr src, dst;
	uint8_t hops;
	uint8_t next; /* the header behind IPv6's */
	const uint8_t *body; /* that header and all behind it */
	size_t len;
};

enum ip6_rx { IP6_RX_OK, IP6_RX_MALFORMED, IP6_RX_CHECKSUM };

/* Of UDP and ICMPv6 the checksum is checked; others are taken as they are. */
enum ip6_rx ip6_parse(struct ip6_packet *p, const void *b, size_t len);

/* fe80::/64 and an interface identifier. */
struct addr ip6_link_local(uint64_t id);
bool ip6_is_link_local(const struct addr *a);
bool ip6_is_multicast(const struct addr *a);
/* ff02::LOW */
struct addr ip6_group(uint32_t low);

/* A header; the body is written behind it, with 0 as its checksum. */
void ip6_begin(struct wr *w, uint8_t next, const struct addr *src,
	       const struct addr *dst);
/* The header at offset `at` gets its length, the body its checksum. */
void ip6_end(struct wr *w, size_t at);

#endif /* PPP_IP6_H */
