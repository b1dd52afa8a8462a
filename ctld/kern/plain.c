/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel port without the module: frames and requests. Control messages and
 * PPP negotiation go up, links bound to each other are switched here, slowly; IP
 * of a terminated link is dropped and counted. No VLANs. Nothing outlives it.
 */
#include "kern/plain_port.h"

#include "base/buf.h"
#include "base/log.h"
#include "kern/resolve.h"
#include "kern/udp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define L2TP_T 0x8000
#define L2TP_L 0x4000
#define L2TP_S 0x0800
#define L2TP_O 0x0200
#define L2TP_VERSION 2
#define PPPOE_VERSION 0x11
#define PPP_CONTROL 0x8000 /* protocols from here on are not data */

/* ------------------------------------------------------------------- frames */

static int output_session(struct plain *p, struct plain_link *l,
			  const void *frame, size_t len)
{
	struct wr w = wr_make(p->out, sizeof(p->out));

	if (!l->peer_id)
		return -ENOTCONN;
	wr_u16(&w, (uint16_t)(L2TP_VERSION | (l->seq ? L2TP_S : 0)));
	wr_u16(&w, l->tunnel->peer_id);
	wr_u16(&w, l->peer_id);
	if (l->seq) {
		wr_u16(&w, l->ns++);
		wr_u16(&w, 0);
	}
	wr_u16(&w, 0xff03);
	wr_bytes(&w, frame, len);
	if (w.err)
		return -EMSGSIZE;
	return plain_udp_send(p, l->tunnel->endpoint, &l->tunnel->remote,
			      p->out, wr_len(&w));
}

static int output_pppoe(struct plain *p, struct plain_link *l,
			const void *frame, size_t len)
{
	struct wr w = wr_make(p->out, sizeof(p->out));

	if (len > UINT16_MAX)
		return -EMSGSIZE;
	wr_u8(&w, PPPOE_VERSION);
	wr_u8(&w, 0);
	wr_u16(&w, l->name.session_id);
	wr_u16(&w, (uint16_t)len);
	wr_bytes(&w, frame, len);
	if (w.err)
		return -EMSGSIZE;
	return plain_eth_send(p, l->name.ifindex, l->mac, false, p->out,
			      wr_len(&w));
}

static bool is_control(const uint8_t *frame)
{
	return (frame[0] << 8 | frame[1]) >= PPP_CONTROL;
}

static void count_tx(struct kern_stats *s, const uint8_t *frame, size_t len,
		     int rc)
{
	if (rc) {
		s->tx_drops++;
	} else if (is_control(frame)) {
		s->tx_control++;
	} else {
		s->tx_packets++;
		s->tx_bytes += len;
	}
}

static void count_rx(struct kern_stats *s, const uint8_t *frame, size_t len)
{
	if (is_control(frame)) {
		s->rx_control++;
	} else {
		s->rx_packets++;
		s->rx_bytes += len;
	}
}

static void output(struct plain *p, struct plain_link *l, const uint8_t *frame,
		   size_t len)
{
	int rc = l->name.kind == KERN_SESSION ?
			 output_session(p, l, frame, len) :
			 output_pppoe(p, l, frame, len);

	count_tx(&l->stats, frame, len, rc);
	if (l->tunnel)
		count_tx(&l->tunnel->stats, frame, len, rc);
}

/* frame has two writable bytes in front. */
static void input(struct plain *p, msec_t now, struct plain_link *l,
		  uint8_t *frame, size_t len)
{
	struct kern_link name = l->name;

	if (len >= 2 && frame[0] == 0xff && frame[1] == 0x03) {
		frame += 2;
		len -= 2;
	}
	if (len && (frame[0] & 1)) { /* a compressed protocol field */
		*--frame = 0;
		len++;
	}
	if (len < 2) {
		l->stats.rx_drops++;
		return;
	}
	count_rx(&l->stats, frame, len);
	if (l->tunnel)
		count_rx(&l->tunnel->stats, frame, len);
	if (l->to) {
		output(p, l->to, frame, len);
	} else if (l->ip && !is_control(frame)) {
		l->stats.rx_drops++;
		if (!p->ip_drops++)
			log_warn("plain: IP is dropped: no data path");
	} else {
		p->kern.events->ppp(&p->kern, now, &name, frame, len);
	}
}

static void input_data(struct plain *p, msec_t now,
		       const struct addr_port *remote, uint8_t *data,
		       size_t len)
{
	struct rd r = rd_make(data, len);
	uint16_t flags = rd_u16(&r);
	struct kern_link name = { .kind = KERN_SESSION };
	struct plain_link *l;

	if ((flags & 0xf) != L2TP_VERSION)
		return;
	if (flags & L2TP_L) {
		uint16_t all = rd_u16(&r);

		if (r.err || all > len || all < 4)
			return;
		r.end = data + all;
		r.err = r.p > r.end;
	}
	name.tunnel_id = rd_u16(&r);
	name.session_id = rd_u16(&r);
	if (flags & L2TP_S)
		rd_u32(&r);
	if (flags & L2TP_O)
		rd_bytes(&r, rd_u16(&r));
	if (r.err)
		return;
	l = plain_link_find(&p->tables, &name);
	if (l && addr_eq(&l->tunnel->from.addr, &remote->addr))
		input(p, now, l, data + (r.p - data), rd_left(&r));
}

static void udp_input(struct plain *p, msec_t now, struct plain_endpoint *e,
		      const struct addr_port *remote, uint8_t *data, size_t len)
{
	if (len < 2)
		return;
	if (!(data[0] & L2TP_T >> 8))
		input_data(p, now, remote, data, len);
	else
		p->kern.events->l2tp(&p->kern, now, e->id, &e->local, remote,
				     false, data, len);
}

static void session_input(struct plain *p, msec_t now, uint32_t ifindex,
			  const uint8_t mac[6], uint8_t *data, size_t len)
{
	struct kern_link name = { .kind = KERN_PPPOE, .ifindex = ifindex };
	struct rd r = rd_make(data, len);
	uint16_t version_code = rd_u16(&r);
	struct plain_link *l;
	uint16_t payload;

	name.session_id = rd_u16(&r);
	payload = rd_u16(&r);
	if (r.err || version_code != PPPOE_VERSION << 8 ||
	    payload > rd_left(&r))
		return;
	l = plain_link_find(&p->tables, &name);
	if (l && !memcmp(l->mac, mac, 6))
		input(p, now, l, data + (r.p - data), payload);
}

static const struct plain_input plain_input = {
	.udp = udp_input,
	.session = session_input,
};

/* ----------------------------------------------------------------- requests */

static struct plain *of(struct kern *k)
{
	return (struct plain *)k; /* its first member */
}

static int plain_instance(struct kern *k, uint64_t *instance,
			  char err[KERN_ERROR_MAX])
{
	(void)k;
	(void)err;
	*instance = 0;
	return 0;
}

/* Each endpoint and port listens by itself. */
static int plain_listen(struct kern *k, char err[KERN_ERROR_MAX])
{
	(void)k;
	(void)err;
	return 0;
}

static int plain_endpoint(struct kern *k, const struct addr_port *local,
			  uint32_t vrf, uint32_t *id, char err[KERN_ERROR_MAX])
{
	return plain_endpoint_open(of(k), local, vrf, id, err);
}

static int plain_port(struct kern *k, uint32_t ifindex,
		      char err[KERN_ERROR_MAX])
{
	return plain_port_open(of(k), ifindex, err);
}

/* Nothing outlives a daemon here: there are no orphans. */
static int plain_limits(struct kern *k, const struct kern_limits *limits,
			char err[KERN_ERROR_MAX])
{
	(void)err;
	of(k)->tables.max_tunnels = limits->tunnels;
	of(k)->tables.max_links = limits->sessions;
	return 0;
}

/* What comes in is all read; there is nothing to ration. */
static int plain_peers(struct kern *k, const struct kern_prefix *p, size_t n,
		       char err[KERN_ERROR_MAX])
{
	(void)k, (void)p, (void)n, (void)err;
	return 0;
}

static int plain_dump(struct kern *k, const struct kern_found *f,
		      char err[KERN_ERROR_MAX])
{
	(void)k;
	(void)f;
	(void)err;
	return 0;
}

static void refuse_link(struct kern *k, const struct kern_link *l,
			uint64_t cookie, bool made, int err)
{
	struct kern_refusal r = {
		.link = *l, .cookie = cookie, .made = made, .err = err
	};

	plain_refuse(of(k), &r);
}

static void plain_tunnel_new(struct kern *k, const struct kern_tunnel *t)
{
	struct kern_refusal r = { .tunnel_id = t->id, .cookie = t->cookie };

	r.err = plain_tunnel_add(&of(k)->tables, t);
	plain_refuse(of(k), &r);
}

static void remove_link(struct plain *p, struct plain_link *l)
{
	plain_note_link(p, PLAIN_LINK_GONE, l);
	plain_link_free(&p->tables, l);
}

static void plain_tunnel_del(struct kern *k, uint16_t id)
{
	struct plain_tunnel *t = plain_tunnel_find(&of(k)->tables, id);

	if (!t)
		return;
	while (!LIST_EMPTY(&t->links))
		remove_link(of(k), LIST_FIRST(&t->links));
	plain_note_tunnel(of(k), PLAIN_TUNNEL_GONE, t);
	plain_tunnel_free(&of(k)->tables, t);
}

static void plain_session_new(struct kern *k, const struct kern_session *s)
{
	struct kern_link name = { .kind = KERN_SESSION,
				  .tunnel_id = s->tunnel_id,
				  .session_id = s->id };

	refuse_link(k, &name, s->cookie, false,
		    plain_session_add(&of(k)->tables, s));
}

static void plain_session_set(struct kern *k, const struct kern_session *s)
{
	struct kern_link name = { .kind = KERN_SESSION,
				  .tunnel_id = s->tunnel_id,
				  .session_id = s->id };
	struct plain_link *l = plain_link_find(&of(k)->tables, &name);

	if (!l) {
		refuse_link(k, &name, s->cookie, true, -ENOENT);
		return;
	}
	if (s->peer_id)
		l->peer_id = s->peer_id;
	l->seq = s->seq;
	l->cookie = s->cookie;
}

static void plain_pppoe_new(struct kern *k, const struct kern_pppoe *pe)
{
	refuse_link(k, &pe->link, pe->cookie, false,
		    plain_pppoe_add(&of(k)->tables, pe));
}

static void plain_pppoe_set(struct kern *k, const struct kern_pppoe *pe)
{
	struct plain_link *l = plain_link_find(&of(k)->tables, &pe->link);

	if (l)
		l->cookie = pe->cookie;
	else
		refuse_link(k, &pe->link, pe->cookie, true, -ENOENT);
}

static void plain_link_del(struct kern *k, const struct kern_link *name)
{
	struct plain_link *l = plain_link_find(&of(k)->tables, name);

	if (l)
		remove_link(of(k), l);
}

static void plain_bind(struct kern *k, const struct kern_link *name,
		       uint64_t cookie, const struct kern_link *to,
		       const struct kern_ip *ip)
{
	struct plain_link *l = plain_link_find(&of(k)->tables, name);
	struct plain_link *m = to ? plain_link_find(&of(k)->tables, to) : NULL;

	if (!l || (to && !m) || (m && l == m)) {
		refuse_link(k, name, cookie, true, l && m ? -EINVAL : -ENOENT);
		return;
	}
	plain_unbind(l);
	if (m) {
		plain_unbind(m);
		l->to = m;
		m->to = l;
	}
	l->ip = !m && ip;
}

/* There is no data to be held back. */
static void plain_qos(struct kern *k, const struct kern_link *l,
		      uint64_t cookie, const struct kern_qos *q)
{
	(void)k, (void)l, (void)cookie, (void)q;
}

/* No IP goes anywhere: nothing leads to a subscriber. */
static void plain_route(struct kern *k, const struct kern_route *r, bool add)
{
	(void)k, (void)r, (void)add;
}

static void plain_device_new(struct kern *k, const struct kern_device *d)
{
	(void)k, (void)d;
}

static void plain_device_del(struct kern *k, uint32_t ifindex)
{
	(void)k, (void)ifindex;
}

/* What is not sent is repeated by its protocol. */
static void plain_send_l2tp(struct kern *k, const struct kern_l2tp *to,
			    const void *data, size_t len)
{
	int rc = plain_udp_send(of(k), to->endpoint, &to->remote, data, len);

	if (rc)
		log_debug("plain: L2TP was not sent: %s", strerror(-rc));
}

static void plain_send_pppoe(struct kern *k, const struct kern_eth *to,
			     const void *frame, size_t len)
{
	int rc = to->vlan_outer ? -EOPNOTSUPP :
				  plain_eth_send(of(k), to->ifindex, to->mac,
						 true, frame, len);

	if (rc)
		log_debug("plain: PPPoE was not sent: %s", strerror(-rc));
}

static void plain_send_ppp(struct kern *k, const struct kern_link *name,
			   const void *frame, size_t len)
{
	struct plain_link *l = plain_link_find(&of(k)->tables, name);

	if (l)
		output(of(k), l, frame, len);
}

static void note_links(struct plain *p, const struct plain_links *links)
{
	const struct plain_link *l;

	LIST_FOREACH(l, links, next)
	plain_note_link(p, PLAIN_LINK_STATS, l);
}

static void plain_poll(struct kern *k)
{
	struct plain *p = of(k);
	struct plain_tunnel *t;

	if (p->polled)
		return;
	LIST_FOREACH(t, &p->tables.all_tunnels, next)
	{
		plain_note_tunnel(p, PLAIN_TUNNEL_STATS, t);
		note_links(p, &t->links);
	}
	note_links(p, &p->tables.pppoe);
	p->polled = !STAILQ_EMPTY(&p->notes);
}

static void plain_flush(struct kern *k)
{
	(void)k; /* all is done at once */
}

/* Sockets go with who has them. */
static int plain_nothing_of_before(struct kern *k, uint32_t id,
				   char err[KERN_ERROR_MAX])
{
	(void)k, (void)id, (void)err;
	return -ENOENT;
}

static void plain_close(struct kern *k)
{
	struct plain *p = of(k);

	plain_notes_free(p);
	udp_close(k);
	resolve_close(k);
	plain_socks_close(p);
	plain_tables_free(&p->tables);
	free(p);
}

static const struct kern_impl plain_impl = {
	.name = "plain",
	.close = plain_close,
	.instance = plain_instance,
	.listen = plain_listen,
	.endpoint = plain_endpoint,
	.port = plain_port,
	.endpoint_del = plain_nothing_of_before,
	.port_del = plain_nothing_of_before,
	.limits = plain_limits,
	.peers = plain_peers,
	.dump = plain_dump,
	.tunnel_new = plain_tunnel_new,
	.tunnel_del = plain_tunnel_del,
	.session_new = plain_session_new,
	.session_set = plain_session_set,
	.pppoe_new = plain_pppoe_new,
	.pppoe_set = plain_pppoe_set,
	.link_del = plain_link_del,
	.bind = plain_bind,
	.qos = plain_qos,
	.route = plain_route,
	.device_new = plain_device_new,
	.device_del = plain_device_del,
	.send_l2tp = plain_send_l2tp,
	.send_pppoe = plain_send_pppoe,
	.send_ppp = plain_send_ppp,
	.udp = udp_open,
	.close_udp = udp_shut,
	.send_udp = udp_send,
	.listen_udp = udp_listen,
	.answer_udp = udp_answer,
	.resolve = resolve_start,
	.poll = plain_poll,
	.flush = plain_flush,
};

struct kern *kern_plain_open(struct ev_loop *loop,
			     const struct kern_events *events, void *user,
			     char err[KERN_ERROR_MAX])
{
	struct plain *p = calloc(1, sizeof(*p));

	if (!p) {
		snprintf(err, KERN_ERROR_MAX, "%s", strerror(ENOMEM));
		return NULL;
	}
	p->kern = (struct kern){ .impl = &plain_impl,
				 .events = events,
				 .loop = loop,
				 .user = user };
	p->input = &plain_input;
	plain_tables_init(&p->tables);
	LIST_INIT(&p->endpoints);
	LIST_INIT(&p->ports);
	plain_notes_init(p);
	return &p->kern;
}
