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
#include "bng/dae.h"
#include "bng/definition.h"
#include "bng/devices.h"
#include "bng/ended.h"
#include "bng/past.h"
#include "bng/lns_name.h"
#include "bng/lockout.h"
#include "bng/network.h"
#include "bng/pool6.h"
#include "bng/names.h"
#include "bng/radius.h"
#include "bng/returned.h"
#include "bng/tally.h"
#include "conf/conf.h"
#include "kern/kern.h"
#include "kern/local.h"
#include "l2tp/host.h"
#include "ppp/link.h"
#include "pppoe/disc.h"

#include <stdbool.h>
#include <sys/queue.h>

struct probe;
struct subscriber;

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
	void (*past)(struct box *b, const struct past *p);
	void (*past_gone)(struct box *b, const struct past *p);
	void (*definition)(struct box *b, const struct definition *d);
	void (*definition_gone)(struct box *b, const struct definition *d);
	void (*lockout)(struct box *b, const struct lockout *l);
	void (*lockout_gone)(struct box *b, const struct lockout *l);
	/* Addresses that came back: a record of bng/returned, under that key. */
	void (*returned)(struct box *b, uint64_t key, const void *data,
			 size_t len);
	/* Which servers of b->radius.client, or of b->radius.acct, are dead. */
	void (*servers)(struct box *b, const struct radius_client *c);
	/* An endpoint, by its id in the kernel, or a port, by its index; or closed. */
	void (*opened)(struct box *b, bool port, uint32_t id, bool open);
	void (*subscriber)(struct box *b, struct subscriber *s);
	void (*subscriber_gone)(struct box *b, struct subscriber *s);
	/* Accounting that is not delivered yet: kept under that key, and no more. */
	int (*keep)(struct box *b, uint64_t key, const void *data, size_t len);
	void (*forget)(struct box *b, uint64_t key);
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
	X(no_prefix)           \
	X(no_vrf)              \
	X(no_pool)             \
	X(route_in_use)        \
	X(tunnel_failed)       \
	X(tunnel_next)         \
	X(tunnel_full)         \
	X(destinations_locked) \
	X(refused_waiting)     \
	X(refused_by_rule)     \
	X(refused_limit)       \
	X(refused_client)      \
	X(refused_port)        \
	X(refused_vlan)        \
	X(refused_mac)         \
	X(refused_duplicate)   \
	X(refused_user)        \
	X(replaced)            \
	X(refused_ourselves)   \
	X(refused_untold)      \
	X(kernel_refused)      \
	X(unknown_policy)      \
	X(not_stored)          \
	X(rx_unknown_link)     \
	X(rx_early_dropped)

struct box_counters {
#define X(name) uint64_t name;
	BOX_COUNTERS(X)
#undef X
};

#define BOX_REFUSED 64 /* told in a minute, at most */

struct box {
	const struct conf *conf;
	struct kern *kern;
	const struct box_hooks *hooks;
	void *hooks_user;
	/* A subscriber is about to end, all that it has is still there. */
	void (*ends)(struct subscriber *s, msec_t now, uint16_t cdn_result);

	struct timers timers;
	struct timer poll_timer; /* reads the kernel's counters */
	msec_t poll_interval;
	bool routes_wait; /* some routes of subscribers are another's; bng/reach */
	struct timer vrfs_timer; /* bng/departure */

	struct l2tp_host l2tp;
	struct ended_all ended;
	struct past_list past;
	struct definitions definitions; /* of tunnels, beside conf's */
	struct lockouts lockouts; /* bng/outage */
	struct timer lockout_timer;
	struct pppoe_disc disc;
	struct aaa_local *users;
	struct radius radius;
	struct lns_names lns_names; /* in RADIUS's answers */
	struct dae dae;
	struct ppp_counters ppp_count;
	struct box_counters count;
	struct router_counters router_count;
	struct dhcp6_duid duid; /* ours, as a DHCPv6 server */

	struct local *local; /* our addresses; NULL: plain sockets */
	struct devices devices; /* endpoints and access ports */
	struct pool6_all pools6;
	struct network network;
	struct box_refused {
		uint64_t what;
		msec_t until; /* it is not told again */
	} refused[BOX_REFUSED]; /* bng/account */
	struct returned returned; /* to pools */

	struct hash by_access; /* subscribers by the link they came in by */
	struct hash by_to; /* and by their call's */
	struct hash by_address; /* and by their address */
	struct hash by_client; /* and by their PPPoE client */
	struct hash let_in; /* users, by the name; bng/names */
	struct names names; /* and by those that they have in RADIUS */
	struct tally tally; /* how many a port, VLAN, MAC address has */
	struct idmap pppoe_ids; /* SESSION_IDs of all ports */
	LIST_HEAD(, subscriber) subscribers;
	LIST_HEAD(, subscriber) dead; /* freed by box_reap */
	unsigned int n_subscribers;
	unsigned int *used; /* sessions, by the index of a limit */
	LIST_HEAD(, probe) probes;
	uint64_t next_id; /* of subscribers and tunnels, never used twice */
	bool lost; /* the module went away: leave the loop */
};

/* Opens endpoints and ports, makes devices, addresses, routes, pools. 0, or -1 with a line
 * in err. `ops` are the L2TP's and PPPoE's of bng/bng.
 */
int box_open(struct box *b, const struct conf *conf, struct kern *kern,
	     const struct l2tp_host_ops *l2tp,
	     const struct pppoe_disc_ops *disc, char err[CONF_ERROR_MAX]);
/* Frees; the kernel's objects stay. */
void box_close(struct box *b);

const struct box_endpoint *box_endpoint(const struct box *b,
					const struct conf_endpoint *e);
const struct box_port *box_port(const struct box *b, uint32_t ifindex);
/* An L2TP peer there would be ourselves. With plain sockets, which have no data path,
 * peers may be on one machine; an endpoint of ours is none of them.
 */
bool box_is_ours(const struct box *b, const struct addr *a);
uint64_t box_new_id(struct box *b);
/* The first of a run. None of this run is one of another's: Acct-Session-Id is unique over
 * reboots (RFC 2866 5.5), and cookies in the kernel are as long as it is up, 256 of them a
 * millisecond, even if the clock on the wall is set back.
 */
uint64_t box_first_id(uint32_t wall, msec_t now);
/* Both roles together: subscribers and calls that are still asked for. */
bool box_full(const struct box *b);

#endif /* BNG_BOX_H */
