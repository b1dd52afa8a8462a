// SPDX-License-Identifier: GPL-2.0-or-later
/* See dhcp6.h. Options by their tables; what a server has no use for is passed. */
#include "ppp/dhcp6.h"

#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))

enum dhcp6_option {
	OPTION_CLIENTID = 1,
	OPTION_SERVERID = 2,
	OPTION_IA_NA = 3,
	OPTION_IAADDR = 5,
	OPTION_ORO = 6,
	OPTION_PREFERENCE = 7,
	OPTION_STATUS_CODE = 13,
	OPTION_RAPID_COMMIT = 14,
	OPTION_DNS_SERVERS = 23, /* RFC 3646 */
	OPTION_IA_PD = 25,
	OPTION_IAPREFIX = 26,
};

static const struct {
	uint16_t ia, lent; /* options */
} kinds[DHCP6_NKINDS] = {
	[DHCP6_NA] = { OPTION_IA_NA, OPTION_IAADDR },
	[DHCP6_PD] = { OPTION_IA_PD, OPTION_IAPREFIX },
};

/* ---------------------------------------------------------------- reading */

/* The next option's code and value; false: there is none. */
static bool next(struct rd *r, uint16_t *code, struct rd *value)
{
	if (!rd_left(r))
		return false;
	*code = rd_u16(r);
	*value = rd_sub(r, rd_u16(r));
	return !r->err;
}

/* A second one makes no sense. */
static bool read_duid(struct rd *v, struct dhcp6_duid *d)
{
	size_t len = rd_left(v);

	if (d->len || len < 3 || len > sizeof(d->b))
		return false;
	d->len = (uint8_t)len;
	rd_copy(v, d->b, len);
	return true;
}

static bool read_lent(struct rd *v, struct dhcp6_ia *ia)
{
	struct dhcp6_lent l = { .net.family = AF_INET6, .len = 128 };

	if (ia->kind == DHCP6_PD) {
		rd_u64(v); /* lifetimes: the server says */
		l.len = rd_u8(v);
		rd_copy(v, l.net.b, 16);
	} else {
		rd_copy(v, l.net.b, 16);
		rd_u64(v);
	}
	if (v->err || l.len > 128)
		return false;
	if (ia->n < DHCP6_LENT_MAX)
		ia->lent[ia->n++] = l;
	return true;
}

static bool read_ia(struct rd *v, enum dhcp6_kind kind, struct dhcp6_msg *m)
{
	struct dhcp6_ia ia = { .kind = kind, .id = rd_u32(v) };
	struct rd inner;
	uint16_t code;

	rd_u64(v); /* T1, T2 */
	while (next(v, &code, &inner)) {
		if (code == kinds[kind].lent && !read_lent(&inner, &ia))
			return false;
	}
	if (v->err)
		return false;
	if (m->n_ia < DHCP6_IA_MAX)
		m->ia[m->n_ia++] = ia;
	return true;
}

static bool read_oro(struct rd *v, struct dhcp6_msg *m)
{
	while (rd_left(v))
		m->wants_dns |= rd_u16(v) == OPTION_DNS_SERVERS;
	return !v->err;
}

static bool read_option(struct dhcp6_msg *m, uint16_t code, struct rd *v)
{
	switch (code) {
	case OPTION_CLIENTID:
		return read_duid(v, &m->client);
	case OPTION_SERVERID:
		return read_duid(v, &m->server);
	case OPTION_IA_NA:
		return read_ia(v, DHCP6_NA, m);
	case OPTION_IA_PD:
		return read_ia(v, DHCP6_PD, m);
	case OPTION_ORO:
		return read_oro(v, m);
	case OPTION_RAPID_COMMIT:
		m->rapid = true;
		return true;
	default:
		return true;
	}
}

bool dhcp6_parse(struct dhcp6_msg *m, const void *b, size_t len)
{
	struct rd r = rd_make(b, len);
	uint32_t first = rd_u32(&r);
	struct rd value;
	uint16_t code;

	memset(m, 0, sizeof(*m));
	m->type = (uint8_t)(first >> 24);
	m->xid = first & 0xffffff;
	/* What relays send has another form: it is none of ours. */
	if (r.err || !m->type || m->type >= DHCP6_NTYPES)
		return false;
	while (next(&r, &code, &value)) {
		if (!read_option(m, code, &value))
			return false;
	}
	return !r.err;
}

/* ---------------------------------------------------------------- writing */

static void put_option(struct wr *w, uint16_t code, const void *b, size_t len)
{
	wr_u16(w, code);
	wr_u16(w, (uint16_t)len);
	wr_bytes(w, b, len);
}

void dhcp6_put_header(struct wr *w, enum dhcp6_type type,
		      const struct dhcp6_msg *request,
		      const struct dhcp6_duid *server)
{
	wr_u32(w, (uint32_t)type << 24 | request->xid);
	put_option(w, OPTION_SERVERID, server->b, server->len);
	if (request->client.len)
		put_option(w, OPTION_CLIENTID, request->client.b,
			   request->client.len);
}

void dhcp6_put_rapid(struct wr *w)
{
	put_option(w, OPTION_RAPID_COMMIT, "", 0);
}

void dhcp6_put_preference(struct wr *w, uint8_t preference)
{
	put_option(w, OPTION_PREFERENCE, &preference, 1);
}

void dhcp6_put_dns(struct wr *w, const struct addr dns[DHCP6_DNS_MAX])
{
	size_t len = 0;

	for (size_t i = 0; i < DHCP6_DNS_MAX; i++)
		len += addr_len(&dns[i]);
	if (!len)
		return;
	wr_u16(w, OPTION_DNS_SERVERS);
	wr_u16(w, (uint16_t)len);
	for (size_t i = 0; i < DHCP6_DNS_MAX; i++)
		wr_bytes(w, dns[i].b, addr_len(&dns[i]));
}

void dhcp6_put_status(struct wr *w, enum dhcp6_status s)
{
	static const char *const text[] = {
		[DHCP6_SUCCESS] = "done",
		[DHCP6_NO_ADDRS] = "no address is left",
		[DHCP6_NO_BINDING] = "nothing is lent to this IA",
		[DHCP6_NOT_ON_LINK] = "not an address of this link",
		[DHCP6_USE_MULTICAST] = "ff02::1:2 is where to ask",
		[DHCP6_NO_PREFIX] = "no prefix is left",
	};
	size_t len = strlen(text[s]);

	wr_u16(w, OPTION_STATUS_CODE);
	wr_u16(w, (uint16_t)(2 + len));
	wr_u16(w, s);
	wr_bytes(w, text[s], len);
}

size_t dhcp6_ia_begin(struct wr *w, const struct dhcp6_ia *ia, uint32_t t1,
		      uint32_t t2)
{
	size_t at;

	wr_u16(w, kinds[ia->kind].ia);
	at = wr_len(w);
	wr_u16(w, 0);
	wr_u32(w, ia->id);
	wr_u32(w, t1);
	wr_u32(w, t2);
	return at;
}

void dhcp6_put_lent(struct wr *w, enum dhcp6_kind kind,
		    const struct dhcp6_lent *lent, uint32_t preferred,
		    uint32_t valid)
{
	wr_u16(w, kinds[kind].lent);
	wr_u16(w, kind == DHCP6_PD ? 25 : 24);
	if (kind == DHCP6_NA)
		wr_bytes(w, lent->net.b, 16);
	wr_u32(w, preferred);
	wr_u32(w, valid);
	if (kind == DHCP6_PD) {
		wr_u8(w, lent->len);
		wr_bytes(w, lent->net.b, 16);
	}
}

void dhcp6_ia_end(struct wr *w, size_t at)
{
	if (!w->err)
		wr_patch_u16(w, at, (uint16_t)(wr_len(w) - at - 2));
}
