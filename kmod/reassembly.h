/* SPDX-License-Identifier: GPL-2.0 */
/* Fragmented L2TP of established tunnels is made whole before anybody sees it. */
#ifndef ADIT_REASSEMBLY_H
#define ADIT_REASSEMBLY_H

#include "net.h"

/* With the namespace's first endpoint; 0 if it runs. Context: process, lock held. */
int adit_reassembly_start(struct adit_net *an);
/* No new fragment comes in, after a grace period. Context: process, lock held. */
void adit_reassembly_stop(struct adit_net *an);
/* After it, and after the last tunnel. Context: process. */
void adit_reassembly_end(struct adit_net *an);

#endif /* ADIT_REASSEMBLY_H */
