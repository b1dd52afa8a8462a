/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The server of RFC 5176; see radius_dae.h. The cheapest checks come first: source,
 * rate, shape, signature, time. An answer is made anew of the request each time.
 * Called by bng/dae.
 */
#include "aaa/radius_dae.h"

#include "aaa/radius_number.h"
#include "base/timer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ADMIN_RESET 6 /* RFC 5176 3.6 */

/* A request and what became of it. */
struct dae_done {
	TAILQ_ENTRY(dae_done) next;
	struct hash_node node;
	struct dae_client *client;
	struct addr_port from;
	uint8_t id;
	uint8_t authenticator[RADIUS_AUTHENTICATOR_LEN];
	uint32_t timestamp; /* 0: it has none */
	enum dae_cause cause;
	msec_t at;
};

/* A request on its way through the checks. */
struct arrival {
	struct radius_dae *dae;
	const struct dae_time *time;
	const struct addr_port *from;
	const uint8_t *b;
	size_t len;
	struct dae_client *client;
	struct dae_request request;
	uint32_t timestamp;
	uint64_t key;
};

int radius_dae_init(struct radius_dae *d, unsigned int max_clients)
{
	*d = (struct radius_dae){ .max_clients = max_clients };
	hash_init(&d->by_request);
	TAILQ_INIT(&d->done);
	if (!max_clients)
		return 0;
	d->clients = calloc(max_clients, sizeof(*d->clients));
	return d->clients ? 0 : -ENOMEM;
}

/* What the client has sent up to that second is not done any more. */
static void raise_floor(struct dae_client *c, uint32_t timestamp)
{
	if (timestamp > c->floor)
		c->floor = timestamp;
}

static void forget_oldest(struct radius_dae *d)
{
	struct dae_done *o = TAILQ_FIRST(&d->done);

	raise_floor(o->client, o->timestamp);
	TAILQ_REMOVE(&d->done, o, next);
	hash_del(&d->by_request, &o->node);
	d->n_done--;
	free(o);
}

void radius_dae_free(struct radius_dae *d)
{
	while (d->clients && !TAILQ_EMPTY(&d->done))
		forget_oldest(d);
	hash_free(&d->by_request);
	free(d->clients);
	*d = (struct radius_dae){ 0 };
}

void radius_dae_add(struct radius_dae *d, unsigned int listener,
		    const struct dae_client_conf *conf, uint32_t wall)
{
	unsigned int i = d->n_clients++;

	for (; i && d->clients[i - 1].conf->prefix_len < conf->prefix_len; i--)
		d->clients[i] = d->clients[i - 1];
	d->clients[i] = (struct dae_client){ .conf = conf,
					     .listener = listener,
					     .tokens = conf->rate * 1000ULL,
					     .floor = wall };
}

/* ----------------------------------------------------------------------- checks */

static struct dae_client *client_of(struct radius_dae *d, unsigned int listener,
				    const struct addr *from)
{
	for (unsigned int i = 0; i < d->n_clients; i++) {
		const struct dae_client_conf *c = d->clients[i].conf;

		if (d->clients[i].listener == listener &&
		    addr_in(from, &c->net, c->prefix_len))
			return &d->clients[i];
	}
	return NULL;
}

/* A second's worth may come at once. */
static bool over_rate(struct dae_client *c, msec_t now)
{
	uint64_t full = c->conf->rate * 1000ULL;
	uint64_t ms = (uint64_t)(now - c->filled_at);

	c->tokens = ms >= 1000 ? full : c->tokens + ms * c->conf->rate;
	c->filled_at = now;
	if (c->tokens > full)
		c->tokens = full;
	if (c->tokens < 1000)
		return true;
	c->tokens -= 1000;
	return false;
}

/* The counter of what is wrong with it; NULL: it is signed by the client. */
static uint64_t *check_packet(struct arrival *a)
{
	struct dae_counters *n = &a->dae->count;
	const struct dae_client_conf *conf = a->client->conf;
	enum radius_wants wants = conf->need_message_authenticator ?
					  RADIUS_REQUIRED :
					  RADIUS_IF_THERE;

	if (a->len < RADIUS_HLEN)
		return &n->rx_malformed;
	if (a->b[0] != RADIUS_DISCONNECT_REQUEST &&
	    a->b[0] != RADIUS_COA_REQUEST)
		return &n->rx_bad_code;
	switch (radius_verify_request(a->b, a->len, conf->secret, wants,
				      &a->request.packet)) {
	case RADIUS_GOOD:
		return NULL;
	case RADIUS_MALFORMED:
		break;
	case RADIUS_BAD_AUTHENTICATOR:
		return &n->rx_bad_authenticator;
	case RADIUS_BAD_MESSAGE_AUTHENTICATOR:
		return &n->rx_bad_message_authenticator;
	case RADIUS_NO_MESSAGE_AUTHENTICATOR:
		return &n->rx_no_message_authenticator;
	}
	return &n->rx_malformed;
}

/* 0: it has none. One that makes no sense is of 1970. */
static uint32_t timestamp(const struct radius_reply *packet)
{
	struct radius_walk w = radius_walk(packet);
	struct radius_attribute a;
	uint32_t v;
	struct rd r;

	while (radius_next(&w, &a)) {
		if (a.vendor || a.type != RADIUS_EVENT_TIMESTAMP)
			continue;
		r = rd_make(a.value, a.len);
		v = rd_u32(&r);
		return v && !rd_left(&r) ? v : 1;
	}
	return 0;
}

static uint64_t *check_time(struct arrival *a)
{
	const struct dae_client_conf *conf = a->client->conf;
	struct dae_counters *n = &a->dae->count;
	int64_t off;

	a->timestamp = timestamp(&a->request.packet);
	if (!a->timestamp)
		return conf->need_timestamp ? &n->rx_no_timestamp : NULL;
	off = (int64_t)a->timestamp - a->time->wall;
	return off > conf->window || off < -(int64_t)conf->window ?
		       &n->rx_stale :
		       NULL;
}

/* --------------------------------------------------------- what has been answered */

static uint64_t key_of(const struct arrival *a)
{
	uint8_t b[1 + RADIUS_AUTHENTICATOR_LEN];

	b[0] = a->b[1];
	memcpy(b + 1, a->b + 4, RADIUS_AUTHENTICATOR_LEN);
	return hash_bytes(b, sizeof(b));
}

/* With a time it is the same from wherever: whoever plays it back may lie about that.
 * Without one, somebody may well ask for the same a minute later.
 */
static bool is_of(const struct dae_done *d, const struct arrival *a)
{
	if (d->client != a->client || d->id != a->b[1] ||
	    memcmp(d->authenticator, a->b + 4, RADIUS_AUTHENTICATOR_LEN))
		return false;
	return a->timestamp || (d->from.port == a->from->port &&
				addr_eq(&d->from.addr, &a->from->addr) &&
				a->time->now - d->at < DAE_AGAIN);
}

static const struct dae_done *find_done(const struct arrival *a)
{
	struct hash_node *node = hash_find(&a->dae->by_request, a->key);

	for (; node; node = hash_next(node)) {
		const struct dae_done *d =
			container_of(node, struct dae_done, node);

		if (is_of(d, a))
			return d;
	}
	return NULL;
}

/* Of all clients, and of this one. */
#define count(d, client, name) \
	((void)((d)->count.name++, (client)->count.name++))

/* wrong: which of all clients'. */
static void count_wrong(const struct arrival *a, uint64_t *wrong)
{
	ptrdiff_t which = wrong - (uint64_t *)&a->dae->count;

	++*wrong;
	if (a->client)
		((uint64_t *)&a->client->count)[which]++;
}

static bool oldest_may_go(const struct radius_dae *d, msec_t now)
{
	if (d->n_done < DAE_DONE_MAX)
		return false;
	return d->n_done >= DAE_DONE_YOUNG_MAX ||
	       now - TAILQ_FIRST(&d->done)->at >= DAE_AGAIN;
}

/* Two make room for it, if they may, so that there are fewer again after many. */
static void remember(const struct arrival *a, enum dae_cause cause)
{
	struct radius_dae *d = a->dae;
	struct dae_done *to;

	for (int i = 0; i < 2 && oldest_may_go(d, a->time->now); i++)
		forget_oldest(d);
	to = calloc(1, sizeof(*to));
	if (!to) {
		raise_floor(a->client, a->timestamp);
		return;
	}
	*to = (struct dae_done){ .client = a->client,
				 .from = *a->from,
				 .id = a->b[1],
				 .timestamp = a->timestamp,
				 .cause = cause,
				 .at = a->time->now };
	memcpy(to->authenticator, a->b + 4, RADIUS_AUTHENTICATOR_LEN);
	TAILQ_INSERT_TAIL(&d->done, to, next);
	hash_add(&d->by_request, &to->node, a->key);
	d->n_done++;
}

/* ----------------------------------------------------------------------- answers */

/* RFC 5176 3.1, 3.3: all of them, as they were, in their order. */
static void give_back(struct wr *w, const struct dae_request *r)
{
	struct radius_walk walk = radius_walk(&r->packet);
	struct radius_attribute a;

	while (radius_next(&walk, &a))
		if (!a.vendor && a.len &&
		    (a.type == RADIUS_PROXY_STATE ||
		     (r->coa && a.type == RADIUS_STATE)))
			radius_put(w, a.type, a.value, a.len);
}

static void answer(const struct arrival *a, enum dae_cause cause)
{
	struct radius_dae *d = a->dae;
	uint8_t b[RADIUS_PACKET_MAX];
	struct wr w = wr_make(b, sizeof(b));
	size_t len;

	radius_begin(&w, a->b[0] + (cause ? 2 : 1), a->b[1], a->b + 4);
	if (cause)
		radius_put_u32(&w, RADIUS_ERROR_CAUSE, cause);
	else if (!a->request.coa)
		radius_put_u32(&w, RADIUS_ACCT_TERMINATE_CAUSE, ADMIN_RESET);
	give_back(&w, &a->request);
	len = radius_finish_answer(&w, a->client->conf->secret);
	if (!len || d->send(d, a->request.listener, a->from, b, len))
		count(d, a->client, tx_failed);
	else if (cause)
		count(d, a->client, tx_naks);
	else
		count(d, a->client, tx_acks);
}

static enum dae_cause act(struct arrival *a)
{
	const struct dae_client_conf *conf = a->client->conf;
	struct radius_dae *d = a->dae;

	if (a->request.coa)
		count(d, a->client, rx_coas);
	else
		count(d, a->client, rx_disconnects);
	if (!(a->request.coa ? conf->coa : conf->disconnect))
		return DAE_PROHIBITED;
	return d->act(d, a->time->now, &a->request);
}

void radius_dae_input(struct radius_dae *d, const struct dae_time *t,
		      unsigned int listener, const struct addr_port *from,
		      const void *data, size_t len)
{
	struct arrival a = { .dae = d,
			     .time = t,
			     .from = from,
			     .b = data,
			     .len = len,
			     .request.listener = listener };
	const struct dae_done *done;
	uint64_t *wrong = NULL;
	enum dae_cause cause;

	a.client = client_of(d, listener, &from->addr);
	if (!a.client)
		wrong = &d->count.rx_strangers;
	else if (over_rate(a.client, t->now))
		wrong = &d->count.rx_over_rate;
	if (!wrong)
		wrong = check_packet(&a);
	if (!wrong)
		wrong = check_time(&a);
	if (wrong) {
		count_wrong(&a, wrong);
		return;
	}
	a.request.coa = a.b[0] == RADIUS_COA_REQUEST;
	a.key = key_of(&a);
	done = find_done(&a);
	if (done) {
		count(d, a.client, rx_again);
		answer(&a, done->cause);
		return;
	}
	if (a.timestamp && a.timestamp <= a.client->floor) {
		count(d, a.client, rx_replayed);
		return;
	}
	cause = act(&a);
	remember(&a, cause);
	answer(&a, cause);
}
