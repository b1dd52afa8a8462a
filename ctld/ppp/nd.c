// SPDX-License-Identifier: GPL-2.0-or-later
/* See nd.h. PPP has no link-layer addresses, so no option of ours carries one. */
#include "ppp/nd.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))
#define HOPS 255
#define HOP_LIMIT 64 /* that hosts are told to use */
#define NEIGHBOUR_SOLICIT_LEN 24
#define ROUTER_SOLICIT_LEN 8

enum icmp6_type {
	ECHO_REQUEST = 128,
	ECHO_REPLY = 129,
	ROUTER_SOLICIT = 133,
	ROUTER_ADVERT = 134,
	NEIGHBOUR_SOLICIT = 135,
	NEIGHBOUR_ADVERT = 136,
};

enum nd_option {
	SOURCE_LINK = 1,
	PREFIX = 3,
	MTU = 5,
	ROUTE = 24, /* RFC 4191 2.3 */
	RDNSS = 25, /* RFC 8106 5.1 */
};

/* Each has a length, and not 0. Is one a source's link-layer address? */
static bool check_options(struct rd *r, bool *source)
{
	*source = false;
	while (rd_left(r)) {
		uint8_t type = rd_u8(r);
		size_t len = rd_u8(r) * 8u;

		if (len < 8)
			return false;
		*source |= type == SOURCE_LINK;
		rd_bytes(r, len - 2);
	}
	return !r->err;
}

/* Who has no address yet asks a group, and cannot say where it is. */
static bool may_be_from_nobody(const struct ip6_packet *p, bool source)
{
	return !addr_is_any(&p->src) || (!source && ip6_is_multicast(&p->dst));
}

static enum nd_what parse_solicit(const struct ip6_packet *p, enum nd_what what,
				  struct addr *target)
{
	struct rd r = rd_make(p->body, p->len);
	bool source;

	rd_bytes(&r, 8);
	if (p->hops != HOPS || p->body[1])
		return ND_INVALID;
	if (what == ND_NEIGHBOUR_SOLICIT) {
		target->family = AF_INET6;
		rd_copy(&r, target->b, 16);
		if (ip6_is_multicast(target))
			return ND_INVALID;
	}
	if (!check_options(&r, &source) || !may_be_from_nobody(p, source))
		return ND_INVALID;
	return what;
}

enum nd_what nd_parse(const struct ip6_packet *p, struct addr *target)
{
	static const struct {
		uint8_t type, least;
		enum nd_what what;
	} known[] = {
		{ ECHO_REQUEST, 8, ND_ECHO_REQUEST },
		{ ROUTER_SOLICIT, ROUTER_SOLICIT_LEN, ND_ROUTER_SOLICIT },
		{ NEIGHBOUR_SOLICIT, NEIGHBOUR_SOLICIT_LEN,
		  ND_NEIGHBOUR_SOLICIT },
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (p->body[0] != known[i].type)
			continue;
		if (p->len < known[i].least)
			return ND_INVALID;
		return known[i].what == ND_ECHO_REQUEST ?
			       ND_ECHO_REQUEST :
			       parse_solicit(p, known[i].what, target);
	}
	return ND_OTHER;
}

static void put_header(struct wr *w, enum icmp6_type type)
{
	wr_u8(w, type);
	wr_u8(w, 0);
	wr_u16(w, 0); /* checksum: ip6_end */
}

/* Not on-link: what a prefix has beyond its host comes back to us (RFC 8273 4). */
static void put_prefix(struct wr *w, const struct nd_prefix *p)
{
	wr_u8(w, PREFIX);
	wr_u8(w, 4);
	wr_u8(w, p->len);
	wr_u8(w, p->autonomous ? 0x40 : 0);
	wr_u32(w, p->valid);
	wr_u32(w, p->preferred);
	wr_u32(w, 0);
	wr_bytes(w, p->net.b, 16);
}

/* RFC 4191 2.3, of medium preference. */
static void put_route(struct wr *w, const struct nd_route *r, uint32_t lifetime)
{
	wr_u8(w, ROUTE);
	wr_u8(w, r->len > 64 ? 3 : 2);
	wr_u8(w, r->len);
	wr_u8(w, 0);
	wr_u32(w, lifetime);
	wr_bytes(w, r->net.b, r->len > 64 ? 16 : 8);
}

static void put_dns(struct wr *w, const struct nd_ra *ra)
{
	uint8_t n = 0;

	for (size_t i = 0; i < ND_DNS_MAX; i++)
		n += ra->dns[i].family != 0;
	if (!n)
		return;
	wr_u8(w, RDNSS);
	wr_u8(w, (uint8_t)(1 + 2 * n));
	wr_u16(w, 0);
	wr_u32(w, ra->dns_lifetime);
	for (size_t i = 0; i < ND_DNS_MAX; i++)
		wr_bytes(w, ra->dns[i].b, addr_len(&ra->dns[i]));
}

void nd_put_ra(struct wr *w, const struct nd_ra *ra)
{
	put_header(w, ROUTER_ADVERT);
	wr_u8(w, HOP_LIMIT);
	wr_u8(w, (uint8_t)((ra->managed ? 0x80 : 0) | (ra->other ? 0x40 : 0)));
	wr_u16(w, ra->lifetime);
	wr_u32(w, 0); /* reachable time, retransmission: the host's */
	wr_u32(w, 0);
	if (ra->mtu) {
		wr_u8(w, MTU);
		wr_u8(w, 1);
		wr_u16(w, 0);
		wr_u32(w, ra->mtu);
	}
	for (size_t i = 0; i < ND_PREFIX_MAX; i++) {
		if (ra->prefix[i].net.family)
			put_prefix(w, &ra->prefix[i]);
	}
	for (size_t i = 0; i < ND_ROUTE_MAX; i++) {
		if (ra->route[i].net.family)
			put_route(w, &ra->route[i], ra->route_lifetime);
	}
	put_dns(w, ra);
}

void nd_put_na(struct wr *w, const struct addr *target, bool solicited)
{
	put_header(w, NEIGHBOUR_ADVERT);
	/* router, solicited, override */
	wr_u32(w, 0xa0000000u | (solicited ? 0x40000000u : 0));
	wr_bytes(w, target->b, 16);
}

void nd_put_echo_reply(struct wr *w, const struct ip6_packet *request)
{
	put_header(w, ECHO_REPLY);
	wr_bytes(w, request->body + 4, request->len - 4);
}
