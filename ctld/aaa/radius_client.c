/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The RADIUS client; see radius_client.h. An exchange is one request on its way: in
 * the queue of a group, or in a slot (socket and id) of a server; in several, if what
 * it says has changed between its tries, and an answer to any will do.
 */
#include "aaa/radius_client.h"

#include "aaa/radius_choice.h"
#include "aaa/radius_health.h"
#include "aaa/radius_id.h"
#include "aaa/radius_probe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WAIT_MAX SECONDS(10) /* for a server that is not full */

/* What was sent under one id. */
struct flight {
	unsigned int slot;
	msec_t at; /* when it was written */
	uint8_t authenticator[RADIUS_AUTHENTICATOR_LEN];
};

struct radius_exchange {
	TAILQ_ENTRY(radius_exchange) next;
	struct radius_queue *in;
	struct radius_client *client;
	struct radius_group *group;
	struct radius_request *request;
	struct radius_server *server; /* NULL: none yet */
	unsigned int tried; /* servers of the group, as bits */
	bool waits; /* in its group, for a server that is not full */
	struct flight flight[RADIUS_TRIES_MAX]; /* the last is the newest */
	unsigned int n_flights;
	unsigned int tries; /* left */
	msec_t since; /* at this server */
	bool last; /* it is dead, but there is no other to go to */
	struct timer timer;
	size_t len;
	uint8_t packet[]; /* of its kind's room */
};

int radius_client_init(struct radius_client *c, struct timers *timers,
		       unsigned int n_servers, unsigned int n_groups)
{
	*c = (struct radius_client){ .timers = timers,
				     .n_servers = n_servers,
				     .n_groups = n_groups };
	TAILQ_INIT(&c->moving);
	c->servers = calloc(n_servers + 1, sizeof(*c->servers));
	c->groups = calloc(n_groups + 1, sizeof(*c->groups));
	if (!c->servers || !c->groups)
		return -ENOMEM;
	for (unsigned int i = 0; i < n_servers; i++) {
		struct radius_server *s = &c->servers[i];

		s->client = c;
		s->index = i;
		s->since = s->heard_at = s->response_time = -1;
		TAILQ_INIT(&s->flying);
	}
	for (unsigned int i = 0; i < n_groups; i++)
		for (unsigned int set = 0; set < RADIUS_SETS; set++)
			TAILQ_INIT(&c->groups[i].waiting[set]);
	return 0;
}

void radius_client_server(struct radius_client *c, unsigned int index,
			  const struct radius_server_conf *conf)
{
	struct radius_server *s = &c->servers[index];

	s->conf = conf;
	s->remote = conf->remote;
	if (conf->host)
		radius_health_unresolved(s);
}

static void leave_queue(struct radius_exchange *x)
{
	if (!x->in)
		return;
	TAILQ_REMOVE(x->in, x, next);
	x->group->n_waiting -= x->waits;
	x->waits = false;
	x->in = NULL;
}

static void enqueue(struct radius_exchange *x, struct radius_queue *q)
{
	leave_queue(x);
	x->in = q;
	TAILQ_INSERT_TAIL(q, x, next);
}

/* Its slots are free, and rest. */
static void leave_server(struct radius_exchange *x)
{
	if (!x->server)
		return;
	for (unsigned int i = 0; i < x->n_flights; i++)
		radius_id_free(x->server, x->flight[i].slot);
	x->server->n_flying--;
	x->n_flights = 0;
	x->server = NULL;
	timer_stop(x->client->timers, &x->timer);
}

/* There is a password in it. */
static void free_exchange(struct radius_exchange *x)
{
	leave_server(x);
	timer_stop(x->client->timers, &x->timer);
	leave_queue(x);
	x->request->exchange = NULL;
	explicit_bzero(x->packet, x->request->kind->room);
	free(x);
}

static void free_queue(struct radius_queue *q)
{
	struct radius_exchange *x;

	while ((x = TAILQ_FIRST(q)))
		free_exchange(x);
}

void radius_client_free(struct radius_client *c)
{
	for (unsigned int i = 0; c->servers && i < c->n_servers; i++) {
		free_queue(&c->servers[i].flying);
		radius_probe_stop(&c->servers[i]);
		free(c->servers[i].slot);
	}
	for (unsigned int i = 0; c->groups && i < c->n_groups; i++)
		for (unsigned int set = 0; set < RADIUS_SETS; set++)
			free_queue(&c->groups[i].waiting[set]);
	free(c->servers);
	free(c->groups);
	*c = (struct radius_client){ 0 };
}

/* --------------------------------------------------------------------- sending */

static struct flight *last_flight(struct radius_exchange *x)
{
	return &x->flight[x->n_flights - 1];
}

static void transmit(struct radius_exchange *x, msec_t now)
{
	msec_t wait = SECONDS(x->server->conf->timeout);

	x->tries--;
	x->client->send(x->client, x->server, last_flight(x)->slot / RADIUS_IDS,
			x->packet, x->len);
	timer_set(x->client->timers, &x->timer,
		  now + radius_health_jitter(wait));
}

/* Under one id more of its server's. */
static int take_id(struct radius_exchange *x)
{
	int slot = radius_id_take(x->server, x);

	if (slot < 0)
		return slot;
	x->flight[x->n_flights++].slot = (unsigned int)slot;
	return 0;
}

/* Its packet of the last flight. */
static int encode(struct radius_exchange *x, msec_t now)
{
	const struct radius_server_conf *conf = x->server->conf;
	struct flight *f = last_flight(x);
	struct radius_try t = { .nas = { x->client->identifier, conf->source,
					 x->group->extra },
				.secret = conf->secret,
				.id = (uint8_t)(f->slot % RADIUS_IDS),
				.now = now };

	x->len = x->request->kind->write(x->request, &t, x->packet);
	if (!x->len)
		return -EINVAL;
	f->at = now;
	memcpy(f->authenticator, x->packet + 4, sizeof(f->authenticator));
	return 0;
}

/* What it says has changed: under an id of its own, if there is one. */
static void renew(struct radius_exchange *x, msec_t now)
{
	const struct radius_kind *kind = x->request->kind;

	if (!kind->stale || x->n_flights == RADIUS_TRIES_MAX ||
	    !kind->stale(x->request, last_flight(x)->at, now) || take_id(x))
		return;
	encode(x, now);
}

static void pump(struct radius_client *c, const struct radius_server *s,
		 msec_t now);

/* Tells the asker, last of all: it may ask, or take back, others. */
static void finish(struct radius_exchange *x, msec_t now,
		   const struct radius_reply *reply, bool asked)
{
	struct radius_client *c = x->client;
	struct radius_server *s = x->server;
	struct radius_request *r = x->request;

	free_exchange(x);
	r->kind->done(r, c, now, reply, asked);
	if (s)
		pump(c, s, now);
}

static void give_up(struct radius_exchange *x, msec_t now)
{
	x->client->count.unavailable++;
	finish(x, now, NULL, true);
}

/* To its next server, or it ends; false: it has to wait, where it is. */
static bool place(struct radius_exchange *x, msec_t now)
{
	int i = radius_choice(x->group, x->tried, now);
	struct radius_server *s;

	if (i == -EBUSY)
		return false;
	s = i < 0 ? NULL : x->group->server[i];
	x->server = s;
	if (!s || take_id(x)) {
		x->server = NULL;
		give_up(x, now);
		return true;
	}
	s->n_flying++;
	radius_health_asked(s, now);
	x->tried |= 1U << i;
	x->last = false;
	x->since = now;
	x->tries = s->conf->tries;
	enqueue(x, &s->flying);
	if (encode(x, now)) {
		finish(x, now, NULL, false);
		return true;
	}
	radius_count(s, tx_requests);
	transmit(x, now);
	return true;
}

static void wait_in_group(struct radius_exchange *x, msec_t now)
{
	x->client->count.waited++;
	enqueue(x, &x->group->waiting[x->tried]);
	x->waits = true;
	x->group->n_waiting++;
	timer_set(x->client->timers, &x->timer, now + WAIT_MAX);
}

/* First come, first served, of those who may go to the same servers: if one of them
 * has to wait, all of them have to. Who has tried most is asked first.
 */
static void pump_group(struct radius_group *g, msec_t now)
{
	for (unsigned int set = 1U << g->n; g->n_waiting && set-- > 0;)
		while (!TAILQ_EMPTY(&g->waiting[set]) &&
		       place(TAILQ_FIRST(&g->waiting[set]), now))
			;
}

/* The server has room: for who waits. */
static void pump(struct radius_client *c, const struct radius_server *s,
		 msec_t now)
{
	for (unsigned int i = 0; i < c->n_groups; i++) {
		struct radius_group *g = &c->groups[i];
		bool has = false;

		for (unsigned int k = 0; k < g->n; k++)
			has |= g->server[k] == s;
		if (has)
			pump_group(g, now);
	}
}

/* --------------------------------------------------------------------- timeouts */

static void move_all(struct radius_client *c, msec_t now)
{
	struct radius_exchange *x;

	while ((x = TAILQ_FIRST(&c->moving)))
		if (!place(x, now))
			wait_in_group(x, now);
}

/* All that it has goes on with x, which had all its tries; but what has nowhere to go
 * has its own tries here.
 */
static void die(struct radius_exchange *x, msec_t now)
{
	struct radius_client *c = x->client;
	struct radius_server *s = x->server;
	struct radius_exchange *y, *next;

	radius_health_died(s, now);
	if (s->conf->status_server)
		radius_probe_start(s, now);
	for (y = TAILQ_FIRST(&s->flying); y; y = next) {
		next = TAILQ_NEXT(y, next);
		y->last = y != x && !radius_choice_left(y->group, y->tried);
		if (y->last)
			continue;
		leave_server(y);
		enqueue(y, &c->moving);
	}
	move_all(c, now);
	pump(c, s, now);
}

static void due(struct timer *t, msec_t now)
{
	struct radius_exchange *x =
		container_of(t, struct radius_exchange, timer);
	struct radius_client *c = x->client;
	struct radius_server *s = x->server;

	if (!s) {
		give_up(x, now);
		return;
	}
	if (x->tries) {
		radius_count(s, tx_retransmits);
		renew(x, now);
		transmit(x, now);
		return;
	}
	radius_count(s, timeouts);
	if (s->heard_at < x->since && !x->last) {
		die(x, now);
		return;
	}
	/* It answers others, or that it is dead is known. */
	leave_server(x);
	enqueue(x, &c->moving);
	move_all(c, now);
	pump(c, s, now);
}

/* --------------------------------------------------------------------- moving */

/* All that it has been sent is sent once more: nobody has got it. */
void radius_client_moved(struct radius_client *c, struct radius_server *s,
			 const struct addr *to, msec_t now)
{
	struct radius_exchange *x;

	s->remote.addr = *to;
	radius_probe_stop(s);
	radius_health_found(s, now);
	if (s->state == RADIUS_PROBING)
		radius_probe_start(s, now);
	TAILQ_FOREACH(x, &s->flying, next)
	{
		x->tries = s->conf->tries;
		x->last = false;
		x->since = now;
		radius_count(s, tx_retransmits);
		transmit(x, now);
	}
	pump(c, s, now);
}

/* ----------------------------------------------------------------------- asking */

void radius_client_send(struct radius_client *c, struct radius_group *g,
			struct radius_request *r, msec_t now)
{
	struct radius_exchange *x = calloc(1, sizeof(*x) + r->kind->room);

	if (!x) {
		c->count.unavailable++;
		r->kind->done(r, c, now, NULL, true);
		return;
	}
	x->client = c;
	x->group = g;
	x->request = r;
	x->timer.fn = due;
	r->exchange = x;
	if (!TAILQ_EMPTY(&g->waiting[x->tried])) {
		wait_in_group(x, now);
		return;
	}
	enqueue(x, &c->moving);
	move_all(c, now);
}

void radius_client_drop(struct radius_client *c, struct radius_request *r,
			msec_t now)
{
	struct radius_exchange *x = r->exchange;
	struct radius_server *s = x ? x->server : NULL;

	if (!x)
		return;
	free_exchange(x);
	if (s)
		pump(c, s, now);
}

/* ---------------------------------------------------------------------- replies */

static enum radius_wants wants(const struct radius_server *s,
			       const struct radius_kind *kind)
{
	if (kind->bare)
		return RADIUS_IF_THERE;
	switch (s->conf->message_authenticator) {
	case RADIUS_MA_REQUIRE:
		return RADIUS_REQUIRED;
	case RADIUS_MA_OFF:
		return RADIUS_UNREAD;
	case RADIUS_MA_AUTO:
		break;
	}
	return s->has_message_authenticator ? RADIUS_REQUIRED : RADIUS_IF_THERE;
}

static void count_reply(struct radius_server *s, enum radius_code code)
{
	switch (code) {
	case RADIUS_ACCESS_ACCEPT:
		radius_count(s, rx_accepts);
		break;
	case RADIUS_ACCESS_REJECT:
		radius_count(s, rx_rejects);
		break;
	case RADIUS_ACCOUNTING_RESPONSE:
		radius_count(s, rx_responses);
		break;
	default:
		radius_count(s, rx_challenges);
		break;
	}
}

static const uint8_t *authenticator_of(const struct radius_exchange *x,
				       unsigned int slot)
{
	unsigned int i = 0;

	while (x->flight[i].slot != slot)
		i++;
	return x->flight[i].authenticator;
}

/* What was sent once only has one answer. */
static void measure(const struct radius_exchange *x, msec_t now)
{
	if (x->tries + 1 == x->server->conf->tries)
		radius_health_took(x->server, now - x->since);
}

static void probe_input(struct radius_client *c, struct radius_server *s,
			msec_t now, const void *data, size_t len)
{
	if (!radius_probe_input(s, data, len))
		return;
	radius_health_revive(s, now);
	pump(c, s, now);
}

static void request_input(struct radius_server *s, unsigned int socket,
			  msec_t now, const uint8_t *data, size_t len)
{
	struct radius_exchange *x;
	enum radius_fault fault;
	uint8_t authenticator[RADIUS_AUTHENTICATOR_LEN];
	struct radius_reply reply;

	x = radius_id_owner(s, socket, data[1]);
	if (!x) {
		radius_count(s, rx_unexpected);
		return;
	}
	/* The reply refers to it, and outlives the exchange. */
	memcpy(authenticator,
	       authenticator_of(x, socket * RADIUS_IDS + data[1]),
	       sizeof(authenticator));
	fault = radius_verify(data, len, authenticator, s->conf->secret,
			      wants(s, x->request->kind), &reply);
	if (fault != RADIUS_GOOD) {
		radius_health_fault(s, fault);
		return;
	}
	if (!x->request->kind->answers(reply.code)) {
		radius_count(s, rx_bad_code);
		return;
	}
	if (s->state == RADIUS_PROBING)
		radius_probe_stop(s);
	radius_health_heard(s, &reply, x->request->kind->bare, now);
	measure(x, now);
	count_reply(s, reply.code);
	finish(x, now, &reply, true);
}

void radius_client_input(struct radius_client *c, struct radius_server *s,
			 unsigned int socket, msec_t now, const void *data,
			 size_t len)
{
	if (socket == RADIUS_PROBE_SOCKET)
		probe_input(c, s, now, data, len);
	else if (len < RADIUS_HLEN)
		radius_count(s, rx_malformed);
	else
		request_input(s, socket, now, data, len);
}
