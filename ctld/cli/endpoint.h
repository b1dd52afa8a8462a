/* SPDX-License-Identifier: GPL-2.0-or-later */
/* adit endpoint: see adit(8). */
#ifndef CLI_ENDPOINT_H
#define CLI_ENDPOINT_H

#include "cli/cli.h"

extern const struct object endpoint_object;
/* What netlink says of one, but for the end of its line. */
void endpoint_fields(struct cli *c, const struct nlattr *const *tb);

#endif /* CLI_ENDPOINT_H */
