/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration as typed objects, read-only once loaded. References between
 * objects are resolved: a loaded configuration has no dangling name. conf never
 * acts.
 */
#ifndef CONF_CONF_H
#define CONF_CONF_H

#include "aaa/radius_client.h"
#include "base/addr.h"
#include "base/log.h"
#include "l2tp/tunnel.h"
#include "ppp/link.h"
#include "pppoe/disc.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#define CONF_ERROR_MAX 512
#define CONF_NAME_MAX 64
#define CONF_MRU 1442 /* fits through a tunnel over Ethernet (S56) */

/* endpoint "core" { address = "192.0.2.1"  port = 1701  vrf = "red" } */
struct conf_endpoint {
	STAILQ_ENTRY(conf_endpoint) next;
	unsigned int line; /* where it is defined */
	char *name;
	struct addr_port local;
	char *vrf; /* device name; NULL: none */
};

/* pool "home" { range = "100.64.0.2-100.64.255.254" } or { prefix = "..." } */
struct conf_pool {
	STAILQ_ENTRY(conf_pool) next;
	unsigned int line; /* where it is defined */
	char *name;
	uint32_t first, last; /* IPv4, host order */
	struct addr net; /* the prefix that is routed to the device */
	uint8_t prefix_len;
	bool whole; /* by prefix: addresses of ours in it are not lent */
};

/* radius-server "one" { address = "192.0.2.7"  secret-file = "one.secret" } */
struct conf_radius_server {
	STAILQ_ENTRY(conf_radius_server) next;
	unsigned int line; /* where it is defined */
	struct radius_server_conf server;
	unsigned int index;
};

/* radius-group "aaa" { servers = { "one", "two" } }: asked in this order. */
struct conf_radius_group {
	STAILQ_ENTRY(conf_radius_group) next;
	unsigned int line; /* where it is defined */
	char *name;
	struct conf_radius_server *servers[RADIUS_SERVERS_MAX]; /* then NULL */
	unsigned int index;
};

/* What a LAC has negotiated. */
enum conf_proxy {
	CONF_PROXY_IGNORE, /* we negotiate, always */
	CONF_PROXY_ACCEPT, /* taken if acceptable, else we negotiate */
	CONF_PROXY_REQUIRE, /* taken if acceptable, else the session ends */
	CONF_PROXY_PROFILE, /* of a remote host: as its profile says */
};

/* ppp-profile "home" { ... }: how a subscriber's PPP is terminated, or, on an
 * access port, negotiated before it is known where it goes.
 */
struct conf_profile {
	STAILQ_ENTRY(conf_profile) next;
	unsigned int line; /* where it is defined */
	char *name;
	struct ppp_conf ppp; /* default MRU: CONF_MRU */
	struct addr local_address; /* ours towards subscribers; family 0: none */
	struct addr dns[PPP_DNS_MAX];
	struct addr nbns[PPP_NBNS_MAX];
	unsigned int session_timeout, idle_timeout; /* seconds; 0: none */
	struct conf_pool *pool; /* NULL: cannot terminate */
	struct conf_radius_group *radius; /* NULL: users of the configuration */
	char *device; /* of kind "adit"; default "adit-ppp" */
	enum conf_proxy proxy_lcp; /* default CONF_PROXY_ACCEPT */
	bool proxy_auth; /* accept it; default true */
};

/* vlans "100-199" { mru = 1400 }: what differs for these outer VLANs of a port. */
struct conf_vlans {
	STAILQ_ENTRY(conf_vlans) next;
	unsigned int line; /* where it is defined */
	uint16_t first, last;
	struct ppp_conf ppp; /* the profile's, but for the MRU */
};

/* access-port "eth1" { ppp-profile = "access"  ac-name = "bng1"
 *	services = { "internet" } }
 */
struct conf_port {
	STAILQ_ENTRY(conf_port) next;
	unsigned int line; /* where it is defined */
	char *ifname;
	struct pppoe_conf pppoe;
	struct conf_profile *profile;
	struct ppp_conf ppp; /* the profile's, but for the MRU */
	STAILQ_HEAD(, conf_vlans) vlans;
};

/* tunnel "isp" { endpoint = "core"  remote = "192.0.2.9"  port = 1701
 *	local-name = "lac1"  remote-name = "lns1"  secret = "..." }
 * A tunnel that the LAC sets up when a subscriber needs it.
 */
struct conf_tunnel {
	STAILQ_ENTRY(conf_tunnel) next;
	unsigned int line; /* where it is defined */
	struct l2tp_peer peer; /* peer.user is this object */
	struct conf_endpoint *endpoint;
	struct addr_port remote;
};

/* domain "isp.example" { tunnel = "isp" }, domain "default" { terminate = true }
 * "none" is for users without a domain, "default" for all others not named.
 */
struct conf_domain {
	STAILQ_ENTRY(conf_domain) next;
	unsigned int line; /* where it is defined */
	char *name;
	struct conf_tunnel *tunnel; /* NULL: terminated here */
	bool terminate; /* the same, as it was written */
	struct conf_profile *profile; /* of termination; NULL: the port's */
};

/* At most so many sessions; 0: any. The count is the box's, by index. */
struct conf_limit {
	unsigned int max;
	unsigned int index;
};

/* session-limit-group "small" { max-sessions = 100 } */
struct conf_group {
	STAILQ_ENTRY(conf_group) next;
	unsigned int line; /* where it is defined */
	char *name;
	struct conf_limit limit;
};

/* destination-profile "carrier" { endpoint = "core"  address = "192.0.2.0/24"
 *	remote-host "lac1" { secret = "..."  local-name = "lns1"
 *		ppp-profile = "home" } }
 * Who may set up tunnels to us; remote-host "default" is any name.
 */
struct conf_remote_host {
	STAILQ_ENTRY(conf_remote_host) next;
	unsigned int line; /* where it is defined */
	struct l2tp_peer peer; /* peer.user is this object */
	struct conf_destination *destination;
	struct conf_profile *profile;
	struct conf_group *group; /* NULL: none */
	struct conf_limit limit;
	enum conf_proxy proxy_lcp; /* instead of the profile's */
	enum conf_proxy proxy_auth;
};

struct conf_destination {
	STAILQ_ENTRY(conf_destination) next;
	unsigned int line; /* where it is defined */
	char *name;
	struct conf_endpoint *endpoint; /* NULL: any */
	struct addr net;
	uint8_t prefix_len;
	struct conf_limit limit;
	STAILQ_HEAD(, conf_remote_host) hosts;
};

/* user "alice@isp.example" { password = "..." } */
struct conf_user {
	STAILQ_ENTRY(conf_user) next;
	unsigned int line; /* where it is defined */
	char *name;
	char *password;
	struct addr address; /* fixed; family 0: from the pool */
};

struct conf_memory;

struct conf {
	struct conf_memory *memory; /* holds all of it */
	char *hostname; /* default: the system's */
	char *state_file; /* default "/run/adit/state" */
	char *control_socket; /* default "/run/adit/ctl" */
	unsigned int max_tunnels; /* default 8000 */
	unsigned int max_sessions; /* default 60000 */
	unsigned int max_setups; /* tunnels and calls at a time, 4000 */
	unsigned int destruct_timeout; /* seconds, default 600 */
	enum log_level log_level; /* error | warning | info | debug */
	bool refuse_strangers; /* StopCCN (default) or silence */
	STAILQ_HEAD(, conf_endpoint) endpoints;
	STAILQ_HEAD(, conf_pool) pools;
	STAILQ_HEAD(, conf_profile) profiles;
	STAILQ_HEAD(, conf_port) ports;
	STAILQ_HEAD(, conf_tunnel) tunnels;
	STAILQ_HEAD(, conf_domain) domains;
	STAILQ_HEAD(, conf_group) groups;
	unsigned int n_limits; /* their indices are below */
	STAILQ_HEAD(, conf_destination) destinations;
	STAILQ_HEAD(, conf_user) users;
	STAILQ_HEAD(, conf_radius_server) radius_servers;
	STAILQ_HEAD(, conf_radius_group) radius_groups;
	unsigned int n_radius_servers, n_radius_groups;
};

/* NULL, with "FILE:LINE: what was expected" in err (several lines if there are
 * several errors).
 */
struct conf *conf_load(const char *path, char err[CONF_ERROR_MAX]);
void conf_free(struct conf *c);

/* Look-ups by name; NULL if there is none. */
struct conf_tunnel *conf_tunnel(const struct conf *c, const char *name);
/* A peer by its definition's name, of tunnels and remote hosts
 * ("DESTINATION/HOST").
 */
const struct l2tp_peer *conf_peer(const struct conf *c, const char *name);
struct conf_user *conf_user(const struct conf *c, const char *name);
struct conf_port *conf_port(const struct conf *c, const char *ifname);
/* How PPP is negotiated there with clients of that outer VLAN, 0: none. */
const struct ppp_conf *conf_port_ppp(const struct conf_port *p, uint16_t vlan);
struct conf_profile *conf_profile(const struct conf *c, const char *name);
/* The domain of "user@domain", by its last '@', without regard to case; falls
 * back to "default", without an '@' to "none". NULL: terminate with the port's
 * profile.
 */
const struct conf_domain *conf_domain_of(const struct conf *c,
					 const char *user);
/* Who may set up a tunnel to that endpoint (NULL: to none of ours) from there under
 * that name? The longest matching
 * prefix, then the exact name, then "default". *known: a destination matches the
 * address, whatever the name.
 */
struct conf_remote_host *conf_remote_host(const struct conf *c,
					  const struct conf_endpoint *endpoint,
					  const struct addr *remote,
					  const char *host_name, bool *known);

#endif /* CONF_CONF_H */
