/* SPDX-License-Identifier: GPL-2.0-or-later */
/* adit session: see adit(8). */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "cli/cli.h"

extern const struct object session_object;
/* What netlink says of one, but for the end of its line. */
void session_fields(struct cli *c, const struct nlattr *const *tb);

#endif /* CLI_SESSION_H */
