/* SPDX-License-Identifier: GPL-2.0-or-later */
/* adit subscriber: see adit(8). */
#ifndef CLI_SUBSCRIBER_H
#define CLI_SUBSCRIBER_H

#include "cli/cli.h"

extern const struct object subscriber_object;
/* A record of the daemon's, but for the end of its line. */
void subscriber_fields(struct cli *c, const struct nlattr *const *tb);

#endif /* CLI_SUBSCRIBER_H */
