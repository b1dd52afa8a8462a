/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A subscriber: the PPP user behind a link, however it is bound. It owns its PPP
 * link, its address and its kernel links; ending it gives all of them back. It
 * is freed later (subscriber_reap), because its end comes out of its own PPP
 * link's or session's callbacks.
 */
#ifndef BNG_SUBSCRIBER_H
#define BNG_SUBSCRIBER_H

#include "base/hash.h"
#include "bng/box.h"
#include "bng/question.h"
#include "kern/kern.h"
#include "ppp/link.h"
#include "pppoe/disc.h"

#include <stdbool.h>
#include <sys/queue.h>

#define SUBSCRIBER_EARLY_MAX 8 /* PPP frames kept until ICCN */

enum subscriber_state {
	SUBSCRIBER_NEGOTIATING, /* LCP, authentication, IPCP */
	SUBSCRIBER_TUNNELLING, /* LAC: the call is on its way */
	SUBSCRIBER_TUNNELLED, /* LAC: switched */
	SUBSCRIBER_UP, /* terminated here */
	SUBSCRIBER_DEAD,
};

struct subscriber_frame {
	STAILQ_ENTRY(subscriber_frame) next;
	size_t len;
	uint8_t b[];
};

struct subscriber {
	struct box *box;
	LIST_ENTRY(subscriber) all;
	uint64_t id; /* the cookie of its kernel links */
	enum subscriber_state state;
	struct kern_link access; /* where its PPP comes in */
	struct kern_link to; /* TUNNELLED: the call's link */
	bool access_is_ours; /* false: the kernel has another's of that name */
	bool to_is_ours;
	struct hash_node by_access;
	struct hash_node by_to;
	struct hash_node by_client; /* access PPPOE */
	struct pppoe_client client; /* access PPPOE */
	struct l2tp_session *session; /* LNS: the access; LAC: the call */
	const struct conf_profile *profile;
	const struct conf_remote_host *host; /* LNS: whose call it is */
	struct ppp_link ppp;
	/* RADIUS says that it goes through that tunnel; NULL: it cannot. */
	void (*tunnel)(struct subscriber *s, msec_t now, const char *name);
	struct question *question; /* whether it may come in; NULL: none */
	char user[PPP_NAME_MAX + 1];
	struct addr address; /* family 0: none yet */
	struct pool *pool; /* that the address is lent by; NULL: a fixed one */
	struct hash_node by_address;
	msec_t since;
	bool heard; /* a PPP frame came */
	struct timer
		settle; /* access PPPOE: until then the client speaks first */
	STAILQ_HEAD(, subscriber_frame) early;
	unsigned int n_early;
	struct l2tp_causes causes; /* of its PPP's end, for the LAC */
	struct kern_stats stats; /* as last polled */
	uint64_t control; /* PPP frames that it has sent and got by us */
	uint64_t data; /* packets that the kernel has counted and that are none */
};

const char *subscriber_state_name(enum subscriber_state s);

/* A new one on this link, which is in the kernel or on its way there. */
struct subscriber *subscriber_new(struct box *b, const struct kern_link *access,
				  const struct conf_profile *profile,
				  const struct ppp_link_ops *ops, msec_t now);
struct subscriber *subscriber_find(const struct box *b,
				   const struct kern_link *l);
/* LNS: it counts against the limits of this host. */
void subscriber_set_host(struct subscriber *s,
			 const struct conf_remote_host *host);
/* The call's link, from now on found as well. */
void subscriber_set_to(struct subscriber *s, const struct kern_link *to);
/* The address is this subscriber's until it ends, and goes back to that pool. */
void subscriber_set_address(struct subscriber *s, const struct addr *a,
			    struct pool *pool);
void subscriber_release_address(struct subscriber *s);
/* Who has it; NULL: nobody. */
struct subscriber *subscriber_of_address(const struct box *b,
					 const struct addr *a);
void subscriber_store(struct subscriber *s);
/* A PPP frame of ours to it. */
void subscriber_send(struct subscriber *s, const void *frame, size_t len);
/* The kernel has counted so much: what of it is news for its PPP. */
void subscriber_polled(struct subscriber *s, msec_t now,
		       const struct kern_stats *stats);
/* Ends it: links leave the kernel, its address goes back, PADT or CDN is sent.
 * `text` says why, for the log and the peer.
 */
void subscriber_end(struct subscriber *s, msec_t now, uint16_t cdn_result,
		    const char *text);
/* Its call is over, and is remembered as such. */
void subscriber_call_ended(const struct subscriber *s, msec_t now,
			   const struct l2tp_session *call,
			   const struct l2tp_result *why);
/* Frees what has ended. The loop calls it when no callback is under way. */
void subscriber_reap(struct box *b);
/* A frame that came before the call was connected; bounded. */
void subscriber_keep(struct subscriber *s, const void *frame, size_t len);
/* Gives kept frames to PPP. */
void subscriber_replay(struct subscriber *s, msec_t now);

#endif /* BNG_SUBSCRIBER_H */
