/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules of IPv6, called by conf/rule: pools of prefixes, what profiles take of them. */
#ifndef CONF_RULE6_H
#define CONF_RULE6_H

#include "conf/value.h"

void conf_rules6(struct conf_loading *l);

#endif /* CONF_RULE6_H */
