// SPDX-License-Identifier: GPL-2.0-or-later
/* See dhcp6_server.h. The table at the end has a row for each message of a client. */
#include "ppp/dhcp6_server.h"

#include <string.h>

#define PREFERENCE 255 /* there is no other server to wait for */

/* One message, and what it is answered from. */
struct serving {
	const struct dhcp6_offer *o;
	struct dhcp6_lease *l;
	const struct dhcp6_msg *m;
	struct wr *w;
};

static bool same_duid(const struct dhcp6_duid *a, const struct dhcp6_duid *b)
{
	return a->len == b->len && !memcmp(a->b, b->b, a->len);
}

static bool same_lent(const struct dhcp6_lent *a, const struct dhcp6_lent *b)
{
	return a->len == b->len && addr_eq(&a->net, &b->net);
}

static bool holds(const struct serving *s, const struct dhcp6_ia *ia)
{
	return s->l->bound[ia->kind] && s->l->iaid[ia->kind] == ia->id &&
	       same_duid(&s->l->client, &s->m->client);
}

/* There is one of each kind to lend: it goes to the IA that has it, or else to the
 * first one.
 */
static bool is_next(const struct serving *s, const struct dhcp6_ia *ia)
{
	const struct dhcp6_ia *first = NULL;

	for (uint8_t i = 0; i < s->m->n_ia; i++) {
		const struct dhcp6_ia *other = &s->m->ia[i];

		if (other->kind != ia->kind)
			continue;
		if (holds(s, other))
			return other == ia;
		if (!first)
			first = other;
	}
	return first == ia;
}

static bool is_there(const struct serving *s, const struct dhcp6_ia *ia)
{
	return s->o->lent[ia->kind].net.family &&
	       !(ia->kind == DHCP6_NA && s->l->declined);
}

static void bind_it(const struct serving *s, const struct dhcp6_ia *ia)
{
	struct dhcp6_lease *l = s->l;

	if (!same_duid(&l->client, &s->m->client)) {
		l->client = s->m->client;
		memset(l->bound, 0, sizeof(l->bound));
	}
	l->bound[ia->kind] = true;
	l->iaid[ia->kind] = ia->id;
}

/* What the client has of another time ends (RFC 8415 18.3.4, 18.3.5). */
static void end_others(const struct serving *s, const struct dhcp6_ia *ia)
{
	for (uint8_t i = 0; i < ia->n; i++) {
		if (!same_lent(&ia->lent[i], &s->o->lent[ia->kind]))
			dhcp6_put_lent(s->w, ia->kind, &ia->lent[i], 0, 0);
	}
}

enum how { OFFER = 0, COMMIT = 1, EXTEND = 3 };

static void lend(const struct serving *s, const struct dhcp6_ia *ia,
		 enum how how)
{
	static const enum dhcp6_status none[] = {
		[DHCP6_NA] = DHCP6_NO_ADDRS,
		[DHCP6_PD] = DHCP6_NO_PREFIX,
	};
	bool yes = is_there(s, ia) && is_next(s, ia);
	uint32_t preferred = yes ? s->o->preferred : 0;
	size_t at = dhcp6_ia_begin(s->w, ia, preferred / 2, preferred / 5 * 4);

	if (how == EXTEND)
		end_others(s, ia);
	if (yes)
		dhcp6_put_lent(s->w, ia->kind, &s->o->lent[ia->kind], preferred,
			       s->o->valid);
	else
		dhcp6_put_status(s->w, how == EXTEND ? DHCP6_NO_BINDING :
						       none[ia->kind]);
	dhcp6_ia_end(s->w, at);
	if (yes && how & COMMIT)
		bind_it(s, ia);
}

static void put_others(const struct serving *s)
{
	if (s->m->wants_dns)
		dhcp6_put_dns(s->w, s->o->dns);
}

static void lend_all(const struct serving *s, enum how how)
{
	for (uint8_t i = 0; i < s->m->n_ia; i++)
		lend(s, &s->m->ia[i], how);
	put_others(s);
}

static void begin(const struct serving *s, enum dhcp6_type type)
{
	dhcp6_put_header(s->w, type, s->m, s->o->server);
}

static bool solicit(const struct serving *s)
{
	begin(s, s->m->rapid ? DHCP6_REPLY : DHCP6_ADVERTISE);
	if (s->m->rapid)
		dhcp6_put_rapid(s->w);
	else
		dhcp6_put_preference(s->w, PREFERENCE);
	lend_all(s, s->m->rapid ? COMMIT : OFFER);
	return true;
}

static bool on_link(const struct serving *s, const struct addr *a)
{
	const struct dhcp6_lent *p = &s->o->on_link;

	return addr_eq(a, &s->o->lent[DHCP6_NA].net) ||
	       (p->net.family && addr_in(a, &p->net, p->len));
}

/* Every address that it has, or hopes for, may be used here. */
static bool is_of_here(const struct serving *s, const struct dhcp6_ia *ia)
{
	for (uint8_t i = 0; ia->kind == DHCP6_NA && i < ia->n; i++)
		if (!on_link(s, &ia->lent[i].net))
			return false;
	return true;
}

/* An IA with nothing but a status. */
static void refuse(const struct serving *s, const struct dhcp6_ia *ia,
		   enum dhcp6_status why)
{
	size_t at = dhcp6_ia_begin(s->w, ia, 0, 0);

	dhcp6_put_status(s->w, why);
	dhcp6_ia_end(s->w, at);
}

/* RFC 8415 18.3.2. */
static bool request(const struct serving *s)
{
	begin(s, DHCP6_REPLY);
	for (uint8_t i = 0; i < s->m->n_ia; i++) {
		const struct dhcp6_ia *ia = &s->m->ia[i];

		if (is_there(s, ia) && !is_of_here(s, ia))
			refuse(s, ia, DHCP6_NOT_ON_LINK);
		else
			lend(s, ia, COMMIT);
	}
	put_others(s);
	return true;
}

static bool extend(const struct serving *s)
{
	begin(s, DHCP6_REPLY);
	lend_all(s, EXTEND);
	return true;
}

/* Does what it has still belong here? Nobody can say of no address at all. */
static bool confirm(const struct serving *s)
{
	bool yes = true;
	unsigned int n = 0;

	for (uint8_t i = 0; i < s->m->n_ia; i++) {
		const struct dhcp6_ia *ia = &s->m->ia[i];

		yes &= is_of_here(s, ia);
		n += ia->kind == DHCP6_NA ? ia->n : 0;
	}
	if (!n)
		return false;
	begin(s, DHCP6_REPLY);
	dhcp6_put_status(s->w, yes ? DHCP6_SUCCESS : DHCP6_NOT_ON_LINK);
	return true;
}

/* IAs that have nothing are told so; the others have nothing from now on. */
static void give_back(const struct serving *s, const struct dhcp6_ia *ia,
		      bool theirs)
{
	if (theirs && holds(s, ia))
		s->l->bound[ia->kind] = false;
	else
		refuse(s, ia, DHCP6_NO_BINDING);
}

static bool release(const struct serving *s)
{
	begin(s, DHCP6_REPLY);
	dhcp6_put_status(s->w, DHCP6_SUCCESS);
	for (uint8_t i = 0; i < s->m->n_ia; i++)
		give_back(s, &s->m->ia[i], true);
	return true;
}

static bool decline(const struct serving *s)
{
	begin(s, DHCP6_REPLY);
	dhcp6_put_status(s->w, DHCP6_SUCCESS);
	for (uint8_t i = 0; i < s->m->n_ia; i++) {
		const struct dhcp6_ia *ia = &s->m->ia[i];

		s->l->declined |= ia->kind == DHCP6_NA && holds(s, ia);
		give_back(s, ia, ia->kind == DHCP6_NA);
	}
	return true;
}

static bool information(const struct serving *s)
{
	if (s->m->n_ia)
		return false;
	begin(s, DHCP6_REPLY);
	put_others(s);
	return true;
}

/* Identifiers that it has to have (RFC 8415 16). */
enum need { NEVER, ALWAYS, PERHAPS };

static const struct row {
	bool (*answer)(const struct serving *s);
	enum need server, client;
	bool tells; /* sent to us alone, it is told where to send it */
} rows[DHCP6_NTYPES] = {
	[DHCP6_SOLICIT] = { solicit, NEVER, ALWAYS, false },
	[DHCP6_REQUEST] = { request, ALWAYS, ALWAYS, true },
	[DHCP6_CONFIRM] = { confirm, NEVER, ALWAYS, false },
	[DHCP6_RENEW] = { extend, ALWAYS, ALWAYS, true },
	[DHCP6_REBIND] = { extend, NEVER, ALWAYS, false },
	[DHCP6_RELEASE] = { release, ALWAYS, ALWAYS, true },
	[DHCP6_DECLINE] = { decline, ALWAYS, ALWAYS, true },
	[DHCP6_INFORMATION] = { information, PERHAPS, PERHAPS, false },
};

static bool has(const struct dhcp6_duid *d, enum need need)
{
	return need == PERHAPS || !d->len == (need == NEVER);
}

bool dhcp6_serve(const struct dhcp6_offer *o, struct dhcp6_lease *l,
		 const struct dhcp6_msg *m, bool unicast, struct wr *w)
{
	struct serving s = { .o = o, .l = l, .m = m, .w = w };
	const struct row *row;

	if (m->type >= DHCP6_NTYPES)
		return false;
	row = &rows[m->type];
	if (!row->answer || !has(&m->server, row->server) ||
	    !has(&m->client, row->client) ||
	    (m->server.len && !same_duid(&m->server, o->server)))
		return false;
	if (!unicast)
		return row->answer(&s);
	if (!row->tells)
		return false;
	begin(&s, DHCP6_REPLY);
	dhcp6_put_status(w, DHCP6_USE_MULTICAST);
	return true;
}
