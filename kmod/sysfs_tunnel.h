/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A directory for each tunnel, tunnels/17 below the anchor device, and in it, where
 * the module's parameter sysfs_sessions asks for it, one for each session made since,
 * tunnels/17/4242. A value a file.
 */
#ifndef ADIT_SYSFS_TUNNEL_H
#define ADIT_SYSFS_TUNNEL_H

#include "object.h"

/* Failing to show it does not fail the object. Sessions are deleted before their
 * tunnel. Context of all: process, lock held.
 */
void adit_sysfs_add_tunnel(struct adit_tunnel *t);
void adit_sysfs_del_tunnel(struct adit_tunnel *t);
void adit_sysfs_add_session(struct adit_session *s);
void adit_sysfs_del_session(struct adit_session *s);

#endif /* ADIT_SYSFS_TUNNEL_H */
