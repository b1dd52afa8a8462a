/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What becomes of a user of an access port: the name taken apart, and the first rule
 * of the configuration that matches.
 */
#ifndef CONF_DECIDE_H
#define CONF_DECIDE_H

#include "conf/conf.h"

/* "user@domain" by the last delimiter, "realm/user" by the first one. */
struct conf_user_name {
	bool has_domain; /* or realm */
	char domain[PPP_NAME_MAX + 1];
	char user[PPP_NAME_MAX + 1]; /* without it */
};

struct conf_who {
	const char *name; /* as it says it */
	const char *port; /* device */
	const char *service; /* Service-Name; "": none */
};

void conf_parse_name(const struct conf *c, const char *name,
		     struct conf_user_name *out);
/* NULL: no rule matches, PPP ends here with the port's profile. */
const struct conf_rule *conf_decide(const struct conf *c,
				    const struct conf_who *who,
				    struct conf_user_name *name);

#endif /* CONF_DECIDE_H */
