/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration as typed objects, read-only once loaded. References between
 * objects are resolved: a loaded configuration has no dangling name. conf never
 * acts.
 */
#ifndef CONF_CONF_H
#define CONF_CONF_H

#include "aaa/radius.h"
#include "aaa/radius_dae.h"
#include "aaa/radius_extra.h"
#include "base/addr.h"
#include "base/log.h"
#include "l2tp/tunnel.h"
#include "pool/pool.h"
#include "ppp/link.h"
#include "ppp/router.h"
#include "pppoe/disc.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#define CONF_ERROR_MAX 512
#define CONF_NAME_MAX 64
#define CONF_MRU 1442 /* fits through a tunnel over Ethernet (S56) */

#define CONF_NO_VRF \
	"default" /* as JUNOSe calls it; but a VRF may have that name */

/* endpoint "core" { address = "192.0.2.1"  port = 1701  vrf = "red" } */
struct conf_endpoint {
	STAILQ_ENTRY(conf_endpoint) next;
	unsigned int line; /* where it is defined */
	char *name;
	struct addr_port local;
	char *vrf; /* device name; NULL: none */
};

/* What is routed to the device is the smallest prefix around a range. */
struct conf_range {
	struct pool_range range; /* IPv4, host order */
	struct addr net;
	uint8_t prefix_len;
};

/* pool "home" { range = { "100.64.0.2-100.64.255.254" }  quarantine = 60 }, or
 * { prefix = "..." }
 */
struct conf_pool {
	STAILQ_ENTRY(conf_pool) next;
	unsigned int line; /* where it is defined */
	char *name;
	struct conf_range ranges[POOL_RANGES_MAX];
	size_t n_ranges;
	bool whole; /* by prefix: addresses of ours in it are not lent */
	unsigned int quarantine; /* seconds */
	bool sticky;
};

/* pool6 "six" { prefix = "2001:db8:100::/40"  length = 64 } */
struct conf_pool6 {
	STAILQ_ENTRY(conf_pool6) next;
	unsigned int line; /* where it is defined */
	char *name;
	struct addr net;
	uint8_t prefix_len;
	unsigned int length; /* of what is lent */
	unsigned int quarantine; /* seconds */
	bool sticky;
};

/* radius-server "one" { address = "192.0.2.7"  secret-file = "one.secret" } */
struct conf_radius_server {
	STAILQ_ENTRY(conf_radius_server) next;
	unsigned int line; /* where it is defined */
	struct radius_server_conf server;
	uint16_t accounting_port; /* default 1813 */
	unsigned int index;
};

/* radius-group "aaa" { servers = { "one", "two" } } */
struct conf_radius_group {
	STAILQ_ENTRY(conf_radius_group) next;
	unsigned int line; /* where it is defined */
	char *name;
	struct conf_radius_server *servers[RADIUS_SERVERS_MAX]; /* then NULL */
	bool by_weight; /* false: asked in this order */
	struct radius_extra *extra; /* NULL: none */
	unsigned int index;
};

/* Whom a request of RFC 5176 may be about if it is about several. */
enum conf_several {
	CONF_SEVERAL_REFUSE,
	CONF_SEVERAL_DISCONNECT, /* their ends; no change */
	CONF_SEVERAL_ALL,
};

/* client "radius" { address = "192.0.2.7"  secret = "..." } */
struct conf_dae_client {
	STAILQ_ENTRY(conf_dae_client) next;
	unsigned int line; /* where it is defined */
	struct dae_client_conf client;
};

/* radius-dae "core" { address = "192.0.2.1"  client "..." { ... } }: where others may
 * change or end what RADIUS has granted.
 */
struct conf_dae {
	STAILQ_ENTRY(conf_dae) next;
	unsigned int line; /* where it is defined */
	char *name;
	struct addr_port local;
	char *vrf; /* device name; NULL: none */
	enum conf_several several;
	unsigned int index;
	STAILQ_HEAD(, conf_dae_client) clients;
};

/* What a LAC has negotiated. */
enum conf_proxy {
	CONF_PROXY_IGNORE, /* we negotiate, always */
	CONF_PROXY_ACCEPT, /* taken if acceptable, else we negotiate */
	CONF_PROXY_REQUIRE, /* taken if acceptable, else the session ends */
	CONF_PROXY_PROFILE, /* of a remote host: as its profile says */
};

/* How fast, and marked how: of a profile, and of a policy that RADIUS names. */
struct conf_rate {
	unsigned int rate, peak; /* kbit/s; 0: none */
	unsigned int burst, peak_burst; /* bytes; 0: what suits the rate */
};

struct conf_qos {
	struct conf_rate up, down; /* from and to the subscriber */
	bool pacing; /* down by departure times, not by a policer */
	uint32_t mark, priority; /* 0: none */
};

/* policy "gold" { rate-down = 50000  mark = 0x10 } */
struct conf_policy {
	STAILQ_ENTRY(conf_policy) next;
	unsigned int line; /* where it is defined */
	char *name;
	struct conf_qos qos;
};

/* What leads to subscribers with addresses of a pool. */
enum conf_routes {
	CONF_ROUTES_AGGREGATE, /* the pool's prefixes */
	CONF_ROUTES_HOST, /* one route for each */
	CONF_ROUTES_NONE, /* somebody else's */
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
	unsigned int sessions_per_user; /* 0: any number */
	bool replace_sessions; /* the first of them, by one too many */
	struct conf_pool *pool; /* NULL: cannot terminate IPv4 */
	/* IPv6: of links' prefixes, of IA_NA, of IA_PD; NULL: none. */
	struct conf_pool6 *pool6, *pool_address6, *pool_delegated;
	struct addr local_address6; /* family 0: none */
	struct addr dns6[ND_DNS_MAX];
	struct router_conf router;
	unsigned int mtu; /* to the subscriber, at most; 0: its MRU */
	uint16_t mss; /* as in struct kern_ip */
	struct conf_qos qos;
	struct conf_radius_group *radius; /* NULL: users of the configuration */
	struct conf_radius_group *accounting; /* NULL: none */
	unsigned int interim_interval; /* seconds; 0: none */
	char *device; /* of kind "adit"; default "adit-ppp" */
	bool own_device; /* one for each subscriber */
	char *vrf; /* device name; NULL: none */
	enum conf_routes routes;
	enum conf_proxy proxy_lcp; /* default CONF_PROXY_ACCEPT */
	bool proxy_auth; /* accept it; default true */
};

/* vlans "100-199.1-4094" { mru = 1400 }: what differs for these VLANs of a port. */
struct conf_vlans {
	STAILQ_ENTRY(conf_vlans) next;
	unsigned int line; /* where it is defined */
	uint16_t first, last; /* outer; 0: untagged */
	uint16_t inner_first, inner_last; /* 0: without one */
	struct conf_profile *profile; /* NULL: the port's */
	struct ppp_conf ppp; /* the profile's, but for the MRU */
};

/* With so many subscribers of the box, and more, PADO waits; negative: there is none. */
struct conf_pado {
	unsigned int sessions;
	int delay; /* ms */
};

#define CONF_PADO_MAX 8

/* A client that has a session wants another one. */
enum conf_duplicate {
	CONF_DUPLICATE_ALLOW,
	CONF_DUPLICATE_REPLACE, /* the old one ends */
	CONF_DUPLICATE_DENY,
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
	bool other_vlans; /* those of no `vlans` are served too */
	unsigned int max_sessions, max_per_vlan, max_per_mac; /* 0: any */
	enum conf_duplicate duplicate;
	struct conf_pado pado[CONF_PADO_MAX]; /* by sessions */
	size_t n_pado;
	/* Of Calling Numbers and connect speeds: */
	char *description; /* NULL: none */
	unsigned int slot, adapter, number;
	unsigned int speed,
		rx_speed; /* kbit/s to the client, from it; 0: same */
};

/* Parts of a Calling Number. */
enum conf_calling_part {
	CONF_CALLING_DESCRIPTIVE,
	CONF_CALLING_CIRCUIT_ID,
	CONF_CALLING_REMOTE_ID,
	CONF_CALLING_FIXED,
	CONF_CALLING_STACKED,
	CONF_CALLING_EMBEDDED,
	CONF_CALLING_NEW_FIELD,
	CONF_CALLING_INTERFACE,
	CONF_CALLING_MAC,
	CONF_CALLING_USER,
	CONF_CALLING_PARTS
};

#define CONF_CALLING_MAX 4

struct conf_calling {
	unsigned int n; /* 0: there is to be none */
	uint8_t part[CONF_CALLING_MAX];
};

/* By numbers of ERX-Tunnel-Tx-Speed-Method, less one. */
enum conf_speed {
	CONF_SPEED_STATIC, /* the port's */
	CONF_SPEED_LINE, /* as the access node says */
	CONF_SPEED_GRANTED,
	CONF_SPEED_ACTUAL, /* the least of the last two */
};

/* What the LNS is told of calls. */
struct conf_told {
	struct conf_calling calling, fallback;
	char *delimiter; /* one character */
	enum conf_speed speed;
	bool called; /* Called Number: the Service-Name asked for */
	bool line; /* RFC 5515 */
	bool nas_port; /* Cisco's AVP 100 */
	bool repeat_auth; /* the client's last word, behind ICCN */
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
	struct conf_told told;
	unsigned int preference; /* among those of a group; 0 is the best */
	unsigned int max_sessions; /* of one tunnel; 0: any */
	/* Definitions of one endpoint, remote and id share tunnels; NULL: with none. */
	char *assignment;
	void *made; /* at run time, whose owner knows; NULL: by the configuration */
	struct conf_radius_group *accounting; /* of tunnels, links; NULL: none */
};

#define CONF_GROUP_MAX 31

/* tunnel-group "carrier" { tunnels = { "a", "b" } }: one of them. */
struct conf_tunnel_group {
	STAILQ_ENTRY(conf_tunnel_group) next;
	unsigned int line; /* where it is defined */
	char *name;
	struct conf_tunnel *tunnels[CONF_GROUP_MAX + 1]; /* then NULL */
};

/* What of tunnels in an answer of RADIUS. */
enum conf_radius_tunnel {
	CONF_RADIUS_TUNNEL_ACCEPT, /* it goes through one of them */
	CONF_RADIUS_TUNNEL_IGNORE, /* it ends here all the same */
	CONF_RADIUS_TUNNEL_REQUIRE, /* without any it is refused */
};

/* rule "one" { domain = { "isp.example" }  port = { "eth1" }  tunnel = "isp" }
 * What becomes of a user of an access port: the first rule that matches says so.
 * domain "isp.example" { tunnel = "isp" } is a rule for one domain, behind those; the
 * domain "none" is that of users without one, "default" any, "*.example" what is below
 * it.
 */
struct conf_rule {
	STAILQ_ENTRY(conf_rule) next;
	unsigned int line; /* where it is defined */
	const char *kind; /* "rule", "domain" */
	char *name;
	/* NULL-ended; NULL: any. */
	const char *const *domains, *const *ports, *const *services;
	/* One of these four. */
	struct conf_tunnel *tunnel;
	struct conf_tunnel_group *group;
	bool terminate, refuse;
	struct conf_profile *profile; /* of termination; NULL: the port's */
	enum conf_radius_tunnel radius_tunnel;
	/* RADIUS is asked for the domain, with this one; NULL: it is not. */
	char *domain_password;
	bool strip_domain; /* before somebody here is asked for the user */
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
	struct conf_radius_group *accounting; /* of tunnels, links; NULL: none */
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
	struct dictionary *dictionary;
	char *hostname; /* default: the system's */
	char *state_file; /* default "/run/adit/state" */
	char *control_socket; /* default "/run/adit/ctl" */
	unsigned int max_tunnels; /* default 8000 */
	unsigned int max_sessions; /* default 60000 */
	unsigned int orphan_timeout; /* seconds; 0, default: none */
	unsigned int max_setups; /* calls at a time, 4000; tunnels: half */
	unsigned int destruct_timeout; /* seconds, default 600 */
	char *accounting_spool; /* default "/var/lib/adit/accounting" */
	unsigned int accounting_spool_size; /* MiB, default 64 */
	unsigned int accounting_rate; /* events a second, default 1000 */
	enum log_level log_level; /* error | warning | info | debug */
	bool refuse_strangers; /* StopCCN (default) or silence */
	char *domain_delimiters; /* "user@domain": default "@" */
	char *realm_delimiters; /* "realm/user"; NULL: none */
	bool realm_first; /* of a name that has both */
	unsigned int load_balancing; /* enum select_balance */
	bool failover_within; /* a level of preference first */
	unsigned int lockout_timeout; /* seconds; 0: none */
	bool lockout_test;
	unsigned int max_waiting; /* calls for one tunnel to come up */
	STAILQ_HEAD(, conf_endpoint) endpoints;
	STAILQ_HEAD(, conf_pool) pools;
	STAILQ_HEAD(, conf_pool6) pools6;
	STAILQ_HEAD(, conf_policy) policies;
	STAILQ_HEAD(, conf_profile) profiles;
	STAILQ_HEAD(, conf_port) ports;
	STAILQ_HEAD(, conf_tunnel) tunnels;
	STAILQ_HEAD(, conf_tunnel_group) tunnel_groups;
	STAILQ_HEAD(, conf_tunnel) tunnel_defaults; /* of what RADIUS makes */
	STAILQ_HEAD(conf_rules, conf_rule) rules; /* as they are looked at */
	STAILQ_HEAD(, conf_rule) domains; /* then they are behind the rules */
	STAILQ_HEAD(, conf_group) groups;
	unsigned int n_limits; /* their indices are below */
	STAILQ_HEAD(, conf_destination) destinations;
	STAILQ_HEAD(, conf_user) users;
	STAILQ_HEAD(, conf_radius_server) radius_servers;
	STAILQ_HEAD(, conf_radius_group) radius_groups;
	unsigned int n_radius_servers, n_radius_groups;
	STAILQ_HEAD(, conf_dae) daes;
	unsigned int n_daes, n_dae_clients;
};

/* NULL, with "FILE:LINE: what was expected" in err (several lines if there are
 * several errors).
 */
struct conf *conf_load(const char *path, char err[CONF_ERROR_MAX]);
void conf_free(struct conf *c);

/* Some profile, tunnel or remote host has an accounting group. */
bool conf_accounts(const struct conf *c);

/* Look-ups by name; NULL if there is none. */
struct conf_tunnel *conf_tunnel(const struct conf *c, const char *name);
struct conf_tunnel_group *conf_tunnel_group(const struct conf *c,
					    const char *name);
struct conf_endpoint *conf_endpoint(const struct conf *c, const char *name);
/* A peer by its definition's name, of tunnels and remote hosts
 * ("DESTINATION/HOST").
 */
const struct l2tp_peer *conf_peer(const struct conf *c, const char *name);
struct conf_user *conf_user(const struct conf *c, const char *name);
struct conf_port *conf_port(const struct conf *c, const char *ifname);
struct conf_policy *conf_policy(const struct conf *c, const char *name);
/* What is said of clients of these VLANs (0: none); NULL: nothing. */
const struct conf_vlans *conf_port_vlans(const struct conf_port *p,
					 uint16_t outer, uint16_t inner);
/* Whether they are served, how PPP is negotiated with them, by which profile. */
bool conf_port_serves(const struct conf_port *p, uint16_t outer,
		      uint16_t inner);
const struct ppp_conf *conf_port_ppp(const struct conf_port *p, uint16_t outer,
				     uint16_t inner);
struct conf_profile *conf_port_profile(const struct conf_port *p,
				       uint16_t outer, uint16_t inner);
struct conf_profile *conf_profile(const struct conf *c, const char *name);
/* Subscribers can end there. */
static inline bool conf_terminates(const struct conf_profile *f)
{
	return f->pool || f->ppp.network == PPP_IPV6;
}
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
