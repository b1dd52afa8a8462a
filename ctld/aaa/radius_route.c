/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Framed-Route; see radius_route.h. Called by aaa/radius_grant. */
#include "aaa/radius_route.h"

#include <stdlib.h>
#include <string.h>

#define SPACE " \t"

bool radius_mask_len(uint32_t mask, uint32_t *len)
{
	*len = 0;
	while (*len < 32 && mask & 0x80000000 >> *len)
		++*len;
	return *len == 32 || !(mask << *len);
}

/* RFC 2865 5.22: of a class, or a host. */
static uint8_t default_len(const struct addr *a)
{
	if (a->family == AF_INET6)
		return 128;
	if (!addr_to_v4(a))
		return 0;
	if (a->b[3])
		return 32;
	return a->b[0] < 128 ? 8 : a->b[0] < 192 ? 16 : 24;
}

/* "192.0.2.0/24", or without a length. */
static bool parse_prefix(char *text, struct aaa_prefix *p)
{
	char *slash = strchr(text, '/'), *end;
	unsigned long len;

	if (slash)
		*slash = 0;
	if (addr_parse(text, &p->net))
		return false;
	if (!slash) {
		p->len = default_len(&p->net);
		return true;
	}
	len = strtoul(slash + 1, &end, 10);
	if (slash[1] < '0' || slash[1] > '9' || *end ||
	    len > addr_len(&p->net) * 8)
		return false;
	p->len = (uint8_t)len;
	return true;
}

/* 0.0.0.0 is a gateway, with no mask between. */
static bool is_mask(const struct addr *a, uint32_t *len)
{
	return a->family == AF_INET && addr_to_v4(a) &&
	       radius_mask_len(addr_to_v4(a), len);
}

static bool may_be_gateway(const struct addr *a)
{
	return a->family == AF_INET6 || addr_to_v4(a) >> 28 < 0xe;
}

static bool is_number(const char *word)
{
	return word && !word[strspn(word, "0123456789")];
}

bool radius_route_parse(char *text, uint8_t family, struct aaa_route *route)
{
	char *rest, *word = strtok_r(text, SPACE, &rest);
	bool has_len = word && strchr(word, '/');
	struct addr gateway;
	unsigned long v = 0;
	uint32_t len;

	if (!word || !parse_prefix(word, &route->to) ||
	    route->to.net.family != family)
		return false;
	for (bool first = true; (word = strtok_r(NULL, SPACE, &rest));
	     first = false) {
		/* Without a gateway, as some write it. */
		if (has_len && is_number(word))
			break;
		if (addr_parse(word, &gateway) || gateway.family != family)
			return false;
		if (!first || has_len || !is_mask(&gateway, &len)) {
			if (!may_be_gateway(&gateway))
				return false;
			word = strtok_r(NULL, SPACE, &rest);
			break;
		}
		route->to.len = (uint8_t)len;
	}
	addr_mask(&route->to.net, route->to.len);
	/* RFC 2865's example has a metric of -1: that says nothing. */
	if (is_number(word))
		v = strtoul(word, NULL, 10);
	route->metric = v < UINT32_MAX ? (uint32_t)v : UINT32_MAX;
	return true;
}
