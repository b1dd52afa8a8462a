/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of sections and options, and how objects are made. See option.h. */
#include "conf/option.h"

#include "adit/wire.h"
#include "conf/memory.h"

#define PATH_LEN 4095
#define SOCKET_LEN 107 /* of a UNIX socket's address */
#define MRU_MIN 576
#define ID_MAX 65535 /* tunnel and session ids are 16 bits wide */

#define AT(type, member) .offset = offsetof(struct type, member)
#define END       \
	{         \
		0 \
	}

static const struct conf_kind *const nothing_inner[] = { NULL };

/* An object of the list `head` of its parent, a struct `in`. */
#define MAKER(kind, in, head)                                      \
	static void *make_##kind(struct conf *c, void *parent,     \
				 unsigned int line)                \
	{                                                          \
		struct conf_##kind *o = conf_alloc(c, sizeof(*o)); \
		struct in *p = parent;                             \
                                                                   \
		o->line = line;                                    \
		STAILQ_INSERT_TAIL(&p->head, o, next);             \
		return o;                                          \
	}

MAKER(endpoint, conf, endpoints)
MAKER(pool, conf, pools)
MAKER(profile, conf, profiles)
MAKER(vlans, conf_port, vlans)
MAKER(domain, conf, domains)
MAKER(user, conf, users)

static void *make_group(struct conf *c, void *parent, unsigned int line)
{
	struct conf_group *g = conf_alloc(c, sizeof(*g));

	(void)parent;
	g->line = line;
	g->limit.index = c->n_limits++;
	STAILQ_INSERT_TAIL(&c->groups, g, next);
	return g;
}

static void *make_radius_server(struct conf *c, void *parent, unsigned int line)
{
	struct conf_radius_server *s = conf_alloc(c, sizeof(*s));

	(void)parent;
	s->line = line;
	s->index = c->n_radius_servers++;
	STAILQ_INSERT_TAIL(&c->radius_servers, s, next);
	return s;
}

static void *make_radius_group(struct conf *c, void *parent, unsigned int line)
{
	struct conf_radius_group *g = conf_alloc(c, sizeof(*g));

	(void)parent;
	g->line = line;
	g->index = c->n_radius_groups++;
	STAILQ_INSERT_TAIL(&c->radius_groups, g, next);
	return g;
}

static void *make_system(struct conf *c, void *parent, unsigned int line)
{
	(void)parent;
	(void)line;
	return c;
}

static void *make_tunnel(struct conf *c, void *parent, unsigned int line)
{
	struct conf_tunnel *t = conf_alloc(c, sizeof(*t));

	(void)parent;
	t->line = line;
	t->peer.user = t;
	STAILQ_INSERT_TAIL(&c->tunnels, t, next);
	return t;
}

static void *make_destination(struct conf *c, void *parent, unsigned int line)
{
	struct conf_destination *d = conf_alloc(c, sizeof(*d));

	(void)parent;
	d->line = line;
	d->limit.index = c->n_limits++;
	STAILQ_INIT(&d->hosts);
	STAILQ_INSERT_TAIL(&c->destinations, d, next);
	return d;
}

static void *make_port(struct conf *c, void *parent, unsigned int line)
{
	struct conf_port *p = conf_alloc(c, sizeof(*p));

	(void)parent;
	p->line = line;
	STAILQ_INIT(&p->vlans);
	STAILQ_INSERT_TAIL(&c->ports, p, next);
	return p;
}

static void *make_remote_host(struct conf *c, void *parent, unsigned int line)
{
	struct conf_remote_host *h = conf_alloc(c, sizeof(*h));
	struct conf_destination *d = parent;

	h->line = line;
	h->peer.user = h;
	h->peer.accept_calls = true;
	h->destination = d;
	h->limit.index = c->n_limits++;
	STAILQ_INSERT_TAIL(&d->hosts, h, next);
	return h;
}

static const struct conf_option system_options[] = {
	{ "hostname", set_host, AT(conf, hostname), .max = L2TP_NAME_MAX },
	{ "state-file", set_path, AT(conf, state_file), .max = PATH_LEN,
	  .def = "/run/adit/state" },
	{ "control-socket", set_path, AT(conf, control_socket),
	  .max = SOCKET_LEN, .def = "/run/adit/ctl" },
	{ "max-tunnels", set_uint, AT(conf, max_tunnels), 1, ID_MAX, "8000" },
	{ "max-sessions", set_uint, AT(conf, max_sessions), 1, ID_MAX,
	  "60000" },
	{ "max-setups", set_uint, AT(conf, max_setups), 1, ID_MAX, "4000" },
	{ "destruct-timeout", set_uint, AT(conf, destruct_timeout), 10, 3600,
	  "600" },
	{ "log-level", set_choice, AT(conf, log_level), .def = "info",
	  .to = "error warning info debug" },
	{ "strangers", set_choice, AT(conf, refuse_strangers), .def = "refuse",
	  .to = "ignore refuse", .max = 1 },
	END
};

static const struct conf_option endpoint_title = { "name", set_name,
						   AT(conf_endpoint, name),
						   .max = CONF_NAME_MAX };
static const struct conf_option endpoint_options[] = {
	{ "address", set_addr, AT(conf_endpoint, local.addr),
	  .required = true },
	{ "port", set_u16, AT(conf_endpoint, local.port), 1, 65535, "1701" },
	{ "vrf", set_device, AT(conf_endpoint, vrf) },
	END
};

static const struct conf_option pool_title = { "name", set_name,
					       AT(conf_pool, name),
					       .max = CONF_NAME_MAX };
static const struct conf_option pool_options[] = {
	{ "range", set_pool_range, .min = 0 },
	{ "prefix", set_pool_prefix, .min = 0 },
	END
};

static const struct conf_option profile_title = { "name", set_name,
						  AT(conf_profile, name),
						  .max = CONF_NAME_MAX };
static const struct conf_option profile_options[] = {
	{ "mru", set_u16, AT(conf_profile, ppp.mru), MRU_MIN, PPPOE_MRU_MAX },
	{ "auth", set_auth, .def = "chap pap", .list = true },
	{ "auth-timeout", set_uint, AT(conf_profile, ppp.auth_timeout), 5, 300,
	  "30" },
	{ "echo-interval", set_uint, AT(conf_profile, ppp.echo_interval), 0,
	  3600, "30" },
	{ "echo-failures", set_uint, AT(conf_profile, ppp.echo_failures), 1,
	  100, "3" },
	{ "reauth-interval", set_uint, AT(conf_profile, ppp.reauth_interval), 0,
	  86400, "0" },
	{ "session-timeout", set_uint, AT(conf_profile, session_timeout), 0,
	  31536000, "0" },
	{ "idle-timeout", set_uint, AT(conf_profile, idle_timeout), 0, 31536000,
	  "0" },
	{ "local-address", set_addr4, AT(conf_profile, local_address) },
	{ "dns", set_servers, AT(conf_profile, dns), .list = true },
	{ "nbns", set_servers, AT(conf_profile, nbns), .list = true },
	{ "network", set_network, AT(conf_profile, ppp.network), .def = "ipv4",
	  .list = true },
	{ "pool", set_ref, AT(conf_profile, pool), .to = "pool" },
	{ "radius-group", set_ref, AT(conf_profile, radius),
	  .to = "radius-group" },
	{ "device", set_device, AT(conf_profile, device), .def = "adit-ppp" },
	{ "proxy-lcp", set_proxy, AT(conf_profile, proxy_lcp),
	  .def = "accept" },
	{ "proxy-mru", set_choice, AT(conf_profile, ppp.lenient_mru),
	  .def = "strict", .to = "strict lenient", .max = 1 },
	{ "proxy-auth", set_bool, AT(conf_profile, proxy_auth), .def = "true" },
	END
};

static const struct conf_option port_title = { "device", set_device,
					       AT(conf_port, ifname) };
static const struct conf_option port_options[] = {
	{ "ppp-profile", set_ref, AT(conf_port, profile), .to = "ppp-profile" },
	{ "profile", set_ref, AT(conf_port, profile), .to = "ppp-profile" },
	{ "mru", set_u16, AT(conf_port, ppp.mru), MRU_MIN, PPPOE_MRU_MAX },
	{ "ac-name", set_text, AT(conf_port, pppoe.ac_name),
	  .max = CONF_NAME_MAX },
	{ "services", set_services, .max = CONF_NAME_MAX, .list = true },
	END
};

static const struct conf_option vlans_title = { "range", set_vlans, .min = 0 };
static const struct conf_option vlans_options[] = {
	{ "mru", set_u16, AT(conf_vlans, ppp.mru), MRU_MIN, PPPOE_MRU_MAX,
	  .required = true },
	END
};

/* Of a peer, be it called or calling. */
#define PEER_OPTIONS(type)                                                         \
	{ "local-name", set_host, AT(type, peer.local_name),                       \
	  .max = L2TP_NAME_MAX },                                                  \
		{ "secret", set_secret, AT(type, peer.secret),                     \
		  .hidden = true },                                                \
		{ "secret-file", set_secret_file, AT(type, peer.secret) },         \
		{ "window", set_u16, AT(type, peer.window), 4, 128, "16" },        \
		{ "hello", set_uint, AT(type, peer.hello), 0, 3600, "60" },        \
		{ "hide-avps", set_bool, AT(type, peer.hide_avps) },               \
		{ "idle-timeout", set_uint, AT(type, peer.idle), 0, 86400, "60" }, \
		{ "require-ipsec", set_bool, AT(type, peer.require_ipsec) },       \
		{ "retries", set_uint, AT(type, peer.retries), 2, 7, "5" },        \
		{ "setup-retries",                                                 \
		  set_uint,                                                        \
		  AT(type, peer.setup_retries),                                    \
		  2,                                                               \
		  7,                                                               \
		  "2" },                                                           \
	{                                                                          \
		"retransmit-cap", set_uint, AT(type, peer.retransmit_cap), 8,      \
			60, "8"                                                    \
	}

static const struct conf_option tunnel_title = { "name", set_name,
						 AT(conf_tunnel, peer.name),
						 .max = CONF_NAME_MAX };
static const struct conf_option tunnel_options[] = {
	{ "endpoint", set_ref, AT(conf_tunnel, endpoint), .to = "endpoint",
	  .required = true },
	{ "remote", set_addr, AT(conf_tunnel, remote.addr), .required = true },
	{ "port", set_u16, AT(conf_tunnel, remote.port), 1, 65535, "1701" },
	{ "short-drain-timeout", set_uint, AT(conf_tunnel, peer.short_drain), 0,
	  31, "2" },
	{ "remote-name", set_host, AT(conf_tunnel, peer.remote_name),
	  .max = L2TP_NAME_MAX },
	{ "sequencing", set_bool, AT(conf_tunnel, peer.sequencing) },
	{ "tie-breaker", set_bool, AT(conf_tunnel, peer.tie_breaker) },
	{ "address-change", set_choice, AT(conf_tunnel, peer.address_change),
	  .def = "accept", .to = "accept ignore reject" },
	{ "port-change", set_choice, AT(conf_tunnel, peer.port_change),
	  .def = "accept", .to = "accept ignore reject" },
	PEER_OPTIONS(conf_tunnel),
	END
};

static const struct conf_option domain_title = { "name", set_domain,
						 AT(conf_domain, name),
						 .max = PPP_NAME_MAX };
static const struct conf_option domain_options[] = {
	{ "tunnel", set_ref, AT(conf_domain, tunnel), .to = "tunnel" },
	{ "terminate", set_bool, AT(conf_domain, terminate) },
	{ "ppp-profile", set_ref, AT(conf_domain, profile),
	  .to = "ppp-profile" },
	{ "profile", set_ref, AT(conf_domain, profile), .to = "ppp-profile" },
	END
};

static const struct conf_option host_title = {
	"name", set_host, AT(conf_remote_host, peer.remote_name),
	.max = L2TP_NAME_MAX
};
static const struct conf_option host_options[] = {
	{ "max-sessions", set_uint, AT(conf_remote_host, limit.max), 1,
	  ID_MAX },
	{ "session-limit-group", set_ref, AT(conf_remote_host, group),
	  .to = "session-limit-group" },
	{ "out-of-resource-result", set_full_result,
	  AT(conf_remote_host, peer.full_result), .def = "4" },
	{ "single-shot", set_bool, AT(conf_remote_host, peer.single_shot) },
	{ "proxy-lcp", set_host_proxy, AT(conf_remote_host, proxy_lcp),
	  .max = CONF_PROXY_REQUIRE, .def = "profile" },
	{ "proxy-auth", set_host_proxy, AT(conf_remote_host, proxy_auth),
	  .max = CONF_PROXY_ACCEPT, .def = "profile" },
	{ "disconnect-cause", set_bool,
	  AT(conf_remote_host, peer.disconnect_cause) },
	{ "ppp-profile", set_ref, AT(conf_remote_host, profile),
	  .to = "ppp-profile" },
	{ "profile", set_ref, AT(conf_remote_host, profile),
	  .to = "ppp-profile" },
	PEER_OPTIONS(conf_remote_host),
	END
};

static const struct conf_option destination_title = {
	"name", set_name, AT(conf_destination, name), .max = CONF_NAME_MAX
};
static const struct conf_option destination_options[] = {
	{ "endpoint", set_ref, AT(conf_destination, endpoint),
	  .to = "endpoint" },
	{ "address", set_net, .required = true },
	{ "max-sessions", set_uint, AT(conf_destination, limit.max), 1,
	  ID_MAX },
	END
};

static const struct conf_option group_title = { "name", set_name,
						AT(conf_group, name),
						.max = CONF_NAME_MAX };
static const struct conf_option group_options[] = {
	{ "max-sessions", set_uint, AT(conf_group, limit.max), 1, ID_MAX,
	  .required = true },
	END
};

static const struct conf_option user_title = { "name", set_text,
					       AT(conf_user, name),
					       .max = PPP_NAME_MAX };
static const struct conf_option user_options[] = {
	{ "password", set_secret, AT(conf_user, password), .hidden = true },
	{ "password-file", set_secret_file, AT(conf_user, password) },
	{ "address", set_addr4, AT(conf_user, address) },
	END
};

static const struct conf_option radius_server_title = {
	"name", set_name, AT(conf_radius_server, server.name),
	.max = CONF_NAME_MAX
};
static const struct conf_option radius_server_options[] = {
	{ "address", set_addr, AT(conf_radius_server, server.remote.addr),
	  .required = true },
	{ "port", set_u16, AT(conf_radius_server, server.remote.port), 1, 65535,
	  "1812" },
	{ "source", set_addr, AT(conf_radius_server, server.source) },
	{ "secret", set_secret, AT(conf_radius_server, server.secret),
	  .hidden = true },
	{ "secret-file", set_secret_file,
	  AT(conf_radius_server, server.secret) },
	{ "timeout", set_uint, AT(conf_radius_server, server.timeout), 1, 30,
	  "2" },
	{ "tries", set_uint, AT(conf_radius_server, server.tries), 1, 10, "3" },
	{ "dead-time", set_uint, AT(conf_radius_server, server.dead_time), 1,
	  3600, "60" },
	{ "request-limit", set_uint, AT(conf_radius_server, server.limit), 1,
	  RADIUS_SOCKETS_MAX *RADIUS_IDS, "1024" },
	{ "message-authenticator", set_choice,
	  AT(conf_radius_server, server.message_authenticator), .def = "auto",
	  .to = "auto require off" },
	END
};

static const struct conf_option radius_group_title = {
	"name", set_name, AT(conf_radius_group, name), .max = CONF_NAME_MAX
};
static const struct conf_option radius_group_options[] = {
	{ "servers", set_refs, AT(conf_radius_group, servers),
	  .max = RADIUS_SERVERS_MAX, .to = "radius-server", .list = true,
	  .required = true },
	END
};

#define KIND(id, word)                                                 \
	static const struct conf_kind id##_kind = { word, &id##_title, \
						    id##_options,      \
						    nothing_inner, make_##id }

KIND(endpoint, "endpoint");
KIND(pool, "pool");
KIND(profile, "ppp-profile");
KIND(vlans, "vlans");
KIND(tunnel, "tunnel");
KIND(domain, "domain");
KIND(user, "user");
KIND(group, "session-limit-group");
KIND(radius_server, "radius-server");
KIND(radius_group, "radius-group");

static const struct conf_kind system_kind = { "system", NULL, system_options,
					      nothing_inner, make_system };
static const struct conf_kind host_kind = { "remote-host", &host_title,
					    host_options, nothing_inner,
					    make_remote_host };
static const struct conf_kind *const port_inner[] = { &vlans_kind, NULL };
static const struct conf_kind port_kind = { "access-port", &port_title,
					    port_options, port_inner,
					    make_port };
static const struct conf_kind *const destination_inner[] = { &host_kind, NULL };
static const struct conf_kind destination_kind = {
	"destination-profile", &destination_title, destination_options,
	destination_inner, make_destination
};

const struct conf_kind *const conf_kinds[] = {
	&system_kind, &endpoint_kind, &pool_kind,	   &profile_kind,
	&port_kind,   &tunnel_kind,   &destination_kind,   &domain_kind,
	&group_kind,  &user_kind,     &radius_server_kind, &radius_group_kind,
	NULL
};
