/* SPDX-License-Identifier: GPL-2.0-or-later */
/* adit destination. */
#ifndef CLI_DESTINATION_H
#define CLI_DESTINATION_H

#include "cli/cli.h"

extern const struct object destination_object;

/* One of the daemon's records. */
void destination_fields(struct cli *c, const struct nlattr *const *tb);

#endif /* CLI_DESTINATION_H */
