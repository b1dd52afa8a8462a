/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One function a rule or a kind of object; the table is at the end. See rule.h. */
#include "conf/rule.h"

#include <string.h>
#include <strings.h>

static const char *v4_str(uint32_t a, char out[ADDR_STRLEN])
{
	struct addr addr = addr_v4(a);

	return addr_str(&addr, out);
}

static bool in_range(const struct conf_pool *p, const struct addr *a)
{
	uint32_t v = addr_to_v4(a);

	return a->family == AF_INET && v >= p->first && v <= p->last;
}

/* Is a in net/len? */
static bool in_net(const struct addr *a, const struct addr *net,
		   unsigned int len)
{
	if (a->family != net->family || memcmp(a->b, net->b, len / 8))
		return false;
	return !(len % 8) ||
	       !((a->b[len / 8] ^ net->b[len / 8]) & 0xff00 >> len % 8 & 0xff);
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

static void pool_overlaps(struct conf_loading *l, const struct conf_pool *a,
			  const struct conf_pool *b)
{
	char sa[ADDR_STRLEN], sb[ADDR_STRLEN];

	if (!in_net(&a->net, &b->net, b->prefix_len) &&
	    !in_net(&b->net, &a->net, a->prefix_len))
		return;
	conf_error(l->errors, a->line,
		   "pool '%s' (%s/%u) overlaps pool '%s' (%s/%u, line %u)",
		   a->name, addr_str(&a->net, sa), a->prefix_len, b->name,
		   addr_str(&b->net, sb), b->prefix_len, b->line);
}

static void pools(struct conf_loading *l)
{
	struct conf_pool *a, *b;

	STAILQ_FOREACH(a, &l->conf->pools, next)
	{
		if (!a->net.family) {
			conf_error(l->errors, a->line,
				   "pool '%s': expected 'range' or 'prefix'",
				   a->name);
			continue;
		}
		for (b = STAILQ_FIRST(&l->conf->pools); b != a;
		     b = STAILQ_NEXT(b, next))
			if (b->net.family)
				pool_overlaps(l, a, b);
	}
}

/* Of a pool's prefix our own addresses are left out, if the pool is the
 * profile's; a range is lent as it is.
 */
static void local_address(struct conf_loading *l, const struct conf_profile *f)
{
	char s[ADDR_STRLEN], first[ADDR_STRLEN], last[ADDR_STRLEN];
	struct conf_pool *p;

	STAILQ_FOREACH(p, &l->conf->pools, next)
	if (in_range(p, &f->local_address) && !(p->whole && p == f->pool))
		conf_error(l->errors, f->line,
			   "ppp-profile '%s': local-address %s is lent by pool '%s' (%s-%s)",
			   f->name, addr_str(&f->local_address, s), p->name,
			   v4_str(p->first, first), v4_str(p->last, last));
}

static void profiles(struct conf_loading *l)
{
	struct conf_profile *f;

	STAILQ_FOREACH(f, &l->conf->profiles, next)
	{
		local_address(l, f);
		if (f->pool && !f->local_address.family)
			conf_error(l->errors, f->line,
				   "ppp-profile '%s' has a pool: expected 'local-address' too",
				   f->name);
		if (f->pool && f->pool->first == f->pool->last &&
		    in_range(f->pool, &f->local_address))
			conf_error(l->errors, f->line,
				   "ppp-profile '%s': pool '%s' has no address but the local one",
				   f->name, f->pool->name);
	}
}

static bool terminates(const struct conf_profile *f)
{
	return f->pool && f->local_address.family;
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

static void domains(struct conf_loading *l)
{
	struct conf_domain *a, *b;

	STAILQ_FOREACH(a, &l->conf->domains, next)
	{
		for (b = STAILQ_FIRST(&l->conf->domains); b != a;
		     b = STAILQ_NEXT(b, next))
			if (!strcasecmp(a->name, b->name))
				conf_error(l->errors, a->line,
					   "domain '%s' is domain '%s' of line %u: case does not matter",
					   a->name, b->name, b->line);
		if (!a->tunnel == !a->terminate)
			conf_error(l->errors, a->line,
				   "domain '%s': expected either 'tunnel' or 'terminate = true'",
				   a->name);
		else if (a->tunnel && a->profile)
			conf_error(l->errors, a->line,
				   "domain '%s': 'ppp-profile' has no use with 'tunnel'",
				   a->name);
		need_termination(l, a->line, a->profile, "domain", a->name);
	}
}

/* The domain that ends at the access port, with its profile; "" for users of
 * whom no domain says anything; NULL: all are tunnelled or have a profile.
 */
static const char *ends_at_port(const struct conf *c)
{
	bool others = false, without = false;
	struct conf_domain *d;

	STAILQ_FOREACH(d, &c->domains, next)
	{
		if (!d->tunnel && !d->profile)
			return d->name;
		others |= !strcasecmp(d->name, "default");
		without |= !strcasecmp(d->name, "none");
	}
	return others && without ? NULL : "";
}

static void vlans(struct conf_loading *l, const struct conf_port *p)
{
	struct conf_vlans *a, *b;

	STAILQ_FOREACH(a, &p->vlans, next)
	for (b = STAILQ_FIRST(&p->vlans); b != a; b = STAILQ_NEXT(b, next))
		if (a->first <= b->last && b->first <= a->last)
			conf_error(l->errors, a->line,
				   "access-port '%s': vlans %u-%u overlap %u-%u (line %u)",
				   p->ifname, a->first, a->last, b->first,
				   b->last, b->line);
}

static void ports(struct conf_loading *l)
{
	const char *domain = ends_at_port(l->conf);
	struct conf_port *p;

	STAILQ_FOREACH(p, &l->conf->ports, next)
	{
		vlans(l, p);
		if (!p->profile)
			conf_error(l->errors, p->line,
				   "access-port '%s': expected 'ppp-profile'",
				   p->ifname);
		else if (!domain || terminates(p->profile) ||
			 p->profile->radius)
			continue;
		else if (*domain)
			conf_error(l->errors, p->line,
				   "access-port '%s': domain '%s' ends here, expected 'pool' and 'local-address' in ppp-profile '%s' (line %u)",
				   p->ifname, domain, p->profile->name,
				   p->profile->line);
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
		if (r->source.family &&
		    r->source.family != r->remote.addr.family)
			conf_error(l->errors, s->line,
				   "radius-server '%s': expected 'source' of the address family of 'address'",
				   r->name);
	}
}

void conf_rules(struct conf_loading *l)
{
	static void (*const rule[])(struct conf_loading *) = {
		endpoints, pools,	 profiles, ports,	   tunnels,
		domains,   destinations, users,	   radius_servers,
	};

	for (size_t i = 0; i < sizeof(rule) / sizeof(rule[0]); i++)
		rule[i](l);
}
