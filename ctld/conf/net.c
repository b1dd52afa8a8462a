/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Setters of addresses, prefixes and pools; see value.h. */
#include "conf/value.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POOL_PREFIX_MIN 8 /* a shorter one is a mistake */

/* Of one host: not "this network", loopback, multicast, broadcast. */
static bool host_v4(uint32_t a)
{
	return a >> 24 && a >> 24 != 127 && a >> 28 < 14;
}

static bool is_multicast(const struct addr *a)
{
	return a->family == AF_INET ? a->b[0] >= 224 : a->b[0] == 0xff;
}

CONF_SETTER(set_addr)
{
	struct addr a;

	(void)l;
	(void)n;
	if (addr_parse(text[0], &a) || is_multicast(&a))
		return "an IPv4 or IPv6 address of one host";
	*(struct addr *)((char *)object + o->offset) = a;
	return NULL;
}

CONF_SETTER(set_addr4)
{
	struct addr a;

	(void)l;
	(void)n;
	if (addr_parse(text[0], &a) || a.family != AF_INET ||
	    !host_v4(addr_to_v4(&a)))
		return "an IPv4 address of one host";
	*(struct addr *)((char *)object + o->offset) = a;
	return NULL;
}

CONF_SETTER(set_servers)
{
	struct addr *to = (struct addr *)((char *)object + o->offset);

	(void)l;
	for (size_t i = 0; i < n; i++)
		if (n > PPP_DNS_MAX || addr_parse(text[i], &to[i]) ||
		    to[i].family != AF_INET)
			return "one or two IPv4 addresses";
	return NULL;
}

static unsigned int host_bits(const struct addr *a, unsigned int len)
{
	unsigned int set = 0;

	for (unsigned int bit = len; bit < addr_len(a) * 8; bit++)
		set |= a->b[bit / 8] & 0x80 >> bit % 8;
	return set;
}

static void clear_host_bits(struct addr *a, unsigned int len)
{
	for (unsigned int bit = len; bit < addr_len(a) * 8; bit++)
		a->b[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
}

/* "192.0.2.0/24", or an address alone. */
static const char *parse_prefix(struct conf_loading *l, const char *text,
				struct addr *net, uint8_t *len)
{
	static const char what[] = "an address, '/' and a length";
	char ip[ADDR_STRLEN];
	const char *slash = strchr(text, '/');
	size_t n = slash ? (size_t)(slash - text) : strlen(text);
	unsigned long bits;
	char *end;

	if (n >= sizeof(ip))
		return what;
	snprintf(ip, sizeof(ip), "%.*s", (int)n, text);
	if (addr_parse(ip, net))
		return what;
	bits = addr_len(net) * 8;
	if (slash) {
		unsigned long max = bits;

		bits = strtoul(slash + 1, &end, 10);
		if (slash[1] < '0' || slash[1] > '9' || *end || bits > max)
			return what;
	}
	*len = (uint8_t)bits;
	if (!host_bits(net, *len))
		return NULL;
	clear_host_bits(net, *len);
	snprintf(l->expected, sizeof(l->expected), "%s/%u", addr_str(net, ip),
		 *len);
	return l->expected;
}

CONF_SETTER(set_net)
{
	struct conf_destination *d = object;

	(void)o;
	(void)n;
	return parse_prefix(l, text[0], &d->net, &d->prefix_len);
}

CONF_SETTER(set_pool_prefix)
{
	static const char both[] = "either 'range' or 'prefix', not both";
	struct conf_pool *p = object;
	const char *wrong = p->net.family ? both :
					    parse_prefix(l, text[0], &p->net,
							 &p->prefix_len);
	uint32_t size;

	(void)o;
	(void)n;
	if (wrong)
		return wrong;
	if (p->net.family != AF_INET || p->prefix_len < POOL_PREFIX_MIN ||
	    !host_v4(addr_to_v4(&p->net)))
		return "an IPv4 prefix of hosts, /8 to /32";
	size = 1u << (32 - p->prefix_len);
	p->first = addr_to_v4(&p->net);
	p->last = p->first + size - 1;
	if (size > 2) { /* neither the network's nor the broadcast address */
		p->first++;
		p->last--;
	}
	p->whole = true;
	return NULL;
}

/* What is routed to the device is the smallest prefix around the range. */
CONF_SETTER(set_pool_range)
{
	struct conf_pool *p = object;
	struct addr first, last;
	char copy[2 * ADDR_STRLEN];
	char *dash;
	uint8_t len = 32;

	(void)l;
	(void)o;
	(void)n;
	snprintf(copy, sizeof(copy), "%s", text[0]);
	dash = strchr(copy, '-');
	if (dash)
		*dash++ = 0;
	if (!dash || addr_parse(copy, &first) || addr_parse(dash, &last) ||
	    first.family != AF_INET || last.family != AF_INET ||
	    !host_v4(addr_to_v4(&first)) || !host_v4(addr_to_v4(&last)) ||
	    addr_to_v4(&first) > addr_to_v4(&last))
		return "two IPv4 addresses of hosts as \"FIRST-LAST\"";
	p->first = addr_to_v4(&first);
	p->last = addr_to_v4(&last);
	while (len && (p->first ^ p->last) >> (32 - len))
		len--;
	if (len < POOL_PREFIX_MIN)
		return "a range inside one prefix of /8 or longer";
	p->net = first;
	clear_host_bits(&p->net, len);
	p->prefix_len = len;
	return NULL;
}
