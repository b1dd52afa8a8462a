/* SPDX-License-Identifier: GPL-2.0 */
/* Data of ours gets the route that its endpoint remembers, before the look-up. */
#ifndef ADIT_EARLY_H
#define ADIT_EARLY_H

#include "net.h"

/* Context of both: process, lock held. */
int adit_early_start(struct adit_net *an);
void adit_early_stop(struct adit_net *an);

#endif /* ADIT_EARLY_H */
