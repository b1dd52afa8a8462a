/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Setters of addresses, prefixes and pools; see value.h. */
#include "conf/value.h"

#include "conf/memory.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POOL_PREFIX_MIN 8 /* a shorter one is a mistake */
#define HOST_NAME_LEN 253
#define LABEL_LEN 63

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

	if (!addr_parse(text[0], &a) && addr_is_any(&a))
		return "an IPv4 or IPv6 address of one host";
	return set_addr_or_any(l, o, object, text, n);
}

CONF_SETTER(set_addr_or_any)
{
	struct addr a;

	(void)l;
	(void)n;
	if (addr_parse(text[0], &a) || is_multicast(&a))
		return "an IPv4 or IPv6 address of one host";
	*(struct addr *)((char *)object + o->offset) = a;
	return NULL;
}

/* Labels of letters, digits, hyphens; the last one is no number, or "192.0.2.300" were
 * a name. A dot may end it: no search list then.
 */
static bool host_name(const char *t)
{
	size_t len = strlen(t), label;
	bool good = len && len <= HOST_NAME_LEN, number = true;

	while (good && *t) {
		label = strcspn(t, ".");
		good = label && label <= LABEL_LEN && t[0] != '-' &&
		       t[label - 1] != '-' &&
		       strspn(t, "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") ==
			       strlen(t);
		number = strspn(t, "0123456789") >= label;
		t += label + (t[label] == '.');
	}
	return good && !number;
}

CONF_SETTER(set_radius_address)
{
	struct conf_radius_server *s = object;
	struct addr *a = &s->server.remote.addr;

	(void)o;
	(void)n;
	if (!addr_parse(text[0], a) && !is_multicast(a) && !addr_is_any(a))
		return NULL;
	if (a->family || !host_name(text[0]))
		return "an IPv4 or IPv6 address of one host, or a host name";
	s->server.host = conf_strdup(l->conf, text[0]);
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

/* Of one host that others can reach: neither link-local nor loopback. */
static bool host_v6(const struct addr *a)
{
	static const struct in6_addr none = IN6ADDR_ANY_INIT;
	static const struct in6_addr loopback = IN6ADDR_LOOPBACK_INIT;

	return a->family == AF_INET6 && a->b[0] != 0xff &&
	       !(a->b[0] == 0xfe && (a->b[1] & 0xc0) == 0x80) &&
	       memcmp(a->b, &none, 16) && memcmp(a->b, &loopback, 16);
}

CONF_SETTER(set_addr6)
{
	struct addr a;

	(void)l;
	(void)n;
	if (addr_parse(text[0], &a) || !host_v6(&a))
		return "an IPv6 address of one host";
	*(struct addr *)((char *)object + o->offset) = a;
	return NULL;
}

CONF_SETTER(set_servers6)
{
	struct addr *to = (struct addr *)((char *)object + o->offset);

	(void)l;
	for (size_t i = 0; i < n; i++)
		if (n > ND_DNS_MAX || addr_parse(text[i], &to[i]) ||
		    !host_v6(&to[i]))
			return "one or two IPv6 addresses";
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
	addr_mask(net, *len);
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

CONF_SETTER(set_pool6_prefix)
{
	struct conf_pool6 *p = object;
	const char *wrong = parse_prefix(l, text[0], &p->net, &p->prefix_len);

	(void)o;
	(void)n;
	if (wrong)
		return wrong;
	if (!host_v6(&p->net) || p->prefix_len < POOL_PREFIX_MIN)
		return "an IPv6 prefix, /8 or longer";
	return NULL;
}

CONF_SETTER(set_client_net)
{
	struct conf_dae_client *c = object;

	(void)o;
	(void)n;
	return parse_prefix(l, text[0], &c->client.net, &c->client.prefix_len);
}

CONF_SETTER(set_pool_prefix)
{
	static const char both[] = "either 'range' or 'prefix', not both";
	struct conf_pool *p = object;
	struct conf_range *r = p->ranges;
	const char *wrong =
		p->n_ranges ? both :
			      parse_prefix(l, text[0], &r->net, &r->prefix_len);
	uint32_t size;

	(void)o;
	(void)n;
	if (wrong)
		return wrong;
	if (r->net.family != AF_INET || r->prefix_len < POOL_PREFIX_MIN ||
	    !host_v4(addr_to_v4(&r->net)))
		return "an IPv4 prefix of hosts, /8 to /32";
	size = 1u << (32 - r->prefix_len);
	r->range.first = addr_to_v4(&r->net);
	r->range.last = r->range.first + size - 1;
	if (size > 2) { /* neither the network's nor the broadcast address */
		r->range.first++;
		r->range.last--;
	}
	p->n_ranges = 1;
	p->whole = true;
	return NULL;
}

static const char *parse_range(const char *text, struct conf_range *r)
{
	struct addr first, last;
	char copy[2 * ADDR_STRLEN];
	char *dash;
	uint8_t len = 32;

	snprintf(copy, sizeof(copy), "%s", text);
	dash = strchr(copy, '-');
	if (dash)
		*dash++ = 0;
	if (!dash || addr_parse(copy, &first) || addr_parse(dash, &last) ||
	    first.family != AF_INET || last.family != AF_INET ||
	    !host_v4(addr_to_v4(&first)) || !host_v4(addr_to_v4(&last)) ||
	    addr_to_v4(&first) > addr_to_v4(&last))
		return "two IPv4 addresses of hosts as \"FIRST-LAST\"";
	r->range.first = addr_to_v4(&first);
	r->range.last = addr_to_v4(&last);
	while (len && (r->range.first ^ r->range.last) >> (32 - len))
		len--;
	if (len < POOL_PREFIX_MIN)
		return "a range inside one prefix of /8 or longer";
	r->net = first;
	addr_mask(&r->net, len);
	r->prefix_len = len;
	return NULL;
}

CONF_SETTER(set_pool_ranges)
{
	struct conf_pool *p = object;
	const char *wrong = NULL;

	(void)l;
	if (n > (size_t)o->max)
		return "up to 16 ranges";
	for (size_t i = 0; i < n && !wrong; i++)
		wrong = parse_range(text[i], &p->ranges[i]);
	p->n_ranges = wrong ? 0 : n;
	return wrong;
}
