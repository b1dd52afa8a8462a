/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where users go: rules, and domains, which are rules. See kind.h. */
#include "conf/kind.h"

#include "adit/wire.h"

static void *make_rule(struct conf *c, void *parent, unsigned int line)
{
	struct conf_rule *r = conf_alloc(c, sizeof(*r));

	(void)parent;
	r->line = line;
	r->kind = "rule";
	STAILQ_INSERT_TAIL(&c->rules, r, next);
	return r;
}

static void *make_domain(struct conf *c, void *parent, unsigned int line)
{
	struct conf_rule *r = conf_alloc(c, sizeof(*r));

	(void)parent;
	r->line = line;
	r->kind = "domain";
	STAILQ_INSERT_TAIL(&c->domains, r, next);
	return r;
}

/* What becomes of a user. */
#define RULE_OPTIONS                                                         \
	{ "tunnel", set_ref, AT(conf_rule, tunnel), .to = "tunnel" },        \
		{ "tunnel-group", set_ref, AT(conf_rule, group),             \
		  .to = "tunnel-group" },                                    \
		{ "terminate", set_bool, AT(conf_rule, terminate) },         \
		{ "refuse", set_bool, AT(conf_rule, refuse) },               \
		{ "ppp-profile", set_ref, AT(conf_rule, profile),            \
		  .to = "ppp-profile" },                                     \
		{ "profile", set_ref, AT(conf_rule, profile),                \
		  .to = "ppp-profile" },                                     \
		{ "radius-tunnel", set_choice, AT(conf_rule, radius_tunnel), \
		  .def = "accept", .to = "accept ignore require" },          \
		{ "domain-password", set_secret,                             \
		  AT(conf_rule, domain_password), .hidden = true },          \
		{ "domain-password-file", set_secret_file,                   \
		  AT(conf_rule, domain_password) },                          \
	{                                                                    \
		"strip-domain", set_bool, AT(conf_rule, strip_domain)        \
	}

static const struct conf_option rule_title = { "name", set_name,
					       AT(conf_rule, name),
					       .max = CONF_NAME_MAX };
static const struct conf_option rule_options[] = {
	{ "domain", set_domains, AT(conf_rule, domains), .max = PPP_NAME_MAX,
	  .list = true },
	{ "port", set_texts, AT(conf_rule, ports), .max = CONF_NAME_MAX,
	  .list = true },
	{ "service", set_texts, AT(conf_rule, services), .max = CONF_NAME_MAX,
	  .list = true },
	RULE_OPTIONS,
	END
};

static const struct conf_option domain_title = { "name", set_domain,
						 AT(conf_rule, name),
						 .max = PPP_NAME_MAX };
static const struct conf_option domain_options[] = { RULE_OPTIONS, END };

KIND(rule, "rule");
KIND(domain, "domain");
