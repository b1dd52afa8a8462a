/* SPDX-License-Identifier: GPL-2.0 */
/* Sessions of tunnels: the hash table by both ids. */
#ifndef ADIT_SESSION_H
#define ADIT_SESSION_H

#include <linux/netlink.h>

#include "object.h"

/* Where the look-up starts, to be asked for ahead. */
static inline struct hlist_head *adit_session_bucket(struct adit_net *an,
						     u32 key)
{
	return &an->sessions[adit_hash(an, key, ADIT_SESSION_BITS)];
}

/* Context: RCU, or lock held. */
static inline struct adit_session *
adit_session_find(struct adit_net *an, u16 tunnel_id, u16 session_id)
{
	u32 key = (u32)tunnel_id << 16 | session_id;
	struct adit_session *s;

	hlist_for_each_entry_rcu(s, adit_session_bucket(an, key), hash,
				 lockdep_is_held(&an->lock))
		if (s->key == key)
			return s;
	return NULL;
}

/* Makes and publishes it, unbound. Context: process, lock held. */
struct adit_session *adit_session_create(struct adit_tunnel *t, u16 id,
					 u16 peer_id, bool seq,
					 struct netlink_ext_ack *extack);
/* Unbinds, unpublishes; freed later. Context: process, lock held. */
void adit_session_destroy(struct adit_session *s);

/* With the module; exit after the last one was freed. */
int adit_session_init(void);
void adit_session_exit(void);

#endif /* ADIT_SESSION_H */
