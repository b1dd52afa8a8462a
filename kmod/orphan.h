/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A namespace without a daemon. Forwarding goes on; with an orphan timeout, all
 * tunnels, sessions, ports and endpoints end once nobody has listened to punts of
 * any class for that long.
 */
#ifndef ADIT_ORPHAN_H
#define ADIT_ORPHAN_H

#include "net.h"

#define ADIT_ORPHAN_TIMEOUT_MAX 604800 /* seconds: a week */

void adit_orphan_init(struct adit_net *an);
/* A listener came or went, or the timeout is another. Context: any. */
void adit_orphan_watch(struct adit_net *an);
/* After the namespace's objects are gone. Context: process, no lock. */
void adit_orphan_end(struct adit_net *an);

#endif /* ADIT_ORPHAN_H */
