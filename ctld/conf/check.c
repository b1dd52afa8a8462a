/* SPDX-License-Identifier: GPL-2.0-or-later */
/* References, names by default, and the rules in a table. See check.h. */
#include "conf/check.h"

#include "adit/wire.h"
#include "conf/memory.h"
#include "conf/rule.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* ----------------------------------------------------------- references */

/* Visits the names of one kind, and finds the object of one. */
struct names {
	const char *wanted;
	void *found;
	struct conf_near near;
	char list[128]; /* what there is */
	bool cut;
};

static void visit(struct names *n, const char *name, void *object)
{
	size_t used = strlen(n->list);

	if (!name)
		return;
	if (!strcmp(name, n->wanted))
		n->found = object;
	conf_near(&n->near, name);
	if (n->cut || used + strlen(name) + 8 > sizeof(n->list)) {
		if (!n->cut)
			strcat(n->list, ", ...");
		n->cut = true;
		return;
	}
	snprintf(n->list + used, sizeof(n->list) - used, "%s%s",
		 used ? ", " : "", name);
}

#define VISIT(type, head, field)              \
	do {                                  \
		struct type *o;               \
                                              \
		STAILQ_FOREACH(o, head, next) \
		visit(n, o->field, o);        \
	} while (0)

static void visit_all(const struct conf *c, const char *kind, struct names *n)
{
	if (!strcmp(kind, "endpoint"))
		VISIT(conf_endpoint, &c->endpoints, name);
	else if (!strcmp(kind, "pool"))
		VISIT(conf_pool, &c->pools, name);
	else if (!strcmp(kind, "pool6"))
		VISIT(conf_pool6, &c->pools6, name);
	else if (!strcmp(kind, "ppp-profile"))
		VISIT(conf_profile, &c->profiles, name);
	else if (!strcmp(kind, "session-limit-group"))
		VISIT(conf_group, &c->groups, name);
	else if (!strcmp(kind, "radius-server"))
		VISIT(conf_radius_server, &c->radius_servers, server.name);
	else if (!strcmp(kind, "radius-group"))
		VISIT(conf_radius_group, &c->radius_groups, name);
	else if (!strcmp(kind, "tunnel"))
		VISIT(conf_tunnel, &c->tunnels, peer.name);
	else if (!strcmp(kind, "tunnel-group"))
		VISIT(conf_tunnel_group, &c->tunnel_groups, name);
}

static void resolve(struct conf_loading *l, struct conf_ref *r)
{
	struct names n = { .wanted = r->name, .near = { .wanted = r->name } };
	char safe[72];
	char hint[96];

	if (*r->where) {
		conf_error(l->errors, r->line, "%s: the profile is given twice",
			   r->option);
		return;
	}
	visit_all(l->conf, r->to, &n);
	*r->where = n.found;
	if (n.found)
		return;
	log_safe(r->name, strlen(r->name), safe, sizeof(safe));
	if (!n.list[0])
		conf_error(l->errors, r->line,
			   "%s: there is no %s '%s': none is defined",
			   r->option, r->to, safe);
	else if (n.near.best)
		conf_error(l->errors, r->line, "%s: there is no %s '%s'%s",
			   r->option, r->to, safe,
			   conf_near_text(&n.near, hint, sizeof(hint)));
	else
		conf_error(l->errors, r->line,
			   "%s: there is no %s '%s', there is: %s", r->option,
			   r->to, safe, n.list);
}

/* ---------------------------------------------------------------- names */

static void name_system(struct conf_loading *l)
{
	struct conf *c = l->conf;
	char name[L2TP_NAME_MAX + 1] = "";

	if (c->hostname)
		return;
	gethostname(name, sizeof(name) - 1);
	c->hostname = conf_strdup(c, name[0] ? name : "localhost");
}

/* "DESTINATION/HOST"; "default" may be called anything. */
static void name_remote_host(struct conf *c, const struct conf_destination *d,
			     struct conf_remote_host *h)
{
	const char *host = h->peer.remote_name;
	size_t size = strlen(d->name) + strlen(host) + 2;
	char *name = conf_alloc(c, size);

	snprintf(name, size, "%s/%s", d->name, host);
	h->peer.name = name;
	if (!strcmp(host, "default"))
		h->peer.remote_name = NULL;
	if (!h->peer.local_name)
		h->peer.local_name = c->hostname;
}

/* A port that may tunnel promises what goes through a tunnel: it negotiates before
 * it knows.
 */
static bool may_tunnel(const struct conf *c)
{
	const struct conf_profile *f;
	const struct conf_rule *r;

	STAILQ_FOREACH(r, &c->rules, next)
	if (r->tunnel || r->group)
		return true;
	STAILQ_FOREACH(f, &c->profiles, next)
	if (f->radius &&
	    !(STAILQ_EMPTY(&c->tunnels) && STAILQ_EMPTY(&c->tunnel_defaults)))
		return true;
	return false;
}

static void set_port_ppp(struct conf_port *p, uint16_t def)
{
	uint16_t mru = p->ppp.mru	   ? p->ppp.mru :
		       p->profile->ppp.mru ? p->profile->ppp.mru :
					     def;
	struct conf_vlans *v;

	p->ppp = p->profile->ppp;
	p->ppp.mru = mru;
	STAILQ_FOREACH(v, &p->vlans, next)
	{
		/* Its own, then its own profile's, then the port's. */
		if (v->ppp.mru)
			mru = v->ppp.mru;
		else if (v->profile && v->profile->ppp.mru)
			mru = v->profile->ppp.mru;
		else
			mru = p->ppp.mru;
		v->ppp = v->profile ? v->profile->ppp : p->ppp;
		v->ppp.mru = mru;
	}
}

/* Ports first: theirs depends on whether the profile says anything. */
static void set_mrus(struct conf *c)
{
	uint16_t def = may_tunnel(c) ? CONF_MRU : PPPOE_MRU_MAX;
	struct conf_profile *f;
	struct conf_port *p;

	STAILQ_FOREACH(p, &c->ports, next)
	if (p->profile)
		set_port_ppp(p, def);
	STAILQ_FOREACH(f, &c->profiles, next)
	if (!f->ppp.mru)
		f->ppp.mru = CONF_MRU;
}

/* "none" and "default" behind all others, wildcards behind whole names, of them
 * the longest first.
 */
static bool comes_before(const struct conf_rule *a, const struct conf_rule *b)
{
	bool any_a = !strcasecmp(a->name, "none") ||
		     !strcasecmp(a->name, "default");
	bool any_b = !strcasecmp(b->name, "none") ||
		     !strcasecmp(b->name, "default");

	if (any_a || any_b)
		return any_b && !any_a;
	if (a->name[0] != '*' || b->name[0] != '*')
		return a->name[0] != '*' && b->name[0] == '*';
	return strlen(a->name) > strlen(b->name);
}

/* Sections "domain" become rules: the first that matches is the closest. */
static void order_domains(struct conf *c)
{
	struct conf_rules order = STAILQ_HEAD_INITIALIZER(order);
	struct conf_rule *d, *o, *before;
	const char **list;

	while ((d = STAILQ_FIRST(&c->domains))) {
		STAILQ_REMOVE_HEAD(&c->domains, next);
		list = conf_alloc(c, 2 * sizeof(*list));
		list[0] = d->name;
		d->domains = list;
		before = NULL;
		STAILQ_FOREACH(o, &order, next)
		if (!comes_before(d, o))
			before = o;
		if (before)
			STAILQ_INSERT_AFTER(&order, before, d, next);
		else
			STAILQ_INSERT_HEAD(&order, d, next);
	}
	STAILQ_CONCAT(&c->rules, &order);
}

static void name_all(struct conf_loading *l)
{
	static const char *const any_service[] = { NULL };
	struct conf *c = l->conf;
	struct conf_destination *d;
	struct conf_remote_host *h;
	struct conf_profile *f;
	struct conf_tunnel *t;
	struct conf_port *p;

	name_system(l);
	STAILQ_FOREACH(f, &c->profiles, next)
	f->ppp.name = c->hostname;
	STAILQ_FOREACH(p, &c->ports, next)
	{
		if (!p->pppoe.ac_name)
			p->pppoe.ac_name = c->hostname;
		if (!p->pppoe.services)
			p->pppoe.services = any_service;
	}
	STAILQ_FOREACH(t, &c->tunnels, next)
	if (!t->peer.local_name)
		t->peer.local_name = c->hostname;
	STAILQ_FOREACH(t, &c->tunnel_defaults, next)
	if (!t->peer.local_name)
		t->peer.local_name = c->hostname;
	STAILQ_FOREACH(d, &c->destinations, next)
	STAILQ_FOREACH(h, &d->hosts, next)
	name_remote_host(c, d, h);
	set_mrus(c);
}

void conf_check(struct conf_loading *l)
{
	struct conf_ref *r;

	STAILQ_FOREACH(r, &l->refs, next)
	resolve(l, r);
	if (l->errors->n)
		return; /* the rules need all values */
	order_domains(l->conf);
	name_all(l);
	conf_rules(l);
}
