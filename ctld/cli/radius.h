/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The object "radius" of the tool. */
#ifndef CLI_RADIUS_H
#define CLI_RADIUS_H

#include "cli/cli.h"

extern const struct object radius_object;

/* One of the daemon's records. */
void radius_fields(struct cli *c, const struct nlattr *const *tb);

#endif /* CLI_RADIUS_H */
