/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Endpoints, tunnels of ours, and who may come. See kind.h. */
#include "conf/kind.h"

#include "adit/wire.h"

#define PREFERENCE_MAX 7

MAKER(endpoint, conf, endpoints)
MAKER(tunnel_group, conf, tunnel_groups)

static void *make_group(struct conf *c, void *parent, unsigned int line)
{
	struct conf_group *g = conf_alloc(c, sizeof(*g));

	(void)parent;
	g->line = line;
	g->limit.index = c->n_limits++;
	STAILQ_INSERT_TAIL(&c->groups, g, next);
	return g;
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

static void *make_tunnel_defaults(struct conf *c, void *parent,
				  unsigned int line)
{
	struct conf_tunnel *t = conf_alloc(c, sizeof(*t));

	(void)parent;
	t->line = line;
	STAILQ_INSERT_TAIL(&c->tunnel_defaults, t, next);
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
		{ "dscp", set_dscp, AT(type, peer.dscp), 0, 63, "0" },             \
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
/* What the LNS is told of a call. */
#define TOLD_OPTIONS                                                          \
	{ "calling-number", set_calling, AT(conf_tunnel, told.calling),       \
	  .def = "descriptive", .list = true },                               \
		{ "calling-number-fallback", set_calling,                     \
		  AT(conf_tunnel, told.fallback), .def = "descriptive",       \
		  .list = true },                                             \
		{ "calling-number-delimiter", set_text,                       \
		  AT(conf_tunnel, told.delimiter), .max = 1, .def = "#" },    \
		{ "called-number",                                            \
		  set_choice,                                                 \
		  AT(conf_tunnel, told.called),                               \
		  .max = 1,                                                   \
		  .def = "service-name",                                      \
		  .to = "none service-name" },                                \
		{ "connect-speed", set_choice, AT(conf_tunnel, told.speed),   \
		  .def = "static", .to = "static line granted actual" },      \
		{ "access-line-avps", set_bool, AT(conf_tunnel, told.line) }, \
		{ "cisco-nas-port", set_bool,                                 \
		  AT(conf_tunnel, told.nas_port) },                           \
	{                                                                     \
		"repeat-authentication", set_bool,                            \
			AT(conf_tunnel, told.repeat_auth)                     \
	}

#define TUNNEL_OPTIONS                                                        \
	{ "endpoint", set_ref, AT(conf_tunnel, endpoint), .to = "endpoint",   \
	  .required = true },                                                 \
		{ "port", set_u16, AT(conf_tunnel, remote.port),              \
		  1,	  65535,   "1701" },                                  \
		{ "short-drain-timeout",                                      \
		  set_uint,                                                   \
		  AT(conf_tunnel, peer.short_drain),                          \
		  0,                                                          \
		  31,                                                         \
		  "2" },                                                      \
		{ "remote-name", set_host, AT(conf_tunnel, peer.remote_name), \
		  .max = L2TP_NAME_MAX },                                     \
		{ "sequencing", set_bool, AT(conf_tunnel, peer.sequencing) }, \
		{ "tie-breaker", set_bool,                                    \
		  AT(conf_tunnel, peer.tie_breaker) },                        \
		{ "address-change", set_choice,                               \
		  AT(conf_tunnel, peer.address_change), .def = "accept",      \
		  .to = "accept ignore reject" },                             \
		{ "port-change", set_choice,                                  \
		  AT(conf_tunnel, peer.port_change), .def = "accept",         \
		  .to = "accept ignore reject" },                             \
		{ "preference",	  set_uint, AT(conf_tunnel, preference), 0,   \
		  PREFERENCE_MAX, "0" },                                      \
		{ "max-sessions", set_uint, AT(conf_tunnel, max_sessions), 1, \
		  CONF_ID_MAX },                                              \
		{ "accounting-group", set_ref, AT(conf_tunnel, accounting),   \
		  .to = "radius-group" },                                     \
		TOLD_OPTIONS, PEER_OPTIONS(conf_tunnel)

static const struct conf_option tunnel_options[] = {
	{ "remote", set_addr, AT(conf_tunnel, remote.addr), .required = true },
	{ "assignment-id", set_host, AT(conf_tunnel, assignment),
	  .max = CONF_NAME_MAX },
	TUNNEL_OPTIONS,
	END
};

/* Of tunnels that RADIUS describes, what it does not say. */
static const struct conf_option tunnel_defaults_options[] = { TUNNEL_OPTIONS,
							      END };

static const struct conf_option tunnel_group_title = {
	"name", set_name, AT(conf_tunnel_group, name), .max = CONF_NAME_MAX
};
static const struct conf_option tunnel_group_options[] = {
	{ "tunnels", set_refs, AT(conf_tunnel_group, tunnels),
	  .max = CONF_GROUP_MAX, .to = "tunnel", .list = true,
	  .required = true },
	END
};

static const struct conf_option host_title = {
	"name", set_host, AT(conf_remote_host, peer.remote_name),
	.max = L2TP_NAME_MAX
};
static const struct conf_option host_options[] = {
	{ "max-sessions", set_uint, AT(conf_remote_host, limit.max), 1,
	  CONF_ID_MAX },
	{ "session-limit-group", set_ref, AT(conf_remote_host, group),
	  .to = "session-limit-group" },
	{ "accounting-group", set_ref, AT(conf_remote_host, accounting),
	  .to = "radius-group" },
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
	  CONF_ID_MAX },
	END
};

static const struct conf_option group_title = { "name", set_name,
						AT(conf_group, name),
						.max = CONF_NAME_MAX };
static const struct conf_option group_options[] = {
	{ "max-sessions", set_uint, AT(conf_group, limit.max), 1, CONF_ID_MAX,
	  .required = true },
	END
};

KIND(endpoint, "endpoint");
KIND(tunnel, "tunnel");
KIND(tunnel_group, "tunnel-group");
KIND(group, "session-limit-group");

const struct conf_kind tunnel_defaults_kind = {
	"tunnel-defaults", &tunnel_title, tunnel_defaults_options, no_inner,
	make_tunnel_defaults
};
static const struct conf_kind host_kind = { "remote-host", &host_title,
					    host_options, no_inner,
					    make_remote_host };
static const struct conf_kind *const destination_inner[] = { &host_kind, NULL };
const struct conf_kind destination_kind = {
	"destination-profile", &destination_title, destination_options,
	destination_inner, make_destination
};
