// SPDX-License-Identifier: GPL-2.0
/*
 * Sessions. What a forwarded packet needs lies in the first cache line. Called by
 * netlink (make, remove) and by l2tp_rx (find). See object.h for lifetimes.
 */
#include "session.h"

#include "link.h"
#include "qos.h"
#include "sequence.h"

/* Of its own: kmalloc() aligns to a cache line only what is a power of two. */
static struct kmem_cache *cache;

static struct adit_session *session_alloc(void)
{
	struct adit_session *s = kmem_cache_zalloc(cache, GFP_KERNEL_ACCOUNT);

	if (!s)
		return NULL;
	spin_lock_init(&s->seq_lock);
	s->link.type = ADIT_LINK_SESSION;
	s->link.stats = adit_stats_alloc();
	if (s->link.stats)
		return s;
	kmem_cache_free(cache, s);
	return NULL;
}

struct adit_session *adit_session_create(struct adit_tunnel *t, u16 id,
					 u16 peer_id, bool seq,
					 struct netlink_ext_ack *extack)
{
	struct adit_net *an = t->an;
	struct adit_session *s;

	BUILD_BUG_ON(offsetofend(struct adit_session, seq) > 64);
	lockdep_assert_held(&an->lock);
	if (adit_session_find(an, t->id, id)) {
		NL_SET_ERR_MSG(extack, "session exists");
		return ERR_PTR(-EEXIST);
	}
	if (an->n_sessions >= an->max_sessions) {
		NL_SET_ERR_MSG(extack, "limit of sessions is reached");
		return ERR_PTR(-ENOSPC);
	}
	s = session_alloc();
	if (!s) {
		NL_SET_ERR_MSG(extack, "no memory for the session");
		return ERR_PTR(-ENOMEM);
	}
	s->tunnel = t;
	s->key = (u32)t->id << 16 | id;
	s->peer_id = peer_id;
	s->seq = seq;
	s->cold.serial = ++an->last_serial;
	list_add_tail(&s->of_tunnel, &t->sessions);
	t->n_sessions++;
	an->n_sessions++;
	hlist_add_head_rcu(&s->hash, adit_session_bucket(an, s->key));
	return s;
}

static void session_free(struct rcu_head *head)
{
	struct adit_session *s = container_of(head, struct adit_session, rcu);

	adit_qos_free(&s->link);
	free_percpu(s->link.stats);
	kfree(s->cold.label);
	kmem_cache_free(cache, s);
}

void adit_session_destroy(struct adit_session *s)
{
	struct adit_tunnel *t = s->tunnel;

	lockdep_assert_held(&t->an->lock);
	adit_link_unbind(&s->link);
	hlist_del_rcu(&s->hash);
	adit_reorder_end(s);
	list_del(&s->of_tunnel);
	t->n_sessions--;
	t->an->n_sessions--;
	call_rcu(&s->rcu, session_free);
}

int adit_session_init(void)
{
	cache = KMEM_CACHE(adit_session, SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT);
	return cache ? 0 : -ENOMEM;
}

void adit_session_exit(void)
{
	kmem_cache_destroy(cache);
}
