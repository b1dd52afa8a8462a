/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Configurations that are taken, for the tests of what is in them. */
#ifndef TESTS_CONF_GOOD_H
#define TESTS_CONF_GOOD_H

#include "conf/decide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after what it needs */
#include <cmocka.h>

static inline struct conf *load(const char *path)
{
	char err[CONF_ERROR_MAX];
	struct conf *c = conf_load(path, err);

	if (!c)
		fail_msg("%s", err);
	assert_string_equal(err, "");
	return c;
}

static inline const struct conf_rule *rule_of(const struct conf *c,
					      const char *user)
{
	struct conf_who who = { .name = user, .port = "eth1", .service = "" };
	struct conf_user_name name;

	return conf_decide(c, &who, &name);
}

#endif /* TESTS_CONF_GOOD_H */
