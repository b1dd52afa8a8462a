/* SPDX-License-Identifier: GPL-2.0-or-later */
/* adit port: see adit(8). */
#ifndef CLI_PORT_H
#define CLI_PORT_H

#include "cli/cli.h"

extern const struct object port_object;
/* What netlink says of one, but for the end of its line. */
void port_fields(struct cli *c, const struct nlattr *const *tb);

#endif /* CLI_PORT_H */
