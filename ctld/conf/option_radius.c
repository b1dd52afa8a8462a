/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RADIUS: servers, groups, who may change sessions. See kind.h. */
#include "conf/kind.h"

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

static void *make_dae(struct conf *c, void *parent, unsigned int line)
{
	struct conf_dae *d = conf_alloc(c, sizeof(*d));

	(void)parent;
	d->line = line;
	d->index = c->n_daes++;
	STAILQ_INIT(&d->clients);
	STAILQ_INSERT_TAIL(&c->daes, d, next);
	return d;
}

static void *make_dae_client(struct conf *c, void *parent, unsigned int line)
{
	struct conf_dae_client *o = conf_alloc(c, sizeof(*o));
	struct conf_dae *d = parent;

	o->line = line;
	c->n_dae_clients++;
	STAILQ_INSERT_TAIL(&d->clients, o, next);
	return o;
}

static const struct conf_option radius_server_title = {
	"name", set_name, AT(conf_radius_server, server.name),
	.max = CONF_NAME_MAX
};
static const struct conf_option radius_server_options[] = {
	{ "address", set_radius_address, AT(conf_radius_server, server),
	  .required = true },
	{ "port", set_u16, AT(conf_radius_server, server.remote.port), 1, 65535,
	  "1812" },
	{ "accounting-port", set_u16, AT(conf_radius_server, accounting_port),
	  1, 65535, "1813" },
	{ "source", set_addr_or_any, AT(conf_radius_server, server.source) },
	{ "vrf", set_device, AT(conf_radius_server, server.vrf) },
	{ "secret", set_secret, AT(conf_radius_server, server.secret),
	  .hidden = true },
	{ "secret-file", set_secret_file,
	  AT(conf_radius_server, server.secret) },
	{ "timeout", set_uint, AT(conf_radius_server, server.timeout), 1, 30,
	  "2" },
	{ "tries", set_uint, AT(conf_radius_server, server.tries), 1, 10, "3" },
	{ "dead-time", set_uint, AT(conf_radius_server, server.dead_time), 1,
	  3600, "60" },
	{ "status-server", set_bool,
	  AT(conf_radius_server, server.status_server), .def = "false" },
	{ "probe-interval", set_uint,
	  AT(conf_radius_server, server.probe_interval), 1, 3600, "10" },
	{ "weight", set_uint, AT(conf_radius_server, server.weight), 1,
	  RADIUS_WEIGHT_MAX, "1" },
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
	{ "load-balancing", set_choice, AT(conf_radius_group, by_weight),
	  .def = "order", .to = "order weight", .max = 1 },
	{ "attributes", set_attributes, AT(conf_radius_group, extra),
	  .list = true },
	{ "exclude", set_left_out, AT(conf_radius_group, extra), .list = true },
	END
};

static const struct conf_option dae_title = { "name", set_name,
					      AT(conf_dae, name),
					      .max = CONF_NAME_MAX };
static const struct conf_option dae_options[] = {
	{ "address", set_addr_or_any, AT(conf_dae, local.addr),
	  .required = true },
	{ "port", set_u16, AT(conf_dae, local.port), 1, 65535, "3799" },
	{ "vrf", set_device, AT(conf_dae, vrf) },
	{ "several", set_choice, AT(conf_dae, several), .def = "disconnect",
	  .to = "refuse disconnect all" },
	END
};

static const struct conf_option dae_client_title = {
	"name", set_name, AT(conf_dae_client, client.name), .max = CONF_NAME_MAX
};
static const struct conf_option dae_client_options[] = {
	{ "address", set_client_net, AT(conf_dae_client, client.net),
	  .required = true },
	{ "secret", set_secret, AT(conf_dae_client, client.secret),
	  .hidden = true },
	{ "secret-file", set_secret_file, AT(conf_dae_client, client.secret) },
	{ "rate", set_uint, AT(conf_dae_client, client.rate), 1, 100000,
	  "5000" },
	{ "window", set_uint, AT(conf_dae_client, client.window), 10, 3600,
	  "300" },
	{ "message-authenticator", set_choice,
	  AT(conf_dae_client, client.need_message_authenticator), .def = "auto",
	  .to = "auto require", .max = 1 },
	{ "timestamp", set_choice, AT(conf_dae_client, client.need_timestamp),
	  .def = "auto", .to = "auto require", .max = 1 },
	{ "disconnect", set_bool, AT(conf_dae_client, client.disconnect),
	  .def = "true" },
	{ "coa", set_bool, AT(conf_dae_client, client.coa), .def = "true" },
	END
};

KIND(radius_server, "radius-server");
KIND(radius_group, "radius-group");

static const struct conf_kind dae_client_kind = { "client", &dae_client_title,
						  dae_client_options, no_inner,
						  make_dae_client };
static const struct conf_kind *const dae_inner[] = { &dae_client_kind, NULL };
const struct conf_kind dae_kind = { "radius-dae", &dae_title, dae_options,
				    dae_inner, make_dae };
