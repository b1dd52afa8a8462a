/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See radius_tunnel.h; what is read is a table. Called by aaa/radius_access. */
#include "aaa/radius_tunnel.h"

#include "aaa/radius_number.h"

#include <string.h>

#define TAG_MAX 0x1f

enum form {
	TAGGED_NUMBER, /* a tag, 24 bits */
	TAGGED_TEXT, /* a tag, unless it is a character */
	HIDDEN_TEXT, /* a tag, always; salt, cipher */
	NUMBER, /* 32 bits, of all tunnels */
	OCTET, /* likewise, up to 255; kept with 1 added */
};

#define OF_TUNNEL(member) offsetof(struct aaa_tunnel, member)
#define OF_ALL(member) offsetof(struct radius_tunnels, member)

static const struct {
	uint32_t vendor;
	uint8_t type;
	uint8_t form;
	size_t offset;
} known[] = {
	{ 0, RADIUS_TUNNEL_TYPE, TAGGED_NUMBER, OF_TUNNEL(type) },
	{ 0, RADIUS_TUNNEL_MEDIUM_TYPE, TAGGED_NUMBER, OF_TUNNEL(medium) },
	{ 0, RADIUS_TUNNEL_CLIENT_ENDPOINT, TAGGED_TEXT, OF_TUNNEL(client) },
	{ 0, RADIUS_TUNNEL_SERVER_ENDPOINT, TAGGED_TEXT, OF_TUNNEL(server) },
	{ 0, RADIUS_TUNNEL_PASSWORD, HIDDEN_TEXT, OF_TUNNEL(password) },
	{ 0, RADIUS_TUNNEL_PRIVATE_GROUP_ID, TAGGED_TEXT, OF_TUNNEL(group) },
	{ 0, RADIUS_TUNNEL_ASSIGNMENT_ID, TAGGED_TEXT, OF_TUNNEL(assignment) },
	{ 0, RADIUS_TUNNEL_PREFERENCE, TAGGED_NUMBER, OF_TUNNEL(preference) },
	{ 0, RADIUS_TUNNEL_CLIENT_AUTH_ID, TAGGED_TEXT,
	  OF_TUNNEL(client_name) },
	{ 0, RADIUS_TUNNEL_SERVER_AUTH_ID, TAGGED_TEXT,
	  OF_TUNNEL(server_name) },
	{ RADIUS_ERX, RADIUS_ERX_TUNNEL_VIRTUAL_ROUTER, TAGGED_TEXT,
	  OF_TUNNEL(vrf) },
	{ RADIUS_ERX, RADIUS_ERX_TUNNEL_PASSWORD, TAGGED_TEXT,
	  OF_TUNNEL(password) },
	{ RADIUS_ERX, RADIUS_ERX_TUNNEL_MAXIMUM_SESSIONS, NUMBER,
	  OF_ALL(max_sessions) },
	{ RADIUS_ERX, RADIUS_ERX_L2TP_RECV_WINDOW_SIZE, NUMBER,
	  OF_ALL(window) },
	{ RADIUS_ERX, RADIUS_ERX_TUNNEL_TOS, OCTET, OF_ALL(tos) },
};

/* That of the tag, perhaps a new one; NULL: there are too many. */
static struct aaa_tunnel *of_tag(struct radius_tunnels *ts, uint8_t tag)
{
	for (size_t i = 0; i < ts->n; i++)
		if (ts->tunnel[i].tag == tag)
			return &ts->tunnel[i];
	if (ts->n == AAA_TUNNELS_MAX)
		return NULL;
	ts->tunnel[ts->n] = (struct aaa_tunnel){ .tag = tag };
	return &ts->tunnel[ts->n++];
}

static bool put_number(struct radius_tunnels *ts, size_t offset,
		       const struct radius_attribute *a)
{
	struct rd r = rd_make(a->value, a->len);
	uint8_t tag = rd_u8(&r);
	uint32_t v = (uint32_t)rd_u8(&r) << 16;
	struct aaa_tunnel *t;

	v |= rd_u16(&r);
	if (r.err || rd_left(&r) || tag > TAG_MAX)
		return false;
	t = of_tag(ts, tag);
	if (!t)
		return false;
	*(uint32_t *)((char *)t + offset) = v;
	return true;
}

static bool put_text(struct radius_tunnels *ts, uint8_t tag, size_t offset,
		     const void *text, size_t len)
{
	struct aaa_tunnel *t;

	if (!len || memchr(text, 0, len) || len >= sizeof(ts->text) - ts->used)
		return false;
	t = of_tag(ts, tag);
	if (!t)
		return false;
	memcpy(ts->text + ts->used, text, len);
	ts->text[ts->used + len] = 0;
	*(const char **)((char *)t + offset) = ts->text + ts->used;
	ts->used += len + 1;
	return true;
}

static bool put_tagged(struct radius_tunnels *ts, size_t offset,
		       const struct radius_attribute *a)
{
	bool has_tag = a->len && a->value[0] <= TAG_MAX;

	return put_text(ts, has_tag ? a->value[0] : 0, offset,
			a->value + has_tag, a->len - has_tag);
}

static bool put_hidden(struct radius_tunnels *ts, size_t offset,
		       const struct radius_reply *reply,
		       const struct radius_attribute *a)
{
	uint8_t clear[RADIUS_VALUE_MAX];
	size_t len;
	bool good;

	if (!a->len ||
	    radius_reveal(reply, a->value + 1, a->len - 1, clear, &len))
		return false;
	good = put_text(ts, a->value[0] <= TAG_MAX ? a->value[0] : 0, offset,
			clear, len);
	explicit_bzero(clear, sizeof(clear));
	return good;
}

static bool put_of_all(struct radius_tunnels *ts, size_t offset,
		       const struct radius_attribute *a)
{
	struct rd r = rd_make(a->value, a->len);
	uint32_t v = rd_u32(&r);

	if (r.err || rd_left(&r))
		return false;
	*(uint32_t *)((char *)ts + offset) = v;
	return true;
}

static bool put_octet(struct radius_tunnels *ts, size_t offset,
		      const struct radius_attribute *a)
{
	struct rd r = rd_make(a->value, a->len);
	uint32_t v = rd_u32(&r);

	if (r.err || rd_left(&r) || v > UINT8_MAX)
		return false;
	*(uint32_t *)((char *)ts + offset) = v + 1;
	return true;
}

static bool put(struct radius_tunnels *ts, size_t row,
		const struct radius_reply *reply,
		const struct radius_attribute *a)
{
	switch ((enum form)known[row].form) {
	case TAGGED_NUMBER:
		return put_number(ts, known[row].offset, a);
	case TAGGED_TEXT:
		return put_tagged(ts, known[row].offset, a);
	case HIDDEN_TEXT:
		return put_hidden(ts, known[row].offset, reply, a);
	case NUMBER:
		return put_of_all(ts, known[row].offset, a);
	case OCTET:
		return put_octet(ts, known[row].offset, a);
	}
	return false;
}

enum radius_tunnel_verdict radius_tunnel_read(struct radius_tunnels *ts,
					      const struct radius_reply *reply,
					      const struct radius_attribute *a)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i].vendor != a->vendor || known[i].type != a->type)
			continue;
		ts->described |= !a->vendor && a->type == RADIUS_TUNNEL_TYPE;
		return put(ts, i, reply, a) ? RADIUS_TUNNEL_TAKEN :
					      RADIUS_TUNNEL_BAD;
	}
	return RADIUS_TUNNEL_NONE;
}

void radius_tunnel_finish(struct radius_tunnels *ts)
{
	size_t kept = 0;

	for (size_t i = 0; i < ts->n; i++) {
		struct aaa_tunnel t = ts->tunnel[i];

		t.max_sessions = ts->max_sessions;
		t.window = ts->window;
		t.tos = ts->tos;
		if (t.type == RADIUS_TUNNEL_L2TP && t.server)
			ts->tunnel[kept++] = t;
	}
	ts->n = kept;
}
