/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attributes of the module's netlink by type, for daemon and tool. */
#ifndef BASE_MODULE_TYPES_H
#define BASE_MODULE_TYPES_H

#include <libmnl/libmnl.h>
#include <linux/adit.h>
#include <stdbool.h>

/* It is as long as its type says. Of type ADIT_A_MAX at most. */
bool module_attr_fits(const struct nlattr *a);

#endif /* BASE_MODULE_TYPES_H */
