/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See rad_server.h. */
#include "perf/rad_server.h"

#include "perf/rad.h"

#include <stdlib.h>
#include <string.h>

#define SLOW 1500 /* ms; more than a timeout of 1 s */
#define NAME_MAX 253

enum acct_status {
	ACCT_START = 1,
	ACCT_STOP,
	ACCT_INTERIM,
	ACCT_ON = 7,
	ACCT_OFF
};

/* One that accounting told of, by its NAS and its Acct-Session-Id. */
struct rad_session {
	struct hash_node node;
	bool started, stopped;
	bool open; /* by what was told last: a Start after its Stop opens it again */
};

/* The last answer, for those that are replayed. */
static uint8_t last[RAD_MAX];
static size_t last_len;

static struct rad_session *session(struct load *l, const struct rad_request *r)
{
	const struct wire_value *nas = &r->attribute[RAD_NAS_IDENTIFIER];
	const struct wire_value *id = &r->attribute[RAD_ACCT_SESSION];
	uint8_t name[2 * NAME_MAX];
	struct wr w = wr_make(name, sizeof(name));
	struct rad_session *s;
	uint64_t key;

	wr_bytes(&w, nas->p, nas->len);
	wr_bytes(&w, id->p, id->len);
	key = hash_bytes(name, wr_len(&w));
	s = (struct rad_session *)hash_find(&l->rad_sessions, key);
	if (!s && (s = calloc(1, sizeof(*s))))
		hash_add(&l->rad_sessions, &s->node, key);
	return s;
}

static void account(struct load *l, const struct rad_request *r)
{
	const struct wire_value *v = &r->attribute[RAD_ACCT_STATUS];
	struct stats_radius *count = &l->stats.radius;
	uint8_t status = v->len == 4 ? v->p[3] : 0;
	struct rad_session *s;

	count->accounting++;
	count->starts += status == ACCT_START;
	count->interims += status == ACCT_INTERIM;
	count->stops += status == ACCT_STOP;
	count->ons += status == ACCT_ON;
	count->offs += status == ACCT_OFF;
	if (status != ACCT_START && status != ACCT_STOP)
		return;
	s = session(l, r);
	if (!s)
		return;
	count->open -= s->open;
	s->open = status == ACCT_START;
	count->open += s->open;
	if (s->open) {
		count->sessions += !s->started;
		s->started = true;
	} else {
		count->ended += !s->stopped;
		s->stopped = true;
	}
}

static void send_answer(struct load *l, struct net_sock *from,
			const struct addr_port *peer, unsigned int how,
			uint8_t *data, size_t len)
{
	unsigned int later = how & TWIST_SLOW ? SLOW : 0;
	struct net *n = &l->net;
	uint8_t copy[RAD_MAX];

	memcpy(copy, data, len);
	if (how & TWIST_FORGED) {
		copy[4] ^= 1; /* the authenticator */
		net_send(n, from, peer, copy, len, later);
		copy[4] ^= 1;
	}
	if (how & TWIST_TRUNCATED)
		net_send(n, from, peer, data, len - 1, later);
	if ((how & TWIST_REPLAYED) && last_len)
		net_send(n, from, peer, last, last_len, later);
	if (how & TWIST_FOREIGN)
		net_send_once(n, &from->local.addr, peer, data, len);
	if ((how & TWIST_MUTATE) && net_random(n) % 2)
		copy[net_random(n) % len] ^= (uint8_t)(1u << net_random(n) % 8);
	net_send(n, from, peer, copy, len, later);
	if (how & TWIST_TWICE)
		net_send(n, from, peer, copy, len, later);
	memcpy(last, data, len);
	last_len = len;
}

static enum rad_code judge(struct load *l, const struct rad_request *r,
			   unsigned int how)
{
	const struct options *o = &l->options;
	bool right = !o->password || rad_is_right(r, o->secret, o->password);

	if (r->code == RAD_ACCOUNTING_REQUEST) {
		account(l, r);
		return RAD_ACCOUNTING_RESPONSE;
	}
	l->stats.radius.requests++;
	l->stats.radius.bad_password += !right;
	if (!right || (how & TWIST_REJECT)) {
		l->stats.radius.rejects++;
		return RAD_REJECT;
	}
	l->stats.radius.accepts++;
	return RAD_ACCEPT;
}

void rad_server_input(void *load, msec_t now, struct net_sock *from,
		      const struct addr_port *peer, const void *data,
		      size_t len)
{
	struct load *l = load;
	const struct options *o = &l->options;
	unsigned int how =
		net_chance(&l->net, o->twist_share) ? o->twist->flags : 0;
	uint8_t out[RAD_MAX];
	struct rad_request r;
	enum rad_code code;

	(void)now;
	if (rad_parse(&r, data, len)) {
		l->stats.packets.rx_malformed++;
		return;
	}
	if (!rad_is_signed(&r, o->secret)) {
		l->stats.radius.bad_signature++;
		return;
	}
	if (how & TWIST_DEAD) {
		l->stats.radius.ignored++;
		return;
	}
	code = judge(l, &r, how);
	len = rad_answer(out, &r, code, o->secret,
			 code != RAD_ACCOUNTING_RESPONSE &&
				 !(how & TWIST_PLAIN),
			 o->attributes.b,
			 code == RAD_ACCEPT ? o->attributes.len : 0);
	if (len)
		send_answer(l, from, peer, how, out, len);
}

int rad_server_open(struct load *l, char err[NET_ERROR_MAX])
{
	struct addr_port second = l->options.local;

	second.port++;
	hash_init(&l->rad_sessions);
	if (net_open(&l->net, &l->options.local, l->options.n_local, err))
		return -1;
	return net_open(&l->net, &second, l->options.n_local, err);
}

void rad_server_free(struct load *l)
{
	for (size_t i = 0; i < l->rad_sessions.size; i++) {
		struct hash_node *node = l->rad_sessions.slot[i], *next;

		for (; node; node = next) {
			next = node->next;
			free(node); /* the session's first member */
		}
	}
	hash_free(&l->rad_sessions);
}
