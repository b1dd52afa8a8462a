/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A call's values from its subscriber; see call_info.h. Called by bng/lac. */
#include "bng/call_info.h"

#include "adit/wire.h"
#include "bng/calling.h"
#include "bng/port.h"
#include "bng/speed.h"

#include <stdio.h>
#include <string.h>

static void copy_octets(struct l2tp_octets *to, const void *from, size_t len)
{
	if (len > sizeof(to->b))
		return; /* absent is better than cut */
	to->present = true;
	to->len = (uint16_t)len;
	memcpy(to->b, from, len);
}

static void copy_confreq(struct l2tp_octets *to, const struct ppp_confreq *from)
{
	if (from->present)
		copy_octets(to, from->b, from->len);
}

/* Authentication as AVPs 29 to 33 (RFC 2661 4.4.5). */
static void copy_auth(struct l2tp_proxy *to, const struct ppp_auth *a)
{
	switch (a->proto) {
	case PPP_PROTO_CHAP:
		to->authen_type = L2TP_AUTHEN_CHAP;
		copy_octets(&to->authen_challenge, a->challenge,
			    a->challenge_len);
		break;
	case PPP_PROTO_PAP:
		to->authen_type = L2TP_AUTHEN_PAP;
		break;
	case PPP_AUTH_MSCHAPV2: /* there is no type for it: the LNS asks anew */
		to->authen_type = L2TP_AUTHEN_ABSENT;
		return;
	default:
		to->authen_type = L2TP_AUTHEN_NONE;
		return;
	}
	to->authen_id = a->id;
	copy_octets(&to->authen_name, a->name, strlen(a->name));
	copy_octets(&to->authen_response, a->response, a->response_len);
}

/* Cisco's has no words: NAS-Port as RADIUS has it. */
static void put_nas_port(struct l2tp_call *c, const struct subscriber *s)
{
	struct wr w = wr_make(c->nas_port, sizeof(c->nas_port));

	wr_u32(&w, port_number(s));
	c->has_nas_port = true;
}

/* RADIUS's word counts more than the tunnel's. */
static bool tells_nas_port(const struct subscriber *s,
			   const struct conf_told *told)
{
	struct aaa_grant g;

	subscriber_grant(s, &g);
	return g.nas_port_method ? g.nas_port_method - 1 : told->nas_port;
}

void call_info_fill(struct l2tp_call *c, const struct subscriber *s,
		    const struct conf_told *told)
{
	const struct ppp_record *r = s->ppp.record;
	struct call_speeds speed = call_speeds(s, told->speed);

	memset(c, 0, sizeof(*c));
	c->bearer_type = L2TP_BEARER_DIGITAL;
	c->framing_type = L2TP_FRAMING_SYNC;
	c->tx_speed = speed.tx;
	c->rx_speed = speed.rx;
	calling_number(s, told, c->calling);
	if (told->called && s->called)
		snprintf(c->called, sizeof(c->called), "%s", s->called);
	if (told->line && s->line)
		c->line = *s->line;
	if (tells_nas_port(s, told))
		put_nas_port(c, s);
	/* It is under way again: what it said before is no longer so. */
	if (!ppp_link_asked(&s->ppp))
		return;
	copy_confreq(&c->proxy.first_rx_confreq, &r->first_rx);
	copy_confreq(&c->proxy.last_tx_confreq, &r->last_tx);
	copy_confreq(&c->proxy.last_rx_confreq, &r->last_rx);
	copy_auth(&c->proxy, &r->auth);
}
