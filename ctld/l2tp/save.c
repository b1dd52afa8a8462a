/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a restart needs; see save.h. Only what is established is worth keeping: a
 * peer in the middle of a set-up starts again. Called by the host's owner.
 */
#include "l2tp/save.h"

#include "base/log.h"
#include "l2tp/control.h"
#include "l2tp/ops.h"

#include <stdlib.h>
#include <string.h>

#define RECORD 1 /* version of what follows */

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
	wr_u16(w, t->id);
	wr_u16(w, t->peer_id);
	wr_u32(w, t->path.endpoint);
	save_addr_port(w, &t->path.local);
	save_addr_port(w, &t->path.remote);
	wr_u64(w, (uint64_t)t->opened_at);
	save_text(w, t->peer->name);
	save_text(w, t->peer_name);
	xport_save(&t->xport, w);
}

struct l2tp_tunnel *
l2tp_tunnel_load(struct l2tp_host *h, msec_t now, struct rd *r,
		 const struct l2tp_peer *(*peer)(void *ctx, const char *name),
		 void *ctx)
{
	bool usable = rd_u8(r) == RECORD && rd_u8(r);
	const struct l2tp_peer *owner;
	char name[UINT8_MAX + 1], peer_name[L2TP_NAME_MAX + 1];
	bool initiator = rd_u8(r);
	uint16_t id = rd_u16(r), peer_id = rd_u16(r);
	struct l2tp_path path = { .endpoint = rd_u32(r) };
	struct l2tp_tunnel *t;
	msec_t opened_at;

	load_addr_port(r, &path.local);
	load_addr_port(r, &path.remote);
	opened_at = (msec_t)rd_u64(r);
	load_text(r, name, sizeof(name));
	load_text(r, peer_name, sizeof(peer_name));
	if (!usable || r->err || !id || !peer_id)
		return NULL;
	owner = peer(ctx, name);
	t = owner ? l2tp_tunnel_new(h, &path, owner, id) : NULL;
	if (!t)
		return NULL;
	t->timer.fn = l2tp_control_timer;
	t->initiator = initiator;
	t->opened_at = opened_at;
	t->last_rx = now;
	memcpy(t->peer_name, peer_name, sizeof(t->peer_name));
	l2tp_tunnel_set_peer_id(t, peer_id);
	t->state = L2TP_TUNNEL_ESTABLISHED;
	if (!xport_load(&t->xport, now, r)) {
		l2tp_tunnel_drop(t);
		return NULL;
	}
	l2tp_tunnel_arm(t, now);
	return t;
}

void l2tp_session_save(const struct l2tp_session *s, struct wr *w)
{
	wr_u8(w, RECORD);
	wr_u8(w, s->state == L2TP_SESSION_ESTABLISHED);
	wr_u16(w, s->tunnel->id);
	wr_u16(w, s->id);
	wr_u16(w, s->peer_id);
	wr_u8(w, s->lac);
	wr_u8(w, s->sequencing);
	wr_u32(w, s->serial);
}

struct l2tp_session *l2tp_session_load(struct l2tp_host *h, struct rd *r)
{
	bool usable = rd_u8(r) == RECORD && rd_u8(r);
	struct l2tp_tunnel *t = idmap_get(&h->tunnels, rd_u16(r));
	uint16_t id = rd_u16(r), peer_id = rd_u16(r);
	bool lac = rd_u8(r), sequencing = rd_u8(r);
	uint32_t serial = rd_u32(r);
	struct l2tp_session *s;

	if (!usable || r->err || !id || !peer_id || !t ||
	    t->state != L2TP_TUNNEL_ESTABLISHED)
		return NULL;
	s = l2tp_session_new(t, id);
	if (!s)
		return NULL;
	l2tp_session_set_peer_id(s, peer_id);
	s->state = L2TP_SESSION_ESTABLISHED;
	s->lac = lac;
	s->sequencing = sequencing;
	s->serial = serial;
	if (lac && (int32_t)(serial - h->serial) > 0)
		h->serial = serial;
	return s;
}
