/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Access ports. See kind.h. */
#include "conf/kind.h"

#include "adit/wire.h"

MAKER(vlans, conf_port, vlans)

static void *make_port(struct conf *c, void *parent, unsigned int line)
{
	struct conf_port *p = conf_alloc(c, sizeof(*p));

	(void)parent;
	p->line = line;
	STAILQ_INIT(&p->vlans);
	STAILQ_INSERT_TAIL(&c->ports, p, next);
	return p;
}

static const struct conf_option port_title = { "device", set_device,
					       AT(conf_port, ifname) };
static const struct conf_option port_options[] = {
	{ "ppp-profile", set_ref, AT(conf_port, profile), .to = "ppp-profile" },
	{ "profile", set_ref, AT(conf_port, profile), .to = "ppp-profile" },
	{ "mru", set_u16, AT(conf_port, ppp.mru), CONF_MRU_MIN, CONF_MRU_MAX },
	{ "ac-name", set_text, AT(conf_port, pppoe.ac_name),
	  .max = CONF_NAME_MAX },
	{ "services", set_services, .max = CONF_NAME_MAX, .list = true },
	{ "other-vlans", set_choice, AT(conf_port, other_vlans), .max = 1,
	  .def = "serve", .to = "ignore serve" },
	{ "line-tags", set_choice, AT(conf_port, pppoe.line), .max = 1,
	  .def = "accept", .to = "ignore accept" },
	{ "max-sessions", set_uint, AT(conf_port, max_sessions), 1,
	  CONF_ID_MAX },
	{ "max-sessions-per-vlan", set_uint, AT(conf_port, max_per_vlan), 1,
	  CONF_ID_MAX },
	{ "max-sessions-per-mac", set_uint, AT(conf_port, max_per_mac), 1,
	  CONF_ID_MAX },
	{ "duplicate-session", set_choice, AT(conf_port, duplicate),
	  .def = "allow", .to = "allow replace deny" },
	{ "setup-rate", set_uint, AT(conf_port, pppoe.setup_rate), 0, 10000,
	  "50" },
	{ "padt-rate", set_uint, AT(conf_port, pppoe.end_rate), 0, 10000,
	  "50" },
	{ "pado-delay", set_pado, .list = true, .min = 0 },
	{ "description", set_text, AT(conf_port, description),
	  .max = CONF_NAME_MAX },
	{ "slot", set_uint, AT(conf_port, slot), 0, 99, "0" },
	{ "adapter", set_uint, AT(conf_port, adapter), 0, 9, "0" },
	{ "port-number", set_uint, AT(conf_port, number), 0, 99, "0" },
	{ "speed", set_uint, AT(conf_port, speed), 1, 4294967, "1000000" },
	{ "receive-speed", set_uint, AT(conf_port, rx_speed), 1, 4294967 },
	END
};

static const struct conf_option vlans_title = { "range", set_vlans, .min = 0 };
static const struct conf_option vlans_options[] = {
	{ "mru", set_u16, AT(conf_vlans, ppp.mru), CONF_MRU_MIN, CONF_MRU_MAX },
	{ "ppp-profile", set_ref, AT(conf_vlans, profile),
	  .to = "ppp-profile" },
	{ "profile", set_ref, AT(conf_vlans, profile), .to = "ppp-profile" },
	END
};

static KIND(vlans, "vlans");
static const struct conf_kind *const port_inner[] = { &vlans_kind, NULL };
const struct conf_kind port_kind = { "access-port", &port_title, port_options,
				     port_inner, make_port };
