/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The object "pool" of the tool. */
#ifndef CLI_POOL_H
#define CLI_POOL_H

#include "cli/cli.h"

extern const struct object pool_object;

/* One of the daemon's records. */
void pool_fields(struct cli *c, const struct nlattr *const *tb);

#endif /* CLI_POOL_H */
