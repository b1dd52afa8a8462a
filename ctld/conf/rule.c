/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One function a rule or a kind of object; the table is at the end. See rule.h. */
#include "conf/rule.h"

#include "adit/wire.h"
#include "conf/rule6.h"

#include <string.h>
#include <strings.h>

static const char *v4_str(uint32_t a, char out[ADDR_STRLEN])
{
	struct addr addr = addr_v4(a);

	return addr_str(&addr, out);
}

/* NULL: a is in none. */
static const struct pool_range *range_of(const struct conf_pool *p,
					 const struct addr *a)
{
	uint32_t v = addr_to_v4(a);

	for (size_t i = 0; a->family == AF_INET && i < p->n_ranges; i++)
		if (v >= p->ranges[i].range.first &&
		    v <= p->ranges[i].range.last)
			return &p->ranges[i].range;
	return NULL;
}

static void endpoints(struct conf_loading *l)
{
	struct conf_endpoint *a, *b;

	STAILQ_FOREACH(a, &l->conf->endpoints, next)
	{
		for (b = STAILQ_FIRST(&l->conf->endpoints); b != a;
		     b = STAILQ_NEXT(b, next))
			if (addr_eq(&a->local.addr, &b->local.addr) &&
			    a->local.port == b->local.port &&
			    !strcmp(a->vrf ? a->vrf : "", b->vrf ? b->vrf : ""))
				conf_error(l->errors, a->line,
					   "endpoint '%s' has address and port of endpoint '%s' (line %u)",
					   a->name, b->name, b->line);
	}
}

/* What is routed to their devices is compared. */
static bool nets_overlap(struct conf_loading *l, const struct conf_pool *a,
			 const struct conf_range *ra, const struct conf_pool *b,
			 const struct conf_range *rb)
{
	char sa[ADDR_STRLEN], sb[ADDR_STRLEN];

	if (!addr_in(&ra->net, &rb->net, rb->prefix_len) &&
	    !addr_in(&rb->net, &ra->net, ra->prefix_len))
		return false;
	conf_error(l->errors, a->line,
		   "pool '%s' (%s/%u) overlaps pool '%s' (%s/%u, line %u)",
		   a->name, addr_str(&ra->net, sa), ra->prefix_len, b->name,
		   addr_str(&rb->net, sb), rb->prefix_len, b->line);
	return true;
}

static bool same_vrf(const struct conf_profile *f, const struct conf_profile *g)
{
	return !strcmp(f->vrf ? f->vrf : "", g->vrf ? g->vrf : "");
}

/* One that no profile has may be granted in any VRF. */
static bool has_profile(const struct conf *c, const struct conf_pool *p)
{
	struct conf_profile *f;

	STAILQ_FOREACH(f, &c->profiles, next)
	if (f->pool == p)
		return true;
	return false;
}

static bool may_meet(const struct conf *c, const struct conf_pool *a,
		     const struct conf_pool *b)
{
	struct conf_profile *f, *g;

	if (!has_profile(c, a) || !has_profile(c, b))
		return true;
	STAILQ_FOREACH(f, &c->profiles, next)
	STAILQ_FOREACH(g, &c->profiles, next)
	if (f->pool == a && g->pool == b && same_vrf(f, g))
		return true;
	return false;
}

static void pool_overlaps(struct conf_loading *l, const struct conf_pool *a,
			  const struct conf_pool *b)
{
	for (size_t i = 0; i < a->n_ranges; i++)
		for (size_t k = 0; k < b->n_ranges; k++)
			if (nets_overlap(l, a, &a->ranges[i], b, &b->ranges[k]))
				return;
}

static void ranges_overlap(struct conf_loading *l, const struct conf_pool *p)
{
	char sa[ADDR_STRLEN], sb[ADDR_STRLEN];

	for (size_t i = 0; i < p->n_ranges; i++)
		for (size_t k = 0; k < i; k++) {
			const struct pool_range *a = &p->ranges[i].range;
			const struct pool_range *b = &p->ranges[k].range;

			if (a->first <= b->last && b->first <= a->last)
				conf_error(l->errors, p->line,
					   "pool '%s': the range from %s overlaps the one from %s",
					   p->name, v4_str(a->first, sa),
					   v4_str(b->first, sb));
		}
}

static void pools(struct conf_loading *l)
{
	struct conf_pool *a, *b;

	STAILQ_FOREACH(a, &l->conf->pools, next)
	{
		if (!a->n_ranges) {
			conf_error(l->errors, a->line,
				   "pool '%s': expected 'range' or 'prefix'",
				   a->name);
			continue;
		}
		ranges_overlap(l, a);
		for (b = STAILQ_FIRST(&l->conf->pools); b != a;
		     b = STAILQ_NEXT(b, next))
			if (may_meet(l->conf, a, b))
				pool_overlaps(l, a, b);
	}
}

/* Of a pool's prefix our own addresses are left out, if the pool is the
 * profile's; a range is lent as it is.
 */
static void local_address(struct conf_loading *l, const struct conf_profile *f)
{
	char s[ADDR_STRLEN], first[ADDR_STRLEN], last[ADDR_STRLEN];
	const struct pool_range *r;
	struct conf_pool *p;

	STAILQ_FOREACH(p, &l->conf->pools, next)
	{
		r = range_of(p, &f->local_address);
		if (r && !(p->whole && p == f->pool))
			conf_error(l->errors, f->line,
				   "ppp-profile '%s': local-address %s is lent by pool '%s' (%s-%s)",
				   f->name, addr_str(&f->local_address, s),
				   p->name, v4_str(r->first, first),
				   v4_str(r->last, last));
	}
}

static bool only_local(const struct conf_profile *f)
{
	const struct conf_pool *p = f->pool;

	return p && p->n_ranges == 1 && range_of(p, &f->local_address) &&
	       p->ranges[0].range.first == p->ranges[0].range.last;
}

static void rates(struct conf_loading *l, unsigned int line, const char *what,
		  const char *name, const struct conf_rate *r, const char *way)
{
	if (r->peak && (!r->rate || r->peak < r->rate))
		conf_error(l->errors, line,
			   "%s '%s': 'peak-rate-%s' is beside 'rate-%s', and not below it",
			   what, name, way, way);
	if (r->peak_burst && !r->peak)
		conf_error(l->errors, line,
			   "%s '%s': 'peak-burst-%s' has no use without 'peak-rate-%s'",
			   what, name, way, way);
}

static void qos(struct conf_loading *l, unsigned int line, const char *what,
		const char *name, const struct conf_qos *q)
{
	rates(l, line, what, name, &q->up, "up");
	rates(l, line, what, name, &q->down, "down");
	if (q->pacing && (q->down.burst || q->down.peak))
		conf_error(l->errors, line,
			   "%s '%s': with 'pacing' there is no burst and no peak rate down",
			   what, name);
}

static void policies(struct conf_loading *l)
{
	struct conf_policy *p;

	STAILQ_FOREACH(p, &l->conf->policies, next)
	qos(l, p->line, "policy", p->name, &p->qos);
}

static void profiles(struct conf_loading *l)
{
	struct conf_profile *f;

	STAILQ_FOREACH(f, &l->conf->profiles, next)
	{
		local_address(l, f);
		qos(l, f->line, "ppp-profile", f->name, &f->qos);
		if (f->pool && !f->local_address.family)
			conf_error(l->errors, f->line,
				   "ppp-profile '%s' has a pool: expected 'local-address' too",
				   f->name);
		if (only_local(f))
			conf_error(l->errors, f->line,
				   "ppp-profile '%s': pool '%s' has no address but the local one",
				   f->name, f->pool->name);
	}
}

static bool terminates(const struct conf_profile *f)
{
	return conf_terminates(f) && (!f->pool || f->local_address.family);
}

static void need_termination(struct conf_loading *l, unsigned int line,
			     const struct conf_profile *f, const char *kind,
			     const char *name)
{
	if (f && !terminates(f))
		conf_error(l->errors, line,
			   "%s '%s' ends subscribers with ppp-profile '%s' (line %u): expected 'pool' and 'local-address' there",
			   kind, name, f->name, f->line);
}

static bool is_domain(const struct conf_rule *r)
{
	return !strcmp(r->kind, "domain");
}

/* '*' stands for all that is below a domain, and for nothing else. */
static void wildcards(struct conf_loading *l, const struct conf_rule *r)
{
	for (size_t i = 0; r->domains && r->domains[i]; i++) {
		const char *star = strrchr(r->domains[i], '*');

		if (star &&
		    (star != r->domains[i] || star[1] != '.' || !star[2]))
			conf_error(l->errors, r->line,
				   "%s '%s': expected '*' only as in \"*.example\"",
				   r->kind, r->name);
	}
}

static void actions(struct conf_loading *l, const struct conf_rule *r)
{
	int n = !!r->tunnel + !!r->group + r->terminate + r->refuse;

	if (n != 1)
		conf_error(l->errors, r->line,
			   "%s '%s': expected one of 'tunnel', 'tunnel-group', 'terminate = true', 'refuse = true'",
			   r->kind, r->name);
	else if (!r->terminate && r->profile)
		conf_error(l->errors, r->line,
			   "%s '%s': 'ppp-profile' has no use without 'terminate'",
			   r->kind, r->name);
	else if (!r->terminate && r->domain_password)
		conf_error(l->errors, r->line,
			   "%s '%s': 'domain-password' has no use without 'terminate'",
			   r->kind, r->name);
	else if (r->domain_password && r->profile && !r->profile->radius)
		conf_error(l->errors, r->line,
			   "%s '%s': 'domain-password' needs 'radius-group' in ppp-profile '%s' (line %u)",
			   r->kind, r->name, r->profile->name,
			   r->profile->line);
}

/* One that is mistyped would hold nowhere. */
static void places(struct conf_loading *l, const struct conf_rule *r)
{
	for (size_t i = 0; r->ports && r->ports[i]; i++)
		if (!conf_port(l->conf, r->ports[i]))
			conf_error(l->errors, r->line,
				   "%s '%s': there is no access-port '%s'",
				   r->kind, r->name, r->ports[i]);
}

static void rules(struct conf_loading *l)
{
	struct conf_rule *a, *b;

	STAILQ_FOREACH(a, &l->conf->rules, next)
	{
		for (b = STAILQ_FIRST(&l->conf->rules); b != a;
		     b = STAILQ_NEXT(b, next))
			if (is_domain(a) && is_domain(b) &&
			    !strcasecmp(a->name, b->name))
				conf_error(l->errors, a->line,
					   "domain '%s' is domain '%s' of line %u: case does not matter",
					   a->name, b->name, b->line);
		wildcards(l, a);
		places(l, a);
		actions(l, a);
		/* RADIUS may have all of them tunnelled. */
		if (!a->profile || !a->profile->radius)
			need_termination(l, a->line, a->profile, a->kind,
					 a->name);
	}
}

static bool at_port(const struct conf_rule *r, const struct conf_port *p)
{
	for (size_t i = 0; r->ports && r->ports[i]; i++)
		if (!strcmp(r->ports[i], p->ifname))
			return true;
	return !r->ports;
}

/* Is it for all users that have a domain, or none, where it holds? */
static bool covers(const struct conf_rule *r, const char *which)
{
	if (r->services)
		return false;
	for (size_t i = 0; r->domains && r->domains[i]; i++)
		if (!strcasecmp(r->domains[i], which))
			return true;
	return !r->domains;
}

/* The rule whose users end at that access port, with its profile; *others: so do those
 * of whom no rule says anything.
 */
static const struct conf_rule *
ends_at_port(const struct conf *c, const struct conf_port *p, bool *others)
{
	bool named = false, without = false;
	struct conf_rule *r;

	STAILQ_FOREACH(r, &c->rules, next)
	{
		if (!at_port(r, p))
			continue;
		if (named && without)
			break;
		if (r->terminate && !r->profile)
			return r;
		named |= covers(r, "default");
		without |= covers(r, "none");
	}
	*others = !(named && without);
	return NULL;
}

static void vlans(struct conf_loading *l, const struct conf_port *p)
{
	struct conf_vlans *a, *b;

	STAILQ_FOREACH(a, &p->vlans, next)
	for (b = STAILQ_FIRST(&p->vlans); b != a; b = STAILQ_NEXT(b, next))
		if (a->first <= b->last && b->first <= a->last &&
		    a->inner_first <= b->inner_last &&
		    b->inner_first <= a->inner_last)
			conf_error(l->errors, a->line,
				   "access-port '%s': vlans %u-%u overlap %u-%u (line %u)",
				   p->ifname, a->first, a->last, b->first,
				   b->last, b->line);
}

static void ports(struct conf_loading *l)
{
	struct conf_port *p;

	STAILQ_FOREACH(p, &l->conf->ports, next)
	{
		bool others = false;
		const struct conf_rule *r = ends_at_port(l->conf, p, &others);
		struct conf_vlans *v;

		vlans(l, p);
		STAILQ_FOREACH(v, &p->vlans, next)
		if (v->profile && (r || others) && !terminates(v->profile) &&
		    !v->profile->radius)
			conf_error(l->errors, v->line,
				   "access-port '%s': users of no domain end in vlans %u-%u, expected 'pool' and 'local-address' in ppp-profile '%s' (line %u)",
				   p->ifname, v->first, v->last,
				   v->profile->name, v->profile->line);
		if (!p->profile)
			conf_error(l->errors, p->line,
				   "access-port '%s': expected 'ppp-profile'",
				   p->ifname);
		else if (!(r || others) || terminates(p->profile) ||
			 p->profile->radius)
			continue;
		else if (r)
			conf_error(l->errors, p->line,
				   "access-port '%s': %s '%s' ends here, expected 'pool' and 'local-address' in ppp-profile '%s' (line %u)",
				   p->ifname, r->kind, r->name,
				   p->profile->name, p->profile->line);
		else
			conf_error(l->errors, p->line,
				   "access-port '%s': users of no domain end here, expected 'pool' and 'local-address' in ppp-profile '%s' (line %u), or domains \"default\" and \"none\" with tunnels",
				   p->ifname, p->profile->name,
				   p->profile->line);
	}
}

/* AVPs are hidden with the secret. */
static void need_secret(struct conf_loading *l, unsigned int line,
			const struct l2tp_peer *peer, const char *kind)
{
	if (peer->hide_avps && !peer->secret)
		conf_error(l->errors, line,
			   "%s '%s': 'hide-avps' needs 'secret' or 'secret-file'",
			   kind, peer->name);
}

static void tunnels(struct conf_loading *l)
{
	struct conf_tunnel *t;

	STAILQ_FOREACH(t, &l->conf->tunnels, next)
	{
		if (t->endpoint->local.addr.family != t->remote.addr.family)
			conf_error(l->errors, t->line,
				   "tunnel '%s': expected 'remote' of the address family of endpoint '%s' (line %u)",
				   t->peer.name, t->endpoint->name,
				   t->endpoint->line);
		need_secret(l, t->line, &t->peer, "tunnel");
	}
	STAILQ_FOREACH(t, &l->conf->tunnel_defaults, next)
	need_secret(l, t->line, &t->peer, "tunnel-defaults");
}

static void remote_hosts(struct conf_loading *l,
			 const struct conf_destination *d)
{
	struct conf_remote_host *h;

	if (STAILQ_EMPTY(&d->hosts))
		conf_error(l->errors, d->line,
			   "destination-profile '%s': expected a 'remote-host'",
			   d->name);
	STAILQ_FOREACH(h, &d->hosts, next)
	{
		if (!h->profile)
			conf_error(l->errors, h->line,
				   "remote-host '%s': expected 'ppp-profile'",
				   h->peer.name);
		else if (h->profile->ppp.mru > PPPOE_MRU_MAX)
			conf_error(l->errors, h->line,
				   "remote-host '%s': expected a ppp-profile of an mru of up to %d, as nothing larger comes through a tunnel; '%s' (line %u) has %u",
				   h->peer.name, PPPOE_MRU_MAX,
				   h->profile->name, h->profile->line,
				   h->profile->ppp.mru);
		need_termination(l, h->line, h->profile, "remote-host",
				 h->peer.name);
		need_secret(l, h->line, &h->peer, "remote-host");
	}
}

static void destinations(struct conf_loading *l)
{
	struct conf_destination *a, *b;

	STAILQ_FOREACH(a, &l->conf->destinations, next)
	{
		for (b = STAILQ_FIRST(&l->conf->destinations); b != a;
		     b = STAILQ_NEXT(b, next))
			if (a->endpoint == b->endpoint &&
			    a->prefix_len == b->prefix_len &&
			    addr_eq(&a->net, &b->net))
				conf_error(l->errors, a->line,
					   "destination-profile '%s' has endpoint and address of '%s' (line %u)",
					   a->name, b->name, b->line);
		if (a->endpoint &&
		    a->endpoint->local.addr.family != a->net.family)
			conf_error(l->errors, a->line,
				   "destination-profile '%s': expected 'address' of the address family of endpoint '%s' (line %u)",
				   a->name, a->endpoint->name,
				   a->endpoint->line);
		remote_hosts(l, a);
	}
}

/* A fixed address is one user's, and none of ours. */
static void users(struct conf_loading *l)
{
	struct conf_profile *f;
	struct conf_user *a, *b;

	STAILQ_FOREACH(a, &l->conf->users, next)
	{
		if (!a->password)
			conf_error(l->errors, a->line,
				   "user '%s': expected 'password' or 'password-file'",
				   a->name);
		if (!a->address.family)
			continue;
		STAILQ_FOREACH(f, &l->conf->profiles, next)
		if (addr_eq(&a->address, &f->local_address))
			conf_error(l->errors, a->line,
				   "user '%s' has the local-address of ppp-profile '%s' (line %u)",
				   a->name, f->name, f->line);
		for (b = STAILQ_FIRST(&l->conf->users); b != a;
		     b = STAILQ_NEXT(b, next))
			if (addr_eq(&a->address, &b->address))
				conf_error(l->errors, a->line,
					   "user '%s' has the address of user '%s' (line %u)",
					   a->name, b->name, b->line);
	}
}

static void radius_servers(struct conf_loading *l)
{
	struct conf_radius_server *s;

	STAILQ_FOREACH(s, &l->conf->radius_servers, next)
	{
		const struct radius_server_conf *r = &s->server;

		if (!r->secret)
			conf_error(l->errors, s->line,
				   "radius-server '%s': expected 'secret' or 'secret-file'",
				   r->name);
		if (r->source.family && !r->host &&
		    r->source.family != r->remote.addr.family)
			conf_error(l->errors, s->line,
				   "radius-server '%s': expected 'source' of the address family of 'address'",
				   r->name);
	}
}

static void dae_clients(struct conf_loading *l, const struct conf_dae *d)
{
	struct conf_dae_client *a, *b;

	if (STAILQ_EMPTY(&d->clients))
		conf_error(l->errors, d->line,
			   "radius-dae '%s': expected a 'client'", d->name);
	STAILQ_FOREACH(a, &d->clients, next)
	{
		const struct dae_client_conf *c = &a->client;

		if (!c->secret)
			conf_error(l->errors, a->line,
				   "client '%s': expected 'secret' or 'secret-file'",
				   c->name);
		if (c->net.family != d->local.addr.family)
			conf_error(l->errors, a->line,
				   "client '%s': expected 'address' of the address family of its radius-dae",
				   c->name);
		for (b = STAILQ_FIRST(&d->clients); b != a;
		     b = STAILQ_NEXT(b, next))
			if (b->client.prefix_len == c->prefix_len &&
			    addr_eq(&b->client.net, &c->net))
				conf_error(l->errors, a->line,
					   "client '%s' has the address of client '%s' (line %u)",
					   c->name, b->client.name, b->line);
	}
}

static void daes(struct conf_loading *l)
{
	struct conf_dae *a, *b;

	STAILQ_FOREACH(a, &l->conf->daes, next)
	{
		dae_clients(l, a);
		for (b = STAILQ_FIRST(&l->conf->daes); b != a;
		     b = STAILQ_NEXT(b, next))
			if (a->local.port == b->local.port &&
			    addr_eq(&a->local.addr, &b->local.addr) &&
			    !strcmp(a->vrf ? a->vrf : "", b->vrf ? b->vrf : ""))
				conf_error(l->errors, a->line,
					   "radius-dae '%s' has address and port of radius-dae '%s' (line %u)",
					   a->name, b->name, b->line);
	}
}

void conf_rules(struct conf_loading *l)
{
	static void (*const rule[])(struct conf_loading *) = {
		endpoints, pools,	   policies, profiles,
		ports,	   tunnels,	   rules,    destinations,
		users,	   radius_servers, daes,
	};

	for (size_t i = 0; i < sizeof(rule) / sizeof(rule[0]); i++)
		rule[i](l);
	conf_rules6(l);
}
