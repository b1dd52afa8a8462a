// SPDX-License-Identifier: GPL-2.0-or-later
/* Which rule a subscriber finds, and what of its name is user and what domain. */
#include "conf/good.h"

#include <string.h>

static const char *decide(const struct conf *c, const char *user,
			  const char *port, const char *service)
{
	struct conf_who who = { .name = user,
				.port = port,
				.service = service };
	const struct conf_rule *r;
	struct conf_user_name name;

	r = conf_decide(c, &who, &name);
	return r ? r->name : "";
}

/* All that a rule names has to match; the first that does counts. */
static void rule_values(void **state)
{
	struct conf *c = load("tests/conf/all.conf");
	const struct conf_rule *r;

	(void)state;
	assert_string_equal(decide(c, "x@gold.example", "eth1", "internet"),
			    "gold");
	assert_string_equal(decide(c, "x@a.GOLD.example", "eth1", "internet"),
			    "gold");
	assert_string_equal(decide(c, "x@gold.example", "eth2", "internet"),
			    "default");
	assert_string_equal(decide(c, "x@gold.example", "eth1", "Internet"),
			    "default");
	assert_string_equal(decide(c, "x@gold.example", "eth1", ""), "default");
	r = rule_of(c, "x@bad.example");
	assert_true(r->refuse);
	r = rule_of(c, "x@asked.example");
	assert_string_equal(r->domain_password, "cisco");
	assert_int_equal(r->radius_tunnel, CONF_RADIUS_TUNNEL_REQUIRE);
	assert_true(r->strip_domain && r->terminate);
	conf_free(c);
}

static void name_is(const struct conf *c, const char *name, const char *user,
		    const char *domain)
{
	struct conf_user_name n;

	conf_parse_name(c, name, &n);
	assert_string_equal(n.user, user);
	assert_string_equal(n.domain, domain ? domain : "");
	assert_int_equal(n.has_domain, domain != NULL);
}

static void user_names(void **state)
{
	struct conf *c = load("tests/conf/all.conf");
	char name[PPP_NAME_MAX + 1];

	(void)state;
	/* delimiters "@%" and "/", realm first */
	name_is(c, "a@b", "a", "b");
	name_is(c, "a@b%c", "a@b", "c");
	name_is(c, "r/a", "a", "r");
	name_is(c, "r/a@b", "a@b", "r");
	name_is(c, "r/s/a", "s/a", "r");
	name_is(c, "/a", "a", "");
	name_is(c, "a", "a", NULL);
	name_is(c, "", "", NULL);
	name_is(c, "@", "", "");
	memset(name, 'x', PPP_NAME_MAX);
	name[PPP_NAME_MAX] = 0;
	name_is(c, name, name, NULL);
	conf_free(c);

	c = load("tests/conf/empty.conf"); /* "@", and no realm */
	name_is(c, "r/a@b", "r/a", "b");
	name_is(c, "a%b", "a%b", NULL);
	conf_free(c);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(rule_values),
		cmocka_unit_test(user_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
