/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules across settings; conf/check calls when all values and names are there. */
#ifndef CONF_RULE_H
#define CONF_RULE_H

#include "conf/value.h"

void conf_rules(struct conf_loading *l);

#endif /* CONF_RULE_H */
