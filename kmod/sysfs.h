/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The anchor device and what lies below it in sysfs: totals in "adit", a directory
 * for each tunnel in "tunnels" (sysfs_tunnel.h) and for each port in "ports". A
 * namespace sees its own.
 */
#ifndef ADIT_SYSFS_H
#define ADIT_SYSFS_H

#include "object.h"

/* Context: process, rtnl and lock held. 0 if it is there. */
int adit_anchor_create(struct adit_net *an);
/* Context: rtnl held. */
void adit_anchor_destroy(struct adit_net *an);

/* Failing to show a port does not fail the port. Context: process, lock held. */
void adit_sysfs_add_port(struct adit_port *port);
void adit_sysfs_rename_port(struct adit_port *port);
void adit_sysfs_del_port(struct adit_port *port);

#endif /* ADIT_SYSFS_H */
