/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Orders of an operator; see admin.h. An order is stored before what it makes leave
 * leaves. Called by whoever owns the host, by l2tp/host when a tunnel is asked for.
 */
#include "l2tp/admin.h"

#include "base/log.h"
#include "l2tp/destination.h"
#include "l2tp/ops.h"
#include "l2tp/tunnel.h"
#include "l2tp/tunnel_end.h"
#include "l2tp/turn.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECORD 1 /* version of what is saved */
#define NAME_MAX_LEN 129 /* "PROFILE/HOST" */
#define TEXT "shut down by the operator"

/* Of a definition's tunnels, those to come among them. */
struct l2tp_order {
	LIST_ENTRY(l2tp_order) next;
	enum l2tp_admin admin;
	char name[NAME_MAX_LEN + 1];
};

static struct l2tp_order *find(const struct l2tp_host *h, const char *name)
{
	struct l2tp_order *o;

	LIST_FOREACH(o, &h->orders, next)
	if (!strcmp(o->name, name))
		break;
	return o;
}

static bool room_for_one(const struct l2tp_host *h)
{
	const struct l2tp_destination *d;
	const struct l2tp_order *o;
	unsigned int n = 0;

	LIST_FOREACH(d, &h->destinations, all)
	n += d->level.admin != L2TP_ENABLED;
	LIST_FOREACH(o, &h->orders, next)
	n++;
	return n < L2TP_ORDERS_MAX;
}

static void close_if(struct l2tp_tunnel *t, msec_t now, enum l2tp_admin admin,
		     uint16_t result)
{
	if (admin == L2TP_SHUTDOWN)
		l2tp_tunnel_close(t, now, result, 0, TEXT);
}

/* ------------------------------------------------------------------ orders */

/* Before anything comes of it. */
static void tell(struct l2tp_host *h, enum l2tp_admin admin,
		 struct l2tp_event e)
{
	e.what = l2tp_admin_name(admin);
	h->ops->event(h, &e);
}

void l2tp_order_system(struct l2tp_host *h, msec_t now, enum l2tp_admin admin)
{
	struct l2tp_tunnel *t;

	log_info("system: %s", l2tp_admin_name(admin));
	l2tp_enter(h);
	h->level.admin = admin;
	h->ops->orders_changed(h);
	tell(h, admin, (struct l2tp_event){ 0 });
	LIST_FOREACH(t, &h->all, all)
	close_if(t, now, admin, L2TP_STOP_SHUTDOWN);
	l2tp_leave(h, now);
}

int l2tp_order_destination(struct l2tp_host *h, msec_t now, const char *vrf,
			   const struct addr *remote, enum l2tp_admin admin)
{
	struct l2tp_destination *d = l2tp_destination_find(h, vrf, remote);
	char name[L2TP_DESTINATION_STRLEN];
	struct l2tp_tunnel *t;

	if (!d && admin == L2TP_ENABLED)
		return -ENOENT;
	if (admin != L2TP_ENABLED && (!d || d->level.admin == L2TP_ENABLED) &&
	    !room_for_one(h))
		return -ENOSPC;
	if (!d)
		d = l2tp_destination_get(h, now, vrf, remote);
	if (!d)
		return -ENOMEM;
	log_info("destination %s: %s", l2tp_destination_str(d, name),
		 l2tp_admin_name(admin));
	l2tp_enter(h);
	d->level.admin = admin;
	h->ops->orders_changed(h);
	tell(h, admin, (struct l2tp_event){ .destination = d });
	LIST_FOREACH(t, &d->tunnels, of_destination)
	close_if(t, now, admin, L2TP_STOP_SHUTDOWN);
	l2tp_destination_put(d, now);
	l2tp_leave(h, now);
	return 0;
}

void l2tp_order_tunnel(struct l2tp_tunnel *t, msec_t now, enum l2tp_admin admin)
{
	if (t->state == L2TP_TUNNEL_CLOSING)
		return;
	log_info("tunnel %u peer %s: %s", t->id, t->peer->name,
		 l2tp_admin_name(admin));
	t->level.admin = admin;
	if (t->state == L2TP_TUNNEL_ESTABLISHED)
		t->host->ops->tunnel_changed(t);
	tell(t->host, admin, (struct l2tp_event){ .tunnel = t });
	close_if(t, now, admin, L2TP_STOP_CLEAR);
}

static int set_order(struct l2tp_host *h, const char *name,
		     enum l2tp_admin admin)
{
	struct l2tp_order *o = find(h, name);

	if (admin == L2TP_ENABLED) {
		if (o)
			LIST_REMOVE(o, next);
		free(o);
		return 0;
	}
	if (!o) {
		if (!room_for_one(h) || strlen(name) > NAME_MAX_LEN)
			return -ENOSPC;
		o = calloc(1, sizeof(*o));
		if (!o)
			return -ENOMEM;
		snprintf(o->name, sizeof(o->name), "%s", name);
		LIST_INSERT_HEAD(&h->orders, o, next);
	}
	o->admin = admin;
	return 0;
}

int l2tp_order_name(struct l2tp_host *h, msec_t now, const char *name,
		    enum l2tp_admin admin)
{
	int err = set_order(h, name, admin);
	struct l2tp_tunnel *t;

	if (err)
		return err;
	log_info("tunnels of %s: %s", name, l2tp_admin_name(admin));
	l2tp_enter(h);
	h->ops->orders_changed(h);
	tell(h, admin, (struct l2tp_event){ .name = name });
	LIST_FOREACH(t, &h->all, all)
	if (!strcmp(t->peer->name, name))
		l2tp_order_tunnel(t, now, admin);
	l2tp_leave(h, now);
	return 0;
}

/* --------------------------------------------------------------- questions */

enum l2tp_admin l2tp_admin_of_name(const struct l2tp_host *h, const char *name)
{
	const struct l2tp_order *o = find(h, name);

	return o ? o->admin : L2TP_ENABLED;
}

enum l2tp_admin l2tp_admin_towards(const struct l2tp_host *h,
				   const struct l2tp_path *path,
				   const struct l2tp_peer *peer)
{
	const struct l2tp_destination *d =
		l2tp_destination_find(h, h->ops->vrf(h, path->endpoint),
				      &path->remote.addr);
	enum l2tp_admin a = l2tp_level_effective(d ? &d->level : &h->level);
	enum l2tp_admin b = l2tp_admin_of_name(h, peer->name);

	return a > b ? a : b;
}

/* ----------------------------------------------------------------- restart */

static void save_text(struct wr *w, const char *text)
{
	size_t len = strlen(text);

	wr_u8(w, (uint8_t)len);
	wr_bytes(w, text, len);
}

static void load_text(struct rd *r, char *text, size_t size)
{
	size_t len = rd_u8(r);

	text[0] = 0;
	if (len >= size)
		r->err = true;
	if (r->err)
		return;
	rd_copy(r, text, len);
	text[r->err ? 0 : len] = 0;
}

void l2tp_admin_save(const struct l2tp_host *h, struct wr *w)
{
	const struct l2tp_destination *d;
	const struct l2tp_order *o;

	wr_u8(w, RECORD);
	wr_u8(w, (uint8_t)h->level.admin);
	LIST_FOREACH(d, &h->destinations, all)
	{
		if (d->level.admin == L2TP_ENABLED)
			continue;
		wr_u8(w, (uint8_t)d->level.admin);
		wr_u8(w, d->remote.family);
		wr_bytes(w, d->remote.b, sizeof(d->remote.b));
		save_text(w, d->vrf);
	}
	wr_u8(w, L2TP_ENABLED); /* no destination begins so */
	LIST_FOREACH(o, &h->orders, next)
	{
		wr_u8(w, (uint8_t)o->admin);
		save_text(w, o->name);
	}
	wr_u8(w, L2TP_ENABLED);
}

/* The next order's state; L2TP_ENABLED: there is none. */
static enum l2tp_admin load_admin(struct rd *r)
{
	uint8_t admin = rd_u8(r);

	if (admin >= L2TP_ADMINS)
		r->err = true;
	return r->err ? L2TP_ENABLED : (enum l2tp_admin)admin;
}

bool l2tp_admin_load(struct l2tp_host *h, msec_t now, struct rd *r)
{
	char vrf[L2TP_VRF_MAX], name[NAME_MAX_LEN + 1];
	struct l2tp_destination *d;
	enum l2tp_admin admin;
	struct addr remote;

	if (rd_u8(r) != RECORD)
		return false;
	h->level.admin = load_admin(r);
	while ((admin = load_admin(r)) != L2TP_ENABLED) {
		remote.family = rd_u8(r);
		rd_copy(r, remote.b, sizeof(remote.b));
		load_text(r, vrf, sizeof(vrf));
		if (r->err || !addr_len(&remote) || !room_for_one(h))
			return false;
		d = l2tp_destination_get(h, now, vrf, &remote);
		if (d)
			d->level.admin = admin;
	}
	while ((admin = load_admin(r)) != L2TP_ENABLED) {
		load_text(r, name, sizeof(name));
		if (r->err)
			return false;
		set_order(h, name, admin);
	}
	return !r->err;
}

void l2tp_admin_enforce(struct l2tp_host *h, msec_t now)
{
	struct l2tp_tunnel *t;

	l2tp_enter(h);
	LIST_FOREACH(t, &h->all, all)
	{
		enum l2tp_admin a = l2tp_admin_of_name(h, t->peer->name);

		if (a > t->level.admin)
			t->level.admin = a;
		close_if(t, now, l2tp_level_effective(&t->level),
			 L2TP_STOP_SHUTDOWN);
	}
	l2tp_leave(h, now);
}

void l2tp_admin_free(struct l2tp_host *h)
{
	struct l2tp_order *o;

	while ((o = LIST_FIRST(&h->orders))) {
		LIST_REMOVE(o, next);
		free(o);
	}
}
