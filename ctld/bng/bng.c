/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The joints of the box; see bng.h. Each function is one event. */
#include "bng/bng.h"

#include "base/log.h"
#include "bng/access.h"
#include "bng/lac.h"
#include "bng/lns.h"
#include "bng/probe.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define CDN_CARRIER_LOST 1
#define CDN_ADMINISTRATIVE 3
#define CDN_NO_FACILITIES 4
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
	s->control++;
	if (s->state == SUBSCRIBER_TUNNELLED || kern_link_eq(link, &s->to)) {
		lac_forward(s, link, frame, len);
		return;
	}
	if (call_is_early(s)) {
		subscriber_keep(s, frame, len);
		return;
	}
	access_heard(s, now);
	ppp_link_input(&s->ppp, now, frame, len);
}

static void on_tunnel_stats(struct kern *k, msec_t now,
			    const struct kern_tunnel *kt)
{
	struct l2tp_tunnel *t =
		idmap_get(&box_of_kern(k)->l2tp.tunnels, kt->id);

	if (!t || !kt->cookie || t->cookie != kt->cookie)
		return;
	if (t->rx_packets != kt->stats.rx_packets)
		l2tp_tunnel_heard(t, now);
	t->rx_packets = kt->stats.rx_packets;
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
	if (!t || !cookie || t->cookie != cookie ||
	    t->state == L2TP_TUNNEL_CLOSING)
		return;
	log_info("tunnel %u peer %s: removed by the operator", id,
		 t->peer->name);
	l2tp_tunnel_close(t, now, STOPCCN_GENERAL, 0, "administrative");
}

static void on_link_gone(struct kern *k, msec_t now, const struct kern_link *l,
			 uint64_t cookie, const struct kern_stats *last)
{
	struct subscriber *s = subscriber_find(box_of_kern(k), l);

	if (l->kind == KERN_SESSION)
		ended_stats(&box_of_kern(k)->ended, cookie, last);
	if (s && s->id == cookie)
		subscriber_end(s, now, CDN_ADMINISTRATIVE,
			       "removed by the operator");
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
	subscriber_end(s, now, CDN_NO_FACILITIES, r->text);
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

const struct kern_events bng_kern_events = {
	.l2tp = on_l2tp,
	.pppoe = on_pppoe,
	.ppp = on_ppp,
	.udp = on_udp,
	.tunnel_stats = on_tunnel_stats,
	.link_stats = on_link_stats,
	.tunnel_gone = on_tunnel_gone,
	.link_gone = on_link_gone,
	.refused = on_refused,
	.lost = on_lost,
};

static struct box *box_of_host(struct l2tp_host *h)
{
	return h->user;
}

/* Two in different VRFs may have one address: only the id tells them apart. */
static const struct conf_endpoint *endpoint_of(const struct box *b, uint32_t id)
{
	for (size_t i = 0; i < b->n_endpoints; i++)
		if (b->endpoints[i].id == id)
			return b->endpoints[i].conf;
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
	struct conf_remote_host *rh =
		conf_remote_host(c, endpoint_of(b, path->endpoint),
				 &path->remote.addr, name, &known);

	/* One box never has both ends; an answer would come back to us. */
	if (box_is_ours(b, &path->remote.addr)) {
		b->count.refused_ourselves++;
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
	kern_send_l2tp(box_of_host(h)->kern, path->endpoint, &path->remote, msg,
		       len);
}

static int tunnel_new(struct l2tp_tunnel *t)
{
	struct box *b = box_of_host(t->host);
	struct kern_tunnel k = { .id = t->id,
				 .peer_id = t->peer_id,
				 .endpoint = t->path.endpoint,
				 .remote = t->path.remote,
				 .ipsec = t->peer->require_ipsec,
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
	probe_tunnel_up(t, now);
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

	ended_tunnel(&b->ended, now, t, t->cookie ? t->cookie : box_new_id(b));
	probe_tunnel_down(t, now);
	if (t->cookie)
		kern_tunnel_del(b->kern, t->id);
}

static void tunnel_free(struct l2tp_tunnel *t)
{
	struct box *b = box_of_host(t->host);

	probe_tunnel_free(t);
	if (b->hooks)
		b->hooks->tunnel_gone(b, t);
}

static int call_in(struct l2tp_session *call, msec_t now,
		   struct l2tp_result *why)
{
	return lns_call_in(box_of_host(call->tunnel->host), call, now, why);
}

static int call_answered(struct l2tp_session *call, msec_t now,
			 struct l2tp_result *why)
{
	struct subscriber *s = call->user;

	if (!s || s->session != call) {
		l2tp_result_set(why, CDN_CARRIER_LOST, 0, "caller is gone");
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

/* "no carrier; disconnect cause 8 echo timeout, protocol c021, direction 0" */
static void end_text(const struct l2tp_session *call, char *out, size_t size)
{
	char cause[L2TP_CAUSE_STRLEN];
	size_t len;

	log_safe(call->why.text, strlen(call->why.text), out, size);
	for (unsigned int i = 0; call->causes && i < call->causes->n; i++) {
		len = strlen(out);
		snprintf(out + len, size - len, "%sdisconnect cause %s",
			 len ? "; " : "",
			 l2tp_cause_str(&call->causes->cause[i], cause));
	}
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
	l2tp_result_set(&why, call->why.result, call->why.error, said);
	subscriber_call_ended(s, now, call, &why);
	s->session = NULL;
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
	.tunnel_changed = tunnel_changed,
	.orders_changed = orders_changed,
	.counted = counted,
	.event = l2tp_event,
	.tunnel_down = tunnel_down,
	.tunnel_free = tunnel_free,
	.call_in = call_in,
	.call_answered = call_answered,
	.call_up = call_up,
	.session_down = session_down,
};

static void poll_due(struct timer *timer, msec_t now)
{
	struct box *b = container_of(timer, struct box, poll_timer);

	kern_poll(b->kern);
	timer_set(&b->timers, timer, now + b->poll_interval);
}

void bng_start(struct box *b, msec_t now)
{
	b->poll_timer.fn = poll_due;
	timer_set(&b->timers, &b->poll_timer, now + b->poll_interval);
}
