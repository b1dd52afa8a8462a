/* SPDX-License-Identifier: GPL-2.0 */
/* L2TP in: what comes to an endpoint's socket, or past it (express.h). */
#ifndef ADIT_L2TP_RX_H
#define ADIT_L2TP_RX_H

#include "adit/l2tp_parse.h"
#include "batch.h"
#include "object.h"

/* What a datagram's outer headers say: where it came from and went to. */
struct adit_from {
	struct adit_ip from;
	struct adit_ip to;
	__be16 from_port;
	u8 ecn;
	bool secure; /* came by IPsec */
};

/* The socket's encap_rcv. */
int adit_l2tp_rcv(struct sock *sk, struct sk_buff *skb);

/* The session that a data message is of, if it is from its peer. 0, or 1 + why not.
 * Context: RCU.
 */
int adit_l2tp_match(struct adit_endpoint *ep, const struct adit_from *o,
		    const struct l2tp_data *d, struct adit_session **s);
/* A message of it, data at the L2TP header, which is linear. Takes the skb. Context:
 * BH off, RCU.
 */
void adit_l2tp_deliver(struct adit_session *s, const struct adit_from *o,
		       const struct l2tp_data *d, struct sk_buff *skb);

/* Its ids, tunnel's and session's, behind Length, which may be there; the header is at
 * `at`. False: it is too short.
 */
bool adit_l2tp_key(const struct sk_buff *skb, unsigned int at, u32 *key);

extern const struct adit_batch_ops adit_l2tp_batch;

/* Steps of a batch (batch.h): the header is at `at`; the bucket's first; the
 * session.
 */
const void *adit_l2tp_ahead(struct adit_net *an, struct sk_buff *skb,
			    unsigned int at);
const void *adit_l2tp_ahead_first(struct adit_net *an, struct sk_buff *skb,
				  const void *at);
const void *adit_l2tp_ahead_session(struct adit_net *an, struct sk_buff *skb,
				    const void *at);

#endif /* ADIT_L2TP_RX_H */
