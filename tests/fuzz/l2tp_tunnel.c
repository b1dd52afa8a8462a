// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two whole hosts, a LAC and an LNS, and between them whoever has the wire: the
 * input says, step by step, what is delivered, lost, doubled, delayed or changed,
 * what is put in between, how time goes by, what the owners do, and which of the
 * two is killed and comes back with what it stored. After each step both hosts
 * must be in order; in the end, over a good wire, nothing may be left of them.
 *
 * A step is a byte: its low four bits what, bit 4 to whom, the rest how much.
 */
#include "l2tp/host.h"

#include "base/log.h"
#include "l2tp/codec.h"
#include "l2tp/save.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define WIRE 64 /* packets under way; more are lost */
#define TUNNELS 12
#define SESSIONS 24
#define RECORD_MAX 16384

#define check(cond)              \
	do {                     \
		if (!(cond))     \
			abort(); \
	} while (0)

struct packet {
	int to;
	struct l2tp_path path;
	size_t len;
	uint8_t *b;
};

/* What the owner of a host knows of its tunnels: from the ops alone. */
struct known {
	const struct l2tp_tunnel *t;
	bool up, down;
};

struct record {
	uint16_t id;
	size_t len;
	uint8_t b[RECORD_MAX];
};

struct side {
	int me;
	struct l2tp_host host;
	struct timers timers;
	struct l2tp_peer peer;
	struct addr_port addr;
	unsigned int refuse; /* bits: tunnel_new, call_in, call_answered */
	unsigned int calls; /* that the owner believes to be there */
	uint64_t fed, sent, opened;
	struct known known[TUNNELS];
	struct record tunnels[TUNNELS];
	struct record sessions[SESSIONS];
};

static struct side side[2];
static struct packet wire[WIRE];
static size_t n_wire;
static msec_t now;

static struct side *of(struct l2tp_host *h)
{
	return h->user;
}

/* ----------------------------------------------------------------- the owner */

static struct known *known(struct side *s, const struct l2tp_tunnel *t)
{
	for (int i = 0; i < TUNNELS; i++)
		if (s->known[i].t == t)
			return &s->known[i];
	return NULL;
}

/* The record of an id, or a free one. */
static struct record *record(struct record *of, size_t n, uint16_t id)
{
	for (size_t i = 0; i < n; i++)
		if (of[i].len && of[i].id == id)
			return &of[i];
	for (size_t i = 0; i < n; i++)
		if (!of[i].len)
			return &of[i];
	abort();
}

static const struct l2tp_peer *op_peer(struct l2tp_host *h,
				       const struct l2tp_path *path,
				       const char *host_name,
				       enum l2tp_refusal *why)
{
	(void)path;
	*why = host_name[0] == 'x' ? L2TP_REFUSE_NAME : L2TP_REFUSE_STRANGER;
	return host_name[0] == 'x' ? NULL : &of(h)->peer;
}

static const char *op_vrf(const struct l2tp_host *h, uint32_t endpoint)
{
	(void)h;
	return endpoint == 1 ? "" : "red";
}

static void op_orders(struct l2tp_host *h)
{
	(void)h;
}

static void op_send(struct l2tp_host *h, const struct l2tp_path *path,
		    const void *msg, size_t len)
{
	static struct l2tp_msg m;
	struct side *s = of(h);
	struct packet *p = &wire[n_wire];

	/* What we make, we can read. */
	check(l2tp_msg_head(&m, msg, len));
	l2tp_msg_body(&m, s->peer.secret);
	check(!m.bad_avps);
	s->sent++;
	if (n_wire == WIRE)
		return;
	p->to = !s->me;
	p->path = (struct l2tp_path){ .endpoint = 1,
				      .local = path->remote,
				      .remote = s->addr,
				      .secure = true };
	p->len = len;
	p->b = malloc(len);
	check(p->b);
	memcpy(p->b, msg, len);
	n_wire++;
}

static int op_new(struct l2tp_tunnel *t)
{
	struct side *s = of(t->host);

	check(t->id && t->peer_id && idmap_get(&s->host.tunnels, t->id) == t);
	return s->refuse & 1;
}

static struct known *must_know(struct l2tp_tunnel *t)
{
	struct known *k = known(of(t->host), t);

	if (!k)
		k = known(of(t->host), NULL);
	check(k);
	k->t = t;
	return k;
}

static void op_up(struct l2tp_tunnel *t, msec_t at)
{
	struct known *k = must_know(t);

	(void)at;
	check(!k->up && !k->down);
	k->up = true;
	of(t->host)->opened++;
}

static void op_changed(struct l2tp_tunnel *t)
{
	struct side *s = of(t->host);
	struct record *r = record(s->tunnels, TUNNELS, t->id);
	struct wr w = wr_make(r->b, sizeof(r->b));

	l2tp_tunnel_save(t, &w);
	check(!w.err);
	r->id = t->id;
	r->len = wr_len(&w);
}

static void op_down(struct l2tp_tunnel *t, msec_t at)
{
	struct known *k = must_know(t);

	(void)at;
	check(!k->down && LIST_EMPTY(&t->sessions));
	k->down = true;
}

static void op_free(struct l2tp_tunnel *t)
{
	struct known *k = known(of(t->host), t);

	check(k && k->down);
	memset(k, 0, sizeof(*k));
	record(of(t->host)->tunnels, TUNNELS, t->id)->len = 0;
}

static int op_in(struct l2tp_session *s, msec_t at, struct l2tp_result *why)
{
	struct side *o = of(s->tunnel->host);

	(void)at;
	if (o->refuse & 2) {
		l2tp_result_set(why, L2TP_CDN_BUSY_NOW, 0, "");
		return -1;
	}
	o->calls++;
	return 0;
}

static int op_answered(struct l2tp_session *s, msec_t at,
		       struct l2tp_result *why)
{
	struct side *o = of(s->tunnel->host);

	(void)at;
	if (!(o->refuse & 4))
		return 0;
	l2tp_result_set(why, L2TP_CDN_ADMIN, 0, "");
	o->calls--;
	return -1;
}

static void op_call_up(struct l2tp_session *s, msec_t at)
{
	struct record *r =
		record(of(s->tunnel->host)->sessions, SESSIONS, s->id);
	struct wr w = wr_make(r->b, sizeof(r->b));

	(void)at;
	check(known(of(s->tunnel->host), s->tunnel));
	l2tp_session_save(s, &w);
	r->id = s->id;
	r->len = wr_len(&w);
}

static void op_session_down(struct l2tp_session *s, msec_t at)
{
	struct side *o = of(s->tunnel->host);

	(void)at;
	check(o->calls);
	o->calls--;
	record(o->sessions, SESSIONS, s->id)->len = 0;
}

static void op_event(struct l2tp_host *h, const struct l2tp_event *e)
{
	(void)h;
	(void)e;
}

static const struct l2tp_host_ops ops = {
	.peer = op_peer,
	.vrf = op_vrf,
	.orders_changed = op_orders,
	.event = op_event,
	.counted = op_orders,
	.send = op_send,
	.tunnel_new = op_new,
	.tunnel_up = op_up,
	.tunnel_changed = op_changed,
	.tunnel_down = op_down,
	.tunnel_free = op_free,
	.call_in = op_in,
	.call_answered = op_answered,
	.call_up = op_call_up,
	.session_down = op_session_down,
};

/* ------------------------------------------------------------ what must hold */

static void check_queue(const struct xport *x)
{
	unsigned int n = 0;
	const struct xport_msg *m;

	STAILQ_FOREACH(m, &x->queue, next)
	n++;
	check(n == x->queued && x->sent <= x->queued);
	check(x->in_flight <= x->sent && x->in_flight <= x->window);
	check(!x->in_flight || x->resend_at != MSEC_NEVER);
	n = 0;
	STAILQ_FOREACH(m, &x->early, next)
	n++;
	check(n == x->n_early && n < XPORT_WINDOW_MAX);
	check(x->tries <= 7 && x->rto >= XPORT_RTO && x->rto <= x->rto_max);
}

static size_t check_tunnel(const struct side *s, struct l2tp_tunnel *t)
{
	const struct l2tp_session *c;
	size_t n = 0;

	check(t->id && idmap_get(&s->host.tunnels, t->id) == t);
	check(!t->due);
	check(t->timer.slot || t->state == L2TP_TUNNEL_ESTABLISHED);
	check(t->state != L2TP_TUNNEL_ESTABLISHED || (t->peer_id && !t->dirty));
	LIST_FOREACH(c, &t->sessions, of_tunnel)
	{
		check(c->tunnel == t && c->id && !c->gone);
		check(idmap_get(&s->host.sessions, c->id) == c);
		check(c->state != L2TP_SESSION_ESTABLISHED || c->peer_id);
		n++;
	}
	check(n == t->n_sessions);
	check(!n || t->state != L2TP_TUNNEL_CLOSING);
	check_queue(&t->xport);
	return n;
}

static void check_host(struct side *s)
{
	const struct l2tp_tally *calls = &s->host.level.below[L2TP_SESSIONS];
	size_t tunnels = 0, sessions = 0;
	struct l2tp_tunnel *t;

	LIST_FOREACH(t, &s->host.all, all)
	{
		sessions += check_tunnel(s, t);
		tunnels++;
	}
	check(tunnels == idmap_count(&s->host.tunnels));
	check(sessions == idmap_count(&s->host.sessions));
	check(sessions == s->calls);
	check(sessions == calls->pending + calls->active);
	check(tunnels <= s->host.max_tunnels);
	check(sessions <= s->host.max_sessions);
	check(!s->host.depth && !s->host.n_grave);
	check(s->host.count.rx_messages == s->fed);
	check(s->host.count.tx_messages == s->sent);
	check(s->host.count.tunnels_opened == s->opened);
}

/* ----------------------------------------------------------------- the steps */

static void feed(int to, const struct l2tp_path *path, const void *b,
		 size_t len)
{
	side[to].fed++;
	l2tp_host_input(&side[to].host, now, path, b, len);
}

static void take(size_t i)
{
	free(wire[i].b);
	memmove(&wire[i], &wire[i + 1], (--n_wire - i) * sizeof(*wire));
}

static void deliver(size_t i, bool keep)
{
	struct packet p = wire[i];
	uint8_t *copy = malloc(p.len);

	/* Its own memory: what is read beyond the end is seen. */
	check(copy);
	memcpy(copy, p.b, p.len);
	if (!keep)
		take(i);
	feed(p.to, &p.path, copy, p.len);
	free(copy);
}

static void pass(msec_t time)
{
	now += time;
	for (int i = 0; i < 2; i++)
		timers_run(&side[i].timers, now);
}

/* The tunnel of that number, from the newest. */
static struct l2tp_tunnel *tunnel(struct side *s, unsigned int n)
{
	struct l2tp_tunnel *t = LIST_FIRST(&s->host.all);

	while (t && n--)
		t = LIST_NEXT(t, all);
	return t;
}

static void open_tunnel(struct side *s)
{
	struct l2tp_path path = { .endpoint = 1,
				  .local = s->addr,
				  .remote = side[!s->me].addr,
				  .secure = true };

	l2tp_tunnel_open(&s->host, now, &path, &s->peer, NULL);
}

static void call(struct side *s, struct l2tp_tunnel *t)
{
	static const struct l2tp_call none = { .calling = "200" };

	/* Counted first: it may end before the call returns. */
	s->calls++;
	if (!t || t->state == L2TP_TUNNEL_CLOSING ||
	    !l2tp_session_call(t, now, &none, NULL))
		s->calls--;
}

static void hang_up(struct l2tp_tunnel *t)
{
	struct side *s = t ? of(t->host) : NULL;

	if (!t || LIST_EMPTY(&t->sessions))
		return;
	record(s->sessions, SESSIONS, LIST_FIRST(&t->sessions)->id)->len = 0;
	l2tp_session_close(LIST_FIRST(&t->sessions), now, L2TP_CDN_ADMIN, 0,
			   "");
	s->calls--;
}

static void put16(uint8_t *to, uint16_t v)
{
	to[0] = (uint8_t)(v >> 8);
	to[1] = (uint8_t)v;
}

/* A message of the input's, whose header is right where its bits do not object. */
static void inject(struct side *s, struct rd *r)
{
	struct l2tp_path path = { .endpoint = 1,
				  .local = s->addr,
				  .remote = side[!s->me].addr,
				  .secure = true };
	size_t len = rd_u8(r) * 4u;
	struct l2tp_tunnel *t = tunnel(s, 0);
	uint8_t *b;

	len = len < rd_left(r) ? len : rd_left(r);
	b = malloc(len ? len : 1);
	check(b);
	rd_copy(r, b, len);
	if (len >= 12 && !(b[0] & 1)) {
		put16(b, 0xc802);
		put16(b + 2, (uint16_t)len);
		if (t && !(b[4] & 1)) {
			put16(b + 4, t->id);
			path.remote = t->from;
		}
		if (t && !(b[6] & 1) && !LIST_EMPTY(&t->sessions))
			put16(b + 6, LIST_FIRST(&t->sessions)->id);
		if (t && !(b[8] & 1))
			put16(b + 8, t->xport.nr);
		if (t && !(b[10] & 1))
			put16(b + 10, xport_zlb_ns(&t->xport));
	}
	feed(s->me, &path, b, len);
	free(b);
}

static const struct l2tp_peer *peer_by_name(void *ctx, const char *name)
{
	(void)name;
	return ctx;
}

static void start(struct side *s)
{
	memset(&s->host.count, 0, sizeof(s->host.count));
	memset(s->known, 0, sizeof(s->known));
	s->calls = 0;
	s->fed = s->sent = s->opened = 0;
}

/* What goes by the clock, which the next input sets back. */
static void forget_times(struct l2tp_host *h)
{
	timer_stop(h->timers, &h->complaint_timer);
	memset(&h->complaints, 0, sizeof(h->complaints));
	memset(h->complaint, 0, sizeof(h->complaint));
	memset(&h->refuse_strangers, 0, sizeof(h->refuse_strangers));
	memset(h->refuse_peers, 0, sizeof(h->refuse_peers));
	h->unsaid = h->next_complaint = 0;
}

/* All that the process knew; a host that is made anew costs too much time. */
static void forget(struct side *s)
{
	struct l2tp_session *c;
	struct l2tp_tunnel *t;

	while ((t = LIST_FIRST(&s->host.all))) {
		while ((c = LIST_FIRST(&t->sessions))) {
			if (c->peer_id)
				hash_del(&s->host.calls_by_peer_id,
					 &c->by_peer_id);
			idmap_del(&s->host.sessions, c->id);
			LIST_REMOVE(c, of_tunnel);
			free(c->call);
			free(c);
		}
		l2tp_tunnel_drop(t, now);
	}
	l2tp_destination_free_all(&s->host);
	forget_times(&s->host);
	memset(&s->host.level, 0, sizeof(s->host.level));
}

/* kill -9, and a start from what was stored. */
static void killed(struct side *s)
{
	forget(s);
	start(s);
	for (int i = 0; i < TUNNELS; i++) {
		struct rd r = rd_make(s->tunnels[i].b, s->tunnels[i].len);
		struct l2tp_tunnel *t = NULL;

		if (s->tunnels[i].len)
			t = l2tp_tunnel_load(&s->host, now, &r, peer_by_name,
					     &s->peer);
		if (t)
			must_know(t)->up = true;
		else
			s->tunnels[i].len = 0;
	}
	for (int i = 0; i < SESSIONS; i++) {
		struct rd r = rd_make(s->sessions[i].b, s->sessions[i].len);

		if (s->sessions[i].len && l2tp_session_load(&s->host, &r))
			s->calls++;
		else
			s->sessions[i].len = 0;
	}
}

static void step(struct rd *r)
{
	uint8_t what = rd_u8(r);
	struct side *s = &side[what >> 4 & 1];
	unsigned int much = what >> 5;
	size_t i = n_wire ? much % n_wire : 0;

	switch (what & 15) {
	case 0:
		pass(much * 7);
		break;
	case 1:
		pass(SECONDS(much * much));
		break;
	case 2:
		for (; much != 8 && n_wire; much++)
			deliver(0, false);
		break;
	case 3:
		s->addr.port = (uint16_t)(1701 + much);
		break;
	case 4:
		if (n_wire)
			deliver(i, false);
		break;
	case 5:
		if (n_wire)
			deliver(i, true);
		break;
	case 6:
		if (n_wire)
			take(i);
		break;
	case 7:
		if (n_wire && wire[i].len)
			wire[i].b[rd_u8(r) % wire[i].len] ^= rd_u8(r);
		break;
	case 8:
		open_tunnel(s);
		break;
	case 9:
		call(s, tunnel(s, much));
		break;
	case 10:
		hang_up(tunnel(s, much));
		break;
	case 11:
		if (tunnel(s, much))
			l2tp_tunnel_close(tunnel(s, much), now, L2TP_STOP_CLEAR,
					  0, "");
		break;
	case 12:
	case 13:
		inject(s, r);
		break;
	case 14:
		killed(s);
		break;
	case 15:
		s->refuse = much;
		break;
	}
}

/* A good wire again, and everybody ends what there is. */
static void finish(void)
{
	for (int i = 0; i < 2; i++) {
		struct l2tp_tunnel *t;

		side[i].refuse = 0;
		LIST_FOREACH(t, &side[i].host.all, all)
		l2tp_tunnel_close(t, now, L2TP_STOP_CLEAR, 0, "");
	}
	for (int i = 0; i < 120; i++) {
		while (n_wire)
			deliver(0, false);
		pass(SECONDS(1));
	}
	for (int i = 0; i < 2; i++) {
		check_host(&side[i]);
		check(LIST_EMPTY(&side[i].host.all));
		forget(&side[i]);
		check(timers_next(&side[i].timers) == MSEC_NEVER);
		for (int k = 0; k < TUNNELS; k++)
			check(!side[i].known[k].t);
	}
}

static void begin(uint8_t how)
{
	static const char *const name[2] = { "lac", "lns" };

	now = SECONDS(1000);
	for (int i = 0; i < 2; i++) {
		struct side *s = &side[i];

		if (!s->host.ops) {
			l2tp_host_init(&s->host, &ops, &s->timers, s);
			s->host.max_tunnels = TUNNELS - 2;
			s->host.max_sessions = SESSIONS;
		}
		s->refuse = 0;
		for (int k = 0; k < TUNNELS; k++)
			s->tunnels[k].len = 0;
		for (int k = 0; k < SESSIONS; k++)
			s->sessions[k].len = 0;
		s->me = i;
		s->addr.addr = addr_v4(0xc0000201 + (uint32_t)i);
		s->addr.port = 1701;
		s->peer = (struct l2tp_peer){
			.name = name[!i],
			.local_name = name[i],
			.secret = how & 1 ? NULL : "secret",
			.accept_calls = i || how & 2,
			.window = how & 4 ? 4 : 16,
			.hello = how & 8 ? 0 : 60,
			.idle = how & 8 ? 0 : 60,
			.hide_avps = how & 2,
			.tie_breaker = how & 4,
			.full_result = L2TP_CDN_BUSY_NOW,
			.retries = 5,
			.setup_retries = 2,
			.retransmit_cap = 8,
			.address_change = (how >> 4) % 3,
			.port_change = (how >> 6) % 3,
		};
		start(s);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd r = rd_make(data, size);

	log_set_level(LOG_ERR_L);
	begin(rd_u8(&r));
	for (int n = 0; n < 400 && rd_left(&r); n++) {
		step(&r);
		check_host(&side[0]);
		check_host(&side[1]);
	}
	finish();
	return 0;
}
