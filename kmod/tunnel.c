// SPDX-License-Identifier: GPL-2.0
/*
 * Tunnels: one control connection each, seen from the packets: a peer's address
 * and ids. Called by netlink. See object.h for lifetimes.
 */
#include "tunnel.h"

#include "pair.h"
#include "tx_route.h"

struct adit_tunnel *adit_tunnel_create(struct adit_endpoint *ep, u16 id,
				       const struct adit_tunnel *as,
				       struct netlink_ext_ack *extack)
{
	struct adit_net *an = ep->an;
	struct adit_tunnel *t;

	BUILD_BUG_ON(offsetof(typeof(*t), an) > SMP_CACHE_BYTES);
	lockdep_assert_held(&an->lock);
	if (adit_tunnel_find(an, id)) {
		NL_SET_ERR_MSG(extack, "tunnel exists");
		return ERR_PTR(-EEXIST);
	}
	if (an->n_tunnels >= an->max_tunnels) {
		NL_SET_ERR_MSG(extack, "limit of tunnels is reached");
		return ERR_PTR(-ENOSPC);
	}
	t = kmemdup(as, sizeof(*as), GFP_KERNEL_ACCOUNT);
	if (!t)
		goto err_memory;
	t->an = an;
	t->endpoint = ep;
	t->family = ep->family;
	t->id = id;
	INIT_LIST_HEAD(&t->sessions);
	t->stats = adit_stats_alloc();
	if (!t->stats || adit_pair_join(ep, t))
		goto err_tunnel;
	ep->n_tunnels++;
	an->n_tunnels++;
	rcu_assign_pointer(an->tunnels[id], t);
	return t;

err_tunnel:
	free_percpu(t->stats);
	kfree(t);
err_memory:
	NL_SET_ERR_MSG(extack, "no memory for the tunnel");
	return ERR_PTR(-ENOMEM);
}

static void tunnel_free(struct rcu_head *head)
{
	struct adit_tunnel *t = container_of(head, struct adit_tunnel, rcu);

	adit_tx_route_free(t);
	free_percpu(t->stats);
	kfree(t);
}

void adit_tunnel_destroy(struct adit_tunnel *t)
{
	struct adit_net *an = t->an;

	lockdep_assert_held(&an->lock);
	WARN_ON_ONCE(t->n_sessions);
	RCU_INIT_POINTER(an->tunnels[t->id], NULL);
	adit_pair_leave(t);
	t->endpoint->n_tunnels--;
	an->n_tunnels--;
	call_rcu(&t->rcu, tunnel_free);
}
