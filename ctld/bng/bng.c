/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The joints of the box; see bng.h. Each function is one event. */
#include "bng/bng.h"

#include "base/log.h"
#include "bng/access.h"
#include "bng/account.h"
#include "bng/cause.h"
#include "bng/census.h"
#include "bng/coa.h"
#include "bng/departure.h"
#include "bng/dial.h"
#include "bng/lac.h"
#include "bng/lns.h"
#include "bng/probe.h"
#include "bng/radius_host.h"
#include "bng/reach.h"
#include "l2tp/msg.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define STOPCCN_GENERAL 1
#define STOPCCN_ERROR 2
#define ERROR_NO_RESOURCES 4

static struct box *box_of_kern(struct kern *k)
{
	return k->user;
}

static void on_l2tp(struct kern *k, msec_t now, uint32_t endpoint,
		    const struct addr_port *local,
		    const struct addr_port *remote, bool secure,
		    const void *msg, size_t len)
{
	struct l2tp_path path = { .endpoint = endpoint,
				  .local = *local,
				  .remote = *remote,
				  .secure = secure };

	l2tp_host_input(&box_of_kern(k)->l2tp, now, &path, msg, len);
}

static void on_pppoe(struct kern *k, msec_t now, const struct kern_eth *from,
		     bool to_us, const void *frame, size_t len)
{
	access_input(box_of_kern(k), now, from, to_us, frame, len);
}

static bool call_is_early(const struct subscriber *s)
{
	return s->access.kind == KERN_SESSION && s->session &&
	       s->session->state != L2TP_SESSION_ESTABLISHED;
}

static void on_ppp(struct kern *k, msec_t now, const struct kern_link *link,
		   const void *frame, size_t len)
{
	struct box *b = box_of_kern(k);
	struct subscriber *s = subscriber_find(b, link);

	if (!s) {
		b->count.rx_unknown_link++;
		return;
	}
	s->heard = true;
	if (s->state == SUBSCRIBER_TUNNELLED || kern_link_eq(link, &s->to)) {
		lac_forward(s, link, frame, len);
		return;
	}
	if (call_is_early(s)) {
		subscriber_keep(s, frame, len);
		return;
	}
	access_heard(s, now);
	subscriber_input(s, now, frame, len);
}

static void on_tunnel_stats(struct kern *k, msec_t now,
			    const struct kern_tunnel *kt)
{
	struct l2tp_tunnel *t =
		idmap_get(&box_of_kern(k)->l2tp.tunnels, kt->id);

	if (!t || !kt->cookie || t->cookie != kt->cookie)
		return;
	if (t->rx_frames != kern_rx_frames(&kt->stats))
		l2tp_tunnel_heard(t, now);
	t->rx_frames = kern_rx_frames(&kt->stats);
}

static void on_link_stats(struct kern *k, msec_t now, const struct kern_link *l,
			  const struct kern_stats *stats)
{
	struct subscriber *s = subscriber_find(box_of_kern(k), l);

	if (s && kern_link_eq(l, &s->access))
		subscriber_polled(s, now, stats);
}

static void on_tunnel_gone(struct kern *k, msec_t now, uint16_t id,
			   uint64_t cookie, const struct kern_stats *last)
{
	struct l2tp_tunnel *t = idmap_get(&box_of_kern(k)->l2tp.tunnels, id);

	ended_stats(&box_of_kern(k)->ended, cookie, last);
	account_last(box_of_kern(k), now, cookie, KERN_NO_LINK, last);
	if (!t || !cookie || t->cookie != cookie ||
	    t->state == L2TP_TUNNEL_CLOSING)
		return;
	log_info("tunnel %u peer %s: removed by the operator", id,
		 t->peer->name);
	l2tp_tunnel_close(t, now, STOPCCN_GENERAL, 0, CAUSE_REMOVED);
}

static void on_link_gone(struct kern *k, msec_t now, const struct kern_link *l,
			 uint64_t cookie, const struct kern_stats *last)
{
	struct box *b = box_of_kern(k);
	struct subscriber *s = subscriber_find(b, l);

	if (l->kind == KERN_SESSION)
		ended_stats(&b->ended, cookie, last);
	if (!s || s->id != cookie) {
		/* It has ended already. */
	} else if (l->kind == KERN_PPPOE &&
		   devices_port_gone(&b->devices, now, l->ifindex)) {
		s->account.cause = ACCT_PORT_ERROR;
		subscriber_end(s, now, L2TP_CDN_CARRIER,
			       "the access port's device is gone");
	} else {
		subscriber_end(s, now, L2TP_CDN_ADMIN,
			       "removed by the operator");
	}
	account_last(b, now, cookie, l->kind, last);
}

static void on_port_gone(struct kern *k, msec_t now, uint32_t ifindex)
{
	struct devices *d = &box_of_kern(k)->devices;
	const struct box_port *p = devices_port(d, ifindex);

	if (p && !devices_port_gone(d, now, ifindex))
		log_warn("access-port %s: removed by the operator: served from the next start on",
			 p->conf->ifname);
}

static void link_refused(struct box *b, msec_t now,
			 const struct kern_refusal *r)
{
	struct subscriber *s = subscriber_find(b, &r->link);
	char name[KERN_LINK_STRLEN];

	log_warn("%s: refused by the kernel: %s (%s)",
		 kern_link_str(&r->link, name), r->text, strerror(-r->err));
	if (!s || s->id != r->cookie)
		return;
	if (!r->made && kern_link_eq(&r->link, &s->to))
		s->to_is_ours = false;
	else if (!r->made)
		s->access_is_ours = false;
	subscriber_end(s, now, L2TP_CDN_BUSY_NOW, r->text);
}

static void tunnel_refused(struct box *b, msec_t now,
			   const struct kern_refusal *r)
{
	struct l2tp_tunnel *t = idmap_get(&b->l2tp.tunnels, r->tunnel_id);

	log_warn("tunnel %u: refused by the kernel: %s (%s)", r->tunnel_id,
		 r->text, strerror(-r->err));
	if (!t || !r->cookie || t->cookie != r->cookie)
		return;
	if (!r->made)
		t->cookie = 0; /* the kernel's of that id is somebody else's */
	l2tp_tunnel_close(t, now, STOPCCN_ERROR, ERROR_NO_RESOURCES, r->text);
}

static void on_refused(struct kern *k, msec_t now, const struct kern_refusal *r)
{
	struct box *b = box_of_kern(k);

	b->count.kernel_refused++;
	if (r->link.kind)
		link_refused(b, now, r);
	else
		tunnel_refused(b, now, r);
}

static void on_route_refused(struct kern *k, const struct kern_route *r)
{
	fib_refused(&box_of_kern(k)->network.fib, r);
}

static void on_missed(struct kern *k, msec_t now)
{
	devices_look(&box_of_kern(k)->devices, now);
	census(box_of_kern(k), now, &bng_kern_events);
}

static void on_lost(struct kern *k)
{
	struct box *b = box_of_kern(k);

	b->lost = true;
}

static void on_udp(struct kern *k, msec_t now, uint32_t id, const void *data,
		   size_t len)
{
	radius_input(&box_of_kern(k)->radius, now, id, data, len);
}

static enum dae_cause on_order(struct radius_dae *d, msec_t now,
			       const struct dae_request *r)
{
	return coa_act(container_of(d, struct box, dae.server), now, r);
}

static void on_udp_from(struct kern *k, msec_t now, uint32_t id,
			const struct addr_port *from, const void *data,
			size_t len)
{
	dae_input(&box_of_kern(k)->dae, now, id, from, data, len, on_order);
}

static void on_resolved(struct kern *k, msec_t now, uint32_t id,
			const struct kern_resolved *found)
{
	struct box *b = box_of_kern(k);

	if (id < b->conf->n_radius_servers)
		radius_host_resolved(&b->radius, now, id, found);
	else
		lns_name_resolved(&b->lns_names, now, id, found);
}

const struct kern_events bng_kern_events = {
	.l2tp = on_l2tp,
	.pppoe = on_pppoe,
	.ppp = on_ppp,
	.udp = on_udp,
	.udp_from = on_udp_from,
	.resolved = on_resolved,
	.tunnel_stats = on_tunnel_stats,
	.link_stats = on_link_stats,
	.tunnel_gone = on_tunnel_gone,
	.link_gone = on_link_gone,
	.port_gone = on_port_gone,
	.refused = on_refused,
	.route_refused = on_route_refused,
	.missed = on_missed,
	.lost = on_lost,
};

static struct box *box_of_host(struct l2tp_host *h)
{
	return h->user;
}

/* Two in different VRFs may have one address: only the id tells them apart. */
static const struct conf_endpoint *endpoint_of(const struct box *b, uint32_t id)
{
	for (size_t i = 0; i < b->devices.n_endpoints; i++)
		if (b->devices.endpoints[i].id == id)
			return b->devices.endpoints[i].conf;
	return NULL;
}

static const struct l2tp_peer *host_peer(struct l2tp_host *h,
					 const struct l2tp_path *path,
					 const char *name,
					 enum l2tp_refusal *why)
{
	struct box *b = box_of_host(h);
	const struct conf *c = b->conf;
	bool known;
	const struct conf_endpoint *e = endpoint_of(b, path->endpoint);
	struct conf_remote_host *rh =
		conf_remote_host(c, e, &path->remote.addr, name, &known);

	/* One box never has both ends; an answer would come back to us. */
	if (box_is_ours(b, &path->remote.addr)) {
		b->count.refused_ourselves++;
		*why = L2TP_REFUSE_SILENTLY;
		return NULL;
	}
	if (!e) {
		/* Of the operator's, or no longer configured. */
		*why = L2TP_REFUSE_SILENTLY;
		return NULL;
	}
	if (rh)
		return &rh->peer;
	*why = known		   ? L2TP_REFUSE_NAME :
	       c->refuse_strangers ? L2TP_REFUSE_STRANGER :
				     L2TP_REFUSE_SILENTLY;
	return NULL;
}

static const char *host_vrf(const struct l2tp_host *h, uint32_t endpoint)
{
	const struct conf_endpoint *e = endpoint_of(h->user, endpoint);

	return e && e->vrf ? e->vrf : "";
}

static void host_send(struct l2tp_host *h, const struct l2tp_path *path,
		      const void *msg, size_t len)
{
	const struct kern_l2tp to = { .endpoint = path->endpoint,
				      .remote = path->remote,
				      .tunnel_id = path->tunnel,
				      .ipsec = path->secure };

	kern_send_l2tp(box_of_host(h)->kern, &to, msg, len);
}

static int tunnel_new(struct l2tp_tunnel *t)
{
	struct box *b = box_of_host(t->host);
	struct kern_tunnel k = { .id = t->id,
				 .peer_id = t->peer_id,
				 .endpoint = t->path.endpoint,
				 .remote = t->path.remote,
				 .ipsec = t->peer->require_ipsec,
				 .dscp = t->peer->dscp,
				 .from = t->from,
				 .label = t->peer_name };

	if (probe_tunnel_new(t))
		return 0;
	t->cookie = k.cookie = box_new_id(b);
	kern_tunnel_new(b->kern, &k);
	return 0;
}

static void tunnel_up(struct l2tp_tunnel *t, msec_t now)
{
	log_info("tunnel %u peer %s: established", t->id, t->peer->name);
	if (probe_tunnel_up(t, now))
		return;
	account_tunnel_up(t, now);
	dial_tunnel_up(t);
}

static void sccrq_refused(struct l2tp_host *h, msec_t now,
			  const struct l2tp_path *path,
			  const struct l2tp_peer *peer, uint16_t peer_id,
			  const struct l2tp_result *why)
{
	struct account_refused r = { .peer = peer,
				     .path = path,
				     .peer_id = peer_id,
				     .status = ACCT_TUNNEL_REJECT,
				     .cause = cause_terminate_stopccn(
					     why->result) };

	account_refused(box_of_host(h), now, &r);
}

static void tunnel_changed(struct l2tp_tunnel *t)
{
	struct box *b = box_of_host(t->host);

	if (b->hooks)
		b->hooks->tunnel(b, t);
}

static void orders_changed(struct l2tp_host *h)
{
	struct box *b = box_of_host(h);

	if (b->hooks)
		b->hooks->orders(b);
}

static void counted(struct l2tp_host *h)
{
	struct box *b = box_of_host(h);

	if (b->hooks)
		b->hooks->counted(b);
}

static void l2tp_event(struct l2tp_host *h, const struct l2tp_event *e)
{
	struct box *b = box_of_host(h);

	if (b->hooks)
		b->hooks->l2tp_event(b, e);
}

static void tunnel_down(struct l2tp_tunnel *t, msec_t now)
{
	struct box *b = box_of_host(t->host);
	uint64_t id = t->cookie ? t->cookie : box_new_id(b);

	ended_tunnel(&b->ended, now, t, id);
	if (!probe_tunnel_down(t, now)) {
		account_tunnel_down(t, now, id);
		dial_tunnel_down(t, now);
	}
	if (t->cookie)
		kern_tunnel_del(b->kern, t->id);
}

static void tunnel_free(struct l2tp_tunnel *t)
{
	struct box *b = box_of_host(t->host);

	if (!probe_tunnel_free(t) && !t->peer->accept_calls)
		definition_put(&b->definitions, t->peer->user);
	if (b->hooks)
		b->hooks->tunnel_gone(b, t);
}

static int call_in(struct l2tp_session *call, msec_t now,
		   struct l2tp_result *why)
{
	return lns_call_in(box_of_host(call->tunnel->host), call, now, why);
}

static void call_refused(struct l2tp_tunnel *t, msec_t now, uint16_t peer_id,
			 uint32_t serial, const struct l2tp_result *why)
{
	struct account_refused r = { .peer = t->peer,
				     .path = &t->path,
				     .peer_id = t->peer_id,
				     .call_id = peer_id,
				     .serial = serial,
				     .status = ACCT_LINK_REJECT,
				     .cause = cause_terminate_result(
					     why->result) };

	account_refused(box_of_host(t->host), now, &r);
}

static int call_answered(struct l2tp_session *call, msec_t now,
			 struct l2tp_result *why)
{
	struct subscriber *s = call->user;

	if (!s || s->session != call) {
		l2tp_result_set(why, L2TP_CDN_CARRIER, 0, "caller is gone");
		return -1;
	}
	return lac_answered(s, now);
}

static void call_up(struct l2tp_session *call, msec_t now)
{
	struct subscriber *s = call->user;
	struct box *b = box_of_host(call->tunnel->host);

	if (b->hooks)
		b->hooks->session(b, call);
	if (!s)
		return;
	if (call->lac)
		lac_connected(s, now);
	else
		lns_connected(s, now);
}

/* RFC 5515: from now on that is what accounting tells. */
static void call_speed(struct l2tp_session *call, msec_t now, uint32_t tx,
		       uint32_t rx)
{
	struct subscriber *s = call->user;

	(void)now;
	if (!s || s->session != call)
		return;
	s->tx_speed = tx;
	s->rx_speed = rx;
	subscriber_store(s);
}

/* "no carrier; disconnect cause 8 echo timeout, protocol c021, direction 0" */
static void end_text(const struct l2tp_session *call, char *out, size_t size)
{
	char cause[L2TP_CAUSE_STRLEN];
	size_t len;

	log_safe(call->why->text, strlen(call->why->text), out, size);
	for (unsigned int i = 0; call->causes && i < call->causes->n; i++) {
		len = strlen(out);
		snprintf(out + len, size - len, "%sdisconnect cause %s",
			 len ? "; " : "",
			 l2tp_cause_str(&call->causes->cause[i], cause));
	}
}

/* 0: no more is known than its result. "No info available" says less than that. One
 * that ended with its tunnel has the result of that one's StopCCN, which means
 * other things than a CDN's.
 */
static unsigned int cause_of(const struct l2tp_session *call)
{
	if (call->tunnel->state == L2TP_TUNNEL_CLOSING)
		return cause_terminate_tunnel(call->tunnel);
	if (call->causes && call->causes->n &&
	    call->causes->cause[0].code != L2TP_CAUSE_NONE)
		return cause_terminate(&call->causes->cause[0]);
	return 0;
}

static void session_down(struct l2tp_session *call, msec_t now)
{
	struct box *b = box_of_host(call->tunnel->host);
	struct subscriber *s = call->user;
	char said[L2TP_TEXT_MAX + L2TP_CAUSES_MAX * (L2TP_CAUSE_STRLEN + 20)];
	char text[sizeof(said) + 32];
	struct l2tp_result why;

	if (b->hooks)
		b->hooks->session_gone(b, call);
	if (!s || s->session != call)
		return;
	end_text(call, said, sizeof(said));
	l2tp_result_set(&why, call->why->result, call->why->error, said);
	subscriber_call_ended(s, now, call, &why);
	s->account.cause = cause_of(call);
	account_stop(s, now, why.result); /* while it has its session */
	s->session = NULL;
	if (dial_again(s, now, call)) {
		s->account.cause = 0; /* that was the other way's */
		return;
	}
	snprintf(text, sizeof(text), "call ended: %u/%u %s", why.result,
		 why.error, said);
	subscriber_end(s, now, 0, text);
}

const struct l2tp_host_ops bng_l2tp_ops = {
	.peer = host_peer,
	.vrf = host_vrf,
	.send = host_send,
	.tunnel_new = tunnel_new,
	.tunnel_up = tunnel_up,
	.tunnel_refused = sccrq_refused,
	.tunnel_changed = tunnel_changed,
	.orders_changed = orders_changed,
	.counted = counted,
	.event = l2tp_event,
	.tunnel_down = tunnel_down,
	.tunnel_free = tunnel_free,
	.call_in = call_in,
	.call_refused = call_refused,
	.call_answered = call_answered,
	.call_up = call_up,
	.call_speed = call_speed,
	.session_down = session_down,
};

static void poll_due(struct timer *timer, msec_t now)
{
	struct box *b = container_of(timer, struct box, poll_timer);

	kern_poll(b->kern);
	reach_again(b);
	fib_again(&b->network.fib);
	timer_set(&b->timers, timer, now + b->poll_interval);
}

void bng_start(struct box *b, msec_t now)
{
	b->poll_timer.fn = poll_due;
	timer_set(&b->timers, &b->poll_timer, now + b->poll_interval);
	departure_start(b, now);
}
