/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel port: what the daemon wants of the data path, and what it hears
 * from it. Two implementations: kern/module (adit.ko by generic netlink) and
 * kern/plain (UDP and packet sockets: control and PPP negotiation, no data path).
 * It never decides.
 *
 * Requests do not wait. They are carried out in the order in which they were
 * made, sends among them: a session that was made before its ICRP was sent is in
 * the kernel before the ICRP leaves. What the kernel refuses comes back as
 * events->refused. They leave at kern_flush at the latest, which the loop calls
 * before it sleeps. Functions marked "start-up" wait for the answer.
 */
#ifndef KERN_KERN_H
#define KERN_KERN_H

#include "base/addr.h"
#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ev_loop;

enum kern_link_kind { KERN_NO_LINK, KERN_SESSION, KERN_PPPOE };

/* The name of a link; compared with kern_link_eq. */
struct kern_link {
	enum kern_link_kind kind;
	uint16_t tunnel_id; /* SESSION */
	uint16_t session_id; /* both */
	uint32_t ifindex; /* PPPOE, and the next two */
	uint16_t vlan_outer;
	uint16_t vlan_inner;
};

bool kern_link_eq(const struct kern_link *a, const struct kern_link *b);
/* A key for base/hash. */
uint64_t kern_link_key(const struct kern_link *l);
#define KERN_LINK_STRLEN 48
/* "session 17/4242", "pppoe eth1/7", "pppoe eth1.100.7/3" */
const char *kern_link_str(const struct kern_link *l,
			  char out[KERN_LINK_STRLEN]);
/* Where it comes in, whichever its session is: "eth1.100.7"; of an L2TP session the
 * same as above.
 */
const char *kern_place_str(const struct kern_link *l,
			   char out[KERN_LINK_STRLEN]);

struct kern_stats {
	uint64_t rx_packets, rx_bytes, rx_drops;
	uint64_t tx_packets, tx_bytes, tx_drops;
	uint64_t rx_control,
		tx_control; /* PPP's own frames: in none of the above */
};

/* Whatever came. */
static inline uint64_t kern_rx_frames(const struct kern_stats *s)
{
	return s->rx_packets + s->rx_control;
}

struct kern_tunnel {
	uint16_t id, peer_id;
	uint32_t endpoint;
	struct addr_port remote;
	bool ipsec; /* nothing of it may come or go in clear */
	uint8_t dscp; /* outside; ADIT_DSCP_INHERIT: that of what is inside */
	struct addr_port from; /* of what it sends; family 0: the same */
	const char *label; /* the peer's name */
	uint64_t cookie;
	struct kern_stats stats; /* filled in dumps and events */
};

/* To where a control message goes. */
struct kern_l2tp {
	uint32_t endpoint;
	struct addr_port remote;
	uint16_t tunnel_id; /* whose it is; 0: of none */
	bool ipsec; /* not in clear */
};

struct kern_session {
	uint16_t tunnel_id, id, peer_id;
	bool seq;
	const char *label; /* the user's name */
	uint64_t cookie;
	struct kern_stats stats;
	struct kern_link to; /* dumps: bound to, or KERN_NO_LINK */
	uint32_t to_ifindex; /* dumps: bound to, or 0 */
};

struct kern_pppoe {
	struct kern_link link; /* KERN_PPPOE */
	uint16_t vlan_proto; /* as in kern_eth */
	uint8_t mac[6];
	const char *label;
	uint64_t cookie;
	struct kern_stats stats;
	struct kern_link to;
	uint32_t to_ifindex;
};

/* Of configured peers, of what belongs to a subscriber. */
struct kern_prefix {
	struct addr net;
	uint8_t len;
};

struct kern_limits {
	uint32_t tunnels, sessions; /* at once */
	/* Seconds after which all ends that has no daemon; 0: never. */
	uint32_t orphan_timeout;
};

#define KERN_ALSO_MAX 63

/* Termination: where a link's IP goes. */
struct kern_ip {
	uint32_t ifindex; /* of a device of kind "adit" */
	struct addr peer; /* the subscriber's; family 0: none */
	/* What else leads to it, of both families; up to KERN_ALSO_MAX. */
	const struct kern_prefix *also;
	size_t n_also;
	uint16_t mtu; /* largest packet to the subscriber */
	uint16_t mss; /* of TCP, both ways; 0: what fits, KERN_MSS_OFF */
	uint32_t magic; /* our LCP magic number; 0: echo requests come up */
};

#define KERN_MSS_OFF UINT16_MAX

/* A route of ours (rtm_protocol 184) to a device. */
struct kern_route {
	struct kern_prefix to;
	uint32_t ifindex;
	uint32_t table; /* 0: main */
	uint32_t metric; /* 0: the kernel's */
	bool again; /* it has been refused before: that is no news */
};

/* As the kernel has it: of IPv6 0 is its 1024 to whoever adds, and any to whoever
 * removes.
 */
static inline uint32_t kern_route_metric(const struct kern_route *r)
{
	return !r->metric && r->to.net.family == AF_INET6 ? 1024 : r->metric;
}

/* A device of kind "adit", under an index of the caller's. */
struct kern_device {
	uint32_t ifindex;
	const char *name;
	uint32_t master; /* a VRF; 0: none */
	uint16_t mtu; /* 0: the module's */
	bool p2p;
	struct addr local, peer; /* IPv4 on it; family 0: none */
	struct addr local6;
};

/* A policer: bit/s and bytes; rate 0: none, peak 0: one rate. */
struct kern_police {
	uint64_t rate, peak;
	uint32_t burst, peak_burst;
};

/* Rates and marks of a link; all zero: none. */
struct kern_qos {
	struct kern_police up, down; /* from and to the subscriber */
	uint64_t pace; /* bit/s to the subscriber, by departure time; 0: none */
	uint32_t mark, priority;
};

/* A PPPoE discovery frame's other end. */
struct kern_eth {
	uint32_t ifindex;
	uint16_t vlan_outer, vlan_inner;
	uint16_t vlan_proto; /* of the outer tag; 0: as the module thinks fit */
	uint8_t mac[6];
};

struct kern;

/* What the kernel did not do. */
struct kern_refusal {
	uint16_t tunnel_id; /* of a tunnel, if link is KERN_NO_LINK */
	struct kern_link link;
	/* Of the object that it was for; 0: of none that is ours any more. By now
	 * its id may be another's.
	 */
	uint64_t cookie;
	bool made; /* false: it was to be made; what has its id is not ours */
	int err; /* -errno */
	const char *text;
};

#define KERN_RESOLVED_MAX 8 /* addresses */

/* A name's addresses, the best first. */
struct kern_resolved {
	const char *error; /* NULL: there is one at least */
	struct addr addr[KERN_RESOLVED_MAX];
	size_t n;
	unsigned int ttl; /* seconds */
};

struct kern_events {
	/* secure: it came by IPsec. */
	void (*l2tp)(struct kern *k, msec_t now, uint32_t endpoint,
		     const struct addr_port *local,
		     const struct addr_port *remote, bool secure,
		     const void *msg, size_t len);
	void (*pppoe)(struct kern *k, msec_t now, const struct kern_eth *from,
		      bool to_us, const void *frame, size_t len);
	/* From the protocol field on. */
	void (*ppp)(struct kern *k, msec_t now, const struct kern_link *link,
		    const void *frame, size_t len);
	/* Of kern_udp's: a datagram of its remote end. */
	void (*udp)(struct kern *k, msec_t now, uint32_t id, const void *data,
		    size_t len);
	/* Of kern_listen_udp's: a datagram of anybody. */
	void (*udp_from)(struct kern *k, msec_t now, uint32_t id,
			 const struct addr_port *from, const void *data,
			 size_t len);
	/* What came of kern_resolve; r is valid during the call. */
	void (*resolved)(struct kern *k, msec_t now, uint32_t id,
			 const struct kern_resolved *r);
	/* Counters, asked for by kern_poll. */
	void (*tunnel_stats)(struct kern *k, msec_t now,
			     const struct kern_tunnel *t);
	void (*link_stats)(struct kern *k, msec_t now,
			   const struct kern_link *l,
			   const struct kern_stats *s);
	/* Gone, and not by us: by the tool, or a device went away. Comes for
	 * our own removals as well: who asked for it no longer knows the id;
	 * the cookie tells an old object from a new one of the same id.
	 */
	void (*tunnel_gone)(struct kern *k, msec_t now, uint16_t tunnel_id,
			    uint64_t cookie, const struct kern_stats *last);
	void (*link_gone)(struct kern *k, msec_t now, const struct kern_link *l,
			  uint64_t cookie, const struct kern_stats *last);
	/* A port, after its links. */
	void (*port_gone)(struct kern *k, msec_t now, uint32_t ifindex);
	void (*refused)(struct kern *k, msec_t now,
			const struct kern_refusal *r);
	/* One that was to be added is not there. */
	void (*route_refused)(struct kern *k, const struct kern_route *r);
	/* Some of the above did not come. */
	void (*missed)(struct kern *k, msec_t now);
	/* The module was unloaded: nothing is left. */
	void (*lost)(struct kern *k);
};

/* What was found in the kernel at start-up. */
struct kern_found {
	void (*tunnel)(void *ctx, const struct kern_tunnel *t);
	void (*session)(void *ctx, const struct kern_session *s);
	void (*pppoe)(void *ctx, const struct kern_pppoe *p);
	void *ctx;
};

#define KERN_ERROR_MAX 160

/* One function each for kern_* below, by the same name. */
struct kern_impl {
	const char *name;
	void (*close)(struct kern *k);
	int (*instance)(struct kern *k, uint64_t *instance,
			char err[KERN_ERROR_MAX]);
	int (*listen)(struct kern *k, char err[KERN_ERROR_MAX]);
	int (*endpoint)(struct kern *k, const struct addr_port *local,
			uint32_t vrf, uint32_t *id, char err[KERN_ERROR_MAX]);
	int (*port)(struct kern *k, uint32_t ifindex, char err[KERN_ERROR_MAX]);
	int (*endpoint_del)(struct kern *k, uint32_t id,
			    char err[KERN_ERROR_MAX]);
	int (*port_del)(struct kern *k, uint32_t ifindex,
			char err[KERN_ERROR_MAX]);
	int (*limits)(struct kern *k, const struct kern_limits *limits,
		      char err[KERN_ERROR_MAX]);
	int (*peers)(struct kern *k, const struct kern_prefix *p, size_t n,
		     char err[KERN_ERROR_MAX]);
	int (*dump)(struct kern *k, const struct kern_found *f,
		    char err[KERN_ERROR_MAX]);
	void (*tunnel_new)(struct kern *k, const struct kern_tunnel *t);
	void (*tunnel_del)(struct kern *k, uint16_t id);
	void (*session_new)(struct kern *k, const struct kern_session *s);
	void (*session_set)(struct kern *k, const struct kern_session *s);
	void (*pppoe_new)(struct kern *k, const struct kern_pppoe *p);
	void (*pppoe_set)(struct kern *k, const struct kern_pppoe *p);
	void (*link_del)(struct kern *k, const struct kern_link *l);
	void (*bind)(struct kern *k, const struct kern_link *l, uint64_t cookie,
		     const struct kern_link *to, const struct kern_ip *ip);
	void (*qos)(struct kern *k, const struct kern_link *l, uint64_t cookie,
		    const struct kern_qos *q);
	void (*route)(struct kern *k, const struct kern_route *r, bool add);
	void (*device_new)(struct kern *k, const struct kern_device *d);
	void (*device_del)(struct kern *k, uint32_t ifindex);
	void (*send_l2tp)(struct kern *k, const struct kern_l2tp *to,
			  const void *msg, size_t len);
	void (*send_pppoe)(struct kern *k, const struct kern_eth *to,
			   const void *frame, size_t len);
	void (*send_ppp)(struct kern *k, const struct kern_link *l,
			 const void *frame, size_t len);
	int (*udp)(struct kern *k, const struct addr *source, const char *vrf,
		   const struct addr_port *remote, uint32_t id);
	void (*close_udp)(struct kern *k, uint32_t id);
	int (*send_udp)(struct kern *k, uint32_t id, const void *data,
			size_t len);
	int (*listen_udp)(struct kern *k, const struct addr_port *local,
			  const char *vrf, uint32_t id);
	int (*answer_udp)(struct kern *k, uint32_t id,
			  const struct addr_port *to, const void *data,
			  size_t len);
	int (*resolve)(struct kern *k, const char *host, int family,
		       uint32_t id);
	void (*poll)(struct kern *k);
	void (*flush)(struct kern *k);
};

#define KERN_COUNTERS(X)    \
	X(rx_malformed)     \
	X(rx_without_frame) \
	X(rx_missed)        \
	X(rx_marks)         \
	X(tx_dropped)       \
	X(route_refused)    \
	X(route_lost)

struct kern_counters {
#define X(name) uint64_t name;
	KERN_COUNTERS(X)
#undef X
};

/* Each implementation embeds it. */
struct kern {
	const struct kern_impl *impl;
	const struct kern_events *events;
	struct ev_loop *loop;
	struct udp_sockets *udp; /* kern/udp's; NULL: none yet */
	struct lookups *lookups; /* kern/resolve's; NULL: none yet */
	struct kern_counters count;
	void *user;
};

/* Start-up. NULL, with one clear line in err: module not loaded, no privilege. */
struct kern *kern_module_open(struct ev_loop *loop,
			      const struct kern_events *events, void *user,
			      char err[KERN_ERROR_MAX]);
struct kern *kern_plain_open(struct ev_loop *loop,
			     const struct kern_events *events, void *user,
			     char err[KERN_ERROR_MAX]);

/* Leaves everything in the kernel as it is. */
static inline void kern_close(struct kern *k)
{
	k->impl->close(k);
}

/* Start-up: the module's instance in this namespace; 0: it had no objects, so a
 * state file has nothing to say. Read again after the first endpoint or port.
 */
static inline int kern_instance(struct kern *k, uint64_t *instance,
				char err[KERN_ERROR_MAX])
{
	return k->impl->instance(k, instance, err);
}

/* Start-up: from now on what comes in comes to us, and to nobody else. Before
 * this, opening a port takes nothing away from a daemon that runs.
 */
static inline int kern_listen(struct kern *k, char err[KERN_ERROR_MAX])
{
	return k->impl->listen(k, err);
}

/* An endpoint that exists already (restart) is taken over: 0. This and the next wait
 * for the answer, at run time too, when a device has come: it is there at once, but for
 * whoever else has the module's lock.
 */
static inline int kern_endpoint(struct kern *k, const struct addr_port *local,
				uint32_t vrf, uint32_t *id,
				char err[KERN_ERROR_MAX])
{
	return k->impl->endpoint(k, local, vrf, id, err);
}

/* A port that exists already is taken over: 0. */
static inline int kern_port(struct kern *k, uint32_t ifindex,
			    char err[KERN_ERROR_MAX])
{
	return k->impl->port(k, ifindex, err);
}

/* Start-up. -EBUSY: it has tunnels. -ENOENT. */
static inline int kern_endpoint_del(struct kern *k, uint32_t id,
				    char err[KERN_ERROR_MAX])
{
	return k->impl->endpoint_del(k, id, err);
}

/* Start-up. With its sessions. */
static inline int kern_port_del(struct kern *k, uint32_t ifindex,
				char err[KERN_ERROR_MAX])
{
	return k->impl->port_del(k, ifindex, err);
}

/* Start-up. */
static inline int kern_limit(struct kern *k, const struct kern_limits *limits,
			     char err[KERN_ERROR_MAX])
{
	return k->impl->limits(k, limits, err);
}

/* Start-up: floods of others do not take these peers' set-up messages. As many as
 * the kernel takes; -E2BIG: they are more.
 */
static inline int kern_peers(struct kern *k, const struct kern_prefix *p,
			     size_t n, char err[KERN_ERROR_MAX])
{
	return k->impl->peers(k, p, n, err);
}

/* Start-up: tells all that is there. */
static inline int kern_dump(struct kern *k, const struct kern_found *f,
			    char err[KERN_ERROR_MAX])
{
	return k->impl->dump(k, f, err);
}

static inline void kern_tunnel_new(struct kern *k, const struct kern_tunnel *t)
{
	k->impl->tunnel_new(k, t);
}

/* With its sessions. */
static inline void kern_tunnel_del(struct kern *k, uint16_t id)
{
	k->impl->tunnel_del(k, id);
}

/* peer_id 0: not known yet. */
static inline void kern_session_new(struct kern *k,
				    const struct kern_session *s)
{
	k->impl->session_new(k, s);
}

/* Sets peer_id, seq, label and cookie. */
static inline void kern_session_set(struct kern *k,
				    const struct kern_session *s)
{
	k->impl->session_set(k, s);
}

static inline void kern_pppoe_new(struct kern *k, const struct kern_pppoe *p)
{
	k->impl->pppoe_new(k, p);
}

/* Sets label and cookie. */
static inline void kern_pppoe_set(struct kern *k, const struct kern_pppoe *p)
{
	k->impl->pppoe_set(k, p);
}

static inline void kern_link_del(struct kern *k, const struct kern_link *l)
{
	k->impl->link_del(k, l);
}

/* Frames of l, whose cookie it is, and `to` are switched from now on. */
static inline void kern_bind_link(struct kern *k, const struct kern_link *l,
				  uint64_t cookie, const struct kern_link *to)
{
	k->impl->bind(k, l, cookie, to, NULL);
}

/* IP of l is terminated; control frames still come up. */
static inline void kern_bind_ip(struct kern *k, const struct kern_link *l,
				uint64_t cookie, const struct kern_ip *ip)
{
	k->impl->bind(k, l, cookie, NULL, ip);
}

static inline void kern_unbind(struct kern *k, const struct kern_link *l,
			       uint64_t cookie)
{
	k->impl->bind(k, l, cookie, NULL, NULL);
}

/* Replaces all rates and marks of l, whose cookie it is. */
static inline void kern_qos(struct kern *k, const struct kern_link *l,
			    uint64_t cookie, const struct kern_qos *q)
{
	k->impl->qos(k, l, cookie, q);
}

/* Not over one of the same prefix, table and metric, whosever it is: it may be the
 * operator's. What is refused of routes and devices is counted and logged; of devices
 * there is no event.
 */
static inline void kern_route_add(struct kern *k, const struct kern_route *r)
{
	k->impl->route(k, r, true);
}

static inline void kern_route_del(struct kern *k, const struct kern_route *r)
{
	k->impl->route(k, r, false);
}

/* It is there before what is asked for after it. */
static inline void kern_device_new(struct kern *k, const struct kern_device *d)
{
	k->impl->device_new(k, d);
}

static inline void kern_device_del(struct kern *k, uint32_t ifindex)
{
	k->impl->device_del(k, ifindex);
}

static inline void kern_send_l2tp(struct kern *k, const struct kern_l2tp *to,
				  const void *msg, size_t len)
{
	k->impl->send_l2tp(k, to, msg, len);
}

static inline void kern_send_pppoe(struct kern *k, const struct kern_eth *to,
				   const void *frame, size_t len)
{
	k->impl->send_pppoe(k, to, frame, len);
}

/* From the protocol field on. */
static inline void kern_send_ppp(struct kern *k, const struct kern_link *l,
				 const void *frame, size_t len)
{
	k->impl->send_ppp(k, l, frame, len);
}

/* A connected UDP socket under an id of the caller's: what others send to it does not
 * get in. source of family 0: the system's choice; vrf: its device, NULL: none. 0 or
 * -errno.
 */
static inline int kern_udp(struct kern *k, const struct addr *source,
			   const char *vrf, const struct addr_port *remote,
			   uint32_t id)
{
	return k->impl->udp(k, source, vrf, remote, id);
}

/* Its id is free; nothing, if there is none. */
static inline void kern_close_udp(struct kern *k, uint32_t id)
{
	k->impl->close_udp(k, id);
}

/* 0 or -errno: it is lost. */
static inline int kern_send_udp(struct kern *k, uint32_t id, const void *data,
				size_t len)
{
	return k->impl->send_udp(k, id, data, len);
}

/* A UDP socket that anybody may send to, under an id of the caller's, which is none
 * of kern_udp's. vrf: its device; NULL: none. 0 or -errno.
 */
static inline int kern_listen_udp(struct kern *k, const struct addr_port *local,
				  const char *vrf, uint32_t id)
{
	return k->impl->listen_udp(k, local, vrf, id);
}

/* From that socket, and if it is at any address, from that which the last datagram of
 * udp_from was sent to. 0 or -errno: it is lost.
 */
static inline int kern_answer_udp(struct kern *k, uint32_t id,
				  const struct addr_port *to, const void *data,
				  size_t len)
{
	return k->impl->answer_udp(k, id, to, data, len);
}

/* Addresses of a host name (family: AF_UNSPEC for any) come as an event, later, with
 * this id of the caller's. 0, or -errno: none comes.
 */
static inline int kern_resolve(struct kern *k, const char *host, int family,
			       uint32_t id)
{
	return k->impl->resolve(k, host, family, id);
}

/* Counters of all tunnels and links come as events. A poll that is still under
 * way is not started again.
 */
static inline void kern_poll(struct kern *k)
{
	k->impl->poll(k);
}

static inline void kern_flush(struct kern *k)
{
	k->impl->flush(k);
}

#endif /* KERN_KERN_H */
