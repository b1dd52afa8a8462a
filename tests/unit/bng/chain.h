/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A LAC and an LNS in one process, a kernel port of a few lines between them, and
 * a PPPoE client of a few more: the whole chain of bng, without a kernel. Tests
 * include it once each.
 */
#ifndef TESTS_BNG_CHAIN_H
#define TESTS_BNG_CHAIN_H

#include "adit/wire.h"
#include "base/crypt.h"
#include "bng/access.h"
#include "bng/bng.h"
#include "bng/subscriber.h"
#include "conf/conf.h"
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

/* ------------------------------------------------ a kernel port for two boxes */

struct link_row {
	struct kern_link name;
	struct kern_link to;
	uint16_t peer_tunnel, peer_session;
	uint64_t cookie;
	bool ip, seq;
	struct kern_ip where;
};

struct tunnel_row {
	uint16_t id, peer_id;
	uint64_t cookie;
	uint32_t endpoint;
	struct addr_port remote;
	bool ipsec;
	uint64_t rx_packets; /* data */
};

struct fake {
	struct kern kern;
	struct box box;
	struct state_file *state;
	struct addr_port local;
	struct link_row links[MAX];
	struct tunnel_row tunnels[MAX];
	unsigned int hellos; /* that came */
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
	bool cut; /* nothing crosses between LAC and LNS */
	bool dump_fails; /* in the middle */
	bool secure; /* all comes by IPsec */
	bool sequencing; /* ICCNs have the AVP that requires it */
	uint64_t strip; /* these AVPs of ICCNs, as bits */
	uint64_t iccn_has; /* the last one's AVPs, before that */
	unsigned int lcp_in_tunnel, icrq, sccrq, stopccn;
	/* Of those: by the LNS, by the client. */
	unsigned int lcp_down, lcp_up;
	unsigned int chap_down; /* Challenges of the LNS */
	uint8_t chap_id; /* of the answer to the client */
	unsigned int lns_rx, lns_tx; /* PPP frames of the LNS's session */
	/* What a RADIUS server got last. */
	struct {
		struct fake *from;
		uint32_t id; /* of the socket */
		unsigned int n; /* so many came */
		size_t len;
		uint8_t b[1024];
	} radius;
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
				  t->remote, t->ipsec,	 0 };
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
	r->to = to ? *to : (struct kern_link){ 0 };
	r->ip = ip;
	if (ip)
		r->where = *ip;
	if (to)
		row(fake_of(k), to)->to = *l;
}

static void k_send_l2tp(struct kern *k, uint32_t endpoint,
			const struct addr_port *remote, const void *msg,
			size_t len)
{
	struct packet p = { .to = other(fake_of(k)), .kind = CONTROL };

	(void)endpoint;
	assert_true(addr_eq(&remote->addr, &p.to->local.addr));
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
	if (proto == PPP_PROTO_LCP && f[2] == 1) {
		net.lcp_in_tunnel++;
		net.lcp_down += down;
		net.lcp_up += !down;
	}
	net.chap_down += down && proto == PPP_PROTO_CHAP && f[2] == 1;
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

static int k_udp(struct kern *k, const struct addr *source,
		 const struct addr_port *remote, uint32_t id)
{
	(void)k, (void)source, (void)remote, (void)id;
	return 0;
}

static int k_send_udp(struct kern *k, uint32_t id, const void *data, size_t len)
{
	assert_in_range(len, 20, sizeof(net.radius.b));
	net.radius.from = fake_of(k);
	net.radius.id = id;
	net.radius.n++;
	net.radius.len = len;
	memcpy(net.radius.b, data, len);
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

static int k_limits(struct kern *k, uint32_t t, uint32_t s,
		    char err[KERN_ERROR_MAX])
{
	(void)k, (void)t, (void)s, (void)err;
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
					  .cookie = l->cookie };
		struct kern_pppoe p = { .link = l->name, .cookie = l->cookie };

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
	.send_l2tp = k_send_l2tp,
	.send_pppoe = k_send_pppoe,
	.send_ppp = k_send_ppp,
	.udp = k_udp,
	.send_udp = k_send_udp,
	.poll = k_poll,
	.flush = k_nothing,
};

/* --------------------------------------------------------------- the client */

static struct {
	const char *password;
	const char *name;
	uint16_t sid;
	uint8_t id;
	uint32_t addr;
	bool up, padt, failed;
	unsigned int lcp_requests; /* that the network side sent */
	unsigned int challenges, echoes;
	unsigned int echo_replies; /* to the client's */
	unsigned int remaining; /* seconds, as it was told */
	uint8_t chap_id; /* of the last */
	bool mschapv2; /* LCP says so */
	char proof[MSCHAP_PROOF_LEN + 1]; /* that the network side owes */
	bool proven;
	uint8_t v6_far[8]; /* the network side's interface identifier */
	bool v6_up;
	bool mute; /* it has said who it is, and says nothing more */
} client;

static uint8_t client_mac = 9; /* its last byte */
static bool client_waits; /* for our Configure-Request */
static bool client_mute; /* it does LCP and CHAP once, then nothing */
static const uint8_t client_v6[10] = { 1, 10, 2, 0, 0, 0xff, 0xfe, 0, 0, 9 };
static const uint8_t client_magic[6] = { 5, 6, 1, 2, 3, 4 };

static struct kern_eth client_eth(void)
{
	return (struct kern_eth){ .ifindex = 1,
				  .mac = { 2, 0, 0, 0, 0, client_mac } };
}

static struct kern_link client_link(void)
{
	return (struct kern_link){ .kind = KERN_PPPOE,
				   .ifindex = 1,
				   .session_id = client.sid };
}

static void discovery(const void *frame, size_t len)
{
	struct kern_eth from = client_eth();

	bng_kern_events.pppoe(&net.lac.kern, net.now, &from, true, frame, len);
}

/* Into the access link: as the module does, by its binding. */
static void client_send(uint16_t proto, uint8_t code, uint8_t id,
			const void *data, size_t len)
{
	struct kern_link name = client_link();
	struct link_row *r = row(&net.lac, &name);
	uint8_t b[300];
	struct wr w = wr_make(b, sizeof(b));

	wr_u16(&w, proto);
	wr_u8(&w, code);
	wr_u8(&w, id);
	wr_u16(&w, (uint16_t)(len + 4));
	wr_bytes(&w, data, len);
	if (r && r->to.kind)
		k_send_ppp(&net.lac.kern, &r->to, b, wr_len(&w));
	else if (r)
		bng_kern_events.ppp(&net.lac.kern, net.now, &name, b,
				    wr_len(&w));
}

static void client_ipcp(void)
{
	uint8_t o[6] = { 3, 6 };

	for (int i = 0; i < 4; i++)
		o[2 + i] = (uint8_t)(client.addr >> (24 - 8 * i));
	client_send(PPP_PROTO_IPCP, 1, ++client.id, o, 6);
}

static void client_mschapv2(uint8_t id, const uint8_t *value)
{
	uint8_t b[128] = { 49, 1, 2, 3, 4 };
	struct mschap m = { client.name, value + 1, b + 1 };

	mschap_nt_response(b + 25, &m, client.password);
	mschap_proof(client.proof, &m, client.password, b + 25);
	memcpy(b + 50, client.name, strlen(client.name));
	client_send(PPP_PROTO_CHAP, 2, id, b, 50 + strlen(client.name));
}

static void client_chap(uint8_t id, const uint8_t *value)
{
	struct crypt_part part[] = { { &id, 1 },
				     { client.password,
				       strlen(client.password) },
				     { value + 1, value[0] } };
	uint8_t b[128] = { 16 };

	crypt_md5(b + 1, part, 3);
	memcpy(b + 17, client.name, strlen(client.name));
	client_send(PPP_PROTO_CHAP, 2, id, b, 17 + strlen(client.name));
}

static void client_ppp(const uint8_t *f, size_t len)
{
	unsigned int proto = f[0] << 8 | f[1];
	uint8_t code = f[2], id = f[3];

	if (client.mute)
		return;
	if (proto == PPP_PROTO_LCP && code == 1) {
		client.lcp_requests++;
		client.mschapv2 =
			memmem(f + 6, len - 6, "\x03\x05\xc2\x23\x81", 5);
		client_send(PPP_PROTO_LCP, 1, ++client.id, client_magic,
			    sizeof(client_magic));
		client_send(PPP_PROTO_LCP, 2, id, f + 6, len - 6);
	} else if (proto == PPP_PROTO_LCP && code == 9) {
		client.echoes++;
		client_send(PPP_PROTO_LCP, 10, id, client_magic + 2, 4);
	} else if (proto == PPP_PROTO_LCP && code == 10) {
		client.echo_replies++;
	} else if (proto == PPP_PROTO_LCP && code == 13) {
		client.remaining = f[13];
	} else if (proto == PPP_PROTO_LCP && code == 5) {
		client_send(PPP_PROTO_LCP, 6, id, NULL, 0);
	} else if (proto == PPP_PROTO_CHAP && code == 1) {
		client.challenges++;
		client.chap_id = id;
		client.mute = client_mute;
		if (client.mschapv2)
			client_mschapv2(id, f + 6);
		else
			client_chap(id, f + 6);
	} else if (proto == PPP_PROTO_CHAP && code == 3) {
		client.proven = len > 48 &&
				!memcmp(f + 6, client.proof, MSCHAP_PROOF_LEN);
		client_ipcp();
	} else if (proto == PPP_PROTO_CHAP && code == 4) {
		client.failed = true;
	} else if (proto == PPP_PROTO_IPCP && code == 1) {
		client_send(PPP_PROTO_IPCP, 2, id, f + 6, len - 6);
	} else if (proto == PPP_PROTO_IPCP && code == 3) {
		client.addr = (uint32_t)f[8] << 24 | f[9] << 16 | f[10] << 8 |
			      f[11];
		client_ipcp();
	} else if (proto == PPP_PROTO_IPCP && code == 2) {
		client.up = true;
	} else if (proto == PPP_PROTO_IPV6CP && code == 1) {
		memcpy(client.v6_far, f + 8, 8);
		client_send(PPP_PROTO_IPV6CP, 2, id, f + 6, len - 6);
		if (!client.v6_up)
			client_send(PPP_PROTO_IPV6CP, 1, ++client.id, client_v6,
				    sizeof(client_v6));
	} else if (proto == PPP_PROTO_IPV6CP && code == 2) {
		client.v6_up = true;
	}
}

static void client_discovery(const uint8_t *f, size_t len)
{
	uint8_t padr[600];

	if (f[1] == PPPOE_CODE_PADO) {
		memcpy(padr, f, len);
		padr[1] = PPPOE_CODE_PADR;
		discovery(padr, len);
	} else if (f[1] == PPPOE_CODE_PADS) {
		client.sid = (uint16_t)(f[2] << 8 | f[3]);
		if (!client_waits)
			client_send(PPP_PROTO_LCP, 1, ++client.id, client_magic,
				    sizeof(client_magic));
	} else if (f[1] == PPPOE_CODE_PADT) {
		client.padt = true;
	}
}

static void dial(const char *name, const char *password)
{
	static const uint8_t padi[] = {
		0x11, PPPOE_CODE_PADI, 0, 0, 0, 4, 1, 1, 0, 0
	};

	memset(&client, 0, sizeof(client));
	client.name = name;
	client.password = password;
	discovery(padi, sizeof(padi));
}

/* The client's LCP begins again, under a name. */
static void renegotiate(const char *name, const char *password)
{
	client.name = name;
	client.password = password;
	client.up = false;
	client_send(PPP_PROTO_LCP, 1, ++client.id, client_magic,
		    sizeof(client_magic));
}

static void hang_up(void)
{
	uint8_t padt[] = { 0x11,
			   PPPOE_CODE_PADT,
			   (uint8_t)(client.sid >> 8),
			   (uint8_t)client.sid,
			   0,
			   0 };

	discovery(padt, sizeof(padt));
}

/* ------------------------------------------------------------------ the world */

static void data_in(const struct packet *p)
{
	struct link_row *r = row(p->to, &p->link);

	if (r)
		tunnel(p->to, p->link.tunnel_id)->rx_packets++;
	if (r && r->to.kind)
		k_send_ppp(&p->to->kern, &r->to, p->b, p->len);
	else if (r)
		bng_kern_events.ppp(&p->to->kern, net.now, &p->link, p->b,
				    p->len);
}

static void add_sequencing(struct packet *p)
{
	static const uint8_t avp[] = { 0x80, 6, 0, 0, 0, 39 };

	memcpy(p->b + p->len, avp, sizeof(avp));
	p->len += sizeof(avp);
	p->b[2] = (uint8_t)(p->len >> 8);
	p->b[3] = (uint8_t)p->len;
}

static void strip_avps(struct packet *p)
{
	size_t i = 12;

	net.iccn_has = 0;
	while (i + 6 <= p->len) {
		size_t n = (p->b[i] & 3) << 8 | p->b[i + 1];

		net.iccn_has |= (uint64_t)1 << p->b[i + 5];
		if (!p->b[i + 4] && net.strip >> p->b[i + 5] & 1) {
			p->len -= n;
			memmove(p->b + i, p->b + i + n, p->len - i);
		} else {
			i += n;
		}
	}
	p->b[2] = (uint8_t)(p->len >> 8);
	p->b[3] = (uint8_t)p->len;
}

static void control_in(struct packet *p)
{
	if (p->len > 20 && p->b[19] == 12)
		strip_avps(p);
	if (net.sequencing && p->len > 20 && p->b[19] == 12)
		add_sequencing(p);
	/* the value of the first AVP: message type */
	p->to->hellos += p->len == 20 && p->b[19] == 6;
	net.sccrq += p->len > 20 && p->b[19] == 1;
	net.stopccn += p->len > 20 && p->b[19] == 4;
	net.icrq += p->len > 20 && p->b[19] == 10;
	bng_kern_events.l2tp(&p->to->kern, net.now, 1, &p->to->local,
			     &other(p->to)->local, net.secure, p->b, p->len);
}

/* One packet, if there is one. */
static void step(void)
{
	static struct packet p;

	if (!net.n)
		return;
	p = net.wire[0];
	memmove(net.wire, net.wire + 1, --net.n * sizeof(p));
	if (p.kind == CONTROL)
		control_in(&p);
	else if (p.kind == DATA)
		data_in(&p);
	else if (p.kind == TO_CLIENT)
		client_ppp(p.b, p.len);
	else
		client_discovery(p.b, p.len);
}

static void pump(void)
{
	while (net.n)
		step();
	subscriber_reap(&net.lac.box);
	subscriber_reap(&net.lns.box);
}

static void run(msec_t ms)
{
	msec_t end = net.now + ms;

	for (; net.now <= end; net.now += 100) {
		timers_run(&net.lac.box.timers, net.now);
		timers_run(&net.lns.box.timers, net.now);
		pump();
	}
}

static const char lac_conf[] =
	"system { hostname = \"lac\" }\n"
	"endpoint \"core\" { address = \"192.0.2.1\" }\n"
	"pool \"local\" { prefix = \"100.65.0.0/24\" }\n"
	"ppp-profile \"access\" { pool = \"local\" auth = { \"chap\" }\n"
	"  local-address = \"100.65.0.1\" echo-interval = 0 }\n"
	"access-port \"lo\" { ppp-profile = \"access\" }\n"
	"tunnel \"isp\" { endpoint = \"core\" remote = \"198.51.100.2\"\n"
	"  local-name = \"lac1\" secret = \"s3cret\" }\n"
	"domain \"isp.example\" { tunnel = \"isp\" }\n"
	"tunnel \"other\" { endpoint = \"core\" remote = \"198.51.100.2\"\n"
	"  local-name = \"lac1\" secret = \"s3cret\" }\n"
	"domain \"other.example\" { tunnel = \"other\" }\n"
	"user \"bob\" { password = \"builder\" }\n"
	"user \"eve\" { password = \"apple\" address = \"100.65.0.9\" }\n"
	"user \"joe\" { password = \"plum\" address = \"203.0.113.9\" }\n"
	"pool \"far\" { prefix = \"100.66.0.0/24\" }\n"
	"ppp-profile \"far\" { pool = \"far\" auth = { \"chap\" }\n"
	"  local-address = \"100.66.0.1\" echo-interval = 0 }\n"
	"domain \"far.example\" { terminate = true ppp-profile = \"far\" }\n"
	"user \"ann@far.example\" { password = \"pear\" }\n";

static const char lns_conf[] =
	"system { hostname = \"lns\" }\n"
	"endpoint \"core\" { address = \"198.51.100.2\" }\n"
	"pool \"home\" { prefix = \"100.64.0.0/24\" }\n"
	"ppp-profile \"home\" { pool = \"home\" auth = { \"chap\" }\n"
	"  local-address = \"100.64.0.1\" echo-interval = 0 }\n"
	"destination-profile \"carrier\" { address = \"192.0.2.1\"\n"
	"  remote-host \"lac1\" { secret = \"s3cret\"\n"
	"    disconnect-cause = true ppp-profile = \"home\" } }\n"
	"user \"user@isp.example\" { password = \"secret\" }\n";

static const struct conf *load(const char *text)
{
	char path[] = "/tmp/adit-chain-XXXXXX", err[CONF_ERROR_MAX] = "";
	int fd = mkstemp(path);
	const struct conf *c;

	assert_int_equal(write(fd, text, strlen(text)), (int)strlen(text));
	close(fd);
	c = conf_load(path, err);
	if (!c)
		fail_msg("%s", err);
	unlink(path);
	return c;
}

static void open_box(struct fake *f, const struct conf *conf)
{
	char err[CONF_ERROR_MAX] = "";

	f->kern.impl = &impl;
	f->kern.user = &f->box;
	if (box_open(&f->box, conf, &f->kern, &bng_l2tp_ops, &access_disc_ops,
		     err))
		fail_msg("%s", err);
}

/* The state files of the two, and the hooks that write them. */
static struct fake *fake_of_box(struct box *b)
{
	return b == &net.lac.box ? &net.lac : &net.lns;
}

static void h_orders(struct box *b)
{
	store_orders(fake_of_box(b)->state, b);
}

static void h_counted(struct box *b)
{
	store_counted(fake_of_box(b)->state, b);
}

static void h_ended(struct box *b, const struct ended *e)
{
	store_ended(fake_of_box(b)->state, b, e);
}

static void h_ended_gone(struct box *b, const struct ended *e)
{
	store_ended_gone(fake_of_box(b)->state, e);
}

static void h_tunnel(struct box *b, struct l2tp_tunnel *t)
{
	store_tunnel(fake_of_box(b)->state, t);
}

static void h_tunnel_gone(struct box *b, struct l2tp_tunnel *t)
{
	store_tunnel_gone(fake_of_box(b)->state, t);
}

static void h_session(struct box *b, struct l2tp_session *s)
{
	store_session(fake_of_box(b)->state, s);
}

static void h_session_gone(struct box *b, struct l2tp_session *s)
{
	store_session_gone(fake_of_box(b)->state, s);
}

static void h_subscriber(struct box *b, struct subscriber *s)
{
	store_subscriber(fake_of_box(b)->state, s);
}

static void h_subscriber_gone(struct box *b, struct subscriber *s)
{
	store_subscriber_gone(fake_of_box(b)->state, s);
}

static void h_event(struct box *b, const char *what, struct subscriber *s)
{
	(void)b, (void)what, (void)s;
}

/* The last events of L2TP, "up tunnel" and the like. */
static char events[1024];

static void h_l2tp_event(struct box *b, const struct l2tp_event *e)
{
	size_t len = strlen(events);

	if (b == &net.lac.box)
		snprintf(events + len, sizeof(events) - len, "%s %s\n", e->what,
			 e->destination ? "destination" :
			 e->tunnel	? "tunnel" :
			 e->session	? "session" :
			 e->name	? e->name :
					  "system");
}

static const struct box_hooks hooks = {
	.orders = h_orders,
	.counted = h_counted,
	.ended = h_ended,
	.ended_gone = h_ended_gone,
	.tunnel = h_tunnel,
	.tunnel_gone = h_tunnel_gone,
	.session = h_session,
	.session_gone = h_session_gone,
	.subscriber = h_subscriber,
	.subscriber_gone = h_subscriber_gone,
	.event = h_event,
	.l2tp_event = h_l2tp_event,
};

static char state_path[2][64];

static void open_state(struct fake *f, const char *path)
{
	char err[STATE_ERROR_MAX] = "";
	int fresh;

	f->state = state_open(path, 7, 16, 64, &fresh, err);
	if (!f->state)
		fail_msg("%s", err);
	f->box.hooks = &hooks;
}

static int setup(void **state)
{
	(void)state;
	memset(&net, 0, sizeof(net));
	net.now = SECONDS(1000);
	open_box(&net.lac, load(lac_conf));
	open_box(&net.lns, load(lns_conf));
	for (int i = 0; i < 2; i++) {
		snprintf(state_path[i], sizeof(state_path[i]),
			 "/tmp/adit-chain-%d-%d", getpid(), i);
		open_state(i ? &net.lns : &net.lac, state_path[i]);
	}
	return 0;
}

static void drop_box(struct fake *f)
{
	struct subscriber *s;

	while ((s = LIST_FIRST(&f->box.subscribers))) {
		question_drop(&s->question, net.now);
		LIST_REMOVE(s, all);
		LIST_INSERT_HEAD(&f->box.dead, s, all);
	}
	subscriber_reap(&f->box);
	box_close(&f->box);
	state_close(f->state);
}

static int teardown(void **state)
{
	const struct conf *conf[2] = { net.lac.box.conf, net.lns.box.conf };

	(void)state;
	drop_box(&net.lac);
	drop_box(&net.lns);
	for (int i = 0; i < 2; i++) {
		conf_free((struct conf *)(uintptr_t)conf[i]);
		unlink(state_path[i]);
	}
	return 0;
}

/* kill -9 and start again: nothing of the old process is used but the file. */
static int try_restart(struct fake *f, const struct conf *conf,
		       struct restore_result *r)
{
	const struct conf *old = f->box.conf;
	char err[STATE_ERROR_MAX] = "";

	drop_box(f);
	if (old != conf)
		conf_free((struct conf *)(uintptr_t)old);
	open_box(f, conf);
	open_state(f, state_path[f == &net.lns]);
	return restore(&f->box, f->state, net.now, r, err);
}

static void restart(struct fake *f, struct restore_result *r)
{
	assert_int_equal(try_restart(f, f->box.conf, r), 0);
}

static unsigned int links(const struct fake *f)
{
	unsigned int n = 0;

	for (int i = 0; i < MAX; i++)
		n += f->links[i].name.kind != KERN_NO_LINK;
	return n;
}

static void assert_empty(void)
{
	assert_int_equal(links(&net.lac), 0);
	assert_int_equal(links(&net.lns), 0);
	assert_int_equal(net.lac.box.n_subscribers, 0);
	assert_int_equal(net.lns.box.n_subscribers, 0);
	assert_int_equal(idmap_count(&net.lac.box.l2tp.sessions), 0);
	assert_int_equal(idmap_count(&net.lns.box.l2tp.sessions), 0);
	assert_int_equal(idmap_count(&net.lac.box.pppoe_ids), 1); /* 0xffff */
	assert_int_equal(pool_used(net.lns.box.pools[0].pool), 0);
	for (size_t i = 0; i < net.lac.box.n_pools; i++)
		assert_int_equal(pool_used(net.lac.box.pools[i].pool), 0);
}

#endif /* TESTS_BNG_CHAIN_H */
