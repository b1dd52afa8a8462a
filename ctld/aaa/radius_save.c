/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * See radius_save.h. A version, then of each that there is something to say of its name,
 * the length of what follows, and that; what is new comes at its end.
 */
#include "aaa/radius_save.h"

#include "aaa/radius_health.h"
#include "aaa/radius_probe.h"

#include <string.h>

#define VERSION 1
#define HOST_LEN 128 /* of its name, the rest does not matter */
#define VALUES_MAX (16 + 1 + 17 + HOST_LEN)
#define NAME_MAX_LEN 255

enum { IS_DEAD = 1, IS_SIGNED = 2 };

/* Where it is: another server of this name is not known yet. */
static void put_place(struct wr *w, const struct radius_server_conf *c)
{
	wr_u8(w, c->remote.addr.family);
	wr_bytes(w, c->remote.addr.b, sizeof(c->remote.addr.b));
	if (c->host)
		wr_bytes(w, c->host, strnlen(c->host, HOST_LEN));
}

static bool is_there(const struct radius_server_conf *c, struct rd *r)
{
	uint8_t b[VALUES_MAX];
	struct wr w = wr_make(b, sizeof(b));
	size_t len = rd_left(r);
	const uint8_t *was = rd_bytes(r, len);

	put_place(&w, c);
	return len == wr_len(&w) && !memcmp(b, was, len);
}

static void put_values(struct wr *w, const struct radius_server *s)
{
	bool dead = radius_health_dead(s);
	bool is_signed = s->has_message_authenticator;

	wr_u64(w, dead ? (uint64_t)s->since : 0);
	wr_u64(w, dead ? (uint64_t)s->dead_until : 0);
	wr_u8(w, (uint8_t)((dead ? IS_DEAD : 0) | (is_signed ? IS_SIGNED : 0)));
	put_place(w, s->conf);
}

void radius_save(const struct radius_client *c, struct wr *w)
{
	wr_u8(w, VERSION);
	for (unsigned int i = 0; i < c->n_servers; i++) {
		const struct radius_server *s = &c->servers[i];
		size_t len = strnlen(s->conf->name, NAME_MAX_LEN);
		uint8_t b[VALUES_MAX];
		struct wr values = wr_make(b, sizeof(b));

		if (!radius_health_dead(s) && !s->has_message_authenticator)
			continue;
		put_values(&values, s);
		if ((size_t)(w->end - w->p) < 2 + len + wr_len(&values))
			continue;
		wr_u8(w, (uint8_t)len);
		wr_bytes(w, s->conf->name, len);
		wr_u8(w, (uint8_t)wr_len(&values));
		wr_bytes(w, b, wr_len(&values));
	}
}

static struct radius_server *named(struct radius_client *c, const uint8_t *name,
				   size_t len)
{
	for (unsigned int i = 0; i < c->n_servers; i++) {
		const char *have = c->servers[i].conf->name;

		if (strlen(have) == len && !memcmp(have, name, len))
			return &c->servers[i];
	}
	return NULL;
}

static void take(struct radius_server *s, msec_t now, struct rd *values)
{
	msec_t since = (msec_t)rd_u64(values), until = (msec_t)rd_u64(values);
	unsigned int is = rd_left(values) ? rd_u8(values) : IS_DEAD;

	if (values->err)
		return;
	if (is & IS_DEAD)
		radius_health_was_dead(s, since, until, now);
	if (s->state == RADIUS_PROBING)
		radius_probe_start(s, now);
	if ((is & IS_SIGNED) && is_there(s->conf, values))
		s->has_message_authenticator = true;
}

bool radius_load(struct radius_client *c, msec_t now, struct rd *r)
{
	if (rd_u8(r) != VERSION)
		return false;
	while (rd_left(r)) {
		size_t len = rd_u8(r);
		const uint8_t *name = rd_bytes(r, len);
		struct rd values = rd_sub(r, rd_u8(r));
		struct radius_server *s;

		if (r->err || values.err)
			return false;
		s = named(c, name, len);
		if (s)
			take(s, now, &values);
	}
	return !r->err;
}
