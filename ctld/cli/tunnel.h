/* SPDX-License-Identifier: GPL-2.0-or-later */
/* adit tunnel: see adit(8). */
#ifndef CLI_TUNNEL_H
#define CLI_TUNNEL_H

#include "cli/cli.h"

extern const struct object tunnel_object;
/* What netlink says of one, but for the end of its line. */
void tunnel_fields(struct cli *c, const struct nlattr *const *tb);

#endif /* CLI_TUNNEL_H */
