/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The RADIUS client; see radius_client.h. An exchange is one request on its way: in
 * the queue of a group, or in a slot (socket and id) of a server. The id of a
 * request is not used again before all others were.
 */
#include "aaa/radius_client.h"

#include "base/crypt.h"
#include "base/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define REQUEST_MAX 1200
#define WAIT_MAX SECONDS(10) /* for a server that is not full */
#define JITTER 10 /* per cent, either way: RFC 5080 2.2.1 */

struct radius_exchange {
	TAILQ_ENTRY(radius_exchange) next;
	struct radius_queue *in;
	struct radius_client *client;
	struct radius_group *group;
	struct aaa_request *request;
	struct radius_server *server; /* NULL: none yet */
	unsigned int tried; /* servers of the group, as bits */
	unsigned int slot;
	unsigned int tries; /* left */
	msec_t since; /* at this server */
	struct timer timer;
	uint8_t authenticator[RADIUS_AUTHENTICATOR_LEN];
	size_t len;
	uint8_t packet[REQUEST_MAX];
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
		c->servers[i].index = i;
		c->servers[i].heard_at = -1;
		TAILQ_INIT(&c->servers[i].flying);
	}
	for (unsigned int i = 0; i < n_groups; i++)
		TAILQ_INIT(&c->groups[i].waiting);
	return 0;
}

static void enqueue(struct radius_exchange *x, struct radius_queue *q)
{
	if (x->in)
		TAILQ_REMOVE(x->in, x, next);
	x->in = q;
	TAILQ_INSERT_TAIL(q, x, next);
}

/* Its slot is free, and rests. */
static void leave_server(struct radius_exchange *x)
{
	if (!x->server)
		return;
	x->server->slot[x->slot] = NULL;
	x->server->n_flying--;
	x->server = NULL;
	timer_stop(x->client->timers, &x->timer);
}

/* There is a password in it. */
static void free_exchange(struct radius_exchange *x)
{
	leave_server(x);
	timer_stop(x->client->timers, &x->timer);
	TAILQ_REMOVE(x->in, x, next);
	x->request->exchange = NULL;
	explicit_bzero(x, sizeof(*x));
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
		free(c->servers[i].slot);
	}
	for (unsigned int i = 0; c->groups && i < c->n_groups; i++)
		free_queue(&c->groups[i].waiting);
	free(c->servers);
	free(c->groups);
	*c = (struct radius_client){ 0 };
}

/* ------------------------------------------------------------ choosing a server */

static bool full(const struct radius_server *s)
{
	return s->n_flying >= s->conf->limit ||
	       s->n_flying >= RADIUS_SOCKETS_MAX * RADIUS_IDS;
}

/* A dead one may be tried when its time is over, by one request. */
static bool usable(const struct radius_server *s, msec_t now)
{
	switch (s->state) {
	case RADIUS_ALIVE:
		return true;
	case RADIUS_DEAD:
		return now >= s->dead_until;
	case RADIUS_TRIAL:
		return !s->n_flying;
	}
	return false;
}

/* The index of the next server for x; -1: none is left, -EBUSY: wait. If all that
 * are left are dead, that one whose time is over first.
 */
static int choose(const struct radius_exchange *x, msec_t now)
{
	const struct radius_group *g = x->group;
	bool busy = false;
	int dead = -1;

	for (unsigned int i = 0; i < g->n; i++) {
		const struct radius_server *s = g->server[i];

		if (x->tried >> i & 1)
			continue;
		if (full(s)) {
			busy = true;
			continue;
		}
		if (usable(s, now))
			return (int)i;
		if (dead < 0 || s->dead_until < g->server[dead]->dead_until)
			dead = (int)i;
	}
	return dead < 0 && busy ? -EBUSY : dead;
}

/* One socket more, when all ids are taken. */
static int grow(struct radius_server *s)
{
	unsigned int n = s->n_slots + RADIUS_IDS;
	struct radius_exchange **slot = realloc(s->slot, n * sizeof(*slot));

	if (!slot)
		return -ENOMEM;
	memset(slot + s->n_slots, 0, RADIUS_IDS * sizeof(*slot));
	s->slot = slot;
	s->next_slot = s->n_slots;
	s->n_slots = n;
	return 0;
}

static int take_slot(struct radius_server *s, struct radius_exchange *x)
{
	if (s->n_flying == s->n_slots && grow(s))
		return -ENOMEM;
	while (s->slot[s->next_slot])
		s->next_slot = (s->next_slot + 1) % s->n_slots;
	x->slot = s->next_slot;
	s->slot[x->slot] = x;
	s->next_slot = (s->next_slot + 1) % s->n_slots;
	s->n_flying++;
	x->server = s;
	return 0;
}

/* --------------------------------------------------------------------- sending */

static void transmit(struct radius_exchange *x, msec_t now)
{
	msec_t wait = SECONDS(x->server->conf->timeout);
	uint32_t percent = 100 - JITTER + crypt_random_u32() % (2 * JITTER + 1);

	x->tries--;
	x->client->send(x->client, x->server, x->slot / RADIUS_IDS, x->packet,
			x->len);
	timer_set(x->client->timers, &x->timer, now + wait * percent / 100);
}

static int encode(struct radius_exchange *x)
{
	const struct radius_server_conf *conf = x->server->conf;
	struct radius_nas nas = { x->client->identifier, conf->source };
	struct wr w = wr_make(x->packet, sizeof(x->packet));

	crypt_random(x->authenticator, sizeof(x->authenticator));
	radius_begin(&w, RADIUS_ACCESS_REQUEST, x->slot % RADIUS_IDS,
		     x->authenticator);
	if (radius_access_put(&w, &nas, x->request, conf->secret))
		return -EINVAL;
	x->len = radius_finish(&w, conf->secret);
	return x->len ? 0 : -EINVAL;
}

static void pump(struct radius_client *c, const struct radius_server *s,
		 msec_t now);

/* Tells the asker, last of all: it may ask, or take back, others. */
static void finish(struct radius_exchange *x, msec_t now,
		   const struct aaa_reply *reply)
{
	struct radius_client *c = x->client;
	struct radius_server *s = x->server;
	struct aaa_request *r = x->request;

	free_exchange(x);
	r->done(r, now, reply);
	if (s)
		pump(c, s, now);
}

static void give_up(struct radius_exchange *x, msec_t now,
		    enum aaa_verdict verdict)
{
	struct aaa_reply reply = { .verdict = verdict };

	if (verdict == AAA_UNAVAILABLE)
		x->client->count.unavailable++;
	finish(x, now, &reply);
}

/* To its next server, or it ends; false: it has to wait, where it is. */
static bool place(struct radius_exchange *x, msec_t now)
{
	int i = choose(x, now);
	struct radius_server *s;

	if (i == -EBUSY)
		return false;
	s = i < 0 ? NULL : x->group->server[i];
	if (!s || take_slot(s, x)) {
		give_up(x, now, AAA_UNAVAILABLE);
		return true;
	}
	if (s->state == RADIUS_DEAD && now >= s->dead_until)
		s->state = RADIUS_TRIAL;
	x->tried |= 1U << i;
	x->since = now;
	x->tries = s->conf->tries;
	enqueue(x, &s->flying);
	if (encode(x)) {
		give_up(x, now, AAA_REJECT);
		return true;
	}
	x->client->count.tx_requests++;
	transmit(x, now);
	return true;
}

static void wait_in_group(struct radius_exchange *x, msec_t now)
{
	x->client->count.waited++;
	enqueue(x, &x->group->waiting);
	timer_set(x->client->timers, &x->timer, now + WAIT_MAX);
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
		while (has && !TAILQ_EMPTY(&g->waiting) &&
		       place(TAILQ_FIRST(&g->waiting), now))
			;
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

static void die(struct radius_client *c, struct radius_server *s, msec_t now)
{
	struct radius_exchange *x;

	if (s->state == RADIUS_ALIVE)
		log_warn("radius-server %s: no answer, for %u seconds it is not asked",
			 s->conf->name, s->conf->dead_time);
	c->count.servers_dead++;
	s->state = RADIUS_DEAD;
	s->dead_until = now + SECONDS(s->conf->dead_time);
	while ((x = TAILQ_FIRST(&s->flying))) {
		leave_server(x);
		enqueue(x, &c->moving);
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
		give_up(x, now, AAA_UNAVAILABLE);
		return;
	}
	if (x->tries) {
		c->count.tx_retransmits++;
		transmit(x, now);
		return;
	}
	c->count.timeouts++;
	if (s->heard_at < x->since) {
		die(c, s, now);
		return;
	}
	/* It answers others. */
	leave_server(x);
	enqueue(x, &c->moving);
	move_all(c, now);
	pump(c, s, now);
}

/* ----------------------------------------------------------------------- asking */

void radius_client_submit(struct radius_client *c, struct radius_group *g,
			  struct aaa_request *r, msec_t now)
{
	struct aaa_reply none = { .verdict = AAA_UNAVAILABLE };
	struct radius_exchange *x = calloc(1, sizeof(*x));

	if (!x) {
		c->count.unavailable++;
		r->done(r, now, &none);
		return;
	}
	x->client = c;
	x->group = g;
	x->request = r;
	x->timer.fn = due;
	r->exchange = x;
	if (!TAILQ_EMPTY(&g->waiting)) {
		wait_in_group(x, now);
		return;
	}
	enqueue(x, &c->moving);
	move_all(c, now);
}

void radius_client_cancel(struct radius_client *c, struct aaa_request *r,
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

static enum radius_wants wants(const struct radius_server *s)
{
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

static void count_fault(struct radius_client *c, enum radius_fault fault)
{
	uint64_t *const counter[] = {
		[RADIUS_MALFORMED] = &c->count.rx_malformed,
		[RADIUS_BAD_AUTHENTICATOR] = &c->count.rx_bad_authenticator,
		[RADIUS_BAD_MESSAGE_AUTHENTICATOR] =
			&c->count.rx_bad_message_authenticator,
		[RADIUS_NO_MESSAGE_AUTHENTICATOR] =
			&c->count.rx_no_message_authenticator,
	};

	++*counter[fault];
}

static void heard(struct radius_server *s, const struct radius_reply *reply,
		  msec_t now)
{
	if (s->state != RADIUS_ALIVE)
		log_warn("radius-server %s: it answers again", s->conf->name);
	if (s->heard_at < 0 && !reply->has_message_authenticator)
		log_warn("radius-server %s: its replies have no Message-Authenticator: whoever can change packets on the way may forge them",
			 s->conf->name);
	s->state = RADIUS_ALIVE;
	s->heard_at = now;
	s->has_message_authenticator |= reply->has_message_authenticator;
}

static void count_reply(struct radius_client *c, enum radius_code code)
{
	if (code == RADIUS_ACCESS_ACCEPT)
		c->count.rx_accepts++;
	else if (code == RADIUS_ACCESS_REJECT)
		c->count.rx_rejects++;
	else
		c->count.rx_challenges++;
}

void radius_client_input(struct radius_client *c, struct radius_server *s,
			 unsigned int socket, msec_t now, const void *data,
			 size_t len)
{
	const uint8_t *b = data;
	struct radius_exchange *x;
	struct radius_answer answer;
	enum radius_fault fault;
	struct radius_reply reply;
	unsigned int slot;

	if (len < RADIUS_HLEN) {
		c->count.rx_malformed++;
		return;
	}
	slot = socket * RADIUS_IDS + b[1];
	x = slot < s->n_slots ? s->slot[slot] : NULL;
	if (!x) {
		c->count.rx_unexpected++;
		return;
	}
	fault = radius_verify(data, len, x->authenticator, s->conf->secret,
			      wants(s), &reply);
	if (fault != RADIUS_GOOD) {
		count_fault(c, fault);
		return;
	}
	if (radius_access_read(&reply, x->request, &answer)) {
		c->count.rx_bad_code++;
		return;
	}
	heard(s, &reply, now);
	count_reply(c, reply.code);
	c->count.rx_bad_attribute += answer.ignored;
	finish(x, now, &answer.reply);
}
