/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of subscribers; see identity.h. Called by who makes one up, and by bng/coa. */
#include "bng/identity.h"

#include "base/timer.h"
#include "bng/port.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define LOOKS_MAX 4096 /* subscribers that share the rarest name given */

void identity_session(const struct subscriber *s,
		      char out[IDENTITY_SESSION_STRLEN])
{
	snprintf(out, IDENTITY_SESSION_STRLEN, "%016llx",
		 (unsigned long long)s->id);
}

uint32_t identity_port(const struct subscriber *s)
{
	return port_number(s);
}

static size_t text(uint8_t *out, const char *from)
{
	size_t len = strlen(from);

	if (len > IDENTITY_MAX)
		return 0;
	memcpy(out, from, len);
	return len;
}

static size_t prefix(uint8_t *out, const struct addr *net, uint8_t len)
{
	if (net->family != AF_INET6)
		return 0;
	radius_prefix_name(out, net, len);
	return RADIUS_PREFIX_LEN;
}

/* What it has, be it lent or granted. */
static size_t lent(uint8_t *out, const struct subscriber *s,
		   enum radius_name kind)
{
	const struct kern_prefix *p =
		&s->ipv6->have[kind == RADIUS_NAME_PREFIX ? IPV6_PREFIX :
							    IPV6_DELEGATED];

	return prefix(out, &p->net, p->len);
}

static size_t address6(uint8_t *out, const struct subscriber *s)
{
	struct addr a = { 0 };
	struct aaa_grant g;

	if (s->ipv6) {
		a = s->ipv6->have[IPV6_ADDRESS].net;
	} else if (s->grant) {
		subscriber_grant(s, &g);
		a = g.address6;
	}
	memcpy(out, a.b, addr_len(&a));
	return addr_len(&a);
}

static size_t interface_id(uint8_t *out, const struct subscriber *s)
{
	struct wr w = wr_make(out, IDENTITY_MAX);
	uint64_t id = s->ppp.ip.peer_id;
	struct aaa_grant g;

	if (!s->ipv6) {
		subscriber_grant(s, &g);
		id = g.interface_id;
	}
	if (id)
		wr_u64(&w, id);
	return wr_len(&w);
}

static size_t port(uint8_t *out, const struct subscriber *s)
{
	struct wr w = wr_make(out, IDENTITY_MAX);

	wr_u32(&w, identity_port(s));
	return wr_len(&w);
}

static size_t calling(uint8_t *out, const struct subscriber *s)
{
	char mac[MAC_STRLEN];

	if (s->access.kind == KERN_PPPOE)
		return text(out, mac_str(s->client.mac, mac));
	return s->calling ? text(out, s->calling) : 0;
}

static size_t granted(uint8_t *out, const struct subscriber *s,
		      enum radius_name kind)
{
	struct aaa_grant g;

	if (s->ipv6 && kind != RADIUS_NAME_CUI)
		return lent(out, s, kind);
	if (!s->grant)
		return 0;
	subscriber_grant(s, &g);
	if (kind == RADIUS_NAME_PREFIX)
		return prefix(out, &g.prefix6.net, g.prefix6.len);
	if (kind == RADIUS_NAME_DELEGATED)
		return prefix(out, &g.delegated.net, g.delegated.len);
	memcpy(out, g.cui.b, g.cui.len);
	return g.cui.len;
}

size_t identity_name(const struct subscriber *s, enum radius_name kind,
		     uint8_t out[IDENTITY_MAX])
{
	char session[IDENTITY_SESSION_STRLEN], link[KERN_LINK_STRLEN];

	switch (kind) {
	case RADIUS_NAME_SESSION:
	case RADIUS_NAME_MULTI_SESSION: /* as accounting tells it */
		identity_session(s, session);
		return text(out, session);
	case RADIUS_NAME_ADDRESS:
		memcpy(out, s->address.b, addr_len(&s->address));
		return addr_len(&s->address);
	case RADIUS_NAME_PORT:
		return port(out, s);
	case RADIUS_NAME_PORT_ID:
		return text(out, kern_place_str(&s->access, link));
	case RADIUS_NAME_CALLING:
		return calling(out, s);
	case RADIUS_NAME_CALLED:
		return s->called ? text(out, s->called) : 0;
	case RADIUS_NAME_USER:
		return text(out, s->user);
	case RADIUS_NAME_ADDRESS6:
		return address6(out, s);
	case RADIUS_NAME_PREFIX:
	case RADIUS_NAME_DELEGATED:
	case RADIUS_NAME_CUI:
		return granted(out, s, kind);
	case RADIUS_NAME_INTERFACE:
		return interface_id(out, s);
	case RADIUS_NAMES_ALL:
		break;
	}
	return 0;
}

static bool is_found(const struct subscriber *s)
{
	return s->state == SUBSCRIBER_UP || s->state == SUBSCRIBER_TUNNELLED;
}

void identity_update(struct subscriber *s)
{
	uint8_t b[IDENTITY_MAX];

	if (!is_found(s))
		return;
	for (int i = 0; i < RADIUS_NAMES; i++)
		names_set(&s->box->names, &s->names, i, b,
			  identity_name(s, i, b));
}

static bool is_same(const struct radius_bytes *a, const char *b)
{
	return strlen(b) == a->len && !memcmp(a->b, b, a->len);
}

static bool says(const struct subscriber *s, const struct radius_bytes *user)
{
	return is_same(user, s->user);
}

/* As it is told, or in a way of our own. */
static bool has_name(const struct subscriber *s, enum radius_name kind,
		     const struct radius_bytes *want)
{
	char told[AAA_TEXT_MAX + 1], link[KERN_LINK_STRLEN];
	uint8_t b[IDENTITY_MAX];

	if (identity_name(s, kind, b) == want->len &&
	    !memcmp(b, want->b, want->len))
		return true;
	if (kind == RADIUS_NAME_PORT_ID)
		return is_same(want, kern_link_str(&s->access, link));
	if (kind != RADIUS_NAME_USER)
		return false;
	subscriber_told_name(s, told);
	return is_same(want, told);
}

static bool matches(const struct subscriber *s, const struct radius_named *n)
{
	for (int i = 0; i < RADIUS_NAMES_ALL; i++)
		if (n->name[i].b && !has_name(s, i, &n->name[i]))
			return false;
	return true;
}

/* "pppoe eth1.100.7/3" is at eth1.100.7, and only a name of the place has an index. */
static struct radius_bytes place(const struct radius_bytes *id)
{
	static const char pppoe[] = "pppoe ";
	struct radius_bytes p = *id;
	const uint8_t *slash = memrchr(id->b, '/', id->len);

	if (slash && id->len > strlen(pppoe) &&
	    !memcmp(id->b, pppoe, strlen(pppoe))) {
		p.b += strlen(pppoe);
		p.len = (size_t)(slash - p.b);
	}
	return p;
}

/* Those with that name. */
static struct name *with(const struct box *b, const struct radius_named *n,
			 int kind)
{
	struct radius_bytes by = n->name[kind];

	if (kind == RADIUS_NAME_PORT_ID)
		by = place(&by);
	return names_find(&b->names, kind, by.b, by.len);
}

struct search {
	const struct radius_named *names;
	struct subscriber **out;
	unsigned int max, found, looks;
};

/* Is it one of them? False: enough has been seen. */
static bool look_at(struct search *f, struct subscriber *s)
{
	if (f->looks++ == LOOKS_MAX)
		return false;
	if (!matches(s, f->names))
		return true;
	if (f->found == f->max)
		return false;
	f->out[f->found++] = s;
	return true;
}

static bool search_ring(struct search *f, struct name *first,
			enum radius_name kind)
{
	struct name *name;

	for (name = first; name; name = name->next == first ? NULL : name->next)
		if (!look_at(f, container_of(names_owner(name, kind),
					     struct subscriber, names)))
			return false;
	return true;
}

/* Whose User-Name is told otherwise than they said it: they have been let in by that
 * name (bng/user_limit), and are in no ring of it.
 */
static bool search_told(struct search *f, const struct box *b)
{
	const struct radius_bytes *user = &f->names->name[RADIUS_NAME_USER];
	struct name *first = name_find(&b->let_in, user->b, user->len);
	struct name *name;

	for (name = first; name;
	     name = name->next == first ? NULL : name->next) {
		struct subscriber *s =
			container_of(name, struct subscriber, let_in);

		if (is_found(s) && !says(s, user) && !look_at(f, s))
			return false;
	}
	return true;
}

/* All with that name that is given; false: enough has been seen. */
static bool search_by(struct search *f, const struct box *b, int kind)
{
	f->found = f->looks = 0;
	return search_ring(f, with(b, f->names, kind), kind) &&
	       (kind != RADIUS_NAME_USER || search_told(f, b));
}

/* By the first name that is given and not too many have: the enum's order. */
static bool search_all(struct search *f, const struct box *b)
{
	bool any = false;

	for (int kind = 0; kind < RADIUS_NAMES; kind++) {
		if (!f->names->name[kind].b)
			continue;
		any = true;
		if (search_by(f, b, kind))
			return true;
		if (f->looks <= LOOKS_MAX)
			return false; /* more of them than are wanted */
	}
	return !any;
}

int identity_find(const struct box *b, const struct radius_named *n,
		  struct subscriber **out, unsigned int max)
{
	const struct radius_bytes *multi = &n->name[RADIUS_NAME_MULTI_SESSION];
	struct radius_named names = *n;
	struct search f = { .names = &names, .out = out, .max = max };

	/* An Acct-Multi-Session-Id is its only session's. */
	if (!names.name[RADIUS_NAME_SESSION].b)
		names.name[RADIUS_NAME_SESSION] = *multi;
	return search_all(&f, b) ? (int)f.found : -E2BIG;
}
