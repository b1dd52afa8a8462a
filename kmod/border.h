/* SPDX-License-Identifier: GPL-2.0 */
/* Bindings of a link to a link in order, see hold.h: begun, and made in time. */
#ifndef ADIT_BORDER_H
#define ADIT_BORDER_H

#include "object.h"

/* The binding will be made: by user space when it has read the mark, or when the
 * time is over. False: nothing can be on its way up, or there is no memory to wait;
 * make it now. Context: process, an->lock held.
 */
bool adit_border_hold(struct adit_link *a, struct adit_link *b);

void adit_border_init(struct adit_net *an);
/* Context: process, after the last packet, an->lock not held. */
void adit_border_end(struct adit_net *an);

#endif /* ADIT_BORDER_H */
