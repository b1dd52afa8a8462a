/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Look-ups in a loaded configuration; see conf.h. */
#include "conf/conf.h"

#include <string.h>

#define FIND(o, head, field, wanted)             \
	do {                                     \
		STAILQ_FOREACH(o, head, next)    \
		if (!strcmp((o)->field, wanted)) \
			break;                   \
	} while (0)

struct conf_tunnel *conf_tunnel(const struct conf *c, const char *name)
{
	struct conf_tunnel *t;

	FIND(t, &c->tunnels, peer.name, name);
	return t;
}

struct conf_tunnel_group *conf_tunnel_group(const struct conf *c,
					    const char *name)
{
	struct conf_tunnel_group *g;

	FIND(g, &c->tunnel_groups, name, name);
	return g;
}

struct conf_endpoint *conf_endpoint(const struct conf *c, const char *name)
{
	struct conf_endpoint *e;

	FIND(e, &c->endpoints, name, name);
	return e;
}

struct conf_user *conf_user(const struct conf *c, const char *name)
{
	struct conf_user *u;

	FIND(u, &c->users, name, name);
	return u;
}

struct conf_port *conf_port(const struct conf *c, const char *ifname)
{
	struct conf_port *p;

	FIND(p, &c->ports, ifname, ifname);
	return p;
}

const struct conf_vlans *conf_port_vlans(const struct conf_port *p,
					 uint16_t outer, uint16_t inner)
{
	const struct conf_vlans *v;

	STAILQ_FOREACH(v, &p->vlans, next)
	if (outer >= v->first && outer <= v->last && inner >= v->inner_first &&
	    inner <= v->inner_last)
		break;
	return v;
}

bool conf_port_serves(const struct conf_port *p, uint16_t outer, uint16_t inner)
{
	return p->other_vlans || conf_port_vlans(p, outer, inner);
}

const struct ppp_conf *conf_port_ppp(const struct conf_port *p, uint16_t outer,
				     uint16_t inner)
{
	const struct conf_vlans *v = conf_port_vlans(p, outer, inner);

	return v ? &v->ppp : &p->ppp;
}

struct conf_profile *conf_port_profile(const struct conf_port *p,
				       uint16_t outer, uint16_t inner)
{
	const struct conf_vlans *v = conf_port_vlans(p, outer, inner);

	return v && v->profile ? v->profile : p->profile;
}

struct conf_policy *conf_policy(const struct conf *c, const char *name)
{
	struct conf_policy *p;

	FIND(p, &c->policies, name, name);
	return p;
}

struct conf_profile *conf_profile(const struct conf *c, const char *name)
{
	struct conf_profile *f;

	FIND(f, &c->profiles, name, name);
	return f;
}

/* A tunnel's name has no '/'. */
const struct l2tp_peer *conf_peer(const struct conf *c, const char *name)
{
	const struct conf_tunnel *t = conf_tunnel(c, name);
	const struct conf_destination *d;
	const struct conf_remote_host *h;

	if (t)
		return &t->peer;
	STAILQ_FOREACH(d, &c->destinations, next)
	{
		FIND(h, &d->hosts, peer.name, name);
		if (h)
			return &h->peer;
	}
	return NULL;
}

static bool matches(const struct conf_destination *d,
		    const struct conf_endpoint *endpoint,
		    const struct addr *remote)
{
	unsigned int whole = d->prefix_len / 8;
	unsigned int rest = d->prefix_len % 8;

	if (d->endpoint && d->endpoint != endpoint)
		return false;
	if (d->net.family != remote->family ||
	    memcmp(d->net.b, remote->b, whole))
		return false;
	return !rest ||
	       d->net.b[whole] >> (8 - rest) == remote->b[whole] >> (8 - rest);
}

/* Of two of one prefix the one with an endpoint is meant. */
static bool closer(const struct conf_destination *a,
		   const struct conf_destination *b)
{
	if (!b || a->prefix_len != b->prefix_len)
		return !b || a->prefix_len > b->prefix_len;
	return a->endpoint && !b->endpoint;
}

struct conf_remote_host *conf_remote_host(const struct conf *c,
					  const struct conf_endpoint *endpoint,
					  const struct addr *remote,
					  const char *host_name, bool *known)
{
	const struct conf_destination *best = NULL;
	struct conf_remote_host *any = NULL;
	const struct conf_destination *d;
	struct conf_remote_host *h;

	STAILQ_FOREACH(d, &c->destinations, next)
	if (matches(d, endpoint, remote) && closer(d, best))
		best = d;
	if (known)
		*known = best;
	if (!best)
		return NULL;
	STAILQ_FOREACH(h, &best->hosts, next)
	{
		if (!h->peer.remote_name)
			any = h;
		else if (!strcmp(h->peer.remote_name, host_name))
			return h;
	}
	return any;
}

bool conf_accounts(const struct conf *c)
{
	const struct conf_destination *d;
	const struct conf_remote_host *h;
	const struct conf_profile *f;
	const struct conf_tunnel *t;

	STAILQ_FOREACH(f, &c->profiles, next)
	if (f->accounting)
		return true;
	STAILQ_FOREACH(t, &c->tunnels, next)
	if (t->accounting)
		return true;
	STAILQ_FOREACH(t, &c->tunnel_defaults, next)
	if (t->accounting)
		return true;
	STAILQ_FOREACH(d, &c->destinations, next)
	STAILQ_FOREACH(h, &d->hosts, next)
	if (h->accounting)
		return true;
	return false;
}
