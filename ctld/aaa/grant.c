/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Grants as bytes: a field is its number, its length and its value, an entry of a
 * list is a field of its own. Called by bng/subscriber. See grant.h.
 */
#include "aaa/grant.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

enum kind {
	NUMBER, /* uint32_t */
	NUMBER64,
	ADDRESS,
	PREFIX,
	ROUTE,
	TEXT,
	OCTETS,
};

/* id: what is written. A number is never used again for something else. */
struct field {
	uint8_t id;
	enum kind kind;
	size_t offset, size; /* of an entry */
	unsigned int n; /* entries */
};

#define ONE(id, kind, member)                                      \
	{                                                          \
		id, kind, offsetof(struct aaa_grant, member),      \
			sizeof(((struct aaa_grant *)0)->member), 1 \
	}
#define LIST_OF(id, kind, member, n)                                  \
	{                                                             \
		id, kind, offsetof(struct aaa_grant, member),         \
			sizeof(((struct aaa_grant *)0)->member[0]), n \
	}

static const struct field fields[] = {
	ONE(1, ADDRESS, address),
	ONE(2, NUMBER, netmask_len),
	ONE(3, ADDRESS, address6),
	ONE(4, PREFIX, prefix6),
	ONE(5, PREFIX, delegated),
	ONE(6, NUMBER64, interface_id),
	ONE(7, TEXT, pool),
	ONE(8, TEXT, pool6),
	ONE(9, TEXT, pool_address6),
	ONE(10, TEXT, pool_delegated),
	LIST_OF(11, ROUTE, routes, AAA_ROUTES_MAX),
	LIST_OF(12, ADDRESS, dns, AAA_SERVERS_MAX),
	LIST_OF(13, ADDRESS, nbns, AAA_SERVERS_MAX),
	LIST_OF(14, ADDRESS, dns6, AAA_SERVERS_MAX),
	ONE(15, TEXT, vrf),
	ONE(16, NUMBER, mtu),
	ONE(17, NUMBER, session_timeout),
	ONE(18, NUMBER, idle_timeout),
	ONE(19, NUMBER, interim_interval),
	ONE(20, NUMBER, port_limit),
	ONE(21, NUMBER, rate_up),
	ONE(22, NUMBER, rate_down),
	ONE(23, TEXT, filter),
	ONE(24, TEXT, user),
	LIST_OF(25, OCTETS, class, AAA_CLASSES_MAX),
	ONE(26, OCTETS, cui),
	ONE(40, NUMBER, speed_method),
	LIST_OF(41, PREFIX, told_routes, AAA_TOLD_ROUTES_MAX),
	ONE(42, TEXT, policy_up),
	ONE(43, TEXT, policy_down),
	ONE(44, NUMBER, nas_port_method),
};

#define N_FIELDS (sizeof(fields) / sizeof(fields[0]))

static const void *entry(const struct aaa_grant *g, const struct field *f,
			 unsigned int i)
{
	return (const char *)g + f->offset + i * f->size;
}

static bool is_said(const void *v, enum kind kind)
{
	switch (kind) {
	case NUMBER:
		return *(const uint32_t *)v;
	case NUMBER64:
		return *(const uint64_t *)v;
	case ADDRESS:
		return ((const struct addr *)v)->family;
	case PREFIX:
		return ((const struct aaa_prefix *)v)->net.family;
	case ROUTE:
		return ((const struct aaa_route *)v)->to.net.family;
	case TEXT:
		return *(const char *)v;
	case OCTETS:
		return ((const struct aaa_octets *)v)->len;
	}
	return false;
}

static void put_prefix(struct wr *w, const struct aaa_prefix *p)
{
	wr_u8(w, p->len);
	wr_bytes(w, p->net.b, addr_len(&p->net));
}

static void put_value(struct wr *w, const void *v, enum kind kind)
{
	const struct aaa_route *route = v;
	const struct aaa_octets *octets = v;
	const struct addr *a = v;

	switch (kind) {
	case NUMBER:
		wr_u32(w, *(const uint32_t *)v);
		break;
	case NUMBER64:
		wr_u64(w, *(const uint64_t *)v);
		break;
	case ADDRESS:
		wr_bytes(w, a->b, addr_len(a));
		break;
	case PREFIX:
		put_prefix(w, v);
		break;
	case ROUTE:
		wr_u32(w, route->metric);
		put_prefix(w, &route->to);
		break;
	case TEXT:
		wr_bytes(w, v, strlen(v));
		break;
	case OCTETS:
		wr_bytes(w, octets->b, octets->len);
		break;
	}
}

static void put_entry(struct wr *w, const struct field *f, const void *v)
{
	uint8_t buf[AAA_TEXT_MAX];
	struct wr value = wr_make(buf, sizeof(buf));

	put_value(&value, v, f->kind);
	wr_u8(w, f->id);
	wr_u8(w, (uint8_t)wr_len(&value));
	wr_bytes(w, buf, wr_len(&value));
}

void aaa_grant_write(const struct aaa_grant *g, struct wr *w)
{
	for (const struct field *f = fields; f < fields + N_FIELDS; f++)
		for (unsigned int i = 0; i < f->n; i++) {
			const void *v = entry(g, f, i);

			if (!is_said(v, f->kind))
				break;
			put_entry(w, f, v);
		}
}

/* The rest of r: of 4 or of 16 bytes. */
static void get_addr(struct rd *r, struct addr *a)
{
	size_t len = rd_left(r);

	if (len != 4 && len != 16)
		r->err = true;
	a->family = len == 4 ? AF_INET : AF_INET6;
	rd_copy(r, a->b, len);
}

static void get_prefix(struct rd *r, struct aaa_prefix *p)
{
	p->len = rd_u8(r);
	get_addr(r, &p->net);
	if (!r->err && p->len > addr_len(&p->net) * 8)
		r->err = true;
}

static void get_text(struct rd *r, char *to, size_t size)
{
	size_t len = rd_left(r);

	if (len >= size || memchr(r->p, 0, len)) {
		r->err = true;
		return;
	}
	rd_copy(r, to, len);
}

static void get_value(struct rd *r, void *v, const struct field *f)
{
	struct aaa_route *route = v;
	struct aaa_octets *octets = v;

	switch (f->kind) {
	case NUMBER:
		*(uint32_t *)v = rd_u32(r);
		break;
	case NUMBER64:
		*(uint64_t *)v = rd_u64(r);
		break;
	case ADDRESS:
		get_addr(r, v);
		break;
	case PREFIX:
		get_prefix(r, v);
		break;
	case ROUTE:
		route->metric = rd_u32(r);
		get_prefix(r, &route->to);
		break;
	case TEXT:
		get_text(r, v, f->size);
		break;
	case OCTETS:
		octets->len = (uint8_t)rd_left(r);
		if (octets->len > sizeof(octets->b))
			r->err = true;
		else
			rd_copy(r, octets->b, octets->len);
		break;
	}
	if (rd_left(r))
		r->err = true;
}

static const struct field *find(uint8_t id)
{
	for (const struct field *f = fields; f < fields + N_FIELDS; f++)
		if (f->id == id)
			return f;
	return NULL;
}

/* Where the next entry of f goes; NULL: it has all. */
static void *next_entry(struct aaa_grant *g, const struct field *f)
{
	for (unsigned int i = 0; i < f->n; i++)
		if (!is_said(entry(g, f, i), f->kind))
			return (char *)g + f->offset + i * f->size;
	return NULL;
}

int aaa_grant_read(struct aaa_grant *g, struct rd *r)
{
	memset(g, 0, sizeof(*g));
	while (rd_left(r)) {
		const struct field *f = find(rd_u8(r));
		struct rd value = rd_sub(r, rd_u8(r));
		void *to = f ? next_entry(g, f) : NULL;

		if (r->err || (f && !to))
			return -EINVAL;
		if (!f)
			continue;
		get_value(&value, to, f);
		if (value.err || !is_said(to, f->kind))
			return -EINVAL;
	}
	return r->err ? -EINVAL : 0;
}

void aaa_grant_merge(struct aaa_grant *to, const struct aaa_grant *from)
{
	for (const struct field *f = fields; f < fields + N_FIELDS; f++)
		if (is_said(entry(from, f, 0), f->kind))
			memcpy((char *)to + f->offset, entry(from, f, 0),
			       f->size * f->n);
}
