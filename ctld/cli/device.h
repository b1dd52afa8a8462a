/* SPDX-License-Identifier: GPL-2.0-or-later */
/* adit device: see adit(8). */
#ifndef CLI_DEVICE_H
#define CLI_DEVICE_H

#include "cli/cli.h"

extern const struct object device_object;

#endif /* CLI_DEVICE_H */
