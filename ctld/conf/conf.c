/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Look-ups in a loaded configuration; see conf.h. */
#include "conf/conf.h"

#include <string.h>
#include <strings.h>

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

const struct ppp_conf *conf_port_ppp(const struct conf_port *p, uint16_t vlan)
{
	const struct conf_vlans *v;

	STAILQ_FOREACH(v, &p->vlans, next)
	if (vlan >= v->first && vlan <= v->last)
		return &v->ppp;
	return &p->ppp;
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

static const struct conf_domain *find_domain(const struct conf *c,
					     const char *name)
{
	const struct conf_domain *d;

	STAILQ_FOREACH(d, &c->domains, next)
	if (!strcasecmp(d->name, name))
		break;
	return d;
}

/* "x@none" is a domain like any other that is not named. */
const struct conf_domain *conf_domain_of(const struct conf *c, const char *user)
{
	const struct conf_domain *d = NULL;
	const char *at = strrchr(user, '@');

	if (!at)
		return find_domain(c, "none");
	if (strcasecmp(at + 1, "none") && strcasecmp(at + 1, "default"))
		d = find_domain(c, at + 1);
	return d ? d : find_domain(c, "default");
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
