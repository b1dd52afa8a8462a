/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attributes that grant something; see radius_grant.h. Called by aaa/radius_access. */
#include "aaa/radius_grant.h"

#include "aaa/radius_number.h"
#include "aaa/radius_route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Framed-IP-Address, RFC 2865 5.8: the user's choice, the NAS's choice. */
#define ADDRESS_USER 0xffffffff
#define ADDRESS_NAS 0xfffffffe

struct row;

/* to: the member of the row. False: it cannot be so. */
typedef bool read_fn(void *to, const struct row *row,
		     const struct radius_attribute *a);

struct row {
	uint32_t vendor;
	uint8_t type;
	read_fn *read;
	size_t offset, size;
	uint32_t n; /* entries of a list */
};

static bool number(const struct radius_attribute *a, uint32_t *v)
{
	struct rd r = rd_make(a->value, a->len);

	*v = rd_u32(&r);
	return !r.err && !rd_left(&r);
}

/* No host's: of this network, loopback, multicast and above. */
static bool no_host(uint32_t v4)
{
	return !(v4 >> 24) || v4 >> 24 == 127 || v4 >> 28 >= 0xe;
}

static bool read_number(void *to, const struct row *row,
			const struct radius_attribute *a)
{
	(void)row;
	return number(a, to);
}

/* What is said to be 0 is lifted; a member that is 0 is not said. */
static uint32_t limit_of(uint32_t v)
{
	return v ? v : AAA_NO_LIMIT;
}

static bool read_limit(void *to, const struct row *row,
		       const struct radius_attribute *a)
{
	uint32_t v;

	(void)row;
	if (!number(a, &v))
		return false;
	*(uint32_t *)to = limit_of(v);
	return true;
}

/* static, dynamic, qos, actual */
static bool read_method(void *to, const struct row *row,
			const struct radius_attribute *a)
{
	uint32_t v;

	(void)row;
	if (!number(a, &v) || v < 1 || v > 4)
		return false;
	*(uint32_t *)to = v;
	return true;
}

/* none, Cisco's AVP */
static bool read_nas_port(void *to, const struct row *row,
			  const struct radius_attribute *a)
{
	uint32_t v;

	(void)row;
	if (!number(a, &v) || v > 1)
		return false;
	*(uint32_t *)to = v + 1;
	return true;
}

/* Bits a second, kept as kbit/s, rounded up: no rate becomes 0. */
static bool read_bits(void *to, const struct row *row,
		      const struct radius_attribute *a)
{
	uint32_t v;

	(void)row;
	if (!number(a, &v))
		return false;
	*(uint32_t *)to = limit_of(v / 1000 + (v % 1000 != 0));
	return true;
}

static bool read_address(void *to, const struct row *row,
			 const struct radius_attribute *a)
{
	uint32_t v;

	(void)row;
	if (!number(a, &v))
		return false;
	if (v == ADDRESS_USER || v == ADDRESS_NAS)
		return true;
	if (no_host(v))
		return false;
	*(struct addr *)to = addr_v4(v);
	return true;
}

static bool read_netmask(void *to, const struct row *row,
			 const struct radius_attribute *a)
{
	uint32_t v, len;

	(void)row;
	if (!number(a, &v) || !radius_mask_len(v, &len))
		return false;
	/* That of a host says nothing. */
	*(uint32_t *)to = len < 32 ? len : 0;
	return true;
}

/* Into a list, or to the one; before those that are there, or after them. Two vendors
 * may say the same.
 */
static bool add_server(struct addr *list, const struct row *row, bool first,
		       const struct addr *a)
{
	uint32_t n = 0;

	for (; n < row->n && list[n].family; n++)
		if (addr_eq(&list[n], a))
			return true;
	if (n == row->n)
		return false;
	if (first)
		memmove(list + 1, list, n * sizeof(*list));
	list[first ? 0 : n] = *a;
	return true;
}

static bool add_server4(struct addr *list, const struct row *row, bool first,
			const struct radius_attribute *a)
{
	struct addr server;
	uint32_t v;

	if (!number(a, &v) || no_host(v))
		return false;
	server = addr_v4(v);
	return add_server(list, row, first, &server);
}

static bool read_primary(void *to, const struct row *row,
			 const struct radius_attribute *a)
{
	return add_server4(to, row, true, a);
}

static bool read_secondary(void *to, const struct row *row,
			   const struct radius_attribute *a)
{
	return add_server4(to, row, false, a);
}

static bool is_global(const uint8_t b[16])
{
	static const uint8_t loopback[16] = { [15] = 1 };
	static const uint8_t none[16];

	return b[0] != 0xff && (b[0] != 0xfe || b[1] < 0x80) &&
	       memcmp(b, loopback, 16) != 0 && memcmp(b, none, 16) != 0;
}

static bool add_address6(struct addr *list, const struct row *row, bool first,
			 const struct radius_attribute *a)
{
	struct addr address = { .family = AF_INET6 };

	if (a->len != 16 || !is_global(a->value))
		return false;
	memcpy(address.b, a->value, 16);
	return add_server(list, row, first, &address);
}

static bool read_address6(void *to, const struct row *row,
			  const struct radius_attribute *a)
{
	return add_address6(to, row, false, a);
}

static bool read_primary6(void *to, const struct row *row,
			  const struct radius_attribute *a)
{
	return add_address6(to, row, true, a);
}

/* RFC 3162 2.3: a zero, a length, and what of the prefix is not zero. */
static bool parse_prefix6(const struct radius_attribute *a,
			  struct aaa_prefix *p)
{
	struct rd r = rd_make(a->value, a->len);
	size_t given;

	*p = (struct aaa_prefix){ .net.family = AF_INET6 };
	rd_u8(&r);
	p->len = rd_u8(&r);
	given = rd_left(&r);
	if (r.err || p->len > 128 || given > 16 || given * 8 < p->len)
		return false;
	rd_copy(&r, p->net.b, given);
	addr_mask(&p->net, p->len);
	return true;
}

/* There may be several, RFC 4818 3 too; a subscriber has one. */
static bool read_prefix6(void *to, const struct row *row,
			 const struct radius_attribute *a)
{
	struct aaa_prefix *had = to, p;

	(void)row;
	if (!parse_prefix6(a, &p) || !p.len || !is_global(p.net.b) ||
	    had->net.family)
		return false;
	*had = p;
	return true;
}

/* RFC 4191 knows ::/0 as well. */
static bool read_told_route(void *to, const struct row *row,
			    const struct radius_attribute *a)
{
	struct aaa_prefix *list = to, p;
	uint32_t i = 0;

	if (!parse_prefix6(a, &p) || (p.len && !is_global(p.net.b)))
		return false;
	while (i < row->n && list[i].net.family)
		i++;
	if (i == row->n)
		return false;
	list[i] = p;
	return true;
}

static bool read_interface_id(void *to, const struct row *row,
			      const struct radius_attribute *a)
{
	struct rd r = rd_make(a->value, a->len);
	uint64_t v = rd_u64(&r);

	(void)row;
	if (r.err || rd_left(&r) || !v)
		return false;
	*(uint64_t *)to = v;
	return true;
}

static bool copy_text(char *to, size_t size, const struct radius_attribute *a)
{
	if (!a->len || a->len >= size || memchr(a->value, 0, a->len))
		return false;
	memcpy(to, a->value, a->len);
	to[a->len] = 0;
	return true;
}

static bool read_text(void *to, const struct row *row,
		      const struct radius_attribute *a)
{
	return copy_text(to, row->size, a);
}

/* A vendor's attribute of what a standard one says as well: that one counts, in
 * whatever order they come.
 */
static bool read_text_unless(void *to, const struct row *row,
			     const struct radius_attribute *a)
{
	return *(const char *)to || copy_text(to, row->size, a);
}

static bool read_octets(void *to, const struct row *row,
			const struct radius_attribute *a)
{
	struct aaa_octets *o = to;

	for (uint32_t i = 0; i < row->n; i++, o++) {
		if (o->len)
			continue;
		if (!a->len || a->len > sizeof(o->b))
			return false;
		o->len = (uint8_t)a->len;
		memcpy(o->b, a->value, a->len);
		return true;
	}
	return false;
}

static bool read_route(void *to, const struct row *row,
		       const struct radius_attribute *a)
{
	struct aaa_route *list = to, route = { 0 };
	uint8_t family = a->type == RADIUS_FRAMED_IPV6_ROUTE ? AF_INET6 :
							       AF_INET;
	char text[AAA_TEXT_MAX + 1];
	uint32_t i = 0;

	if (!copy_text(text, sizeof(text), a) ||
	    !radius_route_parse(text, family, &route))
		return false;
	while (i < row->n && list[i].to.net.family)
		i++;
	if (i == row->n)
		return false;
	list[i] = route;
	return true;
}

/* "2M", "512k", "100000": bits a second, as kbit/s. */
static bool parse_rate(const char **p, uint32_t *kbit)
{
	char *end;
	unsigned long long v = strtoull(*p, &end, 10);

	if (end == *p || v > UINT32_MAX)
		return false;
	if (*end == 'k')
		v *= 1000;
	else if (*end == 'M')
		v *= 1000000;
	else if (*end == 'G')
		v *= 1000000000;
	if (*end == 'k' || *end == 'M' || *end == 'G')
		end++;
	v = (v + 999) / 1000;
	if (v > UINT32_MAX)
		return false;
	*kbit = limit_of((uint32_t)v);
	*p = end;
	return true;
}

/* Mikrotik-Rate-Limit "RX/TX ...": RX is what the subscriber sends; what follows, of
 * bursts and priorities, is not ours.
 */
static bool read_rates(void *to, const struct row *row,
		       const struct radius_attribute *a)
{
	char text[AAA_TEXT_MAX + 1];
	uint32_t up, down;
	const char *p = text;
	uint32_t *rate = to; /* rate_up, rate_down */

	(void)row;
	if (!copy_text(text, sizeof(text), a) || !parse_rate(&p, &up))
		return false;
	down = up;
	if (*p == '/') {
		p++;
		if (!parse_rate(&p, &down))
			return false;
	}
	if (*p && *p != ' ')
		return false;
	rate[0] = up;
	rate[1] = down;
	return true;
}

_Static_assert(offsetof(struct aaa_grant, rate_down) ==
		       offsetof(struct aaa_grant, rate_up) + sizeof(uint32_t),
	       "read_rates writes both");

#define ONE(vendor, type, read, member)                                 \
	{                                                               \
		vendor, type, read, offsetof(struct aaa_grant, member), \
			sizeof(((struct aaa_grant *)0)->member), 1      \
	}
#define LIST_OF(vendor, type, read, member, n)                          \
	{                                                               \
		vendor, type, read, offsetof(struct aaa_grant, member), \
			sizeof(((struct aaa_grant *)0)->member[0]), n   \
	}

static const struct row rows[] = {
	ONE(0, RADIUS_USER_NAME, read_text, user),
	ONE(0, RADIUS_FRAMED_IP_ADDRESS, read_address, address),
	ONE(0, RADIUS_FRAMED_IP_NETMASK, read_netmask, netmask_len),
	ONE(0, RADIUS_FILTER_ID, read_text, filter),
	ONE(0, RADIUS_FRAMED_MTU, read_number, mtu),
	LIST_OF(0, RADIUS_FRAMED_ROUTE, read_route, routes, AAA_ROUTES_MAX),
	LIST_OF(0, RADIUS_CLASS, read_octets, class, AAA_CLASSES_MAX),
	ONE(0, RADIUS_SESSION_TIMEOUT, read_limit, session_timeout),
	ONE(0, RADIUS_IDLE_TIMEOUT, read_limit, idle_timeout),
	ONE(0, RADIUS_PORT_LIMIT, read_limit, port_limit),
	ONE(0, RADIUS_ACCT_INTERIM_INTERVAL, read_limit, interim_interval),
	ONE(0, RADIUS_FRAMED_POOL, read_text, pool),
	ONE(0, RADIUS_CHARGEABLE_USER_IDENTITY, read_octets, cui),
	ONE(0, RADIUS_FRAMED_INTERFACE_ID, read_interface_id, interface_id),
	ONE(0, RADIUS_FRAMED_IPV6_PREFIX, read_prefix6, prefix6),
	LIST_OF(0, RADIUS_FRAMED_IPV6_ROUTE, read_route, routes,
		AAA_ROUTES_MAX),
	ONE(0, RADIUS_FRAMED_IPV6_POOL, read_text, pool6),
	ONE(0, RADIUS_DELEGATED_IPV6_PREFIX, read_prefix6, delegated),
	ONE(0, RADIUS_FRAMED_IPV6_ADDRESS, read_address6, address6),
	LIST_OF(0, RADIUS_DNS_SERVER_IPV6_ADDRESS, read_address6, dns6, 2),
	LIST_OF(0, RADIUS_ROUTE_IPV6_INFORMATION, read_told_route, told_routes,
		AAA_TOLD_ROUTES_MAX),
	ONE(0, RADIUS_DELEGATED_IPV6_PREFIX_POOL, read_text, pool_delegated),
	ONE(0, RADIUS_STATEFUL_IPV6_ADDRESS_POOL, read_text, pool_address6),
	ONE(RADIUS_ERX, RADIUS_ERX_VIRTUAL_ROUTER_NAME, read_text, vrf),
	ONE(RADIUS_ERX, RADIUS_ERX_ADDRESS_POOL_NAME, read_text_unless, pool),
	ONE(RADIUS_ERX, RADIUS_ERX_INGRESS_POLICY_NAME, read_text, policy_up),
	ONE(RADIUS_ERX, RADIUS_ERX_EGRESS_POLICY_NAME, read_text, policy_down),
	ONE(RADIUS_ERX, RADIUS_ERX_QOS_PROFILE_NAME, read_text_unless, filter),
	ONE(RADIUS_ERX, RADIUS_ERX_TUNNEL_NAS_PORT_METHOD, read_nas_port,
	    nas_port_method),
	LIST_OF(RADIUS_ERX, RADIUS_ERX_PRIMARY_DNS, read_primary, dns, 2),
	LIST_OF(RADIUS_ERX, RADIUS_ERX_SECONDARY_DNS, read_secondary, dns, 2),
	LIST_OF(RADIUS_ERX, RADIUS_ERX_PRIMARY_WINS, read_primary, nbns, 2),
	LIST_OF(RADIUS_ERX, RADIUS_ERX_SECONDARY_WINS, read_secondary, nbns, 2),
	LIST_OF(RADIUS_ERX, RADIUS_ERX_IPV6_PRIMARY_DNS, read_primary6, dns6,
		2),
	LIST_OF(RADIUS_ERX, RADIUS_ERX_IPV6_SECONDARY_DNS, read_address6, dns6,
		2),
	ONE(RADIUS_ERX, RADIUS_ERX_TUNNEL_TX_SPEED_METHOD, read_method,
	    speed_method),
	LIST_OF(RADIUS_MICROSOFT, RADIUS_MS_PRIMARY_DNS_SERVER, read_primary,
		dns, 2),
	LIST_OF(RADIUS_MICROSOFT, RADIUS_MS_SECONDARY_DNS_SERVER,
		read_secondary, dns, 2),
	LIST_OF(RADIUS_MICROSOFT, RADIUS_MS_PRIMARY_NBNS_SERVER, read_primary,
		nbns, 2),
	LIST_OF(RADIUS_MICROSOFT, RADIUS_MS_SECONDARY_NBNS_SERVER,
		read_secondary, nbns, 2),
	ONE(RADIUS_WISPR, RADIUS_WISPR_BANDWIDTH_MAX_UP, read_bits, rate_up),
	ONE(RADIUS_WISPR, RADIUS_WISPR_BANDWIDTH_MAX_DOWN, read_bits,
	    rate_down),
	ONE(RADIUS_MIKROTIK, RADIUS_MIKROTIK_RATE_LIMIT, read_rates, rate_up),
};

enum radius_grants radius_grant_read(struct aaa_grant *g,
				     const struct radius_attribute *a)
{
	for (const struct row *row = rows;
	     row < rows + sizeof(rows) / sizeof(rows[0]); row++)
		if (row->vendor == a->vendor && row->type == a->type)
			return row->read((char *)g + row->offset, row, a) ?
				       RADIUS_GRANTS :
				       RADIUS_GRANTS_BADLY;
	return RADIUS_GRANTS_NOT;
}
