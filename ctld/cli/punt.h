/* SPDX-License-Identifier: GPL-2.0-or-later */
/* adit punt, adit ration, adit peer: what goes up to the daemon, and how much. */
#ifndef CLI_PUNT_H
#define CLI_PUNT_H

#include "cli/cmd.h"

extern const struct object punt_object;
extern const struct object ration_object;
extern const struct object peer_object;

#endif /* CLI_PUNT_H */
