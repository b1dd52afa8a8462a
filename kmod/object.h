/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The objects that packets meet, and their lifetimes.
 *
 * endpoint  a UDP socket of ours. Lives from ENDPOINT_NEW to ENDPOINT_DEL, which
 *	     is refused while it has tunnels. Packets reach it through
 *	     sk_user_data and an->endpoints, under RCU; freed by call_rcu after the
 *	     socket's release.
 * tunnel    published in an->tunnels[id]; holds its endpoint by n_tunnels. Refuses
 *	     to die while it has sessions. Unpublished, then call_rcu.
 * route     the way to a tunnel's peer, or in for an endpoint. Replaced as a whole by
 *	     who sends or receives, read under RCU; it holds the kernel's route,
 *	     packets hold neither. Freed by call_rcu, or with the tunnel or endpoint.
 * pair	     outer addresses of a tunnel or several, which count as its references;
 *	     with it a queue of fragments. Unpublished and flushed with the last
 *	     of them, then freed by kfree_rcu.
 * session   published in an->sessions; holds its tunnel by n_sessions, so
 *	     session->tunnel is valid as long as the session can be seen: both
 *	     are freed by call_rcu, the session's queued first.
 * port      an Ethernet device with our ingress hook. Goes away with the device,
 *	     with its pppoes.
 * underlay  an Ethernet device with express receive. In an->underlays, read under
 *	     RCU; goes away with the device.
 * pppoe     published in an->pppoes; holds its port as a session its tunnel.
 * link      what session and pppoe have in common, first in both. Its binding
 *	     (`to` or `term`) is changed under an->lock and read under RCU. Two
 *	     links bound to each other point at each other; each is unbound before
 *	     it is unpublished, so `to` never outlives its target's grace period.
 * term      a binding to a device. Replaced as a whole; freed by kfree_rcu. It has
 *	     no reference on the device: a device that goes away unbinds its links
 *	     in ndo_uninit, before the device's own grace period.
 * qos	     what was set of a link's marks and rates. Made with the first of them,
 *	     changed in place, unpublished with the last; freed by kfree_rcu, or with
 *	     the link.
 */
#ifndef ADIT_OBJECT_H
#define ADIT_OBJECT_H

#include <linux/cache.h>
#include <linux/if_ether.h>
#include <linux/in6.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/netfilter.h>
#include <linux/rcupdate.h>
#include <linux/skbuff.h>

#include "net.h"
#include "stats.h"

struct adit_hold;
struct adit_link;
struct adit_pair;
struct adit_reorder;
struct adit_qos;
struct adit_route;
struct adit_tap;
struct socket;

/* An outer address; v4 is mapped so that one comparison serves both. */
struct adit_ip {
	struct in6_addr a;
};

#define ADIT_RX_ROUTES 4

struct adit_endpoint {
	struct list_head list;
	struct rcu_head rcu;
	struct adit_net *an;
	struct socket *sock;
	u32 id;
	int ifindex; /* VRF; 0: none */
	u8 family;
	__be16 port;
	struct adit_ip local;
	u32 n_tunnels;
	struct adit_route __rcu *rx_routes[ADIT_RX_ROUTES];
};

/* What a tunnel asks of the outer headers of its data. */
#define ADIT_OUTER_DSCP 1 /* inherited */
#define ADIT_OUTER_ECN 2 /* the peer knows RFC 6040 */
#define ADIT_OUTER_DF 4 /* nobody cuts it */
#define ADIT_OUTER_DF_INHERIT 8 /* nobody cuts it whose packet inside says so */
#define ADIT_OUTER_DF_ANY (ADIT_OUTER_DF | ADIT_OUTER_DF_INHERIT)
#define ADIT_OUTER_IPSEC 16 /* nothing goes or comes in clear */
#define ADIT_OUTER_MOVED 32 /* the peer sends from elsewhere */
#define ADIT_OUTER_INHERIT \
	(ADIT_OUTER_DSCP | ADIT_OUTER_ECN | ADIT_OUTER_DF_ANY)

struct adit_tunnel {
	/* One cache line: all that a forwarded packet needs. */
	struct adit_endpoint *endpoint;
	struct adit_stats __percpu *stats;
	struct adit_route __rcu *tx_route;
	struct adit_ip remote;
	__be16 remote_port;
	u16 id;
	u16 peer_id;
	u8 family;
	u8 udp_csum;
	u8 tos; /* of data; 0 where it is inherited */
	u8 outer; /* ADIT_OUTER_* */

	struct adit_net *an ____cacheline_aligned;
	struct adit_pair *to_pair, *from_pair; /* see pair.h; often one */
	struct adit_ip from; /* ADIT_OUTER_MOVED: its messages come from there */
	__be16 from_port;

	/* Under an->lock. */
	struct list_head sessions;
	u32 n_sessions;
	u64 cookie;
	u32 path_mtu; /* last told by ICMP, see l2tp_error */
	struct hlist_node of_pair; /* to_pair; read under RCU */
	struct adit_bucket bucket; /* of punts, under an->punt_lock */
	struct adit_sysfs_node *sysfs;
	struct rcu_head rcu;
	char label[ADIT_LABEL_MAX + 1];
};

/* A device of kind "adit"; netdev_priv() of it. */
struct adit_dev {
	struct net_device *dev;
	struct list_head list; /* an->devices */
	struct list_head terms;
	bool p2p; /* one link has it, whatever the address */
	struct adit_link __rcu *only; /* this one; under lock */
};

enum adit_link_type { ADIT_LINK_SESSION = 1, ADIT_LINK_PPPOE };

/* One cache line. */
struct adit_term {
	struct net_device *dev;
	struct adit_link *link;
	__be32 host4; /* one of addrs, so that its packets need no look-up */
	u32 magic; /* 0: echo requests are punted */
	u16 mtu;
	u16 mru; /* 0: any size is taken */
	bool p2p; /* as its device */
	bool any_source; /* the subscriber may use any address */
	struct list_head addrs; /* struct adit_addr, under lock */
	union {
		struct list_head of_dev; /* under lock, until it is unpublished */
		struct rcu_head rcu;
	};
};

struct adit_link {
	struct adit_link __rcu *to;
	struct adit_term __rcu *term;
	struct adit_stats __percpu *stats;
	u8 type;
	u8 has_qos; /* cold.qos is there: look */
	u8 tapped; /* see tap.h */
	u16 mss; /* what TCP's is clamped to, over IPv4; 0: nothing */
};

/* What a link has that no forwarded packet needs; qos where has_qos says so. */
struct adit_cold {
	u64 cookie;
	char *label; /* under an->lock; NULL: none */
	unsigned long serial; /* in order of making; dumps go on by it */
	struct adit_bucket bucket; /* of punts, under an->punt_lock */
	struct adit_qos __rcu *qos; /* NULL: none */
	struct adit_bucket bucket6; /* of IPv6 ones */
	struct adit_hold __rcu *hold; /* see hold.h */
	struct adit_tap __rcu *tap;
};

struct adit_session {
	/* One cache line: all that a forwarded packet needs. */
	struct adit_link link;
	struct hlist_node hash;
	struct adit_tunnel *tunnel;
	u32 key; /* tunnel id << 16 | session id, ours */
	u16 peer_id; /* 0: not known yet */
	u8 seq; /* send Ns, check theirs */

	/* Only with sequence numbers: under seq_lock, see sequence.c. */
	spinlock_t seq_lock ____cacheline_aligned;
	u16 ns; /* next to send */
	u16 nr; /* next expected */
	u16 late; /* next one if what came late counts on, see sequence.c */
	u8 n_late; /* such ones in a row */
	struct adit_reorder *reorder; /* set under an->lock too; NULL: none */

	/* Under an->lock. */
	struct list_head of_tunnel;
	struct adit_cold cold;
	struct rcu_head rcu;
};

/* Another end on a port. */
struct adit_eth {
	__be16 vlan_proto; /* of the outer tag */
	u16 vlan_outer; /* 0: none */
	u16 vlan_inner;
	u8 mac[ETH_ALEN];
};

struct adit_port {
	struct list_head list;
	unsigned long serial;
	struct rcu_head rcu;
	struct adit_net *an;
	struct net_device *dev;
	struct nf_hook_ops hook;
	struct list_head pppoes;
	u32 n_pppoes;
	bool promiscuous; /* by us */
	struct adit_bucket bucket; /* of set-up, under an->punt_lock */
	struct adit_sysfs_port *sysfs;
};

/* A device where data of ours is taken before the stack sees it. */
struct adit_underlay {
	struct list_head list;
	unsigned long serial;
	struct rcu_head rcu;
	struct adit_net *an;
	struct net_device *dev;
	struct nf_hook_ops hook;
	struct adit_stats __percpu *stats; /* what it took: datagrams */
};

struct adit_pppoe {
	struct adit_link link;
	struct hlist_node hash;
	struct adit_port *port;
	struct adit_eth eth; /* the client */
	u16 sid;

	struct list_head of_port;
	struct adit_cold cold;
	struct rcu_head rcu;
};

static inline struct adit_session *adit_session_of(struct adit_link *l)
{
	return container_of(l, struct adit_session, link);
}

static inline struct adit_pppoe *adit_pppoe_of(struct adit_link *l)
{
	return container_of(l, struct adit_pppoe, link);
}

static inline struct adit_net *adit_link_net(struct adit_link *l)
{
	return l->type == ADIT_LINK_SESSION ? adit_session_of(l)->tunnel->an :
					      adit_pppoe_of(l)->port->an;
}

static inline struct adit_cold *adit_link_cold(struct adit_link *l)
{
	return l->type == ADIT_LINK_SESSION ? &adit_session_of(l)->cold :
					      &adit_pppoe_of(l)->cold;
}

#endif /* ADIT_OBJECT_H */
