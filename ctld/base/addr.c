/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses as text, bytes and socket addresses. */
#include "base/addr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

bool addr_eq(const struct addr *a, const struct addr *b)
{
	return a->family == b->family && !memcmp(a->b, b->b, addr_len(a));
}

bool addr_is_any(const struct addr *a)
{
	static const uint8_t any[sizeof(a->b)];

	return !memcmp(a->b, any, addr_len(a));
}

bool addr_in(const struct addr *a, const struct addr *net, unsigned int len)
{
	if (a->family != net->family || memcmp(a->b, net->b, len / 8))
		return false;
	return !(len % 8) ||
	       !((a->b[len / 8] ^ net->b[len / 8]) & 0xff00 >> len % 8 & 0xff);
}

void addr_mask(struct addr *a, unsigned int len)
{
	for (unsigned int bit = len; bit < addr_len(a) * 8; bit++)
		a->b[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
}

int addr_parse(const char *text, struct addr *a)
{
	memset(a, 0, sizeof(*a));
	if (inet_pton(AF_INET, text, a->b) == 1)
		a->family = AF_INET;
	else if (inet_pton(AF_INET6, text, a->b) == 1)
		a->family = AF_INET6;
	else
		return -EINVAL;
	return 0;
}

int addr_from_bytes(const void *b, size_t len, struct addr *a)
{
	if (len != 4 && len != 16)
		return -EINVAL;
	memset(a, 0, sizeof(*a));
	a->family = len == 4 ? AF_INET : AF_INET6;
	memcpy(a->b, b, len);
	return 0;
}

struct addr addr_v4(uint32_t host_order)
{
	struct addr a = { .family = AF_INET };
	uint32_t n = htonl(host_order);

	memcpy(a.b, &n, 4);
	return a;
}

uint32_t addr_to_v4(const struct addr *a)
{
	uint32_t n;

	memcpy(&n, a->b, 4);
	return ntohl(n);
}

const char *addr_str(const struct addr *a, char out[ADDR_STRLEN])
{
	if (!a->family || !inet_ntop(a->family, a->b, out, ADDR_STRLEN))
		snprintf(out, ADDR_STRLEN, "-");
	return out;
}

const char *addr_port_str(const struct addr_port *a, char out[ADDR_STRLEN])
{
	char ip[INET6_ADDRSTRLEN] = "-";

	if (a->addr.family)
		inet_ntop(a->addr.family, a->addr.b, ip, sizeof(ip));
	snprintf(out, ADDR_STRLEN,
		 a->addr.family == AF_INET6 ? "[%s]:%u" : "%s:%u", ip, a->port);
	return out;
}

socklen_t addr_to_sockaddr(const struct addr_port *a,
			   struct sockaddr_storage *ss)
{
	memset(ss, 0, sizeof(*ss));
	if (a->addr.family == AF_INET6) {
		struct sockaddr_in6 *s6 = (struct sockaddr_in6 *)ss;

		s6->sin6_family = AF_INET6;
		s6->sin6_port = htons(a->port);
		memcpy(&s6->sin6_addr, a->addr.b, 16);
		return sizeof(*s6);
	}
	struct sockaddr_in *s4 = (struct sockaddr_in *)ss;

	s4->sin_family = AF_INET;
	s4->sin_port = htons(a->port);
	memcpy(&s4->sin_addr, a->addr.b, 4);
	return sizeof(*s4);
}

int addr_from_sockaddr(const struct sockaddr *sa, struct addr_port *a)
{
	if (sa->sa_family == AF_INET) {
		const struct sockaddr_in *s4 = (const void *)sa;

		a->port = ntohs(s4->sin_port);
		return addr_from_bytes(&s4->sin_addr, 4, &a->addr);
	}
	if (sa->sa_family == AF_INET6) {
		const struct sockaddr_in6 *s6 = (const void *)sa;

		a->port = ntohs(s6->sin6_port);
		return addr_from_bytes(&s6->sin6_addr, 16, &a->addr);
	}
	return -EINVAL;
}

const char *mac_str(const uint8_t m[6], char out[MAC_STRLEN])
{
	snprintf(out, MAC_STRLEN, "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1],
		 m[2], m[3], m[4], m[5]);
	return out;
}
