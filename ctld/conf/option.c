/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kinds of sections, and "system". See option.h. */
#include "conf/option.h"

#include "adit/wire.h"

#define PATH_LEN 4095
#define SOCKET_LEN 107 /* of a UNIX socket's address */
#define DELIMITERS 8 /* of user names */

const struct conf_kind *const no_inner[] = { NULL };

static void *make_system(struct conf *c, void *parent, unsigned int line)
{
	(void)parent;
	(void)line;
	return c;
}

static const struct conf_option system_options[] = {
	{ "hostname", set_host, AT(conf, hostname), .max = L2TP_NAME_MAX },
	{ "state-file", set_path, AT(conf, state_file), .max = PATH_LEN,
	  .def = "/run/adit/state" },
	{ "control-socket", set_path, AT(conf, control_socket),
	  .max = SOCKET_LEN, .def = "/run/adit/ctl" },
	{ "max-tunnels", set_uint, AT(conf, max_tunnels), 1, CONF_ID_MAX,
	  "8000" },
	{ "max-sessions", set_uint, AT(conf, max_sessions), 1, CONF_ID_MAX,
	  "60000" },
	{ "max-setups", set_uint, AT(conf, max_setups), 1, CONF_ID_MAX,
	  "4000" },
	{ "orphan-timeout", set_uint, AT(conf, orphan_timeout), 0, 604800,
	  "0" },
	{ "destruct-timeout", set_uint, AT(conf, destruct_timeout), 10, 3600,
	  "600" },
	{ "accounting-spool", set_path, AT(conf, accounting_spool),
	  .max = PATH_LEN, .def = "/var/lib/adit/accounting" },
	{ "accounting-spool-size", set_uint, AT(conf, accounting_spool_size), 1,
	  1024, "64" },
	{ "accounting-rate", set_uint, AT(conf, accounting_rate), 1, 100000,
	  "1000" },
	{ "dictionary", set_dictionaries, .list = true },
	{ "log-level", set_choice, AT(conf, log_level), .def = "info",
	  .to = "error warning info debug" },
	{ "strangers", set_choice, AT(conf, refuse_strangers), .def = "refuse",
	  .to = "ignore refuse", .max = 1 },
	{ "domain-delimiters", set_text, AT(conf, domain_delimiters),
	  .max = DELIMITERS, .def = "@" },
	{ "realm-delimiters", set_text, AT(conf, realm_delimiters),
	  .max = DELIMITERS },
	{ "parse-order", set_choice, AT(conf, realm_first),
	  .def = "domain-first", .to = "domain-first realm-first", .max = 1 },
	{ "load-balancing", set_choice, AT(conf, load_balancing),
	  .def = "random", .to = "random weighted fill least-loaded" },
	{ "failover-within-level", set_bool, AT(conf, failover_within) },
	{ "lockout-timeout", set_uint, AT(conf, lockout_timeout), 0, 3600,
	  "300" },
	{ "lockout-test", set_bool, AT(conf, lockout_test) },
	{ "max-waiting-calls", set_uint, AT(conf, max_waiting), 1, CONF_ID_MAX,
	  "1000" },
	END
};

static const struct conf_kind system_kind = { "system", NULL, system_options,
					      no_inner, make_system };

const struct conf_kind *const conf_kinds[] = { &system_kind,
					       &endpoint_kind,
					       &pool_kind,
					       &pool6_kind,
					       &policy_kind,
					       &profile_kind,
					       &port_kind,
					       &tunnel_kind,
					       &tunnel_group_kind,
					       &tunnel_defaults_kind,
					       &rule_kind,
					       &domain_kind,
					       &destination_kind,
					       &group_kind,
					       &user_kind,
					       &radius_server_kind,
					       &radius_group_kind,
					       &dae_kind,
					       NULL };