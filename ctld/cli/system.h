/* SPDX-License-Identifier: GPL-2.0-or-later */
/* adit system: see adit(8). */
#ifndef CLI_SYSTEM_H
#define CLI_SYSTEM_H

#include "cli/cli.h"

extern const struct object system_object;

#endif /* CLI_SYSTEM_H */
