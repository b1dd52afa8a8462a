/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a subscriber comes in; see port.h. Called by bng/access and bng/lns, which
 * know, and by whoever asks RADIUS. RFC 2865 5.5, 5.30, 5.31, 5.41; RFC 2869 5.11,
 * 5.17; RFC 4679.
 */
#include "bng/port.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* NAS-Port-Type: RFC 2865 5.41, RFC 4603. */
static uint32_t port_type(const struct kern_link *l)
{
	enum { VIRTUAL = 5, PPPOE = 32, PPPOE_VLAN = 33, PPPOE_QINQ = 34 };

	if (l->kind != KERN_PPPOE)
		return VIRTUAL;
	if (l->vlan_inner)
		return PPPOE_QINQ;
	return l->vlan_outer ? PPPOE_VLAN : PPPOE;
}

uint32_t port_number(const struct subscriber *s)
{
	const struct kern_link *l = &s->access;
	const struct box_port *port;
	uint32_t place;

	if (l->kind == KERN_SESSION)
		return (uint32_t)l->tunnel_id << 16 | l->session_id;
	port = box_port(s->box, l->ifindex);
	place = port ? (uint32_t)(port - s->box->devices.ports) : 0;
	return (place & 0xff) << 24 | (uint32_t)(l->vlan_outer & 0xfff) << 12 |
	       (l->vlan_inner & 0xfff);
}

/* "100000000/20000000": bit/s to the subscriber, and from it where that differs. */
static void connect_info(const struct subscriber *s, char *out, size_t size)
{
	uint64_t tx = s->tx_speed, rx = s->rx_speed;

	if (s->access.kind == KERN_PPPOE && s->line) {
		tx = s->line->rate[LINE_RATE_DOWN - LINE_RATE];
		rx = s->line->rate[LINE_RATE_UP - LINE_RATE];
	}
	out[0] = 0;
	if (tx && rx && tx != rx)
		snprintf(out, size, "%llu/%llu", (unsigned long long)tx,
			 (unsigned long long)rx);
	else if (tx)
		snprintf(out, size, "%llu", (unsigned long long)tx);
}

void port_describe(const struct subscriber *s, struct port_text *t,
		   struct aaa_port *out)
{
	char mac[MAC_STRLEN] = "";

	if (s->access.kind == KERN_PPPOE)
		mac_str(s->client.mac, mac);
	snprintf(t->calling, sizeof(t->calling), "%s",
		 s->calling ? s->calling : mac);
	snprintf(t->called, sizeof(t->called), "%s",
		 s->called ? s->called : "");
	connect_info(s, t->connect, sizeof(t->connect));
	snprintf(t->session, sizeof(t->session), "%016llx",
		 (unsigned long long)s->id);
	*out = (struct aaa_port){
		.type = port_type(&s->access),
		.number = port_number(s),
		.id = kern_place_str(&s->access, t->id),
		.calling = t->calling,
		.called = t->called,
		.connect = t->connect,
		.session = t->session,
		.line = s->line,
	};
}

/* Out of memory, it is not known. */
static void keep_text(char **to, const char *text)
{
	if (!*text)
		return;
	free(*to);
	*to = strdup(text);
}

static void keep_line(struct subscriber *s, const struct line *line)
{
	if (!line || !line->has)
		return;
	if (!s->line)
		s->line = malloc(sizeof(*s->line));
	if (s->line)
		*s->line = *line;
}

void port_of_call(struct subscriber *s, const struct l2tp_call *call)
{
	keep_text(&s->calling, call->calling);
	keep_text(&s->called, call->called);
	s->tx_speed = call->tx_speed;
	s->rx_speed = call->rx_speed;
	keep_line(s, &call->line);
}

/* Before RFC 4638 that was PPPOE_MRU_MAX; of a call it is 0. */
static void keep_payload(struct subscriber *s, uint16_t max)
{
	s->max_payload = max;
	ppp_link_set_carrier(&s->ppp, max);
}

void port_of_client(struct subscriber *s, const struct pppoe_request *r)
{
	keep_text(&s->called, r->service);
	keep_line(s, r->line);
	keep_payload(s, r->max_payload);
}

void port_restore(struct subscriber *s, const char *calling, const char *called,
		  const struct line *line, uint16_t max_payload)
{
	keep_text(&s->calling, calling);
	keep_text(&s->called, called);
	keep_line(s, line);
	keep_payload(s, max_payload);
}
