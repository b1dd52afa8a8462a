/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a packet of a link will touch, step by step, asked for ahead (batch.h). Each
 * step reads only what the one before it has asked for. Context: BH off, RCU.
 */
#ifndef ADIT_AHEAD_H
#define ADIT_AHEAD_H

#include "batch.h"
#include "object.h"

/* A frame that came in on the link `at`: its tunnel, counters, binding; then what it
 * is bound to; then how that one sends.
 */
const void *adit_ahead_link(struct adit_net *an, struct sk_buff *skb,
			    const void *at);
const void *adit_ahead_bound(struct adit_net *an, struct sk_buff *skb,
			     const void *at);
/* A frame that will go out by the link `at`, whose line is there. */
const void *adit_ahead_xmit(struct adit_net *an, struct sk_buff *skb,
			    const void *at);

#endif /* ADIT_AHEAD_H */
