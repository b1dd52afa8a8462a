/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The IPv6 router that a subscriber sees at the other end of its link: it advertises
 * itself and the subscriber's prefix (RFC 4861, 8106), answers for its link-local
 * address, and serves DHCPv6 (RFC 8415). Packets that are for this link alone come
 * up to it; what is routed does not.
 */
#ifndef PPP_ROUTER_H
#define PPP_ROUTER_H

#include "base/timer.h"
#include "ppp/dhcp6_server.h"
#include "ppp/nd.h"

/* How routers behave; belongs to the configuration. Seconds. */
struct router_conf {
	unsigned int interval; /* between advertisements, at most */
	unsigned int lifetime; /* of the default route; 0: we are none */
	unsigned int valid, preferred; /* of prefixes and leases */
};

/* What the subscriber has. */
struct router_values {
	struct nd_prefix prefix; /* lifetimes: the configuration's */
	struct dhcp6_lent lent[DHCP6_NKINDS]; /* family 0: nothing */
	struct nd_route route[ND_ROUTE_MAX];
	struct addr dns[ND_DNS_MAX];
	uint32_t mtu; /* largest packet, both ways */
};

#define ROUTER_COUNTERS(X)      \
	X(rx_malformed)         \
	X(rx_checksum)          \
	X(rx_invalid)           \
	X(rx_ignored)           \
	X(rx_router_solicit)    \
	X(rx_neighbour_solicit) \
	X(rx_echo)              \
	X(tx_router_advert)     \
	X(tx_neighbour_advert)  \
	X(tx_echo)              \
	X(rx_dhcp6)             \
	X(rx_dhcp6_malformed)   \
	X(rx_dhcp6_refused)     \
	X(tx_dhcp6)

struct router_counters {
#define X(name) uint64_t name;
	ROUTER_COUNTERS(X)
#undef X
};

struct router;

struct router_ops {
	/* A frame, from the protocol field on. */
	void (*send)(struct router *r, const void *frame, size_t len);
	/* The lease has changed; comes before the answer is sent. */
	void (*changed)(struct router *r);
};

struct router {
	const struct router_ops *ops;
	const struct router_conf *conf;
	const struct dhcp6_duid *duid; /* ours */
	struct timers *timers;
	struct timer timer; /* the next advertisement */
	struct router_counters *count; /* shared by many */
	struct router_values v;
	struct nd_prefix old; /* to be forgotten */
	struct dhcp6_lease lease;
	struct addr self; /* link-local; family 0: it is down */
	unsigned int early; /* advertisements that are still to come soon */
	msec_t group_at; /* the last one to all */
	void *user;
};

void router_init(struct router *r, const struct router_ops *ops,
		 const struct router_conf *conf, const struct dhcp6_duid *duid,
		 struct timers *timers, struct router_counters *count,
		 void *user);
/* Stops its timer; sends nothing. */
void router_fini(struct router *r);
/* What the subscriber has from now on. A prefix that it had is taken from it. */
void router_set(struct router *r, const struct router_values *v);
/* IPv6CP is open: our identifier. It advertises in a moment, or, after a restart, some
 * time soon: many others do.
 */
void router_up(struct router *r, msec_t now, uint64_t id);
void router_resume(struct router *r, msec_t now, uint64_t id);
/* IPv6CP is no longer open. */
void router_down(struct router *r);
/* The link is about to be closed by us: its hosts are told that we are no router. */
void router_leave(struct router *r);
/* An IPv6 packet of the link. Any bytes may come. */
void router_input(struct router *r, msec_t now, const void *packet, size_t len);

#endif /* PPP_ROUTER_H */
