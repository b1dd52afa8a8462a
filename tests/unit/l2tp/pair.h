/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two hosts and a wire between them, in memory, with a time of their own: side 0
 * is the LAC, side 1 the LNS. Each side writes down what happens to it, in order,
 * as words: "new" "up" "changed" "down" "free" of a tunnel, "in" "answered"
 * "call" "gone" of a session, ">SCCRQ" for what it sends.
 */
#ifndef TESTS_L2TP_PAIR_H
#define TESTS_L2TP_PAIR_H

#include "base/log.h"
#include "l2tp/codec.h"
#include "l2tp/host.h"

#include "l2tp/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAIR_TRANSIT 1024
#define PAIR_TRACE 8192

struct pair;
struct box;

/* Called in each op but send, to do mischief. */
typedef void mischief(struct box *b, const char *op, struct l2tp_tunnel *t,
		      struct l2tp_session *s);

struct box {
	struct pair *pair;
	int me;
	struct l2tp_host host;
	struct timers timers;
	struct addr_port addr;
	struct l2tp_peer peer; /* the other side, as we know it */
	bool stranger; /* we do not know it */
	enum l2tp_refusal refusal;
	int new_error; /* what tunnel_new returns */
	int call_error; /* what call_in and call_answered return */
	mischief *mischief;
	char trace[PAIR_TRACE];
	struct l2tp_tunnel *tunnel; /* the last one */
	struct l2tp_session *session; /* the last one */
	struct l2tp_call call; /* as seen in call_up */
	struct l2tp_result why; /* of the last end */
	struct l2tp_causes causes; /* and what CDN said of PPP */
	unsigned int tunnels, sessions, ups, downs;
	unsigned int sent, zlbs;
	struct addr_port sent_to; /* the last */
};

struct pair_packet {
	msec_t at; /* 0: free */
	int to;
	struct l2tp_path path;
	size_t len;
	uint8_t *b;
};

struct pair {
	msec_t now;
	struct box box[2];
	struct pair_packet packet[PAIR_TRANSIT];
	uint64_t seed;
	unsigned int loss, twice, jitter; /* percent, percent, ms */
	bool cut; /* nothing gets through */
	bool (*drop)(struct pair *p, int from, const struct l2tp_msg *m);
};

static inline struct box *box_of(struct l2tp_host *h)
{
	return h->user;
}

static inline void note(struct box *b, const char *word)
{
	size_t n = strlen(b->trace);

	if (n + strlen(word) + 2 < sizeof(b->trace))
		sprintf(b->trace + n, "%s%s", n ? " " : "", word);
}

static inline void happened(struct box *b, const char *op,
			    struct l2tp_tunnel *t, struct l2tp_session *s)
{
	note(b, op);
	if (b->mischief)
		b->mischief(b, op, t, s);
}

static inline const struct l2tp_peer *pair_peer(struct l2tp_host *h,
						const struct l2tp_path *path,
						const char *host_name,
						enum l2tp_refusal *why)
{
	struct box *b = box_of(h);

	(void)path;
	*why = b->refusal;
	if (b->stranger)
		return NULL;
	if (b->peer.remote_name && strcmp(b->peer.remote_name, host_name)) {
		*why = L2TP_REFUSE_NAME;
		return NULL;
	}
	return &b->peer;
}

static inline const char *pair_vrf(const struct l2tp_host *h, uint32_t endpoint)
{
	(void)h, (void)endpoint;
	return "";
}

static inline void pair_carry(struct pair *p, int from,
			      const struct l2tp_path *path, const void *b,
			      size_t len)
{
	unsigned int copies = 1;

	if (p->cut || seeded(&p->seed) % 100 < p->loss)
		return;
	if (seeded(&p->seed) % 100 < p->twice)
		copies = 2;
	for (int i = 0; copies && i < PAIR_TRANSIT; i++) {
		struct pair_packet *k = &p->packet[i];

		if (k->at)
			continue;
		k->at = p->now + 1 + seeded(&p->seed) % (p->jitter + 1);
		k->to = !from;
		k->path.endpoint = 1;
		k->path.local = path->remote;
		k->path.remote = p->box[from].addr;
		k->len = len;
		k->b = malloc(len);
		assert_non_null(k->b);
		memcpy(k->b, b, len);
		copies--;
	}
}

static inline void pair_send(struct l2tp_host *h, const struct l2tp_path *path,
			     const void *msg, size_t len)
{
	struct box *b = box_of(h);
	struct l2tp_msg m;
	char word[32];

	assert_true(l2tp_msg_head(&m, msg, len));
	snprintf(word, sizeof(word), ">%s", l2tp_msg_name(m.type));
	note(b, word);
	b->sent++;
	b->sent_to = path->remote;
	if (!b->pair->drop || !b->pair->drop(b->pair, b->me, &m))
		pair_carry(b->pair, b->me, path, msg, len);
}

static inline int pair_new(struct l2tp_tunnel *t)
{
	struct box *b = box_of(t->host);

	assert_true(t->id && t->peer_id);
	b->tunnel = t;
	happened(b, "new", t, NULL);
	return b->new_error;
}

static inline void pair_up(struct l2tp_tunnel *t, msec_t now)
{
	(void)now;
	box_of(t->host)->tunnels++;
	happened(box_of(t->host), "up", t, NULL);
}

static inline void pair_changed(struct l2tp_tunnel *t)
{
	note(box_of(t->host), "changed");
}

static inline void pair_orders(struct l2tp_host *h)
{
	note(box_of(h), "orders");
}

static inline void pair_counted(struct l2tp_host *h)
{
	(void)h;
}

static inline void pair_event(struct l2tp_host *h, const struct l2tp_event *e)
{
	(void)h;
	(void)e;
}

static inline void pair_down(struct l2tp_tunnel *t, msec_t now)
{
	struct box *b = box_of(t->host);

	(void)now;
	assert_int_equal(t->state, L2TP_TUNNEL_CLOSING);
	assert_true(LIST_EMPTY(&t->sessions));
	b->why = t->why;
	happened(b, "down", t, NULL);
}

static inline void pair_free(struct l2tp_tunnel *t)
{
	struct box *b = box_of(t->host);

	note(b, "free");
	if (b->tunnel == t)
		b->tunnel = NULL;
}

static inline int pair_in(struct l2tp_session *s, msec_t now,
			  struct l2tp_result *why)
{
	struct box *b = box_of(s->tunnel->host);

	(void)now;
	assert_non_null(s->call);
	assert_true(s->peer_id);
	b->session = s;
	happened(b, "in", s->tunnel, s);
	if (b->call_error)
		l2tp_result_set(why, L2TP_CDN_ADMIN, 0, "no");
	return b->call_error;
}

static inline int pair_answered(struct l2tp_session *s, msec_t now,
				struct l2tp_result *why)
{
	struct box *b = box_of(s->tunnel->host);

	(void)now;
	assert_true(s->peer_id && s->call);
	happened(b, "answered", s->tunnel, s);
	if (b->call_error)
		l2tp_result_set(why, L2TP_CDN_ADMIN, 0, "no");
	return b->call_error;
}

static inline void pair_call_up(struct l2tp_session *s, msec_t now)
{
	struct box *b = box_of(s->tunnel->host);

	(void)now;
	b->call = *s->call;
	b->ups++;
	b->sessions++;
	happened(b, "call", s->tunnel, s);
}

static inline void pair_session_down(struct l2tp_session *s, msec_t now)
{
	struct box *b = box_of(s->tunnel->host);

	(void)now;
	if (s->state == L2TP_SESSION_ESTABLISHED)
		b->sessions--;
	b->downs++;
	b->why = *s->why;
	b->causes = s->causes ? *s->causes : (struct l2tp_causes){ 0 };
	if (b->session == s)
		b->session = NULL;
	happened(b, "gone", s->tunnel, s);
}

static const struct l2tp_host_ops pair_ops = {
	.peer = pair_peer,
	.vrf = pair_vrf,
	.send = pair_send,
	.tunnel_new = pair_new,
	.tunnel_up = pair_up,
	.tunnel_changed = pair_changed,
	.orders_changed = pair_orders,
	.event = pair_event,
	.counted = pair_counted,
	.tunnel_down = pair_down,
	.tunnel_free = pair_free,
	.call_in = pair_in,
	.call_answered = pair_answered,
	.call_up = pair_call_up,
	.session_down = pair_session_down,
};

static inline void pair_init(struct pair *p, const char *secret)
{
	memset(p, 0, sizeof(*p));
	log_set_level(LOG_ERR_L);
	p->now = SECONDS(1000);
	p->seed = 1;
	for (int i = 0; i < 2; i++) {
		struct box *b = &p->box[i];

		b->pair = p;
		b->me = i;
		b->addr.addr = addr_v4(0xc0000201 + (uint32_t)i);
		b->addr.port = 1701;
		b->peer.name = i ? "lac" : "lns";
		b->peer.local_name = i ? "lns.example" : "lac.example";
		b->peer.remote_name = i ? "lac.example" : "lns.example";
		b->peer.secret = secret;
		b->peer.accept_calls = i;
		b->peer.window = 16;
		b->peer.hello = 60;
		b->peer.retries = 5;
		b->peer.setup_retries = 5;
		b->peer.retransmit_cap = 8;
		l2tp_host_init(&b->host, &pair_ops, &b->timers, b);
	}
}

static inline void pair_free_all(struct pair *p)
{
	for (int i = 0; i < 2; i++) {
		assert_int_equal(p->box[i].host.depth, 0);
		l2tp_host_free(&p->box[i].host);
		timers_free(&p->box[i].timers);
	}
	for (int i = 0; i < PAIR_TRANSIT; i++) {
		if (p->packet[i].at)
			free(p->packet[i].b);
		p->packet[i].at = 0;
	}
}

/* One event, not after until. */
static inline bool pair_step(struct pair *p, msec_t until)
{
	struct pair_packet *first = NULL;

	for (int i = 0; i < PAIR_TRANSIT; i++) {
		struct pair_packet *k = &p->packet[i];

		if (k->at && (!first || k->at < first->at))
			first = k;
	}
	for (int i = 0; i < 2; i++) {
		msec_t at = timers_next(&p->box[i].timers);

		if (at > until || (first && first->at <= at))
			continue;
		if (timers_next(&p->box[!i].timers) < at)
			continue;
		p->now = at > p->now ? at : p->now;
		timers_run(&p->box[i].timers, p->now);
		return true;
	}
	if (!first || first->at > until)
		return false;
	p->now = first->at > p->now ? first->at : p->now;
	l2tp_host_input(&p->box[first->to].host, p->now, &first->path, first->b,
			first->len);
	free(first->b);
	first->at = 0;
	return true;
}

static inline void pair_run(struct pair *p, msec_t time)
{
	msec_t until = p->now + time;

	for (int n = 0; pair_step(p, until); n++)
		assert_true(n < 1000000);
	p->now = until;
}

static inline struct l2tp_path pair_path(struct pair *p, int from)
{
	return (struct l2tp_path){ .endpoint = 1,
				   .local = p->box[from].addr,
				   .remote = p->box[!from].addr };
}

static inline struct l2tp_tunnel *pair_open(struct pair *p)
{
	struct l2tp_path path = pair_path(p, 0);
	struct box *b = &p->box[0];

	b->tunnel = l2tp_tunnel_open(&b->host, p->now, &path, &b->peer, NULL);
	assert_non_null(b->tunnel);
	return b->tunnel;
}

/* A tunnel that is up, its traces forgotten. */
static inline void pair_up_tunnel(struct pair *p, const char *secret)
{
	pair_init(p, secret);
	pair_open(p);
	pair_run(p, 500);
	assert_int_equal(p->box[0].tunnels, 1);
	assert_int_equal(p->box[1].tunnels, 1);
	p->box[0].trace[0] = p->box[1].trace[0] = 0;
}

static inline struct l2tp_session *pair_call(struct pair *p)
{
	static const struct l2tp_call call = {
		.bearer_type = 2,
		.framing_type = 1,
		.tx_speed = 100000000,
		.rx_speed = 20000000,
		.called = "100",
		.calling = "200",
	};
	struct box *b = &p->box[0];

	b->session = l2tp_session_call(b->tunnel, p->now, &call, NULL);
	return b->session;
}

#endif /* TESTS_L2TP_PAIR_H */
