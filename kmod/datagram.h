/* SPDX-License-Identifier: GPL-2.0 */
/* One datagram's fragments, and the packet that they make. */
#ifndef ADIT_DATAGRAM_H
#define ADIT_DATAGRAM_H

#include "object.h"

#define ADIT_FRAG_MAX 16 /* of one datagram */
#define ADIT_FRAG_MIN 256 /* bytes of the first, if it is not all */

/* A fragment's headers. */
struct adit_frag {
	struct adit_ip from;
	struct adit_ip to;
	u32 id;
	int vif; /* VRF's device; 0: none */
	bool secure; /* came through IPsec: never joined with what did not */
	u8 family;
	u8 hlen; /* network header and fragment header */
	u8 ecn;
	bool more;
	u32 offset; /* of the payload, bytes */
	u32 len;
};

/* Fragments of one datagram, which are its own. Under its queue's lock until it is
 * whole; then of whoever found it so.
 */
struct adit_datagram {
	struct hlist_node hash;
	struct list_head age;
	struct adit_ip to;
	u32 id;
	int vif;
	bool secure;

	struct sk_buff *first; /* by offset, a list by next */
	u64 serial; /* of its queue's datagrams */
	u64 stamp; /* ktime, ns */
	u32 bytes; /* truesize of all, and its own */
	u32 have; /* payload */
	u32 end; /* of those that are not the last */
	u32 total; /* 0: the last has not come */
	u16 biggest; /* packet */
	u8 n;
	u8 ecn; /* bit map of codepoints */
	u8 refuse; /* 1 + why all that comes is dropped; 0: it is not */
};

/* Puts a fragment, data at its payload, to the others. 0, or 1 + why not; the skb is
 * the caller's then, and the datagram is to be refused but for a duplicate.
 */
int adit_datagram_add(struct adit_datagram *dg, const struct adit_frag *f,
		      struct sk_buff *skb);

static inline bool adit_datagram_is_whole(const struct adit_datagram *dg)
{
	return dg->total && dg->have == dg->total;
}

/* Makes skb, its last one to come, the whole packet, data at the network header. 0,
 * or 1 + why not: all fragments are in the datagram still. Context: BH off.
 */
int adit_datagram_join(struct adit_datagram *dg, u8 family,
		       struct sk_buff *skb);
/* Its fragments; how many they were. Context: any. */
u32 adit_datagram_purge(struct adit_datagram *dg);

#endif /* ADIT_DATAGRAM_H */
