/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls that come in (RFC 2661 5.2, 7.4; proxy AVPs 4.4.5). Called by bng/bng;
 * authentication and address are bng/terminate's.
 */
#include "bng/lns.h"

#include "adit/wire.h"
#include "base/log.h"
#include "bng/cause.h"
#include "bng/limit.h"
#include "bng/port.h"
#include "bng/terminate.h"
#include "bng/terminate6.h"
#include "l2tp/msg.h"

#include <stdio.h>
#include <string.h>

static struct kern_link link_of(const struct l2tp_session *call)
{
	return (struct kern_link){ .kind = KERN_SESSION,
				   .tunnel_id = call->tunnel->id,
				   .session_id = call->id };
}

static int refuse(struct l2tp_result *why, uint16_t result, const char *text)
{
	why->result = result;
	why->error = 0;
	snprintf(why->text, sizeof(why->text), "%s", text);
	return -1;
}

int lns_call_in(struct box *b, struct l2tp_session *call, msec_t now,
		struct l2tp_result *why)
{
	const struct conf_remote_host *host = call->tunnel->peer->user;
	struct kern_link link = link_of(call);
	struct kern_session k = { 0 };
	const char *reached;
	struct subscriber *s;

	if (!call->tunnel->peer->accept_calls)
		return refuse(why, L2TP_CDN_ADMIN, "no calls this way");
	reached = box_full(b) ? "session limit reached" :
				limit_reached(b, host);
	if (reached) {
		b->count.refused_limit++;
		*why = l2tp_result_full(call->tunnel->peer, reached);
		return -1;
	}
	s = subscriber_new(b, &link, host->profile, &lns_ppp_ops, now);
	if (!s) {
		*why = l2tp_result_full(call->tunnel->peer, "out of memory");
		return -1;
	}
	subscriber_set_host(s, host);
	s->session = call;
	call->user = s;
	port_of_call(s, call->call);
	k.tunnel_id = link.tunnel_id;
	k.id = link.session_id;
	k.peer_id = call->peer_id;
	k.seq = call->sequencing;
	k.label = "";
	k.cookie = s->id;
	kern_session_new(b->kern, &k);
	return 0;
}

static void take_confreq(struct ppp_confreq *to, const struct l2tp_octets *from)
{
	to->present = from->present && from->len <= sizeof(to->b);
	to->len = to->present ? from->len : 0;
	memcpy(to->b, from->b, to->len);
}

/* 0, or -1: something is longer than PPP allows, or a name would end in its
 * midst, so there is no record of it.
 */
static int take_auth(struct ppp_auth *to, const struct l2tp_proxy *from)
{
	switch (from->authen_type) {
	case L2TP_AUTHEN_CHAP:
		to->proto = PPP_PROTO_CHAP;
		break;
	case L2TP_AUTHEN_PAP:
		to->proto = PPP_PROTO_PAP;
		break;
	default:
		return 0;
	}
	if (from->authen_name.len >= sizeof(to->name) ||
	    memchr(from->authen_name.b, '\0', from->authen_name.len) ||
	    from->authen_challenge.len > sizeof(to->challenge) ||
	    from->authen_response.len >= sizeof(to->response))
		return -1;
	to->id = (uint8_t)from->authen_id;
	memcpy(to->name, from->authen_name.b, from->authen_name.len);
	memcpy(to->challenge, from->authen_challenge.b,
	       from->authen_challenge.len);
	to->challenge_len = (uint8_t)from->authen_challenge.len;
	memcpy(to->response, from->authen_response.b,
	       from->authen_response.len);
	to->response_len = (uint8_t)from->authen_response.len;
	return 0;
}

/* The host's word, or else the profile's. */
static enum conf_proxy proxy_lcp(const struct subscriber *s)
{
	return s->host->proxy_lcp == CONF_PROXY_PROFILE ?
		       s->profile->proxy_lcp :
		       s->host->proxy_lcp;
}

static bool proxy_auth(const struct subscriber *s)
{
	return s->host->proxy_auth == CONF_PROXY_PROFILE ?
		       s->profile->proxy_auth :
		       s->host->proxy_auth == CONF_PROXY_ACCEPT;
}

/* PPP from the LAC's record; false: it is not to be had. */
static bool start_proxy(struct subscriber *s, msec_t now)
{
	const struct l2tp_proxy *proxy = &s->session->call->proxy;
	struct ppp_record rec;
	const char *text = NULL;
	char link[KERN_LINK_STRLEN];

	if (proxy_lcp(s) == CONF_PROXY_IGNORE ||
	    !proxy->last_rx_confreq.present)
		return false;
	memset(&rec, 0, sizeof(rec));
	take_confreq(&rec.first_rx, &proxy->first_rx_confreq);
	take_confreq(&rec.last_tx, &proxy->last_tx_confreq);
	take_confreq(&rec.last_rx, &proxy->last_rx_confreq);
	if (proxy_auth(s) && take_auth(&rec.auth, proxy))
		memset(&rec.auth, 0, sizeof(rec.auth));
	if (ppp_link_start_proxy(&s->ppp, now, &rec, &text))
		log_info("%s: proxy LCP of %s not taken: %s",
			 kern_link_str(&s->access, link),
			 s->session->tunnel->peer->name, text);
	explicit_bzero(&rec.auth, sizeof(rec.auth));
	return !text;
}

/* What became known of the call is the kernel's to know. */
static void set_session(const struct subscriber *s)
{
	struct kern_session k = { .tunnel_id = s->access.tunnel_id,
				  .id = s->access.session_id,
				  .peer_id = s->session->peer_id,
				  .seq = s->session->sequencing,
				  .label = s->user,
				  .cookie = s->id };

	kern_session_set(s->box->kern, &k);
}

void lns_connected(struct subscriber *s, msec_t now)
{
	char link[KERN_LINK_STRLEN];

	port_of_call(s, s->session->call);
	if (s->session->call->group[0])
		log_info("%s: private group \"%s\"",
			 kern_link_str(&s->access, link),
			 s->session->call->group);
	if (s->session->sequencing)
		set_session(s);
	if (!start_proxy(s, now) && s->state != SUBSCRIBER_DEAD) {
		if (proxy_lcp(s) == CONF_PROXY_REQUIRE)
			ppp_link_no_proxy(&s->ppp, now);
		else
			ppp_link_start(&s->ppp, now);
	}
	subscriber_replay(s, now);
}

static void ppp_send(struct ppp_link *l, const void *frame, size_t len)
{
	subscriber_send(l->user, frame, len);
}

static void ppp_auth(struct ppp_link *l, msec_t now)
{
	struct subscriber *s = l->user;

	if (s->state == SUBSCRIBER_DEAD)
		return;
	if (terminate_renamed(s, now))
		return;
	if (!subscriber_set_user(s, l->record->auth.name)) {
		subscriber_end(s, now, L2TP_CDN_BUSY_NOW, "out of memory");
		return;
	}
	set_session(s);
	terminate_auth(s, now);
}

static void ppp_up(struct ppp_link *l, msec_t now)
{
	terminate_up(l->user, now);
}

static void ppp_changed(struct ppp_link *l)
{
	subscriber_store(l->user);
}

/* RFC 2661 4.4.2. */
static uint16_t cdn_result(enum ppp_end why)
{
	switch (why) {
	case PPP_END_LOCAL:
	case PPP_END_SESSION_TIMEOUT:
	case PPP_END_IDLE:
		return L2TP_CDN_ADMIN;
	case PPP_END_NO_MEMORY:
		return L2TP_CDN_BUSY_NOW;
	default:
		return L2TP_CDN_CARRIER;
	}
}

static void ppp_down(struct ppp_link *l, msec_t now, enum ppp_end why)
{
	struct subscriber *s = l->user;
	struct l2tp_causes causes;

	cause_of_ppp(&causes, l, why);
	s->causes = &causes;
	s->account.cause = cause_terminate_ppp(why);
	subscriber_end(s, now, cdn_result(why), ppp_end_name(why));
	s->causes = NULL;
}

const struct ppp_link_ops lns_ppp_ops = {
	.send = ppp_send,
	.auth = ppp_auth,
	.up = ppp_up,
	.ipv6 = terminate6_input,
	.leaving = terminate6_leaving,
	.changed = ppp_changed,
	.down = ppp_down,
};
