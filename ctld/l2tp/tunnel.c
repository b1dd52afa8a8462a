/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tunnels as objects: their states, and whose messages are whose; see tunnel.h.
 * What is to be sent, and to be freed, waits for l2tp/turn. Called by l2tp/host,
 * l2tp/control, l2tp/call_machine. One thread.
 */
#include "l2tp/tunnel.h"

#include "base/log.h"
#include "l2tp/codec.h"
#include "l2tp/destination.h"
#include "l2tp/ops.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const state_name[L2TP_TUNNEL_NSTATES] = {
	[L2TP_TUNNEL_IDLE] = "idle",
	[L2TP_TUNNEL_WAIT_REPLY] = "wait-reply",
	[L2TP_TUNNEL_WAIT_CONN] = "wait-connect",
	[L2TP_TUNNEL_ESTABLISHED] = "established",
	[L2TP_TUNNEL_CLOSING] = "closing",
};

const char *l2tp_tunnel_state_name(enum l2tp_tunnel_state s)
{
	return state_name[s];
}

void l2tp_result_set(struct l2tp_result *r, uint16_t result, uint16_t error,
		     const char *text)
{
	r->result = result;
	r->error = error;
	snprintf(r->text, sizeof(r->text), "%s", text ? text : "");
}

struct l2tp_result l2tp_result_full(const struct l2tp_peer *peer,
				    const char *text)
{
	struct l2tp_result r;

	l2tp_result_set(&r,
			peer->full_result ? peer->full_result :
					    L2TP_CDN_BUSY_NOW,
			L2TP_ERR_RESOURCES, text);
	return r;
}

static unsigned int pending_calls(const struct l2tp_level *l)
{
	return l->below[L2TP_SESSIONS].pending;
}

/* One peer alone does not keep the others out: it has half of the room. Tunnels do
 * not count: who forges SCCRQs would keep calls out of those that are there.
 */
bool l2tp_tunnel_busy(const struct l2tp_tunnel *t)
{
	unsigned int most = t->host->max_pending;

	return pending_calls(&t->host->level) >= most ||
	       pending_calls(&t->destination->level) >= (most + 1) / 2;
}

/* -------------------------------------------------------------- the object */

uint64_t l2tp_path_source(const struct l2tp_path *path)
{
	uint8_t b[32];
	struct wr w = wr_make(b, sizeof(b));

	wr_u32(&w, path->endpoint); /* in its VRF the address is another */
	wr_bytes(&w, path->remote.addr.b, addr_len(&path->remote.addr));
	return hash_bytes(b, wr_len(&w));
}

/* Until it is established, or gone: one that failed still holds its memory. */
static void set_half_open(struct l2tp_tunnel *t, bool on)
{
	if (t->is_half_open == on)
		return;
	t->is_half_open = on;
	if (on) {
		hash_add(&t->host->half_open, &t->half_open,
			 l2tp_path_source(&t->path));
		TAILQ_INSERT_TAIL(&t->host->half_opens, t, of_half_open);
	} else {
		hash_del(&t->host->half_open, &t->half_open);
		TAILQ_REMOVE(&t->host->half_opens, t, of_half_open);
	}
}

void l2tp_half_open_forget(struct l2tp_tunnel *t)
{
	set_half_open(t, false);
}

/* Ours, until its peer answers: where two may cross. */
static void set_opening(struct l2tp_tunnel *t, bool on)
{
	if (t->is_opening == on)
		return;
	t->is_opening = on;
	if (on)
		LIST_INSERT_HEAD(&t->host->opening, t, of_opening);
	else
		LIST_REMOVE(t, of_opening);
}

unsigned int l2tp_half_open(const struct l2tp_host *h,
			    const struct l2tp_path *path,
			    struct l2tp_tunnel **oldest)
{
	struct hash_node *n = hash_find(&h->half_open, l2tp_path_source(path));
	unsigned int count = 0;

	*oldest = NULL;
	for (; n; n = hash_next(n)) {
		struct l2tp_tunnel *t =
			container_of(n, struct l2tp_tunnel, half_open);

		/* The later in the chain was there before. */
		if (!*oldest || t->opened_at <= (*oldest)->opened_at)
			*oldest = t;
		count++;
	}
	return count;
}

/* What the levels above it learn of a change. */
static void count(struct l2tp_tunnel *t, enum l2tp_tunnel_state state)
{
	if (state == L2TP_TUNNEL_ESTABLISHED) {
		l2tp_level_count(t->level.up, L2TP_TUNNELS, L2TP_UP);
		l2tp_destination_up(t->destination);
		t->was_up = true;
	} else if (state == L2TP_TUNNEL_CLOSING) {
		l2tp_level_count(t->level.up, L2TP_TUNNELS,
				 t->state == L2TP_TUNNEL_ESTABLISHED ?
					 L2TP_ENDED :
					 L2TP_FAILED);
	}
}

/* Of those whom strangers could make any number of, nothing. */
static void tell(struct l2tp_tunnel *t, enum l2tp_tunnel_state was)
{
	struct l2tp_event tunnel = { .tunnel = t };
	struct l2tp_event destination = { .destination = t->destination };
	unsigned int n = t->destination->level.below[L2TP_TUNNELS].active;
	struct l2tp_host *h = t->host;

	if (t->state == L2TP_TUNNEL_ESTABLISHED) {
		destination.what = tunnel.what = "up";
		if (n == 1)
			h->ops->event(h, &destination);
		h->ops->event(h, &tunnel);
	} else if (t->state == L2TP_TUNNEL_CLOSING &&
		   (t->initiator || t->was_up)) {
		destination.what = tunnel.what = "down";
		h->ops->event(h, &tunnel);
		if (!n && was == L2TP_TUNNEL_ESTABLISHED)
			h->ops->event(h, &destination);
	}
}

void l2tp_tunnel_set_state(struct l2tp_tunnel *t, enum l2tp_tunnel_state state)
{
	enum l2tp_tunnel_state was = t->state;
	char text[L2TP_TEXT_MAX];
	enum log_level level = LOG_INFO_L;

	count(t, state);
	set_opening(t, state == L2TP_TUNNEL_WAIT_REPLY);
	if (state != L2TP_TUNNEL_CLOSING)
		set_half_open(t, state == L2TP_TUNNEL_WAIT_CONN);
	/* Anybody who forges an address gets as far as wait-connect, and
	 * pushes others out of it.
	 */
	if (state == L2TP_TUNNEL_WAIT_CONN ||
	    (state == L2TP_TUNNEL_CLOSING && was == L2TP_TUNNEL_WAIT_CONN &&
	     !t->is_half_open))
		level = LOG_DEBUG_L;
	if (state == L2TP_TUNNEL_CLOSING)
		log_line(level, "tunnel %u peer %s: %s -> %s (%u/%u %s)", t->id,
			 t->peer->name, state_name[t->state], state_name[state],
			 t->why.result, t->why.error,
			 log_safe(t->why.text, strlen(t->why.text), text,
				  sizeof(text)));
	else
		log_line(level, "tunnel %u peer %s: %s -> %s", t->id,
			 t->peer->name, state_name[t->state],
			 state_name[state]);
	t->state = state;
	t->dirty = true;
	tell(t, was);
}

/* Where its messages come from. */
static struct l2tp_path in_path(const struct l2tp_tunnel *t)
{
	struct l2tp_path path = t->path;

	path.remote = t->from;
	return path;
}

static uint64_t path_key(const struct l2tp_path *path, uint16_t peer_id)
{
	uint8_t b[32];
	struct wr w = wr_make(b, sizeof(b));

	wr_u32(&w, path->endpoint);
	wr_bytes(&w, path->remote.addr.b, addr_len(&path->remote.addr));
	wr_u16(&w, path->remote.port);
	wr_u16(&w, peer_id);
	return hash_bytes(b, wr_len(&w));
}

static bool comes_from(const struct l2tp_tunnel *t,
		       const struct l2tp_path *path)
{
	return t->path.endpoint == path->endpoint &&
	       addr_eq(&t->from.addr, &path->remote.addr) &&
	       t->from.port == path->remote.port;
}

void l2tp_tunnel_set_peer_id(struct l2tp_tunnel *t, uint16_t peer_id)
{
	struct l2tp_path path = in_path(t);

	if (t->peer_id || !peer_id)
		return;
	t->peer_id = peer_id;
	hash_add(&t->host->by_peer_id, &t->by_peer_id,
		 path_key(&path, peer_id));
}

typedef bool match_fn(const struct l2tp_tunnel *t, msec_t now);

static struct l2tp_tunnel *find(struct l2tp_host *h, msec_t now,
				const struct l2tp_path *path, uint16_t peer_id,
				match_fn *match,
				const struct l2tp_tunnel * not )
{
	struct hash_node *n;

	n = hash_find(&h->by_peer_id, path_key(path, peer_id));
	for (; n; n = hash_next(n)) {
		struct l2tp_tunnel *t =
			container_of(n, struct l2tp_tunnel, by_peer_id);

		if (t != not &&t->peer_id == peer_id && comes_from(t, path) &&
		    match(t, now))
			return t;
	}
	return NULL;
}

static bool is_open(const struct l2tp_tunnel *t, msec_t now)
{
	(void)now;
	return t->state != L2TP_TUNNEL_CLOSING;
}

/*
 * Whether an SCCRQ of this path and id is one that this tunnel has had: it is
 * retransmitted, or late. A peer that started anew may use its id again.
 */
static bool had_sccrq(const struct l2tp_tunnel *t, msec_t now)
{
	if (t->initiator)
		return false;
	if (t->state == L2TP_TUNNEL_CLOSING && !t->stopping)
		return false;
	return t->state == L2TP_TUNNEL_WAIT_CONN ||
	       now < t->opened_at + L2TP_CLOSE_TIME;
}

struct l2tp_tunnel *l2tp_tunnel_of_sccrq(struct l2tp_host *h, msec_t now,
					 const struct l2tp_path *path,
					 uint16_t peer_id)
{
	return find(h, now, path, peer_id, had_sccrq, NULL);
}

struct l2tp_tunnel *l2tp_tunnel_find(struct l2tp_host *h,
				     const struct l2tp_path *path,
				     uint16_t peer_id,
				     const struct l2tp_tunnel * not )
{
	return find(h, 0, path, peer_id, is_open, not );
}

static bool is_any(const struct l2tp_tunnel *t, msec_t now)
{
	(void)t;
	(void)now;
	return true;
}

struct l2tp_tunnel *l2tp_tunnel_named(struct l2tp_host *h,
				      const struct l2tp_path *path,
				      uint16_t peer_id)
{
	return find(h, 0, path, peer_id, is_any, NULL);
}

bool l2tp_tunnel_path_ok(const struct l2tp_tunnel *t,
			 const struct l2tp_path *path, uint16_t type)
{
	if (comes_from(t, path))
		return true;
	if (t->state != L2TP_TUNNEL_WAIT_REPLY ||
	    t->path.endpoint != path->endpoint)
		return false;
	/* A responder may answer from elsewhere, and refuse from another port. */
	return type == L2TP_SCCRP ||
	       (type == L2TP_STOPCCN &&
		addr_eq(&t->from.addr, &path->remote.addr));
}

bool l2tp_tunnel_move(struct l2tp_tunnel *t, const struct l2tp_path *to)
{
	bool addr = !addr_eq(&t->path.remote.addr, &to->remote.addr);
	bool port = t->path.remote.port != to->remote.port;
	enum l2tp_move by_addr = t->peer->address_change;
	enum l2tp_move by_port = t->peer->port_change;

	if (!t->path.local.addr.family)
		t->path.local = to->local;
	if (!addr && !port)
		return true;
	if ((addr && by_addr == L2TP_MOVE_REJECT) ||
	    (port && by_port == L2TP_MOVE_REJECT)) {
		t->host->count.refused_moves++;
		return false;
	}
	t->host->count.moves++;
	t->from = to->remote;
	if (by_addr == L2TP_MOVE_ACCEPT)
		t->path.remote.addr = to->remote.addr;
	if (by_port == L2TP_MOVE_ACCEPT)
		t->path.remote.port = to->remote.port;
	return true;
}

struct l2tp_tunnel *l2tp_tunnel_new(struct l2tp_host *h, msec_t now,
				    const struct l2tp_path *path,
				    const struct l2tp_peer *peer, uint16_t id)
{
	struct l2tp_tunnel *t;

	if (!id && idmap_count(&h->tunnels) >= h->max_tunnels) {
		h->count.refused_limit++;
		return NULL;
	}
	t = calloc(1, sizeof(*t));
	if (!t)
		return NULL;
	t->destination = l2tp_destination_get(h, now,
					      h->ops->vrf(h, path->endpoint),
					      &path->remote.addr);
	if (t->destination && !id)
		t->id = idmap_new(&h->tunnels, t);
	else if (t->destination && !idmap_take(&h->tunnels, id, t))
		t->id = id;
	if (!t->id) {
		if (t->destination)
			l2tp_destination_put(t->destination, now);
		free(t);
		return NULL;
	}
	t->host = h;
	t->level.up = &t->destination->level;
	l2tp_destination_join(t->destination, now);
	LIST_INSERT_HEAD(&t->destination->tunnels, t, of_destination);
	l2tp_level_count(t->level.up, L2TP_TUNNELS, L2TP_BEGUN);
	t->path = *path;
	t->from = t->called = path->remote;
	t->peer = peer;
	t->hello_at = t->setup_at = t->call_at = MSEC_NEVER;
	t->idle_at = t->dead_at = t->start_at = MSEC_NEVER;
	LIST_INIT(&t->sessions);
	TAILQ_INIT(&t->calls);
	LIST_INSERT_HEAD(&h->all, t, all);
	xport_init(&t->xport, peer->setup_retries,
		   SECONDS(peer->retransmit_cap), peer->window);
	return t;
}

void l2tp_bury(struct l2tp_host *h, void *p)
{
	if (h->n_grave == h->grave_size) {
		h->grave_size = h->grave_size ? h->grave_size * 2 : 16;
		h->grave = realloc(h->grave, h->grave_size * sizeof(void *));
		if (!h->grave)
			abort();
	}
	h->grave[h->n_grave++] = p;
}

void l2tp_tunnel_drop(struct l2tp_tunnel *t, msec_t now)
{
	struct l2tp_host *h = t->host;

	timer_stop(h->timers, &t->timer);
	if (t->due)
		STAILQ_REMOVE(&h->due, t, l2tp_tunnel, of_due);
	if (t->peer_id)
		hash_del(&h->by_peer_id, &t->by_peer_id);
	set_half_open(t, false);
	set_opening(t, false);
	LIST_REMOVE(t, of_destination);
	l2tp_destination_left(t->destination, t->initiator, now);
	LIST_REMOVE(t, all);
	idmap_del(&h->tunnels, t->id);
	xport_free(&t->xport);
	if (h->depth)
		l2tp_bury(h, t);
	else
		free(t);
}

/* ------------------------------------------------- for the end of the turn */

void l2tp_tunnel_due(struct l2tp_tunnel *t)
{
	if (t->due)
		return;
	t->due = true;
	STAILQ_INSERT_TAIL(&t->host->due, t, of_due);
}

void l2tp_tunnel_send(struct l2tp_tunnel *t, struct l2tp_msg *m)
{
	uint8_t b[L2TP_MSG_MAX];
	size_t len;

	m->tunnel_id = t->peer_id;
	m->has |= L2TP_BIT(AVP_MESSAGE_TYPE);
	m->hide = t->peer->hide_avps;
	len = l2tp_msg_encode(m, t->peer->secret, b, sizeof(b));
	if (!len || xport_push(&t->xport, b, len))
		t->stuck = true;
	explicit_bzero(b, sizeof(b));
	t->dirty = true;
	l2tp_tunnel_due(t);
}

void l2tp_tunnel_heard(struct l2tp_tunnel *t, msec_t at)
{
	if (at > t->last_rx)
		t->last_rx = at;
}
