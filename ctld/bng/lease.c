/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See lease.h. Called by bng/terminate. The address is its subscriber's until it ends. */
#include "bng/lease.h"

#include "base/log.h"

#include <errno.h>
#include <string.h>

const char lease_none_left[] = "no address";

/* Where a subscriber is to be, and what it is to get its address from. */
struct place {
	const struct vrf *vrf;
	struct pool *pool; /* NULL: a fixed address */
};

static void complain(const struct subscriber *s, const char *what,
		     const char *name)
{
	char link[KERN_LINK_STRLEN], user[64], safe[80];

	log_warn("%s user %s: refused: there is no %s \"%s\"",
		 kern_link_str(&s->access, link),
		 log_safe(s->user, strlen(s->user), user, sizeof(user)), what,
		 log_safe(name, strlen(name), safe, sizeof(safe)));
}

/* Its grant's, or its profile's; NULL: none. */
static const char *vrf_name(const struct subscriber *s,
			    const struct aaa_grant *g)
{
	return g->vrf[0] ? g->vrf : s->profile->vrf;
}

/* NULL, or why not. */
static const char *find_vrf(struct subscriber *s, const struct aaa_grant *g,
			    const struct vrf **vrf)
{
	const char *name = vrf_name(s, g);

	*vrf = NULL;
	if (!name || network_named_vrf(&s->box->network, name, vrf))
		return NULL;
	s->box->count.no_vrf++;
	complain(s, "VRF device", name);
	return "no such VRF";
}

static const struct conf_pool *find_pool(const struct box *b, const char *name)
{
	const struct conf_pool *p;

	STAILQ_FOREACH(p, &b->conf->pools, next)
	if (!strcmp(p->name, name))
		break;
	return p;
}

/* Fixed addresses of before a pool was there are its subscribers' as if it had been. */
static void take_fixed_before(struct box *b, const struct network_pool *np)
{
	for (size_t i = 0; i < b->by_address.size; i++)
		for (struct hash_node *n = b->by_address.slot[i]; n;
		     n = n->next) {
			struct subscriber *s =
				container_of(n, struct subscriber, by_address);

			if (s->vrf != np->vrf || s->pool ||
			    pool_take(np->pool, addr_to_v4(&s->address)))
				continue;
			s->pool = np->pool;
			if (s->state == SUBSCRIBER_UP)
				subscriber_store(s);
		}
}

static struct pool *open_pool(struct subscriber *s, const struct conf_pool *p,
			      const struct vrf *vrf)
{
	struct network *n = &s->box->network;
	size_t had = n->n_pools;
	struct pool *pool = network_pool(n, p, s->profile, vrf);

	if (n->n_pools > had)
		take_fixed_before(s->box, &n->pools[had]);
	return pool;
}

/* Its grant's pool, or its profile's. NULL, or why not. */
static const char *find_place(struct subscriber *s, msec_t now,
			      const struct aaa_grant *g, struct place *at)
{
	const struct conf_pool *p = s->profile->pool;
	const char *vrf = vrf_name(s, g);
	const char *why;

	if (vrf)
		network_look_for_vrf(&s->box->network, vrf, now);
	why = find_vrf(s, g, &at->vrf);
	if (why || g->address.family || !s->profile->pool)
		return why;
	if (g->pool[0])
		p = find_pool(s->box, g->pool);
	if (!p) {
		s->box->count.no_pool++;
		complain(s, "pool", g->pool);
		return "no such pool";
	}
	at->pool = open_pool(s, p, at->vrf);
	if (at->pool)
		return NULL;
	s->box->count.no_pool++;
	return "pool overlaps another";
}

/* It negotiates anew, and what it has is still what it is to have. */
static bool keeps_address(const struct subscriber *s, const struct place *at,
			  const struct addr *fixed)
{
	if (!s->address.family || s->vrf != at->vrf)
		return false;
	if (fixed->family)
		return addr_eq(&s->address, fixed);
	return s->pool && s->pool == at->pool;
}

static bool in_use(const struct subscriber *s, const struct vrf *vrf,
		   const struct addr *fixed)
{
	const struct subscriber *has =
		subscriber_of_address(s->box, vrf, fixed);
	char user[64], link[2][KERN_LINK_STRLEN], address[ADDR_STRLEN];

	if (!has)
		return false;
	log_warn("%s user %s: refused: its address %s is in use by %s",
		 kern_link_str(&s->access, link[0]),
		 log_safe(s->user, strlen(s->user), user, sizeof(user)),
		 addr_str(fixed, address),
		 kern_link_str(&has->access, link[1]));
	return true;
}

/* RADIUS may name any address: ours is no subscriber's. That of a user of the
 * configuration has been looked at when it was read.
 */
static bool is_ours(const struct subscriber *s, const struct addr *a)
{
	const struct box *b = s->box;
	const struct conf_profile *f;

	if (!s->profile->radius)
		return false;
	STAILQ_FOREACH(f, &b->conf->profiles, next)
	if (addr_eq(&f->local_address, a))
		return true;
	return box_is_ours(b, a);
}

/* The pool that a fixed address lies in does not lend it meanwhile. One that is
 * reserved for a user of the configuration stays so.
 */
static void take_fixed(struct subscriber *s, const struct vrf *vrf,
		       const struct addr *fixed)
{
	const struct network_pool *np =
		network_pool_of(&s->box->network, vrf, fixed);
	struct pool *pool = np ? np->pool : NULL;

	if (pool && pool_take(pool, addr_to_v4(fixed)))
		pool = NULL;
	subscriber_set_address(s, vrf, fixed, pool);
}

static const char *take_lent(struct subscriber *s, msec_t now,
			     const struct place *at)
{
	uint32_t v4 = pool_alloc(at->pool, pool_tag(s->user), now);
	struct addr lent = addr_v4(v4);

	if (v4) {
		subscriber_set_address(s, at->vrf, &lent, at->pool);
		return NULL;
	}
	if (pool_ran_dry(at->pool))
		log_warn("pool %s%s%s: no address is left", pool_name(at->pool),
			 at->vrf ? " vrf " : "", at->vrf ? at->vrf->name : "");
	return lease_none_left;
}

const char *lease_take(struct subscriber *s, msec_t now,
		       const struct aaa_grant *g)
{
	struct place at = { 0 };
	const char *why = find_place(s, now, g, &at);

	if (!why && keeps_address(s, &at, &g->address))
		return NULL;
	subscriber_release_address(s, now);
	if (why)
		return why;
	s->vrf = at.vrf;
	if (!s->profile->pool)
		return NULL; /* it has no IPv4 */
	if (!g->address.family)
		return take_lent(s, now, &at);
	if (is_ours(s, &g->address) || in_use(s, at.vrf, &g->address))
		return "address in use";
	take_fixed(s, at.vrf, &g->address);
	return NULL;
}

/* Where the pools of its VRF are, of which a grant may have made one. */
static void open_its_pool(struct subscriber *s, const struct aaa_grant *g,
			  const struct vrf *vrf)
{
	const struct conf_pool *p = g->pool[0] ? find_pool(s->box, g->pool) :
						 s->profile->pool;

	if (p)
		open_pool(s, p, vrf);
}

int lease_restore(struct subscriber *s, const struct addr *address,
		  bool from_pool, const struct aaa_grant *g)
{
	const struct network_pool *np;
	struct pool *pool;
	const struct vrf *vrf;

	if (find_vrf(s, g, &vrf))
		return -ENOENT;
	s->vrf = vrf;
	if (!address->family)
		return 0;
	if (subscriber_of_address(s->box, vrf, address))
		return -EEXIST;
	if (from_pool)
		open_its_pool(s, g, vrf);
	np = network_pool_of(&s->box->network, vrf, address);
	pool = np ? np->pool : NULL;
	/* A fixed one that is its user's no longer is the pool's now. What its grant fixes is
	 * its own, in a pool or not, if it is not ours by now: one that is made later
	 * takes it.
	 */
	if (!pool || pool_take(pool, addr_to_v4(address))) {
		if (from_pool && (!g->address.family || is_ours(s, address)))
			return -ENOENT;
		pool = NULL;
	}
	subscriber_set_address(s, vrf, address, pool);
	return 0;
}

void lease_end(struct subscriber *s, msec_t now, const struct addr *address)
{
	struct aaa_grant g;

	subscriber_grant(s, &g);
	if (!lease_restore(s, address, true, &g))
		subscriber_release_address(s, now);
}
