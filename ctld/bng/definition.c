/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See definition.h. Called by bng/route, bng/bng, bng/probe, state/restore. */
#include "bng/definition.h"

#include "base/log.h"
#include "base/timer.h"

#include <linux/adit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECORD 2 /* version of what follows; 1 had no DSCP */
#define PREFIX "radius:"
#define MEDIUM_IPV4 1
#define MEDIUM_IPV6 2
#define WINDOW_MIN 4
#define WINDOW_MAX 128
#define ID_MAX 65535

/* What makes two of them one. */
struct value {
	const struct conf_tunnel *defaults;
	struct addr remote;
	const char *remote_name, *local_name, *secret, *assignment;
	unsigned int max_sessions;
	uint16_t window;
	uint8_t dscp;
};

void definitions_init(struct definitions *ds, const struct conf *conf,
		      unsigned int max)
{
	memset(ds, 0, sizeof(*ds));
	ds->conf = conf;
	ds->max = max;
	ds->next_id = 1;
	hash_init(&ds->by_value);
	hash_init(&ds->by_id);
	TAILQ_INIT(&ds->all);
}

static void free_text(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}

static void drop(struct definitions *ds, struct definition *d)
{
	TAILQ_REMOVE(&ds->all, d, next);
	hash_del(&ds->by_value, &d->by_value);
	hash_del(&ds->by_id, &d->by_id);
	ds->n--;
	free_text(d->remote_name);
	free_text(d->local_name);
	free_text(d->secret);
	free(d->tunnel.assignment);
	free(d);
}

void definitions_free(struct definitions *ds)
{
	struct definition *d;

	while ((d = TAILQ_FIRST(&ds->all)))
		drop(ds, d);
	hash_free(&ds->by_value);
	hash_free(&ds->by_id);
}

/* ------------------------------------------------------------------- values */

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool has_value(const struct definition *d, const struct value *v)
{
	return d->defaults == v->defaults &&
	       addr_eq(&d->tunnel.remote.addr, &v->remote) &&
	       same_text(d->tunnel.peer.remote_name, v->remote_name) &&
	       same_text(d->tunnel.peer.local_name, v->local_name) &&
	       same_text(d->tunnel.peer.secret, v->secret) &&
	       same_text(d->tunnel.assignment, v->assignment) &&
	       d->tunnel.max_sessions == v->max_sessions &&
	       d->tunnel.peer.window == v->window &&
	       d->tunnel.peer.dscp == v->dscp;
}

static uint64_t key_of(const struct value *v)
{
	return hash_bytes(v->remote.b, addr_len(&v->remote)) ^
	       (v->assignment ?
			hash_bytes(v->assignment, strlen(v->assignment)) :
			0);
}

static struct definition *find(const struct definitions *ds,
			       const struct value *v)
{
	struct hash_node *n = hash_find(&ds->by_value, key_of(v));

	for (; n; n = hash_next(n)) {
		struct definition *d =
			container_of(n, struct definition, by_value);

		if (has_value(d, v))
			return d;
	}
	return NULL;
}

/* A copy, if it is not that of the defaults. */
static const char *own(char **copy, const char *text, const char *def,
		       bool *failed)
{
	if (!text || text == def)
		return text;
	*copy = strdup(text);
	*failed |= !*copy;
	return *copy;
}

static struct definition *make(struct definitions *ds, const struct value *v,
			       uint64_t id)
{
	const struct l2tp_peer *def = &v->defaults->peer;
	struct definition *d = calloc(1, sizeof(*d));
	struct l2tp_peer *peer;
	bool failed = false;

	if (!d)
		return NULL;
	d->defaults = v->defaults;
	d->tunnel = *v->defaults;
	d->id = id;
	snprintf(d->name, sizeof(d->name), PREFIX "%llu",
		 (unsigned long long)id);
	peer = &d->tunnel.peer;
	peer->name = d->name;
	peer->user = &d->tunnel;
	peer->window = v->window;
	peer->dscp = v->dscp;
	peer->remote_name =
		own(&d->remote_name, v->remote_name, def->remote_name, &failed);
	peer->local_name =
		own(&d->local_name, v->local_name, def->local_name, &failed);
	peer->secret = own(&d->secret, v->secret, def->secret, &failed);
	d->tunnel.assignment = NULL;
	own(&d->tunnel.assignment, v->assignment, NULL, &failed);
	d->tunnel.remote.addr = v->remote;
	d->tunnel.max_sessions = v->max_sessions;
	d->tunnel.made = d;
	hash_add(&ds->by_value, &d->by_value, key_of(v));
	hash_add(&ds->by_id, &d->by_id, id);
	TAILQ_INSERT_HEAD(&ds->all, d, next);
	ds->n++;
	if (failed) {
		drop(ds, d);
		return NULL;
	}
	return d;
}

/* ---------------------------------------------------------- RADIUS's words */

static bool has_vrf(const struct conf *c, const char *name)
{
	const struct conf_endpoint *e;

	STAILQ_FOREACH(e, &c->endpoints, next)
	if (e->vrf && !strcmp(e->vrf, name))
		return true;
	return false;
}

/* The first whose endpoint is what the answer wants; NULL: none. */
static const struct conf_tunnel *defaults_for(const struct conf *c,
					      const struct addr *remote,
					      const struct addr *client,
					      const char *vrf)
{
	const struct conf_tunnel *d;

	if (vrf && !strcmp(vrf, CONF_NO_VRF) && !has_vrf(c, vrf))
		vrf = "";
	STAILQ_FOREACH(d, &c->tunnel_defaults, next)
	{
		const struct conf_endpoint *e = d->endpoint;

		if (e->local.addr.family == remote->family &&
		    (!client->family || addr_eq(&e->local.addr, client)) &&
		    (!vrf || !strcmp(e->vrf ? e->vrf : "", vrf)))
			return d;
	}
	return NULL;
}

static bool fits_medium(uint32_t medium, const struct addr *a)
{
	return !medium ||
	       medium == (a->family == AF_INET ? MEDIUM_IPV4 : MEDIUM_IPV6);
}

static bool too_long(const char *text, size_t max)
{
	return text && strlen(text) > max;
}

/* A name of ours, perhaps, which only says by which of our addresses. */
static void pass_over_client(const struct aaa_tunnel *t)
{
	static bool told;
	char name[64];

	if (!told)
		log_warn("Tunnel-Client-Endpoint \"%s\" of RADIUS's answers is no address: it is passed over",
			 log_safe(t->client, strlen(t->client), name,
				  sizeof(name)));
	told = true;
}

static const char *read_value(const struct definitions *ds,
			      const struct aaa_tunnel *t, struct value *v)
{
	struct addr client = { 0 };

	memset(v, 0, sizeof(*v));
	if (addr_parse(t->server, &v->remote))
		return "Tunnel-Server-Endpoint is no address, and no name that is known";
	if (t->client && addr_parse(t->client, &client)) {
		pass_over_client(t);
		client = (struct addr){ 0 };
	}
	if (!fits_medium(t->medium, &v->remote))
		return "Tunnel-Medium-Type is not that of the address";
	if (too_long(t->client_name, L2TP_NAME_MAX) ||
	    too_long(t->server_name, L2TP_NAME_MAX))
		return "a Host Name is too long";
	v->defaults = defaults_for(ds->conf, &v->remote, &client, t->vrf);
	if (!v->defaults)
		return "no tunnel-defaults has such an endpoint";
	v->remote_name = t->server_name ? t->server_name :
					  v->defaults->peer.remote_name;
	v->local_name = t->client_name ? t->client_name :
					 v->defaults->peer.local_name;
	v->secret = t->password ? t->password : v->defaults->peer.secret;
	v->assignment = t->assignment;
	v->max_sessions = t->max_sessions && t->max_sessions <= ID_MAX ?
				  t->max_sessions :
				  v->defaults->max_sessions;
	v->window = t->window >= WINDOW_MIN && t->window <= WINDOW_MAX ?
			    (uint16_t)t->window :
			    v->defaults->peer.window;
	/* Of the octet the upper six bits, RFC 2474. */
	v->dscp = t->tos ? (uint8_t)((t->tos - 1) >> 2) :
			   v->defaults->peer.dscp;
	return NULL;
}

const struct conf_tunnel *definition_get(struct definitions *ds,
					 const struct aaa_tunnel *t,
					 const char **why)
{
	struct definition *d;
	char at[ADDR_STRLEN];
	struct value v;

	*why = read_value(ds, t, &v);
	if (*why)
		return NULL;
	d = find(ds, &v);
	if (d)
		return &d->tunnel;
	if (ds->n >= ds->max)
		definitions_reap(ds);
	d = ds->n < ds->max ? make(ds, &v, ds->next_id++) : NULL;
	if (!d) {
		*why = "too many definitions, or no memory";
		return NULL;
	}
	log_debug("tunnel definition %s: %s by RADIUS", d->name,
		  addr_str(&v.remote, at));
	return &d->tunnel;
}

/* ------------------------------------------------------------------ holders */

void definition_hold(struct definitions *ds, const struct conf_tunnel *ct)
{
	struct definition *d = ct->made;

	if (!d || d->users++)
		return;
	TAILQ_REMOVE(&ds->all, d, next);
	TAILQ_INSERT_TAIL(&ds->all, d, next);
	if (ds->kept)
		ds->kept(ds, d);
}

void definition_put(struct definitions *ds, const struct conf_tunnel *ct)
{
	struct definition *d = ct->made;

	if (!d || --d->users)
		return;
	TAILQ_REMOVE(&ds->all, d, next);
	TAILQ_INSERT_HEAD(&ds->all, d, next);
}

void definitions_reap(struct definitions *ds)
{
	struct definition *d;

	while ((d = TAILQ_FIRST(&ds->all)) && !d->users) {
		if (ds->gone)
			ds->gone(ds, d);
		drop(ds, d);
	}
}

const struct conf_tunnel *definition_find(const struct definitions *ds,
					  const char *name)
{
	struct hash_node *n;

	if (strncmp(name, PREFIX, strlen(PREFIX)))
		return NULL;
	n = hash_find(&ds->by_id, strtoull(name + strlen(PREFIX), NULL, 10));
	for (; n; n = hash_next(n)) {
		const struct definition *d =
			container_of(n, struct definition, by_id);

		if (!strcmp(d->name, name))
			return &d->tunnel;
	}
	return NULL;
}

/* ------------------------------------------------------------------ restart */

static void save_text(struct wr *w, const char *text)
{
	size_t len = text ? strlen(text) : 0;

	wr_u8(w, (uint8_t)len);
	wr_bytes(w, text, len);
}

/* Into 256 bytes; NULL: there is none. */
static const char *load_text(struct rd *r, char out[DEFINITION_TEXT_MAX + 1])
{
	size_t len = rd_u8(r);

	rd_copy(r, out, len);
	if (!r->err && memchr(out, 0, len))
		r->err = true;
	out[r->err ? 0 : len] = 0;
	return len && !r->err ? out : NULL;
}

void definition_save(const struct definition *d, struct wr *w)
{
	const struct conf_tunnel *t = &d->tunnel;

	wr_u8(w, RECORD);
	wr_u64(w, d->id);
	save_text(w, d->defaults->peer.name);
	wr_u8(w, t->remote.addr.family);
	wr_bytes(w, t->remote.addr.b, sizeof(t->remote.addr.b));
	save_text(w, t->peer.remote_name);
	save_text(w, t->peer.local_name);
	save_text(w, t->peer.secret);
	save_text(w, t->assignment);
	wr_u32(w, t->max_sessions);
	wr_u16(w, t->peer.window);
	wr_u8(w, t->peer.dscp);
}

static const struct conf_tunnel *defaults_named(const struct conf *c,
						const char *name)
{
	const struct conf_tunnel *d;

	STAILQ_FOREACH(d, &c->tunnel_defaults, next)
	if (name && !strcmp(d->peer.name, name))
		break;
	return d;
}

bool definition_load(struct definitions *ds, struct rd *r)
{
	char text[5][DEFINITION_TEXT_MAX + 1];
	struct definition *d = NULL;
	struct value v = { 0 };
	uint64_t id;
	uint8_t version = rd_u8(r);
	bool good = version && version <= RECORD;

	id = rd_u64(r);
	v.defaults = defaults_named(ds->conf, load_text(r, text[0]));
	v.remote.family = rd_u8(r);
	rd_copy(r, v.remote.b, sizeof(v.remote.b));
	v.remote_name = load_text(r, text[1]);
	v.local_name = load_text(r, text[2]);
	v.secret = load_text(r, text[3]);
	v.assignment = load_text(r, text[4]);
	v.max_sessions = rd_u32(r);
	v.window = rd_u16(r);
	if (version > 1)
		v.dscp = rd_u8(r);
	else if (v.defaults)
		v.dscp = v.defaults->peer.dscp;
	if (good && !r->err && v.defaults && v.local_name &&
	    v.defaults->endpoint->local.addr.family == v.remote.family &&
	    v.window >= WINDOW_MIN && v.window <= WINDOW_MAX &&
	    v.dscp <= ADIT_DSCP_INHERIT && ds->n < ds->max)
		d = make(ds, &v, id);
	explicit_bzero(text, sizeof(text));
	if (d && ds->next_id <= id)
		ds->next_id = id + 1;
	return d;
}
