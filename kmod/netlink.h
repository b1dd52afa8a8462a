/* SPDX-License-Identifier: GPL-2.0 */
/* The netlink family: include/uapi/linux/adit.h has its message tree. */
#ifndef ADIT_NETLINK_H
#define ADIT_NETLINK_H

int adit_netlink_init(void);
void adit_netlink_exit(void);

#endif /* ADIT_NETLINK_H */
