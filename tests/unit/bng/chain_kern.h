/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel port for two boxes of one process, LAC and LNS, and the wire between them:
 * what they send waits in net.wire. Part of bng/chain.h.
 */
#ifndef TESTS_BNG_CHAIN_KERN_H
#define TESTS_BNG_CHAIN_KERN_H

#include "adit/wire.h"
#include "base/crypt.h"
#include "bng/access.h"
#include "bng/account.h"
#include "bng/bng.h"
#include "bng/subscriber.h"
#include "conf/conf.h"
#include "state/opened.h"
#include "state/restore.h"
#include "state/store.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* after what it needs */
#include <cmocka.h>

#pragma GCC diagnostic ignored "-Wunused-function" /* each has its use of it */

#define MAX 32

struct link_row {
	struct kern_link name;
	struct kern_link to;
	uint16_t peer_tunnel, peer_session;
	uint64_t cookie;
	bool ip, seq;
	struct kern_ip where;
	struct kern_prefix also[8]; /* of where */
	struct kern_qos qos;
	unsigned int qos_sets;
};

struct tunnel_row {
	uint16_t id, peer_id;
	uint64_t cookie;
	uint32_t endpoint;
	struct addr_port remote;
	bool ipsec;
	uint64_t rx_packets; /* data */
	uint8_t dscp;
};

struct fake {
	struct kern kern;
	struct box box;
	struct state_file *state, *spool;
	struct addr_port local;
	uint32_t endpoint_deleted, port_deleted; /* the last ones */
	struct link_row links[MAX];
	struct tunnel_row tunnels[MAX];
	unsigned int hellos; /* that came */
	unsigned int binds; /* that were asked for */
	unsigned int
		may_be_clear; /* control messages of its that IPsec need not take */
};

struct packet {
	struct fake *to;
	enum { CONTROL, DATA, TO_CLIENT, DISCOVERY } kind;
	struct kern_link link;
	size_t len;
	uint8_t b[1600];
};

static struct {
	msec_t now;
	struct fake lac, lns;
	struct packet wire[256];
	size_t n;
	/* The LNS is: when a subscriber's Stop is written, and before it forgets one. */
	jmp_buf *killed, *forgetting;
	bool nowhere; /* L2TP may go to addresses that nobody has */
	unsigned int lost; /* what did */
	bool cut; /* nothing crosses between LAC and LNS */
	bool dump_fails; /* in the middle */
	bool secure; /* all comes by IPsec */
	bool sequencing; /* ICCNs have the AVP that requires it */
	uint64_t strip; /* these AVPs of ICCNs, as bits */
	bool nas_port; /* some message had Cisco's AVP of it */
	uint64_t iccn_has; /* the last one's AVPs, before that */
	unsigned int lcp_in_tunnel, icrq, sccrq, stopccn;
	/* Of those: by the LNS, by the client. */
	unsigned int lcp_down, lcp_up;
	unsigned int chap_down; /* Challenges of the LNS */
	unsigned int auth_up; /* what is said of the client, or by it */
	uint8_t chap_id; /* of the answer to the client */
	unsigned int lns_rx, lns_tx; /* PPP frames of the LNS's session */
	unsigned int lns_rx_v6, lns_tx_v6; /* IPv6 among them */
	/* What a RADIUS server got last. */
	struct {
		struct fake *from;
		uint32_t id; /* of the socket */
		unsigned int n; /* so many came */
		size_t len;
		uint8_t b[1024];
		/* And those before it. */
		struct radius_packet {
			uint32_t id;
			size_t len;
			uint8_t b[1024];
		} last[16];
	} radius;
	/* What a client of a box's RADIUS server got last. */
	struct {
		unsigned int n; /* so many came */
		size_t len;
		uint8_t b[1024];
	} dae;
} net;

static struct fake *fake_of(struct kern *k)
{
	return (struct fake *)k;
}

static struct fake *other(struct fake *f)
{
	return f == &net.lac ? &net.lns : &net.lac;
}

static void post(struct packet p, const void *b, size_t len)
{
	assert_true(net.n < 256 && len <= sizeof(p.b));
	p.len = len;
	memcpy(p.b, b, len);
	net.wire[net.n++] = p;
}

static struct link_row *row(struct fake *f, const struct kern_link *l)
{
	for (int i = 0; i < MAX; i++)
		if (f->links[i].name.kind && kern_link_eq(&f->links[i].name, l))
			return &f->links[i];
	return NULL;
}

static struct link_row *new_row(struct fake *f, const struct kern_link *l)
{
	assert_null(row(f, l));
	for (int i = 0; i < MAX; i++) {
		if (f->links[i].name.kind)
			continue;
		f->links[i] = (struct link_row){ .name = *l };
		return &f->links[i];
	}
	fail();
	return NULL;
}

static struct tunnel_row *tunnel(struct fake *f, uint16_t id)
{
	for (int i = 0; i < MAX; i++)
		if (f->tunnels[i].id == id)
			return &f->tunnels[i];
	return NULL;
}

static void k_tunnel_new(struct kern *k, const struct kern_tunnel *t)
{
	struct tunnel_row *r = tunnel(fake_of(k), 0);

	assert_null(tunnel(fake_of(k), t->id));
	*r = (struct tunnel_row){ t->id,     t->peer_id, t->cookie, t->endpoint,
				  t->remote, t->ipsec,	 0,	    t->dscp };
}

static void k_tunnel_del(struct kern *k, uint16_t id)
{
	struct tunnel_row *r = tunnel(fake_of(k), id);

	if (r)
		memset(r, 0, sizeof(*r));
}

static void k_session_new(struct kern *k, const struct kern_session *s)
{
	struct kern_link l = { .kind = KERN_SESSION,
			       .tunnel_id = s->tunnel_id,
			       .session_id = s->id };
	struct link_row *r = new_row(fake_of(k), &l);

	assert_non_null(tunnel(fake_of(k), s->tunnel_id));
	r->peer_tunnel = tunnel(fake_of(k), s->tunnel_id)->peer_id;
	r->peer_session = s->peer_id;
	r->cookie = s->cookie;
}

static void k_session_set(struct kern *k, const struct kern_session *s)
{
	struct kern_link l = { .kind = KERN_SESSION,
			       .tunnel_id = s->tunnel_id,
			       .session_id = s->id };

	row(fake_of(k), &l)->seq = s->seq;
}

static void k_pppoe_new(struct kern *k, const struct kern_pppoe *p)
{
	new_row(fake_of(k), &p->link)->cookie = p->cookie;
}

static void k_pppoe_set(struct kern *k, const struct kern_pppoe *p)
{
	(void)k, (void)p;
}

static void k_link_del(struct kern *k, const struct kern_link *l)
{
	struct link_row *r = row(fake_of(k), l);

	if (r)
		memset(r, 0, sizeof(*r));
}

static void k_bind(struct kern *k, const struct kern_link *l, uint64_t cookie,
		   const struct kern_link *to, const struct kern_ip *ip)
{
	struct link_row *r = row(fake_of(k), l);

	assert_non_null(r);
	assert_int_equal(r->cookie, cookie);
	fake_of(k)->binds++;
	r->to = to ? *to : (struct kern_link){ 0 };
	r->ip = ip;
	if (ip) {
		assert_true(ip->n_also <= 8);
		r->where = *ip;
		for (size_t i = 0; i < ip->n_also; i++)
			r->also[i] = ip->also[i];
		r->where.also = r->also;
	}
	if (to)
		row(fake_of(k), to)->to = *l;
}

static void k_qos(struct kern *k, const struct kern_link *l, uint64_t cookie,
		  const struct kern_qos *q)
{
	struct link_row *r = row(fake_of(k), l);

	assert_non_null(r);
	assert_int_equal(r->cookie, cookie);
	r->qos = *q;
	r->qos_sets++;
}

/* The routes of ours, and the devices, of both boxes. */
static struct {
	struct kern_route routes[MAX];
	struct kern_device devices[MAX];
	char names[MAX][16];
	unsigned int added, removed; /* routes */
} fib;

/* metric -1: whatever it is. */
static struct kern_route *fib_route(const struct kern_route *r, int64_t metric)
{
	for (int i = 0; i < MAX; i++)
		if (fib.routes[i].to.len == r->to.len &&
		    fib.routes[i].table == r->table &&
		    (metric < 0 || fib.routes[i].metric == metric) &&
		    addr_eq(&fib.routes[i].to.net, &r->to.net))
			return &fib.routes[i];
	return NULL;
}

static void k_route(struct kern *k, const struct kern_route *r, bool add)
{
	static const struct kern_route none;
	struct kern_route *old = fib_route(r, r->metric);

	(void)k;
	fib.added += add;
	fib.removed += !add;
	if (!old && add)
		for (old = fib.routes; old->to.net.family; old++)
			assert_true(old < fib.routes + MAX - 1);
	assert_non_null(old);
	*old = add ? *r : none;
}

static struct kern_device *fib_device(uint32_t ifindex)
{
	for (int i = 0; i < MAX; i++)
		if (fib.devices[i].ifindex == ifindex)
			return &fib.devices[i];
	return NULL;
}

static void k_device_new(struct kern *k, const struct kern_device *d)
{
	struct kern_device *to = fib_device(0);

	(void)k;
	assert_null(fib_device(d->ifindex));
	assert_non_null(to);
	*to = *d;
	to->name = strcpy(fib.names[to - fib.devices], d->name);
}

static void k_device_del(struct kern *k, uint32_t ifindex)
{
	(void)k;
	assert_non_null(fib_device(ifindex));
	memset(fib_device(ifindex), 0, sizeof(struct kern_device));
}

static void k_send_l2tp(struct kern *k, const struct kern_l2tp *to,
			const void *msg, size_t len)
{
	struct packet p = { .to = other(fake_of(k)), .kind = CONTROL };

	fake_of(k)->may_be_clear += !to->ipsec;
	if (net.nowhere && !addr_eq(&to->remote.addr, &p.to->local.addr)) {
		net.lost++;
		return;
	}
	assert_true(addr_eq(&to->remote.addr, &p.to->local.addr));
	if (!net.cut)
		post(p, msg, len);
}

static void k_send_pppoe(struct kern *k, const struct kern_eth *to,
			 const void *frame, size_t len)
{
	struct packet p = { .to = fake_of(k), .kind = DISCOVERY };

	(void)to;
	post(p, frame, len);
}

/* What crosses the tunnel. */
static void count_ppp(bool down, const uint8_t *f)
{
	unsigned int proto = f[0] << 8 | f[1];

	net.lns_tx += down;
	net.lns_rx += !down;
	net.lns_tx_v6 += down && proto == PPP_PROTO_IPV6;
	net.lns_rx_v6 += !down && proto == PPP_PROTO_IPV6;
	if (proto == PPP_PROTO_LCP && f[2] == 1) {
		net.lcp_in_tunnel++;
		net.lcp_down += down;
		net.lcp_up += !down;
	}
	net.chap_down += down && proto == PPP_PROTO_CHAP && f[2] == 1;
	net.auth_up += !down &&
		       (proto == PPP_PROTO_CHAP || proto == PPP_PROTO_PAP);
	if (down && proto == PPP_PROTO_CHAP && f[2] >= 3)
		net.chap_id = f[3];
}

/* Out of a link: to the client, or through the tunnel. */
static void k_send_ppp(struct kern *k, const struct kern_link *l,
		       const void *frame, size_t len)
{
	struct link_row *r = row(fake_of(k), l);
	struct packet p = { .to = fake_of(k), .kind = TO_CLIENT };

	if (!r)
		return;
	if (l->kind == KERN_SESSION) {
		p.to = other(fake_of(k));
		p.kind = DATA;
		p.link = (struct kern_link){ .kind = KERN_SESSION,
					     .tunnel_id = r->peer_tunnel,
					     .session_id = r->peer_session };
		count_ppp(p.to == &net.lac, frame);
	}
	post(p, frame, len);
}

static int k_udp(struct kern *k, const struct addr *source, const char *vrf,
		 const struct addr_port *remote, uint32_t id)
{
	(void)k, (void)source, (void)vrf, (void)remote, (void)id;
	return 0;
}

static void k_close_udp(struct kern *k, uint32_t id)
{
	(void)k, (void)id;
}

/* The last name that was asked for, and how many were. */
static struct {
	unsigned int n;
	uint32_t id;
	char host[256];
} looked_up;

static int k_resolve(struct kern *k, const char *host, int family, uint32_t id)
{
	(void)k, (void)family;
	looked_up.n++;
	looked_up.id = id;
	snprintf(looked_up.host, sizeof(looked_up.host), "%s", host);
	return 0;
}

static int k_send_udp(struct kern *k, uint32_t id, const void *data, size_t len)
{
	struct radius_packet *p;

	assert_in_range(len, 20, sizeof(net.radius.b));
	net.radius.from = fake_of(k);
	net.radius.id = id;
	p = &net.radius.last[net.radius.n++ % 16];
	p->id = id;
	p->len = net.radius.len = len;
	memcpy(p->b, data, len);
	memcpy(net.radius.b, data, len);
	return 0;
}

static int k_listen_udp(struct kern *k, const struct addr_port *local,
			const char *vrf, uint32_t id)
{
	(void)k, (void)local, (void)vrf, (void)id;
	return 0;
}

static int k_answer_udp(struct kern *k, uint32_t id, const struct addr_port *to,
			const void *data, size_t len)
{
	(void)k, (void)id, (void)to;
	assert_in_range(len, 20, sizeof(net.dae.b));
	net.dae.n++;
	net.dae.len = len;
	memcpy(net.dae.b, data, len);
	return 0;
}

static void k_poll(struct kern *k)
{
	for (int i = 0; i < MAX; i++) {
		const struct tunnel_row *r = &fake_of(k)->tunnels[i];
		struct kern_tunnel t = { .id = r->id,
					 .cookie = r->cookie,
					 .stats = { .rx_packets =
							    r->rx_packets } };

		if (t.id)
			bng_kern_events.tunnel_stats(k, net.now, &t);
	}
}

static void k_nothing(struct kern *k)
{
	(void)k;
}

static int k_instance(struct kern *k, uint64_t *instance,
		      char err[KERN_ERROR_MAX])
{
	(void)k, (void)err;
	*instance = 7;
	return 0;
}

static int k_listen(struct kern *k, char err[KERN_ERROR_MAX])
{
	(void)k, (void)err;
	return 0;
}

static int k_endpoint(struct kern *k, const struct addr_port *local,
		      uint32_t vrf, uint32_t *id, char err[KERN_ERROR_MAX])
{
	(void)vrf, (void)err;
	fake_of(k)->local = *local;
	*id = 1;
	return 0;
}

static int k_port(struct kern *k, uint32_t ifindex, char err[KERN_ERROR_MAX])
{
	(void)k, (void)ifindex, (void)err;
	return 0;
}

static int k_endpoint_del(struct kern *k, uint32_t id, char err[KERN_ERROR_MAX])
{
	(void)err;
	for (int i = 0; i < MAX; i++)
		if (fake_of(k)->tunnels[i].id &&
		    fake_of(k)->tunnels[i].endpoint == id)
			return -EBUSY;
	fake_of(k)->endpoint_deleted = id;
	return 0;
}

static int k_port_del(struct kern *k, uint32_t ifindex,
		      char err[KERN_ERROR_MAX])
{
	(void)err;
	fake_of(k)->port_deleted = ifindex;
	return 0;
}

static int k_limits(struct kern *k, const struct kern_limits *limits,
		    char err[KERN_ERROR_MAX])
{
	(void)k, (void)limits, (void)err;
	return 0;
}

static int k_peers(struct kern *k, const struct kern_prefix *p, size_t n,
		   char err[KERN_ERROR_MAX])
{
	(void)k, (void)p, (void)n, (void)err;
	return 0;
}

static int k_dump(struct kern *k, const struct kern_found *found,
		  char err[KERN_ERROR_MAX])
{
	struct fake *f = fake_of(k);

	(void)err;
	for (int i = 0; i < MAX && (!net.dump_fails || !i); i++) {
		const struct link_row *l = &f->links[i];
		struct kern_tunnel t = { .id = f->tunnels[i].id,
					 .peer_id = f->tunnels[i].peer_id,
					 .cookie = f->tunnels[i].cookie,
					 .endpoint = f->tunnels[i].endpoint,
					 .remote = f->tunnels[i].remote };
		struct kern_session s = { .tunnel_id = l->name.tunnel_id,
					  .id = l->name.session_id,
					  .peer_id = l->peer_session,
					  .to = l->to,
					  .to_ifindex = l->where.ifindex,
					  .cookie = l->cookie };
		struct kern_pppoe p = { .link = l->name,
					.to = l->to,
					.to_ifindex = l->where.ifindex,
					.cookie = l->cookie };

		if (t.id)
			found->tunnel(found->ctx, &t);
		if (l->name.kind == KERN_SESSION)
			found->session(found->ctx, &s);
		if (l->name.kind == KERN_PPPOE)
			found->pppoe(found->ctx, &p);
	}
	return net.dump_fails ? -EIO : 0;
}

static const struct kern_impl impl = {
	.name = "fake",
	.close = k_nothing,
	.instance = k_instance,
	.listen = k_listen,
	.endpoint = k_endpoint,
	.port = k_port,
	.endpoint_del = k_endpoint_del,
	.port_del = k_port_del,
	.limits = k_limits,
	.peers = k_peers,
	.dump = k_dump,
	.tunnel_new = k_tunnel_new,
	.tunnel_del = k_tunnel_del,
	.session_new = k_session_new,
	.session_set = k_session_set,
	.pppoe_new = k_pppoe_new,
	.pppoe_set = k_pppoe_set,
	.link_del = k_link_del,
	.bind = k_bind,
	.qos = k_qos,
	.route = k_route,
	.device_new = k_device_new,
	.device_del = k_device_del,
	.send_l2tp = k_send_l2tp,
	.send_pppoe = k_send_pppoe,
	.send_ppp = k_send_ppp,
	.udp = k_udp,
	.close_udp = k_close_udp,
	.send_udp = k_send_udp,
	.listen_udp = k_listen_udp,
	.answer_udp = k_answer_udp,
	.resolve = k_resolve,
	.poll = k_poll,
	.flush = k_nothing,
};

#endif /* TESTS_BNG_CHAIN_KERN_H */
