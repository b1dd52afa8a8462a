/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a network namespace has of ours. It costs nothing until its first endpoint
 * or port: adit_net_start() then makes the tables.
 *
 * Locking. All changes to objects are made under `lock`; rtnl is taken before it
 * where a net device is touched (rtnl -> lock, never the other way round). The
 * packet path takes neither: it reads tables and objects under RCU. An object is
 * unpublished first and freed by call_rcu; nothing waits for a grace period per
 * object. Tables live until the namespace's end, which no packet outlives. The
 * list of ports changes under rtnl and lock both: one of them is enough to walk it.
 */
#ifndef ADIT_NET_H
#define ADIT_NET_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/hash.h>
#include <linux/siphash.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>

#include <linux/adit.h>

#include "stats.h"
#include "trace.h"

struct adit_batch_cpu;
struct adit_peers;
struct adit_tunnel;
struct net_device;

#define ADIT_SESSION_BITS 17
#define ADIT_PPPOE_BITS 17
#define ADIT_ADDR_BITS 17
#define ADIT_PAIR_BITS 12
#define ADIT_TUNNELS_DEFAULT 8000
#define ADIT_SESSIONS_DEFAULT 60000
#define ADIT_FRAG_TIMEOUT_MIN 5 /* ms */
#define ADIT_FRAG_TIMEOUT_MAX 2000
#define ADIT_FRAG_BUDGET_MIN 65536 /* bytes */
#define ADIT_FRAG_BUDGET_MAX (1024 << 20)
#define ADIT_FRAG_BUDGET_DEFAULT (16 << 20)
#define ADIT_N_CLASSES __ADIT_PUNT_MAX
#define ADIT_N_RATIONS __ADIT_RATION_MAX
#define ADIT_N_HASHED 1024 /* buckets of a table by hash */

struct adit_bucket {
	u32 tokens; /* in 1/1000 */
	unsigned long stamp; /* jiffies of the last refill */
};

struct adit_quota {
	u32 rate; /* frames a second */
	u32 burst;
};

/* Tables of buckets by keyed hash. */
enum { ADIT_HASHED_SOURCE, ADIT_HASHED_PEER, ADIT_HASHED_LINE, ADIT_N_TABLES };

/* Reassembly of fragmented L2TP, see queue.h. */
struct adit_frags {
	u32 timeout; /* ms; these three may be written at any time */
	u32 budget; /* bytes of truesize */
	u32 peer_budget;
	bool hooked; /* under an->lock; set once */
	atomic_long_t bytes; /* of all queues */
	atomic_long_t held; /* fragments */
	struct adit_frag_stats __percpu *stats;

	spinlock_t lock; /* of both of these; inside a queue's lock */
	struct list_head active; /* queues that may hold something */
	u32 n_active;
	struct delayed_work expire;
};

struct adit_net {
	struct net *net;
	struct mutex lock; /* of all changes, see above */
	bool started; /* under lock; set once; see adit_net_started() */
	bool dying; /* under lock */
	u64 instance;

	/* Read by the packet path. */
	struct adit_tunnel __rcu **tunnels; /* by id, 65536 */
	struct hlist_head *sessions;
	struct hlist_head *pppoes;
	struct hlist_head *addrs;
	struct hlist_head *pairs; /* outer addresses of tunnels */
	u32 addr_lens[2][5]; /* bit maps: prefix lengths in use, by family */
	u32 addr_len_count[2][129]; /* how many of each, under lock */
	struct adit_drops __percpu *drops;
	struct adit_batch_cpu __percpu *batch;
	struct net_device *batch_dev; /* of its NAPI instances; under rtnl */
	siphash_key_t key;
	u32 portid[ADIT_N_CLASSES]; /* listeners; 0: none */

	/* Without listeners: see orphan.h. */
	u32 orphan_timeout; /* seconds, 0: for ever; written under lock */
	unsigned long orphan_due; /* jiffies */
	struct delayed_work orphan_work;

	/* Punts: see ration.h. Buckets are under punt_lock. */
	spinlock_t punt_lock;
	struct adit_quota quotas[ADIT_N_RATIONS]; /* written under lock */
	struct adit_bucket buckets[ADIT_N_RATIONS]; /* of those of all */
	struct adit_bucket (*hashed)[ADIT_N_HASHED]; /* of ADIT_N_TABLES */
	struct adit_peers __rcu *peers; /* configured ones; NULL: none */
	struct adit_punt_stats __percpu *punt_stats;
	atomic_t missed[ADIT_N_CLASSES]; /* since the last that went up */

	struct adit_frags frags;
	bool early_hooked; /* under lock */
	atomic_long_t mss_clamped; /* SYNs */
	atomic_t reorder_held; /* packets that wait for one before them */
	atomic_long_t reorder_bytes; /* and their memory */

	/* Links that are being bound in order: see hold.h. */
	struct list_head holds; /* under lock */
	struct delayed_work hold_work;
	atomic_long_t held_bytes;

	struct list_head taps; /* under lock, and how many; read under RCU */
	u32 n_taps;

	/* Under lock. */
	struct list_head endpoints; /* read under RCU */
	struct list_head ports; /* and rtnl; read under RCU */
	struct list_head underlays; /* and rtnl; read under RCU */
	struct list_head devices;
	struct net_device *anchor;
	struct kset *sysfs_tunnels;
	struct kset *sysfs_ports;
	u32 n_endpoints, next_endpoint;
	unsigned long last_serial; /* of sessions, ports, pppoes */
	u32 n_tunnels, n_sessions, n_pppoes;
	u32 max_tunnels, max_sessions;
};

struct adit_net *adit_net(const struct net *net);

/* Of tables whose keys are given by whoever may administer, not by packets: by
 * multiplication, which spreads numbers in a row evenly and costs less than mixing.
 */
static inline u32 adit_hash(const struct adit_net *an, u64 names, int bits)
{
	return hash_64(names ^ an->key.key[0], bits);
}

/* Makes the tables; 0 if they are there. Context: process, lock held. */
int adit_net_start(struct adit_net *an);
void adit_net_init(struct adit_net *an, struct net *net);
/* Frees the tables. Context: process, after the last grace period. */
void adit_net_free(struct adit_net *an);

extern unsigned int adit_net_id;

/* Are there tables? For whoever has no lock: what they see of them is whole. */
static inline bool adit_net_started(const struct adit_net *an)
{
	/* Pairs with adit_net_start(). */
	return smp_load_acquire(&an->started);
}

static inline void adit_drop_packets(struct adit_net *an, enum adit_drop why,
				     u32 packets)
{
	adit_drops_count(an->drops, why, packets);
	trace_adit_drop(an->net->ns.inum, why, 0, 0, 0);
}

static inline void adit_drop(struct adit_net *an, enum adit_drop why)
{
	adit_drop_packets(an, why, 1);
}

#endif /* ADIT_NET_H */
