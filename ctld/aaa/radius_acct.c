/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Accounting events as attributes; see radius_acct.h. Called by aaa/spool, bng/account. */
#include "aaa/radius_acct.h"

#include "aaa/radius_number.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define VERSION 1 /* of what is kept */

bool radius_acct_has_counts(enum acct_status s)
{
	return s == ACCT_STOP || s == ACCT_INTERIM || s == ACCT_TUNNEL_STOP ||
	       s == ACCT_LINK_STOP;
}

/* -------------------------------------------------------------------- describing */

static void put_octets(struct wr *w, uint8_t type, const struct aaa_octets *o)
{
	if (o->len)
		radius_put(w, type, o->b, o->len);
}

/* RFC 3162 2.3, RFC 4818 3: no more bytes than the prefix has. */
static void put_prefix(struct wr *w, uint8_t type, const struct aaa_prefix *p)
{
	uint8_t b[2 + 16] = { 0, p->len };

	if (p->net.family != AF_INET6)
		return;
	memcpy(b + 2, p->net.b, 16);
	radius_put(w, type, b, 2 + (p->len + 7u) / 8);
}

static void put_addresses(struct wr *w, const struct acct_subject *s)
{
	if (s->address.family == AF_INET)
		radius_put(w, RADIUS_FRAMED_IP_ADDRESS, s->address.b, 4);
	if (s->address6.family == AF_INET6)
		radius_put(w, RADIUS_FRAMED_IPV6_ADDRESS, s->address6.b, 16);
	put_prefix(w, RADIUS_FRAMED_IPV6_PREFIX, &s->prefix6);
	put_prefix(w, RADIUS_DELEGATED_IPV6_PREFIX, &s->delegated);
	if (s->interface_id) {
		uint8_t b[8];
		struct wr id = wr_make(b, sizeof(b));

		wr_u64(&id, s->interface_id);
		radius_put(w, RADIUS_FRAMED_INTERFACE_ID, b, sizeof(b));
	}
}

/* There is one: no tags. */
static void put_tunnel(struct wr *w, const struct acct_tunnel *t)
{
	char text[ADDR_STRLEN];

	radius_put_u32(w, RADIUS_TUNNEL_TYPE, RADIUS_TUNNEL_L2TP);
	radius_put_u32(w, RADIUS_TUNNEL_MEDIUM_TYPE,
		       t->server.family == AF_INET6 ? RADIUS_MEDIUM_IPV6 :
						      RADIUS_MEDIUM_IPV4);
	radius_put_text(w, RADIUS_TUNNEL_CLIENT_ENDPOINT,
			addr_str(&t->client, text));
	radius_put_text(w, RADIUS_TUNNEL_SERVER_ENDPOINT,
			addr_str(&t->server, text));
	radius_put_text(w, RADIUS_TUNNEL_ASSIGNMENT_ID, t->assignment);
	radius_put_text(w, RADIUS_TUNNEL_CLIENT_AUTH_ID, t->client_name);
	radius_put_text(w, RADIUS_TUNNEL_SERVER_AUTH_ID, t->server_name);
	radius_put_text(w, RADIUS_ACCT_TUNNEL_CONNECTION, t->connection);
}

static void put_subscriber(struct wr *w, const struct acct_subject *s)
{
	radius_put_u32(w, RADIUS_SERVICE_TYPE, RADIUS_SERVICE_FRAMED);
	radius_put_u32(w, RADIUS_FRAMED_PROTOCOL, RADIUS_FRAMED_PPP);
	radius_port_put(w, s->port);
	radius_put_text(w, RADIUS_ACCT_MULTI_SESSION_ID, s->port->session);
	if (s->authentic)
		radius_put_u32(w, RADIUS_ACCT_AUTHENTIC, s->authentic);
	put_addresses(w, s);
}

int radius_acct_describe(struct acct_event *e, const struct acct_subject *s)
{
	struct wr w = wr_make(e->attributes, sizeof(e->attributes));

	radius_put_text(&w, RADIUS_USER_NAME, s->user);
	if (s->port)
		put_subscriber(&w, s);
	else
		radius_put_text(&w, RADIUS_ACCT_SESSION_ID, s->session);
	for (int i = 0; s->grant && i < AAA_CLASSES_MAX; i++)
		put_octets(&w, RADIUS_CLASS, &s->grant->class[i]);
	if (s->grant)
		put_octets(&w, RADIUS_CHARGEABLE_USER_IDENTITY, &s->grant->cui);
	if (s->tunnel)
		put_tunnel(&w, s->tunnel);
	if (s->terminate)
		radius_put_u32(&w, RADIUS_ACCT_TERMINATE_CAUSE, s->terminate);
	if (s->disconnect)
		radius_put_vendor(&w, RADIUS_ERX, RADIUS_ERX_DISCONNECT_CAUSE,
				  s->disconnect, strlen(s->disconnect));
	e->len = w.err ? 0 : wr_len(&w);
	return w.err ? -E2BIG : 0;
}

/* ----------------------------------------------------------------------- keeping */

void radius_acct_save(const struct acct_event *e, struct wr *w)
{
	size_t len = strlen(e->group);

	wr_u8(w, VERSION);
	wr_u8(w, (uint8_t)e->status);
	wr_u64(w, e->session);
	wr_u32(w, e->at);
	wr_u32(w, e->seconds);
	wr_u64(w, e->counts.in_octets);
	wr_u64(w, e->counts.in_packets);
	wr_u64(w, e->counts.out_octets);
	wr_u64(w, e->counts.out_packets);
	wr_u8(w, (uint8_t)len);
	wr_bytes(w, e->group, len);
	wr_bytes(w, e->attributes, e->len);
}

static bool known(unsigned int status)
{
	return status && status <= ACCT_LINK_REJECT &&
	       (status <= ACCT_INTERIM || status >= ACCT_ON);
}

static bool well_formed(const uint8_t *b, size_t len)
{
	size_t i = 0;

	while (i < len) {
		if (len - i < 3 || b[i + 1] < 3 || b[i + 1] > len - i)
			return false;
		i += b[i + 1];
	}
	return true;
}

int radius_acct_load(struct acct_event *e, struct rd *r)
{
	const uint8_t *group;
	size_t len;

	memset(e, 0, sizeof(*e));
	if (rd_u8(r) != VERSION)
		return -EINVAL;
	e->status = rd_u8(r);
	e->session = rd_u64(r);
	e->at = rd_u32(r);
	e->seconds = rd_u32(r);
	e->counts.in_octets = rd_u64(r);
	e->counts.in_packets = rd_u64(r);
	e->counts.out_octets = rd_u64(r);
	e->counts.out_packets = rd_u64(r);
	len = rd_u8(r);
	group = rd_bytes(r, len);
	if (r->err || len > ACCT_GROUP_MAX || memchr(group, 0, len) ||
	    !known(e->status) || rd_left(r) > sizeof(e->attributes))
		return -EINVAL;
	memcpy(e->group, group, len);
	e->len = rd_left(r);
	rd_copy(r, e->attributes, e->len);
	return r->err || !well_formed(e->attributes, e->len) ? -EINVAL : 0;
}

/* ----------------------------------------------------------------------- sending */

/* RFC 2869 5.1, 5.2: the gigawords say how often the 32 bits went round. */
static void put_octet_count(struct wr *w, uint8_t low, uint8_t high, uint64_t n)
{
	radius_put_u32(w, low, (uint32_t)n);
	if (n >> 32)
		radius_put_u32(w, high, (uint32_t)(n >> 32));
}

/* The RFCs have nothing for packets above 32 bits. */
static void put_packet_count(struct wr *w, uint8_t low, uint8_t erx_high,
			     uint64_t n)
{
	radius_put_u32(w, low, (uint32_t)n);
	if (n >> 32)
		radius_put_vendor_u32(w, RADIUS_ERX, erx_high,
				      (uint32_t)(n >> 32));
}

static void put_counts(struct wr *w, const struct acct_event *e)
{
	const struct acct_counts *c = &e->counts;

	radius_put_u32(w, RADIUS_ACCT_SESSION_TIME, e->seconds);
	put_octet_count(w, RADIUS_ACCT_INPUT_OCTETS,
			RADIUS_ACCT_INPUT_GIGAWORDS, c->in_octets);
	put_octet_count(w, RADIUS_ACCT_OUTPUT_OCTETS,
			RADIUS_ACCT_OUTPUT_GIGAWORDS, c->out_octets);
	put_packet_count(w, RADIUS_ACCT_INPUT_PACKETS,
			 RADIUS_ERX_INPUT_GIGAPKTS, c->in_packets);
	put_packet_count(w, RADIUS_ACCT_OUTPUT_PACKETS,
			 RADIUS_ERX_OUTPUT_GIGAPKTS, c->out_packets);
}

size_t radius_acct_write(const struct acct_event *e,
			 const struct radius_nas *nas, const char *secret,
			 uint8_t id, uint32_t delay, void *packet)
{
	struct wr w = wr_make(packet, RADIUS_PACKET_MAX);

	radius_begin_signed(&w, RADIUS_ACCOUNTING_REQUEST, id);
	radius_put_u32(&w, RADIUS_ACCT_STATUS_TYPE, e->status);
	radius_access_put_nas(&w, nas);
	wr_bytes(&w, e->attributes, e->len);
	if (radius_acct_has_counts(e->status))
		put_counts(&w, e);
	radius_put_u32(&w, RADIUS_EVENT_TIMESTAMP, e->at);
	radius_put_u32(&w, RADIUS_ACCT_DELAY_TIME, delay);
	radius_extra_put(nas->extra, &w);
	return radius_finish_signed(&w, secret);
}
