/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The box: what one daemon runs. It holds the mechanisms (kernel port, L2TP host,
 * PPPoE discovery, pools) and the subscribers, and has the hooks through which
 * the restart memory and the operators' socket learn of changes. The files above
 * it in bng decide; the box only holds.
 */
#ifndef BNG_BOX_H
#define BNG_BOX_H

#include "aaa/local.h"
#include "base/hash.h"
#include "base/idmap.h"
#include "base/timer.h"
#include "bng/ended.h"
#include "bng/radius.h"
#include "conf/conf.h"
#include "kern/kern.h"
#include "kern/local.h"
#include "l2tp/host.h"
#include "pool/pool.h"
#include "ppp/link.h"
#include "pppoe/disc.h"

#include <stdbool.h>
#include <sys/queue.h>

struct probe;
struct subscriber;

/* A pool of the configuration, filled. */
struct box_pool {
	const struct conf_pool *conf;
	struct pool *pool;
};

/* What a profile terminates on: its device. */
struct box_device {
	const struct conf_profile *profile;
	uint32_t ifindex;
};

struct box_endpoint {
	const struct conf_endpoint *conf;
	uint32_t id;
};

struct box_port {
	const struct conf_port *conf;
	uint32_t ifindex;
};

struct box;

/* Restart memory and events: called before anything that depends on the change
 * leaves the box.
 */
struct box_hooks {
	void (*tunnel)(struct box *b, struct l2tp_tunnel *t);
	void (*tunnel_gone)(struct box *b, struct l2tp_tunnel *t);
	void (*session)(struct box *b, struct l2tp_session *s);
	void (*session_gone)(struct box *b, struct l2tp_session *s);
	void (*orders)(struct box *b); /* l2tp/admin */
	void (*counted)(struct box *b); /* by the system; l2tp/level */
	void (*ended)(struct box *b, const struct ended *e);
	void (*ended_gone)(struct box *b, const struct ended *e);
	void (*subscriber)(struct box *b, struct subscriber *s);
	void (*subscriber_gone)(struct box *b, struct subscriber *s);
	/* For whoever watches: a subscriber is "up", "down"; what L2TP tells. */
	void (*event)(struct box *b, const char *what, struct subscriber *s);
	void (*l2tp_event)(struct box *b, const struct l2tp_event *e);
};

/* Each end of a subscriber that was not wished for, and each wish. */
#define BOX_COUNTERS(X)        \
	X(subscribers_started) \
	X(subscribers_up)      \
	X(subscribers_ended)   \
	X(auth_ok)             \
	X(auth_failed)         \
	X(auth_unavailable)    \
	X(no_address)          \
	X(tunnel_failed)       \
	X(refused_limit)       \
	X(refused_client)      \
	X(refused_ourselves)   \
	X(kernel_refused)      \
	X(not_stored)          \
	X(rx_unknown_link)     \
	X(rx_early_dropped)

struct box_counters {
#define X(name) uint64_t name;
	BOX_COUNTERS(X)
#undef X
};

struct box {
	const struct conf *conf;
	struct kern *kern;
	const struct box_hooks *hooks;
	void *hooks_user;

	struct timers timers;
	struct timer poll_timer; /* reads the kernel's counters */
	msec_t poll_interval;

	struct l2tp_host l2tp;
	struct ended_all ended;
	struct pppoe_disc disc;
	struct aaa_local *users;
	struct radius radius;
	struct ppp_counters ppp_count;
	struct box_counters count;

	struct local *local; /* our addresses; NULL: plain sockets */
	struct box_endpoint *endpoints;
	size_t n_endpoints;
	struct box_port *ports;
	size_t n_ports;
	struct box_pool *pools;
	size_t n_pools;
	struct box_device *devices;
	size_t n_devices;

	struct hash by_access; /* subscribers by the link they came in by */
	struct hash by_to; /* and by their call's */
	struct hash by_address; /* and by their address */
	struct hash by_client; /* and by their PPPoE client */
	struct idmap pppoe_ids; /* SESSION_IDs of all ports */
	LIST_HEAD(, subscriber) subscribers;
	LIST_HEAD(, subscriber) dead; /* freed by box_reap */
	unsigned int n_subscribers;
	unsigned int *used; /* sessions, by the index of a limit */
	LIST_HEAD(, probe) probes;
	uint64_t next_id; /* of subscribers and tunnels, never used twice */
	bool lost; /* the module went away: leave the loop */
};

/* Makes endpoints, ports, devices, addresses, routes, pools. 0, or -1 with a line
 * in err. `ops` are the L2TP's and PPPoE's of bng/bng.
 */
int box_open(struct box *b, const struct conf *conf, struct kern *kern,
	     const struct l2tp_host_ops *l2tp,
	     const struct pppoe_disc_ops *disc, char err[CONF_ERROR_MAX]);
/* Frees; the kernel's objects stay. */
void box_close(struct box *b);

struct pool *box_pool(const struct box *b, const struct conf_profile *p);
/* The pool that the address lies in, whosever it is. */
struct pool *box_pool_of(const struct box *b, const struct addr *a);
uint32_t box_device(const struct box *b, const struct conf_profile *p);
const struct box_endpoint *box_endpoint(const struct box *b,
					const struct conf_endpoint *e);
const struct box_port *box_port(const struct box *b, uint32_t ifindex);
/* An L2TP peer there would be ourselves. With plain sockets, which have no data path,
 * peers may be on one machine; an endpoint of ours is none of them.
 */
bool box_is_ours(const struct box *b, const struct addr *a);
uint64_t box_new_id(struct box *b);
/* Both roles together: subscribers and calls that are still asked for. */
bool box_full(const struct box *b);

#endif /* BNG_BOX_H */
