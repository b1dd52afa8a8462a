/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attributes of the control socket by type, for both of its ends. */
#ifndef BASE_CTL_TYPES_H
#define BASE_CTL_TYPES_H

#include "adit/ctl.h"

#include <libmnl/libmnl.h>

/* Nested ones are binary. */
extern const enum mnl_attr_data_type ctl_types[CTL_A_MAX + 1];

#endif /* BASE_CTL_TYPES_H */
