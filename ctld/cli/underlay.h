/* SPDX-License-Identifier: GPL-2.0-or-later */
/* adit underlay: see adit(8). */
#ifndef CLI_UNDERLAY_H
#define CLI_UNDERLAY_H

#include "cli/cli.h"

extern const struct object underlay_object;
/* What netlink says of one, but for the end of its line. */
void underlay_fields(struct cli *c, const struct nlattr *const *tb);

#endif /* CLI_UNDERLAY_H */
