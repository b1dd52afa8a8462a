/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See pool.h. Called by ctl/server by way of ctl/show's table. */
#include "ctl/pool.h"

#include "base/clock.h"
#include "bng/box.h"
#include "ctl/put.h"

#include <errno.h>
#include <string.h>

static void put_pool(struct nlmsghdr *m, const char *name,
		     const struct vrf *vrf, const struct pool_stats *s)
{
	put_str(m, CTL_A_NAME, name);
	if (vrf)
		put_str(m, CTL_A_VRF, vrf->name);
	put_u64(m, CTL_A_SIZE, s->size);
	put_u64(m, CTL_A_USED, s->used);
	put_u64(m, CTL_A_RESTING, s->resting);
	put_u64(m, CTL_A_EXHAUSTED, s->exhausted);
	put_u64(m, CTL_A_REFUSED, s->refused);
	put_u64(m, CTL_A_RETURNED, s->returned);
	put_u64(m, CTL_A_HURRIED, s->hurried);
}

static void show_pool(struct ctl_client *c, const struct network_pool *np)
{
	struct nlmsghdr *m = ctl_record(c, CTL_KIND_POOL);
	struct pool_stats s;

	pool_stats(np->pool, clock_now(), &s);
	put_pool(m, np->conf->name, np->vrf, &s);
	ctl_send(c, m);
}

static void show_pool6(struct ctl_client *c, const struct pool6 *p)
{
	struct nlmsghdr *m = ctl_record(c, CTL_KIND_POOL);
	struct pool_stats s;

	prefix_pool_stats(p->pool, clock_now(), &s);
	put_pool(m, p->conf->name, p->vrf, &s);
	put_u32(m, CTL_A_LENGTH, prefix_pool_length(p->pool));
	ctl_send(c, m);
}

static bool is_meant(const struct nlattr *name, const char *pool)
{
	return !name || !strcmp(mnl_attr_get_str(name), pool);
}

int pool_show(struct ctl_client *c, const struct nlattr *const *attrs,
	      void *user, const char **text)
{
	const struct box *b = user;
	const struct nlattr *name = attrs[CTL_A_NAME];
	size_t n = 0;

	for (size_t i = 0; i < b->network.n_pools; i++)
		if (is_meant(name, b->network.pools[i].conf->name)) {
			show_pool(c, &b->network.pools[i]);
			n++;
		}
	for (size_t i = 0; i < b->pools6.n; i++)
		if (is_meant(name, b->pools6.all[i].conf->name)) {
			show_pool6(c, &b->pools6.all[i]);
			n++;
		}
	*text = "no pool of this name is in use";
	return name && !n ? -ENOENT : 0;
}
