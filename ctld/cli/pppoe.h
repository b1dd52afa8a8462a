/* SPDX-License-Identifier: GPL-2.0-or-later */
/* adit pppoe: see adit(8). */
#ifndef CLI_PPPOE_H
#define CLI_PPPOE_H

#include "cli/cli.h"

extern const struct object pppoe_object;
/* What netlink says of one, but for the end of its line. */
void pppoe_fields(struct cli *c, const struct nlattr *const *tb);

#endif /* CLI_PPPOE_H */
