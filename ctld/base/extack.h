/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why the kernel refused a netlink request, in its own words, for daemon and tool. */
#ifndef BASE_EXTACK_H
#define BASE_EXTACK_H

#include <libmnl/libmnl.h>

/* Of an error, or of a dump's end; in msg, not yet safe to print. NULL: no word. */
const char *extack_text(const struct nlmsghdr *msg);

#endif /* BASE_EXTACK_H */
