/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a restart needs; see save.h. Only what is established is worth keeping: a
 * peer in the middle of a set-up starts again. Called by the host's owner.
 */
#include "l2tp/save.h"

#include "base/log.h"
#include "l2tp/control.h"
#include "l2tp/destination.h"
#include "l2tp/ops.h"
#include "l2tp/refuse.h"
#include "l2tp/turn.h"

#include <stdlib.h>
#include <string.h>

#define RECORD 5 /* version of what follows */

static void save_text(struct wr *w, const char *text)
{
	size_t len = strlen(text);

	if (len > UINT8_MAX)
		len = UINT8_MAX;
	wr_u8(w, (uint8_t)len);
	wr_bytes(w, text, len);
}

/* Into `size` bytes with the final 0. */
static void load_text(struct rd *r, char *text, size_t size)
{
	size_t len = rd_u8(r);

	text[0] = 0;
	if (len >= size) {
		r->err = true;
		return;
	}
	rd_copy(r, text, len);
	text[r->err ? 0 : len] = 0;
}

static void save_addr_port(struct wr *w, const struct addr_port *a)
{
	wr_u8(w, a->addr.family);
	wr_bytes(w, a->addr.b, sizeof(a->addr.b));
	wr_u16(w, a->port);
}

static void load_addr_port(struct rd *r, struct addr_port *a)
{
	a->addr.family = rd_u8(r);
	rd_copy(r, a->addr.b, sizeof(a->addr.b));
	a->port = rd_u16(r);
	if (a->addr.family && !addr_len(&a->addr))
		r->err = true;
}

void l2tp_tunnel_save(const struct l2tp_tunnel *t, struct wr *w)
{
	wr_u8(w, RECORD);
	wr_u8(w, t->state == L2TP_TUNNEL_ESTABLISHED);
	wr_u8(w, t->initiator);
	wr_u8(w, (uint8_t)t->peer_framing);
	wr_u8(w, (uint8_t)t->peer_bearer);
	wr_u16(w, t->id);
	wr_u16(w, t->peer_id);
	wr_u32(w, t->path.endpoint);
	save_addr_port(w, &t->path.local);
	save_addr_port(w, &t->path.remote);
	save_addr_port(w, &t->from);
	save_addr_port(w, &t->called);
	wr_u64(w, (uint64_t)t->opened_at);
	wr_u8(w, (uint8_t)t->level.admin);
	wr_u8(w, t->used);
	wr_u64(w, (uint64_t)t->idle_at);
	l2tp_level_save(&t->level, w);
	l2tp_level_save(&t->destination->level, w);
	save_text(w, t->peer->name);
	save_text(w, t->peer_name);
	xport_save(&t->xport, w);
}

/* A tunnel's record up to its numbers and messages. */
struct head {
	bool usable; /* it was established */
	bool initiator;
	uint8_t framing, bearer; /* the peer's capabilities */
	uint16_t id, peer_id;
	struct l2tp_path path;
	struct addr_port from, called;
	msec_t opened_at;
	enum l2tp_admin admin;
	bool used;
	msec_t idle_at;
	struct l2tp_level counted, of_destination; /* their counters */
	char name[UINT8_MAX + 1]; /* of the peer's definition */
	char peer_name[L2TP_NAME_MAX + 1];
};

static bool read_head(struct rd *r, struct head *h)
{
	h->usable = rd_u8(r) == RECORD && rd_u8(r);
	h->initiator = rd_u8(r);
	h->framing = rd_u8(r);
	h->bearer = rd_u8(r);
	h->id = rd_u16(r);
	h->peer_id = rd_u16(r);
	h->path = (struct l2tp_path){ .endpoint = rd_u32(r) };
	load_addr_port(r, &h->path.local);
	load_addr_port(r, &h->path.remote);
	load_addr_port(r, &h->from);
	load_addr_port(r, &h->called);
	h->opened_at = (msec_t)rd_u64(r);
	h->admin = rd_u8(r);
	h->used = rd_u8(r);
	h->idle_at = (msec_t)rd_u64(r);
	h->counted = h->of_destination = (struct l2tp_level){ 0 };
	h->usable &= l2tp_level_load(&h->counted, r);
	h->usable &= l2tp_level_load(&h->of_destination, r);
	load_text(r, h->name, sizeof(h->name));
	load_text(r, h->peer_name, sizeof(h->peer_name));
	return h->usable && !r->err && h->id && h->peer_id &&
	       h->admin < L2TP_ADMINS;
}

struct l2tp_tunnel *
l2tp_tunnel_load(struct l2tp_host *h, msec_t now, struct rd *r,
		 const struct l2tp_peer *(*peer)(void *ctx, const char *name),
		 void *ctx)
{
	const struct l2tp_peer *owner;
	struct l2tp_tunnel *t;
	struct l2tp_path path;
	struct head head;

	if (!read_head(r, &head))
		return NULL;
	owner = peer(ctx, head.name);
	path = head.path;
	path.remote = head.called; /* which makes its destination */
	t = owner ? l2tp_tunnel_new(h, now, &path, owner, head.id) : NULL;
	if (!t)
		return NULL;
	t->timer.fn = l2tp_control_timer;
	t->path = head.path;
	t->from = head.from;
	t->initiator = head.initiator;
	t->peer_framing = head.framing;
	t->peer_bearer = head.bearer;
	t->opened_at = head.opened_at;
	t->last_rx = now;
	memcpy(t->peer_name, head.peer_name, sizeof(t->peer_name));
	l2tp_tunnel_set_peer_id(t, head.peer_id);
	t->xport.max_tries = owner->retries;
	t->level.admin = head.admin;
	l2tp_level_recall(&t->level, &head.counted);
	l2tp_level_recall(&t->destination->level, &head.of_destination);
	t->used = head.used;
	/* Its sessions come later, and those that were being set up do not. */
	t->idle_at = head.idle_at;
	if (owner->single_shot && t->used)
		t->idle_at = now;
	else if (owner->idle)
		t->idle_at = msec_min(t->idle_at, now + SECONDS(owner->idle));
	l2tp_tunnel_set_state(t, L2TP_TUNNEL_ESTABLISHED);
	t->dirty = false;
	if (!xport_load(&t->xport, now, r)) {
		l2tp_tunnel_drop(t, now);
		return NULL;
	}
	l2tp_tunnel_arm(t, now);
	return t;
}

bool l2tp_tunnel_read(struct rd *r, struct l2tp_lost *out)
{
	struct head head;
	struct xport x;
	bool good;

	if (!read_head(r, &head))
		return false;
	xport_init(&x, 0, XPORT_RTO, 0);
	good = xport_load(&x, 0, r);
	*out = (struct l2tp_lost){ .path = head.path,
				   .id = head.id,
				   .peer_id = head.peer_id,
				   .ns = x.ns,
				   .nr = x.nr,
				   .initiator = head.initiator,
				   .opened_at = head.opened_at };
	memcpy(out->name, head.name, sizeof(out->name));
	memcpy(out->peer_name, head.peer_name, sizeof(out->peer_name));
	xport_free(&x);
	return good;
}

void l2tp_tunnel_disown(struct l2tp_host *h, const struct l2tp_lost *t,
			const struct l2tp_result *why)
{
	struct l2tp_stray stray = { .path = t->path,
				    .id = t->id,
				    .peer_id = t->peer_id,
				    .ns = t->ns,
				    .nr = t->nr };

	l2tp_stray_stop(h, &stray, why);
}

void l2tp_session_save(const struct l2tp_session *s, struct wr *w)
{
	wr_u8(w, RECORD);
	wr_u8(w, s->state == L2TP_SESSION_ESTABLISHED);
	wr_u16(w, s->tunnel->id);
	wr_u16(w, s->id);
	wr_u16(w, s->peer_id);
	wr_u8(w, s->lac);
	wr_u8(w, s->outgoing);
	wr_u8(w, s->sequencing);
	wr_u32(w, s->serial);
}

bool l2tp_session_read(struct rd *r, struct l2tp_lost_session *out)
{
	bool usable = rd_u8(r) == RECORD && rd_u8(r);

	out->tunnel_id = rd_u16(r);
	out->id = rd_u16(r);
	out->peer_id = rd_u16(r);
	out->lac = rd_u8(r);
	out->outgoing = rd_u8(r);
	out->sequencing = rd_u8(r);
	out->serial = rd_u32(r);
	return usable && !r->err && out->id && out->peer_id;
}

struct l2tp_session *l2tp_session_load(struct l2tp_host *h, struct rd *r)
{
	struct l2tp_lost_session was;
	struct l2tp_session *s;
	struct l2tp_tunnel *t;

	if (!l2tp_session_read(r, &was))
		return NULL;
	t = idmap_get(&h->tunnels, was.tunnel_id);
	if (!t || t->state != L2TP_TUNNEL_ESTABLISHED)
		return NULL;
	s = l2tp_session_new(t, was.id);
	if (!s)
		return NULL;
	l2tp_session_set_peer_id(s, was.peer_id);
	l2tp_session_set_established(s);
	s->lac = was.lac;
	s->outgoing = was.outgoing;
	s->sequencing = was.sequencing;
	s->serial = was.serial;
	if (s->lac != s->outgoing && (int32_t)(s->serial - h->serial) > 0)
		h->serial = s->serial;
	return s;
}
