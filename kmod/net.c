// SPDX-License-Identifier: GPL-2.0
/*
 * The namespace's tables: made with its first object, freed at its end. See net.h
 * for the locking of everything.
 */
#include "net.h"

#include <linux/mm.h>
#include <linux/random.h>
#include <net/netns/generic.h>

unsigned int adit_net_id __read_mostly;

struct adit_net *adit_net(const struct net *net)
{
	return net_generic(net, adit_net_id);
}

void adit_net_init(struct adit_net *an, struct net *net)
{
	an->net = net;
	mutex_init(&an->lock);
	INIT_LIST_HEAD(&an->endpoints);
	INIT_LIST_HEAD(&an->ports);
	INIT_LIST_HEAD(&an->underlays);
	INIT_LIST_HEAD(&an->devices);
	INIT_LIST_HEAD(&an->taps);
	an->max_tunnels = ADIT_TUNNELS_DEFAULT;
	an->max_sessions = ADIT_SESSIONS_DEFAULT;
	an->frags.timeout = 50;
	an->frags.budget = ADIT_FRAG_BUDGET_DEFAULT;
	an->frags.peer_budget = 256 << 10;
}

void adit_net_free(struct adit_net *an)
{
	kvfree(an->tunnels);
	kvfree(an->sessions);
	kvfree(an->pppoes);
	kvfree(an->addrs);
	kvfree(an->pairs);
	kvfree(an->hashed);
	free_percpu(an->drops);
	free_percpu(an->frags.stats);
	free_percpu(an->punt_stats);
	kfree(rcu_dereference_protected(an->peers, true));
	an->tunnels = NULL;
	an->sessions = NULL;
	an->pppoes = NULL;
	an->addrs = NULL;
	an->pairs = NULL;
	an->hashed = NULL;
	an->drops = NULL;
	an->frags.stats = NULL;
	an->punt_stats = NULL;
	RCU_INIT_POINTER(an->peers, NULL);
	an->started = false;
}

int adit_net_start(struct adit_net *an)
{
	lockdep_assert_held(&an->lock);
	if (an->dying)
		return -ENETDOWN;
	if (an->started)
		return 0;
	an->tunnels = kvcalloc(65536, sizeof(*an->tunnels), GFP_KERNEL_ACCOUNT);
	an->sessions = kvcalloc(1 << ADIT_SESSION_BITS, sizeof(*an->sessions),
				GFP_KERNEL_ACCOUNT);
	an->pppoes = kvcalloc(1 << ADIT_PPPOE_BITS, sizeof(*an->pppoes),
			      GFP_KERNEL_ACCOUNT);
	an->addrs = kvcalloc(1 << ADIT_ADDR_BITS, sizeof(*an->addrs),
			     GFP_KERNEL_ACCOUNT);
	an->hashed = kvcalloc(ADIT_N_TABLES, sizeof(*an->hashed),
			      GFP_KERNEL_ACCOUNT);
	an->pairs = kvcalloc(1 << ADIT_PAIR_BITS, sizeof(*an->pairs),
			     GFP_KERNEL_ACCOUNT);
	an->drops = adit_drops_alloc();
	an->frags.stats = adit_frag_stats_alloc();
	an->punt_stats = adit_punt_stats_alloc();
	if (!an->tunnels || !an->sessions || !an->pppoes || !an->addrs ||
	    !an->pairs || !an->hashed || !an->drops || !an->frags.stats ||
	    !an->punt_stats) {
		adit_net_free(an);
		return -ENOMEM;
	}
	get_random_bytes(&an->key, sizeof(an->key));
	do {
		an->instance = get_random_u64();
	} while (!an->instance);
	/* Pairs with adit_net_started(). */
	smp_store_release(&an->started, true);
	return 0;
}
