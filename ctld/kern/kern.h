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

struct kern_stats {
	uint64_t rx_packets, rx_bytes, rx_drops;
	uint64_t tx_packets, tx_bytes, tx_drops;
};

struct kern_tunnel {
	uint16_t id, peer_id;
	uint32_t endpoint;
	struct addr_port remote;
	bool ipsec; /* nothing of it may come or go in clear */
	struct addr_port from; /* of what it sends; family 0: the same */
	const char *label; /* the peer's name */
	uint64_t cookie;
	struct kern_stats stats; /* filled in dumps and events */
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

/* Termination: where a link's IP goes. */
struct kern_ip {
	uint32_t ifindex; /* of a device of kind "adit" */
	struct addr peer; /* the subscriber's */
	uint16_t mtu; /* largest packet to the subscriber */
	uint32_t magic; /* our LCP magic number; 0: echo requests come up */
};

/* A PPPoE discovery frame's other end. */
struct kern_eth {
	uint32_t ifindex;
	uint16_t vlan_outer, vlan_inner;
	uint16_t vlan_proto; /* of the outer tag; 0: as the module thinks fit */
	uint8_t mac[6];
};

/* Addresses of configured peers. */
struct kern_prefix {
	struct addr net;
	uint8_t len;
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
	void (*refused)(struct kern *k, msec_t now,
			const struct kern_refusal *r);
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
	int (*limits)(struct kern *k, uint32_t max_tunnels,
		      uint32_t max_sessions, char err[KERN_ERROR_MAX]);
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
	void (*send_l2tp)(struct kern *k, uint32_t endpoint,
			  const struct addr_port *remote, const void *msg,
			  size_t len);
	void (*send_pppoe)(struct kern *k, const struct kern_eth *to,
			   const void *frame, size_t len);
	void (*send_ppp)(struct kern *k, const struct kern_link *l,
			 const void *frame, size_t len);
	int (*udp)(struct kern *k, const struct addr *source,
		   const struct addr_port *remote, uint32_t id);
	int (*send_udp)(struct kern *k, uint32_t id, const void *data,
			size_t len);
	void (*poll)(struct kern *k);
	void (*flush)(struct kern *k);
};

#define KERN_COUNTERS(X)    \
	X(rx_malformed)     \
	X(rx_without_frame) \
	X(rx_missed)        \
	X(rx_marks)         \
	X(tx_dropped)

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

/* Start-up. An endpoint that exists already (restart) is taken over: 0. */
static inline int kern_endpoint(struct kern *k, const struct addr_port *local,
				uint32_t vrf, uint32_t *id,
				char err[KERN_ERROR_MAX])
{
	return k->impl->endpoint(k, local, vrf, id, err);
}

/* Start-up. A port that exists already is taken over: 0. */
static inline int kern_port(struct kern *k, uint32_t ifindex,
			    char err[KERN_ERROR_MAX])
{
	return k->impl->port(k, ifindex, err);
}

/* Start-up. */
static inline int kern_limits(struct kern *k, uint32_t max_tunnels,
			      uint32_t max_sessions, char err[KERN_ERROR_MAX])
{
	return k->impl->limits(k, max_tunnels, max_sessions, err);
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

static inline void kern_send_l2tp(struct kern *k, uint32_t endpoint,
				  const struct addr_port *remote,
				  const void *msg, size_t len)
{
	k->impl->send_l2tp(k, endpoint, remote, msg, len);
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
 * get in. source of family 0: the system's choice. 0 or -errno.
 */
static inline int kern_udp(struct kern *k, const struct addr *source,
			   const struct addr_port *remote, uint32_t id)
{
	return k->impl->udp(k, source, remote, id);
}

/* 0 or -errno: it is lost. */
static inline int kern_send_udp(struct kern *k, uint32_t id, const void *data,
				size_t len)
{
	return k->impl->send_udp(k, id, data, len);
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
