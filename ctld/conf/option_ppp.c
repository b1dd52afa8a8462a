/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Subscribers: pools, policies, PPP profiles, users. See kind.h. */
#include "conf/kind.h"

#include "adit/wire.h"
#include <linux/adit.h>

MAKER(pool, conf, pools)
MAKER(pool6, conf, pools6)
MAKER(policy, conf, policies)
MAKER(profile, conf, profiles)
MAKER(user, conf, users)

static const struct conf_option pool_title = { "name", set_name,
					       AT(conf_pool, name),
					       .max = CONF_NAME_MAX };
static const struct conf_option pool_options[] = {
	{ "range", set_pool_ranges, .max = POOL_RANGES_MAX, .list = true },
	{ "prefix", set_pool_prefix, .min = 0 },
	{ "quarantine", set_uint, AT(conf_pool, quarantine), 0, 86400, "0" },
	{ "sticky", set_bool, AT(conf_pool, sticky), .def = "true" },
	END
};

static const struct conf_option pool6_title = { "name", set_name,
						AT(conf_pool6, name),
						.max = CONF_NAME_MAX };
static const struct conf_option pool6_options[] = {
	{ "prefix", set_pool6_prefix, .required = true },
	{ "length", set_uint, AT(conf_pool6, length), 8, 128, "64" },
	{ "quarantine", set_uint, AT(conf_pool6, quarantine), 0, 86400, "0" },
	{ "sticky", set_bool, AT(conf_pool6, sticky), .def = "true" },
	END
};

#define RATE_MAX 999999999 /* kbit/s */
#define BURST_MIN 1500

#define RATE_OPTIONS(type, way)                                                \
	{ "rate-" #way, set_uint, AT(type, qos.way.rate), 1, RATE_MAX },       \
		{ "burst-" #way, set_uint, AT(type, qos.way.burst), BURST_MIN, \
		  ADIT_BURST_MAX },                                            \
		{ "peak-rate-" #way, set_uint, AT(type, qos.way.peak), 1,      \
		  RATE_MAX },                                                  \
	{                                                                      \
		"peak-burst-" #way, set_uint, AT(type, qos.way.peak_burst),    \
			BURST_MIN, ADIT_BURST_MAX                              \
	}

#define QOS_OPTIONS(type)                                     \
	RATE_OPTIONS(type, up), RATE_OPTIONS(type, down),     \
		{ "pacing", set_bool, AT(type, qos.pacing) }, \
		{ "mark", set_u32, AT(type, qos.mark) },      \
	{                                                     \
		"priority", set_u32, AT(type, qos.priority)   \
	}

static const struct conf_option policy_title = { "name", set_name,
						 AT(conf_policy, name),
						 .max = CONF_NAME_MAX };
static const struct conf_option policy_options[] = { QOS_OPTIONS(conf_policy),
						     END };

static const struct conf_option profile_title = { "name", set_name,
						  AT(conf_profile, name),
						  .max = CONF_NAME_MAX };
static const struct conf_option profile_options[] = {
	{ "mru", set_u16, AT(conf_profile, ppp.mru), CONF_MRU_MIN,
	  CONF_MRU_MAX },
	{ "auth", set_auth, .def = "chap pap", .list = true },
	{ "auth-timeout", set_uint, AT(conf_profile, ppp.auth_timeout), 5, 300,
	  "30" },
	{ "echo-interval", set_uint, AT(conf_profile, ppp.echo_interval), 0,
	  3600, "30" },
	{ "echo-failures", set_uint, AT(conf_profile, ppp.echo_failures), 1,
	  100, "3" },
	{ "reauth-interval", set_uint, AT(conf_profile, ppp.reauth_interval), 0,
	  86400, "0" },
	{ "sessions-per-user", set_uint, AT(conf_profile, sessions_per_user), 1,
	  CONF_ID_MAX },
	{ "sessions-per-user-policy", set_choice,
	  AT(conf_profile, replace_sessions), .def = "deny",
	  .to = "deny replace", .max = 1 },
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
	{ "ipv6-pool", set_ref, AT(conf_profile, pool6), .to = "pool6" },
	{ "ipv6-address-pool", set_ref, AT(conf_profile, pool_address6),
	  .to = "pool6" },
	{ "delegated-pool", set_ref, AT(conf_profile, pool_delegated),
	  .to = "pool6" },
	{ "local-address6", set_addr6, AT(conf_profile, local_address6) },
	{ "dns6", set_servers6, AT(conf_profile, dns6), .list = true },
	{ "ra-interval", set_uint, AT(conf_profile, router.interval), 4, 1800,
	  "600" },
	{ "router-lifetime", set_uint, AT(conf_profile, router.lifetime), 0,
	  9000, "1800" },
	{ "valid-lifetime", set_uint, AT(conf_profile, router.valid), 60,
	  31536000, "86400" },
	{ "preferred-lifetime", set_uint, AT(conf_profile, router.preferred),
	  30, 31536000, "14400" },
	{ "radius-group", set_ref, AT(conf_profile, radius),
	  .to = "radius-group" },
	{ "accounting-group", set_ref, AT(conf_profile, accounting),
	  .to = "radius-group" },
	{ "interim-interval", set_uint, AT(conf_profile, interim_interval), 0,
	  86400, "600" },
	{ "device", set_device, AT(conf_profile, device), .def = "adit-ppp" },
	{ "proxy-lcp", set_proxy, AT(conf_profile, proxy_lcp),
	  .def = "accept" },
	{ "proxy-mru", set_choice, AT(conf_profile, ppp.lenient_mru),
	  .def = "strict", .to = "strict lenient", .max = 1 },
	{ "proxy-auth", set_bool, AT(conf_profile, proxy_auth), .def = "true" },
	{ "mtu", set_uint, AT(conf_profile, mtu), CONF_MRU_MIN, PPPOE_MRU_MAX },
	{ "vrf", set_device, AT(conf_profile, vrf) },
	{ "routes", set_choice, AT(conf_profile, routes), .def = "aggregate",
	  .to = "aggregate host none" },
	{ "device-per-session", set_bool, AT(conf_profile, own_device) },
	{ "mss-clamp", set_mss, AT(conf_profile, mss), .def = "on" },
	QOS_OPTIONS(conf_profile),
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

KIND(pool, "pool");
KIND(pool6, "pool6");
KIND(policy, "policy");
KIND(profile, "ppp-profile");
KIND(user, "user");
