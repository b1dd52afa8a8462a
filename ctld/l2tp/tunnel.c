/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tunnels as objects, and whose turn it is: what is sent, and what is freed, waits
 * for the end of the outermost function of l2tp (l2tp_leave). See tunnel.h. Called
 * by l2tp/host, l2tp/control, l2tp/call_machine. One thread. RFC 2661 5.8.
 */
#include "l2tp/tunnel.h"

#include "adit/wire.h"
#include "base/crypt.h"
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

/* One peer alone does not keep the others out: it has half of the room. */
bool l2tp_tunnel_busy(const struct l2tp_host *h,
		      const struct l2tp_level *destination)
{
	if (l2tp_level_pending(&h->level) >= h->max_pending)
		return true;
	return destination &&
	       l2tp_level_pending(destination) >= (h->max_pending + 1) / 2;
}

/* -------------------------------------------------------------- the object */

static uint64_t addr_key(const struct addr *a)
{
	return hash_bytes(a->b, addr_len(a));
}

/* Until it is established, or gone: one that failed still holds its memory. */
static void set_half_open(struct l2tp_tunnel *t, bool on)
{
	if (t->is_half_open == on)
		return;
	t->is_half_open = on;
	if (on)
		hash_add(&t->host->half_open, &t->half_open,
			 addr_key(&t->path.remote.addr));
	else
		hash_del(&t->host->half_open, &t->half_open);
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

unsigned int l2tp_half_open(const struct l2tp_host *h, const struct addr *from)
{
	struct hash_node *n = hash_find(&h->half_open, addr_key(from));
	unsigned int count = 0;

	for (; n; n = hash_next(n))
		count++;
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

	count(t, state);
	set_opening(t, state == L2TP_TUNNEL_WAIT_REPLY);
	if (state != L2TP_TUNNEL_CLOSING)
		set_half_open(t, state == L2TP_TUNNEL_WAIT_CONN);
	if (state == L2TP_TUNNEL_CLOSING)
		log_info("tunnel %u peer %s: %s -> %s (%u/%u %s)", t->id,
			 t->peer->name, state_name[t->state], state_name[state],
			 t->why.result, t->why.error,
			 log_safe(t->why.text, strlen(t->why.text), text,
				  sizeof(text)));
	else /* anybody who forges an address gets as far as wait-connect */
		log_line(state == L2TP_TUNNEL_WAIT_CONN ? LOG_DEBUG_L :
							  LOG_INFO_L,
			 "tunnel %u peer %s: %s -> %s", t->id, t->peer->name,
			 state_name[t->state], state_name[state]);
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

/* ------------------------------------------------------------------- turns */

void l2tp_enter(struct l2tp_host *h)
{
	h->depth++;
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

void l2tp_tunnel_due(struct l2tp_tunnel *t)
{
	if (t->due)
		return;
	t->due = true;
	STAILQ_INSERT_TAIL(&t->host->due, t, of_due);
}

/* Before anything leaves that tells of it, and before the turn ends. */
static void store(struct l2tp_tunnel *t)
{
	if (!t->dirty || t->state != L2TP_TUNNEL_ESTABLISHED)
		return;
	t->dirty = false;
	t->host->ops->tunnel_changed(t);
}

static void send_bytes(struct l2tp_tunnel *t, const void *b, size_t len)
{
	store(t);
	t->host->count.tx_messages++;
	t->host->ops->send(t->host, &t->path, b, len);
}

/*
 * What may leave, leaves; what no message acknowledged, a ZLB does when its time
 * has come, which is at once unless the tunnel is up. What came has had its effect
 * and Nr counts it: both are stored now, acknowledged or not.
 */
static void flush(struct l2tp_tunnel *t, msec_t now)
{
	const struct xport_msg *m;
	bool again;

	while ((m = xport_next(&t->xport, now, &again))) {
		t->dirty |= !again;
		t->retransmits += again;
		t->host->count.tx_retransmits += again;
		send_bytes(t, m->b, m->len);
	}
	if (t->state != L2TP_TUNNEL_ESTABLISHED)
		xport_ack_now(&t->xport, now);
	if (xport_ack_ready(&t->xport, now) && t->peer_id) {
		struct l2tp_msg zlb = { .tunnel_id = t->peer_id,
					.ns = xport_zlb_ns(&t->xport),
					.nr = t->xport.nr };
		uint8_t b[L2TP_CONTROL_HLEN];

		xport_ack_sent(&t->xport, now);
		send_bytes(t, b, l2tp_msg_encode(&zlb, NULL, b, sizeof(b)));
	}
	store(t);
}

static bool is_over(const struct l2tp_tunnel *t, msec_t now)
{
	return t->state == L2TP_TUNNEL_CLOSING &&
	       (now >= t->dead_at || (t->stopping && !t->xport.queued));
}

msec_t l2tp_tunnel_hello_time(const struct l2tp_tunnel *t)
{
	if (t->state != L2TP_TUNNEL_ESTABLISHED || !t->peer->hello ||
	    t->xport.queued)
		return MSEC_NEVER;
	return t->last_rx + SECONDS(t->peer->hello);
}

void l2tp_tunnel_arm(struct l2tp_tunnel *t, msec_t now)
{
	msec_t at;

	t->hello_at = l2tp_tunnel_hello_time(t);
	at = msec_min(t->xport.resend_at, t->hello_at);
	at = msec_min(at, msec_min(t->setup_at, t->call_at));
	if (t->peer_id)
		at = msec_min(at, t->xport.ack_at);
	at = msec_min(at, msec_min(t->idle_at, t->start_at));
	if (t->stuck && t->state != L2TP_TUNNEL_CLOSING)
		at = now;
	timer_set(t->host->timers, &t->timer, msec_min(at, t->dead_at));
}

/*
 * Nobody uses it: it ends in a while, or is kept, as its peer's definition says. A
 * single-shot tunnel goes with its session.
 */
static void set_idle(struct l2tp_tunnel *t, msec_t now)
{
	msec_t was = t->idle_at;

	if (t->state != L2TP_TUNNEL_ESTABLISHED || t->n_sessions)
		t->idle_at = MSEC_NEVER;
	else if (t->peer->single_shot && t->used)
		t->idle_at = now;
	else if (t->idle_at == MSEC_NEVER && t->peer->idle)
		t->idle_at = now + SECONDS(t->peer->idle);
	t->dirty |= t->idle_at != was;
}

static void settle(struct l2tp_tunnel *t, msec_t now)
{
	set_idle(t, now);
	flush(t, now);
	if (is_over(t, now)) {
		t->host->ops->tunnel_free(t);
		l2tp_tunnel_drop(t, now);
		return;
	}
	l2tp_tunnel_arm(t, now);
}

static void tell_counted(struct l2tp_host *h)
{
	if (h->stored == h->level.changes)
		return;
	h->stored = h->level.changes;
	h->ops->counted(h);
}

void l2tp_leave(struct l2tp_host *h, msec_t now)
{
	struct l2tp_tunnel *t;

	if (h->depth > 1) {
		h->depth--;
		return;
	}
	tell_counted(h);
	while ((t = STAILQ_FIRST(&h->due))) {
		STAILQ_REMOVE_HEAD(&h->due, of_due);
		t->due = false;
		settle(t, now);
	}
	tell_counted(h); /* those that went */
	h->depth--;
	while (h->n_grave)
		free(h->grave[--h->n_grave]);
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

void l2tp_stray_stop(struct l2tp_host *h, const struct l2tp_stray *t,
		     const struct l2tp_result *why)
{
	struct l2tp_msg m = { .type = L2TP_STOPCCN,
			      .tunnel_id = t->peer_id,
			      .ns = t->ns,
			      .nr = t->nr,
			      .has = l2tp_msg_must(L2TP_STOPCCN),
			      .assigned_tunnel = t->id,
			      .result = *why };
	uint8_t b[256];

	if (!m.assigned_tunnel)
		m.assigned_tunnel = crypt_random_u16() | 1;
	h->count.tx_messages++;
	h->ops->send(h, &t->path, b, l2tp_msg_encode(&m, NULL, b, sizeof(b)));
}

void l2tp_tunnel_heard(struct l2tp_tunnel *t, msec_t at)
{
	if (at > t->last_rx)
		t->last_rx = at;
}
