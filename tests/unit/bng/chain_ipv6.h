/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The chain with IPv6: an LNS with pools of prefixes, and what a subscriber has of them
 * without one. Tests include it once each.
 */
#ifndef TESTS_BNG_CHAIN_IPV6_H
#define TESTS_BNG_CHAIN_IPV6_H

#include "bng/chain.h"

#define POOLS(n)                                                            \
	"pool6 \"links\" { prefix = \"2001:db8:100::/" n "\" }\n"           \
	"pool6 \"hosts\" { prefix = \"2001:db8:7::/64\" length = 128 }\n"   \
	"pool6 \"sites\" { prefix = \"2001:db8:8000::/40\" length = 56 }\n" \
	"endpoint \"core\" { address = \"198.51.100.2\" }\n"                \
	"destination-profile \"carrier\" { address = \"192.0.2.1\"\n"       \
	"  remote-host \"lac1\" { secret = \"s3cret\"\n"                    \
	"    ppp-profile = \"home\" } }\n"                                  \
	"user \"user@isp.example\" { password = \"secret\" }\n"             \
	"user \"ann@isp.example\" { password = \"pear\" }\n"
#define OPTIONS                                                           \
	"  auth = { \"chap\" } echo-interval = 0 ipv6-pool = \"links\"\n" \
	"  ipv6-address-pool = \"hosts\" delegated-pool = \"sites\"\n"    \
	"  dns6 = { \"2001:db8::53\" } }\n"
#define BOTH(n)                                          \
	POOLS(n)                                         \
	"pool \"home\" { prefix = \"100.64.0.0/24\" }\n" \
	"ppp-profile \"home\" { pool = \"home\"\n"       \
	"  local-address = \"100.64.0.1\" network = { \"ipv4\", \"ipv6\" }\n" OPTIONS

static const char both[] = BOTH("40");

static struct kern_prefix parse_prefix(const char *text, uint8_t len)
{
	struct kern_prefix p = { .len = len };

	assert_int_equal(addr_parse(text, &p.net), 0);
	return p;
}

static struct aaa_prefix granted(const char *text, uint8_t len)
{
	struct kern_prefix p = parse_prefix(text, len);

	return (struct aaa_prefix){ p.net, p.len };
}

static unsigned int lent(void)
{
	unsigned int n = 0;

	for (size_t i = 0; i < net.lns.box.pools6.n; i++)
		n += prefix_pool_used(net.lns.box.pools6.all[i].pool);
	return n;
}

static struct prefix_pool *pool_named(const char *name)
{
	const struct pool6_all *p = &net.lns.box.pools6;

	for (size_t i = 0; i < p->n; i++)
		if (!strcmp(p->all[i].conf->name, name))
			return p->all[i].pool;
	return NULL;
}

static const struct router_ops no_router;

/* Of the LNS's profile, and of no subscriber. */
static struct ipv6 *bare(void)
{
	struct box *b = &net.lns.box;
	struct ipv6 *v =
		ipv6_new(b, conf_profile(b->conf, "home"), &no_router, NULL);

	assert_non_null(v);
	return v;
}

#endif /* TESTS_BNG_CHAIN_IPV6_H */
