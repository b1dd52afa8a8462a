// SPDX-License-Identifier: GPL-2.0-or-later
/* See ip6.h. */
#include "ppp/ip6.h"

#include <string.h>

#define VERSION 0x60000000u
#define HOPS 255 /* of what is meant for this link alone (RFC 4861 3.1) */
#define AT_LENGTH 4
#define AT_NEXT 6
#define AT_SRC 8 /* and the destination behind it */
#define UDP_HLEN 8
#define AT_UDP_LENGTH 4
#define AT_UDP_SUM 6
#define AT_ICMP_SUM 2

static uint32_t sum(uint32_t s, const uint8_t *b, size_t len)
{
	for (; len > 1; b += 2, len -= 2)
		s += (uint32_t)b[0] << 8 | b[1];
	if (len)
		s += (uint32_t)b[0] << 8;
	return s;
}

/* With the pseudo-header (RFC 8200 8.1), of which `ip` has the addresses. */
static uint16_t checksum(const uint8_t *ip, uint8_t next, const uint8_t *body,
			 size_t len)
{
	uint32_t s = sum(next, ip + AT_SRC, 32);

	s = sum(s + (uint32_t)len, body, len);
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return (uint16_t)~s;
}

/* UDP's own length may be less than what is there; its sum is of that much. */
static enum ip6_rx check_body(const uint8_t *ip, struct ip6_packet *p)
{
	if (p->next == IP6_UDP) {
		size_t len;

		if (p->len < UDP_HLEN)
			return IP6_RX_MALFORMED;
		len = (size_t)(p->body[AT_UDP_LENGTH] << 8 |
			       p->body[AT_UDP_LENGTH + 1]);
		if (len < UDP_HLEN || len > p->len)
			return IP6_RX_MALFORMED;
		p->len = len;
		/* None is not allowed over IPv6. */
		if (!p->body[AT_UDP_SUM] && !p->body[AT_UDP_SUM + 1])
			return IP6_RX_CHECKSUM;
	} else if (p->next != IP6_ICMP) {
		return IP6_RX_OK;
	} else if (p->len < 4) {
		return IP6_RX_MALFORMED;
	}
	return checksum(ip, p->next, p->body, p->len) ? IP6_RX_CHECKSUM :
							IP6_RX_OK;
}

enum ip6_rx ip6_parse(struct ip6_packet *p, const void *b, size_t len)
{
	struct rd r = rd_make(b, len);
	uint32_t first = rd_u32(&r);

	*p = (struct ip6_packet){ .len = rd_u16(&r) };
	p->next = rd_u8(&r);
	p->hops = rd_u8(&r);
	p->src.family = p->dst.family = AF_INET6;
	rd_copy(&r, p->src.b, 16);
	rd_copy(&r, p->dst.b, 16);
	p->body = rd_bytes(&r, p->len);
	if (r.err || first >> 28 != VERSION >> 28 || ip6_is_multicast(&p->src))
		return IP6_RX_MALFORMED;
	return check_body(b, p);
}

struct addr ip6_link_local(uint64_t id)
{
	struct addr a = { .family = AF_INET6, .b = { 0xfe, 0x80 } };

	for (int i = 15; i >= 8; i--, id >>= 8)
		a.b[i] = (uint8_t)id;
	return a;
}

bool ip6_is_link_local(const struct addr *a)
{
	return a->b[0] == 0xfe && (a->b[1] & 0xc0) == 0x80;
}

bool ip6_is_multicast(const struct addr *a)
{
	return a->b[0] == 0xff;
}

struct addr ip6_group(uint32_t low)
{
	struct addr a = { .family = AF_INET6, .b = { 0xff, 0x02 } };

	for (int i = 15; i >= 12; i--, low >>= 8)
		a.b[i] = (uint8_t)low;
	return a;
}

void ip6_begin(struct wr *w, uint8_t next, const struct addr *src,
	       const struct addr *dst)
{
	wr_u32(w, VERSION);
	wr_u16(w, 0);
	wr_u8(w, next);
	wr_u8(w, HOPS);
	wr_bytes(w, src->b, 16);
	wr_bytes(w, dst->b, 16);
}

void ip6_end(struct wr *w, size_t at)
{
	uint8_t *ip = w->start + at;
	size_t len = wr_len(w) - at - IP6_HLEN;
	bool udp;
	uint16_t s;

	if (w->err)
		return;
	udp = ip[AT_NEXT] == IP6_UDP;
	wr_patch_u16(w, at + AT_LENGTH, (uint16_t)len);
	if (udp)
		wr_patch_u16(w, at + IP6_HLEN + AT_UDP_LENGTH, (uint16_t)len);
	s = checksum(ip, ip[AT_NEXT], ip + IP6_HLEN, len);
	wr_patch_u16(w, at + IP6_HLEN + (udp ? AT_UDP_SUM : AT_ICMP_SUM),
		     s || !udp ? s : 0xffff);
}
