/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A subscriber: the PPP user behind a link, however it is bound. It owns its PPP
 * link, its address and its kernel links; ending it gives all of them back. It
 * is freed later (subscriber_reap), because its end comes out of its own PPP
 * link's or session's callbacks.
 */
#ifndef BNG_SUBSCRIBER_H
#define BNG_SUBSCRIBER_H

#include "aaa/grant.h"
#include "base/hash.h"
#include "bng/box.h"
#include "bng/ipv6.h"
#include "bng/lns_ask.h"
#include "bng/names.h"
#include "bng/question.h"
#include "bng/route.h"
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

/* What it is granted, as aaa/grant writes it. */
struct subscriber_grant {
	uint16_t len;
	uint8_t b[];
};

/* Its accounting, which is bng/account's. */
/* Data of one direction that is not carried: for us, or of ours. */
struct subscriber_own {
	uint32_t now; /* since the last look at the kernel's counters */
	uint32_t before; /* what these had not counted by then */
};

struct subscriber_account {
	bool started;
	unsigned int cause; /* of its end, enum acct_terminate; 0: none yet */
	const struct conf_radius_group *group; /* of its Start; NULL: none */
	msec_t up_at;
	struct timer interim;
	struct kern_stats base; /* of links that the kernel had before */
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
	uint16_t max_payload; /* access PPPOE: most that a frame may carry */
	struct hash_node by_access;
	struct hash_node by_to;
	struct hash_node by_client; /* access PPPOE */
	struct pppoe_client client; /* access PPPOE */
	uint64_t host_uniq; /* a hash of it; 0: none, or from before a restart */
	struct l2tp_session *session; /* LNS: the access; LAC: the call */
	const struct conf_profile *profile;
	const struct conf_remote_host *host; /* LNS: whose call it is */
	struct ppp_link ppp;
	/* RADIUS says that it goes through a tunnel; NULL: it cannot. */
	void (*tunnel)(struct subscriber *s, msec_t now,
		       const struct aaa_reply *reply);
	const struct conf_rule *rule; /* that it matches; NULL: none */
	struct route *route; /* of the call that is not connected yet */
	struct question *question; /* whether it may come in; NULL: none */
	struct lns_ask *lns_ask; /* where its LNSs are; NULL: none */
	const char *user; /* never NULL; "": it has not said */
	struct subscriber_grant *grant; /* NULL: nothing beyond its profile */
	uint8_t missing; /* links, while bng/census counts */
	bool heard; /* a PPP frame came */
	bool counts; /* among the sessions of its user */
	bool has_qos; /* the kernel has rates or marks of it */
	uint8_t routes_taken; /* of its routes, by others; bng/reach */
	struct addr address; /* family 0: none yet */
	uint16_t own_device; /* its number; 0: a device of many */
	struct pool *pool; /* that the address is lent by; NULL: a fixed one */
	const struct vrf *vrf; /* that its address is in; NULL: none */
	struct fib_list routes;
	struct hash_node by_address;
	struct ipv6 *ipv6; /* NULL: none */
	struct name let_in; /* by that name; bng/user_limit */
	struct names_of names; /* in RADIUS, if it is up or tunnelled */
	/* Where it comes in, see bng/port; NULL and 0: not known. */
	char *calling; /* LNS: the LAC's Calling Number */
	char *called; /* Called Number, or PPPoE's Service-Name */
	uint32_t tx_speed, rx_speed; /* LNS: bit/s, as the LAC sees it */
	struct line *line;
	msec_t since;
	struct timer
		settle; /* access PPPOE: until then the client speaks first */
	STAILQ_HEAD(, subscriber_frame) early;
	unsigned int n_early;
	const char *why; /* in subscriber_end: of its end; else NULL */
	/* In subscriber_end: of its PPP's end, for the LAC; else NULL. */
	const struct l2tp_causes *causes;
	struct kern_stats stats; /* as last polled */
	struct subscriber_own own_rx, own_tx;
	struct subscriber_account account;
};

const char *subscriber_state_name(enum subscriber_state s);

/* A new one on this link, which is in the kernel or on its way there. */
struct subscriber *subscriber_new(struct box *b, const struct kern_link *access,
				  const struct conf_profile *profile,
				  const struct ppp_link_ops *ops, msec_t now);
struct subscriber *subscriber_find(const struct box *b,
				   const struct kern_link *l);
/* Who it says it is: a copy. False: no memory, nothing has changed. */
bool subscriber_set_user(struct subscriber *s, const char *name);
/* LNS: it counts against the limits of this host. */
void subscriber_set_host(struct subscriber *s,
			 const struct conf_remote_host *host);
/* The call's link, from now on found as well. */
void subscriber_set_to(struct subscriber *s, const struct kern_link *to);
/* The address is this subscriber's until it ends, and goes back to that pool. */
void subscriber_set_address(struct subscriber *s, const struct vrf *vrf,
			    const struct addr *a, struct pool *pool);
/* With what leads to it. */
void subscriber_release_address(struct subscriber *s, msec_t now);
/* Who has it in that VRF; NULL: nobody. */
struct subscriber *subscriber_of_address(const struct box *b,
					 const struct vrf *vrf,
					 const struct addr *a);
/* Replaces what it was granted before. 0 or -ENOMEM: that stays. */
int subscriber_set_grant(struct subscriber *s, const struct aaa_grant *g);
/* All zero: nothing. */
void subscriber_grant(const struct subscriber *s, struct aaa_grant *g);
/* Its name in accounting, in orders, and where its sessions are counted: that of its
 * grant, else as it has said it. The length.
 */
size_t subscriber_told_name(const struct subscriber *s,
			    char out[AAA_TEXT_MAX + 1]);
void subscriber_store(struct subscriber *s);
/* A PPP frame of it to us, and of ours to it. */
void subscriber_input(struct subscriber *s, msec_t now, const void *frame,
		      size_t len);
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
void subscriber_reap(struct box *b, msec_t now);
/* A frame that came before the call was connected; bounded. */
void subscriber_keep(struct subscriber *s, const void *frame, size_t len);
/* Gives kept frames to PPP. */
void subscriber_replay(struct subscriber *s, msec_t now);

#endif /* BNG_SUBSCRIBER_H */
