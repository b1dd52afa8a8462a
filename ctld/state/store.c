/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records of the restart memory, written whenever something changes that the
 * kernel cannot tell and before anything that depends on it leaves. Called
 * through the box's hooks; never waits.
 */
#include "state/store.h"

#include "aaa/radius_save.h"
#include "base/log.h"
#include "bng/account.h"
#include "ppp/save.h"
#include "state/part.h"

#include <errno.h>
#include <string.h>

/* A tunnel's record always fits, version and cookie before it, two names after it. */
_Static_assert(L2TP_ADMIN_RECORD_MAX <= STATE_RECORD_MAX, "orders");
_Static_assert(9 + L2TP_TUNNEL_RECORD_MAX + sizeof(struct store_account) <=
		       STATE_RECORD_MAX,
	       "record");

#define STORE_VERSION 3 /* of the records' layout; another one is not read */

/* A record may hold messages with secrets: w is wiped. What could not be written
 * is counted, and told once: a full file says the same of each record.
 */
static void put(struct state_file *sf, struct box *b, enum state_kind kind,
		uint64_t key, struct wr *w)
{
	int err = w->err ? -E2BIG :
			   state_put(sf, kind, key, w->start, wr_len(w));

	explicit_bzero(w->start, wr_len(w));
	if (err && !b->count.not_stored++)
		log_err("state file: record %d/%llu not written: %s: a restart will not know all",
			kind, (unsigned long long)key, strerror(-err));
}

static struct box *box_of(const struct l2tp_tunnel *t)
{
	return t->host->user;
}

void store_box(struct state_file *sf, struct box *b)
{
	uint8_t buf[64];
	struct wr w = wr_make(buf, sizeof(buf));

	wr_bytes(&w, b->disc.secret, sizeof(b->disc.secret));
	put(sf, b, STATE_BOX, 0, &w);
}

void store_orders(struct state_file *sf, struct box *b)
{
	static uint8_t buf[L2TP_ADMIN_RECORD_MAX];
	struct wr w = wr_make(buf, sizeof(buf));

	l2tp_admin_save(&b->l2tp, &w);
	put(sf, b, STATE_ORDERS, 0, &w);
}

void store_counted(struct state_file *sf, struct box *b)
{
	uint8_t buf[L2TP_LEVEL_RECORD_MAX];
	struct wr w = wr_make(buf, sizeof(buf));

	l2tp_level_save(&b->l2tp.level, &w);
	put(sf, b, STATE_COUNTED, 0, &w);
}

static void write_addr(struct wr *w, const struct addr *a)
{
	wr_u8(w, a->family);
	wr_bytes(w, a->b, sizeof(a->b));
}

static void read_addr(struct rd *r, struct addr *a)
{
	a->family = rd_u8(r);
	rd_copy(r, a->b, sizeof(a->b));
}

static void write_text(struct wr *w, const char *text)
{
	size_t len = strlen(text);

	wr_u8(w, (uint8_t)len);
	wr_bytes(w, text, len);
}

static void read_text(struct rd *r, char *out, size_t size)
{
	size_t len = rd_u8(r);
	const uint8_t *p = rd_bytes(r, len);

	if (!p || len >= size || memchr(p, 0, len)) {
		r->err = true;
		return;
	}
	memcpy(out, p, len);
	out[len] = 0;
}

void store_tunnel(struct state_file *sf, const struct l2tp_tunnel *t)
{
	const struct conf_radius_group *g = account_group_of(t->peer);
	static uint8_t buf[STATE_RECORD_MAX];
	struct wr w = wr_make(buf, sizeof(buf));

	wr_u8(&w, STORE_VERSION);
	wr_u64(&w, t->cookie);
	l2tp_tunnel_save(t, &w);
	write_text(&w, g ? g->name : "");
	write_text(&w, t->peer->local_name);
	put(sf, box_of(t), STATE_TUNNEL, t->id, &w);
}

uint64_t store_read_tunnel(struct rd *r)
{
	if (rd_u8(r) != STORE_VERSION)
		r->err = true;
	return rd_u64(r);
}

int store_read_account(struct rd *r, struct store_account *out)
{
	read_text(r, out->group, sizeof(out->group));
	read_text(r, out->local_name, sizeof(out->local_name));
	return r->err ? -EINVAL : 0;
}

void store_session(struct state_file *sf, const struct l2tp_session *s)
{
	uint8_t buf[1024];
	struct wr w = wr_make(buf, sizeof(buf));

	l2tp_session_save(s, &w);
	put(sf, box_of(s->tunnel), STATE_SESSION, s->id, &w);
}

static void write_link(struct wr *w, const struct kern_link *l)
{
	wr_u8(w, (uint8_t)l->kind);
	wr_u16(w, l->tunnel_id);
	wr_u16(w, l->session_id);
	wr_u32(w, l->ifindex);
	wr_u16(w, l->vlan_outer);
	wr_u16(w, l->vlan_inner);
}

static struct kern_link read_link(struct rd *r)
{
	struct kern_link l = { 0 };

	l.kind = rd_u8(r);
	l.tunnel_id = rd_u16(r);
	l.session_id = rd_u16(r);
	l.ifindex = rd_u32(r);
	l.vlan_outer = rd_u16(r);
	l.vlan_inner = rd_u16(r);
	return l;
}

static void write_client(struct wr *w, const struct pppoe_client *c)
{
	wr_u32(w, c->ifindex);
	wr_u16(w, c->vlan_outer);
	wr_u16(w, c->vlan_inner);
	wr_u16(w, c->vlan_proto);
	wr_bytes(w, c->mac, 6);
}

static void read_client(struct rd *r, struct pppoe_client *c)
{
	c->ifindex = rd_u32(r);
	c->vlan_outer = rd_u16(r);
	c->vlan_inner = rd_u16(r);
	c->vlan_proto = rd_u16(r);
	rd_copy(r, c->mac, 6);
}

static bool worth_keeping(const struct subscriber *s)
{
	return s->state == SUBSCRIBER_TUNNELLED || s->state == SUBSCRIBER_UP;
}

void store_subscriber(struct state_file *sf, const struct subscriber *s)
{
	static uint8_t buf[STATE_RECORD_MAX];
	struct wr w = wr_make(buf, sizeof(buf));

	if (!worth_keeping(s))
		return;
	wr_u8(&w, STORE_VERSION);
	wr_u64(&w, s->id);
	wr_u8(&w, (uint8_t)s->state);
	write_link(&w, &s->access);
	write_link(&w, &s->to);
	write_client(&w, &s->client);
	wr_u16(&w, s->session ? s->session->id : 0);
	write_text(&w, s->profile->name);
	write_text(&w, s->user);
	write_addr(&w, &s->address);
	wr_u8(&w, s->pool != NULL);
	wr_u64(&w, (uint64_t)s->since);
	part_save(s, &w);
	ppp_link_save(&s->ppp, &w);
	put(sf, s->box, STATE_SUBSCRIBER, s->id, &w);
}

int store_read_subscriber(struct rd *r, struct store_subscriber *out)
{
	memset(out, 0, sizeof(*out));
	if (rd_u8(r) != STORE_VERSION)
		return -EINVAL;
	out->id = rd_u64(r);
	out->state = rd_u8(r);
	out->access = read_link(r);
	out->to = read_link(r);
	read_client(r, &out->client);
	out->session_id = rd_u16(r);
	read_text(r, out->profile, sizeof(out->profile));
	read_text(r, out->user, sizeof(out->user));
	read_addr(r, &out->address);
	out->from_pool = rd_u8(r);
	out->since = (msec_t)rd_u64(r);
	out->parts = part_skip(r);
	return r->err ? -EINVAL : 0;
}

static void write_stats(struct wr *w, const struct kern_stats *s)
{
	wr_u64(w, s->rx_packets);
	wr_u64(w, s->rx_bytes);
	wr_u64(w, s->rx_drops);
	wr_u64(w, s->tx_packets);
	wr_u64(w, s->tx_bytes);
	wr_u64(w, s->tx_drops);
}

static void read_stats(struct rd *r, struct kern_stats *s)
{
	s->rx_packets = rd_u64(r);
	s->rx_bytes = rd_u64(r);
	s->rx_drops = rd_u64(r);
	s->tx_packets = rd_u64(r);
	s->tx_bytes = rd_u64(r);
	s->tx_drops = rd_u64(r);
}

void store_ended(struct state_file *sf, struct box *b, const struct ended *e)
{
	uint8_t buf[1024];
	struct wr w = wr_make(buf, sizeof(buf));

	wr_u8(&w, STORE_VERSION);
	wr_u64(&w, e->cookie);
	wr_u8(&w, e->session);
	wr_u8(&w, e->lac);
	wr_u16(&w, e->tunnel_id);
	wr_u16(&w, e->peer_tunnel_id);
	wr_u16(&w, e->session_id);
	wr_u16(&w, e->peer_session_id);
	wr_u64(&w, (uint64_t)e->since);
	wr_u64(&w, (uint64_t)e->at);
	wr_u16(&w, e->why.result);
	wr_u16(&w, e->why.error);
	write_stats(&w, &e->stats);
	write_text(&w, e->why.text);
	write_text(&w, e->destination);
	write_text(&w, e->name);
	write_text(&w, e->peer_name);
	write_text(&w, e->user);
	if (!e->session)
		l2tp_level_save(&e->of_destination, &w);
	put(sf, b, STATE_ENDED, e->cookie, &w);
}

int store_read_ended(struct rd *r, struct ended *out)
{
	memset(out, 0, sizeof(*out));
	if (rd_u8(r) != STORE_VERSION)
		return -EINVAL;
	out->cookie = rd_u64(r);
	out->session = rd_u8(r);
	out->lac = rd_u8(r);
	out->tunnel_id = rd_u16(r);
	out->peer_tunnel_id = rd_u16(r);
	out->session_id = rd_u16(r);
	out->peer_session_id = rd_u16(r);
	out->since = (msec_t)rd_u64(r);
	out->at = (msec_t)rd_u64(r);
	out->why.result = rd_u16(r);
	out->why.error = rd_u16(r);
	read_stats(r, &out->stats);
	read_text(r, out->why.text, sizeof(out->why.text));
	read_text(r, out->destination, sizeof(out->destination));
	read_text(r, out->name, sizeof(out->name));
	read_text(r, out->peer_name, sizeof(out->peer_name));
	read_text(r, out->user, sizeof(out->user));
	if (!out->session && !l2tp_level_load(&out->of_destination, r))
		return -EINVAL;
	return r->err ? -EINVAL : 0;
}

void store_ended_gone(struct state_file *sf, const struct ended *e)
{
	state_del(sf, STATE_ENDED, e->cookie);
}

void store_past(struct state_file *sf, struct box *b, const struct past *p)
{
	uint8_t buf[512];
	struct wr w = wr_make(buf, sizeof(buf));

	wr_u8(&w, STORE_VERSION);
	wr_u64(&w, p->id);
	wr_u64(&w, (uint64_t)p->since);
	wr_u64(&w, (uint64_t)p->at);
	wr_u8(&w, p->state);
	wr_bytes(&w, p->mac, sizeof(p->mac));
	write_addr(&w, &p->address);
	write_text(&w, p->access);
	write_text(&w, p->user);
	write_text(&w, p->why);
	put(sf, b, STATE_PAST, p->id, &w);
}

int store_read_past(struct rd *r, struct past *out)
{
	memset(out, 0, sizeof(*out));
	if (rd_u8(r) != STORE_VERSION)
		return -EINVAL;
	out->id = rd_u64(r);
	out->since = (msec_t)rd_u64(r);
	out->at = (msec_t)rd_u64(r);
	out->state = rd_u8(r);
	rd_copy(r, out->mac, sizeof(out->mac));
	read_addr(r, &out->address);
	read_text(r, out->access, sizeof(out->access));
	read_text(r, out->user, sizeof(out->user));
	read_text(r, out->why, sizeof(out->why));
	if (out->state >= SUBSCRIBER_DEAD ||
	    (out->address.family && !addr_len(&out->address)))
		return -EINVAL;
	return r->err ? -EINVAL : 0;
}

void store_past_gone(struct state_file *sf, const struct past *p)
{
	state_del(sf, STATE_PAST, p->id);
}

void store_tunnel_gone(struct state_file *sf, const struct l2tp_tunnel *t)
{
	state_del(sf, STATE_TUNNEL, t->id);
}

void store_session_gone(struct state_file *sf, const struct l2tp_session *s)
{
	state_del(sf, STATE_SESSION, s->id);
}

void store_subscriber_gone(struct state_file *sf, const struct subscriber *s)
{
	state_del(sf, STATE_SUBSCRIBER, s->id);
}

void store_definition(struct state_file *sf, struct box *b,
		      const struct definition *d)
{
	uint8_t buf[DEFINITION_RECORD_MAX];
	struct wr w = wr_make(buf, sizeof(buf));

	definition_save(d, &w);
	put(sf, b, STATE_DEFINITION, d->id, &w);
}

void store_definition_gone(struct state_file *sf, const struct definition *d)
{
	state_del(sf, STATE_DEFINITION, d->id);
}

void store_lockout(struct state_file *sf, struct box *b,
		   const struct lockout *l)
{
	uint8_t buf[128];
	struct wr w = wr_make(buf, sizeof(buf));

	wr_u8(&w, STORE_VERSION);
	wr_u64(&w, l->id);
	write_text(&w, l->vrf);
	write_addr(&w, &l->remote);
	wr_u8(&w, (uint8_t)l->state);
	wr_u64(&w, (uint64_t)l->failed_at);
	put(sf, b, STATE_LOCKOUT, l->id, &w);
}

int store_read_lockout(struct rd *r, struct lockout *out)
{
	memset(out, 0, sizeof(*out));
	if (rd_u8(r) != STORE_VERSION)
		return -EINVAL;
	out->id = rd_u64(r);
	read_text(r, out->vrf, sizeof(out->vrf));
	read_addr(r, &out->remote);
	out->state = rd_u8(r);
	out->failed_at = (msec_t)rd_u64(r);
	return r->err || !addr_len(&out->remote) ||
			       out->state >= LOCKOUT_STATES ?
		       -EINVAL :
		       0;
}

void store_returned(struct state_file *sf, struct box *b, uint64_t key,
		    const void *data, size_t len)
{
	uint8_t buf[RETURNED_RECORD_MAX];
	struct wr w = wr_make(buf, sizeof(buf));

	wr_bytes(&w, data, len);
	put(sf, b, STATE_RETURNED, key, &w);
}

void store_servers(struct state_file *sf, struct box *b,
		   const struct radius_client *c)
{
	static uint8_t buf[STATE_RECORD_MAX];
	struct wr w = wr_make(buf, sizeof(buf));

	radius_save(c, &w);
	put(sf, b, STATE_SERVERS, c->accounting, &w);
}

void store_lockout_gone(struct state_file *sf, const struct lockout *l)
{
	state_del(sf, STATE_LOCKOUT, l->id);
}
