// SPDX-License-Identifier: GPL-2.0-or-later
/* See rule6.h. */
#include "conf/rule6.h"

#include <string.h>

#define SUBNET 64 /* hosts make addresses of no other length (RFC 4862) */

static void overlaps(struct conf_loading *l, const struct conf_pool6 *a,
		     const struct conf_pool6 *b)
{
	char sa[ADDR_STRLEN], sb[ADDR_STRLEN];

	if (addr_in(&a->net, &b->net, b->prefix_len) ||
	    addr_in(&b->net, &a->net, a->prefix_len))
		conf_error(l->errors, a->line,
			   "pool6 '%s' (%s/%u) overlaps pool6 '%s' (%s/%u, line %u)",
			   a->name, addr_str(&a->net, sa), a->prefix_len,
			   b->name, addr_str(&b->net, sb), b->prefix_len,
			   b->line);
}

static bool takes_of(const struct conf_profile *f, const struct conf_pool6 *p)
{
	return f->pool6 == p || f->pool_address6 == p || f->pool_delegated == p;
}

/* One that no profile has may be granted in any VRF. */
static bool has_profile(const struct conf *c, const struct conf_pool6 *p)
{
	struct conf_profile *f;

	STAILQ_FOREACH(f, &c->profiles, next)
	if (takes_of(f, p))
		return true;
	return false;
}

static bool may_meet(const struct conf *c, const struct conf_pool6 *a,
		     const struct conf_pool6 *b)
{
	struct conf_profile *f, *g;

	if (!has_profile(c, a) || !has_profile(c, b))
		return true;
	STAILQ_FOREACH(f, &c->profiles, next)
	STAILQ_FOREACH(g, &c->profiles, next)
	if (takes_of(f, a) && takes_of(g, b) &&
	    !strcmp(f->vrf ? f->vrf : "", g->vrf ? g->vrf : ""))
		return true;
	return false;
}

static void pools(struct conf_loading *l)
{
	struct conf_pool6 *a, *b;

	STAILQ_FOREACH(a, &l->conf->pools6, next)
	{
		if (a->length < a->prefix_len)
			conf_error(l->errors, a->line,
				   "pool6 '%s': expected a 'length' of %u or more, that of its prefix",
				   a->name, a->prefix_len);
		for (b = STAILQ_FIRST(&l->conf->pools6); b != a;
		     b = STAILQ_NEXT(b, next))
			if (may_meet(l->conf, a, b))
				overlaps(l, a, b);
	}
}

static void need_length(struct conf_loading *l, const struct conf_profile *f,
			const char *option, const struct conf_pool6 *p,
			unsigned int least, unsigned int most)
{
	if (!p)
		return;
	if (!(f->ppp.network & PPP_IPV6))
		conf_error(l->errors, f->line,
			   "ppp-profile '%s': '%s' has no use without \"ipv6\" in 'network'",
			   f->name, option);
	if (p->length < least || p->length > most)
		conf_error(l->errors, f->line,
			   "ppp-profile '%s': %s: expected a pool6 of length %u, '%s' (line %u) has %u",
			   f->name, option, most, p->name, p->line, p->length);
}

static void lifetimes(struct conf_loading *l, const struct conf_profile *f)
{
	const struct router_conf *r = &f->router;

	if (r->preferred > r->valid)
		conf_error(l->errors, f->line,
			   "ppp-profile '%s': 'preferred-lifetime' %u is more than 'valid-lifetime' %u",
			   f->name, r->preferred, r->valid);
	if (r->lifetime && r->lifetime < r->interval)
		conf_error(l->errors, f->line,
			   "ppp-profile '%s': 'router-lifetime' %u is less than 'ra-interval' %u",
			   f->name, r->lifetime, r->interval);
}

void conf_rules6(struct conf_loading *l)
{
	struct conf_profile *f;

	pools(l);
	STAILQ_FOREACH(f, &l->conf->profiles, next)
	{
		need_length(l, f, "ipv6-pool", f->pool6, SUBNET, SUBNET);
		need_length(l, f, "ipv6-address-pool", f->pool_address6, 128,
			    128);
		need_length(l, f, "delegated-pool", f->pool_delegated, 8,
			    SUBNET);
		lifetimes(l, f);
	}
}
